"""Newcomers: children born in the city and households that arrive from outside.

A newcomer's id tells only where the person comes from (mother and month; month, ward and rank), so
everything drawn for a newcomer stays the same when others come or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from twin.agents.citizens import Day, Role
from twin.chance import Chance
from twin.processes.demography.places import Places
from twin.processes.demography.rates import AGES, Reader, at_work
from twin.processes.demography.touched import Touched
from twin.units import MONTHS_A_YEAR, month_number, month_start

_KINDS = ("single", "couple", "family", "single_parent")
_LAST_YEAR_KNOWN = 2021  # of registered arrivals; the trend begins after it
_OLDEST_CHILD = 17
_INCOME_BANDS = 5


Scale = tuple[float, float]  # mean and standard deviation of ability at the start, before scaling


@dataclass(frozen=True)
class Arriving:
    """Arriving households, one row a person.

    ``home`` is the household's position; ages are whole years, ``born`` the month of birth.
    """

    home: np.ndarray
    rank: np.ndarray
    role: np.ndarray
    sex: np.ndarray
    born: np.ndarray


# --- births


def add_births(model: Any, touched: Touched, scale: Scale) -> None:
    """Append the month's newborn to the households of their mothers, wherever these are by now."""
    mothers = touched.mothers
    if not len(mothers):
        return
    people, chance, month = model.citizens, model.chance, model.month
    ids = chance.new_ids("birth", month, touched.id[mothers])
    ratio = model.fact("demography.births.sex_ratio")
    gone, before, after = touched.gone[mothers], touched.area[mothers], touched.new_area[mothers]
    moved = ~gone & (before != after)
    for name, areas in (("births", before), ("departures", before[gone]), ("moved_out", before[moved]),
                        ("moved_in", after[moved])):  # fmt: skip
        model.count(name, areas)
    rows = people.append(len(ids))
    home = touched.home[mothers]
    people.id[rows] = ids
    people.here[rows] = ~gone
    people.born[rows] = month
    people.sex[rows] = chance.uniform("demography: sex", month, ids) >= ratio / (1 + ratio)
    people.household[rows] = touched.home_row[home]
    people.role[rows] = Role.CHILD
    people.town[rows], people.area[rows] = touched.home_town[home], after
    people.day[rows] = Day.HOME
    people.income[rows] = touched.income[mothers]
    people.trust[rows] = chance.normal("demography: trust", month, ids)
    people.ability[rows] = draw_ability(model, chance, ids, people.born[rows], scale)


# --- arrivals


def add_arrivals(model: Any, places: Places, pull: np.ndarray, scale: Scale) -> np.ndarray:
    """Append the households that arrive this month, ward by ward; return the rows of their people."""
    people, homes, city, month = model.citizens, model.households, model.city, model.month
    ward, rank = _count_households(model, pull)
    if not len(ward):
        return np.empty(0, np.int64)
    codes = np.array([int(code) for code in city.wards.code])
    ids = model.chance.new_ids("arriving household", month, codes[ward], rank)
    arriving = draw_households(model, model.chance, month, ids)
    town = places.in_ward(ward, model.chance.uniform("demography: arrival, town", month, ids))
    income = 1 + (_INCOME_BANDS * model.chance.uniform("demography: arrival, income", month, ids)).astype(int)
    new_homes = homes.append(len(ids))
    homes.id[new_homes], homes.town[new_homes] = ids, town
    rows = people.append(len(arriving.home))
    people.id[rows] = model.chance.new_ids("arrival", month, ids[arriving.home], arriving.rank)
    people.here[rows] = True
    people.born[rows], people.sex[rows], people.role[rows] = arriving.born, arriving.sex, arriving.role
    people.household[rows] = new_homes.start + arriving.home
    people.town[rows] = town[arriving.home]
    people.area[rows] = city.towns.area[town[arriving.home]]
    people.income[rows] = income[arriving.home]
    people.trust[rows] = model.chance.normal("demography: trust", month, people.id[rows])
    people.ability[rows] = draw_ability(model, model.chance, people.id[rows], people.born[rows], scale)
    people.day[rows] = _first_day(model, people.id[rows], people.sex[rows], people.born[rows])
    model.count("arrivals", people.area[rows])
    return np.arange(rows.start, rows.stop)


def people_arriving(read: Reader, month: int) -> float:
    """People expected to arrive from outside the city in a month, all wards, at full size."""
    day = month_start(month)
    registered = sum(read.table("demography.arrivals.registered").values())
    outside = registered * (1 - read.fact("demography.arrivals.between_wards"))
    years = max(0.0, (month - month_number(day.replace(year=_LAST_YEAR_KNOWN + 1, month=1))) / MONTHS_A_YEAR)
    trend = np.exp(-read.fact("demography.arrivals.decline") * years)
    season = read.table("demography.season")[str(day.month)] / MONTHS_A_YEAR
    return float(outside * trend * season * read.fact("demography.arrivals.level"))


def mean_size(read: Reader) -> float:
    """Mean number of people in an arriving household."""
    share = read.table("demography.arrivals.households")
    children = 1 + read.fact("demography.arrivals.second_child")
    size = {"single": 1, "couple": 2, "family": 2 + children, "single_parent": 1 + children}
    return sum(share[kind] * size[kind] for kind in _KINDS) / sum(share[kind] for kind in _KINDS)


