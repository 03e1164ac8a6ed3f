"""How long until a cell first holds, when runs end before some of them do.

Kaplan and Meier's curve (SciPy's ``ecdf`` of censored data): a run that has not come so far by its end counts
as one that was watched until then, not as one that never comes.

>>> found = waiting(np.array([3.0, 5.0, 5.0, 8.0]), np.array([True, False, True, False]))
>>> found.middle, found.reached, found.runs
(5.0, 2, 4)
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.9


@dataclass(frozen=True)
class Waiting:
    """Years until a milestone.

    Attributes
    ----------
    years, share : steps of the curve, the share of runs that have not come so far after so many years
    middle : years after which half have; nan if half of the runs have not by their end
    low, high : 90 % interval of the middle; nan where it lies beyond the end
    reached, runs : runs that came so far, and all
    """

    years: np.ndarray
    share: np.ndarray
    middle: float
    low: float
    high: float
    reached: int
    runs: int


def waiting(years: np.ndarray, reached: np.ndarray) -> Waiting:
    """The curve of waiting.

    Parameters
    ----------
    years : (runs,) when each reached it, or how long it was watched
    reached : (runs,) yes/no
    """
    curve = stats.ecdf(stats.CensoredData.right_censored(years, ~reached)).sf
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # no interval where nothing or everything has happened
        bounds = curve.confidence_interval(LEVEL, method="log-log")
    low, high = (_half(band.quantiles, band.probabilities) for band in (bounds.low, bounds.high))
    return Waiting(
        curve.quantiles, curve.probabilities, _half(curve.quantiles, curve.probabilities), low, high,
        int(reached.sum()), len(reached),
    )  # fmt: skip


def _half(years: np.ndarray, share: np.ndarray) -> float:
    """The first step at which no more than half are left; nan if there is none."""
    below = np.flatnonzero(share <= 0.5)
    return float(years[below[0]]) if len(below) else float("nan")
