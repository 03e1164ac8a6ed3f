"""Reference and bandwagon from logs of beginnings: found where many begin, not from one area."""

from datetime import date

import numpy as np
import pytest

from twin.facts import Facts
from twin.inference.spread import FULL, Log, fit, minus_log_likelihood, watch
from twin.run.areas_alone import areas_alone, steady
from twin.verification.areas import LEADING, PEOPLE, SHARES, spread_facts
from twin.verification.worlds import city

# the signal stays and money does not decide, so that both act for the whole log
FACTS = spread_facts({"signal": 1.0, "budget_factor": 4.0, "budget_effect": 0.0}, quiet=False)
TRUTH = {name: FACTS.number(f"spread.{name}", date(2022, 4, 1)) for name in ("reference", "bandwagon")}
MONTHS = 200
row = city().areas.code.index(LEADING)


def log_of(seed, months=MONTHS):
    return watch(areas_alone(city(), steady(city(), PEOPLE, SHARES), FACTS, seed), months)


@pytest.fixture(scope="module")
def log():
    return log_of(1)


def test_the_gradient_is_that_of_the_likelihood(log):
    x = np.array([0.2, 3.0, 1.5])
    value, slope = minus_log_likelihood(x, log)
    for k in range(3):
        step = np.zeros(3)
        step[k] = 1e-5
        up, down = (minus_log_likelihood(x + s * step, log)[0] for s in (1, -1))
        assert slope[k] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-3)
    assert np.isfinite(value)


def test_many_beginnings_say_how_much_areas_look_to_each_other(log):
    assert log.starts >= 30
    found = fit(log, FACTS)
    assert found["reference"].learned
    for estimate in found.values():
        assert estimate.low <= estimate.value <= estimate.high
        for lang in ("ja", "en"):
            assert f"{estimate.value:.2f}" in estimate.told(lang)


def test_one_leading_area_alone_says_nothing_and_the_program_says_so(log):
    early = log_of(2, months=78).of(row)
    found = fit(early, FACTS)
    for name, estimate in found.items():
        assert not estimate.learned, name
        assert "posterior = prior" in estimate.told("en")
        assert "事前分布のまま" in estimate.told("ja")


def test_a_log_without_any_variation_leaves_the_whole_range():
    flat = Log(np.zeros(500), np.zeros((500, 2)), np.arange(500) % 10 == 0, np.zeros(500, int))
    for name, estimate in fit(flat, Facts.read()).items():
        assert (estimate.low, estimate.high) == estimate.prior, name
        assert estimate.high - estimate.low >= FULL * np.diff(estimate.prior)[0]


@pytest.mark.slow
def test_truth_lies_in_the_intervals_as_often_as_it_should():
    repeats = 40
    held = dict.fromkeys(TRUTH, 0)
    for seed in range(101, 101 + repeats):
        log = log_of(seed)
        assert log.starts >= 30
        for name, estimate in fit(log, FACTS).items():
            held[name] += estimate.holds(TRUTH[name])
    for name, count in held.items():
        assert count >= 0.85 * repeats, (name, count)
