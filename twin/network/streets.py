"""Streets as arrays: crossings, and the street sections that leave each of them (CSR).

Sections that leave crossing ``i`` are rows ``start[i]`` to ``start[i + 1]`` of the section arrays; a street
with two directions is two sections. Ids of files are translated to row numbers here and nowhere else.

>>> import numpy as np
>>> streets = Streets.of(("a", "b"), np.array([0.0, 300.0]), np.zeros(2), ["a"], ["b"],
...     length=[360.0], lanes=[1], capacity=[400.0], speed=[30.0], level=[3])
>>> streets.start.tolist(), streets.end.tolist()
([0, 1, 2], [1, 0])
>>> round(float(streets.minutes[0]), 2)
0.72
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.kernels import paths

LEVELS = ("trunk", "arterial", "collector", "local")
TICKS_A_MINUTE = 600  # ways are searched in tenths of a second
METRES_A_MINUTE = 1000.0 / 60.0  # at one kilometre an hour


@dataclass(frozen=True)
class Streets:
    """A street network.

    Attributes
    ----------
    node : id of each crossing, in order of rows
    x, y : metres, of each crossing
    start : first section of each crossing, one longer than ``node`` (i8)
    end : crossing each section leads to (i4)
    length : metres along the street, never shorter than the straight line
    lanes : lanes in the section's direction
    capacity : vehicles an hour in the section's direction
    speed : km/h when nobody is in the way
    level : row of :data:`LEVELS`
    """

    node: tuple[str, ...]
    x: np.ndarray
    y: np.ndarray
    start: np.ndarray
    end: np.ndarray
    length: np.ndarray
    lanes: np.ndarray
    capacity: np.ndarray
    speed: np.ndarray
    level: np.ndarray

    @classmethod
    def of(
        cls, node: Sequence[str], x: np.ndarray, y: np.ndarray,
        first: Sequence[str], second: Sequence[str], *,
        length: Sequence[float], lanes: Sequence[int], capacity: Sequence[float],
        speed: Sequence[float], level: Sequence[int],
    ) -> Streets:  # fmt: skip
        """Network of streets open in both directions, given once each by the ids of their ends.

        Raises
        ------
        KeyError : a street ends at an id that is no crossing
        """
        row = {name: number for number, name in enumerate(node)}
        a = np.array([row[name] for name in first], np.int32)
        b = np.array([row[name] for name in second], np.int32)
        begin, end = np.concatenate([a, b]), np.concatenate([b, a])
        order = np.lexsort((end, begin))
        start = np.zeros(len(node) + 1, np.int64)
        np.cumsum(np.bincount(begin, minlength=len(node)), out=start[1:])

        def both_ways(values: Sequence[float], dtype: str) -> np.ndarray:
            return _frozen(np.tile(np.asarray(values, dtype), 2)[order])

        return cls(
            tuple(node), _frozen(np.asarray(x, "f8")), _frozen(np.asarray(y, "f8")),
            _frozen(start), _frozen(end[order]), both_ways(length, "f8"), both_ways(lanes, "u1"),
            both_ways(capacity, "f8"), both_ways(speed, "f8"), both_ways(level, "u1"),
        )  # fmt: skip

    @classmethod
    def none(cls) -> Streets:
        """A network without a single crossing."""
        empty = np.zeros(0)
        return cls.of((), empty, empty, (), (), length=(), lanes=(), capacity=(), speed=(), level=())

    @property
    def begin(self) -> np.ndarray:
        """Crossing each section leaves (i4), the expanded form of ``start``."""
        return np.repeat(np.arange(len(self.node), dtype=np.int32), np.diff(self.start))

    @property
    def minutes(self) -> np.ndarray:
        """Minutes along each section when nobody is in the way (f8)."""
        return self.length / (self.speed * METRES_A_MINUTE)

    def minutes_from(self, sources: np.ndarray) -> np.ndarray:
        """Minutes of the quickest ways when nobody is in the way, from some crossings to all.

        Parameters
        ----------
        sources : (sources,) rows of crossings

        Returns
        -------
        (sources, crossings) f4, to a tenth of a second a section; inf where no way leads
        """
        cost = np.maximum(np.rint(self.minutes * TICKS_A_MINUTE), 1).astype(np.int32)
        found = paths.ticks(self.start, self.end, cost, np.asarray(sources, np.int32))
        return np.where(found < paths.NEVER, found / np.float32(TICKS_A_MINUTE), np.float32(np.inf))

    def piece(self) -> np.ndarray:
        """Part of the network each crossing lies in (i4): within a part every crossing reaches every other."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        size = len(self.node)
        joined = csr_array((np.ones(len(self.end)), self.end, self.start), shape=(size, size))
        return (
            connected_components(joined, directed=True, connection="strong")[1] if size else np.zeros(0, "i4")
        )

    def nearest(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Row of the crossing nearest to each point (i4)."""
        from scipy.spatial import KDTree

        found = KDTree(np.column_stack([self.x, self.y])).query(np.column_stack([x, y]))[1]
        return np.asarray(found, np.int32)


def _frozen(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values
