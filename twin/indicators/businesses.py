"""Indicator 7: companies that raise their productivity by digital tools, by number and by people.

A pure function of the businesses' columns. The city's companies' survey asks companies; counting each
once and weighting each by its people differ by a factor of two to three, so both are given.
"""

from __future__ import annotations

import numpy as np

from twin.indicators.indicator import Answer
from twin.units import MONTHS_A_YEAR

SIZE_STARTS = (1, 6, 21, 51, 101, 301, 1001)  # persons; smallest size of each class
SIZES = ("1-5", "6-20", "21-50", "51-100", "101-300", "301-1000", "1001+")


def raised_productivity(
    here: np.ndarray, employees: np.ndarray, area: np.ndarray, raised: np.ndarray, month: int, areas: int, *,
    by_employees: bool = False,
) -> Answer:  # fmt: skip
    """Businesses that raised their productivity within the last twelve months, and all businesses.

    Parameters
    ----------
    here, employees, area : of each business; those not here are not counted
    raised : month number in which it last raised its productivity, 0 never
    month : the month just lived
    areas : number of areas
    by_employees : count persons engaged instead of businesses

    Returns
    -------
    (counted, asked), each (areas, sizes) i8, whole numbers by area and size class
    """
    size = np.searchsorted(SIZE_STARTS, employees, side="right") - 1
    cell = area.astype(np.int64) * len(SIZES) + size
    recently = (raised > 0) & (raised > month - MONTHS_A_YEAR)
    weight = employees.astype(np.int64) if by_employees else np.ones(len(employees), np.int64)

    def add(who: np.ndarray) -> np.ndarray:
        found = np.bincount(cell[who], weight[who], areas * len(SIZES))
        return np.rint(found).astype(np.int64).reshape(areas, len(SIZES))

    return add(here & recently), add(here)
