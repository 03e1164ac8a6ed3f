"""Fitting a table of people or households to totals that are known: iterative proportional fitting.

A seed says what is likely, margins say what is true. The fitted table keeps the seed's odds and
meets every margin. A margin may count cells (people by ward) or weigh them (people in households of
known sizes); both are one step: multiply the cells of each group until its total is right.

>>> import numpy as np
>>> rows, columns = Margin("rows", [40, 60], axes=(0,)), Margin("columns", [50, 50], axes=(1,))
>>> fit(np.array([[1.0, 2.0], [3.0, 4.0]]), [rows, columns]).round(4)
array([[17.5765, 22.4235],
       [32.4235, 27.5765]])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from twin.errors import MarginError, Problems

_CLOSE = 1e-9  # relative to the table's total: a rounding error, not a conflict
_MOST_ROUNDS = 2000
_MOST_TILTS = 60
WHOLE = 0.02  # `enough` for counts that will be rounded


@dataclass(frozen=True, eq=False)
class Margin:
    """Totals of a table over groups of its cells.

    Parameters
    ----------
    name : what it counts, for messages ("people by ward and sex")
    target : wanted totals; shape of the kept axes, or (groups,) when ``groups`` is given
    axes : axes of the table that the target keeps; ignored when ``groups`` is given
    groups : for each cell of the table its group number, -1 for cells outside the margin
    weight : what a cell's unit counts for (persons of a household); broadcasts to the table
    """

    name: str
    target: ArrayLike
    axes: tuple[int, ...] = ()
    groups: np.ndarray | None = None
    weight: ArrayLike | None = None

    def cells(self, shape: tuple[int, ...]) -> np.ndarray:
        """Group number of every cell of a table of this shape, flat (i8)."""
        if self.groups is not None:
            return np.broadcast_to(self.groups, shape).ravel()
        number = np.arange(int(np.prod([shape[a] for a in self.axes]))).reshape([shape[a] for a in self.axes])
        kept = [slice(None) if axis in self.axes else None for axis in range(len(shape))]
        return np.broadcast_to(number[tuple(kept)], shape).ravel()

    def totals(self, table: np.ndarray) -> np.ndarray:
        """Totals of a table over the groups, flat (f8)."""
        return _sums(self._weighed(table), self.cells(table.shape), np.size(self.target))

    def wanted(self) -> np.ndarray:
        """Wanted totals, flat (f8)."""
        return np.asarray(self.target, dtype=float).ravel()

    def weights(self, shape: tuple[int, ...]) -> np.ndarray:
        """Weight of every cell, flat (f8)."""
        return np.broadcast_to(1.0 if self.weight is None else self.weight, shape).astype(float).ravel()

    def _weighed(self, table: np.ndarray) -> np.ndarray:
        return (table if self.weight is None else table * self.weight).ravel()


def check(seed: np.ndarray, margins: Sequence[Margin]) -> None:
    """Stop when margins cannot all be met, naming every conflict found and both totals.

    Raises
    ------
    MarginError
        a negative total, two margins over the whole table with different sums, or a positive total
        over cells that are all impossible (zero in the seed)
    """
    problems = Problems()
    for margin in margins:
        wanted = margin.wanted()
        if not np.isfinite(wanted).all() or (wanted < 0).any():
            problems.append(MarginError("people.margin_negative", margin=margin.name, value=_least(wanted)))
        for group in np.flatnonzero((margin.totals(seed) <= 0) & (wanted > 0))[:3]:
            problems.append(
                MarginError(
                    "people.margin_empty", margin=margin.name, group=int(group), value=f"{wanted[group]:,.6g}"
                )
            )
    whole = [m for m in margins if m.weight is None and (m.cells(seed.shape) >= 0).all()]
    for margin in whole[1:]:
        first, here = whole[0].wanted().sum(), margin.wanted().sum()
        if abs(first - here) > _CLOSE * max(first, 1.0):
            said = {"first": f"{first:,.6g}", "second": f"{here:,.6g}", "gap": f"{abs(first - here):,.6g}"}
            problems.append(MarginError("people.margin_sums", one=whole[0].name, other=margin.name, **said))
    problems.stop_if_any()


def fit(
    seed: ArrayLike, margins: Sequence[Margin], tolerance: float = 1e-7, enough: float = 0.0
) -> np.ndarray:
    """The table closest to the seed (least relative entropy) that meets every margin.

    Parameters
    ----------
    seed : likely shape of the table, any number of dimensions, not negative; zeros stay zeros
    margins : totals to meet
    tolerance : largest allowed miss of a margin, relative to the table's total
    enough : a miss this small is good enough whatever the total, for tables that are rounded to
        whole numbers afterwards (the rounding then meets the margins exactly)

    Returns
    -------
    the fitted table (f8), shape of the seed

    Raises
    ------
    MarginError
        the margins conflict, or no table with the seed's zeros meets them
    """
    seed = np.asarray(seed, dtype=float)
    check(seed, margins)
    cells = [m.cells(seed.shape) for m in margins]
    weights = [None if m.weight is None else m.weights(seed.shape) for m in margins]
    wanted = [m.wanted() for m in margins]
    table = seed.ravel().copy()
    for _ in range(_MOST_ROUNDS):
        worst = 0.0
        for group, weight, target in zip(cells, weights, wanted, strict=True):
            if weight is not None:
                worst = max(worst, np.abs(_sums(table * weight, group, len(target)) - target).max())
                table = _tilt(table, group, weight, target)
            else:
                now = _sums(table, group, len(target))
                worst = max(worst, np.abs(now - target).max())
                factor = np.divide(target, now, out=np.zeros_like(now), where=now > 0)
                table *= np.where(group >= 0, factor[group], 1.0)
        if worst <= max(tolerance * max(table.sum(), 1.0), enough):
            return table.reshape(seed.shape)
    raise MarginError(
        "people.margin_unmet", margin=_worst_name(table.reshape(seed.shape), margins), gap=f"{worst:,.3g}"
    )


def _tilt(table: np.ndarray, group: np.ndarray, weight: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Multiply cells by exp(t * weight), one t per group, until the weighted totals are right."""
    inside = group >= 0
    t = np.zeros(len(target))
    for _ in range(_MOST_TILTS):
        tilted = np.where(inside, table * np.exp(np.clip(t[group] * weight, -50, 50)), table)
        now = _sums(tilted * weight, group, len(target))
        slope = _sums(tilted * weight**2, group, len(target))
        step = np.divide(target - now, slope, out=np.zeros_like(t), where=slope > 0)
        t += np.clip(step, -0.5, 0.5)
        if np.abs(target - now).max() <= _CLOSE * max(target.max(initial=0.0), 1.0):
            break
    return tilted


def _sums(values: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Totals of values by group; group -1 falls away."""
    return np.bincount(group + 1, weights=values, minlength=groups + 1)[1:]


def _least(wanted: np.ndarray) -> str:
    return f"{np.nanmin(wanted):,.6g}" if np.isfinite(wanted).any() else "nan"


def _worst_name(table: np.ndarray, margins: Sequence[Margin]) -> str:
    return max(margins, key=lambda m: np.abs(m.totals(table) - m.wanted()).max()).name
