"""V-20 to V-22, V-29, V-20b and V-20c: choices as the formulas say, tastes as others found them."""

from __future__ import annotations

from datetime import date

import numpy as np

from twin.chance import Chance
from twin.facts import Facts
from twin.inference import SWISSMETRO, fit_choice, swissmetro
from twin.travel.choice import MODES, Nests, choose, multinomial, nested, nests_of, unseen
from twin.travel.utility import Offered, Tastes, revenue, utility
from twin.verification.case import Check, case, share

_DAY = date(2022, 4, 1)
_CAR_RAIL_BUS = Nests(np.array([0, 1, 1]), np.array([1.0, 0.5]))
_CHOOSERS = 200_000


@case("V-20", "多項ロジットの割合とログサム", "Shares and logsum of multinomial logit")
def multinomial_logit() -> list[Check]:
    """V = (0, -1, -2), by formula and by draws that scenarios share."""
    v = np.array([0.0, -1.0, -2.0])
    got, drawn = nested(v, multinomial(3)), _drawn(v, multinomial(3))
    wanted = (0.66524, 0.24473, 0.09003)
    return [
        *(Check("share of alternative {n}", w, round(float(got.share[n]), 5), 1e-6, {"n": n + 1}) for n, w in enumerate(wanted)),
        Check("logsum", 0.40761, round(float(got.logsum), 5), 1e-6),
        *(share("drawn share of alternative {n}", w, drawn[n], _CHOOSERS, named={"n": n + 1}) for n, w in enumerate(wanted)),
    ]  # fmt: skip


@case("V-21", "入れ子ロジットと、赤いバス・青いバス", "Nested logit, red bus and blue bus")
def nested_logit() -> list[Check]:
    """Car 0; rail -0.5 and bus -1 in a nest of theta 0.5, 1 and nearly 0."""
    v, names = np.array([0.0, -0.5, -1.0]), ("drive", "rail", "bus")
    got, drawn = nested(v, _CAR_RAIL_BUS).share, _drawn(v, _CAR_RAIL_BUS)
    flat = nested(v, _CAR_RAIL_BUS._replace(theta=np.ones(2))).share
    checks = []
    for n, name in enumerate(names):
        of = {"mode": _said(name)}
        half, one = (0.58501, 0.30338, 0.11161)[n], (0.50648, 0.30720, 0.18632)[n]
        checks += [
            Check("theta 0.5: share of {mode}", half, round(float(got[n]), 5), 1e-6, of),
            Check("theta 1: share of {mode}", one, round(float(flat[n]), 5), 1e-6, of),
            share("theta 0.5: drawn share of {mode}", half, drawn[n], _CHOOSERS, named=of),
        ]
    for theta in (1e-9, 0.0):
        buses = nested([0.0, 0.0, 0.0], _CAR_RAIL_BUS._replace(theta=np.array([1.0, theta]))).share
        checks.append(Check("two equal buses at theta {theta}: their share together", 0.5, float(buses[1:].sum()), 1e-6, {"theta": theta}))  # fmt: skip
    return checks


@case(
    "V-21b",
    "無関係な選択肢からの独立: 入れ子の中では成り立ち、またぐと破れる",
    "Independence of irrelevant alternatives holds in a nest and breaks across nests",
)
def irrelevant_alternatives() -> list[Check]:
    """The eight modes; on-demand rides come in, or drive goes."""
    nests = _nests()
    v = np.linspace(0.3, -1.5, len(MODES))
    there, whole = np.ones(len(MODES), bool), nested(v, nests).share
    there[MODES.index("on_demand")] = False
    without = nested(v, nests, there).share
    flat = [nested(v, multinomial(len(MODES)), free).share for free in (True, there)]

    def kept(a: str, b: str, before: np.ndarray, after: np.ndarray) -> float:
        i, j = MODES.index(a), MODES.index(b)
        return float((after[i] / after[j]) / (before[i] / before[j]))

    across = kept("drive", "rail", without, whole)
    return [
        Check("rail against bus with and without on-demand rides", 1.0, kept("rail", "bus", without, whole), 1e-12),
        Check("drive against walk with and without on-demand rides", 1.0, kept("drive", "walk", without, whole), 1e-12),
        Check("drive against rail changes when on-demand rides come", True, abs(across - 1) > 0.01),
        Check("rides on demand take more from rail than from drive", True, across > 1),
        Check("multinomial: drive against rail", 1.0, kept("drive", "rail", flat[1], flat[0]), 1e-12),
    ]  # fmt: skip


@case(
    "V-22",
    "効用に1000を足しても同じ、±800でもあふれない",
    "Adding 1000 to all changes nothing; nothing overflows at 800",
)
def shifts() -> list[Check]:
    """Utilities of whole sixteenths, so that the sums are exact; single and nested."""
    v = np.round(np.linspace(-3, 3, len(MODES)) * 16) / 16
    checks = []
    for nests, of in (
        (multinomial(len(MODES)), {"logit": {"ja": "多項ロジット", "en": "multinomial"}}),
        (_nests(), {"logit": {"ja": "入れ子ロジット", "en": "nested"}}),
    ):
        before, after = nested(v, nests), nested(v + 1000, nests)
        checks.append(Check("{logit}: largest change of a share when 1000 is added", 0.0, float(np.abs(after.share - before.share).max()), named=of))  # fmt: skip
        far = np.where(np.arange(len(MODES)) % 2, 800.0, -800.0)
        got = nested(np.stack([far, -far, np.full(len(MODES), -800.0)], axis=1), nests)
        checks += [
            Check("{logit}: all finite at 800 and -800", True, bool(np.isfinite(got.share).all() and np.isfinite(got.logsum).all()), named=of),
            Check("{logit}: largest distance of a sum of shares from 1", 0.0, float(np.abs(got.share.sum(axis=0) - 1).max()), 1e-12, of),
        ]  # fmt: skip
    return checks


