"""Estimates: weighting classes, Kish's design effect, intervals.

Weights bring the answers of each ward and age class up to the people it has; a class with few answers
joins its neighbour. Intervals are Wilson's (1927) on the effective number of answers n / deff, with
deff = n sum(w^2) / sum(w)^2 (Kish 1965): they never leave 0 to 1 and do not close at 0 answers.

>>> low, high = interval(0.5, 1500)
>>> round(100 * (high - low) / 2, 2)
2.53
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from twin.survey.wave import SurveyError

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Share:
    """A share with its interval.

    Attributes
    ----------
    value : the estimate; nan without answers
    low, high : ends of the 95 % interval; 0 and 1 without answers
    n : answers behind it
    deff : Kish's design effect, 1 without weights
    """

    value: float
    low: float
    high: float
    n: int
    deff: float

    @property
    def effective_n(self) -> float:
        """Answers of a simple random sample with the same error."""
        return self.n / self.deff


def interval(share: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's interval of a share of n answers; n need not be whole.

    Raises
    ------
    SurveyError
        a share outside 0 to 1
    """
    if not 0.0 <= share <= 1.0:
        raise SurveyError("survey.share", what="share", found=share)
    if n <= 0:
        return 0.0, 1.0
    z = ndtri(0.5 + confidence / 2)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def kish(weight: np.ndarray) -> float:
    """Kish's design effect of unequal weights, 1 + cv^2; nan without answers."""
    total = weight.sum()
    return float(len(weight) * (weight**2).sum() / total**2) if total > 0 else float("nan")


def estimated(yes: np.ndarray, weight: np.ndarray) -> Share:
    """The weighted share of yes with its interval.

    Parameters
    ----------
    yes : yes/no of each answer
    weight : weight of each answer, positive; only their proportions matter
    """
    if not len(yes):
        return Share(float("nan"), 0.0, 1.0, 0, float("nan"))
    value = min(1.0, float(weight[yes].sum() / weight.sum()))
    deff = kish(weight)
    return Share(value, *interval(value, len(yes) / deff), len(yes), deff)


def weights(cell: np.ndarray, people: np.ndarray, smallest: int) -> np.ndarray:
    """Post-stratification weights of the respondents, mean 1 (f8).

    Parameters
    ----------
    cell : weighting cell of each respondent, a position in ``people`` counted row by row
    people : people of each cell, (strata, classes), known without the survey
    smallest : answers a cell needs to stand alone
    """
    returned = np.bincount(cell, minlength=people.size).reshape(people.shape)
    group = pooled(returned, smallest).ravel()
    in_group = np.bincount(group, weights=people.ravel())[group[cell]]
    heard = np.bincount(group, weights=returned.ravel())[group[cell]]
    return in_group / heard * (len(cell) / people.sum())


def pooled(returned: np.ndarray, smallest: int) -> np.ndarray:
    """Group of every cell, so that each group holds enough answers (i8, shape of the table).

    Cells join along the classes of their stratum, youngest (or smallest) first; what is left over at
    the end of a stratum joins the group before. Only a stratum with too few answers in all joins the
    next one.

    >>> pooled(np.array([[9, 1, 2, 3], [1, 0, 0, 0], [5, 5, 5, 5]]), 5)
    array([[0, 1, 1, 1],
           [2, 2, 2, 2],
           [2, 3, 4, 5]])
    """
    group = np.zeros(returned.shape, dtype=np.int64)
    number = held = 0
    for row, cells in enumerate(returned):
        first = number
        for column, count in enumerate(cells):
            group[row, column] = number
            held += count
            if held >= smallest:
                number, held = number + 1, 0
        if number > first and group[row, -1] == number:
            group[row, group[row] == number] = number - 1
            held = 0
    group[group == number] = max(number - 1, 0)
    return group
