"""A day of an on-demand fleet, event by event: who asks, which vehicle comes when, who is turned away.

Requests are gathered for a moment and then, in the order they came, put into the plan of a vehicle where
they cost least: minutes of all riders on their way, the new one's included, plus minutes driven. A place in a
plan counts only if everybody in it is fetched in time, rides no longer than allowed and has a seat. Who fits
nowhere is turned away and counted. A vehicle finishes the stop it drives to before its plan may change.

See ``docs/on_demand.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from twin.facts import Facts
from twin.travel.rides import HOUR, MINUTE, NONE, ORDER, SECOND, Day, Event, Requests, check


class Rules(NamedTuple):
    """How the fleet is run.

    speed : km/h along a grid of streets
    dwell : seconds at each stop
    seats : riders aboard at a time
    batch : seconds over which requests are gathered; 0 decides each at once
    most_wait : minutes until a rider must be fetched
    most_ride, slack : no ride takes longer than ``most_ride`` times the direct one plus ``slack`` minutes
    """

    speed: float
    dwell: float
    seats: float
    batch: float
    most_wait: float
    most_ride: float
    slack: float

    @classmethod
    def read(cls, facts: Facts, day: date) -> Rules:
        """The rules that hold on a day."""
        return cls(*(facts.number(f"travel.fleet.{name}", day) for name in cls._fields))


class _Vehicle:
    """Where a vehicle will next be free, and which stops it will make from there on.

    Stop 2 r fetches rider r, stop 2 r + 1 brings rider r.
    """

    __slots__ = ("aboard", "free", "number", "place", "plan")

    def __init__(self, number: int, place: tuple[float, float]) -> None:
        self.number, self.place = number, place
        self.free, self.aboard = 0, 0
        self.plan: list[int] = []


class _Fleet:
    """The simulation while it runs."""

    def __init__(self, requests: Requests, depots: np.ndarray, rules: Rules) -> None:
        riders = len(requests.at)
        self.requests, self.seats = requests, int(rules.seats)
        self.pace, self.dwell = HOUR / rules.speed, round(rules.dwell * SECOND)
        ends = np.stack([requests.origin, requests.target], axis=1).reshape(-1, 2)
        self.point = [(x, y) for x, y in ends.tolist()]
        self.direct = [self.drive(self.point[2 * r], self.point[2 * r + 1]) for r in range(riders)]
        self.asked = requests.at.tolist()
        self.by = [at + rules.most_wait * MINUTE for at in self.asked]
        self.longest = [rules.most_ride * direct + rules.slack * MINUTE for direct in self.direct]
        self.vehicles = [_Vehicle(v, (x, y)) for v, (x, y) in enumerate(depots.tolist())]
        self.vehicle, self.decided = [NONE] * riders, [NONE] * riders
        self.fetched, self.brought = [NONE] * riders, [NONE] * riders
        self.driven = self.loaded = 0
        self.log: list[Event] = []

    def drive(self, a: tuple[float, float], b: tuple[float, float]) -> int:
        """Milliseconds from point to point along the grid."""
        return round((abs(a[0] - b[0]) + abs(a[1] - b[1])) * self.pace)

    def advance(self, vehicle: _Vehicle, now: float) -> None:
        """Let a vehicle set off for every stop it is free for by ``now``."""
        while vehicle.plan and vehicle.free <= now:
            stop = vehicle.plan.pop(0)
            rider, way = stop >> 1, self.drive(vehicle.place, self.point[stop])
            at = vehicle.free + way
            self.driven += way
            if vehicle.aboard:
                self.loaded += way
            if stop & 1:
                self.brought[rider] = at
                self.log.append(Event(at, "brought", rider))
                vehicle.aboard -= 1
                if vehicle.aboard:
                    self.loaded += self.dwell
            else:
                self.fetched[rider] = at
                self.log.append(Event(at, "fetched", rider))
                vehicle.aboard += 1
                self.loaded += self.dwell
            vehicle.free, vehicle.place = at + self.dwell, self.point[stop]

    def cost(self, vehicle: _Vehicle, plan: list[int], start: int) -> float:
        """Milliseconds on their way of all riders in a plan, and driven; infinite if somebody's limit breaks."""
        t, place, aboard, total = start, vehicle.place, vehicle.aboard, 0
        up: dict[int, int] = {}
        for stop in plan:
            rider, way = stop >> 1, self.drive(place, self.point[stop])
            t, place = t + way, self.point[stop]
            if stop & 1:
                if t - up.get(rider, self.fetched[rider]) > self.longest[rider]:
                    return np.inf
                total += way + t - self.asked[rider]
                aboard -= 1
            else:
                aboard += 1
                if aboard > self.seats or t > self.by[rider]:
                    return np.inf
                up[rider] = t
                total += way
            t += self.dwell
        return total

    def places(self, plan: list[int], rider: int) -> Iterator[list[int]]:
        """Every plan that fetches and brings a rider besides, the latest first."""
        for i in range(len(plan), -1, -1):
            for j in range(len(plan), i - 1, -1):
                yield [*plan[:i], 2 * rider, *plan[i:j], 2 * rider + 1, *plan[j:]]

    def assign(self, rider: int, now: int) -> None:
        """Give a rider to the vehicle where that costs least; the first vehicle and the latest place win a tie."""
        best, found = np.inf, None
        self.decided[rider] = now
        for vehicle in self.vehicles:
            start = max(vehicle.free, now)
            if start + self.drive(vehicle.place, self.point[2 * rider]) > self.by[rider] and not vehicle.plan:
                continue
            before = self.cost(vehicle, vehicle.plan, start)
            for plan in self.places(vehicle.plan, rider):
                more = self.cost(vehicle, plan, start) - before
                if more < best:
                    best, found = more, (vehicle, plan, start)
        if found is None:
            self.log.append(Event(now, "refused", rider))
            return
        vehicle, vehicle.plan, vehicle.free = found
        self.vehicle[rider] = vehicle.number

    def day(self) -> Day:
        """What became of everybody, once all vehicles stand still."""
        asked = [Event(at, "asked", rider) for rider, at in enumerate(self.asked)]
        log = sorted(asked + self.log, key=lambda event: (event.at, ORDER.index(event.what), event.rider))
        told = (self.vehicle, self.decided, self.fetched, self.brought, self.direct)
        vehicle, decided, fetched, brought, direct = (np.array(column, np.int64) for column in told)
        return Day(
            self.requests, vehicle, decided, fetched, brought, direct, self.driven, self.loaded, log
        )  # fmt: skip


def simulate(requests: Requests, depots: np.ndarray, rules: Rules) -> Day:
    """Live through the requests until everybody is where they wanted to be, or was turned away.

    Parameters
    ----------
    depots : (vehicles, 2) f8, km; where each vehicle waits at first

    Raises
    ------
    StateError
        As :func:`twin.travel.rides.check`: a mistake in the program.
    """
    fleet = _Fleet(requests, depots, rules)
    batch, asked, rider = round(rules.batch * SECOND), fleet.asked, 0
    while rider < len(asked):
        now = asked[rider] if not batch else -(-asked[rider] // batch) * batch  # the end of its batch
        for vehicle in fleet.vehicles:
            fleet.advance(vehicle, now)
        while rider < len(asked) and asked[rider] <= now:
            fleet.assign(rider, now)
            rider += 1
    for vehicle in fleet.vehicles:
        fleet.advance(vehicle, np.inf)
    day = fleet.day()
    check(day)
    return day
