"""Zones: the places trips begin and end, towns first, then places outside the city.

Outside lie two kinds of places: the surroundings of each station just beyond the city limit (a gate), and
places trips go to beyond them (``skims.outside_x``: Tokyo). By road one leaves the city at a gate: at
its own, or, for a place beyond, at the gate nearest to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from twin.city.city import City
from twin.city.trains import stations_and_beyond
from twin.facts import Facts
from twin.network.streets import Streets

ARRAYS = ("x", "y", "radius", "crossing", "apart", "beyond", "kind")
TOWN, GATE, PLACE = range(3)  # kinds of zones: in the city, around a station just beyond it, farther away


@dataclass(frozen=True)
class Zones:
    """Places trips begin and end.

    Attributes
    ----------
    code : of each zone
    x, y : metres
    radius : metres, of a circle as large as the zone; 0 for a point
    crossing : street crossing trips by road begin and end at (i4)
    apart : metres from the zone's point to that crossing, along a street
    beyond : kilometres by road outside the city, from the crossing on; 0 in the city
    kind : :data:`TOWN`, :data:`GATE` or :data:`PLACE`
    """

    code: tuple[str, ...]
    x: np.ndarray
    y: np.ndarray
    radius: np.ndarray
    crossing: np.ndarray
    apart: np.ndarray
    beyond: np.ndarray
    kind: np.ndarray

    @classmethod
    def of(cls, city: City, facts: Facts, day: date) -> Zones:
        """Towns, gates and places beyond, in this order."""
        winding = facts.number("skims.winding", day)
        stops, inside = stations_and_beyond(city, facts, day), len(city.stations.code)
        gates = np.flatnonzero(city.stations.ward < 0)
        places = np.arange(inside, len(stops.code)) if len(gates) else np.zeros(0, int)
        rows = np.concatenate([gates, places])
        exits = np.array([_gate(stops.x, stops.y, gates, row) for row in rows], int)
        left = np.hypot(stops.x[rows] - stops.x[exits], stops.y[rows] - stops.y[exits]) / 1000.0
        left[: len(gates)] = facts.number("skims.outside_km", day)
        towns = cls.points(
            city.streets, city.towns.code, city.towns.x, city.towns.y, city.towns.radius, winding
        )
        there = cls.points(
            city.streets,
            [stops.code[row] for row in exits],
            stops.x[exits],
            stops.y[exits],
            np.zeros(len(exits)),
            winding,
        )
        there = replace(
            there, code=tuple(stops.code[row] for row in rows), x=stops.x[rows], y=stops.y[rows],
            beyond=left * winding, kind=np.repeat([GATE, PLACE], [len(gates), len(places)]),
        )  # fmt: skip
        return towns.beside(there)

    @classmethod
    def points(
        cls, streets: Streets, code: Sequence[str], x: np.ndarray, y: np.ndarray, radius: np.ndarray, winding: float
    ) -> Zones:  # fmt: skip
        """Zones in the city around points in metres, each on the street crossing nearest to it."""
        crossing = streets.nearest(x, y) if len(streets.node) and len(x) else np.zeros(len(x), "i4")
        apart = np.zeros(len(x))
        if len(streets.node):
            apart = winding * np.hypot(streets.x[crossing] - x, streets.y[crossing] - y)
        return cls(tuple(code), x, y, radius, crossing, apart, np.zeros(len(x)), np.full(len(x), TOWN))

    def first(self, count: int) -> Zones:
        """The first so many zones."""
        return replace(self, **{name: getattr(self, name)[:count] for name in ("code", *ARRAYS)})

    def beside(self, others: Zones) -> Zones:
        """These zones, then the others."""
        return Zones(
            self.code + others.code,
            *(np.concatenate([getattr(self, name), getattr(others, name)]) for name in ARRAYS),
        )


def _gate(x: np.ndarray, y: np.ndarray, gates: np.ndarray, row: int) -> int:
    """The gate by which one leaves for a place outside: itself, or the nearest to it."""
    return int(gates[np.argmin(np.hypot(x[gates] - x[row], y[gates] - y[row]))])
