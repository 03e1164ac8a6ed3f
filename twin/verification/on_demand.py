"""V-23, V-23b, V-25, V-28 and V-28b: waits in queues and for vehicles, Little's law, demand and wait at rest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import numpy as np

from twin.chance import Chance
from twin.errors import InputError
from twin.facts import Facts
from twin.travel.choice import Nests, nested
from twin.travel.dispatch import Rules, simulate
from twin.travel.equilibrium import TOLERANCE, successive_averages
from twin.travel.fleet import Fleet, serve
from twin.travel.rides import HOUR, Day, Requests, depots, queues, random_requests
from twin.travel.waiting import NEAREST, nearest, wait_chance, wait_mdc, wait_mgc, wait_mmc
from twin.verification.case import Check, Z, case

_DAY = date(2022, 4, 1)
_LOAD = 0.8


@case("V-23", "M/M/c の平均待ち時間", "Mean wait in M/M/c")
def exponential_service() -> list[Check]:
    """Load 0.8 with 1, 2 and 5 servers."""
    checks = []
    for c, wait, chance in ((1, 4.0, 0.8), (2, 1.7778, 0.7111), (5, 0.55411, 0.5541)):
        checks += [
            Check("{c} servers: mean wait", wait, wait_mmc(_LOAD, c), 5e-5, {"c": c}),
            Check("{c} servers: chance to wait", chance, wait_chance(_LOAD, c), 5e-5, {"c": c}),
        ]
    return checks


@case(
    "V-23b",
    "M/D/c の平均待ち時間（式と配車シミュレーション）",
    "Mean wait in M/D/c, by formula and in the dispatch simulation",
    long=True,
)
def constant_service() -> list[Check]:
    """Rides from a place to itself take two stops each: vehicles are servers, the simulation is M/D/c."""
    checks = []
    for c, wait in ((1, 2.0), (2, 0.90328), (5, 0.28906)):
        mean, error = _simulated(c)
        checks += [
            Check("{c} servers: mean wait", wait, wait_mdc(_LOAD, c), 5e-6, {"c": c}),
            Check("{c} servers: mean wait in the simulation", wait, mean, Z * error, {"c": c}),
            Check("{c} servers: M/G/c with no variation, share off", 0.0, wait_mgc(_LOAD, c, 0.0) / wait - 1, 0.01, {"c": c}),
        ]  # fmt: skip
    return checks


def _simulated(
    servers: int, seeds: int = 24, hours: float = 300.0, per_hour: float = 10.0
) -> tuple[float, float]:
    """Mean wait in service times over the later half of each seed's time, and its standard error over seeds."""
    dwell = _LOAD * servers / per_hour * 3600 / 2  # seconds; there are two stops
    rules = Rules(speed=18, dwell=dwell, seats=1, batch=0, most_wait=1e9, most_ride=1e9, slack=1e9)
    means = []
    for seed in range(seeds):
        at = random_requests(Chance(seed), per_hour, hours, 1.0).at
        here = np.zeros((len(at), 2))
        day = simulate(Requests(at, here, here), np.zeros((servers, 2)), rules)
        means.append(day.wait[at > hours * HOUR / 2].mean() * 60 / (2 * dwell))
    return float(np.mean(means)), float(np.std(means, ddof=1) / math.sqrt(seeds))


@case("V-25", "最も近い車両までの平均距離", "Mean distance to the nearest vehicle")
def nearest_vehicle() -> list[Check]:
    """Vehicles scattered on a square without an edge, their number Poisson or fixed at 10; 30 km2."""
    checks, area = [], 30.0
    for metric in NEAREST:
        many = np.mean(list(_scattered(metric, area, 100.0, poisson=True))) / nearest(area, 100.0, metric)
        ten = np.mean(list(_scattered(metric, area, 10.0, poisson=False))) / nearest(area, 10.0, metric)
        of = {"metric": {"ja": {"grid": "碁盤目", "straight": "直線"}[metric], "en": metric}}
        checks += [
            Check("{metric}: mean distance over the formula, Poisson number", 1.0, float(many), 0.01, of),
            Check("{metric}: the same with 10 vehicles exactly", 0.964, float(ten), 0.01, of),
        ]
    return [
        Check("constant of the grid", 0.62666, NEAREST["grid"], 5e-6),
        *checks,
        Check("30 km2, 10 idle vehicles: km along the grid", 1.09, nearest(area, 10.0), 5e-3),
    ]


