"""Worlds, bands, places left out, and curves that know no people."""

from dataclasses import replace

import numpy as np
import pytest

from tests.inference.people import crowd
from twin.inference import (
    Hazards,
    Outlook,
    curve,
    fit_bass,
    fit_logistic,
    left_out,
    live,
    outlook,
    side_by_side,
)
from twin.inference.curves import bass, logistic

THRESHOLDS = np.array([3000, 6000], np.uint16)
HAZARDS = Hazards(0.05, 0.2)


def lived(seed=1, people=240):
    made = crowd(people=people)
    return replace(made, began=live(made, made.weight(), HAZARDS, THRESHOLDS, seed))


def test_same_seed_same_lives_other_seed_others():
    first, again, other = (lived(seed).began.tolist() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_worlds_of_the_truth_hold_the_fact():
    people = lived()
    found = outlook(people, people.weight(), HAZARDS, THRESHOLDS, worlds=200)
    assert found.worlds.shape == (200, people.steps)
    assert (np.diff(found.worlds, axis=1) >= 0).all()
    assert found.farther > 0.02
    wrong = outlook(people, people.weight(), Hazards(0.02, 0.2), THRESHOLDS, worlds=200)
    assert wrong.farther == 0
    assert wrong.rmse(wrong.fact) > 3 * found.rmse(found.fact)


def test_band_distance_and_places_side_by_side():
    one = Outlook(np.array([1, 5]), np.array([[0, 2], [2, 4]]))
    assert one.mean.tolist() == [1, 3]
    assert one.inside(one.fact) == 0.5
    assert one.rmse(one.fact) == pytest.approx(2**0.5)
    both = side_by_side([one, one])
    assert both.fact.tolist() == [1, 5, 1, 5]
    assert both.worlds.shape == (2, 4)
    assert both.off([np.array([1, 5]), np.array([1, 7])]) == 1.0


def test_a_place_left_out_is_foretold_without_looking_at_it():
    people = lived()
    there = people.place == 2
    changed = replace(people, began=np.where(there, 1, people.began))
    foretold, blind = (
        left_out(p, p.weight(), ("alone", "peers"), THRESHOLDS, 50)[2] for p in (people, changed)
    )
    assert foretold.place == blind.place == 2
    assert foretold.fit == blind.fit
    assert (foretold.outlook.worlds == blind.outlook.worlds).all()
    assert (foretold.bass == blind.bass).all()
    assert (foretold.logistic == blind.logistic).all()
    assert blind.outlook.fact[0] == there.sum()
    assert blind.loglik < foretold.loglik
    assert abs(foretold.fit.hazards.peers - HAZARDS.peers) < 0.15


def test_curve_counts_who_began():
    assert curve(np.array([[1, 3, 4], [2, 2, 4]]), 3).tolist() == [[1, 1, 2], [0, 2, 2]]


@pytest.mark.parametrize(
    ("fitted", "made", "numbers"),
    [(fit_bass, bass, (0.03, 0.38, 900.0)), (fit_logistic, logistic, (0.5, 6.0, 120.0))],
)
def test_curves_find_their_own_numbers(fitted, made, numbers):
    found = fitted(made(np.arange(1, 18), *numbers))
    assert found.numbers == pytest.approx(numbers, rel=1e-4)
    assert found.rmse < 1e-4
