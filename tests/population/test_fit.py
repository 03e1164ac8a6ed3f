"""Fitting to margins and rounding: known answers, zeros, conflicts, and margins kept exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.chance import Chance
from twin.errors import ManyProblems, MarginError
from twin.population.fit import Margin, fit
from twin.population.rounding import controlled, whole
from twin.population.sizes import heavy_tailed


def uniform(seed, *shape):
    """Numbers in [0, 1) for tables."""
    return Chance(seed).uniform("test", 0, np.arange(np.prod(shape))).reshape(shape)


SEED = np.array([[1.0, 2.0], [3.0, 4.0]])


def rows(*target):
    return Margin("rows", target, axes=(0,))


def columns(*target):
    return Margin("columns", target, axes=(1,))


def test_v32_known_answer_and_odds_ratio():
    fitted = fit(SEED, [rows(40, 60), columns(50, 50)])
    np.testing.assert_allclose(fitted, [[17.5765, 22.4235], [32.4235, 27.5765]], atol=1e-4)
    assert fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0]) == pytest.approx(2 / 3)


def test_v32_zero_margin_with_positive_seed_gives_zeros():
    fitted = fit(SEED, [rows(0, 100), columns(50, 50)])
    np.testing.assert_allclose(fitted, [[0, 0], [50, 50]], atol=1e-6)


def test_v32_conflicting_sums_stop_with_both_totals():
    with pytest.raises(MarginError) as error:
        fit(SEED, [rows(40, 60), columns(50, 51)])
    for lang in ("ja", "en"):
        said = error.value.text(lang)
        assert all(word in said for word in ("rows", "columns", "100", "101"))


def test_negative_margin_stops():
    with pytest.raises(MarginError, match="-5"):
        fit(SEED, [rows(-5, 105), columns(50, 50)])


def test_several_conflicts_are_reported_together():
    with pytest.raises(ManyProblems) as error:
        fit(SEED, [rows(-5, 105), columns(50, 51)])
    assert len(error.value.problems) == 2


def test_total_over_impossible_cells_stops():
    with pytest.raises(MarginError, match="rows"):
        fit(np.array([[0.0, 0.0], [1.0, 1.0]]), [rows(10, 90), columns(50, 50)])


def test_zeros_that_leave_no_solution_stop():
    with pytest.raises(MarginError, match="No table"):
        fit(np.array([[1.0, 0.0], [0.0, 1.0]]), [rows(40, 60), columns(50, 50)])


def test_three_dimensions_keep_pairwise_margins():
    seed = 0.5 + uniform(1, 3, 4, 5)
    truth = 1 + 8 * uniform(2, 3, 4, 5)
    margins = [Margin("ab", truth.sum(2), (0, 1)), Margin("bc", truth.sum(0), (1, 2))]
    fitted = fit(seed, margins)
    np.testing.assert_allclose(fitted.sum(2), truth.sum(2), rtol=1e-5)
    np.testing.assert_allclose(fitted.sum(0), truth.sum(0), rtol=1e-5)


def test_weighted_margin_meets_persons_and_households():
    size = np.array([1, 2, 4])
    margins = [Margin("households", [100, 50], (0,)), Margin("persons", [210, 60], (0,), weight=size)]
    fitted = fit(np.ones((2, 3)), margins)
    np.testing.assert_allclose(fitted.sum(1), [100, 50], rtol=1e-5)
    np.testing.assert_allclose(fitted @ size, [210, 60], rtol=1e-5)
    ratio = fitted[:, 1] ** 3 / (fitted[:, 0] ** 2 * fitted[:, 2])  # geometric in size: least entropy
    np.testing.assert_allclose(ratio, 1, rtol=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 9))
def test_controlled_rounding_keeps_both_margins_and_moves_less_than_one(seed, height, width):
    counts = np.floor(5 * uniform(seed, height, width)).astype(int)
    start = 0.1 + uniform(seed + 1, height, width)
    margins = [Margin("r", counts.sum(1), (0,)), Margin("c", counts.sum(0), (1,))]
    fitted = fit(start, margins, tolerance=1e-9, enough=1e-7)
    rounded = controlled(fitted, margins, uniform(seed + 2, fitted.size))
    assert (rounded.sum(1) == counts.sum(1)).all()
    assert (rounded.sum(0) == counts.sum(0)).all()
    assert np.abs(rounded - fitted).max() < 1 + 1e-6
    assert rounded.min() >= 0


def test_controlled_rounding_goes_up_as_often_as_the_fraction_says():
    table = np.full((1, 4000), 0.25)
    draws = uniform(3, 4000)
    rounded = controlled(table, [Margin("all", [1000], (0,))], draws)
    assert rounded.sum() == 1000
    first = rounded[0, :2000].sum()
    assert abs(first - 500) < 4 * np.sqrt(2000 * 0.25 * 0.75)


def test_controlled_rounding_moves_further_only_when_it_must():
    weights = np.array([1, 3])
    margins = [Margin("all", [2], (0,)), Margin("weighed", [6], (0,), weight=weights)]
    rounded = controlled(np.array([[1.0, 1.0]]), margins, np.zeros(2))
    assert rounded.tolist() == [[0, 2]]


def test_rounding_that_cannot_be_stops():
    margins = [Margin("all", [1], (0,)), Margin("weighed", [2], (0,), weight=np.array([1, 3]))]
    with pytest.raises(MarginError, match="fraction"):
        controlled(np.array([[0.5, 0.5]]), margins, np.zeros(2))


def test_whole_numbers_keep_the_total_and_the_order_of_remainders():
    assert whole([0.5, 0.25, 0.25], 1).tolist() == [1, 0, 0]
    assert whole([2.0, 1.0, 0.0]).tolist() == [2, 1, 0]
    assert whole([0, 0]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("count", "total"), [(1, 1), (1, 50), (2, 11), (60, 465), (6671, 89104), (10, 10), (0, 0)]
)
def test_sizes_add_up_are_positive_and_have_a_heavy_tail(count, total):
    sizes = heavy_tailed(count, total, 1.45)
    assert len(sizes) == count
    assert sizes.sum() == total
    assert (sizes >= 1).all()
    if count > 1000:
        assert np.median(sizes) < 0.6 * sizes.mean()
        assert sizes.max() > 20 * sizes.mean()
