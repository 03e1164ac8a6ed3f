"""Tastes put in come back; slopes are slopes; what cannot be told is refused; Swissmetro as others found it."""

from pathlib import Path

import numpy as np
import pytest

from twin.chance import Chance
from twin.errors import InputError
from twin.inference.choice import SWISSMETRO, Choices, fit_choice, loglik_and_slope, swissmetro
from twin.travel.choice import Nests, choose, unseen
from twin.verification import CASES, register

TASTES = np.array([0.5, -0.3, -0.045, -0.0015])  # two constants, a minute, a yen
NAMES = ("rail", "bus", "time", "cost")
NESTED = Nests(np.array([0, 1, 1, 1]), np.array([1.0, 0.5]))
FLAT = NESTED._replace(theta=np.ones(2))


def chosen(nests, situations=3000, seed=1):
    """Drive, rail, bus, on demand; minutes and yen at random, some modes missing, chosen by the real draws."""
    rng = np.random.default_rng(seed)
    x = np.zeros((4, situations, 4))
    x[1, :, 0] = x[2, :, 1] = 1
    x[:, :, 2], x[:, :, 3] = rng.uniform(5, 60, (4, situations)), rng.uniform(100, 1500, (4, situations))
    free = rng.random((4, situations)) < 0.8
    free[rng.integers(0, 4, situations), np.arange(situations)] = True
    own = unseen(Chance(seed), "made-up choices", 0, np.arange(situations), nests)
    return Choices(x, free, choose(x @ TASTES, own, free), NAMES)


@pytest.mark.parametrize("nests", [FLAT, NESTED], ids=["multinomial", "nested"])
def test_tastes_put_in_come_back_within_two_standard_errors(nests):
    """Over 24 worlds: as many within two standard errors as a normal error leaves there, none far off."""
    free, truth = ((1,), np.append(TASTES, 0.5)) if nests is NESTED else ((), TASTES)
    off = []
    for seed in range(24):
        found = fit_choice(chosen(nests, seed=seed), nests, free)
        off.append((found.value - truth) / np.stack([found.error, found.robust]))
    off = np.array(off)  # worlds, kinds of error, parameters
    assert np.abs(off).max() < 4.5
    within, asked = (np.abs(off) < 2).mean(axis=(0, 2)), off.shape[0] * off.shape[2]
    assert (np.abs(within - 0.9545) < 3 * np.sqrt(0.9545 * 0.0455 / asked)).all()
    assert np.abs(off.mean(axis=0)).max() < 4.5 / np.sqrt(24)  # no bias


def test_the_slope_is_that_of_the_log_likelihood():
    choices = chosen(NESTED, 200)
    at, free = np.array([0.2, 0.1, -0.03, -0.001, 0.6, 0.8]), (1, 0)
    _, slope = loglik_and_slope(choices, at, NESTED, free)
    for k, size in enumerate((1e-6, 1e-6, 1e-7, 1e-8, 1e-6, 1e-6)):
        step = np.zeros(len(at))
        step[k] = size
        up, down = (loglik_and_slope(choices, at + sign * step, NESTED, free)[0] for sign in (1, -1))
        assert slope[:, k] == pytest.approx((up - down) / (2 * size), rel=1e-5, abs=1e-5)


def test_theta_is_found_where_it_is_and_kept_within_one_where_it_is_not():
    assert fit_choice(chosen(NESTED), FLAT, (1,))["theta 1"] == pytest.approx(0.5, abs=0.1)
    apart = fit_choice(chosen(FLAT, seed=4), FLAT, (1,))
    assert 0.8 < apart["theta 1"] <= 1
    wider = chosen(NESTED)._replace(names=NAMES)
    nest_of_strangers = Nests(
        np.array([0, 0, 1, 2]), np.ones(3)
    )  # drive and rail have nothing in common here
    found = fit_choice(wider, nest_of_strangers, (0,))
    assert found["theta 0"] == 1
    assert np.isnan(found.error[-1])
    assert np.isfinite(found.error[:-1]).all()


def test_a_constant_alone_has_its_closed_form():
    x = np.zeros((2, 100, 1))
    x[1] = 1
    choices = Choices(x, np.ones((2, 100), bool), np.repeat([0, 1], [70, 30]), ("second",))
    found = fit_choice(choices)
    assert found["second"] == pytest.approx(np.log(30 / 70), abs=1e-6)
    assert found.error[0] == pytest.approx(1 / np.sqrt(100 * 0.3 * 0.7), rel=1e-4)
    assert found.robust == pytest.approx(found.error, rel=1e-4)
    assert found.loglik == pytest.approx(70 * np.log(0.7) + 30 * np.log(0.3))
    assert found.rho_squared == pytest.approx(1 - found.loglik / (100 * np.log(0.5)))


def test_saying_the_same_ten_times_does_not_make_a_person_ten():
    once = chosen(FLAT, 500)
    ten = Choices(
        np.tile(once.x, (1, 10, 1)), np.tile(once.available, 10), np.tile(once.chosen, 10), NAMES, np.tile(np.arange(500), 10)
    )  # fmt: skip
    first, again = fit_choice(once), fit_choice(ten)
    assert again.value == pytest.approx(first.value, rel=1e-4)
    assert again.robust == pytest.approx(first.robust, rel=1e-3)
    assert again.error == pytest.approx(first.error / np.sqrt(10), rel=1e-3)


def spoilt(choices, wrong):
    if wrong == "not_available":
        free = choices.available.copy()
        free[choices.chosen[5], 5] = False
        return choices._replace(available=free)
    x = choices.x.copy()
    if wrong == "same for all":
        x[:, :, 1] = 7.0
    elif wrong == "a sum":
        x[:, :, 1] = 2 * x[:, :, 2]
    else:  # who is quickest is always taken
        chosen = np.where(choices.available, -x[:, :, 2], -np.inf).argmax(axis=0)
        return choices._replace(x=x[:, :, 2:3], chosen=chosen, names=("time",))
    return choices._replace(x=x)


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ("not_available", "not_available"),
        ("same for all", "not_told_apart"),
        ("a sum", "not_told_apart"),
        ("decided", "not_told_apart"),
    ],
)
def test_what_the_data_cannot_tell_is_refused_in_both_languages(wrong, key):
    with pytest.raises(InputError) as refused:
        fit_choice(spoilt(chosen(FLAT, 300), wrong))
    assert refused.value.key == f"inference.{key}"
    assert not refused.value.text("ja").isascii()


@pytest.mark.skipif(not SWISSMETRO.is_file(), reason="the Swissmetro choices are not beside the project")
def test_swissmetro_choices_come_nine_from_a_person():
    choices = swissmetro()
    assert len(np.unique(choices.person)) * 9 == len(choices.chosen) == 6768
    by_person = fit_choice(choices)
    assert by_person.loglik == pytest.approx(-5331.252, abs=5e-4)
    assert by_person.rho_squared == pytest.approx(0.2345, abs=5e-5)
    assert (by_person.robust > 2 * by_person.error).all()


def test_without_the_file_the_case_is_skipped():
    register()
    assert CASES["V-20b"].needs == (SWISSMETRO,)
    assert SWISSMETRO.parts[-3:] == ("shared", "choice", "swissmetro.dat")
    assert isinstance(SWISSMETRO, Path)
