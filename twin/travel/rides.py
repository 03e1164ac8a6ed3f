"""A day of rides on demand, written down: who asked, what became of everybody, and proof that nobody was lost.

Times are whole milliseconds, so that what goes in and what comes out agree to the last bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from twin.chance import Chance
from twin.errors import StateError
from twin.travel.little import Little, little

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
NONE = -1  # not fetched, not brought, no vehicle: turned away


class Requests(NamedTuple):
    """Who asks for a ride, in order of time.

    at : (requests,) i8, milliseconds
    origin, target : (requests, 2) f8, km
    """

    at: np.ndarray
    origin: np.ndarray
    target: np.ndarray


ORDER = ("asked", "refused", "fetched", "brought")  # of what happens in one millisecond


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
        return self._riding / max(int(self.direct[self.served].sum()), 1)

    @property
    def occupancy(self) -> float:
        """Riders aboard a vehicle that carries somebody, on average over its driving and its stops."""
        return self._riding / max(self.loaded, 1)

    @property
    def _riding(self) -> int:
        return int((self.brought - self.fetched)[self.served].sum())


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


def check(day: Day) -> None:
    """Stop unless everybody asked once and was refused, or fetched and then brought, and all stays add up.

    Raises
    ------
    StateError
        Somebody was lost, or Little's law does not hold to the millisecond: a mistake in the program.
    """
    story: list[list[str]] = [[] for _ in day.requests.at]
    for event in day.log:
        story[event.rider].append(event.what)
    for rider, told in enumerate(story):
        if told not in (["asked", "refused"], ["asked", "fetched", "brought"]):
            raise StateError("travel.lost_rider", rider=rider, told=", ".join(told))
    for name, queue in queues(day).items():
        if queue.residual:
            raise StateError("travel.little", queue=name, residual=float(queue.residual))
