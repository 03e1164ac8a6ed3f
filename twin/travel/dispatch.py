"""A day of an on-demand fleet, event by event: who asks, which vehicle comes when, who is turned away.

Requests are gathered for a moment and then, in the order they came, put into the plan of a vehicle where
they cost least: minutes of all riders on their way, the new one's included, plus minutes driven. A place in a
plan counts only if everybody in it is fetched in time, rides no longer than allowed and has a seat. Who fits
nowhere is turned away and counted. A vehicle finishes the stop it drives to before its plan may change.

Times are whole milliseconds, so that what goes in and what comes out agree to the last bit. See
``docs/on_demand.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from twin.chance import Chance
from twin.errors import StateError
from twin.facts import Facts
from twin.travel.little import Little, little

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
NONE = -1  # not fetched, not brought, no vehicle: turned away


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


class Requests(NamedTuple):
    """Who asks for a ride, in order of time.

    at : (requests,) i8, milliseconds
    origin, target : (requests, 2) f8, km
    """

    at: np.ndarray
    origin: np.ndarray
    target: np.ndarray


_ORDER = ("asked", "refused", "fetched", "brought")  # of what happens in one millisecond


class Event(NamedTuple):
    """Something that happened: ``what`` is one of asked, refused, fetched, brought."""

    at: int
    what: str
    rider: int


class Day(NamedTuple):
    """What became of everybody.

    requests : who asked
    vehicle : (requests,) i8, which vehicle came; ``NONE`` for who was turned away
    decided : (requests,) i8, milliseconds; when the rider was told
    fetched, brought : (requests,) i8, milliseconds; ``NONE`` for who was turned away
    direct : (requests,) i8, milliseconds of the ride alone
    driven, loaded : milliseconds driven by all vehicles, and with somebody aboard
    log : all events in order of time
    """

    requests: Requests
    vehicle: np.ndarray
    decided: np.ndarray
    fetched: np.ndarray
    brought: np.ndarray
    direct: np.ndarray
    driven: int
    loaded: int
    log: list[Event]

    @property
    def served(self) -> np.ndarray:
        """Who got a ride (yes/no)."""
        return self.vehicle != NONE

    @property
    def refused(self) -> int:
        """How many were turned away."""
        return int((~self.served).sum())

    @property
    def wait(self) -> np.ndarray:
        """Minutes from the request until fetched, of those served."""
        return (self.fetched - self.requests.at)[self.served] / MINUTE

    @property
    def detour(self) -> float:
        """Riding time of those served over the time of their direct rides."""
        return float((self.brought - self.fetched)[self.served].sum() / self.direct[self.served].sum())

    @property
    def occupancy(self) -> float:
        """Riders aboard a vehicle that carries somebody, on average over its driving and its stops."""
        return float((self.brought - self.fetched)[self.served].sum() / self.loaded)


def random_requests(chance: Chance, per_hour: float, hours: float, side: float) -> Requests:
    """Requests at random moments (Poisson) between random points of a square of ``side`` km.

    The n-th request goes from the same place to the same place at every rate.
    """
    most = int(per_hour * hours + 10 * (per_hour * hours) ** 0.5 + 10)  # ten standard deviations more
    ids = np.arange(most)
    gap = -np.log1p(-chance.uniform("on demand: gap", 0, ids)) * HOUR / per_hour
    at = np.rint(np.cumsum(gap)).astype(np.int64)
    end = int(np.searchsorted(at, hours * HOUR))
    x0, y0, x1, y1 = (
        side * chance.uniform(f"on demand: {what}", 0, ids[:end])
        for what in ("from, east", "from, north", "to, east", "to, north")
    )
    return Requests(at[:end], np.column_stack([x0, y0]), np.column_stack([x1, y1]))


def depots(chance: Chance, vehicles: int, side: float) -> np.ndarray:
    """Where vehicles wait in the morning, at random in the square (vehicles, 2) km."""
    ids = np.arange(vehicles)
    return side * np.column_stack(
        [chance.uniform(f"on demand: depot, {axis}", 0, ids) for axis in ("east", "north")]
    )


class _Vehicle:
    """Where a vehicle will next be free, and which stops it will make from there on.

    Stop 2 r fetches rider r, stop 2 r + 1 brings rider r.
    """

    __slots__ = ("aboard", "free", "number", "place", "plan")

    def __init__(self, number: int, place: tuple[float, float]) -> None:
        self.number, self.place = number, place
        self.free, self.aboard, self.plan = 0, 0, []


class _Fleet:
    """The simulation while it runs."""

    def __init__(self, requests: Requests, depots: np.ndarray, rules: Rules) -> None:
        riders = len(requests.at)
        self.requests, self.seats = requests, int(rules.seats)
        self.pace, self.dwell = HOUR / rules.speed, round(rules.dwell * SECOND)
        self.point = [
            p for pair in zip(requests.origin.tolist(), requests.target.tolist(), strict=True) for p in pair
        ]
        self.direct = [self.drive(self.point[2 * r], self.point[2 * r + 1]) for r in range(riders)]
        self.asked = requests.at.tolist()
        self.by = [at + rules.most_wait * MINUTE for at in self.asked]
        self.longest = [rules.most_ride * direct + rules.slack * MINUTE for direct in self.direct]
        self.vehicles = [_Vehicle(v, tuple(place)) for v, place in enumerate(depots.tolist())]
        self.vehicle, self.decided = [NONE] * riders, [NONE] * riders
        self.fetched, self.brought = [NONE] * riders, [NONE] * riders
        self.driven = self.loaded = 0
        self.log: list[Event] = []

    def drive(self, a: list[float], b: list[float]) -> int:
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
        t, place, aboard, total, up = start, vehicle.place, vehicle.aboard, 0, {}
        for stop in plan:
            rider, point = stop >> 1, self.point[stop]
            way = round((abs(place[0] - point[0]) + abs(place[1] - point[1])) * self.pace)
            t, place = t + way, point
            if stop & 1:
                since = up.get(rider)
                if t - (self.fetched[rider] if since is None else since) > self.longest[rider]:
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


def simulate(requests: Requests, depots: np.ndarray, rules: Rules) -> Day:
    """Live through the requests until everybody is where they wanted to be, or was turned away.

    Parameters
    ----------
    depots : (vehicles, 2) f8, km; where each vehicle waits at first

    Raises
    ------
    StateError
        Somebody was lost, or Little's law does not hold to the millisecond: a mistake in the program.
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
    fleet.log += (Event(at, "asked", r) for r, at in enumerate(asked))
    day = Day(
        requests,
        *(
            np.array(column, np.int64)
            for column in (fleet.vehicle, fleet.decided, fleet.fetched, fleet.brought, fleet.direct)
        ),
        fleet.driven,
        fleet.loaded,
        sorted(fleet.log, key=lambda event: (event.at, _ORDER.index(event.what), event.rider)),
    )
    _check(day)
    return day


