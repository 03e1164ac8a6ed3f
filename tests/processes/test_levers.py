"""Every lever a process names raises its indicators: pairs of small cities with one seed, both ends of its range."""

import numpy as np
import pytest

from tests.processes.paired import AFTER, last_year
from twin.facts import Change, Facts
from twin.indicators import REGISTER
from twin.run.describe import levers_of
from twin.run.plan import PROCESSES
from twin.verification.engine import city_model
from twin.verification.mobility import moving_city

MONTHS = 24
QUICK = ("services.live[publicity]", "training.seats", "firms.subsidy", "environment.price")
SMALL_START = 120  # months until what areas began has reached enough residents
RARE = {"services.live[data_safeguards]": 72}  # months until an incident is likely enough
FEW = 0.02  # fraction where businesses count: of the usual small city there are some two hundred
LEVERS = sorted({lever for process in PROCESSES.values() for lever in process.levers})


def raised(lever):
    """The numbers of the indicators a lever is said to raise."""
    return sorted({n for process in PROCESSES.values() for n in process.levers.get(lever, ())})


def at(end, lever):
    """The change that puts a lever to the lower or upper end of its range, the month after the census: all begin alike."""
    key, _, label = lever.rstrip("]").partition("[")
    fact = Facts.read()[key]
    value, now = getattr(fact, end), fact.values[-1][1]
    if not label and isinstance(now, dict):
        value = dict.fromkeys(now, value)
    return Change(key, value, since=AFTER, label=label or None)


def gained(lever, seed):
    """Upper end less lower end of each indicator the lever is said to raise."""
    months = RARE.get(lever, SMALL_START if lever.startswith("spread.") else MONTHS)
    asked = {"months": months, "fraction": FEW if lever.startswith("firms.") else 0.005}
    lived = moving_city if lever.startswith("mobility.") else city_model  # not in the baseline's list yet
    low, high = (lived(seed, changes=(at(end, lever),), **asked) for end in ("low", "high"))
    return np.array(
        [last_year(high, REGISTER[n].answer) - last_year(low, REGISTER[n].answer) for n in raised(lever)]
    )


def test_each_indicator_has_two_levers():
    for number in REGISTER:
        assert len({lever for levers in levers_of(number).values() for lever in levers}) >= 2, number


def test_levers_are_facts_their_process_reads():
    facts = Facts.read()
    for process in PROCESSES.values():
        for lever in process.levers:
            key, _, label = lever.rstrip("]").partition("[")
            assert key in process.facts, (process.name, lever)
            assert not label or label in facts[key].values[-1][1], lever


@pytest.mark.parametrize("lever", QUICK)
def test_a_lever_raises_its_indicators(lever):
    assert (gained(lever, seed=1) > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("lever", LEVERS)
def test_every_lever_raises_its_indicators(lever):
    """In the mean over seeds and in most of them; where seeds see no incident, no less."""
    found = np.array([gained(lever, seed) for seed in (1, 2, 3)])
    assert (found.mean(axis=0) > 0).all(), found
    if lever in RARE:
        assert (found >= 0).all(), found
    else:
        assert ((found > 0).sum(axis=0) >= 2).all(), found
