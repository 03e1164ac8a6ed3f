"""Successive averages: rest points by hand, the on-demand loop, and loud failure."""

import numpy as np
import pytest
from scipy.optimize import brentq

from twin.errors import InputError
from twin.travel.choice import multinomial, nested
from twin.travel.equilibrium import ROUNDS, TOLERANCE, successive_averages
from twin.travel.fleet import Fleet, serve

FLEET = Fleet(10, 30.0, 4.0, 18.0, 1.3, 1.3, 2.0, 45.0, 0.25, 1.0)


def demand(share, asking):
    """Shares of walking and of rides on demand, when the wait is that of those who ride."""
    wait = serve(FLEET, asking * float(share[1])).wait
    return nested([0.0, 1.0 - 0.09 * wait], multinomial(2)).share


@pytest.mark.parametrize("asking", [1.0, 60.0, 200.0, 1000.0, 10_000.0])
@pytest.mark.parametrize("start", [[1.0, 0.0], [0.0, 1.0]])
def test_demand_and_wait_come_to_rest_where_a_root_finder_says(asking, start):
    rest = successive_averages(lambda share: demand(share, asking), start)
    top = min(1.0, FLEET.capacity / asking)
    root = brentq(lambda x: demand([1 - x, x], asking)[1] - x, 0.0, top)
    assert rest.value[1] == pytest.approx(root, abs=2 * TOLERANCE)
    assert rest.value.sum() == pytest.approx(1)
    assert len(rest.gaps) == rest.rounds <= ROUNDS
    assert rest.gaps[-1] < TOLERANCE


def test_any_shape_comes_to_rest_and_one_who_is_there_is_asked_once():
    wanted = np.array([[0.2, 0.8], [0.5, 0.5]])
    rest = successive_averages(lambda x: wanted - 0.5 * (x - wanted), np.zeros((2, 2)))
    assert rest.value == pytest.approx(wanted, abs=TOLERANCE)
    assert successive_averages(lambda x: wanted, wanted).rounds == 1


def test_a_small_step_does_not_pass_for_rest():
    """It never comes nearer, however little it moves in a round."""
    with pytest.raises(InputError) as told:
        successive_averages(lambda x: x + 0.01, [0.0], where="on demand")
    assert told.value.key == "travel.no_equilibrium"
    assert told.value.values["gap"] == pytest.approx(0.01)
    assert "200 回" in told.value.text("ja")
    assert told.value.text("en").startswith("on demand: ")


@pytest.mark.parametrize("answer", [lambda x: x * np.nan, lambda x: [np.inf, 0.0], lambda x: [0.5]])
def test_an_answer_that_is_none_is_refused_at_once(answer):
    with pytest.raises(InputError) as told:
        successive_averages(answer, [0.5, 0.5])
    assert told.value.key == "travel.no_answer"
    assert "1" in told.value.text("ja")


@pytest.mark.parametrize("slope", [0.9, 0.5, 0.0, -0.5, -1.0, -3.0, -10.0, -40.0, -100.0])
@pytest.mark.parametrize("start", [0.0, 1.0])
def test_mild_and_sharp_answers_come_to_rest(slope, start):
    rest = successive_averages(lambda x: np.clip(0.3 + slope * (x - 0.3), 0, 1), [start])
    assert rest.value[0] == pytest.approx(0.3, abs=2e-3)
    assert rest.rounds <= 70


def test_shares_that_push_each_other_come_to_rest_and_stay_shares():
    pull, seen = np.random.default_rng(1).normal(size=(6, 6)), []
    pull = -4 * pull @ pull.T

    def answer(x):
        seen.append(x)
        return nested(pull @ x, multinomial(6)).share

    rest = successive_averages(answer, np.eye(6)[0])
    assert np.abs(answer(rest.value) - rest.value).max() < TOLERANCE
    assert min(x.min() for x in seen) >= 0
    assert [x.sum() for x in seen] == pytest.approx([1] * len(seen))


def test_the_world_is_asked_no_more_than_allowed():
    asked = []
    with pytest.raises(InputError):
        successive_averages(lambda x: asked.append(1) or (x < 0.5).astype(float), [0.9], rounds=30)
    assert len(asked) == 30
