"""Industries as rows: the letters of the classification in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from twin.model import CityTwin


def by_industry(model: CityTwin, key: str) -> np.ndarray:
    """A table of this month in the order of the industries' letters (f8)."""
    table = model.table(key)
    return np.array([table[letter] for letter in sorted(table)], float)


def mean_by_industry(industry: np.ndarray, values: np.ndarray, industries: int) -> np.ndarray:
    """Mean of the values of the businesses in each industry (f8); 0 where there are none."""
    count = np.bincount(industry, minlength=industries)
    return np.bincount(industry, values, industries) / np.maximum(count, 1)
