"""An on-demand fleet in one formula: how busy it is, how long riders wait, whom it cannot carry.

    S      = trip x detour / speed + stops x dwell         a vehicle's time for those it carries together
    load   = rate S / (vehicles x occupancy)                from 1 on: unserved = rate - vehicles x occupancy / S
    pickup = scatter x kappa sqrt(area / idle) / speed      idle = vehicles (1 - load)
    wait   = pickup + wait in the queue M/G/c

Quick enough for a loop with demand. What it leaves out, and how far that takes it from the simulation of
:mod:`twin.travel.dispatch`, stands in ``docs/on_demand.md``.
"""

from __future__ import annotations

import math
from datetime import date
from typing import NamedTuple

from twin.facts import Facts
from twin.travel.waiting import nearest, wait_mgc

_MINUTES, _SECONDS = 60.0, 3600.0  # in an hour


class Fleet(NamedTuple):
    """A fleet of shared vehicles in an area.

    vehicles : number on the road
    area : square kilometres
    trip : mean direct length of a ride, km along the grid
    speed : km/h
    detour : kilometres of those carried together over the direct ride
    occupancy : riders carried together
    stops : stops a vehicle makes for those it carries together
    dwell : seconds a stop
    variation : squared coefficient of variation of a vehicle's time for those it carries together
    scatter : how much farther the nearest idle vehicle is than of vehicles scattered anew; 1 in the notes
    """

    vehicles: int
    area: float
    trip: float
    speed: float
    detour: float
    occupancy: float
    stops: float
    dwell: float
    variation: float
    scatter: float

    @classmethod
    def read(cls, facts: Facts, day: date, vehicles: int, area: float, trip: float) -> Fleet:
        """A fleet of a size in an area with what the facts say on a day."""
        return cls(
            vehicles, area, trip, *(facts.number(f"travel.fleet.{name}", day) for name in cls._fields[3:])
        )

    @property
    def hours(self) -> float:
        """S: a vehicle's hours for those it carries together."""
        return self.trip * self.detour / self.speed + self.stops * self.dwell / _SECONDS

    @property
    def capacity(self) -> float:
        """Riders an hour that the fleet carries when it never stands still."""
        return self.vehicles * self.occupancy / self.hours if self.vehicles else 0.0


class Service(NamedTuple):
    """What riders get of a fleet.

    load : rho; from 1 on the fleet cannot keep up
    unserved : riders an hour it cannot carry
    pickup : minutes until the vehicle is there
    queue : minutes until a vehicle is free
    """

    load: float
    unserved: float
    pickup: float
    queue: float

    @property
    def wait(self) -> float:
        """Minutes from asking to being fetched; infinite from a load of 1 on."""
        return self.pickup + self.queue


def serve(fleet: Fleet, rate: float) -> Service:
    """What a fleet gives when ``rate`` riders an hour ask for it. Nothing is clipped: look at ``unserved``."""
    load = rate / fleet.capacity if fleet.capacity else math.inf
    if load >= 1:
        return Service(load, rate - fleet.capacity, math.inf, math.inf)
    away = fleet.scatter * nearest(fleet.area, fleet.vehicles * (1 - load))
    queue = wait_mgc(load, fleet.vehicles, fleet.variation) * fleet.hours
    return Service(load, 0.0, _MINUTES * away / fleet.speed, _MINUTES * queue)
