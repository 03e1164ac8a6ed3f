"""Sizes of establishments and institutions: many small, few large, the total exact.

Sizes are the quantiles of a lognormal distribution of given spread, scaled until their whole
numbers (at least 1) add up: no draw, so a small sample has the same shape as the whole city.

>>> sizes = heavy_tailed(5, 40, 1.4)
>>> int(sizes.sum()), sizes.tolist()
(40, [1, 2, 4, 8, 25])
"""

from __future__ import annotations

import numpy as np

_MOST_HALVINGS = 60


def heavy_tailed(count: int, total: int, spread: float) -> np.ndarray:
    """Whole sizes, ascending, at least 1 each (i8, (count,)).

    Parameters
    ----------
    count : how many
    total : their sum, at least ``count``
    spread : standard deviation of the logarithm of the size
    """
    from scipy.special import ndtri

    if count == 0:
        return np.zeros(0, np.int64)
    shape = np.exp(spread * ndtri((np.arange(count) + 0.5) / count))
    low, high = 0.0, float(total) / shape[0]
    for _ in range(_MOST_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if np.maximum(1.0, middle * shape).sum() < total else (low, middle)
    real = np.maximum(1.0, high * shape)
    sizes = np.floor(real + 1e-9).astype(np.int64)
    short = int(total) - int(sizes.sum())
    order = np.argsort(-(real - sizes), kind="stable")
    sizes[order[: max(short, 0)]] += 1
    return np.sort(sizes)
