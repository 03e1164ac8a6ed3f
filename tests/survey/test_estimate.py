"""Estimates against hand counts, another program, and their own promise over many surveys."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.survey.towns import plain, town, wave
from twin.chance import Chance
from twin.survey import ask_residents, estimated, interval, kish, weights
from twin.survey.estimate import pooled


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3000), st.floats(0, 1))
def test_wilson_is_scipys(n, share):
    yes = round(share * n)
    theirs = binomtest(yes, n).proportion_ci(0.95, method="wilson")
    np.testing.assert_allclose(interval(yes / n, n), (theirs.low, theirs.high), atol=1e-12)


def test_kish_is_one_plus_squared_variation():
    weight = Chance(1).uniform("w", 0, np.arange(500)) + 0.1
    assert kish(weight) == pytest.approx(1 + (weight.std() / weight.mean()) ** 2)
    assert kish(np.full(7, 3.0)) == pytest.approx(1.0)


def test_weights_bring_each_class_up_to_its_people():
    people = np.array([[100, 300], [50, 550]])
    cell = np.repeat([0, 1, 2, 3], [10, 20, 10, 60])
    weight = weights(cell, people, 5)
    assert weight.mean() == pytest.approx(1.0)
    np.testing.assert_allclose(np.bincount(cell, weight) * 1000 / 100, people.ravel())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=5),
    st.integers(1, 8),
)
def test_pooled_groups_hold_enough_and_keep_to_their_stratum(table, smallest):
    returned = np.array(table)
    group = pooled(returned, smallest)
    held = np.bincount(group.ravel(), returned.ravel())
    assert (np.diff(np.unique(group)) == 1).all()
    assert (np.diff(group.ravel()) >= 0).all()  # neighbours only
    if returned.sum() >= smallest:
        assert held.min() >= smallest
    rich = returned.sum(axis=1) >= smallest
    if rich.all():
        for upper, lower in pairwise(group):
            assert not set(upper) & set(lower)


def test_pooling_keeps_the_population_whole():
    people = np.array([[100.0, 300.0, 40.0], [50.0, 550.0, 60.0]])
    cell = np.repeat([0, 1, 3], [3, 20, 9])  # cells 2, 4, 5 gave nothing back
    weight = weights(cell, people, 5)
    assert weight.sum() == pytest.approx(len(cell))
    first_ward = cell < 3
    assert weight[first_ward].sum() / weight.sum() == pytest.approx(440 / 1100)


def test_weights_of_an_empty_return():
    assert weights(np.zeros(0, int), np.array([[5, 5]]), 5).size == 0
    assert np.isnan(estimated(np.zeros(0, bool), np.zeros(0)).value)


def surveys(count, facts, state, residents, n=800):
    found = []
    for k in range(count):
        back = ask_residents(wave(n, name=str(k)), residents, {"indicator_01": state}, facts, Chance(2))
        found.append(back.estimate("indicator_01"))
    return found


def covers(estimates, truth):
    return np.mean([e.weighted.low <= truth <= e.weighted.high for e in estimates])


def test_intervals_hold_the_truth_as_often_as_they_promise():
    """Response hangs on age, answers on age: raw is wrong, weighted right with a 95 % interval."""
    residents = town(12_000)
    state = (Chance(4).uniform("yes", 0, residents.id) < 0.9 - 0.008 * residents.age).astype(float)
    truth = state[residents.age >= 18].mean()
    found = surveys(300, plain(response__share={"18": 0.25, "40": 0.42, "65": 0.60}), state, residents)
    assert 0.92 <= covers(found, truth) <= 0.99
    assert np.mean([e.weighted.value for e in found]) == pytest.approx(truth, abs=0.005)
    assert np.mean([e.raw.value for e in found]) < truth - 0.04
    deff = np.mean([e.weighted.deff for e in found])
    spread = np.std([e.weighted.value for e in found])
    said = np.mean([np.sqrt(truth * (1 - truth) / e.weighted.effective_n) for e in found])
    assert deff > 1.08
    assert spread == pytest.approx(said, rel=0.15)


def test_weighting_does_not_mend_what_interest_does():
    residents = town(12_000)
    state = (residents.interest > 0.6).astype(float)
    truth = state[residents.age >= 18].mean()
    eager = {"mail": 1.0, "web": 1.0, "mixed": 1.0, "companies": 0.0}
    found = surveys(100, plain(response__share={"18": 0.42}, response__interest=eager), state, residents)
    assert np.mean([e.weighted.value for e in found]) > truth + 0.05
    assert covers(found, truth) < 0.5


def test_a_ward_and_an_age_by_hand():
    residents = town()
    state = (residents.ability > 0).astype(float)
    facts = plain(response__share={"18": 0.3, "65": 0.6})
    back = ask_residents(wave(6000), residents, {"indicator_01": state}, facts, Chance(1))
    for where in (residents.ward[back.row] == 3, residents.age[back.row] >= 75):
        estimate = back.estimate("indicator_01", where=where)
        rows = back.row[where & back.returned]
        assert (estimate.sent, estimate.returned) == (where.sum(), len(rows))
        assert estimate.response_rate == pytest.approx(len(rows) / where.sum())
        assert estimate.raw.value == pytest.approx(state[rows].mean())
        weight = back.weight[where & back.returned]
        assert estimate.weighted.value == pytest.approx((state[rows] * weight).sum() / weight.sum())
        assert estimate.raw.deff == pytest.approx(1.0)


def test_published_shares_have_one_decimal_of_a_per_cent():
    residents = town()
    back = ask_residents(wave(900), residents, {"indicator_01": residents.interest}, plain(), Chance(1))
    (shown,) = back.published()
    exact = back.estimate("indicator_01")
    for got, was in ((shown.raw.value, exact.raw.value), (shown.weighted.low, exact.weighted.low)):
        assert round(1000 * got, 6) == round(1000 * was)
        assert got != was
    assert shown.weighted.deff == exact.weighted.deff
