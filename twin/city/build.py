"""Building the embedded city from its base tables: cells, people, areas, streets, files.

The base tables (``geodata/embedded/base``) hold what packages give: town centroids, stations, offices.
Everything else in the embedded city is made here from them and from facts, the same bytes every time.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twin.city import areas as grouping
from twin.city import cells as shapes
from twin.city.city import City, embedded_folder
from twin.city.folder import METRES
from twin.city.people import expected_people
from twin.city.writing import Parts, write_city
from twin.facts import Facts

if TYPE_CHECKING:
    import geopandas

CENSUS = date(2020, 10, 1)
MARGIN = 6000.0  # metres of frame around the outermost centroid

ABOUT = {
    "name_ja": "千葉市",
    "name_en": "Chiba City",
    "code": "12100",
    "tier": "embedded",
    "notice": {
        "ja": "区・町丁の境界は近似（重心のボロノイ分割）で、行政界ではありません。エリア・町丁別人口・道路はモデルです。",
        "en": "Ward and town outlines are approximate (Voronoi cells), not administrative boundaries. "
        "Areas, people by town and streets are modelled.",
    },
    "attribution": {
        "ja": "Geolonia 住所データ（CC BY 4.0）、「位置参照情報」「国土数値情報（鉄道データ）」（国土交通省）、"
        "「歴史的行政区域データセットβ版」（CODH作成、CC BY 4.0）を加工して作成。日本郵便 郵便番号データ、総務省統計局 国勢調査。",
        "en": "Processed from Geolonia address data (CC BY 4.0), MLIT location reference information and National "
        "Land Numerical Information (railways), Historical Administrative Boundaries (CODH, CC BY 4.0); "
        "Japan Post postal codes; Population Census (Statistics Bureau of Japan).",
    },
}


@dataclass(frozen=True)
class Base:
    """The base tables as columns; points in metres."""

    ward_code: list[str]
    towns: dict[str, list[str]]
    x: np.ndarray  # centroids of towns, then of neighbours
    y: np.ndarray
    ward: np.ndarray
    stations: dict[str, list[str]]
    station_x: np.ndarray
    station_y: np.ndarray
    few_homes: np.ndarray
    tables: dict[str, dict[str, list[str]]]


def build_embedded(out: Path) -> City:
    """Build the embedded city into a folder and open it.

    Parameters
    ----------
    out : folder to write; created or overwritten as a whole

    Raises
    ------
    CityError : ``out`` holds something else
    MachineError : pymetis is missing
    """
    source = embedded_folder() / "base"
    facts = Facts.read()
    base = read_base(source)
    cells = town_cells(base, facts)
    people = _people(base, cells, facts)
    parts = _parts(base, cells, people, facts)
    return write_city(out, ABOUT, parts, keep={"base": source})


def read_base(folder: Path) -> Base:
    """Read the base tables and put their points on the plane (EPSG:6677)."""
    names = ("wards", "towns", "neighbours", "stations", "lines", "calls", "offices", "few_homes")
    tables = {name: _columns(folder / f"{name}.csv") for name in names}
    towns, near, stations = tables["towns"], tables["neighbours"], tables["stations"]
    x, y = to_metres(towns["lon"] + near["lon"], towns["lat"] + near["lat"])
    station_x, station_y = to_metres(stations["lon"], stations["lat"])
    wards = tables["wards"]["code"]
    return Base(
        wards, towns, x, y, np.array([wards.index(code[:5]) for code in towns["code"]], np.uint8),
        stations, station_x, station_y,
        np.isin(towns["code"], tables["few_homes"]["code"]), tables,
    )  # fmt: skip


def town_cells(base: Base, facts: Facts) -> np.ndarray:
    """Approximate outline of each town (polygons in metres)."""
    import shapely

    frame = shapely.box(
        base.x.min() - MARGIN, base.y.min() - MARGIN, base.x.max() + MARGIN, base.y.max() + MARGIN
    )
    cells = shapes.voronoi_cells(base.x, base.y, frame)[: len(base.ward)]
    official = facts.table("city.ward_areas", CENSUS)
    coastal = facts.table("city.by_the_sea", CENSUS)
    at_sea = {row: official[code] * 1e6 for row, code in enumerate(base.ward_code) if coastal[code]}
    cut, _ = shapes.cut_at_sea(cells, base.x, base.y, base.ward, at_sea)
    return shapes.on_grid(cut)


def _people(base: Base, cells: np.ndarray, facts: Facts) -> np.ndarray:
    import shapely
    from scipy.spatial import KDTree

    size = len(base.ward)
    distance, _ = KDTree(np.column_stack([base.station_x, base.station_y])).query(
        np.column_stack([base.x[:size], base.y[:size]])
    )
    table = facts.table("city.ward_people", CENSUS)
    return expected_people(
        facts, CENSUS, np.array([table[code] for code in base.ward_code]),
        ward=base.ward, area=shapely.area(cells), station_distance=distance, few_homes=base.few_homes,
    )  # fmt: skip


def _parts(base: Base, cells: np.ndarray, people: np.ndarray, facts: Facts) -> Parts:
    """Every table and outline of the city."""
    import shapely

    size = len(base.ward)
    x, y = base.x[:size], base.y[:size]
    area, areas = grouping.areas_of(
        base.ward_code, base.ward, cells, people, x, y,
        list(zip(base.towns["name_ja"], base.towns["name_en"], strict=True)),
        base.station_x, base.station_y,
        list(zip(base.stations["name_ja"], base.stations["name_en"], strict=True)), facts, CENSUS,
    )  # fmt: skip
    wards = base.tables["wards"]
    towns = {
        "code": base.towns["code"], "name_ja": base.towns["name_ja"], "name_en": base.towns["name_en"],
        "ward": [base.ward_code[row] for row in base.ward], "area": [areas["code"][row] for row in area],
        "x": x.round(1), "y": y.round(1), "people": people.round(1),
        "radius": np.sqrt(shapely.area(cells) / np.pi).round(1),
    }  # fmt: skip
    outlines = {
        "wards": shapes.outlines(cells, base.ward, len(base.ward_code)),
        "areas": shapes.outlines(cells, area, len(areas["code"])),
        "towns": cells,
    }
    from twin.city.roads import streets_of

    crossings, streets = streets_of(base, cells, area, people, facts, CENSUS)
    tables = {
        "wards.csv": wards, "areas.csv": areas, "towns.csv": towns,
        **_rail(base, outlines["wards"]), "places.csv": _offices(base),
        "crossings.csv": crossings, "streets.csv": streets,
    }  # fmt: skip
    return Parts(tables, outlines)


def _rail(base: Base, ward_outlines: np.ndarray) -> dict[str, dict]:
    """Stations with the ward they lie in, and lines with their stations in order."""
    from twin.city.writing import ward_at

    calls, lines = base.tables["calls"], base.tables["lines"]
    called: dict[str, list[tuple[int, str]]] = {code: [] for code in lines["code"]}
    for line, place, station in zip(calls["line"], calls["place"], calls["station"], strict=True):
        called[line].append((int(place), station))
    order = np.argsort(lines["code"])
    stations = {
        **{name: base.stations[name] for name in ("code", "name_ja", "name_en")},
        "ward": ward_at(base.station_x, base.station_y, ward_outlines, base.ward_code),
        "x": base.station_x.round(1), "y": base.station_y.round(1),
    }  # fmt: skip
    sequences = [" ".join(code for _, code in sorted(called[line])) for line in lines["code"]]
    return {
        "stations.csv": stations,
        "lines.csv": {k: [v[i] for i in order] for k, v in {**lines, "stations": sequences}.items()},
    }


def _offices(base: Base) -> dict[str, list]:
    offices = base.tables["offices"]
    x, y = to_metres(offices["lon"], offices["lat"])
    return {
        "code": [f"office-{code}" for code in offices["code"]],
        "kind": ["city hall" if code == ABOUT["code"] else "ward office" for code in offices["code"]],
        "name_ja": offices["name_ja"],
        "ward": [base.ward_code[0] if code == ABOUT["code"] else code for code in offices["code"]],
        "x": x.round(1), "y": y.round(1), "capacity": [float("nan")] * len(x),
    }  # fmt: skip


def to_metres(lon: list, lat: list) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (degrees) to metres in EPSG:6677."""
    from pyproj import Transformer

    change = Transformer.from_crs("EPSG:4326", METRES, always_xy=True)
    return change.transform(np.asarray(lon, float), np.asarray(lat, float))


def _columns(path: Path) -> dict[str, list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    return {name: [row[at] for row in rows] for at, name in enumerate(header)}
