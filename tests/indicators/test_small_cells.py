"""Few people are not shown, counts are rounded, whatever share of the city was simulated."""

from datetime import date

import numpy as np
import pytest

from twin.errors import FactError
from twin.facts import Change, Facts
from twin.indicators.equity import MeasureError
from twin.indicators.small_cells import Rule

DAY = date(2026, 10, 1)
RULE = Rule(10, 10, 30)


def test_counts_below_ten_are_hidden_and_others_rounded():
    np.testing.assert_array_equal(RULE.count([0, 9, 10, 14, 16, 1234]), [np.nan, np.nan, 10, 10, 20, 1230])


def test_simulated_people_stand_for_real_ones():
    np.testing.assert_array_equal(RULE.count([1, 2, 3], fraction=0.2), [np.nan, 10, 20])
    for fraction in (0.0, 1.5, -1):
        with pytest.raises(MeasureError, match="Fraction"):
            RULE.count([1], fraction)


def test_shares_that_tell_of_few_are_hidden():
    shown = RULE.shown(counted=[5, 20, 3, 497, 0, 500], asked=[9, 40, 500, 500, 500, 500])
    np.testing.assert_array_equal(shown.share, [np.nan, 0.5, np.nan, np.nan, 0.0, 1.0])
    np.testing.assert_array_equal(shown.asked, [np.nan, 40, 500, 500, 500, 500])
    np.testing.assert_array_equal(shown.counted, [np.nan, 20, np.nan, np.nan, 0, 500])


def test_tables_keep_their_shape_and_parts_are_not_larger_than_wholes():
    shown = RULE.shown(np.full((2, 3), 50), np.full((2, 3), 100))
    assert shown.share.shape == (2, 3)
    with pytest.raises(MeasureError, match="60"):
        RULE.shown([60], [50])


def test_the_rule_is_a_fact_with_a_least_value_of_three():
    facts = Facts.read()
    assert Rule.of(facts, DAY) == RULE
    assert Rule.of(facts.changed([Change("privacy.smallest_cell", 3, DAY)]), DAY).smallest == 3
    with pytest.raises(FactError):
        facts.changed([Change("privacy.smallest_cell", 2, DAY)])
