"""Felt change of work: worth and feeling by hand, and its two switches."""

import numpy as np
import pytest

from twin.agents.citizens import Day
from twin.indicators import changed_work
from twin.processes.businesses import citizens_telework
from twin.processes.businesses.work import at_work
from twin.verification.engine import city_model

TELEWORK, DIGITAL = 0.5, 0.5  # facts work.telework, work.digital
RISE, FALL, GETTING_USED, HABIT = 0.05, 0.15, 0.03, 0.5


def by_hand(model, telework=TELEWORK, digital=DIGITAL):
    """Worth of technology at everybody's work, citizen by citizen."""
    people, firms = model.citizens, model.businesses
    stage = firms.array("businesses.stage")
    engaged = firms.employees * firms.here
    mean = (stage * engaged).sum() / engaged.sum()
    may = citizens_telework(model)
    out = []
    for row in range(people.rows):
        if people.day[row] not in (Day.WORK_IN_CITY, Day.WORK_OUTSIDE):
            out.append(0.0)
            continue
        own = stage[people.work[row]] if people.work[row] >= 0 else mean
        remote = telework if may.offered[row] and may.allowed[row] else 0.0
        out.append(1 - (1 - remote) * (1 - digital * own / 4))
    return np.array(out)


def felt(model):
    return model.citizens.array("work.benefit"), model.citizens.array("work.used_to")


@pytest.mark.parametrize("absent", [None, "telework", "digital"])
def test_people_of_the_census_are_used_to_what_their_work_is_worth(absent):
    """Telework and the firm's stage together; a switch takes its part away; long use leaves half to be felt."""
    model = city_model(off=(f"work.{absent}",) if absent else ())
    worth, (benefit, used_to) = by_hand(model, **({absent: 0.0} if absent else {})), felt(model)
    assert used_to == pytest.approx(worth, abs=1e-6)
    assert benefit == pytest.approx((1 - HABIT) * worth, abs=1e-6)
    assert (worth[~at_work(model)] == 0).all()
    assert len(np.unique(np.round(worth, 3))) >= (2 if absent else 5)


def test_a_month_of_feeling_by_hand():
    """The process alone: towards worth less half of what is taken for granted, faster down than up."""
    model = city_model(months=6)
    process = next(p for p in model.processes if p.name == "work")
    benefit, used_to = (column.copy() for column in felt(model))
    with model.state.writing("test", {"businesses.businesses.stage"}):
        model.businesses.array("businesses.stage")[::2] = 4
        model.businesses.array("businesses.stage")[1::2] = 0
    gained = by_hand(model)
    with model.state.writing(process.name, process.may_write()):
        process.step(model)
    taken = used_to + GETTING_USED * (gained - used_to)
    gap = gained - HABIT * taken - benefit
    after = np.maximum(benefit + np.where(gap > 0, RISE, FALL) * gap, 0)
    assert (gap > 0.01).any()
    assert (gap < -0.01).any()
    here = model.citizens.here
    assert felt(model)[0][here] == pytest.approx(after[here], abs=1e-5)
    assert felt(model)[1][here] == pytest.approx(taken[here], abs=1e-5)


def test_the_indicator_counts_those_above_cut_and_standard_among_people_with_work():
    model = city_model(months=6)
    people, cut = model.citizens, model.entry("survey.answer.cut", "indicator_06")
    yes = people.here & at_work(model) & (felt(model)[0] - people.array("felt.standard") >= cut)
    counted, asked = changed_work(model.census)
    assert counted.sum() == yes.sum() > 0
    assert asked.sum() == (people.here & at_work(model)).sum()
