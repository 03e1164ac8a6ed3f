"""Classes for people of 65 and over: the month by hand, and what a programme does for them."""

import numpy as np
import pytest

from tests.processes.paired import differences, interval, live
from twin.facts import Change, Facts
from twin.kernels.hazards import USES
from twin.processes.rates import DEVICE, NET
from twin.results.census import groups_in
from twin.verification.engine import baseline, city_model
from twin.verification.worlds import with_values

OLD = groups_in("65+")
FRACTION = 0.02
HALF_LIFE = 17


def gain(model):
    return model.citizens.array("training.gain")


def learned(model, amount):
    """Everybody has learned so much."""
    with model.state.writing("test", {"citizens.training.gain"}):
        gain(model)[:] = amount


def many(**values):
    """Facts with so many seats that a month teaches hundreds of a small city."""
    return with_values(Facts.read(), {"training.seats": 1_000_000, **values})


def old(model):
    return model.citizens.here & (model.month - model.citizens.born.astype(int) >= 65 * 12)


def test_what_was_learned_is_half_gone_after_the_half_life_and_then_forgotten():
    model = city_model(off=("training.classes",))
    learned(model, 1.0)
    rows = len(gain(model))  # demography appends newcomers, who have learned nothing
    model.live(5)
    assert gain(model)[:rows] == pytest.approx(2 ** (-5 / HALF_LIFE), rel=1e-5)
    learned(model, 0.0103)
    model.step()
    assert (gain(model) == 0).all()  # below a hundredth of a standard deviation


def test_seats_are_filled_by_people_of_65_and_over_who_do_not_use_the_internet_first():
    model = city_model(facts=many(), fraction=FRACTION)
    using, aged = model.citizens.array("adoption.stage")[:, NET] == USES, old(model)
    rows = len(aged)
    model.step()
    there = gain(model)[:rows] > 0
    assert not there[~aged].any()
    seats = 1_000_000 / 12 * model.table("services.live")["device_classes"] * FRACTION
    assert there.sum() == pytest.approx(seats, abs=4.5 * seats**0.5)
    users, others = (there[aged & who].mean() for who in (using[:rows], ~using[:rows]))
    assert users / others == pytest.approx(0.5, abs=0.15)
    assert gain(model)[:rows][there] == pytest.approx(0.5)  # training.gain


def test_attendants_begin_with_a_device_and_the_internet_as_often_as_the_fact_says():
    model = city_model(facts=many(), fraction=FRACTION)
    stage = model.citizens.array("adoption.stage")
    without = old(model) & (stage[:, NET] != USES)
    rows = len(without)
    process = next(p for p in model.processes if p.name == "training")
    with model.state.writing(process.name, process.may_write()):
        process.step(model)  # the process alone, so that nothing else makes users
    taught = without & (gain(model)[:rows] > 0)
    began = taught & (stage[:, NET] == USES)
    assert (stage[began, DEVICE] == USES).all()
    assert (model.citizens.array("adoption.since")[began][:, NET] == model.month).all()
    assert not (without & ~taught & (stage[:, NET] == USES)).any()
    assert began.sum() / taught.sum() == pytest.approx(0.35, abs=4.5 * (0.35 * 0.65 / taught.sum()) ** 0.5)


@pytest.mark.parametrize("nothing", ["training.seats", "switch", "services"])
def test_no_classes_teach_nobody(nothing):
    facts = with_values(Facts.read(), {"training.seats": 0.0}) if nothing == "training.seats" else None
    off = ("training.classes",) if nothing == "switch" else ()
    changes = (live("device_classes", 0.0),) if nothing == "services" else ()
    model = city_model(facts=facts, off=off, changes=changes, months=6)
    assert (gain(model) == 0).all()
    assert sum(flow.sum() for flow in model.ledger.flows["class_attendants"]) == 0


def shares_of_old(model):
    census = model.census
    people = census.people[:, OLD].sum()
    return [census.users(technology)[:, OLD].sum() / people for technology in ("device", "net")]


def test_a_programme_of_classes_raises_indicators_2_and_4_among_people_of_65_and_over():
    """Twice the seats with classes everywhere for two years, against the baseline's: 99 % interval above nought."""
    programme = (live("device_classes", 1.0), Change("training.seats", 24_000.0, since=baseline().census))
    found = differences(programme, lambda model: np.array(shares_of_old(model)), months=24, seeds=5)
    for technology in found.T:
        low, high = interval(technology)
        assert 0 < low < high < 0.15  # some 40,000 courses more for 260,000 people, of whom few begin


def test_the_programme_leaves_who_lives_in_the_city_as_it_is():
    plain, taught = (city_model(months=12, changes=change) for change in ((), (live("device_classes", 1.0),)))
    assert np.array_equal(plain.citizens.id, taught.citizens.id)
    assert np.array_equal(plain.citizens.here, taught.citizens.here)
