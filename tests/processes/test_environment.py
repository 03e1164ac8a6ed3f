"""Acts for the environment: the month by hand, the long run, what moves them and whom it leaves alone."""

import numpy as np
import pytest

from tests.processes.paired import AFTER, differences, interval, live, share
from twin.facts import Change, Facts
from twin.kernels.hazards import ACCESS, USES
from twin.processes.environment import ACTS
from twin.processes.rates import EGOV, MAAS, NET
from twin.verification.engine import baseline, city_model
from twin.verification.worlds import with_values

FIRST = baseline().census


def acts(model):
    return model.citizens.array("environment.acts")


def all_acts(model):
    return acts(model)[model.citizens.here].mean()


def test_the_month_is_what_the_page_says():
    """Everybody's hazard by hand, without the sieve."""
    model = city_model(months=2)
    for _ in range(3):
        before, around = acts(model).astype(int), model.census.share("green", "18+")
        rows, month = len(before), model.month
        model.step()
        people, stage = model.citizens, model.citizens.array("adoption.stage")[:rows]
        live_now = model.facts.table("services.live", FIRST)
        done = model.curve("environment.acts_done", (month - people.born[:rows].astype(int)).clip(0) // 12)
        pull = 0.4 * live_now["waste_reduction"] * (stage[:, EGOV] == USES)
        pull += 0.1 * live_now["energy_view"] * (stage[:, NET] == USES) + 0.3 * (stage[:, MAAS] == USES)
        social = 0.7 + 0.3 * around[people.area[:rows]] / 0.6
        rise = 0.2 / 12 * (ACTS - before) * done / (1 - done) * np.exp(pull) * social
        fall = 0.2 / 12 * before
        draw = model.chance.uniform("environment: acts", month, people.id[:rows])
        moves = people.here[:rows] & (draw < 1 - np.exp(-(rise + fall)))
        up = draw * (rise + fall) < (1 - np.exp(-(rise + fall))) * rise
        wanted = before + moves * np.where(up, 1, -1)
        assert np.array_equal(acts(model)[:rows], wanted)
        assert moves.any()


def test_start_is_near_the_city_s_figure_and_grows_with_age():
    model = city_model(fraction=0.02)
    assert share(model, "green") == pytest.approx(0.6, abs=0.03)
    by_age = model.census.users("green").sum(axis=0) / model.census.people.sum(axis=0)
    assert by_age[0] < 0.02
    assert by_age[5] < by_age[8] < by_age[10]


def test_the_start_is_the_long_run():
    """Adults of one age, nothing used and nobody around: the share of acts done does not drift."""
    facts = with_values(Facts.read(), {"environment.acts_done": {"0": 0.5, "120": 0.5}})
    off = tuple(f"environment.{word}" for word in ("peers", "waste", "energy", "mobility", "price"))
    model = city_model(facts=facts, off=off, months=24, fraction=0.02)
    here = model.citizens.here
    assert acts(model)[here].mean() / ACTS == pytest.approx(0.5, abs=4.5 * 0.5 / (ACTS * here.sum()) ** 0.5)
    counts = np.bincount(acts(model)[here], minlength=ACTS + 1) / here.sum()
    binomial = np.array([1, 5, 10, 10, 5, 1]) / 2**ACTS
    assert np.abs(counts - binomial).max() < 4.5 * 0.5 / here.sum() ** 0.5


def test_waste_and_energy_services_raise_acts():
    for change in ([live("waste_reduction", 1.0)], [live("energy_view", 1.0)]):
        found = differences(change, all_acts, months=24)
        assert interval(found)[0] > 0


def test_prices_raise_acts():
    change = [Change("environment.price", 2.0, since=AFTER)]
    assert interval(differences(change, all_acts, months=12, seeds=4))[0] > 0
    assert (differences(change, all_acts, months=4, seeds=2, off=("environment.price",)) == 0).all()


def test_neighbours_pull_towards_what_is_common_around():
    """Against a smaller share held to be common, the same neighbours pull upwards."""
    change = [Change("environment.share", 0.4, since=AFTER)]
    assert interval(differences(change, all_acts, months=12, seeds=4))[0] > 0
    assert (differences(change, all_acts, months=4, seeds=2, off=("environment.peers",)) == 0).all()


def test_a_service_moves_nobody_who_does_not_use_what_carries_it():
    """Without neighbours' influence, who has never used the city's services acts as before."""
    change = Change("environment.waste", 1.5, since=FIRST)
    plain, more = (city_model(off=("environment.peers",), changes=c, months=14) for c in ((), (change,)))
    assert np.array_equal(plain.citizens.array("adoption.stage"), more.citizens.array("adoption.stage"))
    never = plain.citizens.array("adoption.stage")[:, EGOV] <= ACCESS
    # arrived with acts of the long run: the change acts from the census on
    assert np.array_equal(acts(plain)[never], acts(more)[never])
    assert acts(more)[~never].mean() > acts(plain)[~never].mean()


def test_the_mark_is_read_at_the_survey_s_cut():
    model = city_model(months=1)
    environment = next(p for p in model.processes if p.name == "environment")
    assert (environment.mark(model)["green"] == (acts(model) >= 3)).all()
    assert (environment.answers(model)["indicator_11"] == acts(model)).all()
    assert acts(model).max() <= ACTS
