"""From the census of 2015 the process must land where the register and the next census counted."""

import numpy as np
import pytest

from tests.processes.demography_history import ESTIMATE_WARDS_2022, REGISTER, REGISTER_WARDS_2022, history

FRACTION = 0.05


@pytest.fixture(scope="module")
def lived():
    return history(FRACTION)


def test_city_total_within_one_percent_of_the_register(lived):
    years, _ = lived
    assert years[2022]["people"] == pytest.approx(REGISTER[2022][0], rel=0.01)
    assert years[2021]["people"] == pytest.approx(974_951, rel=0.01)  # the census three months before


def test_births_and_deaths_of_the_years(lived):
    years, _ = lived
    for year, (_, births, deaths) in REGISTER.items():
        for name, counted in (("births", births), ("deaths", deaths)):
            if counted:
                sampling = 4 * np.sqrt(counted / FRACTION) / counted
                assert years[year][name] == pytest.approx(counted, rel=0.06 + sampling), (year, name)


def test_wards_within_four_percent_of_one_of_the_two_counts(lived):
    _, wards = lived
    error = np.minimum(abs(wards / REGISTER_WARDS_2022 - 1), abs(wards / ESTIMATE_WARDS_2022 - 1))
    assert error.max() < 0.04


def test_ages_and_households_near_the_census_of_2020(lived):
    row = lived[0][2021]
    assert row["under 15"] == pytest.approx(111_605, rel=0.03)
    assert row["65+"] == pytest.approx(261_283, rel=0.03)
    assert row["households"] == pytest.approx(445_814, rel=0.04)
    assert row["single"] == pytest.approx(0.394, abs=0.025)
