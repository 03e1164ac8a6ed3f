"""A weekday and a holiday solved for the people of the month: what everybody's ways are worth, what they take.

Trips go from town to town by gravity on residents and places of work; modes by the nested logit of
:mod:`twin.travel.choice`; on-demand rides run within their area and to places near it, and how long they take and
how many are carried is an equilibrium (:mod:`twin.travel.equilibrium`, :mod:`twin.travel.fleet`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.city.supply import supply
from twin.network.transit import DAYS as KINDS
from twin.processes.mobility.record import AGES, PLACES, WAYS
from twin.travel.choice import MODES, nested, nests_of
from twin.travel.equilibrium import successive_averages
from twin.travel.fleet import Fleet, serve
from twin.travel.nearest import minutes_to
from twin.travel.skims import skims
from twin.travel.utility import Offered as Way
from twin.travel.utility import Tastes, utility
from twin.travel.ways import Ways

if TYPE_CHECKING:
    from twin.model import CityTwin
    from twin.processes.mobility.offered import Offered
    from twin.processes.mobility.process import Mobility

FACTS = (
    *(f"travel.taste.{word}" for word in ("time", "cost", "wait", "walk", "transfer")), "travel.theta",
    *(f"travel.fleet.{word}" for word in ("speed", "detour", "occupancy", "stops", "dwell", "variation", "scatter")),
    "travel.fleet.most_wait", *(f"mobility.{word}" for word in (
        "trips", "holiday", "constant", "gravity", "outside", "reach", "energy", "carbon",
    )),
)  # fmt: skip
ON_DEMAND, DRIVE, RAIL, BUS, TAXI = (MODES.index(m) for m in ("on_demand", "drive", "rail", "bus", "taxi"))
BY_CAR = [MODES.index(m) for m in ("drive", "passenger", "taxi")]
_DAYS_A_MONTH = 365.25 / 12
_WEIGHT = np.array([5 / 7, 2 / 7])  # of a weekday and a holiday
_THOUSAND = 1000.0


@dataclass(frozen=True)
class Days:
    """The mean day of a week as last solved, of the whole city; ``c`` is 0 without and 1 with a car.

    Attributes
    ----------
    worth_of : (towns, c) yen that ways to get around are worth a trip, less those without any way
    saved : (towns, c) yen a trip the bundle saves
    driven : (towns, c, 2) share of trips by car, without and with the bundle
    first_worth, first_driven : (towns, c) and (towns,), as first solved
    trips : (areas, ages, modes) a day
    people : (areas, ages)
    worth : (areas, ages) yen a month of all of them
    rides : (areas, 4) on-demand rides a day asked for, served, refused, and minutes of waiting
    minutes : (areas, places, ways) to the nearest place
    totals : (modes, 4) a day: vehicle km, kWh, kg of carbon dioxide, yen paid
    monthly : (ages,) trips a month of a person
    """

    worth_of: np.ndarray
    saved: np.ndarray
    driven: np.ndarray
    first_worth: np.ndarray
    first_driven: np.ndarray
    trips: np.ndarray
    people: np.ndarray
    worth: np.ndarray
    rides: np.ndarray
    minutes: np.ndarray
    totals: np.ndarray
    monthly: np.ndarray

    def memory(self) -> dict[str, Any]:
        """All of it, for checkpoints."""
        return {f"days.{part.name}": getattr(self, part.name) for part in fields(self)}

    @classmethod
    def of(cls, memory: dict[str, Any]) -> Days:
        """The days that gave ``memory``."""
        return cls(**{part.name: memory[f"days.{part.name}"] for part in fields(cls)})

    def felt(self, model: CityTwin, rows: slice, life: Mobility) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Gain, ease and trips by car of rows of citizens, as the columns of the process have them."""
        people, c = model.citizens, life.car[rows].astype(int)
        town, trips = people.town[rows], self.monthly[_age_group(model, rows)]
        gain = trips * self.saved[town, c]
        ease = trips * (self.worth_of - self.first_worth)[town, c]
        subscribed = life.subscribed[rows]
        ease += np.where(subscribed, np.maximum(gain - model.fact("travel.subscription.fee"), 0), 0)
        driven = self.driven[town, c, subscribed.astype(int)] - self.first_driven[town]
        return gain, ease / _THOUSAND, driven

    def without_a_car(self, model: CityTwin) -> np.ndarray:
        """Yen a month by which going without a car is better than when first solved, (citizens,)."""
        trips = self.monthly[_age_group(model, slice(None))]
        return trips * (self.worth_of - self.first_worth)[model.citizens.town, 0]


