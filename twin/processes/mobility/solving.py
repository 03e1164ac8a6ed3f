"""A weekday and a holiday solved for the people of the month.

Trips go from town to town (:mod:`twin.processes.mobility.network`), modes by the nested logit of
:mod:`twin.travel.choice`. On-demand rides run within their area and to places near it; how long they take and
how many are carried is an equilibrium of :mod:`twin.travel.equilibrium` with :mod:`twin.travel.fleet`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.network.transit import DAYS as KINDS
from twin.processes.mobility.days import Days, age_group
from twin.processes.mobility.network import goes, minutes_to_places, vehicle_km, ways_of
from twin.processes.mobility.offered import PAID, RUN
from twin.processes.mobility.record import AGES
from twin.travel.choice import MODES, nested, nests_of
from twin.travel.equilibrium import successive_averages
from twin.travel.fleet import Fleet, Service, serve
from twin.travel.utility import Offered as Way
from twin.travel.utility import Tastes, utility

if TYPE_CHECKING:
    from twin.model import CityTwin
    from twin.processes.mobility.offered import Offered
    from twin.processes.mobility.process import Mobility

FACTS = (
    *(f"travel.taste.{word}" for word in ("time", "cost", "wait", "walk", "transfer")), "travel.theta",
    *(f"travel.fleet.{word}" for word in ("speed", "detour", "occupancy", "stops", "dwell", "variation", "scatter",
                                          "most_wait")),
    *(f"mobility.{word}" for word in ("trips", "holiday", "constant", "gravity", "outside", "reach", "energy", "carbon")),
)  # fmt: skip
ON_DEMAND, DRIVE, TAXI = (MODES.index(mode) for mode in ("on_demand", "drive", "taxi"))
BY_CAR = [MODES.index(mode) for mode in ("drive", "passenger", "taxi")]
CASES = [(c, s) for c in (0, 1) for s in (0, 1)]  # without and with a car, without and with the bundle
_WEEK = np.array([5 / 7, 2 / 7])  # of a weekday and a holiday
_DAYS_A_MONTH = 365.25 / 12
_KM = 1000.0
_PARTS = ("ride", "wait", "walk", "transfers", "fare")


def solve(model: CityTwin, now: Offered, life: Mobility, before: Days | None) -> Days:
    """Work a weekday and a holiday out.

    Raises
    ------
    InputError : demand and waits of on-demand rides come to no rest
    """
    number = people_by_kind(model, life)
    kinds = [_Kind(model, now, kind) for kind in KINDS]
    solved = [kind.rest(number) for kind in kinds]
    # fmt: off
    worth, saved, driven, trips, rides, totals = (np.tensordot(_WEEK, np.array(part), axes=1) for part in zip(*solved, strict=True))
    # fmt: on
    monthly = _WEEK @ np.array([kind.rate for kind in kinds]) * _DAYS_A_MONTH
    to_areas = (model.city.towns.area == np.arange(len(model.areas))[:, None]).astype(float)
    here = number.sum(axis=(1, 2, 3))
    each = np.stack([worth, worth + saved], axis=2)
    wait = np.where(rides[:, 1] > 0, rides[:, 3], np.inf)
    first_worth = before.first_worth if before else worth
    first_driven = before.first_driven if before else _mean(driven, number)
    return Days(
        worth, saved, driven, first_worth, first_driven, trips, to_areas @ number.sum(axis=(2, 3)),
        to_areas @ np.einsum("tacs,tcs,a->ta", number, each, monthly), rides,
        minutes_to_places(model, now, here, wait), totals, monthly,
    )  # fmt: skip


def people_by_kind(model: CityTwin, life: Mobility) -> np.ndarray:
    """People of the whole city by town, age group, car and bundle, (towns, ages, 2, 2)."""
    people, towns = model.citizens, len(model.city.towns.code)
    rows = np.flatnonzero(people.here)
    cell = people.town[rows].astype(np.int64) * len(AGES) + age_group(model, rows)
    cell = (cell * 2 + life.car[rows]) * 2 + life.subscribed[rows]
    return np.bincount(cell, minlength=towns * len(AGES) * 4).reshape(towns, len(AGES), 2, 2) / model.fraction


def _mean(driven: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Share of trips by car of all people of a town, (towns,)."""
    people = number.sum(axis=1)
    return (driven * people).sum(axis=(1, 2)) / np.maximum(people.sum(axis=(1, 2)), 1e-9)


