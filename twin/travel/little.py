"""Little's law, L = lambda W, asked of what really happened; with edges counted it holds exactly.

The mean number in a queue comes from a walk through the log, arrivals and mean stay from the list of
people: two accounts of one day that agree only if nobody was lost, doubled or sent back in time.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np


class Little(NamedTuple):
    """A queue from time 0 to its end, times in the unit of the log.

    number : mean number in it (L)
    rate : arrivals a unit of time (lambda)
    stay : mean stay (W) of those who arrived, to its end even when it lies beyond
    edge : what those still inside at the end stay beyond it, a unit of time
    residual : L - lambda W + edge, exactly (fractions of whole numbers)
    """

    number: float
    rate: float
    stay: float
    edge: float
    residual: Fraction


def little(changes: np.ndarray, came: np.ndarray, left: np.ndarray, end: int) -> Little:
    """Hold the log of a queue against the list of those who were in it.

    Parameters
    ----------
    changes : (events, 2) i8 in order of time: time, and by how many the number in the queue changed
    came, left : (people,) i8, when each came and left
    end : until when, at least 1
    """
    at = np.append(np.minimum(changes[:, 0], end), end)
    area = int((changes[:, 1].cumsum() * np.diff(at)).sum())
    here = came < end
    stayed, beyond = int((left - came)[here].sum()), int(np.maximum(left[here] - end, 0).sum())
    people = max(int(here.sum()), 1)
    return Little(
        area / end, here.sum() / end, stayed / people, beyond / end, Fraction(area - stayed + beyond, end)
    )
