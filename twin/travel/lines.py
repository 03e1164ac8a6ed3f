"""Ways by public transport: the lightest chain of walks and direct rides, with waiting and boarding weighed.

Nodes are zones and stops twice over: as reached before and after the first ride by the mode asked for. Such a
ride leads from the first copy to the second, so whoever arrives at a zone of the second has taken one. By rail
means with at least one ride by rail, a bus to the station included; by bus means by bus alone. A way begins with
a walk from its zone and ends with one to the other; between rides people walk to stops nearby, never through zones.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from twin.kernels.along import along
from twin.network.transit import MODES, Tariff
from twin.travel.direct import Rides, Waiting, rides_of
from twin.travel.skim import Skim
from twin.travel.ways import Ways

RIDE, WAIT, WALK, BOARDING, KM, YEN, BY_TARIFF = range(
    7
)  # measures of a link; then km of each through tariff
LEAST = 1e-6  # minutes a link weighs at least: a link of nought would be taken for none


def by_lines(ways: Ways, day: str, period: str, street_minutes: np.ndarray) -> dict[str, Skim]:
    """Ways by rail and by bus in a period of a weekday or holiday; nobody takes either within a zone."""
    rides = rides_of(ways.transit, street_minutes, day, period, Waiting.of(ways.facts, ways.day))
    return {mode: _by(ways, rides, mode) for mode in MODES}


def _by(ways: Ways, rides: Rides, mode: str) -> Skim:
    zones, size = len(ways.zones.code), len(ways.zones.code) + len(ways.transit.stops.code)
    start, end, weight, measure = lightest_by(ways, rides, mode)
    graph = csr_array((weight, end, start), shape=(2 * size, 2 * size))
    sources = np.arange(zones)
    before = dijkstra(graph, indices=sources, return_predecessors=True)[1]
    found = along(start, end, measure, before, sources, sources + size)
    found[sources, sources] = np.nan
    fare = found[:, :, YEN] + _through(found, ways.transit.tariffs)
    ride, wait, walk, boardings, km = (found[:, :, part] for part in (RIDE, WAIT, WALK, BOARDING, KM))
    none = np.isnan(ride)
    return Skim(*(np.where(none, np.inf, part) for part in (ride, wait, walk, boardings - 1.0, fare, km)))


def lightest_by(ways: Ways, rides: Rides, mode: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Links of the doubled graph by a mode as CSR: first link of each node, end, weight, measures."""
    size = len(ways.zones.code) + len(ways.transit.stops.code)
    return _lightest(*_links(ways, rides, mode), 2 * size, ways.table("search"))


def _through(found: np.ndarray, tariffs: tuple[Tariff, ...]) -> np.ndarray:
    """Yen for what was ridden at tariffs that make one fare of several rides."""
    fare = np.zeros(found.shape[:2])
    for row, tariff in enumerate(tariffs):
        if tariff.through:
            fare += tariff.fare(np.nan_to_num(found[:, :, BY_TARIFF + row]))
    return fare


def _links(ways: Ways, rides: Rides, mode: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Links of the doubled graph: begin, end, measures."""
    zones, size = len(ways.zones.code), len(ways.zones.code) + len(ways.transit.stops.code)
    tariffs = ways.transit.tariffs
    ridden = np.zeros((len(rides.begin), BY_TARIFF + len(tariffs)))
    ridden[:, RIDE], ridden[:, WAIT], ridden[:, KM], ridden[:, BOARDING] = (
        rides.ride,
        rides.wait,
        rides.km,
        1.0,
    )
    for row, tariff in enumerate(tariffs):
        mine = rides.tariff == row
        if tariff.through:
            ridden[mine, BY_TARIFF + row] = rides.km[mine]
        else:
            ridden[mine, YEN] = tariff.fare(rides.km[mine])
    to_stop, between = (_on_foot(minutes, ridden.shape[1]) for minutes in ways.walks())
    zone, stop = ways.access.coords[0], ways.access.coords[1] + zones
    here, there = ways.change.coords[0] + zones, ways.change.coords[1] + zones
    main = rides.mode == MODES.index(mode)
    other = ~main & (mode != "bus")
    both = main | other
    a, b = rides.begin + zones, rides.end + zones
    links = [
        (zone, stop, to_stop),
        (here, there, between),
        (a[other], b[other], ridden[other]),
        (a[main], b[main] + size, ridden[main]),  # the first ride by the mode
        (a[both] + size, b[both] + size, ridden[both]),
        (here + size, there + size, between),
        (stop + size, zone + size, to_stop),
    ]
    begin, end, measure = (np.concatenate(part) for part in zip(*links, strict=True))
    return begin, end, measure


def _on_foot(minutes: np.ndarray, measures: int) -> np.ndarray:
    """Measures of links that are walks."""
    measure = np.zeros((len(minutes), measures))
    measure[:, WALK] = minutes
    return measure


def _lightest(
    begin: np.ndarray, end: np.ndarray, measure: np.ndarray, size: int, search: dict[str, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Links as CSR with their weight, the lightest of those between the same nodes."""
    weight = measure[:, RIDE] + measure[:, [WAIT, WALK, BOARDING]] @ [
        search[name] for name in ("wait", "walk", "boarding")
    ]
    order = np.lexsort((weight, end, begin))
    begin, end = begin[order], end[order]
    first = np.ones(len(order), bool)
    first[1:] = (begin[1:] != begin[:-1]) | (end[1:] != end[:-1])
    order, begin, end = order[first], begin[first], end[first]
    start = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(begin, minlength=size), out=start[1:])
    return start, end.astype(np.int32), np.maximum(weight[order], LEAST), measure[order]
