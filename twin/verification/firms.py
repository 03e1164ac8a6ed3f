"""F-01 and F-02: businesses take up digital tools as theory says and as the survey of 2023 found.

The theory: with a unit exponential skill the odds of having started are the pull added up so far times
what the business is, so a logistic regression gives the hazard's own coefficients back. The survey:
帝国データバンク June 2023, whose size classes fitted the one level ``firms.start`` and the slope
``firms.size_slope`` (``experiments/fit_firms.py``). A survey asks firms; the model's rows are the 27,826
private establishments of the city, each of which decides as a firm would.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq

from twin.agents import Businesses, Citizens, Households
from twin.facts import Facts
from twin.model import CityTwin
from twin.network.ties import Ties
from twin.population.businesses import industry_totals
from twin.population.sizes import heavy_tailed
from twin.processes.businesses import BusinessLife
from twin.run.beginning import Beginning
from twin.state import State
from twin.units import month_number
from twin.verification.case import Check, Z, case
from twin.verification.worlds import city, with_values

CENSUS = date(2020, 10, 1)
SURVEY = date(2023, 6, 1)
BY_SIZE, ALL_SIZES, SLOPE = "history.dx_by_size", "history.dx_all", "history.dx_slope"
COPIES = 20  # of the city's establishments, so that large ones are many enough
LARGEST = 1001  # persons; the city has five establishments from here on, smaller than the survey's firms
_LARGE_FIRMS, _LARGEST_FIRM = 800, 20_000
_POINTS = 0.03
_OFF = ("businesses.turnover", "businesses.peers", "businesses.partners")
_ADULT_MONTHS = 20 * 12


def firms_world(
    employees: np.ndarray, industry: np.ndarray, facts: Facts, census: date = CENSUS, off: Iterable[str] = (),
    seed: int = 1,
) -> CityTwin:  # fmt: skip
    """A world of businesses spread over the embedded city's towns, with one citizen who never works."""
    citizens, households, businesses = Citizens(), Households(), Businesses()
    with State([citizens, households, businesses]).writing_all():
        households.append(1)
        citizens.append(1)
        citizens.here[:], citizens.household[:] = True, 0
        citizens.born[:] = month_number(census) - _ADULT_MONTHS
        businesses.append(len(employees))
        businesses.id[:] = np.arange(len(employees))
        businesses.industry[:], businesses.employees[:] = industry, employees
        businesses.town[:] = np.arange(len(employees)) % len(city().towns.code)
        businesses.area[:] = city().towns.area[businesses.town]
    beginning = Beginning(citizens, households, businesses, Ties(), {})
    model = CityTwin(
        city(), beginning, beginning.ties, facts, [BusinessLife()], census=census, seed=seed, off=frozenset(off)
    )  # fmt: skip
    model.start()
    return model


def establishments(facts: Facts, day: date, copies: int = COPIES) -> tuple[np.ndarray, np.ndarray]:
    """Employees and industry of the city's establishments of a census, several times over."""
    count, employees = industry_totals(facts, day, 1.0)
    spread = facts.number("businesses.size_spread", day)
    sizes = [heavy_tailed(n, total, spread) for n, total in zip(count, employees, strict=True)]
    return np.tile(np.concatenate(sizes), copies), np.tile(np.repeat(np.arange(len(count)), count), copies)


def with_large_firms(employees: np.ndarray, industry: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same with firms over 1,000 persons, sizes by Zipf's law, industries as of the largest there are."""
    at = (np.arange(_LARGE_FIRMS) + 0.5) / _LARGE_FIRMS
    sizes = 1 / (1 / LARGEST + at * (1 / _LARGEST_FIRM - 1 / LARGEST))
    where = industry[np.argsort(-employees, kind="stable")[:_LARGE_FIRMS]]
    return np.append(employees, sizes.astype(np.int64)), np.append(industry, where)


def classes(employees: np.ndarray, facts: Facts) -> dict[int, np.ndarray]:
    """Which businesses belong to each size class of the survey, by its smallest size."""
    labels = {int(label) for label in facts.table(BY_SIZE, SURVEY)}
    return {
        int(low): (employees >= low) & (employees < high)
        for low, high in pairwise([1, 6, 21, 51, 101, 301, 1001, np.inf])
        if low in labels
    }


def survey_weights(employees: np.ndarray, facts: Facts) -> np.ndarray:
    """Weights that give the city's establishments the survey's mix of sizes: employees to a power.

    The power is the one at which the published shares by size class, not the model's, add up to the
    published share of all; the class left out in print is interpolated.
    """
    table = facts.table(BY_SIZE, SURVEY)
    starts = np.array(sorted(int(label) for label in table))
    odds = np.log([table[str(n)] / (1 - table[str(n)]) for n in starts])
    middle = np.array([2, 11, 70, 165, 500, 2500])  # rough middles, for the one class left out
    inside = np.searchsorted(starts, employees, side="right") - 1
    missing = (employees > 20) & (employees < 51)
    shares = np.where(missing, np.interp(np.log(31), np.log(middle), odds), odds[inside])
    published, wanted = 1 / (1 + np.exp(-shares)), facts.number(ALL_SIZES, SURVEY)
    size = np.log(employees)
    power = brentq(lambda x: np.average(published, weights=np.exp(x * size)) - wanted, 0.0, 2.0)
    return np.exp(power * size)


def logit_slopes(columns: np.ndarray, yes: np.ndarray) -> np.ndarray:
    """Coefficients of a logistic regression with a constant, which comes last, by Newton's method."""
    design = np.column_stack([columns, np.ones(len(yes))])
    beta = np.zeros(design.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-(design @ beta)))
        beta += np.linalg.solve((design.T * (p * (1 - p))) @ design, design.T @ (yes - p))
    return beta