def solve(model: CityTwin, now: Offered, life: Mobility, before: Days | None) -> Days:
    """Work a weekday and a holiday out.

    Raises
    ------
    InputError : demand and waits of on-demand rides come to no rest
    """
    kinds = [_Kind(model, now, kind) for kind in KINDS]
    number = _people(model, life)
    solved = [kind.rest(number) for kind in kinds]
    mean = lambda parts: np.tensordot(_WEIGHT, np.array(parts), axes=1)  # noqa: E731
    rates = np.array([kind.rate for kind in kinds])
    worth_of = mean([s.worth for s in solved])
    saved, driven = mean([s.saved for s in solved]), mean([s.driven for s in solved])
    by_town = number.sum(axis=(1, 2, 3))
    monthly = mean(rates) * _DAYS_A_MONTH
    area, areas = model.city.towns.area, len(model.areas)
    to_areas = (area == np.arange(areas)[:, None]).astype(float)
    people = to_areas @ number.sum(axis=(2, 3))
    worth = to_areas @ np.einsum("tacs,tcs,a->ta", number, np.stack([worth_of, worth_of + saved], axis=2), monthly)
    rides = mean([s.rides for s in solved])
    driven_now = (driven * number.sum(axis=1)).sum(axis=(1, 2)) / np.maximum(by_town, 1e-9)
    return Days(
        worth_of, saved, driven, before.first_worth if before else worth_of, before.first_driven if before else driven_now,
        mean([s.trips for s in solved]), people, worth, rides, _minutes(model, now, by_town, rides), mean([s.totals for s in solved]),
        monthly,
    )  # fmt: skip


@dataclass(frozen=True)
class _Solved:
    worth: np.ndarray
    saved: np.ndarray
    driven: np.ndarray
    trips: np.ndarray
    rides: np.ndarray
    totals: np.ndarray


