"""What the process does on average: the cohort-component projection of the same chances.

A Leslie step moves every age group one place on, keeps the share that stays and lets the newborn in
at the front. :func:`expected` takes such a step each month, with ages in months and the two sexes,
from the very chances the process draws with; people in households leave when their head does, so
the chance of leaving by age is read off the living population by :func:`leaving`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from twin.agents.citizens import Day, Role
from twin.chance import Chance
from twin.processes.demography import newcomers
from twin.processes.demography.rates import AGES, Event, Reader, monthly_chances, ward_table

_A_YEAR = 12
MONTHS = AGES * _A_YEAR  # age groups of the projection: months of age
_YEAR_OF = np.minimum(np.arange(1, MONTHS + 1) // _A_YEAR, AGES - 1)  # index k: born k + 1 months before


def leslie(people: np.ndarray, stays: np.ndarray, bears: np.ndarray) -> np.ndarray:
    """One step of a Leslie projection; the last age group is open.

    Parameters
    ----------
    people : (ages,) people by age group before the step
    stays : (ages,) share of each group that is there after the step
    bears : (ages,) newborn there after the step per person of each group

    Returns
    -------
    (ages,) people by age group after the step, the newborn in the first
    """
    after = np.empty(len(people))
    after[1:] = (people * stays)[:-1]
    after[-1] += people[-1] * stays[-1]
    after[0] = people @ bears
    return after


@dataclass(frozen=True)
class Expectation:
    """Expected people by sex and month of age after the last month, and the flows of every month."""

    people: np.ndarray  # (2, months of age)
    births: np.ndarray
    deaths: np.ndarray
    departures: np.ndarray
    arrivals: np.ndarray


def expected(
    read: Reader,
    month: int,
    people: np.ndarray,
    leaves: np.ndarray,
    months: int,
    arriving: np.ndarray | None = None,
) -> Expectation:
    """Project people by sex and age with the chances of one month's facts.

    Parameters
    ----------
    read : facts on a day
    month : first month; the season and the improvement of mortality go on from it
    people : (2, months of age) people by sex and completed months of age, counted from the month of birth
    leaves : (2, ages) chance of leaving the city in a month of an average season, from :func:`leaving`
    months : how many months to go
    arriving : (2, months of age) people expected to arrive in each month, none if left out
    """
    season = read.table("demography.season")
    ratio = read.fact("demography.births.sex_ratio")
    boys = np.array([ratio, 1.0]) / (1 + ratio)
    flows = np.zeros((4, months))
    for step in range(months):
        chance = monthly_chances(read, month + step)[:, Role.HEAD, Day.HOME]
        dies, bears = chance[:, _YEAR_OF, Event.DEATH], chance[1, _YEAR_OF, Event.BIRTH]
        goes = (leaves * season[str((month + step) % _A_YEAR + 1)])[:, _YEAR_OF]
        stays = (1 - dies) * (1 - goes)
        born = people[1] * (1 - dies[1]) * bears
        after = np.stack([leslie(people[sex], stays[sex], np.zeros(MONTHS)) for sex in (0, 1)])
        after[:, 0] = boys * (born @ (1 - goes[1]))
        flows[:, step] = (
            born.sum(),
            (people * dies).sum(),
            (people * (1 - dies) * goes).sum() + born @ goes[1],
            0,
        )
        if arriving is not None:
            after += arriving
            flows[3, step] = arriving.sum()
        people = after
    return Expectation(people, *flows)


def by_age(model: Any) -> np.ndarray:
    """People here by sex and month of age as :func:`expected` counts them, (2, months of age)."""
    people = model.citizens
    age = (model.month - people.born[people.here].astype(np.int64) - 1).clip(0, MONTHS - 1)
    group = people.sex[people.here].astype(np.int64) * MONTHS + age
    return np.bincount(group, minlength=2 * MONTHS).reshape(2, MONTHS).astype(float)


def leaving(model: Any) -> np.ndarray:
    """Chance of leaving the city in a month of an average season by sex and age, (2, ages).

    For everyone the chance that the head takes the household along or that the person goes alone,
    meaned over the people of the model as they live together now.
    """
    people, month = model.citizens, model.month
    here = np.flatnonzero(people.here)
    factor = ward_table(model, "demography.departures.ward", model.city.wards.code)
    season = model.table("demography.season")[str(month % _A_YEAR + 1)]
    chance = monthly_chances(model, month)
    age = ((month - people.born[here].astype(np.int64)) // _A_YEAR).clip(0, AGES - 1)
    lines = chance[people.sex[here], people.role[here], people.day[here], age]
    ward = factor[model.city.areas.ward[people.area[here]]]
    together = np.zeros(model.households.rows)
    is_head = people.role[here] == Role.HEAD
    goes, lives = ward * lines[:, Event.LEAVES_WITH_ALL], 1 - lines[:, Event.DEATH]
    together[people.household[here[is_head]]] = (goes * lives)[is_head]
    with_head = np.where(people.role[here] == Role.INMATE, 0, together[people.household[here]])
    total = np.where(is_head, goes, 1 - (1 - with_head) * (1 - ward * lines[:, Event.LEAVES_ALONE])) / season
    group = people.sex[here].astype(np.int64) * AGES + age
    count = np.bincount(group, minlength=2 * AGES)
    mean = np.bincount(group, total, minlength=2 * AGES) / np.maximum(count, 1)
    return mean.reshape(2, AGES)


def arriving(read: Reader, month: int, fraction: float = 1.0, sample: int = 200_000) -> np.ndarray:
    """People expected to arrive in a month by sex and month of age, (2, months of age).

    The templates are drawn for a large sample with a fixed seed and scaled to the expected number.
    """
    drawn = newcomers.draw_households(read, Chance(0), month, np.arange(sample))
    age = (month - drawn.born).clip(0, MONTHS - 1)
    count = np.bincount(drawn.sex.astype(np.int64) * MONTHS + age, minlength=2 * MONTHS).reshape(2, MONTHS)
    households = newcomers.people_arriving(read, month) * fraction / newcomers.mean_size(read)
    return count * (households / sample)
