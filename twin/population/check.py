"""Counting the finished tables again and comparing them with the facts.

The exact rows are recounted by the census's own definitions from the columns alone: a nuclear family,
for example, is a household of partners or a lone parent and children with nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.agents import Businesses, Citizens, Households
from twin.agents.citizens import Role
from twin.city.city import City
from twin.facts import Facts
from twin.population.ages import AGES, BAND_OF_AGE, BANDS, ELDERLY, band_totals, ward_sex_totals
from twin.population.businesses import industry_totals
from twin.population.couples import ELDERLY_WIFE
from twin.population.homes import birth_age_limits, birth_ages
from twin.population.households import Counts
from twin.population.report import FitReport, FitRow
from twin.population.rounding import whole
from twin.units import MONTHS_A_YEAR, month_number

_SEXES = ("men", "women")


@dataclass(frozen=True)
class Targets:
    """What the finished people are held against, besides the facts.

    Attributes
    ----------
    seed : likely people by ward, sex and age before any total was met (f8)
    households : general households by ward
    towns : people by town
    """

    seed: np.ndarray
    households: np.ndarray
    towns: np.ndarray


def fit_report(
    city: City, citizens: Citizens, households: Households, businesses: Businesses, facts: Facts, day: date,
    fraction: float, counts: Counts, targets: Targets,
) -> FitReport:  # fmt: skip
    """Every known total against the tables as they stand."""
    age = (month_number(day) - citizens.born.astype(np.int64)) // MONTHS_A_YEAR
    names = {
        code: {"ja": ja, "en": en}
        for level in (city.wards, city.towns)
        for code, ja, en in zip(level.code, level.name_ja, level.name_en, strict=True)
    }
    report = FitReport(day, fraction, names=names)
    report.rows += _people_rows(city, citizens, age, facts, day, fraction)
    report.rows += _household_rows(citizens, households, age, counts)
    report.rows += _business_rows(businesses, facts, day, fraction)
    report.rows += _close_rows(city, citizens, households, age, counts, targets)
    report.rows += _family_rows(citizens, households, age, facts, day)
    report.rows += _cell_rows(city, citizens, age, targets)
    return report


def _people_rows(
    city: City, citizens: Citizens, age: np.ndarray, facts: Facts, day: date, fraction: float
) -> Iterator[FitRow]:
    """People by ward and sex, and by age band of the city."""
    full = ward_sex_totals(city.wards.code, facts, day)
    people = round(full.sum() * fraction)
    wanted = whole(full * fraction, people)
    ward = city.towns.ward[citizens.town].astype(np.int64)
    got = np.bincount(ward * 2 + citizens.sex, minlength=wanted.size).reshape(wanted.shape)
    for row, code in enumerate(city.wards.code):
        for sex, who in enumerate(_SEXES):
            yield FitRow(who, code, int(wanted[row, sex]), int(got[row, sex]), exact=True)
    bands = whole(band_totals(facts, day, full.sum()) * fraction, people)
    counted = np.bincount(BAND_OF_AGE[age], minlength=len(BANDS))
    for band, label in enumerate(BANDS):
        yield FitRow(f"age:{label}", "", int(bands[band]), int(counted[band]), exact=True)


def _household_rows(
    citizens: Citizens, households: Households, age: np.ndarray, counts: Counts
) -> Iterator[FitRow]:
    """Households and their members by the census's kinds."""
    has = _members_by_role(citizens, households)
    size, general = has.sum(axis=0), ~households.institution
    alone = general & (size == 1)
    oldest = np.zeros(households.rows, np.int64)
    np.maximum.at(oldest, citizens.household, age)
    family = general & (size > 1) & (has[Role.OTHER] == 0)
    # fmt: off
    found = {
        "general":        general.sum(),
        "members":        size[general].sum(),
        "single":         alone.sum(),
        "elderly_single": (alone & (oldest >= ELDERLY)).sum(),
        "nuclear":        family.sum(),
        "institutions":   households.institution.sum(),
        "inmates":        size[households.institution].sum(),
    }
    # fmt: on
    for name, got in found.items():
        yield FitRow(name, "", getattr(counts, name), int(got), exact=True)