def _scattered(
    metric: str, area: float, vehicles: float, poisson: bool, worlds: int = 400
) -> Iterator[float]:
    """Mean distance in each world from 100 places to the nearest vehicle, across the edge where that is nearer."""
    chance, side = Chance(1), math.sqrt(area)
    for world in range(worlds):
        most = np.arange(int(vehicles + 10 * math.sqrt(vehicles)))
        gaps = -np.log1p(-chance.uniform(f"V-25: {metric} {vehicles}, gap", world, most))
        here = int((gaps.cumsum() < vehicles).sum()) if poisson else int(vehicles)
        place, person = (
            np.column_stack(
                [side * chance.uniform(f"V-25: {what}, {axis}", world, np.arange(n)) for axis in "xy"]
            )
            for what, n in (("vehicle", here), ("person", 100))
        )
        apart = np.abs(place[:, None] - person)
        apart = np.minimum(apart, side - apart)
        away = apart.sum(axis=2) if metric == "grid" else np.sqrt((apart**2).sum(axis=2))
        yield float(away.min(axis=0).mean())


@case("V-28", "リトルの法則と、依頼の保存", "Little's law, and no request is lost")
def nothing_lost() -> list[Check]:
    """Fleets with time to spare, at their limit and far beyond it; until the end and cut off in the middle."""
    checks = []
    for per_hour in (10.0, 45.0, 120.0):
        of = {"rate": int(per_hour)}
        for end, when in (
            (None, {"ja": "終わりまで", "en": "whole day"}),
            (2 * HOUR, {"ja": "2時間で打ち切り", "en": "cut off after two hours"}),
        ):
            off = [
                queue.residual for seed in range(3) for queue in queues(_lived(per_hour, seed), end).values()
            ]
            checks.append(
                Check("{rate} an hour, {when}: largest residual of L - lambda W", 0.0, float(max(map(abs, off))), named={**of, "when": when})
            )  # fmt: skip
        day = _lived(per_hour, 0)
        checks += [
            Check("{rate} an hour: asked less served less refused", 0, len(day.served) - int(day.served.sum()) - day.refused, named=of),
            Check("{rate} an hour: fetched later than allowed", 0, int((day.wait > _rules().most_wait).sum()), named=of),
        ]  # fmt: skip
    return [*checks, Check("120 an hour: somebody is refused and counted", True, day.refused > 0)]


def _rules() -> Rules:
    return Rules.read(Facts.read(), _DAY)


def _lived(per_hour: float, seed: int) -> Day:
    chance, side = Chance(seed), math.sqrt(30.0)
    return simulate(random_requests(chance, per_hour, 4.0, side), depots(chance, 10, side), _rules())


@case(
    "V-28b",
    "オンデマンドの簡易式と、需要と待ちの釣り合い",
    "The quick formula of the fleet; demand and wait come to rest",
)
def fleet_and_demand() -> list[Check]:
    """Numbers by hand; overload told, never clipped; a rest that answers itself; no rest is an error."""
    notes = Fleet(10, 30.0, 4.0, 18.0, 1.3, 1.3, 2.0, 45.0, 0.25, 1.0)
    hours = 4.0 * 1.3 / 18 + 90 / 3600
    busy, over = serve(notes, 13 / hours / 2), serve(notes, 13 / hours * 1.5)
    nests = Nests(np.array([0, 1]), np.ones(2))

    def answer(share: np.ndarray) -> np.ndarray:
        wait = serve(notes, 120 * float(share[1])).wait
        return nested([0.0, 0.5 - 0.09 * wait], nests).share

    rest = successive_averages(answer, [0.9, 0.1])
    try:
        successive_averages(lambda x: (x < 0.5).astype(float), [0.9])
        refused = ""
    except InputError as error:
        refused = error.key
    return [
        Check("half of capacity: load", 0.5, busy.load, 1e-12),
        Check("half of capacity: minutes to the rider", 60 * 0.62666 * math.sqrt(30 / 5) / 18, busy.pickup, 1e-4),
        Check("half as much again as capacity: load", 1.5, over.load, 1e-12),
        Check("half as much again as capacity: riders an hour not served", 13 / hours / 2, over.unserved, 1e-9),
        Check("demand at rest less the demand that its wait makes", 0.0, float(np.abs(answer(rest.value) - rest.value).max()), TOLERANCE),
        Check("a loop that never rests is refused", "travel.no_equilibrium", refused),
    ]  # fmt: skip
