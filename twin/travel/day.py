"""A day of the whole city, solved: choices, roads and on-demand rides that agree with each other.

    ways --> choice of mode --> car trips of the peak on the streets --> minutes by car and bus --+
     ^                     --> requests for on-demand rides --> wait ----------------------------+
     +-------------------------------------------------------------------------------------------+

Rounds go on until no share of a mode in any home town moves by 1e-4 (:mod:`twin.travel.equilibrium`). Shares
are expected ones of cells; ways by public transport are searched in the first four rounds and then kept; persons then choose once, each with tastes of the own (:func:`twin.travel.choice.unseen`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from twin.chance import Chance
from twin.facts import Facts
from twin.travel import assignment
from twin.travel.assignment import user_equilibrium
from twin.travel.cells import PERIODS, Cells, Prices, cells_of, utilities
from twin.travel.choice import MODES, Nests, choose, nested, nests_of, unseen
from twin.travel.demand import PURPOSES, Tours
from twin.travel.equilibrium import successive_averages
from twin.travel.fleet import Fleet, Service, serve
from twin.travel.lines import by_lines
from twin.travel.roads import Roads, Trips
from twin.travel.skim import Skim
from twin.travel.skims import by_road, skims
from twin.travel.ways import Ways

ON_DEMAND = MODES.index("on_demand")
TRIPS = 2  # a tour: out and home
_SEARCHED = 4  # rounds in which ways by line follow buses in traffic; a way that flips back and forth would never rest
_AT_ONCE = 1 << 17  # tours whose tastes are drawn together: what they take of memory stays small


@dataclass(frozen=True)
class OnDemand:
    """Rides on demand between the towns of an area.

    Attributes
    ----------
    name : of the service
    towns : (towns,) where it fetches and brings (yes/no)
    vehicles : on the road
    fare : yen a ride
    hours : a day
    """

    name: str
    towns: np.ndarray
    vehicles: int
    fare: float
    hours: float


@dataclass(frozen=True)
class Offer:
    """What is offered beyond today's lines and roads.

    Attributes
    ----------
    on_demand : services; where two serve the same pair of towns the first does
    bundle : by mode, share of the fare that those with a monthly fee do not pay
    fare : by mode, times today's fare
    """

    on_demand: tuple[OnDemand, ...] = ()
    bundle: Mapping[str, float] = field(default_factory=dict)
    fare: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Served:
    """What became of one on-demand service: requests a day, of which refused, and what riders get in the mean."""

    name: str
    requests: float
    refused: float
    service: Service


@dataclass(frozen=True)
class SolvedDay:
    """A day at rest; sums, energy and stations are taken from it by :mod:`twin.travel.outcome`.

    Attributes
    ----------
    tours, cells, ways : what was solved
    mode : (tours,) row of :data:`twin.travel.choice.MODES` each person chose (u1)
    share : (modes, cells) expected shares
    logsum : (cells,) utility of the choice; its difference over the taste for cost is in yen a trip
    skims : by period ("peak", "day") and mode
    roads : flows and minutes of the streets in the busiest hour
    served : of each on-demand service
    prices, nests : what people weighed
    gaps : largest change of a share each round asked for
    seconds : spent on each part
    """

    tours: Tours
    cells: Cells
    ways: Ways
    mode: np.ndarray
    share: np.ndarray
    logsum: np.ndarray
    skims: Mapping[str, Mapping[str, Skim]]
    roads: assignment.Equilibrium
    served: tuple[Served, ...]
    prices: Prices
    nests: Nests
    gaps: tuple[float, ...]
    seconds: Mapping[str, float]


def solve_day(ways: Ways, tours: Tours, offer: Offer, facts: Facts, on: date, chance: Chance) -> SolvedDay:
    """Solve a weekday or holiday.

    Parameters
    ----------
    ways : zones and networks
    tours : of everybody (:func:`twin.travel.demand.tours_of`); say which day it is
    offer : services, bundle and fares of the scenario
    facts, on : ``travel.*``, ``trips.*`` and ``skims.*`` of a date
    chance : tastes of persons, by person and purpose

    Raises
    ------
    InputError : no equilibrium in 200 rounds, or somebody has no way at all to go
    """
    return _Solving(ways, tours, offer, facts, on, chance).solved()


class _Solving:
    """One day while it is being solved; numbers of trips are a day's unless said."""

    def __init__(
        self, ways: Ways, tours: Tours, offer: Offer, facts: Facts, on: date, chance: Chance
    ) -> None:
        self.ways, self.tours, self.offer, self.facts, self.on, self.chance = (
            ways,
            tours,
            offer,
            facts,
            on,
            chance,
        )
        self.seconds: dict[str, float] = defaultdict(float)
        with self._timed("cells"):
            self.cells = cells_of(tours, ways.zones, facts.number("trips.inbound_drives", on))
        self.nests = nests_of(facts.table("travel.theta", on))
        self.prices = Prices.read(facts, on, ways.zones, offer.bundle, offer.fare)
        self.free = Roads.of(
            ways.streets, *(facts.number(f"trips.delay.{name}", on) for name in ("alpha", "beta"))
        )
        self.gap = facts.number("trips.gap", on)
        self.vehicles = _by_mode(facts.table("trips.vehicles", on))
        with self._timed("skims"):
            self.found = {period: skims(ways, tours.day, period, ways.streets.minutes) for period in PERIODS}
        self.found = self._ways(self.found["peak"], np.zeros((len(MODES), len(self.cells.purpose))))

    @contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[part] += time.perf_counter() - began

    def solved(self) -> SolvedDay:
        """Go round until nothing moves, then let everybody choose."""
        self.roads: assignment.Equilibrium | None = None
        self.rounds = 0
        self.ways_now, self.share = self.found, self._choices(self.found)
        rest = successive_averages(
            self._answer, self._of_towns(self.share), where=f"{self.tours.day}, {self.on.year}"
        )
        worth = utilities(self.cells, self.ways_now, self.prices)
        chosen = nested(worth, self.nests)
        with self._timed("persons"):
            mode = self._taken(worth)
        assert self.roads is not None  # _answer was asked at least once
        return SolvedDay(
            self.tours, self.cells, self.ways, mode, chosen.share, chosen.logsum, self.ways_now, self.roads,
            self.served, self.prices, self.nests, tuple(rest.gaps), dict(self.seconds),
        )  # fmt: skip

    def _answer(self, towns: np.ndarray) -> np.ndarray:
        """Shares by mode and home that follow from minutes and waits that follow from shares by mode and home.

        Within a home zone the trips of a mode keep the pattern of the last answer: at rest it is their own.
        """
        made = self._of_towns(self.share)
        times = np.divide(towns, made, out=np.ones(made.shape), where=made > 0)
        share = self.share * times[:, self.cells.origin]
        with self._timed("roads"):
            self.roads = user_equilibrium(self.free, self._on_streets(share), self.gap, begun=self.roads)
        with self._timed("skims"):
            self.rounds += 1
            if self.rounds <= _SEARCHED:
                self.lines = by_lines(self.ways, self.tours.day, "peak", self.roads.minutes)
            self.ways_now = self._ways({**self._by_road(self.roads.minutes), **self.lines}, share)
        self.share = self._choices(self.ways_now)
        return self._of_towns(self.share)

    def _by_road(self, minutes: np.ndarray) -> dict[str, Skim]:
        """Ways by road in traffic, with the kilometres and yen of empty roads.

        At rest several ways take equally long and differ in kilometres: which is found first would flip for ever.
        """
        empty = self.found["day"]
        return {
            mode: replace(way, fare=empty[mode].fare, km=empty[mode].km)
            for mode, way in by_road(self.ways, minutes).items()
        }

    def _of_towns(self, share: np.ndarray) -> np.ndarray:
        """Shares of modes among the tours of each home zone (modes, zones)."""
        zones = len(self.ways.zones.code)
        made = np.stack([np.bincount(self.cells.origin, row * self.cells.tours, zones) for row in share])
        return made / np.maximum(np.bincount(self.cells.origin, self.cells.tours, zones), 1e-300)

    def _choices(self, found: Mapping[str, Mapping[str, Skim]]) -> np.ndarray:
        """Shares by mode and cell."""
        with self._timed("choices"):
            return nested(utilities(self.cells, found, self.prices), self.nests).share

    def _ways(self, peak: Mapping[str, Skim], share: np.ndarray) -> dict[str, dict[str, Skim]]:
        """Ways of both periods with the rides on demand that so many requests leave."""
        now = {"peak": {**peak}, "day": {**self.found["day"]}}
        waits = self._waits(TRIPS * share[ON_DEMAND] * self.cells.tours)
        for period in PERIODS if self.offer.on_demand else ():
            now[period]["on_demand"] = self._on_demand(now[period]["drive"], waits)
        return now

    def _on_streets(self, share: np.ndarray) -> Trips:
        """Vehicles of the busiest hour from crossing to crossing, those of freight and others included."""
        hour = "peak" if self.tours.day == "weekday" else "busy"
        out, home = (
            np.array([self.facts.table(f"trips.{hour}.{way}", self.on)[name] for name in PURPOSES]) for way in ("out", "home")
        )  # fmt: skip
        zones = len(self.ways.zones.code)
        by_car = (self.vehicles[:, None] * share).sum(axis=0) * self.cells.tours
        there = self.cells.table(by_car * out[self.cells.purpose], zones)
        back = self.cells.table(by_car * home[self.cells.purpose], zones)
        crossing, row = np.unique(self.ways.zones.crossing, return_inverse=True)
        table = np.zeros((len(crossing), len(crossing)))
        np.add.at(table, (row[:, None], row[None, :]), there + back.T)
        return Trips.of(table * (1 + self.facts.number("trips.others", self.on)), crossing)

    def _waits(self, asked: np.ndarray) -> tuple[Served, ...]:
        """What each service gives when so many rides a day are asked for in each cell."""
        origin, target = self.cells.origin, self.cells.target
        km = self.found["peak"]["drive"].km[origin, target]
        left, served = np.ones(len(origin), bool), []
        for one in self.offer.on_demand:
            inside = np.pad(one.towns, (0, len(self.ways.zones.code) - len(one.towns)))
            mine = inside[origin] & inside[target] & left
            left &= ~mine
            weight = np.where(mine, asked, 0.0)
            rides = weight.sum()
            trip = (weight * km).sum() / rides if rides > 0 else _mean(km[mine], self.cells.tours[mine])
            area = np.pi * (self.ways.zones.radius[inside] ** 2).sum() / 1e6
            fleet = Fleet.read(self.facts, self.on, one.vehicles, area, trip)
            service = serve(fleet, rides / one.hours)
            served.append(Served(one.name, rides, service.unserved * one.hours, service))
        self.served = tuple(served)
        return self.served

    def _on_demand(self, by_car: Skim, waits: Sequence[Served]) -> Skim:
        """Rides on demand between the towns of each service; no ride from elsewhere."""
        none = np.full(by_car.km.shape, np.inf)
        ride, wait, fare = none, none.copy(), none.copy()
        speed, detour = (self.facts.number(f"travel.fleet.{name}", self.on) for name in ("speed", "detour"))
        for one, service in reversed(list(zip(self.offer.on_demand, waits, strict=True))):
            inside = np.pad(one.towns, (0, len(by_car.km) - len(one.towns)))
            here = np.ix_(inside, inside)
            ride[here] = by_car.km[here] * detour * 60.0 / speed
            wait[here], fare[here] = service.service.wait, one.fare
        nought = np.zeros(none.shape)
        return Skim(ride, wait, nought, nought, fare, by_car.km)

    def _taken(self, worth: np.ndarray) -> np.ndarray:
        """The mode each person takes on each tour, by tastes of the person for the purpose."""
        who = self.tours.travellers.id[self.tours.person] * np.uint64(len(PURPOSES)) + self.tours.purpose
        mode = np.empty(len(who), "u1")
        for first in range(0, len(who), _AT_ONCE):
            rows = slice(first, first + _AT_ONCE)
            own = unseen(self.chance, "trips: taste", 0, who[rows], self.nests)
            mode[rows] = choose(worth[:, self.cells.of[rows]], own)
        return mode


def _by_mode(table: Mapping[str, float]) -> np.ndarray:
    """Numbers of a table by mode, nought where it names none."""
    return np.array([table.get(mode, 0.0) for mode in MODES])


def _mean(values: np.ndarray, weight: np.ndarray) -> float:
    return float((values * weight).sum() / weight.sum()) if weight.sum() > 0 else 1.0
