"""A stand-in for the model, and a simple city of people, to live the demography process alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np

from tests.toy_city import toy_city
from twin.agents import Businesses, Citizens, Households
from twin.agents.citizens import Day, Role
from twin.chance import Chance
from twin.facts import Facts
from twin.processes.demography import Demography
from twin.processes.demography.newcomers import draw_ability
from twin.processes.demography.rates import AsOf
from twin.state import State
from twin.units import month_number, month_start

FACTS = Facts.read()


class StandIn:
    """What a process sees of the model, with nothing but demography in it."""

    def __init__(
        self, people=None, city=None, facts=FACTS, seed=1, day=date(2015, 10, 1), fraction=0.01, off=()
    ):
        self.city, self.facts, self.chance, self.fraction = city or toy_city(), facts, Chance(seed), fraction
        self.month, self.off = month_number(day), set(off)
        tables = people or simple_people(self.city, facts, Chance(0), day, fraction)
        self.citizens, self.households, self.businesses = tables
        self.state = State(tables)
        self.process = Demography()
        self.process.attach(self.state.tables)
        self.flows: list[dict[str, np.ndarray]] = []
        self.process.start(self)

    @property
    def day(self):
        return month_start(self.month)

    def fact(self, key):
        return self.facts.number(key, self.day)

    def table(self, key):
        return self.facts.table(key, self.day)

    def curve(self, key, at):
        return self.facts.curve(key, self.day, at)

    def on(self, coupling):
        return coupling not in self.off

    def count(self, name, areas):
        self.flow[name] += np.bincount(areas, minlength=len(self.city.areas.code))

    def step(self):
        self.flow = defaultdict(lambda: np.zeros(len(self.city.areas.code), np.int64))
        with self.state.writing("demography", self.process.may_write()):
            self.process.step(self)
        self.flows.append(dict(self.flow))
        self.month += 1

    def compact(self):
        """What the model does every April: close the gaps."""
        with self.state.writing_all():
            self.state.compact("citizens", np.flatnonzero(self.citizens.here))
            lived_in = np.zeros(self.households.rows, bool)
            lived_in[self.citizens.household] = True
            self.state.compact("households", np.flatnonzero(lived_in | self.households.institution))

    def run(self, months):
        for _ in range(months):
            if self.month % 12 == 3:
                self.compact()
            self.step()
        return self

    def people_by_area(self):
        here = self.citizens.here
        return np.bincount(self.citizens.area[here], minlength=len(self.city.areas.code))

    def people_by_ward(self):
        return np.bincount(self.city.areas.ward, self.people_by_area(), len(self.city.wards.code)).astype(int)

    def ages(self):
        here = self.citizens.here
        return (self.month - self.citizens.born[here].astype(int)) // 12

    def total(self, name, last=None):
        """Sum of a flow over the last months."""
        return int(
            sum(flow.get(name, np.zeros(1)).sum() for flow in self.flows[-(last or len(self.flows)) :])
        )


def simple_people(city, facts, chance, day, fraction):
    """Couples, children and singles with the city's ages and wards: enough to start from, no synthesis."""
    month, read = month_number(day), AsOf(facts, day)
    age, sex = _ages(read, chance, fraction)
    n = len(age)
    role, home = _households(read, age, sex)
    homes = home.max() + 1
    ward_total = np.array([read.table("people.ward.total")[code] for code in city.wards.code])
    ward = chance.choice("ward", 0, np.arange(homes), ward_total)
    town = np.empty(homes, int)
    for w in range(len(ward_total)):
        towns = np.flatnonzero(city.towns.ward == w)
        here = np.flatnonzero(ward == w)
        town[here] = towns[chance.choice("town", w, here, city.towns.people[towns])]
    citizens, households, businesses = Citizens(), Households(), Businesses()
    state = State([citizens, households, businesses])
    with state.writing_all():
        citizens.append(n)
        households.append(homes)
        citizens.id[:], households.id[:] = np.arange(n), np.arange(homes)
        citizens.here[:], citizens.sex[:], citizens.household[:], citizens.role[:] = True, sex, home, role
        citizens.born[:] = (
            month - 12 * age - 1 - np.floor(12 * chance.uniform("month", 0, np.arange(n))).astype(int)
        )
        households.town[:] = town
        citizens.town[:], citizens.area[:] = town[home], city.towns.area[town[home]]
        households.institution[np.unique(home[role == Role.INMATE])] = True
        ability = draw_ability(read, chance, citizens.id, citizens.born, (0.0, 1.0))
        citizens.ability[:] = (ability - ability.mean()) / ability.std()
        citizens.day[:] = np.where(
            (age >= 6) & (age < 19), Day.SCHOOL, np.where(age < 63, Day.WORK_OUTSIDE, Day.HOME)
        )
        shops = max(1, int(1000 * fraction))
        businesses.append(shops)
        businesses.id[:], businesses.employees[:] = np.arange(shops), 200
    return citizens, households, businesses


