"""Building the embedded city from its base tables: cells, people, areas, streets, files.

The base tables (``geodata/embedded/base``) hold what packages give: town centroids, stations, offices.
Everything else in the embedded city is made here from them and from facts, the same bytes every time.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import KDTree

from twin.city import cells as shapes
from twin.city.areas import areas_of
from twin.city.city import City, embedded_folder
from twin.city.folder import Column
from twin.city.ground import Ground, finish, to_metres
from twin.city.people import expected_people
from twin.facts import Facts

CENSUS = date(2020, 10, 1)
MARGIN = 6000.0  # metres of frame around the outermost centroid

ABOUT = {
    "name_ja": "千葉市",
    "name_en": "Chiba City",
    "code": "12100",
    "tier": "embedded",
    "people_on": CENSUS.isoformat(),
    "stations_on": "2023-03-18",  # 幕張豊砂 opened
    "notice": {
        "ja": "区・町丁の境界は近似（重心のボロノイ分割）で、行政界ではありません。"
        "エリア・町丁別人口・道路はモデルです。",
        "en": "Ward and town outlines are approximate (Voronoi cells), not administrative boundaries. "
        "Areas, people by town and streets are modelled.",
    },
    "attribution": {
        "ja": "Geolonia 住所データ（CC BY 4.0）、「位置参照情報」"
        "「国土数値情報（鉄道データ）」（国土交通省）、"
        "「歴史的行政区域データセットβ版」（CODH作成、CC BY 4.0）を加工して作成。"
        "日本郵便 郵便番号データ、総務省統計局 国勢調査。",
        "en": "Processed from Geolonia address data (CC BY 4.0), MLIT location reference information and "
        "National Land Numerical Information (railways), Historical Administrative Boundaries (CODH, "
        "CC BY 4.0); Japan Post postal codes; Population Census (Statistics Bureau of Japan).",
    },
}


def build_embedded(out: Path) -> City:
    """Build the embedded city into a folder and open it.

    Parameters
    ----------
    out : folder to write; created, or overwritten as a whole when it holds a city

    Raises
    ------
    CityError : ``out`` holds something else
    MachineError : pymetis is missing
    """
    source = embedded_folder() / "base"
    facts = Facts.read()
    ground = read_base(source, facts)
    area, areas = areas_of(ground, facts, CENSUS)
    wards = shapes.outlines(ground.cells, ground.ward, len(ground.ward_code))
    return finish(
        out, ABOUT, ground, area, areas, facts, CENSUS, ward_outlines=wards, keep={"base": source}
    )  # fmt: skip


def read_base(folder: Path, facts: Facts) -> Ground:
    """Read the base tables, draw the cells and spread the people."""
    names = ("wards", "towns", "neighbours", "stations", "few_homes")
    wards, towns, near, stops, few = (read_columns(folder / f"{name}.csv") for name in names)
    x, y = (v.round(1) for v in to_metres(towns["lon"] + near["lon"], towns["lat"] + near["lat"]))
    stop_x, stop_y = (v.round(1) for v in to_metres(stops["lon"], stops["lat"]))
    ward = np.array([wards["code"].index(code[:5]) for code in towns["code"]], np.uint8)
    cells = town_cells(x, y, ward, wards["code"], facts)
    x, y = x[: len(ward)], y[: len(ward)]
    away, _ = KDTree(np.column_stack([stop_x, stop_y])).query(np.column_stack([x, y]))
    counted = facts.table("people.ward.total", CENSUS)
    people = expected_people(
        facts, CENSUS, np.array([counted[code] for code in wards["code"]]), ward=ward,
        area=shapely.area(cells), station_distance=away, few_homes=np.isin(towns["code"], few["code"]),
    )  # fmt: skip
    return Ground(
        wards["code"], wards["name_ja"], wards["name_en"],
        towns["code"], towns["name_ja"], towns["name_en"], ward, cells, people, x, y,
        {**stops, "x": stop_x, "y": stop_y}, _lines(folder), offices(folder),
    )  # fmt: skip


def town_cells(
    x: np.ndarray, y: np.ndarray, ward: np.ndarray, ward_code: list[str], facts: Facts
) -> np.ndarray:
    """Approximate outline of each town; ``x``, ``y`` hold the city's towns first, then the neighbours'."""
    frame = shapely.box(x.min() - MARGIN, y.min() - MARGIN, x.max() + MARGIN, y.max() + MARGIN)
    cells = shapes.voronoi_cells(x, y, frame)[: len(ward)]
    official, by_the_sea = (facts.table(f"city.{key}", CENSUS) for key in ("ward_areas", "by_the_sea"))
    coast = {row: official[code] * 1e6 for row, code in enumerate(ward_code) if by_the_sea[code]}
    cut, _ = shapes.cut_at_sea(cells, x, y, ward, coast)
    return shapes.on_grid(cut)


def _lines(folder: Path) -> dict[str, list[str]]:
    """Lines ordered by code, each with its stations in order."""
    lines, calls = read_columns(folder / "lines.csv"), read_columns(folder / "calls.csv")
    called: dict[str, list[tuple[int, str]]] = {code: [] for code in lines["code"]}
    for line, place, station in zip(calls["line"], calls["place"], calls["station"], strict=True):
        called[line].append((int(place), station))
    lines["stations"] = [" ".join(code for _, code in sorted(called[line])) for line in lines["code"]]
    order = np.argsort(lines["code"])
    return {name: [values[row] for row in order] for name, values in lines.items()}


def offices(folder: Path) -> dict[str, Column]:
    """City hall and ward offices as places; the city hall stands in the first ward."""
    table = read_columns(folder / "offices.csv")
    x, y = to_metres(table["lon"], table["lat"])
    hall = [code == ABOUT["code"] for code in table["code"]]
    first = min(code for code in table["code"] if code != ABOUT["code"])
    return {
        "code": [f"office-{code}" for code in table["code"]],
        "kind": ["city hall" if is_hall else "ward office" for is_hall in hall],
        "name_ja": table["name_ja"],
        "ward": [first if code == ABOUT["code"] else code for code in table["code"]],
        "x": x.round(1),
        "y": y.round(1),
        "capacity": np.full(len(x), np.nan),
    }


def read_columns(path: Path) -> dict[str, list[str]]:
    """A CSV file as columns of text."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    return {name: [row[at] for row in rows] for at, name in enumerate(header)}
