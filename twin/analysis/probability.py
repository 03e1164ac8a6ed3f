"""Probabilities over runs: the share that holds, its 90 % interval, what none of n and all of n tell.

Runs of one draw of the parameters share what the draw is wrong about, so what counts are draws: their shares are
resampled. Where each draw, or each seed if there is one draw, simply holds or does not, the interval is the exact
one of a binomial share, which also says what none and all of n leave open; a bootstrap of noughts and ones is too
narrow near the ends. With one draw the interval speaks of chance alone.

>>> found = probability(np.arange(100) < 30, np.arange(100))
>>> print(f"{found.value:.2f} {found.low:.2f} {found.high:.2f}")
0.30 0.22 0.38
>>> print(f"{probability(np.zeros(200, bool), np.arange(200)).high:.4f}")
0.0149
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import stats

from twin.chance import Chance

TAIL = 0.05  # of each side of a 90 % interval
TIMES = 2000  # resamples


@dataclass(frozen=True)
class Probability:
    """A share of runs.

    Attributes
    ----------
    value : mean over draws (or seeds) of the share of their runs that hold
    low, high : 90 % interval
    held, runs : runs that hold, and all
    units : what was resampled: draws, or seeds where there is one draw
    """

    value: float
    low: float
    high: float
    held: int
    runs: int
    units: int


@dataclass(frozen=True)
class Difference:
    """Probability in one scenario less that in another, pair by pair of draw and seed.

    Attributes
    ----------
    value, low, high : mean and 90 % interval; where no pair differs, as far as so many pairs can tell
    pairs : runs compared
    moved : pairs in which the two differ
    """

    value: float
    low: float
    high: float
    pairs: int
    moved: int


def probability(held: np.ndarray, unit: np.ndarray) -> Probability:
    """The share of runs that hold.

    None of n leaves everything up to ``1 - 0.05^(1/n)`` possible, about 3/n (the rule of three: Hanley and
    Lippman-Hand 1983, doi 10.1001/jama.1983.03330370053031), and all of n the same from the other side. These
    are the ends of Clopper and Pearson's interval, which holds in between too.

    Parameters
    ----------
    held : (runs,) yes/no
    unit : (runs,) what each run belongs to: its draw, or its seed where there is one draw
    """
    each = _by_unit(held.astype(float), unit)
    if np.isin(each, (0.0, 1.0)).all():
        low, high = stats.binomtest(int(each.sum()), len(each)).proportion_ci(1 - 2 * TAIL, method="exact")
    else:
        low, high = interval(each)
    return Probability(float(each.mean()), float(low), float(high), int(held.sum()), len(held), len(each))


def difference(held: np.ndarray, other: np.ndarray, unit: np.ndarray) -> Difference:
    """How much more often ``held`` holds than ``other``, run by run."""
    more = held.astype(float) - other.astype(float)
    each = _by_unit(more, unit)
    rest = 1 - TAIL ** (1 / len(each))
    low, high = interval(each) if more.any() else (-rest, rest)
    return Difference(float(each.mean()), low, high, len(more), int((more != 0).sum()))


def interval(each: np.ndarray) -> tuple[float, float]:
    """Bounds of the middle 90 % of the means of resamples of ``each``, (units,)."""
    means = each[_resamples(len(each))].mean(axis=1)
    return float(np.quantile(means, TAIL)), float(np.quantile(means, 1 - TAIL))


def _by_unit(numbers: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Means of the units' runs."""
    _, place = np.unique(unit, return_inverse=True)
    return np.bincount(place, numbers) / np.bincount(place)


@cache
def _resamples(n: int) -> np.ndarray:
    """Rows of a bootstrap, (TIMES, n)."""
    draws = Chance(0).uniform("roadmap: bootstrap", n, np.arange(TIMES * n))
    return (draws * n).astype(np.int64).reshape(TIMES, n)
