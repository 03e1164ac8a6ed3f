"""Everyone who lives in the city on a census day, made from published totals.

    totals --fit--> people by ward, sex, age --fit--> parts in households --match--> families
        --> towns --> attributes --> workplaces --> tables --> counted again against the totals

Synthetic: only totals go in, so no row is, or is near, a real person. Rows stand in a canonical order
(area, town, household, role, age); a citizen's id is the place in that order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.agents import Businesses, Citizens, Households
from twin.agents.citizens import Day, Role
from twin.chance import Chance
from twin.city.city import City
from twin.errors import MarginError
from twin.facts import Facts
from twin.population import ages, attributes, families, households, places
from twin.population.businesses import Establishments, make_establishments
from twin.population.check import Targets, fit_report
from twin.population.homes import INSTITUTION, Given, Homes
from twin.population.households import Counts, Part
from twin.population.report import FitReport
from twin.population.rounding import whole
from twin.population.work import match_workers
from twin.state import State
from twin.units import MONTHS_A_YEAR, month_number

_ROLES = {
    Part.SINGLE: Role.HEAD,
    Part.HUSBAND: Role.HEAD,
    Part.WIFE: Role.PARTNER,
    Part.LONE: Role.HEAD,
    Part.CHILD: Role.CHILD,
    Part.KIN_HEAD: Role.HEAD,
    Part.OTHER: Role.OTHER,
    Part.INMATE: Role.INMATE,
}
ROLE = np.array([_ROLES[part] for part in Part])


@dataclass
class People:
    """Citizens, households and businesses of a day, and how well they fit what is known."""

    citizens: Citizens
    households: Households
    businesses: Businesses
    fit: FitReport


def synthesise(city: City, facts: Facts, chance: Chance, day: date, fraction: float = 1.0) -> People:
    """Make the city's people and businesses.

    Parameters
    ----------
    city : its wards, areas and towns
    facts : ``people.*`` and ``businesses.*``
    chance : all randomness; the same seed gives the same people
    day : census day whose totals hold
    fraction : share of the people and businesses to make, above 0 and at most 1; sizes of
        households and establishments keep their shape, counts are scaled and rounded

    Raises
    ------
    MarginError
        totals contradict each other, the wards of facts and city differ, the fraction is out of
        range or so small that the totals cannot be kept in whole numbers
    """
    if not 0 < fraction <= 1:
        raise MarginError("people.fraction", fraction=fraction)
    homes, counts, targets = _make_homes(city, facts, chance, day, fraction)
    citizens, families_table, homes = _settle(city, homes, targets.towns, day, chance)
    establishments = make_establishments(city, facts, day, chance, fraction)
    businesses = _open_businesses(city, establishments)
    _describe(city, citizens, families_table, homes, establishments, facts, day, chance)
    report = fit_report(city, citizens, families_table, businesses, facts, day, fraction, counts, targets)
    report.stop_if_missed()
    return People(citizens, families_table, businesses, report)


def _make_homes(
    city: City, facts: Facts, chance: Chance, day: date, fraction: float
) -> tuple[Homes, Counts, Targets]:
    """Counts from the facts, then families from the counts."""
    wards = city.wards.code
    people = ages.people_by_age(wards, facts, day, chance, fraction)
    by_ward = people.sum(axis=(1, 2))
    census = ages.ward_sex_totals(wards, facts, day).sum()
    counts = Counts.read(facts, day, float(census), int(people.sum()), fraction)
    institutions = whole(by_ward, counts.institutions)
    inmates = institutions + whole(by_ward * (institutions > 0), counts.inmates - counts.institutions)
    kinds = households.households_by_kind(wards, facts, day, chance, counts, by_ward - inmates)
    parts = households.parts_by_age(facts, day, chance, counts, people, kinds, inmates)
    homes = families.make_homes(parts, kinds, institutions, counts, Given(facts, day, chance))
    targets = Targets(ages.age_seed(wards, facts, day), kinds.sum(axis=1), places.town_totals(city, by_ward))
    return homes, counts, targets


def _settle(
    city: City, homes: Homes, towns: np.ndarray, day: date, chance: Chance
) -> tuple[Citizens, Households, Homes]:
    """Place households in towns and write people and households in canonical order."""
    town = places.place_households(city, homes.household_ward, homes.sizes, towns, chance)
    order = np.lexsort((np.arange(len(town)), town, city.towns.area[town]))
    row_of = np.empty(len(order), np.int64)
    row_of[order] = np.arange(len(order))
    household, role = row_of[homes.household], ROLE[homes.part]
    by_row = np.lexsort((homes.part, -homes.age, role, household))
    homes = Homes(
        homes.ward[by_row], homes.sex[by_row], homes.age[by_row], homes.part[by_row], household[by_row],
        homes.kind[order], homes.household_ward[order], homes.parent_age[order],
    )  # fmt: skip
    citizens, table = Citizens(), Households()
    citizens.append(len(by_row))
    table.append(len(order))
    with State([citizens, table]).writing_all():
        table.id[:] = np.arange(len(order))
        table.town[:] = town[order]
        table.institution[:] = homes.kind == INSTITUTION
        citizens.id[:] = np.arange(len(by_row))
        citizens.here[:] = True
        month_of_birth = chance.uniform("synthesis: month of birth", 0, citizens.id) * MONTHS_A_YEAR
        citizens.born[:] = month_number(day) - homes.age * MONTHS_A_YEAR - month_of_birth.astype(np.int64)
        citizens.sex[:] = homes.sex
        citizens.household[:] = homes.household
        citizens.role[:] = role[by_row]
        citizens.town[:] = table.town[homes.household]
        citizens.area[:] = city.towns.area[citizens.town]
    return citizens, table, homes


def _open_businesses(city: City, made: Establishments) -> Businesses:
    """Write establishments as a table."""
    businesses = Businesses()
    businesses.append(len(made.town))
    with State([businesses]).writing_all():
        businesses.id[:] = np.arange(len(made.town))
        businesses.industry[:] = made.industry
        businesses.employees[:] = made.employees
        businesses.town[:] = made.town
        businesses.area[:] = city.towns.area[made.town]
    return businesses


def _describe(
    city: City, citizens: Citizens, table: Households, homes: Homes, made: Establishments, facts: Facts,
    day: date, chance: Chance,
) -> None:  # fmt: skip
    """Give everyone ability, trust, a working day, a workplace, and the household's income."""
    ids = citizens.id
    working_day = attributes.working_day(homes.age, homes.sex, citizens.role, ids, facts, day, chance)
    reach = facts.number("businesses.commute_reach", day)
    in_city = np.flatnonzero(working_day == Day.WORK_IN_CITY)
    place = match_workers(
        citizens.area[in_city], ids[in_city], made.employees, city.towns.area[made.town], city, reach, chance
    )
    working_day[in_city[place < 0]] = Day.WORK_OUTSIDE
    earns = (working_day == Day.WORK_IN_CITY) | (working_day == Day.WORK_OUTSIDE)
    earners = np.bincount(homes.household, weights=earns, minlength=table.rows)
    head_age = np.zeros(table.rows)
    first = np.searchsorted(homes.household, np.arange(table.rows))
    head_age[:] = homes.age[first]
    income = attributes.income_fifths(head_age, earners, table.id, facts, day, chance)
    with State([citizens]).writing_all():
        citizens.ability[:] = attributes.ability(citizens.born, ids, facts, chance)
        citizens.trust[:] = attributes.trust(ids, chance)
        citizens.day[:] = working_day
        citizens.work[in_city] = place
        citizens.income[:] = income[homes.household]
