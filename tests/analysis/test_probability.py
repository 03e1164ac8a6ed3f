"""Probabilities, differences and waiting times against hand calculations and known coverage."""

import numpy as np
import pytest

from twin.analysis.probability import difference, interval, probability
from twin.analysis.times import waiting
from twin.analysis.words import apart, percent, said
from twin.chance import Chance


def draws(p, n, repeat):
    return Chance(5).uniform("coverage test", repeat, np.arange(n)) < p


@pytest.mark.parametrize(("p", "n"), [(0.5, 50), (0.2, 100), (0.8, 200), (0.02, 200), (0.02, 20)])
def test_the_interval_holds_the_truth_at_least_as_often_as_it_says(p, n):
    found = [probability(draws(p, n, repeat), np.arange(n)) for repeat in range(400)]
    covered = np.mean([one.low <= p <= one.high for one in found])
    assert 0.88 <= covered <= 1.0
    assert (
        np.mean([one.high - one.low for one in found]) < 2 * 1.65 * (p * (1 - p) / n) ** 0.5 + 3 / n
    )  # and is no wider


@pytest.mark.parametrize("draws_of", [20, 60])
def test_the_bootstrap_over_draws_holds_the_truth_about_as_often_as_it_says(draws_of):
    """Each draw has its own probability, 0.2 to 0.8 and 0.5 on average, and five seeds."""
    covered = []
    for repeat in range(400):
        own = 0.2 + 0.6 * Chance(6).uniform("own", repeat, np.arange(draws_of))
        held = Chance(7).uniform("held", repeat, np.arange(5 * draws_of)) < np.repeat(own, 5)
        found = probability(held, np.repeat(np.arange(draws_of), 5))
        covered.append(found.low <= 0.5 <= found.high)
    assert 0.84 <= np.mean(covered) <= 0.96


def test_few_of_many_are_more_than_none():
    found = probability(np.arange(100) < 2, np.arange(100))
    assert (found.low, found.high) == pytest.approx(
        (0.00357, 0.0616), rel=0.01
    )  # Clopper and Pearson, 2 of 100


def test_runs_of_one_draw_do_not_count_as_many():
    """Ten draws of which four always hold: forty seeds each add nothing to what is known."""
    held, draw = np.repeat(np.arange(10) < 4, 40), np.repeat(np.arange(10), 40)
    wide, narrow = probability(held, draw), probability(held, np.arange(400))
    assert wide.value == narrow.value == 0.4
    assert (wide.units, wide.runs, wide.held) == (10, 400, 160)
    assert wide.high - wide.low > 4 * (narrow.high - narrow.low)
    once = probability(np.arange(10) < 4, np.arange(10))
    assert (wide.low, wide.high) == (once.low, once.high)


def test_draws_with_more_runs_do_not_weigh_more():
    held = np.array([True] * 9 + [False])
    assert probability(held, np.array([1] * 9 + [2])).value == 0.5


@pytest.mark.parametrize("n", [1, 20, 200])
def test_none_and_all_of_n_leave_open_what_so_many_can_miss(n):
    none, every = (probability(np.full(n, yes), np.arange(n)) for yes in (False, True))
    assert (none.value, none.low) == (0.0, 0.0)
    assert (1 - none.high) ** n == pytest.approx(0.05)  # at that probability, none of n comes once in twenty
    assert (every.value, every.high) == (1.0, 1.0)
    assert every.low == pytest.approx(1 - none.high)
    if n > 100:
        assert none.high == pytest.approx(3 / n, rel=0.02)  # the rule of three


def test_none_of_200_is_below_one_and_a_half_per_cent_in_words():
    found = probability(np.zeros(200, bool), np.arange(200))
    assert said(found, "ja") == "200 回中 0 回：1.5 % 未満"
    assert said(found, "en") == "0 of 200: below 1.5 %"
    assert said(probability(np.ones(200, bool), np.arange(200)), "en") == "200 of 200: above 98 %"


@pytest.mark.parametrize("share", np.linspace(0.0001, 0.9999, 97))
def test_probabilities_have_two_digits_at_most_and_some_is_neither_none_nor_all(share):
    shown = percent(share)
    assert len(shown.replace(".", "").lstrip("0")) <= 2
    assert 0 < float(shown) < 100
    assert float(shown) == pytest.approx(share * 100, rel=0.06)


def test_a_difference_is_paired():
    """Both scenarios are uncertain, but they differ in one run of forty: the pairs know that, two intervals do not."""
    base = draws(0.5, 40, 1)
    other = base.copy()
    other[np.flatnonzero(~base)[0]] = True
    found = difference(other, base, np.arange(40))
    assert (found.value, found.pairs, found.moved) == (1 / 40, 40, 1)
    assert found.low == 0
    assert found.high <= 3 / 40
    apart_by_chance = probability(base, np.arange(40))
    assert found.high - found.low < (apart_by_chance.high - apart_by_chance.low) / 3
    back = difference(base, other, np.arange(40))
    assert (back.value, back.low, back.high) == (-found.value, -found.high, -found.low)


def test_alike_in_every_pair_is_not_proof_of_no_difference():
    found = difference(np.ones(40, bool), np.ones(40, bool), np.arange(40))
    assert (found.value, found.moved) == (0, 0)
    assert (1 - found.high) ** 40 == pytest.approx(0.05)
    assert apart(found, "en") == "alike in all 40 pairs (less than 7.3 points apart)"


def test_the_same_runs_give_the_same_interval():
    each = np.array([0.0, 1.0, 1.0, 0.0, 1.0] * 6)
    assert interval(each) == interval(each.copy())


# -- waiting -----------------------------------------------------------------------------------


def test_waiting_is_kaplan_and_meier_s_curve():
    """By hand: 6 at risk at 6 (3 reach it, 1 leaves), 17 left at 7 ... the first steps of the textbook's remission data."""
    years = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35], float)
    left = np.array([0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1], bool)
    found = waiting(years, ~left)
    at = dict(zip(found.years.tolist(), found.share.tolist(), strict=True))
    by_hand = {}
    share = 1.0
    for t, n, d in ((6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1)):
        share *= 1 - d / n
        by_hand[t] = share
    assert {t: at[t] for t in by_hand} == pytest.approx(by_hand)
    assert by_hand[10] == pytest.approx(
        0.753, abs=5e-4
    )  # as printed: 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448
    assert by_hand[23] == pytest.approx(0.448, abs=5e-4)
    assert found.middle == 23
    assert (found.reached, found.runs) == (9, 21)


def test_a_milestone_most_runs_never_see_has_no_middle():
    found = waiting(np.array([4.0, 20.0, 20.0, 20.0, 20.0]), np.array([True, False, False, False, False]))
    assert np.isnan(found.middle)
    assert np.isnan(found.high)
    assert found.reached == 1


@pytest.mark.parametrize("reached", [True, False])
def test_all_or_none_reaching_it_is_no_error(reached):
    found = waiting(np.full(5, 3.0), np.full(5, reached))
    assert (found.middle == 3.0) is reached
    assert found.reached == 5 * reached