@case(
    "V-29",
    "運賃を上げると、その手段は減り、車は増え、収入は運賃×移動",
    "A fare goes up: fewer ride, more drive, revenue is fares times trips",
)
def fare_up() -> list[Check]:
    """The bus 100 yen dearer for 200,000 trips: by formula and by draws; nobody else changes."""
    tastes, nests, bus, drive = _tastes(), _nests(), MODES.index("bus"), MODES.index("drive")
    chance, ids = Chance(1), np.arange(_CHOOSERS)
    ride = 10 + 30 * np.stack([chance.uniform(f"V-29: {mode}", 0, ids) for mode in MODES])
    fare = np.array([60.0, 0.0, 900.0, 200.0, 220.0, 400.0, 0.0, 0.0])[:, None]
    dearer = fare + 100.0 * (np.arange(len(MODES)) == bus)[:, None]
    before, after = (nested(utility(Offered(ride, yen=yen), tastes), nests).share for yen in (fare, dearer))
    own = unseen(chance, "V-29: trip", 0, ids, nests)
    took, takes = (choose(utility(Offered(ride, yen=yen), tastes), own) for yen in (fare, dearer))
    trips = (takes == np.arange(len(MODES))[:, None]).astype(float)
    paid = revenue(trips, Offered(ride, yen=dearer))
    by_hand = np.bincount(takes, minlength=len(MODES)) * dearer[:, 0]
    return [
        Check("share of the bus falls for everybody", True, bool((after[bus] < before[bus]).all())),
        Check("share of driving rises for everybody", True, bool((after[drive] > before[drive]).all())),
        Check("drawn trips: fewer by bus, more by car", True, bool((takes == bus).sum() < (took == bus).sum() and (takes == drive).sum() > (took == drive).sum())),
        Check("drawn trips that change without having been by bus", 0, int((takes != took)[took != bus].sum())),
        Check("revenue less fares times trips, yen", 0.0, float(np.abs(paid - by_hand).max())),
    ]  # fmt: skip


@case(
    "V-20b",
    "Swissmetro の選択から推定した好み（多項・入れ子ロジット）",
    "Tastes estimated from the Swissmetro choices (multinomial and nested logit)",
    needs=(SWISSMETRO,),
)
def swissmetro_tastes() -> list[Check]:
    """The values Biogeme gives for the same data: its tutorial examples 01 and 09."""
    choices = swissmetro()
    alone = choices._replace(person=choices.person[:0])  # as published: every choice by itself
    plain, of_nest = fit_choice(alone), fit_choice(alone, Nests(np.array([0, 1, 0]), np.ones(2)), free=(0,))
    values = {"car": -0.1546, "train": -0.7012, "time": -1.2779, "cost": -1.0838}
    errors = {
        "car": (0.0432, 0.0582),
        "train": (0.0549, 0.0826),
        "time": (0.0569, 0.104),
        "cost": (0.0518, 0.0682),
    }
    checks = [Check("Swissmetro, choices used", 6768, len(choices.chosen))]
    for name, wanted in values.items():
        k, of = plain.names.index(name), {"taste": name}
        checks += [
            Check("Swissmetro, multinomial: {taste}", wanted, plain[name], 5e-5, of),
            Check("Swissmetro, multinomial: standard error of {taste}", errors[name][0], float(plain.error[k]), 5e-5, of),
            Check("Swissmetro, multinomial: robust error of {taste}", errors[name][1], float(plain.robust[k]), 5e-4, of),
        ]  # fmt: skip
    for name, wanted in {"car": -0.167, "train": -0.512, "time": -0.899, "cost": -0.857}.items():
        checks.append(Check("Swissmetro, nested: {taste}", wanted, of_nest[name], 5e-4, {"taste": name}))
    return [
        *checks,
        Check("Swissmetro, log-likelihood at zero", -6964.663, plain.loglik_zero, 5e-4),
        Check("Swissmetro, multinomial: log-likelihood", -5331.252, plain.loglik, 5e-4),
        Check("Swissmetro, nested: log-likelihood", -5236.900, of_nest.loglik, 5e-4),
        Check("Swissmetro, nested: scale of train and car (1 / theta)", 2.05, 1 / of_nest["theta 0"], 5e-3),
    ]


def _drawn(v: np.ndarray, nests: Nests) -> np.ndarray:
    own = unseen(Chance(1), "verification: choice", 0, np.arange(_CHOOSERS), nests)
    return np.bincount(choose(v[:, None], own), minlength=len(v)) / _CHOOSERS


def _tastes() -> Tastes:
    return Tastes.read(Facts.read(), _DAY)


def _nests() -> Nests:
    return nests_of(Facts.read().table("travel.theta", _DAY))


def _said(mode: str) -> dict[str, str]:
    return {"ja": {"drive": "自動車", "rail": "鉄道", "bus": "バス"}[mode], "en": mode}
