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
from datetime import date

import networkx as nx
import numpy as np
import shapely

from twin.city.cells import shared_borders
from twin.city.ground import Ground
from twin.errors import MachineError
from twin.facts import Facts

CHOME = re.compile(r"[一二三四五六七八九十〇]+丁目$")
CHOME_EN = re.compile(r" \d+-chome$")
THE_CITY = "千葉"
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


def areas_of(ground: Ground, facts: Facts, day: date) -> tuple[np.ndarray, dict[str, list]]:
    """Area row of each town, and the table of areas: wards in order, areas from west to east in each.

    Parameters
    ----------
    ground : towns, stations and wards
    facts, day : ``city.grouping.*`` on a day
    """
    a_part = facts.number("city.grouping.people_an_area", day)
    uneven = facts.number("city.grouping.uneven", day)
    first, second, length = joined(ground.cells, ground.ward)
    part = np.zeros(len(ground.ward), np.int64)
    for row in range(len(ground.ward_code)):
        here = np.flatnonzero(ground.ward == row)
        mine = ground.ward[first] == row
        pairs = (np.searchsorted(here, first[mine]), np.searchsorted(here, second[mine]), length[mine])
        people = ground.people[here]
        part[here] = part.max() + 1 + group(people, pairs, round(people.sum() / a_part), uneven)
    return table_of(ground, np.unique(part, return_inverse=True)[1])


def table_of(ground: Ground, part: np.ndarray) -> tuple[np.ndarray, dict[str, list]]:
    """Put groups of towns in order, name them and say where the middle of their people is.

    Parameters
    ----------
    ground : towns, stations and wards
    part : group of each town, 0, 1, 2 ...; a group lies in one ward

    Returns
    -------
    area row of each town, and the columns of ``areas.csv``
    """
    people = np.maximum(ground.people, 1e-6)  # a group without people has its middle among its towns
    total = np.bincount(part, people)
    x, y = np.bincount(part, people * ground.x) / total, np.bincount(part, people * ground.y) / total
    ward = np.zeros(len(total), np.int64)
    ward[part] = ground.ward
    table: dict[str, list] = {name: [] for name in ("code", "name_ja", "name_en", "ward", "x", "y")}
    area, taken, count = np.zeros(len(part), np.int64), set[str](), dict.fromkeys(ground.ward_code, 0)
    for old in np.lexsort((x, ward)):
        towns = np.flatnonzero(part == old)
        name = _name(ground, towns, (x[old], y[old]), taken)
        code = ground.ward_code[ward[old]]
        count[code] += 1
        taken.add(name[0])
        area[towns] = len(table["code"])
        row = (f"{code}A{count[code]:02d}", *name, code, x[old].round(1), y[old].round(1))
        for column, value in zip(table, row, strict=True):
            table[column].append(value)
    return area, table


def _name(ground: Ground, towns: np.ndarray, middle: tuple[float, float], taken: set[str]) -> tuple[str, str]:
    """Name of one area: the station inside with the most lines, the nearest to the middle, or its towns.

    A station named like the whole city gets the word station, so that no area has the city's name.
    """
    points = ground.station_points
    inside = np.flatnonzero(shapely.intersects_xy(shapely.union_all(ground.cells[towns]), points))
    away = np.hypot(*(points[inside] - middle).T)
    best = inside[np.lexsort((away, -ground.calling_lines[inside]))]
    stations = [(ground.stations["name_ja"][row], ground.stations["name_en"][row]) for row in best]
    stations = [(f"{ja}駅", f"{en} Station") if ja == THE_CITY else (ja, en) for ja, en in stations]
    names = [(ground.name_ja[row], ground.name_en[row]) for row in towns]
    return name_of(names, ground.people[towns], stations, taken)


def joined(cells: np.ndarray, ward: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
            apart = shapely.distance(cells[alone][:, None], cells[rest])
            row_alone, row_rest = np.unravel_index(np.argmin(apart), apart.shape)
            ends = alone[row_alone], rest[row_rest]
            pairs.append((min(ends), max(ends), METRES_AN_EDGE))
    a, b, metres = zip(*sorted(pairs), strict=True)
    return np.array(a), np.array(b), np.array(metres)