def _count_households(model: Any, pull: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ward row and rank of every arriving household, numbers rounded at random once a ward."""
    expected = people_arriving(model, model.month) * model.fraction / mean_size(model) * pull / pull.sum()
    codes = [int(code) for code in model.city.wards.code]
    spare = model.chance.uniform("demography: arrivals, rounding", model.month, codes)
    count = np.floor(expected + spare).astype(np.int64)
    ward = np.repeat(np.arange(len(count)), count)
    return ward, np.arange(len(ward)) - np.repeat(np.cumsum(count) - count, count)


def draw_households(read: Reader, chance: Chance, month: int, ids: np.ndarray) -> Arriving:
    """The people of arriving households, drawn by household id from the templates of the facts."""
    shares = read.table("demography.arrivals.households")
    kind = chance.choice("demography: arrival, kind", month, ids, [shares[name] for name in _KINDS])
    uniform = lambda what: chance.uniform(f"demography: arrival, {what}", month, ids)  # noqa: E731
    normal = lambda what: chance.normal(f"demography: arrival, {what}", month, ids)  # noqa: E731
    single, parents = kind == 0, kind >= 2
    age = _age_in_months(read, "single", chance, month, ids)
    family_age = _age_in_months(read, "family", chance, month, ids)
    man = uniform("sex") < read.fact("demography.arrivals.men_alone")
    alone_parent = kind == 3
    head_age = np.where(single, age, family_age)
    head_sex = np.where(single, ~man, alone_parent).astype(np.uint8)  # lone parents are modelled as mothers
    gap = read.fact("demography.households.age_gap") + read.fact("people.family.age_gap_spread") * normal(
        "age gap"
    )
    mother_age = np.where(alone_parent, head_age, head_age - 12 * gap)
    adult = 12 * read.fact("demography.households.adult_age")
    second = parents & (uniform("second child") < read.fact("demography.arrivals.second_child"))
    parts: list[tuple[np.ndarray, Role, np.ndarray, np.ndarray]] = [
        (np.ones(len(ids), bool), Role.HEAD, head_sex, head_age),
        (np.isin(kind, (1, 2)), Role.PARTNER, np.ones(len(ids)), np.maximum(mother_age, adult)),
    ]
    for child, comes in (("first child", parents), ("second child", second)):
        at_birth = 12 * (
            read.fact("demography.births.mean_age")
            + read.fact("demography.births.age_spread") * normal(child)
        )
        years = ((mother_age - at_birth) / 12) % (_OLDEST_CHILD + 1)  # folded: always a minor
        parts.append((comes, Role.CHILD, uniform(f"{child}, sex") < 0.5, 12 * years))
    return _stack(parts, month)


def _stack(parts: list[tuple[np.ndarray, Role, np.ndarray, np.ndarray]], month: int) -> Arriving:
    """One row a person, household by household, the head first."""
    home = np.concatenate([np.flatnonzero(comes) for comes, _, _, _ in parts])
    order = np.argsort(home, kind="stable")
    rank = np.concatenate([np.full(int(comes.sum()), i) for i, (comes, _, _, _) in enumerate(parts)])
    role = np.concatenate([np.full(int(comes.sum()), r, np.uint8) for comes, r, _, _ in parts])
    sex = np.concatenate([s[comes].astype(np.uint8) for comes, _, s, _ in parts])
    months = np.concatenate([a[comes] for comes, _, _, a in parts]).astype(np.int64)
    born = month - months
    return Arriving(*(values[order] for values in (home, rank, role, sex, born)))


def _age_in_months(read: Reader, who: str, chance: Chance, month: int, ids: np.ndarray) -> np.ndarray:
    """Ages from a profile of the facts, spread over the months of the year."""
    weight = read.curve(f"demography.arrivals.age_{who}", np.arange(AGES) + 0.5).clip(0)
    years = chance.choice(f"demography: arrival, age {who}", month, ids, weight)
    return 12 * years + np.floor(12 * chance.uniform(f"demography: arrival, month {who}", month, ids))


def _first_day(model: Any, ids: np.ndarray, sex: np.ndarray, born: np.ndarray) -> np.ndarray:
    """School, work or home for people who just arrived; workplaces in the city are found afterwards."""
    age = (model.month - born.astype(np.int64)) // 12
    uniform = lambda what: model.chance.uniform(f"demography: arrival, {what}", model.month, ids)  # noqa: E731
    at_school = uniform("school") < model.curve("people.day.school", age)
    working = uniform("work") < at_work(model, sex, age)
    return np.where(at_school, Day.SCHOOL, np.where(working, Day.WORK_OUTSIDE, Day.HOME)).astype(np.uint8)


def draw_ability(read: Reader, chance: Chance, ids: np.ndarray, born: np.ndarray, scale: Scale) -> np.ndarray:
    """Ability by birth cohort, education and a personal part, on the scale of the census people."""
    cohort, educated, effect, spread = _ability_parts(read, born)
    degree = chance.uniform("demography: education", 0, ids) < educated
    own = spread * chance.normal("demography: ability", 0, ids)
    middle, width = scale
    return (cohort + effect * degree + own - middle) / width


def ability_scale(read: Reader, born: np.ndarray) -> Scale:
    """Mean and standard deviation of unscaled ability over people of given birth months."""
    cohort, educated, effect, spread = _ability_parts(read, born)
    mean = cohort + effect * educated
    inside = spread**2 + effect**2 * educated * (1 - educated)
    return float(mean.mean()), float(np.sqrt(mean.var() + inside.mean()))


def _ability_parts(read: Reader, born: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, float]:
    year = month_start(0).year + born.astype(float) / MONTHS_A_YEAR
    fact = lambda name: read.fact(f"people.ability.{name}")  # noqa: E731
    cohort, educated = (read.curve(f"people.ability.{n}", year) for n in ("cohort", "higher_education"))
    return cohort, educated, fact("education_effect"), fact("spread")
