"""Which areas share a border."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import Delaunay

if TYPE_CHECKING:
    from twin.city.city import City

TOUCH = 30.0  # metres: outlines nearer than this meet; approximate ones leave slivers
_FEW = 4  # fewer areas than this all are neighbours


def neighbours(city: City) -> np.ndarray:
    """Which areas share a border, (areas, areas) yes/no, symmetric, nobody with itself.

    A city made by hand has no outlines: there areas are neighbours as the cells of their middles are
    (Delaunay).
    """
    return _neighbours(_Once(city))


class _Once:
    """A city by its hash, so that its borders are looked up once."""

    def __init__(self, city: City) -> None:
        self.city = city

    def __hash__(self) -> int:
        return hash(self.city.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and self.city.sha256 == other.city.sha256


@lru_cache(maxsize=4)
def _neighbours(once: _Once) -> np.ndarray:
    city = once.city
    areas = city.areas
    found = np.zeros((len(areas.code), len(areas.code)), bool)
    for a, b in _by_outline(city) if city.folder else _by_middle(areas.x, areas.y):
        found[a, b] = found[b, a] = True
    np.fill_diagonal(found, False)
    found.flags.writeable = False
    return found


def _by_outline(city: City) -> list[tuple[int, int]]:
    shapes = city.boundaries("areas").geometry
    near = shapes.sindex.query(shapes.buffer(TOUCH), predicate="intersects")
    return list(zip(*near.tolist(), strict=True))


def _by_middle(x: np.ndarray, y: np.ndarray) -> list[tuple[int, int]]:
    if len(x) < _FEW:
        return [(a, b) for a in range(len(x)) for b in range(a)]
    corners = Delaunay(np.column_stack([x, y])).simplices
    return [(int(t[i]), int(t[j])) for t in corners for i, j in ((0, 1), (1, 2), (0, 2))]