def _ages(read, chance, fraction):
    counted, japan = read.table("people.age.counted"), read.table("people.age.japan")
    first = np.array(sorted(int(a) for a in japan))
    number = np.array([japan[str(a)] for a in first], float)
    bands = (
        (0, 15, counted["0-14"]),
        (15, 65, counted["15-64"]),
        (65, 75, counted["65+"] - counted["75+"]),
        (75, 200, counted["75+"]),
    )
    for low, high, people in bands:
        inside = (first >= low) & (first < high)
        number[inside] *= people / number[inside].sum()
    total = sum(read.table("people.ward.total").values()) * fraction
    group = chance.choice("age", 0, np.arange(round(total)), number)
    draws = np.arange(len(group))
    age = first[group] + np.floor(5 * chance.uniform("year", 0, draws)).astype(int)
    women = 1 - read.curve("people.age.men_share", age)
    return age, (chance.uniform("sex", 0, draws) < women).astype(int)


def _households(read, age, sex):
    """Couples by rank of age, children with mothers some thirty years older, the rest alone."""
    n = len(age)
    role, home = np.full(n, Role.HEAD), np.arange(n)
    wish = np.where(sex == 1, read.curve("people.role.wife", age), read.curve("people.role.husband", age))
    spread = (np.arange(n) * 0.6180339887498949) % 1.0
    men = np.flatnonzero((sex == 0) & (spread < wish))
    women = np.flatnonzero((sex == 1) & (spread < wish))
    pairs = min(len(men), len(women))
    men, women = (who[np.argsort(age[who] + spread[who])][-pairs:] for who in (men, women))
    role[women], home[women] = Role.PARTNER, men
    child_share = np.where(
        sex == 1, read.curve("people.role.daughter", age), read.curve("people.role.son", age)
    )
    role[role == Role.HEAD] = np.where(
        np.isin(np.flatnonzero(role == Role.HEAD), men), Role.HEAD, role[role == Role.HEAD]
    )
    single = (role == Role.HEAD) & ~np.isin(np.arange(n), men)
    children = np.flatnonzero(single & (spread < child_share))
    by_age = np.argsort(age[women], kind="stable")
    at = np.searchsorted(age[women][by_age], age[children] + 30).clip(max=pairs - 1)
    shift = (np.arange(len(children)) * 7919) % max(1, pairs // 20)
    mother = women[by_age[(at + shift).clip(max=pairs - 1)]]
    role[children], home[children] = Role.CHILD, home[mother]
    inmates = np.flatnonzero(
        (role == Role.HEAD) & (age >= 80) & ~np.isin(np.arange(n), men) & (spread > 0.75)
    )
    if len(inmates):
        role[inmates], home[inmates] = Role.INMATE, inmates[0]
    return role, np.unique(home, return_inverse=True)[1]
