"""Building the city from official files: ward outlines, census towns, railways, schools, shelters.

Areas are junior high school districts, cut at ward borders: a district that falls apart becomes its
pieces, one with too few people joins its neighbour with the fewest, one with too many is divided by METIS.
Streets are modelled by the same recipe as in the embedded city; no road data is read yet.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import networkx as nx
import numpy as np

from twin.city import areas as grouping
from twin.city.build import offices, read_columns
from twin.city.city import City, embedded_folder
from twin.city.ground import Ground, finish
from twin.city.sources.districts import district_of
from twin.city.sources.places import read_places
from twin.city.sources.railways import read_railways
from twin.city.sources.timetable import NAME as TIMETABLE
from twin.city.sources.timetable import read_timetable
from twin.city.sources.towns import CensusTowns, read_towns
from twin.city.sources.wards import read_wards
from twin.errors import CityError
from twin.facts import Facts

CENSUS = date(2015, 10, 1)
ABOUT = {
    "name_ja": "千葉市",
    "name_en": "Chiba City",
    "code": "12100",
    "tier": "official",
    "people_on": CENSUS.isoformat(),
    "stations_on": "2026-08-05",
    "notice": {
        "ja": "区の境界は国土数値情報、町丁は平成22年国勢調査、人口は平成27年国勢調査による。"
        "エリア（中学校区を基に編成）と道路はモデルです。",
        "en": "Ward outlines from National Land Numerical Information, towns from the 2010 census, people "
        "from the 2015 census. Areas (from junior high school districts) and streets are modelled.",
    },
    "attribution": {
        "ja": "「国土数値情報（行政区域・学校・中学校区データ）」（国土交通省）、"
        "「平成22年・27年国勢調査（小地域）」（総務省統計局）、Mini Tokyo 3D（MIT License）、"
        "千葉市「指定避難所等一覧」を加工して作成。",
        "en": "Processed from National Land Numerical Information (MLIT), Population Census small areas 2010 "
        "and 2015 (Statistics Bureau of Japan), Mini Tokyo 3D (MIT License), Chiba City list of shelters.",
    },
}


def build_official(source: Path, out: Path) -> City:
    """Build the city from a folder of official files.

    Parameters
    ----------
    source : folder with wards, towns_census, stations, rail_line_stations.csv, school districts, schools,
        shelters, and the monorail's timetable where there is one (see ``docs/city.md``)
    out : folder to write; an older city there is replaced as a whole

    Raises
    ------
    CityError : a file is missing or broken; names the file and the row
    MachineError : pymetis is missing
    """
    if not source.is_dir():
        raise CityError("city_source.no_folder", where=str(source))
    facts = Facts.read()
    base = embedded_folder() / "base"
    wards = read_columns(base / "wards.csv")
    outlines = read_wards(source, wards["code"])
    towns = read_towns(source)
    stations, lines, code = read_railways(source)
    timetable = source / TIMETABLE
    ground = Ground(
        wards["code"], wards["name_ja"], wards["name_en"],
        towns.code, towns.name_ja, english_names(towns, read_columns(base / "towns.csv")),
        np.array([wards["code"].index(code) for code in towns.ward_code], np.uint8),
        towns.cells, towns.people, towns.x, towns.y, stations, lines, _places(source, base),
        read_timetable(timetable, code) if timetable.is_file() else None,
    )  # fmt: skip
    part = neighbourhoods(ground, district_of(source, ground.cells), facts)
    area, areas = grouping.table_of(ground, part)
    return finish(out, ABOUT, ground, area, areas, facts, CENSUS, ward_outlines=outlines)


def neighbourhoods(ground: Ground, district: np.ndarray, facts: Facts) -> np.ndarray:
    """Group of each town (0, 1, 2 ...): districts made whole, large enough, and small enough.

    Parameters
    ----------
    ground : towns
    district : name of each town's school district
    facts : ``city.grouping.*``, ``city.check.people``
    """
    bounds = facts.table("city.check.people", CENSUS)
    uneven = facts.number("city.grouping.uneven", CENSUS)
    first, second, length = grouping.joined(ground.cells, ground.ward)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(district)))
    graph.add_weighted_edges_from(
        zip(first.tolist(), second.tolist(), length.tolist(), strict=True), "metres"
    )
    inner = nx.Graph((a, b) for a, b in graph.edges if district[a] == district[b])
    inner.add_nodes_from(graph)
    groups = [sorted(piece) for piece in nx.connected_components(inner)]
    groups = _join_small(groups, graph, ground.people, bounds["fewest"])
    part = np.zeros(len(district), np.int64)
    count = 0
    for towns in sorted(groups):
        rows, people = np.array(towns), ground.people[towns]
        pieces = int(np.ceil(people.sum() / bounds["most"]))
        inside = np.isin(first, rows) & np.isin(second, rows)
        pairs = (np.searchsorted(rows, first[inside]), np.searchsorted(rows, second[inside]), length[inside])
        part[rows] = count + (grouping.group(people, pairs, pieces, uneven) if pieces > 1 else 0)
        count += pieces
    return part


def _join_small(
    groups: list[list[int]], graph: nx.Graph, people: np.ndarray, fewest: float
) -> list[list[int]]:
    """Join each group with too few people to its neighbour with the fewest, the smallest group first."""
    groups = sorted(groups)
    while True:
        sizes = [people[group].sum() for group in groups]
        smallest = min(range(len(groups)), key=lambda row: (sizes[row], groups[row]))
        if sizes[smallest] >= fewest:
            return groups
        owner = {town: row for row, group in enumerate(groups) for town in group}
        beside = {owner[other] for town in groups[smallest] for other in graph[town]} - {smallest}
        if not beside:
            return groups
        target = min(beside, key=lambda row: (sizes[row], groups[row]))
        joined = sorted(groups[target] + groups[smallest])
        groups = sorted(
            [group for row, group in enumerate(groups) if row not in (target, smallest)] + [joined]
        )


def english_names(towns: CensusTowns, known: dict[str, list[str]]) -> list[str]:
    """English town names from the base tables, by Japanese name, else by the name without 丁目.

    A town known to neither keeps its Japanese name.
    """
    exact = dict(zip(known["name_ja"], known["name_en"], strict=True))
    stem = {
        grouping.CHOME.sub("", ja): grouping.CHOME_EN.sub("", en)
        for ja, en in zip(known["name_ja"], known["name_en"], strict=True)
    }
    return [exact.get(name) or stem.get(name) or name for name in towns.name_ja]


def _places(source: Path, base: Path) -> dict[str, list]:
    """Offices from the base tables, then schools and shelters, ordered by code."""
    city, others = offices(base), read_places(source)
    return {name: [*city[name], *others[name]] for name in others}
