"""Roads that take longer the more vehicles use them, and the trips that want to use them.

The law of a section, ``free + rise * (x / capacity) ** power`` minutes at x vehicles an hour, is that of the
Bureau of Public Roads (1964) with ``rise = alpha * free``, a straight line with power 1, a constant with rise 0;
any sum of such terms is sections one after the other.

>>> two = Roads.between([0, 0], [1, 1], nodes=2, free=[10, 15], rise=[1, 1], capacity=[100, 200], power=[1, 1])
>>> two.minutes([500, 200]).tolist()
[15.0, 16.0]
>>> two.marginal().minutes([500, 200]).tolist()
[20.0, 17.0]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from twin.errors import InputError, Problems
from twin.kernels.assignment import Law, minutes
from twin.network.streets import Streets


@dataclass(frozen=True)
class Roads:
    """Sections in one direction, those that leave a node one after the other.

    Attributes
    ----------
    start : first section of each node, (nodes + 1,) i8
    end : (sections,) i4, node a section leads to
    law : minutes by flow
    through : nodes with a lower number begin and end trips only; no way leads across them
    """

    start: np.ndarray
    end: np.ndarray
    law: Law
    through: int = 0

    @classmethod
    def between(
        cls, begin: Sequence[int] | np.ndarray, end: Sequence[int] | np.ndarray, *, nodes: int,
        free: Sequence[float] | np.ndarray, rise: Sequence[float] | np.ndarray,
        capacity: Sequence[float] | np.ndarray, power: Sequence[float] | np.ndarray, through: int = 0,
    ) -> Roads:  # fmt: skip
        """Roads from sections in the order of the nodes they leave.

        Parameters
        ----------
        begin, end : node each section leaves and leads to, 0 to ``nodes - 1``
        free, rise : minutes, nought or more
        capacity : vehicles an hour, above nought
        power : 1 or more; 0 makes ``rise`` a part of ``free``

        Raises
        ------
        InputError : a section has a number that cannot be, leads from a node to itself, or is out of order
        """
        begin, end = np.asarray(begin, np.int64), np.asarray(end, np.int32)
        law = Law(*(np.array(values, float) for values in (free, rise, capacity, power)))
        _check(begin, end, nodes, law)
        flat = law.power == 0
        law.free[flat] += law.rise[flat]
        law.rise[flat], law.power[flat] = 0.0, 1.0
        start = np.searchsorted(begin, np.arange(nodes + 1))
        return cls(start, end, law, through)

    @classmethod
    def of(cls, streets: Streets, alpha: float, beta: float) -> Roads:
        """Streets under ``minutes * (1 + alpha * (flow / capacity) ** beta)``."""
        free, each = streets.minutes, np.ones(len(streets.end))
        return cls.between(
            streets.begin, streets.end, nodes=len(streets.node), free=free, rise=alpha * free,
            capacity=streets.capacity, power=beta * each,
        )  # fmt: skip

    @cached_property
    def begin(self) -> np.ndarray:
        """Node each section leaves (i4)."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))

    def minutes(self, flow: Sequence[float] | np.ndarray) -> np.ndarray:
        """Minutes on each section at so many vehicles an hour."""
        return minutes(self.law, np.asarray(flow, float))[0]

    def marginal(self) -> Roads:
        """The same roads with the minutes one more vehicle costs everybody: its own and what it adds to others'."""
        law = self.law._replace(rise=self.law.rise * (1 + self.law.power))
        return replace(self, law=law)


def _check(begin: np.ndarray, end: np.ndarray, nodes: int, law: Law) -> None:
    rules = {
        "node": (begin < 0) | (begin >= nodes) | (end < 0) | (end >= nodes),
        "order": np.diff(begin, prepend=begin[:1]) < 0,
        "loop": begin == end,
        "free": ~((law.free >= 0) & np.isfinite(law.free)),
        "rise": ~((law.rise >= 0) & np.isfinite(law.rise)),
        "capacity": ~((law.capacity > 0) & np.isfinite(law.capacity)),
        "power": ~(((law.power >= 1) | (law.power == 0)) & np.isfinite(law.power)),
    }
    problems = Problems()
    for rule, broken in rules.items():
        for row in np.flatnonzero(broken)[:1]:
            about = {"section": row, "begin": begin[row], "end": end[row], "count": int(broken.sum())}
            about |= {"found": getattr(law, rule)[row]} if rule in Law._fields else {}
            problems.append(InputError(f"roads.{rule}", **about))
    problems.stop_if_any()


@dataclass(frozen=True)
class Trips:
    """Vehicles an hour from node to node.

    Attributes
    ----------
    origin, destination : (pairs,) i4, nodes
    vehicles : (pairs,) f8, above nought
    """

    origin: np.ndarray
    destination: np.ndarray
    vehicles: np.ndarray

    @classmethod
    def of(cls, table: np.ndarray, nodes: Sequence[int] | np.ndarray | None = None) -> Trips:
        """Trips of a square table, origins down; who stays where he is uses no road and is left out.

        Parameters
        ----------
        table : (places, places), vehicles an hour
        nodes : node of each place; its number when not given

        Raises
        ------
        InputError : a number of vehicles is negative or not finite
        """
        table = np.array(table, float)
        wrong = np.argwhere(~((table >= 0) & np.isfinite(table)))
        for origin, destination in wrong[:1]:
            found, count = table[origin, destination], len(wrong)
            raise InputError(
                "trips.vehicles", origin=origin, destination=destination, found=found, count=count
            )
        node = np.arange(len(table)) if nodes is None else np.asarray(nodes)
        origin, destination = np.nonzero((table > 0) & (node[:, None] != node[None, :]))
        return cls(
            node[origin].astype(np.int32), node[destination].astype(np.int32), table[origin, destination]
        )