def in_business(model: CityTwin) -> tuple[np.ndarray, np.ndarray]:
    """Employees of those in business, and who of them uses digital tools."""
    here = model.businesses.here
    return model.businesses.employees[here], model.businesses.array("businesses.stage")[here] > 0


@cache
def at_the_survey() -> CityTwin:
    """Ten cities of establishments and some large firms, from the census to the survey's month."""
    facts = Facts.read()
    model = firms_world(*with_large_firms(*establishments(facts, CENSUS)), facts)
    model.live(month_number(SURVEY) - month_number(CENSUS))
    return model


@case(
    "F-01",
    "周囲の影響がないとき、DX着手のオッズは理論どおり",
    "Without others, the odds of using digital tools are those of theory",
)
def proportional_odds() -> list[Check]:
    """One pull for all, sizes even on the log scale: the share by size and both coefficients come back."""
    facts = _alone(Facts.read())
    firms, years = 200_000, 3
    employees = np.rint(np.exp(np.linspace(0, np.log(3000), firms))).astype(np.int64)
    model = firms_world(employees, np.arange(firms) % 18, facts, off=_OFF)
    model.live(12 * years)
    employees, uses = in_business(model)
    short = model.businesses.array("businesses.short")
    slope, effect = facts.number("firms.size_slope", CENSUS), facts.number("firms.shortage_effect", CENSUS)
    odds = facts.number("firms.start", CENSUS) * years * (employees / 10) ** slope * np.exp(effect * short)
    expected = odds / (1 + odds)
    checks = []
    for low, high in ((1, 10), (10, 100), (100, 3001)):
        inside = (employees >= low) & (employees < high)
        error = (expected * (1 - expected))[inside].sum() ** 0.5 / inside.sum()
        wanted, got = float(expected[inside].mean()), float(uses[inside].mean())
        named = {"low": low, "high": high - 1}
        checks.append(Check("share of {low} to {high} persons", wanted, got, Z * error, named))
    slopes = logit_slopes(np.column_stack([np.log(employees), short]), uses)
    return [
        *checks, Check("slope per log employee", slope, float(slopes[0]), 0.02),
        Check("log odds of a shortage of staff", effect, float(slopes[1]), 0.06),
    ]  # fmt: skip


def _alone(facts: Facts) -> Facts:
    """A pull from outside alone, none before the census, an equal shortage in every industry."""
    letters = facts.table("businesses.employees", CENSUS)
    return with_values(facts, {
        "firms.start": 0.05, "firms.begun": dict.fromkeys(letters, 0.0), "firms.shortage": 0.5,
        "firms.shortage_industry": dict.fromkeys(letters, 1.0),
    })  # fmt: skip


@case(
    "F-02",
    "2023年6月のDX着手率を規模別に再現（水準は当てはめ）",
    "Digital tools by size class in June 2023 (the level is fitted)",
    long=True,
)
def by_size() -> list[Check]:
    """Shares by size within three points, the slope within 0.05, all in the survey's mix of sizes."""
    facts = Facts.read()
    employees, uses = in_business(at_the_survey())
    published = facts.table(BY_SIZE, SURVEY)
    checks = [
        Check(
            "share of {low} persons and more",
            published[str(low)],
            float(uses[inside].mean()),
            _POINTS,
            {"low": low},
        )
        for low, inside in classes(employees, facts).items()
    ]
    cities = employees < LARGEST
    mix = np.average(uses[cities], weights=survey_weights(employees[cities], facts))
    slope = logit_slopes(np.log(employees)[:, None], uses)[0]
    return [
        *checks, Check("share of all in the survey's mix", facts.number(ALL_SIZES, SURVEY), float(mix), _POINTS),
        Check("slope per log employee", facts.number(SLOPE, SURVEY), float(slope), 0.05),
    ]  # fmt: skip