class _Kind:
    """One kind of day: ways, where trips go, and what a state of the fleets makes of it."""

    def __init__(self, model: CityTwin, now: Offered, kind: str) -> None:
        self.model, self.now, self.kind = model, now, kind
        self.ways, self.transit, self.skim = _skims(model, now, kind)
        towns, zones = model.city.towns, self.ways.zones
        self.km = np.array([self._of(mode, "km") for mode in MODES])
        self.goes = _goes(model, self._of("drive", "ride"), zones)
        rate = model.table("mobility.trips")
        self.rate = np.array([rate[group] for group in AGES])
        self.rate = self.rate * (model.fact("mobility.holiday") if kind == "holiday" else 1.0)
        self.tastes = Tastes.read(model.facts, model.day)
        self.nests = nests_of({**model.table("travel.theta")})
        away = np.hypot(zones.x - model.city.areas.x[towns.area][:, None], zones.y - model.city.areas.y[towns.area][:, None])
        inside = np.zeros(away.shape, bool)
        inside[:, : len(towns.code)] = towns.area[:, None] == towns.area
        self.ridden = (inside | (away <= _THOUSAND * model.fact("mobility.reach"))) & (
            now.vehicles[towns.area] > 0
        )[:, None]
        self.ridden[:, len(towns.code) :] = False
        constant = model.table("mobility.constant")
        self.constant = np.array([constant[mode] for mode in MODES])[:, None, None]
        discount = dict(zip((*("taxi", "rail", "bus"), "on_demand"), now.discount, strict=True))
        self.discount = np.array([discount.get(mode, 0.0) for mode in MODES])[:, None, None]

    def _of(self, mode: str, part: str) -> np.ndarray:
        towns = len(self.model.city.towns.code)
        name = "drive" if mode == "on_demand" else mode
        return getattr(self.skim[name], part)[:towns]

    def way(self) -> Way:
        """Ways of all modes, (modes, towns, zones); the wait of on-demand rides is nought yet."""
        ride, wait, walk, changes, yen = (
            np.array([self._of(mode, part) for mode in MODES]) for part in ("ride", "wait", "walk", "transfers", "fare")
        )
        for mode, factor in zip(("taxi", "rail", "bus"), self.now.fares, strict=True):
            yen[MODES.index(mode)] *= factor
        ride[ON_DEMAND] *= self.model.fact("travel.fleet.detour")
        wait[ON_DEMAND] = walk[ON_DEMAND] = 0.0
        yen[ON_DEMAND] = self.now.fare[0]
        return Way(ride, wait, walk, changes, yen)

    def rest(self, number: np.ndarray) -> _Solved:
        """The day at rest: as many ask for rides as the waits they meet let ask.

        ``number`` : (towns, ages, c, 2) people, without and with the bundle
        """
        way, towns = self.way(), self.model.city.towns
        there = np.isfinite(np.asarray(way.ride) + way.wait + way.walk)
        there[ON_DEMAND] = self.ridden
        clean = Way(*(np.where(there, part, 0.0) for part in way))
        value = [utility(clean, self.tastes, self.constant, d) for d in (0.0, self.discount)]
        asks = self.rate @ np.moveaxis(number, 1, 0).reshape(len(AGES), -1)
        asks = asks.reshape(len(towns.code), 2, 2)  # trips a day by town, car, bundle
        wait, rides = self._fleets(value, there, asks)
        minutes = np.where(np.isfinite(wait), wait, 0.0)[towns.area][:, None]
        there[ON_DEMAND] &= np.isfinite(wait)[towns.area][:, None]
        for v in value:
            v[ON_DEMAND] += self.tastes.time * self.tastes.wait * minutes
        return self._all(value, there, number, asks, rides, clean)

    def _fleets(self, value: list[np.ndarray], there: np.ndarray, asks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Minutes of waiting by area, and rides a day asked for, served, refused."""
        model, towns, now = self.model, self.model.city.towns, self.now
        areas = len(model.areas)
        o, d = np.nonzero(self.ridden)
        if not len(o):
            return np.full(areas, np.inf), np.zeros((areas, 4))
        sizes = np.bincount(towns.area, np.pi * (towns.radius / _THOUSAND) ** 2, areas)
        direct = self.km[DRIVE][o, d]
        hours = model.fact("mobility.hours")
        most = model.fact("travel.fleet.most_wait")
        a = towns.area[o]

        def asked(wait: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            """Rides an hour by area at these waits, and their mean length."""
            flow = np.zeros(len(o))
            for c in (0, 1):
                for s in (0, 1):
                    v = value[s][:, o, d].copy()
                    v[ON_DEMAND] += self.tastes.time * self.tastes.wait * wait[a]
                    can = there[:, o, d].copy()
                    can[DRIVE] &= bool(c)
                    flow += nested(v, self.nests, can).share[ON_DEMAND] * asks[o, c, s] * self.goes[o, d]
            rate = np.bincount(a, flow, areas) / hours
            return rate, np.bincount(a, flow * direct, areas) / np.maximum(np.bincount(a, flow, areas), 1e-9)

        def serves(rate: np.ndarray, km: np.ndarray) -> list:
            return [
                serve(Fleet.read(model.facts, model.day, int(m), size, max(trip, 0.1)), r) if m else None
                for m, size, trip, r in zip(now.vehicles, sizes, km, rate, strict=True)
            ]

        def answer(part: np.ndarray) -> np.ndarray:
            """Waits over the longest anybody bears, from waits over it."""
            got = serves(*asked(part * most))
            return np.array([min(one.wait, most) / most if one else 0.0 for one in got])

        found = successive_averages(answer, np.full(areas, 0.3), where="on-demand rides")
        rate, km = asked(found.value * most)
        got = serves(rate, km)
        refused = np.array([one.unserved if one else 0.0 for one in got])
        wait = np.where(now.vehicles > 0, found.value * most, np.inf)
        seen = np.where(now.vehicles > 0, found.value * most, 0.0)
        return wait, np.column_stack([rate * hours, (rate - refused) * hours, refused * hours, seen])

    def _all(self, value, there, number, asks, rides, way) -> _Solved:
        towns, model = self.model.city.towns, self.model
        share = np.zeros((len(towns.code), 2, 2, len(MODES)))
        worth = np.zeros((len(towns.code), 2, 2))
        km, yen = np.zeros(len(MODES)), np.zeros(len(MODES))
        for c in (0, 1):
            for s in (0, 1):
                can = there.copy()
                can[DRIVE] &= bool(c)
                got = nested(value[s], self.nests, can)
                share[:, c, s] = np.einsum("mtd,td->tm", got.share, self.goes)
                worth[:, c, s] = np.einsum("td,td->t", got.logsum, self.goes) / -self.tastes.cost
                flow = got.share * (asks[:, c, s][:, None] * self.goes)
                km += (flow * np.where(there, self.km, 0.0)).sum(axis=(1, 2))
                paid = way.yen * (1 - self.discount * s)
                yen += (flow * paid).sum(axis=(1, 2))
        served = np.divide(rides[:, 1], rides[:, 0], out=np.zeros(len(rides)), where=rides[:, 0] > 0)
        trips = np.einsum("tacs,a,tcsm->tam", number, self.rate, share)
        to_areas = (towns.area == np.arange(len(model.areas))[:, None]).astype(float)
        driven = share[..., BY_CAR].sum(axis=-1)
        carried = rides[:, 1].sum() / max(rides[:, 0].sum(), 1e-9) if served.any() else 0.0
        vehicle = np.zeros(len(MODES))
        vehicle[[DRIVE, TAXI]] = km[[DRIVE, TAXI]]
        fleet = {w: model.fact(f"travel.fleet.{w}") for w in ("detour", "occupancy")}
        vehicle[ON_DEMAND] = km[ON_DEMAND] * carried * fleet["detour"] / fleet["occupancy"]
        for mode in ("rail", "bus"):
            vehicle[MODES.index(mode)] = self.transit.vehicle_km(self.kind, mode)
        energy, carbon = (model.table(f"mobility.{word}") for word in ("energy", "carbon"))
        of = lambda table: np.array([table.get(mode, 0.0) for mode in MODES])  # noqa: E731
        totals = np.column_stack([vehicle, vehicle * of(energy), vehicle * of(carbon), yen])
        return _Solved(
            worth[:, :, 0], worth[:, :, 1] - worth[:, :, 0], driven, np.einsum("at,tgm->agm", to_areas, trips), rides, totals
        )


def _skims(model: CityTwin, now: Offered, kind: str):
    """Ways, public transport and skims of a kind of day, kept while runs an hour and facts stay."""

    def look():
        transit = supply(model.city, model.facts, model.day)
        factor = now.frequency[transit.mode]
        transit = replace(transit, trips=transit.trips * factor[:, None, None])
        ways = Ways.of(model.city, transit, model.facts, model.day)
        return ways, transit, skims(ways, kind, "day")

    return model.kept(("mobility", kind, now.frequency.tobytes()), look)


def _goes(model: CityTwin, minutes: np.ndarray, zones) -> np.ndarray:
    """Where trips of a town go, (towns, zones), rows sum to 1: by gravity, a part of them beyond the city."""
    towns = len(model.city.towns.code)
    here, firms = model.citizens.here, model.businesses
    weight = np.bincount(model.citizens.town[here], minlength=towns) + np.bincount(
        firms.town[firms.here], firms.employees[firms.here], towns
    )
    pull = np.exp(-minutes / model.fact("mobility.gravity"))
    inside = pull[:, :towns] * weight
    outside = pull[:, towns:] * np.ones(len(zones.code) - towns)
    out = model.fact("mobility.outside") * (outside.shape[1] > 0)
    rows = [inside / inside.sum(axis=1, keepdims=True) * (1 - out)]
    if outside.shape[1]:
        rows.append(outside / outside.sum(axis=1, keepdims=True) * out)
    return np.concatenate(rows, axis=1)


def _people(model: CityTwin, life: Mobility) -> np.ndarray:
    """People of the whole city by town, age group, car and bundle, (towns, ages, 2, 2)."""
    people, towns = model.citizens, len(model.city.towns.code)
    rows = np.flatnonzero(people.here)
    cell = ((people.town[rows].astype(np.int64) * len(AGES) + _age_group(model, rows)) * 2 + life.car[rows]) * 2
    count = np.bincount(cell + life.subscribed[rows], minlength=towns * len(AGES) * 4)
    return count.reshape(towns, len(AGES), 2, 2) / model.fraction


def _age_group(model: CityTwin, rows) -> np.ndarray:
    age = (model.month - model.citizens.born[rows].astype(int)) // 12
    return np.searchsorted(list(AGES.values()), age, side="right").clip(1) - 1


def _minutes(model: CityTwin, now: Offered, people: np.ndarray, rides: np.ndarray) -> np.ndarray:
    """Minutes to the nearest places, mean of the residents of each area, (areas, places, ways)."""

    def look() -> np.ndarray:
        transit = supply(model.city, model.facts, model.day)
        transit = replace(transit, trips=transit.trips * now.frequency[transit.mode][:, None, None])
        found = [minutes_to(model.city, transit, model.facts, model.day, place) for place in PLACES]
        return np.array([[one[way] for way in WAYS] for one in found])

    by_town = model.kept(("mobility minutes", now.frequency.tobytes()), look).copy()
    area, areas = model.city.towns.area, len(model.areas)
    some = (now.vehicles > 0) & (rides[:, 1] > 0)
    ride = rides[area, 3] + by_town[:, 1] * model.fact("travel.fleet.detour")
    near = by_town[:, 1] <= 60 * model.fact("mobility.reach") / model.fact("travel.fleet.speed")
    by_town[:, 0] = np.where(some[area] & near, np.fmin(by_town[:, 0], ride), by_town[:, 0])
    weight = np.bincount(area, people, areas)
    return np.array(
        [[np.bincount(area, people * way, areas) / np.maximum(weight, 1e-9) for way in place] for place in by_town]
    ).transpose(2, 0, 1)
