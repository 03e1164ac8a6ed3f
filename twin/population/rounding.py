"""Whole people: rounding a fitted table so that every margin still holds exactly.

Each cell goes down or up to the next whole number, up with about the chance of its fraction (so
rare cells do not vanish in a small sample), and a linear programme keeps all margins. When neighbours
do not suffice, cells may move further, as little as possible.

>>> import numpy as np
>>> from twin.population.fit import Margin
>>> table = np.array([[0.5, 0.5], [0.5, 0.5]])
>>> out = controlled(table, [Margin("r", [1, 1], (0,)), Margin("c", [1, 1], (1,))], np.full((2, 2), 0.3))
>>> out.sum(axis=0), out.sum(axis=1)
(array([1, 1]), array([1, 1]))
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from twin.errors import MarginError
from twin.population.fit import Margin

_WHOLE = 1e-6
_FURTHER = (1, 3, 12)  # how far beyond the neighbouring whole numbers a cell may move, tried in turn


def whole(values: ArrayLike, total: int | None = None) -> np.ndarray:
    """Whole numbers with a given total, by largest remainder (i8, same shape).

    Parameters
    ----------
    values : not negative; scaled to the total first
    total : wanted sum; the rounded sum of the values when not given

    >>> whole([1.4, 1.4, 1.2])
    array([2, 1, 1])
    """
    values = np.asarray(values, dtype=float)
    total = round(float(values.sum())) if total is None else int(total)
    scaled = values * (total / values.sum()) if values.sum() > 0 else values
    down = np.floor(scaled + 1e-9).astype(np.int64)
    short = total - int(down.sum())
    if short:
        order = np.argsort(-(scaled - down).ravel(), kind="stable")
        down.ravel()[order[:short]] += 1
    return down


def controlled(table: np.ndarray, margins: Sequence[Margin], draws: np.ndarray) -> np.ndarray:
    """Round a fitted table to whole numbers that meet every margin exactly.

    Parameters
    ----------
    table : fitted table (f8); cells that are zero stay zero
    margins : totals to meet, whole numbers
    draws : one uniform number per cell, deciding which way ties lean

    Returns
    -------
    whole numbers (i8), shape of the table

    Raises
    ------
    MarginError
        no whole table near the fitted one meets all margins (too few people for so many margins)
    """
    floor = np.floor(table + 1e-9)
    up = np.clip(table - floor, 0.0, 1.0)
    lean = np.asarray(draws, dtype=float).reshape(table.shape) - up
    inside = np.flatnonzero(table.ravel() > 0)
    rows, missing = _equations(floor, margins, inside)
    moves = _solve(rows, missing, lean.ravel()[inside], floor.ravel()[inside])
    rounded = floor.astype(np.int64).ravel()
    rounded[inside] += moves
    return rounded.reshape(table.shape)


def _equations(floor: np.ndarray, margins: Sequence[Margin], inside: np.ndarray):
    """Margins over the movable cells as a sparse matrix, and what the floors still lack."""
    from scipy import sparse

    blocks, lacks = [], []
    for margin in margins:
        group = margin.cells(floor.shape)[inside]
        weight = margin.weights(floor.shape)[inside]
        used = group >= 0
        shape = (np.size(margin.target), len(inside))
        blocks.append(sparse.csr_array((weight[used], (group[used], np.flatnonzero(used))), shape=shape))
        lacks.append(margin.wanted() - margin.totals(floor))
    return sparse.vstack(blocks, format="csc"), np.round(np.concatenate(lacks))


def _solve(rows, missing: np.ndarray, lean: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """Whole moves of the cells at least cost: up by one at its lean, beyond that a whole unit each."""
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint, milp

    cells = len(lean)
    for further in (0, *_FURTHER):
        if further == 0:
            cost, matrix, high = lean, rows, np.ones(cells)
        else:
            cost = np.concatenate([lean, np.full(2 * cells, 1.0)])
            matrix = sparse.hstack([rows, rows, -rows], format="csc")
            high = np.concatenate([np.ones(cells), np.full(cells, further), np.minimum(floor, further)])
        for integral in (0, 1):  # most tables have whole corners: the plain programme finds one sooner
            found = milp(
                cost,
                integrality=np.full(len(cost), integral),
                bounds=Bounds(0, high),
                constraints=LinearConstraint(matrix, missing, missing),
            )
            if found.x is None:
                break
            x = np.round(found.x).astype(np.int64)
            if np.abs(found.x - x).max(initial=0.0) > _WHOLE:
                continue
            return x if further == 0 else x[:cells] + x[cells : 2 * cells] - x[2 * cells :]
    raise MarginError("people.rounding")
