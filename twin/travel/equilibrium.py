"""Two things that hang on each other: successive averages until neither moves the other any more.

How many ask for a ride hangs on the wait, the wait on how many ask; the same with roads and their traffic.
Each round goes a part of the way from where it is to what the world answers, so shares stay shares. The part
shrinks when two answers in a row point to opposite sides and grows slowly while they agree. The plain method
of successive averages (1/n in round n) needs more than 200 rounds where the world answers mildly or sharply
(``docs/on_demand.md``). What is held against the tolerance is the whole way, not the step: a step of 1/200 is
small wherever it leads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from twin.errors import InputError

TOLERANCE = 1e-4  # largest change of a share that the answer still asks for
ROUNDS = 200
_ACROSS, _ALONG = 1 / 4, 1 / 0.95  # times the part of the way, after answers to opposite sides and to one


class Equilibrium(NamedTuple):
    """Where it came to rest.

    value : what answers itself, in the shape of the start
    rounds : how many answers were asked for
    gaps : largest change each answer asked for, in order
    """

    value: np.ndarray
    rounds: int
    gaps: list[float]


def successive_averages(
    answer: Callable[[np.ndarray], ArrayLike],
    start: ArrayLike,
    *,
    tolerance: float = TOLERANCE,
    rounds: int = ROUNDS,
    where: str = "",
) -> Equilibrium:
    """Find x with answer(x) = x, x being shares by mode and area, flows over capacity or the like.

    Parameters
    ----------
    answer : what the world makes of x; finite numbers in the shape of x
    start : the first x
    tolerance : largest change in any part of x that may be left
    where : what is being sought, for the message

    Raises
    ------
    InputError
        An answer is not finite or has another shape, or after so many rounds something still moves.
    """
    x, part, before = np.array(start, float), 1.0, None
    gaps: list[float] = []
    for n in range(1, rounds + 1):
        wanted = np.asarray(answer(x), float)
        if wanted.shape != x.shape or not np.isfinite(wanted).all():
            raise InputError("travel.no_answer", where=where, round=n, shape=wanted.shape, asked=x.shape)
        way = wanted - x
        gaps.append(float(np.abs(way).max(initial=0.0)))
        if gaps[-1] < tolerance:
            return Equilibrium(x, n, gaps)
        if before is not None:
            part = min(part * (_ALONG if (way * before).sum() > 0 else _ACROSS), 1.0)
        x, before = x + part * way, way
    raise InputError("travel.no_equilibrium", where=where, rounds=rounds, gap=gaps[-1], tolerance=tolerance)