class _Solved(NamedTuple):
    """One kind of day; the parts as in :class:`twin.processes.mobility.days.Days`."""

    worth: np.ndarray
    saved: np.ndarray
    driven: np.ndarray
    trips: np.ndarray
    rides: np.ndarray
    totals: np.ndarray


class _Kind:
    """One kind of day: its ways, where trips go, and what a state of the fleets makes of it."""

    def __init__(self, model: CityTwin, now: Offered, kind: str) -> None:
        self.model, self.now, self.kind, self.towns = model, now, kind, model.city.towns
        ways, skims = ways_of(model, now, kind)
        many = len(self.towns.code)
        names = ["drive" if mode == "on_demand" else mode for mode in MODES]  # vehicles go where cars go
        parts = {
            part: np.array([getattr(skims[name], part)[:many] for name in names]) for part in (*_PARTS, "km")
        }
        self.km, self.goes = parts["km"], goes(model, parts["ride"][DRIVE])
        rate = model.table("mobility.trips")
        self.rate = np.array([rate[group] for group in AGES])
        self.rate = self.rate * (model.fact("mobility.holiday") if kind == KINDS[1] else 1.0)
        self.tastes, self.nests = Tastes.read(model.facts, model.day), nests_of(model.table("travel.theta"))
        self.constant = _by_mode(model.table("mobility.constant"))
        self.discount = _by_mode(dict(zip((*PAID, "on_demand"), now.discount, strict=True)))
        self.ridden = self._ridden(ways.zones.x, ways.zones.y)
        self.there = np.isfinite(parts["ride"] + parts["wait"] + parts["walk"])
        self.there[ON_DEMAND] = self.ridden
        self.way = self._way(parts)

    def _ridden(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """From and to where on-demand vehicles take people, (towns, zones) yes/no."""
        area, areas = self.towns.area, self.model.city.areas
        near = np.hypot(x - areas.x[area][:, None], y - areas.y[area][:, None]) <= _KM * self.model.fact(
            "mobility.reach"
        )
        found = np.zeros(near.shape, bool)
        many = len(area)
        found[:, :many] = (area[:, None] == area) | near[:, :many]
        return found & (self.now.vehicles[area] > 0)[:, None]

    def _way(self, parts: dict[str, np.ndarray]) -> Way:
        """Ways of all modes, (modes, towns, zones), nought where there is none; without on-demand waits."""
        ride, wait, walk, changes, yen = (np.where(self.there, parts[part], 0.0) for part in _PARTS)
        for mode, factor in zip(PAID, self.now.fares, strict=True):
            yen[MODES.index(mode)] *= factor
        ride[ON_DEMAND] *= self.model.fact("travel.fleet.detour")
        wait[ON_DEMAND] = walk[ON_DEMAND] = 0.0
        yen[ON_DEMAND] = self.now.fare[0]
        return Way(ride, wait, walk, changes, yen)

    def rest(self, number: np.ndarray) -> _Solved:
        """The day at rest: as many ask for rides as the waits they meet let ask; ``number`` of people by kind."""
        asks = np.einsum("tacs,a->tcs", number, self.rate)  # trips a day
        value = [utility(self.way, self.tastes, self.constant, d) for d in (0.0, self.discount)]
        wait, rides = self._fleets(value, asks)
        for one in value:
            one[ON_DEMAND] += self._of_wait(wait)[self.towns.area][:, None]
        return self._lived(value, number, asks, rides)

    def _of_wait(self, wait: np.ndarray) -> np.ndarray:
        return self.tastes.time * self.tastes.wait * wait

    def _fleets(self, value: list[np.ndarray], asks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Minutes of waiting by area, and rides a day asked for, served, refused and minutes of waiting."""
        model, areas = self.model, len(self.model.areas)
        o, d = np.nonzero(self.ridden)
        if not len(o):
            return np.zeros(areas), np.zeros((areas, 4))
        of, direct = self.towns.area[o], self.km[DRIVE][o, d]
        hours, most = model.fact("mobility.hours"), model.fact("travel.fleet.most_wait")
        trips = {(c, s): asks[o, c, s] * self.goes[o, d] for c, s in CASES}
        pairs = [one[:, o, d] for one in value]
        can = [self._can(self.there[:, o, d], c) for c in (0, 1)]

        def asked(wait: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            """Rides an hour by area at these waits, and their mean direct length."""
            more = np.zeros((len(MODES), len(o)))
            more[ON_DEMAND] = self._of_wait(wait)[of]
            flow = sum(
                nested(pairs[s] + more, self.nests, can[c]).share[ON_DEMAND] * trips[c, s] for c, s in CASES
            )
            rides = np.bincount(of, flow, areas)
            return rides / hours, np.bincount(of, flow * direct, areas) / np.maximum(rides, 1e-9)

        def answer(part: np.ndarray) -> np.ndarray:
            """Waits the fleets give, from waits people reckon with; both as parts of the longest there can be."""
            got = self._serve(*asked(part * most))
            return np.array([min(one.wait, most) / most if one else 0.0 for one in got])

        where = f"on-demand rides on a {self.kind}, {model.day:%Y-%m}"
        wait = successive_averages(answer, np.full(areas, 0.3), where=where).value * most
        rate, km = asked(wait)
        refused = np.array([one.unserved if one else 0.0 for one in self._serve(rate, km)])
        return wait, np.column_stack([rate * hours, (rate - refused) * hours, refused * hours, wait])

    def _serve(self, rate: np.ndarray, km: np.ndarray) -> list[Service | None]:
        """What the fleet of each area gives; None where there is none."""
        model, areas = self.model, len(self.model.areas)
        sizes = np.bincount(self.towns.area, np.pi * (self.towns.radius / _KM) ** 2, areas)
        return [
            serve(Fleet.read(model.facts, model.day, int(vehicles), size, max(trip, 0.1)), asked)
            if vehicles
            else None
            for vehicles, size, trip, asked in zip(self.now.vehicles, sizes, km, rate, strict=True)
        ]

    @staticmethod
    def _can(there: np.ndarray, car: int) -> np.ndarray:
        """What somebody with or without a car can take."""
        if car:
            return there
        found = there.copy()
        found[DRIVE] = False
        return found

    def _lived(
        self, value: list[np.ndarray], number: np.ndarray, asks: np.ndarray, rides: np.ndarray
    ) -> _Solved:
        """What all people's choices come to."""
        shape = (len(self.towns.code), 2, 2)
        share, worth = np.zeros((*shape, len(MODES))), np.zeros(shape)
        km, yen = np.zeros(len(MODES)), np.zeros(len(MODES))
        length = np.where(self.there, self.km, 0.0)
        for c, s in CASES:
            got = nested(value[s], self.nests, self._can(self.there, c))
            share[:, c, s] = np.einsum("mtd,td->tm", got.share, self.goes)
            worth[:, c, s] = np.einsum("td,td->t", got.logsum, self.goes) / -self.tastes.cost
            flow = got.share * (asks[:, c, s][:, None] * self.goes)
            km += np.einsum("mtd,mtd->m", flow, length)
            yen += np.einsum("mtd,mtd->m", flow, np.asarray(self.way.yen) * (1 - self.discount * s))
        served = rides[:, 1].sum() / max(rides[:, 0].sum(), 1e-9)
        yen[ON_DEMAND] *= served
        trips = np.einsum("tacs,a,tcsm->tam", number, self.rate, share)
        to_areas = (self.towns.area == np.arange(len(self.model.areas))[:, None]).astype(float)
        return _Solved(
            worth[:, :, 0], worth[:, :, 1] - worth[:, :, 0], share[..., BY_CAR].sum(axis=-1),
            np.einsum("at,tgm->agm", to_areas, trips), rides, self._totals(km, yen, served),
        )  # fmt: skip

    def _totals(self, km: np.ndarray, yen: np.ndarray, served: float) -> np.ndarray:
        """Vehicle-kilometres, kWh, kilograms of carbon dioxide and yen by mode, (modes, 4)."""
        model, vehicle = self.model, np.zeros(len(MODES))
        vehicle[[DRIVE, TAXI]] = km[[DRIVE, TAXI]]
        detour, together = (model.fact(f"travel.fleet.{word}") for word in ("detour", "occupancy"))
        vehicle[ON_DEMAND] = km[ON_DEMAND] * served * detour / together
        for mode in RUN:
            vehicle[MODES.index(mode)] = vehicle_km(model, self.now, self.kind, mode)
        each = [_by_mode(model.table(f"mobility.{word}")).ravel() for word in ("energy", "carbon")]
        return np.column_stack([vehicle, *(vehicle * one for one in each), yen])


def _by_mode(table: Mapping[str, float]) -> np.ndarray:
    """A table by mode as (modes, 1, 1), nought for modes it does not name."""
    return np.array([table.get(mode, 0.0) for mode in MODES])[:, None, None]