def _business_rows(businesses: Businesses, facts: Facts, day: date, fraction: float) -> Iterator[FitRow]:
    """Establishments and persons engaged by industry."""
    letters = sorted(facts.table("businesses.establishments", day))
    count, employees = industry_totals(facts, day, fraction)
    got = np.bincount(businesses.industry, minlength=len(letters))
    engaged = np.bincount(businesses.industry, weights=businesses.employees, minlength=len(letters))
    for row, letter in enumerate(letters):
        yield FitRow(f"establishments:{letter}", "", int(count[row]), int(got[row]), exact=True)
        yield FitRow(f"employees:{letter}", "", int(employees[row]), int(engaged[row]), exact=True)


def _close_rows(
    city: City, citizens: Citizens, households: Households, age: np.ndarray, counts: Counts, targets: Targets
) -> Iterator[FitRow]:
    """Totals met as closely as the rest allows."""
    yield FitRow("elderly_couple", "", counts.elderly_couple, _elderly_couples(citizens, households, age))
    ward = city.towns.ward[households.town[~households.institution]]
    got = np.bincount(ward, minlength=len(city.wards.code))
    for row, code in enumerate(city.wards.code):
        yield FitRow("households", code, int(targets.households[row]), int(got[row]), ward=code)


def _family_rows(
    citizens: Citizens, households: Households, age: np.ndarray, facts: Facts, day: date
) -> Iterator[FitRow]:
    """Ages of children and the parent they live with: the partner of the head, else the head."""
    parent = np.zeros(households.rows, np.int64)
    for role in (Role.HEAD, Role.PARTNER):
        parent[citizens.household[citizens.role == role]] = age[citizens.role == role]
    child = citizens.role == Role.CHILD
    apart = parent[citizens.household[child]] - age[child]
    likely = (birth_ages(facts, day) @ AGES)[age[child]] - age[child]
    yield FitRow("birth_age", "", round(float(likely.mean()), 2), round(float(apart.mean()), 2))
    youngest, oldest = birth_age_limits(facts, day)
    outside = (apart < youngest) | (apart > oldest)
    yield FitRow("parents_apart", "", 0, int(outside.sum()))


def _cell_rows(city: City, citizens: Citizens, age: np.ndarray, targets: Targets) -> Iterator[FitRow]:
    """People by ward, sex and age band against the seed, and people by town against their weight."""
    ward = city.towns.ward[citizens.town].astype(np.int64)
    shape = (len(city.wards.code), 2, len(BANDS))
    got = np.bincount(
        (ward * 2 + citizens.sex) * len(BANDS) + BAND_OF_AGE[age], minlength=np.prod(shape)
    ).reshape(shape)
    likely = np.add.reduceat(targets.seed, np.searchsorted(BAND_OF_AGE, range(len(BANDS))), axis=2)
    likely *= citizens.rows / likely.sum()
    for row, code in enumerate(city.wards.code):
        for sex, who in enumerate(_SEXES):
            for band, label in enumerate(BANDS):
                cell = likely[row, sex, band], int(got[row, sex, band])
                yield FitRow(f"{who}:{label}", code, *cell, ward=code, cell=True)
    in_town = np.bincount(citizens.town, minlength=len(city.towns.code))
    for row, code in enumerate(city.towns.code):
        home = city.wards.code[city.towns.ward[row]]
        yield FitRow("town", code, int(targets.towns[row]), int(in_town[row]), ward=home, cell=True)


def _members_by_role(citizens: Citizens, households: Households) -> np.ndarray:
    """Members of each household by role (i8, (roles, households))."""
    flat = citizens.role.astype(np.int64) * households.rows + citizens.household
    return np.bincount(flat, minlength=len(Role) * households.rows).reshape(len(Role), -1)


def _elderly_couples(citizens: Citizens, households: Households, age: np.ndarray) -> int:
    """Couples alone, the husband 65 or over and the wife 60 or over."""
    has = _members_by_role(citizens, households)
    couple = (has[Role.HEAD] == 1) & (has[Role.PARTNER] == 1) & (has.sum(axis=0) == 2)
    old = np.zeros(households.rows, np.int64)
    partners = np.isin(citizens.role, (Role.HEAD, Role.PARTNER))
    enough = partners & (age >= np.where(citizens.sex == 0, ELDERLY, ELDERLY_WIFE))
    np.add.at(old, citizens.household[enough], 1)
    return int((couple & (old == 2)).sum())
