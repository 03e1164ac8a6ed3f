"""What a citizen is like: digital ability, trust, household income, and where the working day is spent.

Every value is a function of facts and of draws that hang on the citizen's id, so the same rules serve
the census people and later newcomers.

    ability = (cohort(birth year) + effect x has higher education + noise - mean) / spread
    trust   = standard normal
    income  = fifth of households by  log mean income(age of head) + effect x earners + noise
    day     = school | work in the city | work outside | home, by age and sex
"""

from __future__ import annotations

from datetime import date

import numpy as np

from twin.agents.citizens import Day, Role
from twin.chance import Chance
from twin.facts import Facts
from twin.population.ages import AGES, BAND_OF_AGE, ELDERLY, band_totals, single_years
from twin.units import MONTHS_A_YEAR, month_start

CENSUS = date(2020, 10, 1)  # ability is standardised among the people of this day
FIFTHS = 5


def ability(born: np.ndarray, ids: np.ndarray, facts: Facts, chance: Chance) -> np.ndarray:
    """Digital ability in standard deviations (f8): birth cohort, education and noise, no ageing.

    Parameters
    ----------
    born : month numbers of birth
    ids : identities the draws hang on
    """
    year = birth_year(born)
    share = facts.curve("people.ability.higher_education", CENSUS, year)
    educated = chance.uniform("person: education", 0, ids) < share
    mean, spread = _ability_scale(facts)
    raw = facts.curve("people.ability.cohort", CENSUS, year)
    raw = raw + facts.number("people.ability.education_effect", CENSUS) * educated
    raw = raw + facts.number("people.ability.spread", CENSUS) * chance.normal("person: ability", 0, ids)
    return (raw - mean) / spread


def birth_year(born: np.ndarray) -> np.ndarray:
    """Year of birth as a number with months as fractions (f8)."""
    return month_start(0).year + np.asarray(born, dtype=float) / MONTHS_A_YEAR


def _ability_scale(facts: Facts) -> tuple[float, float]:
    """Mean and standard deviation of raw ability over the city's ages at the census, in closed form."""
    people = single_years(facts, CENSUS)
    total = sum(facts.table("people.ward.total", CENSUS).values())
    in_band = np.bincount(BAND_OF_AGE, weights=people)
    people = people / in_band[BAND_OF_AGE] * band_totals(facts, CENSUS, total)[BAND_OF_AGE] / total
    year = CENSUS.year + (CENSUS.month - 1) / MONTHS_A_YEAR - AGES - 0.5
    share = facts.curve("people.ability.higher_education", CENSUS, year)
    effect = facts.number("people.ability.education_effect", CENSUS)
    noise = facts.number("people.ability.spread", CENSUS)
    centre = facts.curve("people.ability.cohort", CENSUS, year) + effect * share
    mean = float((people * centre).sum())
    square = (people * (centre**2 + effect**2 * share * (1 - share) + noise**2)).sum()
    return mean, float(np.sqrt(square - mean**2))


def trust(ids: np.ndarray, chance: Chance) -> np.ndarray:
    """Trust in those who hold data, standard normal (f8)."""
    return chance.normal("person: trust", 0, ids)


def working_day(
    age: np.ndarray,
    sex: np.ndarray,
    role: np.ndarray,
    ids: np.ndarray,
    facts: Facts,
    day: date,
    chance: Chance,
) -> np.ndarray:
    """Where the working day is spent (:class:`Day`, u1); inmates of 65 and over stay at home."""
    school = chance.uniform("person: school", 0, ids) < facts.curve("people.day.school", day, AGES)[age]
    rates = np.stack([facts.curve(f"people.day.{who}_at_work", day, AGES) for who in ("men", "women")])
    rates[:, _youngest_worker(facts, day) > AGES] = 0.0
    outside = np.array([facts.number(f"people.day.outside_{who}", day) for who in ("men", "women")])
    works = chance.uniform("person: at work", 0, ids) < rates[sex, age]
    works &= ~((role == Role.INMATE) & (age >= ELDERLY))
    leaves = chance.uniform("person: work outside", 0, ids) < outside[sex]
    result = np.where(works, np.where(leaves, Day.WORK_OUTSIDE, Day.WORK_IN_CITY), Day.HOME)
    return np.where(school, Day.SCHOOL, result).astype("u1")


def _youngest_worker(facts: Facts, day: date) -> int:
    """First age in the table of men at work: nobody younger works."""
    return min(int(age) for age in facts.table("people.day.men_at_work", day))


def income_fifths(
    head_age: np.ndarray, earners: np.ndarray, ids: np.ndarray, facts: Facts, day: date, chance: Chance
) -> np.ndarray:
    """Fifth of the city's households by income, 1 lowest to 5 highest (u1), equal numbers in each.

    Parameters
    ----------
    head_age : age of the head of each household
    earners : how many of the household work
    ids : identities of the households
    """
    level = np.log(facts.curve("people.income.by_age", day, head_age))
    level = level + facts.number("people.income.earner_effect", day) * earners
    level = level + facts.number("people.income.spread", day) * chance.normal("household: income", 0, ids)
    fifth = np.empty(len(level), "u1")
    fifth[np.argsort(level, kind="stable")] = np.arange(len(level)) * FIFTHS // max(len(level), 1) + 1
    return fifth
