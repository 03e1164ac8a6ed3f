"""What skims are made of: zones, streets, public transport, and who walks how far to which stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from twin.city.city import City
from twin.facts import Facts
from twin.network.streets import Streets
from twin.network.transit import MODES, Transit
from twin.travel.zones import PLACE, TOWN, Zones


@dataclass(frozen=True)
class Ways:
    """Networks between zones, the same for every period of the day.

    Attributes
    ----------
    zones, streets, transit : the places, the streets, the public transport
    metres : from zone to zone on foot along streets, (zones, zones)
    access : walks between zones and stops near enough, metres along streets, (zones, stops)
    change : walks between stops, metres, (stops, stops)
    facts, day : ``skims.*``
    """

    zones: Zones
    streets: Streets
    transit: Transit
    metres: np.ndarray
    access: coo_array
    change: coo_array
    facts: Facts
    day: date

    @classmethod
    def of(cls, city: City, transit: Transit, facts: Facts, day: date, zones: Zones | None = None) -> Ways:
        """Ways of a city between its zones, or between those given."""
        zones = zones or Zones.of(city, facts, day)
        stops = transit.stops
        winding = facts.number("skims.winding", day)
        at_stops = Zones.points(city.streets, stops.code, stops.x, stops.y, np.zeros(len(stops.x)), winding)
        reached = _metres(city.streets, zones, winding)
        metres = reached(zones)
        farthest = facts.table("skims.to_stop", day)
        limit = np.array([farthest[name] for name in MODES])[stop_modes(transit)]
        near = reached(at_stops)
        own = np.equal.outer(np.array(zones.code, object), np.array(stops.code, object)).astype(bool)
        near = np.where((zones.kind == PLACE)[:, None], np.where(own, 0.0, np.inf), near)
        row, column = np.nonzero(near <= limit)
        access = coo_array((near[row, column], (row, column)), shape=near.shape)
        change = _changes(transit, facts.number("skims.change_walk", day), winding)
        return cls(zones, city.streets, transit, metres, access, change, facts, day)

    def number(self, key: str) -> float:
        """A fact of ``skims`` on the day."""
        return self.facts.number(f"skims.{key}", self.day)

    def table(self, key: str) -> dict[str, float]:
        """A table of ``skims`` on the day."""
        return self.facts.table(f"skims.{key}", self.day)

    def with_inner(self, km: np.ndarray) -> np.ndarray:
        """The same kilometres, those within a zone replaced by those of two places in it taken at random.

        In a disc of radius r two such places are 128 / (45 pi) r apart on the straight line.
        """
        found = km.copy()
        inner = self.zones.radius / 1000.0 * self.number("within") * self.number("winding")
        np.fill_diagonal(found, inner)
        return found

    def walks(self) -> tuple[np.ndarray, np.ndarray]:
        """Minutes of the walks of ``access`` and of ``change``.

        The way between street and platform counts at each stop, and outside the city the way from the last
        stop to where people go (``skims.outside_walk``).
        """
        pace = 60.0 / (1000.0 * self.number("walk_speed"))
        minutes = self.table("entrance")
        entrance = np.array([minutes[name] for name in MODES])[stop_modes(self.transit)]
        outside = np.where(self.zones.kind == TOWN, 0.0, self.number("outside_walk"))
        zone, stop = self.access.coords
        one, other = self.change.coords
        return (
            self.access.data * pace + entrance[stop] + outside[zone],
            self.change.data * pace + entrance[one] + entrance[other],
        )


def stop_modes(transit: Transit) -> np.ndarray:
    """Mode of the lines that call at each stop (row of MODES); the first mode where several do."""
    mode = np.full(len(transit.stops.code), len(MODES) - 1)
    np.minimum.at(mode, transit.call, transit.mode[transit.line()])
    return mode


def street_graph(streets: Streets, weight: np.ndarray) -> csr_array:
    """Streets as SciPy's searches take them."""
    size = len(streets.node)
    return csr_array((weight, streets.end, streets.start), shape=(size, size))


def _metres(streets: Streets, zones: Zones, winding: float) -> Callable[[Zones], np.ndarray]:
    """A function from other zones to metres on foot from each of ``zones``; straight x winding without streets."""
    if not len(streets.node):
        return lambda others: winding * np.hypot(zones.x[:, None] - others.x, zones.y[:, None] - others.y)
    crossing, row = np.unique(zones.crossing, return_inverse=True)
    found = dijkstra(street_graph(streets, streets.length), indices=crossing)
    return lambda others: found[row][:, others.crossing] + zones.apart[:, None] + others.apart


def _changes(transit: Transit, farthest: float, winding: float) -> coo_array:
    """Walks between stops near each other, both ways."""
    stops = transit.stops
    tree = KDTree(np.column_stack([stops.x, stops.y])) if len(stops.x) else None
    pairs = tree.query_pairs(farthest, output_type="ndarray") if tree else np.zeros((0, 2), int)
    pairs = pairs[np.lexsort(pairs.T[::-1])]
    metres = winding * np.hypot(
        *(np.array([stops.x, stops.y])[:, pairs[:, 0]] - np.array([stops.x, stops.y])[:, pairs[:, 1]])
    )
    both = np.concatenate([pairs, pairs[:, ::-1]])
    return coo_array((np.tile(metres, 2), (both[:, 0], both[:, 1])), shape=(len(stops.x),) * 2)
