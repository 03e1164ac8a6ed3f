"""Street networks made up for timing: planar, connected, the same every time.

>>> streets = lattice(side=20, streets=500)
>>> len(streets.node), len(streets.end), len(np.unique(streets.piece()))
(400, 1000, 1)
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree

from twin.chance import Chance
from twin.network.streets import Streets
from twin.travel import Trips

SPACING, SHAKEN = 65.0, 0.35  # metres between crossings; part of it by which a crossing may lie off its place
SPEED, SPEED_SHARE = (
    np.array([60.0, 40.0, 30.0]),
    (0.1, 0.3),
)  # km/h; shares of streets up to each but the last


def lattice(side: int, streets: int) -> Streets:
    """Crossings on a shaken lattice, ``side`` a side, and so many of the streets along it, enough to connect."""
    chance, row = Chance(seed=1), np.arange(side * side)
    shake = [SHAKEN * SPACING * (2 * chance.uniform(f"bench: {axis}", 0, row) - 1) for axis in "xy"]
    x, y = row % side * SPACING + shake[0], row // side * SPACING + shake[1]
    first = np.concatenate([row[row % side < side - 1], row[:-side]])
    second = np.concatenate([row[row % side < side - 1] + 1, row[side:]])
    drawn = chance.uniform("bench: streets", 0, np.arange(len(first)))
    graph = csr_array((drawn + 1, (first, second)), shape=(side * side,) * 2)
    needed = minimum_spanning_tree(graph).tocoo()
    needed = np.isin(first * side**2 + second, needed.coords[0].astype("i8") * side**2 + needed.coords[1])
    kept = np.sort(np.lexsort((drawn, ~needed))[:streets])
    first, second = first[kept], second[kept]
    level = np.searchsorted(SPEED_SHARE, chance.uniform("bench: speed", 0, np.arange(streets)))
    return Streets.of(
        [f"{n:06d}" for n in row], x, y, [f"{n:06d}" for n in first], [f"{n:06d}" for n in second],
        length=np.hypot(x[first] - x[second], y[first] - y[second]), lanes=np.ones(streets),
        capacity=np.array([1600.0, 800.0, 500.0])[level], speed=SPEED[level], level=level,
    )  # fmt: skip


def trips(streets: Streets, zones: int, vehicles: float) -> Trips:
    """So many vehicles an hour between crossings spread over the network, more between those that are near."""
    node = np.linspace(0, len(streets.node) - 1, zones).astype("i4")
    near = np.exp(-streets.minutes_from(node)[:, node].astype(float) / 5)
    np.fill_diagonal(near, 0.0)
    return Trips.of(vehicles * near / near.sum(), node)
