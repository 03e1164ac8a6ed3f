"""Areas: towns grouped into neighbourhoods of 10 to 30 thousand people, inside wards.

A neighbourhood should hold together, be about as large as its neighbours, and have a short outline.
That is balanced graph partitioning: towns are vertices weighted by people, shared borders are edges
weighted by length, and the sum of the cut borders is least. METIS (through pymetis) does exactly this,
with parts kept in one piece. Compared with it, MaxP regions (spopt) bound people only from below and
optimise likeness of attributes rather than outline, Skater (spopt) and agglomerative clustering with a
connectivity constraint (scikit-learn) leave the sizes to chance.

pymetis is needed only to build a city, not to live in one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import networkx as nx
import numpy as np
import shapely

from twin.city.cells import shared_borders
from twin.errors import MachineError
from twin.facts import Facts

CHOME = re.compile(r"[一二三四五六七八九十〇]+丁目$")
CHOME_EN = re.compile(r" \d+-chome$")
METRES_AN_EDGE = 10.0  # borders are weighed in whole tens of metres


def group(
    people: np.ndarray, pairs: tuple[np.ndarray, np.ndarray, np.ndarray], parts: int, uneven: float
) -> np.ndarray:
    """Part (0 .. parts-1) of each town of one ward.

    Parameters
    ----------
    people : expected people of each town
    pairs : towns that share a border (first, second) and the border's length in metres
    parts : how many areas
    uneven : how far the largest part may exceed the mean

    Raises
    ------
    MachineError : pymetis is not installed
    """
    try:
        import pymetis
    except ImportError as missing:
        raise MachineError("city.needs_pymetis") from missing
    graph = nx.Graph()
    graph.add_nodes_from(range(len(people)))
    for first, second, length in zip(*pairs, strict=True):
        graph.add_edge(int(first), int(second), weight=max(1, round(length / METRES_AN_EDGE)))
    start, target, weight = [0], [], []
    for town in range(len(people)):
        beside = sorted(graph[town])
        target += beside
        weight += [graph[town][other]["weight"] for other in beside]
        start.append(len(target))
    options = pymetis.Options(contig=1, seed=1, ncuts=20, niter=50, ufactor=round((uneven - 1) * 1000))
    _, part = pymetis.part_graph(
        parts, xadj=start, adjncy=target, eweights=weight, recursive=False,
        vweights=np.maximum(1, np.rint(people)).astype(int).tolist(), options=options,
    )  # fmt: skip
    return np.asarray(part)


def name_of(
    towns: list[tuple[str, str]], people: np.ndarray, stations: list[tuple[str, str]], taken: set[str]
) -> tuple[str, str]:
    """Japanese and English name of an area not taken yet, by what people call the place.

    The station inside it that lies nearest the middle of its people comes first, then its towns' common
    names (丁目 dropped) by how many people carry them.

    Parameters
    ----------
    towns : (ja, en) of the area's towns
    people : people of each
    stations : (ja, en) of the stations inside, best first
    taken : Japanese names already given
    """
    carried: dict[tuple[str, str], float] = {}
    for (ja, en), count in zip(towns, people, strict=True):
        base = (CHOME.sub("", ja), CHOME_EN.sub("", en))
        carried[base] = carried.get(base, 0.0) + float(count)
    by_people = sorted(carried, key=lambda name: (-carried[name], name))
    for ja, en in [*stations, *by_people, *towns]:
        if ja not in taken:
            return ja, en
    raise ValueError("an area without towns has no name")


def areas_of(
    ward_code: Sequence[str], ward: np.ndarray, cells: np.ndarray, people: np.ndarray,
    x: np.ndarray, y: np.ndarray, town_names: Sequence[tuple[str, str]],
    station_x: np.ndarray, station_y: np.ndarray, station_names: Sequence[tuple[str, str]],
    facts: Facts, day: date,
) -> tuple[np.ndarray, dict[str, list]]:  # fmt: skip
    """Area row of each town, and the table of areas, wards in order and areas from west to east in each.

    Parameters
    ----------
    ward_code : code of each ward
    ward, cells, people, x, y, town_names : ward row, outline, expected people, centroid, names of each town
    station_x, station_y, station_names : stations to name areas after
    facts, day : ``city.grouping.*`` on a day
    """
    a_part = facts.number("city.grouping.people_an_area", day)
    uneven = facts.number("city.grouping.uneven", day)
    first, second, length = joined(cells, ward, x, y)
    area = np.zeros(len(ward), np.int64)
    table: dict[str, list] = {name: [] for name in ("code", "name_ja", "name_en", "ward", "x", "y")}
    taken: set[str] = set()
    for row, code in enumerate(ward_code):
        here = np.flatnonzero(ward == row)
        local = {town: number for number, town in enumerate(here)}
        mine = ward[first] == row
        pairs = [np.array([local[t] for t in ends[mine]]) for ends in (first, second)]
        part = group(people[here], (*pairs, length[mine]), round(people[here].sum() / a_part), uneven)
        middle = _middles(part, people[here], x[here], y[here])
        for number, old in enumerate(np.argsort(middle[0], kind="stable"), start=1):
            towns = here[part == old]
            near = _stations_inside(cells[towns], station_x, station_y, (middle[0][old], middle[1][old]))
            ja, en = name_of(
                [town_names[t] for t in towns], people[towns], [station_names[s] for s in near], taken
            )
            taken.add(ja)
            area[towns] = len(table["code"])
            values = (f"{code}A{number:02d}", ja, en, code, middle[0][old].round(1), middle[1][old].round(1))
            for name, value in zip(table, values, strict=True):
                table[name].append(value)
    return area, table


def joined(
    cells: np.ndarray, ward: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Towns of one ward that share a border: first, second, length in metres.

    A town cut off from the rest of its ward, as happens with approximate cells, is joined to the
    nearest town of the rest as if they shared a short border.
    """
    first, second, length = shared_borders(cells)
    same = ward[first] == ward[second]
    pairs = list(zip(first[same], second[same], length[same], strict=True))
    graph = nx.Graph((int(a), int(b)) for a, b, _ in pairs)
    graph.add_nodes_from(range(len(cells)))
    for row in np.unique(ward):
        towns = np.flatnonzero(ward == row)
        pieces = sorted(nx.connected_components(graph.subgraph(towns.tolist())), key=len, reverse=True)
        for piece in pieces[1:]:
            alone = np.array(sorted(piece))
            rest = np.array(sorted(set(towns.tolist()) - piece))
            apart = np.hypot(x[alone][:, None] - x[rest], y[alone][:, None] - y[rest])
            a, b = np.unravel_index(np.argmin(apart), apart.shape)
            pairs.append((min(alone[a], rest[b]), max(alone[a], rest[b]), METRES_AN_EDGE))
    a, b, metres = zip(*sorted(pairs), strict=True)
    return np.array(a), np.array(b), np.array(metres)


def _middles(part: np.ndarray, people: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Middle of the people of each part, metres."""
    total = np.bincount(part, people)
    return np.bincount(part, people * x) / total, np.bincount(part, people * y) / total


def _stations_inside(cells: np.ndarray, x: np.ndarray, y: np.ndarray, middle: tuple[float, float]) -> list[int]:
    """Stations in an area, the one nearest to the middle of its people first."""
    whole = shapely.union_all(cells)
    inside = np.flatnonzero(shapely.intersects_xy(whole, x, y))
    away = np.hypot(x[inside] - middle[0], y[inside] - middle[1])
    return inside[np.argsort(away, kind="stable")].tolist()
