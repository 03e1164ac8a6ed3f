"""The monthly chances of everything that can happen to a citizen, read from the facts.

One table answers "how likely is event k this month for this sex, place in the household, kind of
day and age?". The process draws from it and the projection (:mod:`.expect`) adds it up, so both
speak of the same hazards. Rates of the facts are yearly hazards; births, which can come again, are
a yearly number divided by twelve.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import Protocol

import numpy as np
from scipy.stats import norm

from twin.agents.citizens import Day, Role
from twin.facts import Facts
from twin.units import MONTHS_A_YEAR, month_start, share_per_step

AGES = 120  # whole years 0..119, the last one open
_YEARS = np.arange(AGES)
_MONTH = 1 / MONTHS_A_YEAR
_APRIL = 4
_WORKING_AGE = 15  # compulsory school ends
_FERTILE = slice(15, 50)  # ages counted by the total fertility rate
_SEXES = ("male", "female")
_GROWN = [Role.CHILD, Role.OTHER]
_FREE = [Role.HEAD, Role.CHILD, Role.OTHER, Role.INMATE]  # heads with a partner are sifted out later


class Event(IntEnum):
    """What can happen to a citizen in a month; the number is the bit in the kernel's answer."""

    DEATH = 0
    LEAVES_WITH_ALL = 1  # the head decides, the household goes
    MOVES = 2  # the head decides, the household moves inside the city
    NEEDS_CARE = 3
    BIRTH = 4
    WISHES_UNION = 5  # women
    OPEN_TO_UNION = 6  # men
    SEPARATES = 7
    LEAVES_ALONE = 8
    LEAVES_HOME = 9
    STARTS_SCHOOL = 10
    LEAVES_SCHOOL = 11
    STARTS_WORK = 12
    LEAVES_WORK = 13

    @property
    def purpose(self) -> str:
        """Name of the draw, for example ``"demography: leaves alone"``."""
        return f"demography: {self.name.lower().replace('_', ' ')}"


# Events in one row share a stretch of the sieving word: no person can have two of them in a month,
# by sex, place in the household, kind of day, or age below or above the end of compulsory school.
NEVER_TOGETHER = (
    (Event.DEATH,),
    (Event.LEAVES_WITH_ALL, Event.LEAVES_ALONE),
    (Event.MOVES, Event.LEAVES_HOME, Event.SEPARATES),
    (Event.NEEDS_CARE,),
    (Event.BIRTH,),
    (Event.WISHES_UNION, Event.OPEN_TO_UNION),
    (Event.STARTS_SCHOOL, Event.LEAVES_SCHOOL, Event.STARTS_WORK, Event.LEAVES_WORK),
)
PERSONAL = sum(1 << e for e in Event if e <= Event.LEAVES_HOME)  # events that touch a household


class Reader(Protocol):
    """What gives facts on a day: the model, or :class:`AsOf` outside of one."""

    def fact(self, key: str) -> float:
        """A single number."""

    def table(self, key: str) -> dict[str, float]:
        """A table by label."""

    def curve(self, key: str, at: np.ndarray) -> np.ndarray:
        """A table by age, read as a line."""


class AsOf:
    """Facts as they stand on one day, readable like a model."""

    def __init__(self, facts: Facts, day: date) -> None:
        self.facts, self.day = facts, day

    def fact(self, key: str) -> float:
        """A single number."""
        return self.facts.number(key, self.day)

    def table(self, key: str) -> dict[str, float]:
        """A table by label."""
        return self.facts.table(key, self.day)

    def curve(self, key: str, at: np.ndarray) -> np.ndarray:
        """A table by age, read as a line."""
        return self.facts.curve(key, self.day, at)


def death_hazard(read: Reader, year: float) -> np.ndarray:
    """Yearly hazard of death by sex and age, (2, ages): Gompertz and Makeham, falling over the years."""
    improved = np.exp(-read.fact("demography.deaths.improvement") * (year - 2020))
    parts = [read.table(f"demography.deaths.{p}") for p in ("background", "at_65", "steepness", "first_year")]
    hazard = np.empty((2, AGES))
    for sex, name in enumerate(_SEXES):
        background, at_65, steepness, first_year = (part[name] for part in parts)
        hazard[sex] = background + at_65 * np.exp(steepness * (_YEARS + 0.5 - 65))
        hazard[sex, 0] = first_year
    return hazard * improved * read.fact("demography.deaths.level")


