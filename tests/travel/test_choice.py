"""Nested logit by hand, at its limits, and drawn: who changes when a mode gets worse."""

import math

import numpy as np
import pytest

from twin.chance import Chance
from twin.errors import InputError
from twin.travel.choice import MODES, NESTS, Nests, choose, multinomial, nested, nests_of, unseen

THETA = {"road": 0.7, "public": 0.6, "active": 1.0}
PEOPLE = 60_000


def by_hand(v, theta, free):
    """Shares of the eight modes from the formula on paper, and the logsum."""
    inner, whole = {}, {}
    for nest, modes in NESTS.items():
        inner[nest] = {m: math.exp(v[m] / theta[nest]) for m in modes if free[m]}
        whole[nest] = sum(inner[nest].values()) ** theta[nest] if inner[nest] else 0.0
    total = sum(whole.values())
    share = {
        m: whole[nest] / total * inner[nest].get(m, 0.0) / (sum(inner[nest].values()) or 1.0)
        for nest, modes in NESTS.items()
        for m in modes
    }
    return [share[m] for m in MODES], math.log(total)


def utilities(people=50, seed=1):
    return 2 * np.random.default_rng(seed).normal(size=(len(MODES), people))


def test_equals_the_formula_on_paper_for_everybody_with_and_without_some_modes():
    v, free = utilities(), np.random.default_rng(2).random((len(MODES), 50)) < 0.6
    free[MODES.index("walk")] = True
    for available in (np.ones_like(free), free):
        got = nested(v, nests_of(THETA), available)
        for i in range(50):
            share, logsum = by_hand(dict(zip(MODES, v[:, i])), THETA, dict(zip(MODES, available[:, i])))  # noqa: B905
            assert got.share[:, i] == pytest.approx(share, abs=1e-14)
            assert got.logsum[i] == pytest.approx(logsum, abs=1e-12)


def test_choosers_of_any_shape_go_through():
    v = utilities(60)
    flat, square = nested(v, nests_of(THETA)), nested(v.reshape(-1, 5, 12), nests_of(THETA))
    assert (square.share.reshape(len(MODES), -1) == flat.share).all()
    assert square.logsum.shape == (5, 12)


def test_the_logsum_s_slope_is_the_share():
    v, step = utilities(), 1e-6
    for m in range(len(MODES)):
        up, down = v.copy(), v.copy()
        up[m] += step
        down[m] -= step
        slope = (nested(up, nests_of(THETA)).logsum - nested(down, nests_of(THETA)).logsum) / (2 * step)
        assert slope == pytest.approx(nested(v, nests_of(THETA)).share[m], abs=1e-8)


def test_theta_one_is_multinomial_and_theta_nought_takes_the_best_of_a_nest():
    v = utilities()
    one = nested(v, nests_of(dict.fromkeys(NESTS, 1.0)))
    assert one.share == pytest.approx(nested(v, multinomial(len(MODES))).share, abs=1e-14)
    v[0] = v[1] = v[:3].max(axis=0) + 0.1  # two equally best on the road
    nought, nearly = (nested(v, nests_of(dict.fromkeys(NESTS, t))) for t in (0.0, 1e-12))
    assert (nought.within[:2] == 0.5).all()
    assert nought.share == pytest.approx(nearly.share, abs=1e-9)
    assert np.isfinite(nought.logsum).all()


@pytest.mark.parametrize("theta", [0.0, 1e-300, 0.5, 1.0])
def test_huge_utilities_stay_finite_and_a_common_thousand_changes_no_bit(theta):
    nests = nests_of(dict.fromkeys(NESTS, theta))
    v = np.array([800.0, -800.0, 0.0, 800.0, -800.0, 1.5, -0.25, -800.0])
    for signed in (v, -v):
        got = nested(signed, nests)
        assert np.isfinite(got.share).all()
        assert np.isfinite(got.logsum)
        assert got.share.sum() == pytest.approx(1, abs=1e-12)
        assert (nested(signed + 1000, nests).share == got.share).all()


