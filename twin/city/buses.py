"""Buses of a city by recipe: routes from stations to towns along wide streets, more buses where more people live.

No bus company's routes or timetables may be shipped, so the routes follow a recipe, the same every time:

1. *Ways.* Every crossing belongs to the station it is reached from at the least cost; the ways form trees, one
   around each station. A minute on a wide street costs less than one on a narrow street, so ways bundle.
2. *Routes.* Towns farther than a short walk from every station need a bus. The town with the costliest way
   gets a route along it; all towns within reach of its stops are served; then the next town not served yet.
   Stations side by side that no railway joins are joined by a route along the cheapest way between them.
3. *Stops.* Along each way at an even spacing from the station, and at its end; routes that share streets share stops.
4. *Buses an hour.* In proportion to the people in those towns a route serves (people of a town that several routes
   serve are divided among them), within bounds; less between the peaks, in the evening and on holidays.
5. *Minutes.* What the street takes a car, times a factor for signals and turning, plus a time at each stop.

Nothing of this is measured: no real route, stop or timetable is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from twin.city.city import City
from twin.city.trains import hours, tariff
from twin.facts import Facts
from twin.network.streets import LEVELS
from twin.network.transit import DAYS, PERIODS, Service, Stops, Transit


@dataclass(frozen=True)
class Trees:
    """Ways from stations to all crossings, by crossing.

    Attributes
    ----------
    before : crossing before it on the way from its station; negative at a station (i4)
    cost : minutes times liking from its station
    station : crossing its station stands at (i4)
    stop : whether buses stop there
    """

    before: np.ndarray
    cost: np.ndarray
    station: np.ndarray
    stop: np.ndarray

    def way(self, crossing: int) -> list[int]:
        """Crossings from the station to a crossing."""
        back = [crossing]
        while self.before[back[-1]] >= 0:
            back.append(int(self.before[back[-1]]))
        return back[::-1]


def buses(city: City, facts: Facts, day: date) -> Transit:
    """Modelled bus routes of a city, both directions of each.

    Parameters
    ----------
    city : streets, stations and towns; without streets or stations there are no buses
    facts, day : ``transit.bus.*``, ``transit.fare.bus``
    """
    routes: list[list[int]] = []
    people = np.zeros(0)
    if len(city.streets.node) and len(city.stations.code):
        trees = trees_of(city, facts, day)
        routes = [*routes_of(city, trees, facts, day), *joining(city, trees)]
        people = people_served(city, routes, trees, facts, day)
    row = np.unique([crossing for route in routes for crossing in route if trees.stop[crossing]]).astype(int)
    code = np.array(city.streets.node)[row]
    stops = Stops(
        tuple(f"bus-{name}" for name in code),
        tuple(code),
        tuple(code),
        city.streets.x[row],
        city.streets.y[row],
    )
    at = dict(zip(row.tolist(), range(len(row)), strict=True))
    lines = [
        line
        for number, (route, served) in enumerate(zip(routes, people, strict=True), start=1)
        for line in _both_ways(city, number, route, trees, at, served, facts, day)
    ]
    return Transit.of(
        stops, {"bus": tariff(facts, "transit.fare.bus", day)}, lines,
        hours=hours(facts, day), sections=len(city.streets.end),
    )  # fmt: skip


def trees_of(city: City, facts: Facts, day: date) -> Trees:
    """Ways from all stations, those just beyond the city limit too, and where buses stop on them."""
    streets = city.streets
    liking = facts.table("transit.bus.liking", day)
    cost = streets.minutes * np.array([liking[name] for name in LEVELS])[streets.level]
    size = len(streets.node)
    graph = csr_array((cost, streets.end, streets.start), shape=(size, size))
    hubs = np.unique(streets.nearest(city.stations.x, city.stations.y))
    found, before, station = dijkstra(graph, indices=hubs, return_predecessors=True, min_only=True)
    spacing = facts.number("transit.bus.spacing", day)
    since = np.zeros(size)  # metres from the last stop on the way
    stop = np.zeros(size, bool)
    stop[hubs] = True
    for here in np.argsort(found, kind="stable"):
        if (there := before[here]) >= 0:
            section = _section(city, there, here)
            since[here] = (0.0 if stop[there] else since[there]) + streets.length[section]
            stop[here] = since[here] >= spacing
    return Trees(before, found, station, stop)


def routes_of(city: City, trees: Trees, facts: Facts, day: date) -> list[list[int]]:
    """Routes as crossings from the station outwards; the end of each becomes a stop of ``trees``."""
    towns = np.column_stack([city.towns.x, city.towns.y])
    points = np.column_stack([city.streets.x, city.streets.y])
    middle = city.streets.nearest(city.towns.x, city.towns.y)
    reach = facts.number("transit.bus.reach", day)
    waiting = far_from_stations(city, facts, day) & np.isfinite(trees.cost[middle])
    routes = []
    for town in np.lexsort((np.arange(len(towns)), -trees.cost[middle])):
        if waiting[town]:
            route = trees.way(int(middle[town]))
            trees.stop[route[-1]] = True
            called = [crossing for crossing in route if trees.stop[crossing]]
            waiting &= KDTree(points[called]).query(towns)[0] > reach
            waiting[town] = False
            routes.append(route)
    return routes


def joining(city: City, trees: Trees) -> list[list[int]]:
    """Routes between stations whose trees touch, where no railway leads from one to the other directly."""
    streets = city.streets
    hub = streets.nearest(city.stations.x, city.stations.y)
    by_rail = {
        frozenset((int(hub[a]), int(hub[b]))) for called in city.lines.stations for a, b in pairwise(called)
    }
    begin, end = streets.begin, streets.end
    first, second = trees.station[begin], trees.station[end]
    cost = trees.cost[begin] + streets.minutes + trees.cost[end]
    rows = np.flatnonzero((first < second) & (first >= 0))
    rows = rows[np.lexsort((cost[rows], second[rows], first[rows]))]
    pairs = np.column_stack([first[rows], second[rows]])
    _, best = np.unique(pairs, axis=0, return_index=True)
    return [
        trees.way(int(begin[row])) + trees.way(int(end[row]))[::-1]
        for row in rows[best]
        if frozenset((int(first[row]), int(second[row]))) not in by_rail
    ]


def far_from_stations(city: City, facts: Facts, day: date) -> np.ndarray:
    """Towns (yes/no) whose middle is too far from every station to walk, straight line."""
    stations = KDTree(np.column_stack([city.stations.x, city.stations.y]))
    away = stations.query(np.column_stack([city.towns.x, city.towns.y]))[0]
    return away > facts.number("transit.bus.beyond_walk", day)


def people_served(
    city: City, routes: list[list[int]], trees: Trees, facts: Facts, day: date
) -> np.ndarray:  # fmt: skip
    """People each route serves: of towns far from stations and near its stops, divided among the routes near."""
    towns = np.column_stack([city.towns.x, city.towns.y])
    points = np.column_stack([city.streets.x, city.streets.y])
    reach = facts.number("transit.bus.reach", day)
    ends = city.streets.nearest(city.towns.x, city.towns.y)
    inside = np.zeros((len(routes), len(towns)), bool)
    for number, route in enumerate(routes):
        called = [crossing for crossing in route if trees.stop[crossing]]
        inside[number] = (KDTree(points[called]).query(towns)[0] <= reach) | (ends == route[-1])
    inside &= far_from_stations(city, facts, day)
    return (inside / np.maximum(inside.sum(axis=0), 1)) @ city.towns.people


def _both_ways(
    city: City, number: int, route: list[int], trees: Trees, at: dict[int, int], served: float,
    facts: Facts, day: date,
) -> list[Service]:  # fmt: skip
    """The line of a route outwards, and the one back."""
    trips = _trips(served, facts, day)
    lines = []
    for way, order in (("", 1), ("'", -1)):
        crossings = route[::order]
        calls = [place for place, crossing in enumerate(crossings) if trees.stop[crossing]]
        call = np.searchsorted(calls, np.arange(len(crossings) - 1), side="right") - 1
        sections = [_section(city, a, b) for a, b in pairwise(crossings)]
        metres = np.bincount(call, city.streets.length[sections], len(calls))
        slower = facts.number("transit.bus.slower", day)
        lost = np.full(len(calls), facts.number("transit.bus.stop", day))
        lost[-1] = 0.0
        on = [(leg, section, slower) for leg, section in zip(call.tolist(), sections, strict=True)]
        name = f"B{number:03d}"
        stops = tuple(at[crossings[place]] for place in calls)
        names = f"{name}{way}", f"モデルバス{name}", f"modelled bus {name}"
        line = Service(*names, "bus", "bus", stops, lost.tolist(), metres.tolist(), trips, on)
        lines.append(line)
    return lines


def _trips(served: float, facts: Facts, day: date) -> np.ndarray:
    """Departures of each period of a weekday and a holiday."""
    bounds, share = facts.table("transit.bus.bounds", day), facts.table("transit.bus.trips", day)
    an_hour = np.clip(served / facts.number("transit.bus.people", day), bounds["fewest"], bounds["most"])
    weekday = [share[period] for period in PERIODS]
    holiday = [share["holiday"]] * len(PERIODS)
    return an_hour * np.array([weekday, holiday]).reshape(len(DAYS), -1) * hours(facts, day)


def _section(city: City, begin: int, end: int) -> int:
    """Row of the street section from one crossing to the next; sections rise by their end."""
    first, last = city.streets.start[begin], city.streets.start[begin + 1]
    return int(first + np.searchsorted(city.streets.end[first:last], end))
