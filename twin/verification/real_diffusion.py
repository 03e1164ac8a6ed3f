"""V-R1 and V-R2: the adoption process on real people and real ties.

Asked only where the two data sets lie beside the project. The known answers are of three kinds: a closed
form, hazards that were put in, and what others found in the same data. Curves are held against what the
fitted process itself would give: the fact must lie among its own worlds. What it all means is said in
``docs/real_diffusion.md``.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
from scipy.stats import chi2

from twin.facts import Facts
from twin.inference import (
    Adopters,
    Hazards,
    curve,
    exposure,
    files,
    fit,
    fit_bass,
    fit_logistic,
    left_out,
    live,
    log_likelihood,
    outlook,
    personal_thresholds,
    read,
    side_by_side,
)
from twin.verification.case import Check, case

_DAY = date(2022, 4, 1)  # the distribution of thresholds at the start of the model's years
_WORLDS = 1000
_MOST = 0.99  # of its own worlds among which the fact must lie
_PEOPLE = 2000  # in worlds pooled to find again what was put in
_PUT_IN = Hazards(alone=0.05, peers=0.10, crowd=0.20)
_PUT_IN_THRESHOLDS = np.array([1500, 3000, 5000], np.uint16)
_ALARM = 1 / 150_000  # false alarms allowed, as by Z


@case(
    "V-R1",
    "実在の医師125人の新薬採用とつながり（Coleman ほか 1966）",
    "125 real doctors, their ties and a new drug (Coleman et al. 1966)",
    long=True,
    needs=files("doctors"),
)
def doctors() -> list[Check]:
    """Ties tell nothing beside what moved everybody at one time (Van den Bulte & Lilien 2001)."""
    people, kind = read("doctors"), "advice"
    counts = curve(people.began, people.steps)
    return [
        Check("Bass curve alone: RMSE, doctors", 2.3, fit_bass(counts).rmse, 0.05),
        Check("logistic curve alone: RMSE, doctors", 3.1, fit_logistic(counts).rmse, 0.05),
        *_checks(people, kind, "doctors by month {step}", "doctors"),
        Check("peers beside levels of month and city: gain in log-likelihood", 0.0, _gain(people, kind), _half_chi2(0.05)),
    ]  # fmt: skip


@case(
    "V-R2",
    "実在の女性647人（韓国の15村）の家族計画とつながり（Rogers・Kincaid 1981）",
    "647 real women in 15 Korean villages, their ties and family planning (Rogers & Kincaid 1981)",
    long=True,
    needs=files("korean_villages"),
)
def villages() -> list[Check]:
    """Ties tell something that neither the period nor the village explains."""
    people, kind = read("korean_villages"), "discusses family planning"
    gain = _gain(people, kind)
    return [
        *_checks(people, kind, "women by period {step}", "women"),
        Check("peers beside levels of period and village: gain is more than chance", True, gain > _half_chi2(0.05)),
    ]  # fmt: skip


def _thresholds() -> np.ndarray:
    return personal_thresholds(Facts.read(), _DAY)


def _half_chi2(chance: float, freedom: int = 1) -> float:
    """Log-likelihood that so many needless numbers gain with no more than this chance."""
    return float(chi2.isf(chance, freedom) / 2)


def _gain(people: Adopters, kind: str) -> float:
    """Log-likelihood that peers add when every step and every place has a level of its own."""
    seen = exposure(people, people.weight(kind), _thresholds())
    return round(fit(seen, ("peers",), levels=True).loglik - fit(seen, (), levels=True).loglik, 4)


def _checks(people: Adopters, kind: str, by_step: str, whom: str) -> list[Check]:
    """What both data sets are asked."""
    weight, thresholds, free = people.weight(kind), _thresholds(), ("alone", "peers")
    seen = exposure(people, weight, thresholds)
    alone = -math.log1p(-seen.begins.sum() / (seen.begins | seen.waits).sum())
    lived = outlook(people, weight, fit(seen, free).hazards, thresholds, _WORLDS)
    marks = [round(people.steps * part) for part in (0.25, 0.5, 0.75, 1)]
    places = left_out(people, weight, free, thresholds, _WORLDS)
    foretold = side_by_side([one.outlook for one in places])
    bass, logistic = (foretold.off([getattr(one, name) for one in places]) for name in ("bass", "logistic"))
    return [
        Check("external hazard alone, closed form", alone, fit(seen, ("alone",)).hazards.alone, 1e-6),
        _found_again(people, weight),
        *(_within(by_step, lived.band[:, t - 1], lived.fact[t - 1], step=t) for t in marks),
        _among(f"RMSE, {whom}", lived.rmse(lived.worlds), lived.rmse(lived.fact)),
        _among(
            f"places left out in turn: RMSE, {whom} (Bass {{bass}}, logistic {{logistic}})",
            foretold.rmse(foretold.worlds), foretold.rmse(foretold.fact), bass=f"{bass:.2f}", logistic=f"{logistic:.2f}",
        ),
        _among(
            "places left out in turn: share of steps in the 90 % band",
            foretold.inside(foretold.worlds), foretold.inside(foretold.fact),
        ),
    ]  # fmt: skip


def _found_again(people: Adopters, weight: np.ndarray) -> Check:
    """External, peer and threshold hazards put into the kernel on these ties come back."""
    worlds = people.copies(-(-_PEOPLE // len(people)))
    worlds = replace(worlds, began=live(worlds, weight, _PUT_IN, _PUT_IN_THRESHOLDS, seed=1))
    seen = exposure(worlds, weight, _PUT_IN_THRESHOLDS)
    lost = fit(seen, Hazards._fields).loglik - log_likelihood(seen, _PUT_IN)
    return Check("hazards put in: log-likelihood below the best", 0.0, lost, _half_chi2(_ALARM, len(_PUT_IN)))


def _among(what: str, worlds: np.ndarray, fact: np.ndarray, **named: object) -> Check:
    """The fact within what nearly all of the process's own worlds show."""
    return _within(what, np.quantile(worlds, ((1 - _MOST) / 2, (1 + _MOST) / 2)), fact, **named)


def _within(what: str, bounds: np.ndarray, fact: np.ndarray, **named: object) -> Check:
    return Check(what, float(bounds.mean()), float(fact), float(np.ptp(bounds) / 2), named)