def test_what_is_not_available_is_never_taken():
    v, free = utilities(), np.ones(len(MODES), bool)
    free[:6] = False
    got = nested(v, nests_of(THETA), free[:, None])
    assert (got.share[:6] == 0).all()
    assert got.nest[:2].max() == 0
    assert set(choose(v, unseen(Chance(1), "x", 0, np.arange(50), nests_of(THETA)), free[:, None])) <= {6, 7}
    assert (nested(np.where(free[:, None], v, -np.inf), nests_of(THETA)).share == got.share).all()


@pytest.mark.parametrize("ask", [nested, lambda v, nests, free=True: choose(v, np.zeros_like(v), free)])
@pytest.mark.parametrize(
    ("value", "key"), [(np.nan, "utility"), (np.inf, "utility"), (-np.inf, "nothing_to_choose")]
)
def test_what_cannot_be_chosen_from_is_refused(ask, value, key):
    v = utilities()
    v[:, 7] = value
    with pytest.raises(InputError) as refused:
        ask(v, nests_of(THETA))
    assert refused.value.key == f"travel.{key}"
    with pytest.raises(InputError, match="no mode at all"):
        ask(utilities(), nests_of(THETA), np.zeros((len(MODES), 1), bool))


@pytest.mark.parametrize("theta", [-0.1, 1.1, np.nan])
def test_a_theta_outside_0_to_1_is_refused(theta):
    with pytest.raises(InputError, match="theta"):
        nests_of({**THETA, "public": theta})


@pytest.mark.parametrize(
    "theta", [{"road": 1.0, "public": 0.15, "active": 0.999}, THETA, dict.fromkeys(NESTS, 1.0)]
)
def test_draws_follow_the_shares(theta):
    v, nests = np.linspace(0.5, -0.5, len(MODES)), nests_of(theta)
    share = nested(v, nests).share
    took = choose(v[:, None], unseen(Chance(3), "trip", 0, np.arange(PEOPLE), nests))
    found = np.bincount(took, minlength=len(MODES)) / PEOPLE
    assert (np.abs(found - share) < 4.5 * np.sqrt(share * (1 - share) / PEOPLE)).all()


def test_a_mode_that_gets_worse_loses_its_own_users_and_moves_nobody_else():
    v, nests, rail = utilities(PEOPLE), nests_of(THETA), MODES.index("rail")
    own = unseen(Chance(3), "trip", 0, np.arange(PEOPLE), nests)
    before = choose(v, own)
    v[rail] -= 0.5
    after = choose(v, own)
    assert (before[after != before] == rail).all()
    assert 0.02 < (after != before).mean() < 0.2


def test_a_person_s_draw_hangs_on_the_person_alone():
    nests, all_of_them = nests_of(THETA), np.arange(200)
    some = unseen(Chance(3), "trip", 5, all_of_them[[7, 150]], nests)
    assert (some == unseen(Chance(3), "trip", 5, all_of_them, nests)[:, [7, 150]]).all()
    assert not (some == unseen(Chance(3), "trip", 6, all_of_them[[7, 150]], nests)).any()


def test_unseen_things_are_gumbel_and_of_one_nest_alike():
    own = unseen(Chance(4), "trip", 0, np.arange(PEOPLE), Nests(np.array([0, 0, 1]), np.array([0.5, 1.0])))
    assert own.mean(axis=1) == pytest.approx(np.full(3, 0.5772), abs=0.03)
    assert own.std(axis=1) == pytest.approx(np.full(3, math.pi / math.sqrt(6)), abs=0.03)
    alike = np.corrcoef(own)
    assert alike[0, 1] == pytest.approx(1 - 0.5**2, abs=0.02)  # correlation 1 - theta squared
    assert abs(alike[0, 2]) < 0.02
