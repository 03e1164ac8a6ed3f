"""Awareness of the smart city: the month by hand, start and proxy, what moves it."""

from datetime import date

import numpy as np
import pytest

from tests.processes.paired import differences, interval, live, share
from twin.facts import Change
from twin.kernels.hazards import STOPPED, UNAWARE, USES
from twin.processes.rates import ALERTS, EGOV, MAAS
from twin.units import month_number
from twin.verification.engine import baseline, city_model

FIRST = baseline().census


def aware(model):
    return model.citizens.array("awareness.aware")


def test_the_month_is_what_the_page_says():
    """Everybody's hazard by hand, without the sieve."""
    model = city_model(months=2)
    for _ in range(3):
        before, around = aware(model) == 1, model.census.share("aware_city", "18+")
        rows, month = len(before), model.month
        model.step()
        people, stage = model.citizens, model.citizens.array("adoption.stage")[:rows, [EGOV, MAAS, ALERTS]]
        told = 1 + 0.5 * model.facts.table("services.live", FIRST)["publicity"]
        known = ((stage > UNAWARE) & (stage <= STOPPED)).sum(axis=1)
        hears = (
            0.077 * told
            + 0.02 * known
            + 0.04 * (stage == USES).sum(axis=1)
            + 0.06 * around[people.area[:rows]]
        )
        age = (month - people.born[:rows].astype(int)).clip(0) // 12
        hazard = np.where(before, 0.1, model.curve("awareness.reach", age) * hears) / 12
        draw = model.chance.uniform("awareness: hear or forget", month, people.id[:rows])
        turns = people.here[:rows] & (draw < 1 - np.exp(-hazard))
        assert np.array_equal(aware(model)[:rows] == 1, before ^ turns)
        assert turns.any()


def test_start_is_the_fact_where_media_reach():
    model = city_model(fraction=0.02)
    age = (model.month - model.citizens.born.astype(int)) // 12
    reached = model.citizens.here & (age >= 15) & (age <= 75)
    wanted = model.fact("awareness.share")
    spread = (wanted * (1 - wanted) / reached.sum()) ** 0.5
    assert (aware(model)[reached] == 1).mean() == pytest.approx(wanted, abs=4.5 * spread)
    assert not aware(model)[age < 9].any()


def test_the_city_is_near_the_proxy_at_the_end_of_2024():
    """Fitted, so no test of the model: a test that the fact still does what it says."""
    model = city_model(months=month_number(date(2024, 12, 1)) + 1 - month_number(FIRST), fraction=0.01)
    assert share(model, "aware_city") == pytest.approx(0.58, abs=0.025)


def test_publicity_and_services_raise_awareness():
    told = lambda model: share(model, "aware_city")  # noqa: E731
    assert interval(differences([live("publicity", 1.0)], told, months=18))[0] > 0
    assert interval(differences([Change("awareness.used", 0.5, since=FIRST)], told, months=18))[0] > 0
    off = ("awareness.publicity", "adoption.quality", "adoption.benefit")
    silent = [Change("awareness.publicity", 3.0, since=FIRST)]
    assert (differences(silent, told, months=6, off=off, seeds=2) == 0).all()


def test_those_no_media_reach_stay_unaware():
    model = city_model(months=12, changes=[live("publicity", 1.0)])
    young = model.citizens.here & ((model.month - model.citizens.born.astype(int)) // 12 < 9)
    assert young.sum() > 100
    assert not aware(model)[young].any()


def test_a_restart_remembers_the_country_outside():
    model = city_model(months=6)
    awareness = next(p for p in model.processes if p.name == "awareness")
    assert awareness.outside > model.fact("awareness.share")
    again = city_model()
    again.remember(model.memory())
    assert next(p for p in again.processes if p.name == "awareness").outside == awareness.outside
