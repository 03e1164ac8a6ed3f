"""Random citizens of the toy city, for tests of the network. Nothing of them is measured."""

from datetime import date

import numpy as np

from tests.toy_city import toy_city
from twin.agents import Citizens
from twin.agents.citizens import Day
from twin.state import State
from twin.units import month_number

MONTH = month_number(date(2022, 4, 1))
FIRM = 40  # citizens a firm, in the mean


def random_citizens(count: int, city=None, seed: int = 1) -> Citizens:
    """Citizens with ages, towns, households, firms and schools drawn at random."""
    city, draw = city or toy_city(), np.random.default_rng(seed)
    citizens = Citizens()
    state = State([citizens])
    with state.writing_all():
        citizens.append(count)
        citizens.id[:] = draw.permutation(np.arange(1, count + 1, dtype=np.uint64) * np.uint64(7919))
        citizens.here[:] = True
        citizens.born[:] = MONTH - draw.integers(0, 95 * 12, count)
        weight = city.towns.people / city.towns.people.sum()
        household = np.sort(draw.integers(0, max(count // 2, 1), count))
        town = np.sort(draw.choice(len(weight), household.max(initial=0) + 1, p=weight))
        citizens.household[:], citizens.town[:] = household, town[household]
        citizens.area[:] = city.towns.area[citizens.town]
        employ(citizens, draw)
    return citizens


def employ(citizens: Citizens, draw) -> None:
    """School from 6 to 18, then a firm, work outside the city, or neither."""
    count = citizens.rows
    age = (MONTH - citizens.born.astype(int)) // 12
    kind = draw.random(count)
    adult = (age >= 19) & (age < 70)
    day = np.select(
        [(age >= 6) & (age < 19), adult & (kind < 0.45), adult & (kind < 0.75)],
        [Day.SCHOOL, Day.WORK_IN_CITY, Day.WORK_OUTSIDE],
        Day.HOME,
    )
    firms = max(int((day == Day.WORK_IN_CITY).sum() / FIRM), 1)
    size = draw.pareto(1.2, firms) + 1
    citizens.day[:] = day
    firm = draw.choice(firms, count, p=size / size.sum())
    citizens.work[:] = np.where(day == Day.WORK_IN_CITY, firm, -1)
