"""Who gets on and off where: expected trips by rail and bus put on the ways their skims were taken from.

Counted as the operators count: entering and leaving a platform of one tariff; changing between lines of the same
tariff at a station is neither.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from twin.network.transit import MODES
from twin.travel.cells import PEAK
from twin.travel.choice import MODES as ALL
from twin.travel.day import SolvedDay
from twin.travel.demand import PURPOSES
from twin.travel.direct import Rides, Waiting, rides_of
from twin.travel.lines import lightest_by
from twin.travel.ways import Ways

_WALK = -1  # in place of a tariff


def boardings(solved: SolvedDay) -> np.ndarray:
    """Passengers a day who enter or leave at each stop, both ways of every tour together (stops,)."""
    ways, cells, day = solved.ways, solved.cells, solved.tours.day
    total = np.zeros(len(ways.transit.stops.code))
    at_peak = np.isin(cells.purpose, [PURPOSES.index(name) for name in PEAK])
    for period, mine in (("peak", at_peak), ("day", ~at_peak)):
        minutes = solved.roads.minutes if period == "peak" else ways.streets.minutes
        rides = rides_of(ways.transit, minutes, day, period, Waiting.of(ways.facts, ways.day))
        for mode in MODES:
            tours = np.where(mine, solved.share[ALL.index(mode)] * cells.tours, 0.0)
            total += _entered(ways, rides, mode, cells.table(tours, len(ways.zones.code)))
    return 2 * total  # out and home: who entered leaves there again


def _entered(ways: Ways, rides: Rides, mode: str, tours: np.ndarray) -> np.ndarray:
    """Entries and exits of one trip of each of these tours (stops,)."""
    zones, stops = len(ways.zones.code), len(ways.transit.stops.code)
    size = zones + stops
    begin, end, weight, _ = lightest_by(ways, rides, mode)
    graph = csr_array((weight, end, begin), shape=(2 * size, 2 * size))
    before = dijkstra(graph, indices=np.arange(zones), return_predecessors=True)[1]
    origin, here = np.nonzero(tours)
    trips, here, found, tariff = tours[origin, here], here + size, np.zeros(stops), _tariffs(rides, stops)
    later, entered_at = np.full(len(origin), _WALK), np.zeros(len(origin), np.int64)
    while len(origin):
        there = before[origin, here]
        on = there >= 0
        origin, here, there, trips, later, entered_at = (
            a[on] for a in (origin, here, there, trips, later, entered_at)
        )
        a, b = there % size - zones, here % size - zones
        fare = np.where((a >= 0) & (b >= 0), tariff[np.maximum(a, 0), np.maximum(b, 0)], _WALK)
        new = fare != later
        leaves, enters = new & (fare != _WALK), new & (later != _WALK)
        np.add.at(found, b[leaves], trips[leaves])
        np.add.at(found, entered_at[enters], trips[enters])
        later, entered_at, here = fare, np.where(fare != _WALK, a, entered_at), there
    return found


def _tariffs(rides: Rides, stops: int) -> np.ndarray:
    """Tariff of direct rides from stop to stop, :data:`_WALK` where there is none (stops, stops)."""
    found = np.full((stops, stops), _WALK)
    found[rides.begin, rides.end] = rides.tariff
    return found


def by_station(solved: SolvedDay) -> dict[str, float]:
    """Passengers a day by Japanese name of the stop; several operators of one name together."""
    stops = solved.ways.transit.stops
    found: dict[str, float] = {}
    for name, people in zip(stops.name_ja, boardings(solved), strict=True):
        found[name] = found.get(name, 0.0) + float(people)
    return found
