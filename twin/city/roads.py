"""Modelled streets, where no road data may be shipped.

1. *Crossings.* Each town gets a square lattice of crossings through its centroid, turned with the longer
   side of its cell, as many as its people ask for; stations, in the city and one stop beyond, are
   crossings too.
2. *Streets.* Crossings are joined by their relative neighbourhood graph: two are joined when no third is
   nearer to both than they are to each other. It is planar and connected, keeps the lattices, joins
   them sparsely at their borders, and has the three to four streets a crossing that real cities have.
   A street that would leave the city over water is dropped where there is another way.
3. *Levels.* Ways between the offices of the city, stations of two lines and gates to the neighbours
   are trunk roads; between area centres and all stations, arterial; between towns side by side, collector;
   the rest is local. Each way may follow streets of a higher level at a lower cost, so that ways bundle.

Nothing of this is measured: no real street, river, bridge or one-way rule is in it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay, KDTree

from twin.city.cells import shared_borders
from twin.city.folder import Column
from twin.city.ground import Ground
from twin.facts import Facts
from twin.network.streets import LEVELS

TOO_CLOSE = 60.0  # metres: two crossings nearer than this are one
TOUCH = 1.0 + 1e-4  # lattices are rounded to 0.1 m: a point on the circle counts as inside, one as far as not
TRUNK, ARTERIAL, COLLECTOR, LOCAL = range(len(LEVELS))


def streets_of(
    ground: Ground, centres: np.ndarray, facts: Facts, day: date
) -> tuple[dict[str, Column], dict[str, Column]]:
    """Tables ``crossings.csv`` and ``streets.csv``, lengths in metres with ``city.streets.winding``.

    Parameters
    ----------
    ground : towns, stations and offices
    centres : middle of each area, (areas, 2), metres
    facts, day : ``city.streets.*`` on a day
    """
    code, points = crossings_of(ground, facts, day)
    ends = _over_land(points, relative_neighbours(points), shapely.union_all(ground.cells))
    straight = np.hypot(*(points[ends[:, 0]] - points[ends[:, 1]]).T)
    level = levels_of(points, ends, straight, ground, centres, facts, day)
    length = straight * facts.number("city.streets.winding", day)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    by_level = {
        name: np.array([facts.table(f"city.streets.{name}", day)[label] for label in LEVELS])
        for name in ("lanes", "capacity", "speed")
    }
    streets = {
        "first": [code[row] for row in ends[order, 0]],
        "second": [code[row] for row in ends[order, 1]],
        "length": np.ceil(length[order] * 10) / 10,  # rounded up: never shorter than the straight line
        "lanes": by_level["lanes"][level[order]].astype(int),
        "capacity": (by_level["capacity"] * by_level["lanes"])[level[order]].astype(int),
        "speed": by_level["speed"][level[order]].astype(int),
        "level": level[order],
    }
    return {"code": code, "x": points[:, 0], "y": points[:, 1]}, streets


def crossings_of(ground: Ground, facts: Facts, day: date) -> tuple[list[str], np.ndarray]:
    """Codes in order (town and number, or station) and points (f8, metres, rounded to 0.1)."""
    a_crossing = facts.number("city.streets.people_a_crossing", day)
    fewest = facts.number("city.streets.fewest_crossings", day)
    named = list(zip(ground.stations["code"], ground.station_points, strict=True))
    for row, code in enumerate(ground.code):
        wanted = max(fewest, round(ground.people[row] / a_crossing))
        inside = lattice(ground.cells[row], ground.x[row], ground.y[row], wanted)
        named += [(f"{code}-{number:02d}", point) for number, point in enumerate(inside, start=1)]
    points = np.array([point for _, point in named]).round(1)
    keep = np.ones(len(points), bool)
    for first, second in sorted(KDTree(points).query_pairs(TOO_CLOSE)):
        if keep[first]:
            keep[second] = False
    rows = sorted(np.flatnonzero(keep), key=lambda row: named[row][0])
    return [named[row][0] for row in rows], points[rows]


def lattice(cell: shapely.Polygon, x: float, y: float, wanted: float) -> np.ndarray:
    """Square lattice through (x, y), about ``wanted`` points in the cell, the nearest to (x, y) first."""
    spacing = np.sqrt(cell.area / wanted)
    corners = np.array(shapely.minimum_rotated_rectangle(cell).exterior.coords)
    sides = np.diff(corners[:3], axis=0)
    along = sides[np.argmax(np.hypot(*sides.T))]
    along = along / np.hypot(*along)
    reach = int(np.ceil(np.ptp(corners, axis=0).max() / spacing)) + 1
    steps = np.arange(-reach, reach + 1) * spacing
    a, b = (grid.ravel() for grid in np.meshgrid(steps, steps))
    points = np.column_stack([x + a * along[0] - b * along[1], y + a * along[1] + b * along[0]])
    order = np.lexsort((points[:, 1].round(3), points[:, 0].round(3), np.hypot(a, b).round(3)))
    points = points[order]
    return points[shapely.intersects_xy(cell.buffer(-TOO_CLOSE / 3), points)] if wanted > 1 else points[:1]


def gabriel(points: np.ndarray) -> np.ndarray:
    """Pairs of points with no third point in or on the circle between them, (pairs, 2), first < second."""
    corners = Delaunay(points).simplices
    pairs = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
    pairs = np.unique(pairs, axis=0)
    middle = points[pairs].mean(axis=1)
    radius = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T) / 2
    within = KDTree(points).query_ball_point(middle, radius * TOUCH, return_length=True)
    return pairs[within <= 2]


def relative_neighbours(points: np.ndarray) -> np.ndarray:
    """Pairs of points with no third point nearer to both than they are to each other, (pairs, 2)."""
    pairs = gabriel(points)  # holds them all
    first, second = points[pairs[:, 0]], points[pairs[:, 1]]
    apart = np.hypot(*(first - second).T) * (2 - TOUCH)
    near = KDTree(points).query_ball_point(first, apart)
    alone = [
        not any(
            np.hypot(*(points[third] - second[row])) < apart[row]
            for third in near[row]
            if third != pairs[row, 0]
        )
        for row in range(len(pairs))
    ]
    return pairs[np.array(alone)]


def levels_of(
    points: np.ndarray, ends: np.ndarray, straight: np.ndarray, ground: Ground, centres: np.ndarray,
    facts: Facts, day: date,
) -> np.ndarray:  # fmt: skip
    """Level of each street, row of :data:`twin.network.streets.LEVELS`."""
    nearest = KDTree(points)
    towns = nearest.query(np.column_stack([ground.x, ground.y]))[1]
    level = np.full(len(ends), LOCAL)
    places = {TRUNK: ground.hubs, ARTERIAL: np.concatenate([centres, ground.station_points, ground.hubs])}
    first, second, _ = shared_borders(ground.cells)
    discount = facts.table("city.streets.bundling", day)
    for rank in (TRUNK, ARTERIAL, COLLECTOR):
        if rank == COLLECTOR:
            wanted = towns[np.column_stack([first, second])]
        else:
            rows = np.unique(nearest.query(places[rank])[1])
            wanted = rows[gabriel(points[rows])]
        cost = straight * np.array([discount[name] for name in LEVELS])[level]
        used = on_ways(ends, cost, wanted, len(points))
        level[used & (level > rank)] = rank
    return level


def on_ways(ends: np.ndarray, cost: np.ndarray, wanted: np.ndarray, size: int) -> np.ndarray:
    """Which streets (yes/no) lie on the cheapest ways between the wanted pairs of crossings."""
    both = np.concatenate([ends, ends[:, ::-1]])
    graph = csr_array((np.tile(cost, 2), (both[:, 0], both[:, 1])), shape=(size, size))
    street = {(int(a), int(b)): row for row, (a, b) in enumerate(ends)}
    used = np.zeros(len(ends), bool)
    for source in np.unique(wanted[:, 0]):
        before = dijkstra(graph, indices=source, return_predecessors=True)[1]
        for target in wanted[wanted[:, 0] == source, 1]:
            here = int(target)
            while here != source:
                there = int(before[here])
                used[street[min(here, there), max(here, there)]] = True
                here = there
    return used


def _over_land(points: np.ndarray, ends: np.ndarray, city: shapely.Geometry) -> np.ndarray:
    """Streets without those that leave the city, except the shortest ones needed to stay connected."""
    lines = shapely.linestrings(points[ends])
    near = shapely.buffer(city, TOO_CLOSE)
    shapely.prepare(near)
    good = shapely.covers(near, lines)
    kept, spare = ends[good], ends[~good][np.argsort(shapely.length(lines[~good]), kind="stable")]
    for first, second in spare:
        joined = csr_array((np.ones(len(kept)), (kept[:, 0], kept[:, 1])), shape=(len(points),) * 2)
        pieces, piece = connected_components(joined, directed=False)
        if pieces == 1:
            break
        if piece[first] != piece[second]:
            kept = np.concatenate([kept, [[first, second]]])
    return kept
