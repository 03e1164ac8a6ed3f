"""A service withdrawn half way: users stop, the benefit felt falls, the indicators fall."""

from datetime import date

import numpy as np
import pytest

from tests.processes.paired import interval, last_year
from twin.agents.citizens import Day
from twin.facts import Change
from twin.indicators import better_learning, learning_with_technology
from twin.kernels.hazards import USES
from twin.processes.felt import LEARNING
from twin.verification.engine import city_model, fingerprint

LIVED = 18  # months until the withdrawal
AFTER = 30  # months from then on
GONE = (Change("services.live", 0.0, since=date(2022, 4, 1), label="school_devices"),)
SEEDS = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def pairs():
    """Cities with the school's devices to the end, and with them withdrawn in April 2022."""
    return [tuple(city_model(seed, changes=c, months=LIVED + AFTER) for c in ((), GONE)) for seed in SEEDS]


def pupils(model):
    people = model.citizens
    age = (model.month - people.born.astype(int)) // 12
    return people.here & (people.day == Day.SCHOOL) & (age >= 6) & (age <= 15)


def using(model):
    return model.citizens.array("adoption.stage")[pupils(model), LEARNING] == USES


def felt(model):
    return model.citizens.array("felt.benefit")[pupils(model), LEARNING]


def share_using(model):
    return using(model).mean()


def felt_by_users(model):
    return felt(model)[using(model)].mean()


def indicator_8(model):
    return last_year(model, learning_with_technology)


def indicator_9(model):
    return last_year(model, better_learning)


def test_until_then_nothing_differs():
    kept, gone = (city_model(changes=c, months=LIVED) for c in ((), GONE))
    assert fingerprint(kept) == fingerprint(gone)


@pytest.mark.parametrize("asked", [share_using, felt_by_users, indicator_8, indicator_9])
def test_it_falls(pairs, asked):
    """With less than without, seed by seed, and a 99 % interval of the difference below nought."""
    found = np.array([asked(gone) - asked(kept) for kept, gone in pairs])
    low, high = interval(found)
    assert (found < 0).all(), found
    assert low < high < 0, (low, high)


def test_more_users_stop(pairs):
    """Those who used it at the withdrawal and live here still: fewer use it now."""
    for kept, gone in pairs:
        before = city_model(seed=SEEDS[pairs.index((kept, gone))], months=LIVED)
        had = before.citizens.id[
            before.citizens.here & (before.citizens.array("adoption.stage")[:, LEARNING] == USES)
        ]
        left = [
            (model.citizens.array("adoption.stage")[np.isin(model.citizens.id, had), LEARNING] != USES).mean()
            for model in (kept, gone)
        ]
        assert left[1] > left[0]


def test_who_lives_in_the_city_is_the_same(pairs):
    for kept, gone in pairs:
        assert np.array_equal(kept.citizens.id[kept.citizens.here], gone.citizens.id[gone.citizens.here])
