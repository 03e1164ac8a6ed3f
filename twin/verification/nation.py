"""H-03: internet use by age in Japan, 2010 to 2021, with and without people who stop.

The rule of adoption lived by an endless population (:mod:`twin.processes.reference`), from the survey
of 2010 on. Ages move up whatever happens; the question is what stopping adds to that.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from twin.facts import Facts
from twin.processes.demography.rates import AsOf, death_hazard
from twin.processes.rates import AGES, NET, TECHNOLOGIES, rates_of
from twin.processes.reference import Reference, shares_at_start
from twin.units import month_number
from twin.verification.case import Check, case
from twin.verification.worlds import with_values, world

BEGIN = date(2010, 12, 1)
SERIES = "history.net_by_age"
_POINTS = 0.02


def lived(facts: Facts, stop: bool) -> dict[date, np.ndarray]:
    """Share of internet users by age on the days of the published surveys, with or without stopping."""
    model = world(1, with_values(facts, {"adoption.school_pulse": 0.0}))
    model.off = frozenset() if stop else frozenset({"adoption.stop"})
    days = [day for day, _ in facts[SERIES].values]
    found: dict[date, np.ndarray] = {}
    model.month = month_number(BEGIN)
    reference, period = _of_2010(model), -1
    while len(found) < len(days):
        if period != model.period:
            period, rates = model.period, rates_of(model)
        reference.step(rates)
        found |= {day: reference.users()[NET].copy() for day in days if month_number(day) == model.month}
        model.month += 1
    return found


def rows_with(facts: Facts, stop: bool) -> list[tuple[date, str, float, float]]:
    """Day, age group, published share, the model's."""
    out, by_age = [], lived(facts, stop)
    for day, published in facts[SERIES].values:
        for group, share in published.items():  # type: ignore[union-attr]
            low, _, high = group.rstrip("+").partition("-")
            inside = (int(low) <= AGES) & (int(high or AGES[-1]) >= AGES)
            weight = _people_by_age()[inside]
            out.append((day, group, share, float(by_age[day][inside] @ weight / weight.sum())))
    return out


@cache
def rows(stop: bool) -> list[tuple[date, str, float, float]]:
    """The same with the facts as they stand."""
    return rows_with(Facts.read(), stop)


def _of_2010(model) -> Reference:
    """The nation at the end of 2010: users of the internet by age have a device, nobody uses the rest."""
    using = np.zeros((len(TECHNOLOGIES), len(AGES)))
    using[:2] = model.curve("history.net_start", AGES)
    stopped = np.array([model.entry("adoption.start_stopped", t) for t in TECHNOLOGIES])[:, None] * (
        AGES >= 65
    )
    unaware = np.array([model.entry("adoption.start_unaware", t) for t in TECHNOLOGIES])
    shares = shares_at_start(using, stopped, unaware)
    return Reference(shares, model.fact("adoption.reference_same_age"), np.ones(len(TECHNOLOGIES)))


@cache
def _people_by_age() -> np.ndarray:
    """Weight of single ages within a group: survivors by the model's own chances of death."""
    hazard = death_hazard(AsOf(Facts.read(), date(2020, 10, 1)), 2020.0).mean(axis=0)
    survivors = np.exp(-np.concatenate([[0.0], np.cumsum(hazard)]))
    return np.pad(survivors, (0, max(len(AGES) - len(survivors), 0)))[: len(AGES)]


@case(
    "H-03",
    "年齢別のインターネット利用、2010年から2021年（全国）",
    "Internet use by age in Japan, 2010 to 2021, with and without stopping",
)
def internet_by_age() -> list[Check]:
    """The 70s of 2021 within two points with stopping, and nearer than without."""
    day = date(2021, 8, 31)
    (wanted, got), (_, without) = (
        next((p, g) for d, group, p, g in rows(stop) if d == day and group == "70-79")
        for stop in (True, False)
    )
    errors = {
        stop: float(np.sqrt(np.mean([(g - p) ** 2 for _, _, p, g in rows(stop)]))) for stop in (True, False)
    }
    return [
        Check("70s in August 2021, with stopping", wanted, round(got, 4), _POINTS),
        Check("70s in August 2021, without stopping, is too high", True, without > wanted + _POINTS),
        Check(
            "root mean square error over all published rows is smaller with stopping",
            True,
            errors[True] < errors[False],
        ),
    ]
