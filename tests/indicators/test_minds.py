"""Indicators 1, 3 and 11 count their mark among adults, in the kind the vision prints."""

import numpy as np
import pytest

from twin.indicators import REGISTER
from twin.results.census import GROUPS, QUANTITIES, Census
from twin.vision import Vision

MARKS = {1: "aware_city", 3: "accepts", 11: "green"}
FIRST_ADULT = GROUPS.index("18-19")


@pytest.fixture
def census():
    counts = np.zeros((2, len(GROUPS), len(QUANTITIES)), np.int64)
    counts[:, :, 0] = 100
    for number, mark in MARKS.items():
        counts[:, :, QUANTITIES.index(mark)] = number
    return Census(1470, counts)


@pytest.mark.parametrize("number", MARKS)
def test_counts_the_mark_among_adults(census, number):
    counted, asked = REGISTER[number].answer(census)
    assert (asked[:, :FIRST_ADULT] == 0).all()
    assert (counted[:, :FIRST_ADULT] == 0).all()
    assert (asked[:, FIRST_ADULT:] == 100).all()
    assert (counted[:, FIRST_ADULT:] == number).all()


@pytest.mark.parametrize("number", MARKS)
def test_kind_is_the_vision_s(number):
    subjective = Vision.read().indicator(number).kind in ("主", "subjective")
    assert (REGISTER[number].kind == "subjective") == subjective


def test_share_of_an_area_is_of_the_group_asked(census):
    assert census.share("green", "18+") == pytest.approx([0.11, 0.11])
    census.counts[0] = 0
    assert census.share("green", "18+") == pytest.approx([0.0, 0.11])