def fertility(read: Reader) -> np.ndarray:
    """Births a year and woman by age, (ages,); its sum is the total fertility rate."""
    shape = np.zeros(AGES)
    middle = read.fact("demography.births.mean_age"), read.fact("demography.births.age_spread")
    shape[_FERTILE] = norm.pdf(_YEARS[_FERTILE] + 0.5, *middle)
    return read.fact("demography.births.total_fertility") * shape / shape.sum()


def monthly_chances(read: Reader, month: int) -> np.ndarray:
    """Chance of each event this month, (sex, role, day, age, event) f8."""
    day = month_start(month)
    hazard = np.zeros((2, len(Role), AGES, len(Event)))
    curve = lambda key: read.curve(f"demography.{key}", _YEARS)  # noqa: E731
    season = read.table("demography.season")[str(day.month)]
    leaving = season * read.fact("demography.departures.level")
    hazard[..., Event.DEATH] = death_hazard(read, day.year + (day.month - 0.5) * _MONTH)[:, None]
    hazard[:, Role.HEAD, :, Event.LEAVES_WITH_ALL] = leaving * curve("departures.household")
    hazard[:, [*_GROWN, Role.INMATE], :, Event.LEAVES_ALONE] = leaving * curve("departures.alone")
    moving = season * read.fact("demography.moves.level")
    hazard[:, Role.HEAD, :, Event.MOVES] = moving * curve("moves.household")
    hazard[:, _GROWN, :, Event.LEAVES_HOME] = curve("households.leave_home")
    hazard[:, Role.INMATE, :, Event.LEAVES_HOME] = curve("households.leave_institution")
    hazard[1, _FREE, :, Event.WISHES_UNION] = curve("households.unions")
    hazard[0, _FREE, :, Event.OPEN_TO_UNION] = curve("households.open_to_union")
    hazard[:, Role.PARTNER, :, Event.SEPARATES] = curve("households.separations")
    hazard[:, : Role.INMATE, :, Event.NEEDS_CARE] = curve("households.care")
    chance = share_per_step(hazard, _MONTH)
    chance[1, :, :, Event.BIRTH] = fertility(read) * _MONTH
    chance = np.repeat(chance[:, :, None], len(Day), axis=2)
    _school_and_work(read, day, chance)
    return chance


def _school_and_work(read: Reader, day: date, chance: np.ndarray) -> None:
    """Fill in school, which turns in April, and work, whose flows keep the shares of the facts."""
    if day.month == _APRIL:
        starts = read.fact("demography.school.starts")
        chance[:, :, Day.HOME, (starts <= _YEARS) & (_YEARS < _WORKING_AGE), Event.STARTS_SCHOOL] = 1
        before, after = (read.curve("people.day.school", _YEARS + half) for half in (-0.5, 0.5))
        stays = np.divide(after, before, out=np.zeros(AGES), where=before > 0)
        leaves = np.where(_YEARS >= _WORKING_AGE, 1 - np.minimum(stays, 1), 0)
        chance[:, :, Day.SCHOOL, :, Event.LEAVES_SCHOOL] = leaves
    turnover = read.fact("demography.work.turnover")
    for sex, name in enumerate(("men", "women")):
        key = f"people.day.{name}_at_work"
        share = np.where(_YEARS < _WORKING_AGE, 0, read.curve(key, _YEARS + 0.5)).clip(0, 0.99)
        slope = np.where(_YEARS < _WORKING_AGE, 0, read.curve(key, _YEARS + 1) - read.curve(key, _YEARS))
        rise, fall = slope.clip(0), (-slope).clip(0)
        starts = (turnover * share + rise) / (1 - share)
        leaves = turnover + np.divide(fall, share, out=np.ones(AGES), where=share > 1e-6)
        chance[sex, :, Day.HOME, :, Event.STARTS_WORK] = share_per_step(starts, _MONTH)
        at_work = [Day.WORK_IN_CITY, Day.WORK_OUTSIDE]
        chance[sex][:, at_work, :, Event.LEAVES_WORK] = share_per_step(leaves, _MONTH)


def at_work(read: Reader, sex: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Share of people not at school who work, per person."""
    men, women = (read.curve(f"people.day.{name}_at_work", age) for name in ("men", "women"))
    return np.where(age < _WORKING_AGE, 0, np.where(sex == 0, men, women))


def ward_table(read: Reader, key: str, codes: tuple[str, ...]) -> np.ndarray:
    """A table by ward code in the order of the city's wards (f8)."""
    table = read.table(key)
    return np.array([table[code] for code in codes])