def queues(day: Day, end: int | None = None) -> dict[str, Little]:
    """Little's law of those waiting, those aboard and both, until ``end`` or until all is over."""
    at = day.requests.at
    over = max((event.at for event in day.log), default=0) if end is None else end
    waited, left = (np.where(day.served, until, day.decided) for until in (day.fetched, day.brought))
    told = {
        "waiting": ({"asked": 1, "refused": -1, "fetched": -1}, at, waited),
        "aboard": ({"fetched": 1, "brought": -1}, day.fetched[day.served], day.brought[day.served]),
        "all": ({"asked": 1, "refused": -1, "brought": -1}, at, left),
    }
    return {
        name: little(
            np.array([(e.at, change[e.what]) for e in day.log if e.what in change], np.int64).reshape(-1, 2),
            came, gone, max(over, 1),
        )
        for name, (change, came, gone) in told.items()
    }  # fmt: skip


def _check(day: Day) -> None:
    """Everybody asked once and was refused, or fetched and then brought; and all stays add up."""
    story: list[list[str]] = [[] for _ in day.requests.at]
    for event in day.log:
        story[event.rider].append(event.what)
    for rider, told in enumerate(story):
        if told not in (["asked", "refused"], ["asked", "fetched", "brought"]):
            raise StateError("travel.lost_rider", rider=rider, told=", ".join(told))
    for name, queue in queues(day).items():
        if queue.residual:
            raise StateError("travel.little", queue=name, residual=float(queue.residual))
