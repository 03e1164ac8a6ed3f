"""Stations, and the order in which lines call at them (``stations`` and ``rail_line_stations.csv``)."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np

from twin.city.sources.layer import find, read_layer
from twin.errors import CityError

NAMES = ("stations",)
SEQUENCE = "rail_line_stations.csv"
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])")


def read_railways(folder: Path) -> tuple[dict[str, list], dict[str, list[str]], dict[str, str]]:
    """Tables of stations and lines, as :class:`twin.city.ground.Ground` wants them, and codes by station id.

    Stations of one name are one station, in the middle of their points. Kept are lines that call twice or
    more in the city, with one stop beyond it at each end.

    Raises
    ------
    CityError : a file is missing or broken, or a sequence names an unknown station
    """
    path = find(folder, NAMES)
    columns = ["station_id", "name_ja", "name_en", "operator", "in_city"]
    rows = read_layer(path, columns, ("Point",), "station_id")
    station = {row.station_id: row for row in rows.itertuples()}
    lines = _sequences(folder / SEQUENCE, station)
    names = list(dict.fromkeys(station[stop].name_ja for stops in lines.values() for stop in stops))
    code = {name: f"S{number:02d}" for number, name in enumerate(names, start=1)}
    stations: dict[str, list] = {key: [] for key in ("code", "name_ja", "name_en", "x", "y", "in_city")}
    for name in names:
        mine = rows[rows.name_ja == name]
        values = (
            code[name], name, mine.name_en.iloc[0], round(mine.geometry.x.mean(), 1),
            round(mine.geometry.y.mean(), 1), "yes" if bool(mine.in_city.any()) else "no",
        )  # fmt: skip
        for key, value in zip(stations, values, strict=True):
            stations[key].append(value)
    order = sorted(lines)
    table = {
        "code": [line for line, _ in order],
        "name_ja": [name for _, name in order],
        "name_en": [CAMEL.sub(" ", line.replace(".", " ")) for line, _ in order],
        "operator": [station[lines[key][0]].operator for key in order],
        "stations": [" ".join(code[station[stop].name_ja] for stop in lines[key]) for key in order],
    }
    return stations, table, {stop: code[row.name_ja] for stop, row in station.items() if row.name_ja in code}


def _sequences(path: Path, station: dict) -> dict[tuple[str, str], list[str]]:
    """Stops of each line in order: those in the city and one known stop beyond at each end."""
    if not path.is_file():
        raise CityError("city_source.missing", where=str(path.parent), names=path.stem, endings=".csv")
    stops: dict[tuple[str, str], list[tuple[int, str]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            stops.setdefault((row["railway_id"], row["railway_ja"]), []).append(
                (int(row["seq"]), row["station_id"])
            )
    kept = {}
    for line, sequence in stops.items():
        ids = [stop for _, stop in sorted(sequence)]
        inside = np.flatnonzero([stop in station and bool(station[stop].in_city) for stop in ids])
        if len(inside) < 2:
            continue
        first, last = max(0, inside[0] - 1), min(len(ids), inside[-1] + 2)
        unknown = [stop for stop in ids[inside[0] : inside[-1] + 1] if stop not in station]
        if unknown:
            raise CityError("city_source.station", where=f"{path.name}: {line[0]}", found=unknown[0])
        kept[line] = [stop for stop in ids[first:last] if stop in station]
    return kept
