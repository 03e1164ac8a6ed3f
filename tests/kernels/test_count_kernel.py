"""Counting people: the fast form against its plain meaning."""

import numpy as np

from twin.kernels import count
from twin.results.census import GROUP_OF_AGE, GROUPS, groups_in


def test_census_equals_plain():
    rng = np.random.default_rng(2)
    n = 5000
    args = (
        rng.random(n) < 0.8, rng.integers(100, 1470, n).astype(np.int16), 1470,
        rng.integers(0, 7, n).astype(np.uint8), rng.integers(0, 8, n).astype(np.uint8), GROUP_OF_AGE, 7,
        len(GROUPS), 3,
    )  # fmt: skip
    found = count.census(*args)
    assert (found == count.census_plain(*args)).all()
    assert found[:, :, 0].sum() == args[0].sum()


def test_census_of_more_people_in_one_cell_than_a_lane_holds():
    n, marks = 3_000_000, 21
    one = np.zeros(n, np.uint8)
    found = count.census(
        np.ones(n, bool), np.full(n, 1000, np.int16), 1470, one, np.full(n, 2**marks - 1, np.uint32),
        GROUP_OF_AGE, 1, len(GROUPS), marks,
    )  # fmt: skip
    assert found.sum(axis=(0, 1)).tolist() == [n] * (marks + 1)


def test_households_lived_in_equal_plain():
    rng = np.random.default_rng(3)
    household = rng.integers(0, 900, 1000).astype(np.int32)
    here = rng.random(1000) < 0.5
    found = count.lived_in(here, household, 1000)
    assert (found == count.lived_in_plain(here, household, 1000)).all()
    assert 0 < found.sum() < 900


def test_groups_cover_every_age_once():
    assert GROUP_OF_AGE.tolist() == sorted(GROUP_OF_AGE.tolist())
    assert GROUPS[GROUP_OF_AGE[64]] == "60-64"
    assert GROUPS[GROUP_OF_AGE[65]] == "65-69"
    assert [GROUPS[i] for i in range(*groups_in("0-14").indices(99))] == ["0-5", "6-12", "13-14"]
