"""Measures of equity against known answers, their own laws, and a simulation of their interval."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from twin.chance import Chance
from twin.indicators.equity import Interval, MeasureError, gini, oldest, probit_gap, theil, ward_range
from twin.results.census import GROUPS
from twin.survey import estimated

VALUES = st.lists(st.floats(0, 1000), min_size=2, max_size=40)


@pytest.mark.parametrize(
    ("values", "g", "t"),
    [((1, 1, 1, 1), 0, 0), ((0, 0, 0, 1), 0.75, math.log(4)), ((1, 2, 3, 4), 0.25, 0.106440)],
)
def test_v24_known_answers(values, g, t):
    assert gini(values) == pytest.approx(g, abs=1e-6)
    assert theil(values).total == pytest.approx(t, abs=1e-6)


def test_v24_between_and_within():
    parts = theil([1, 2, 3, 2, 4, 6], group=[0, 0, 0, 1, 1, 1])
    assert parts.total == pytest.approx(0.143841, abs=1e-6)
    assert parts.between == pytest.approx(0.056633, abs=1e-6)
    assert parts.within == pytest.approx(0.087208, abs=1e-6)
    assert parts.share_between == pytest.approx(0.056633 / 0.143841, abs=1e-5)
    assert math.isnan(theil([1, 1]).share_between)


def gini_by_definition(x):
    x = np.asarray(x, float)
    return np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())


@settings(max_examples=60, deadline=None)
@given(VALUES, st.integers(1, 5))
def test_gini_is_half_the_mean_difference_and_theil_adds_up(values, groups):
    assume(sum(values) > 1e-3)
    assert gini(values) == pytest.approx(gini_by_definition(values), abs=1e-9)
    whole, parts = theil(values), theil(values, group=np.arange(len(values)) % groups)
    assert parts.total == pytest.approx(whole.total, abs=1e-9)
    assert parts.between >= -1e-12
    assert parts.within >= -1e-12
    assert 0 <= whole.total + 1e-12 <= math.log(len(values)) + 1e-9


@settings(max_examples=60, deadline=None)
@given(VALUES, st.floats(0.01, 100), st.integers(2, 4))
def test_units_order_and_copies_do_not_matter(values, scale, copies):
    assume(sum(values) > 1e-3)
    for measure in (gini, lambda x, w=None: theil(x, weight=w).total):
        asked = measure(values)
        assert measure(scale * np.array(values)) == pytest.approx(asked, abs=1e-9)
        assert measure(values[::-1]) == pytest.approx(asked, abs=1e-9)
        assert measure(values * copies) == pytest.approx(asked, abs=1e-9)
        assert measure(values, np.full(len(values), copies)) == pytest.approx(asked, abs=1e-9)


def test_giving_to_the_poorer_lowers_both():
    assert gini([2, 5, 9]) > gini([3, 5, 8])
    assert theil([2, 5, 9]).total > theil([3, 5, 8]).total


@pytest.mark.parametrize(
    ("values", "said"),
    [([], "no value"), ([1, -2], "-2"), ([1, math.nan], "nan"), ([0, 0], "zero")],
)
def test_what_cannot_be_measured_is_refused_in_both_languages(values, said):
    for measure in (gini, theil):
        with pytest.raises(MeasureError, match=said) as error:
            measure(values)
        assert error.value.exit_code == 2
        assert error.value.text("ja") != error.value.text("en")
    with pytest.raises(MeasureError, match="weight"):
        gini([1, 2], [1])


def answer():
    """Counts of four areas in three wards (the last empty), by age group."""
    asked = np.zeros((4, len(GROUPS)), int)
    counted = np.zeros_like(asked)
    asked[:, GROUPS.index("30-39")] = [100, 200, 50, 0]
    counted[:, GROUPS.index("30-39")] = [90, 160, 30, 0]
    asked[:, GROUPS.index("75-79")] = [50, 20, 10, 0]
    counted[:, GROUPS.index("75-79")] = [20, 5, 2, 0]
    asked[:, GROUPS.index("80+")] = [0, 0, 20, 0]
    counted[:, GROUPS.index("80+")] = [0, 0, 1, 0]
    return counted, asked


def test_range_of_wards_by_hand():
    found = ward_range(*answer(), ward=np.array([0, 0, 1, 2]))
    np.testing.assert_allclose(found.shares[:2], [275 / 370, 33 / 80])
    assert np.isnan(found.shares[2])
    assert (found.lowest, found.highest) == (1, 0)
    assert found.range == pytest.approx(275 / 370 - 33 / 80)
    with pytest.raises(MeasureError):
        ward_range(np.zeros((1, 13)), np.zeros((1, 13)), np.array([0]))


def test_the_oldest_by_hand():
    found = oldest(*answer())
    assert (found.oldest, found.rest, found.everybody) == (28 / 100, 280 / 350, 308 / 450)
    assert found.gap == pytest.approx(0.52)
    assert found.floor == pytest.approx(0.28 / (308 / 450))
    nobody = oldest(np.zeros((1, len(GROUPS))), np.zeros((1, len(GROUPS))))
    assert math.isnan(nobody.gap)
    assert math.isnan(nobody.floor)


def test_gap_is_a_difference_of_probits():
    phi = NormalDist().inv_cdf
    gap = probit_gap(Interval(0.3, 0.27, 0.33), Interval.exact(0.8))
    assert gap.value == pytest.approx(phi(0.3) - phi(0.8))
    assert gap.low == pytest.approx(phi(0.27) - phi(0.8))  # a register adds no width
    assert gap.high == pytest.approx(phi(0.33) - phi(0.8))
    both = probit_gap(Interval(0.3, 0.27, 0.33), Interval(0.8, 0.77, 0.83))
    assert both.low < gap.low < gap.value < gap.high < both.high
    turned = probit_gap(Interval(0.8, 0.77, 0.83), Interval(0.3, 0.27, 0.33))
    assert (turned.low, turned.high) == pytest.approx((-both.high, -both.low))


def test_gap_interval_holds_the_truth_as_often_as_it_promises():
    phi, n, times = NormalDist().inv_cdf, 400, 1500
    draws = Chance(1).uniform("gap", 0, np.arange(2 * n * times)).reshape(2, times, n)
    truth, held = phi(0.25) - phi(0.9), 0
    for felt, fact in zip(draws[0] < 0.25, draws[1] < 0.9, strict=True):
        gap = probit_gap(estimated(felt, np.ones(n)), estimated(fact, np.ones(n)))
        held += gap.low <= truth <= gap.high
    assert 0.93 <= held / times <= 0.97


def test_gap_at_the_ends():
    for share in (0.0, 1.0, math.nan):
        assert math.isnan(probit_gap(Interval.exact(0.5), Interval.exact(share)).value)
    with pytest.raises(MeasureError, match=r"1\.2") as error:
        probit_gap(Interval.exact(0.5), Interval.exact(1.2))
    assert "1.2" in error.value.text("ja")
