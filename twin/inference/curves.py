"""Curves that know nothing of people or ties: Bass and logistic, by least squares.

Both have three numbers: the size in the end and two of shape. They are what the adoption process is laid
beside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares

_LEAST = 1e-6


class Curve(NamedTuple):
    """A fitted curve: its three numbers, its values at the steps, and its distance from the counts."""

    numbers: np.ndarray
    values: np.ndarray
    rmse: float


def bass(t: np.ndarray, p: float, q: float, size: float) -> np.ndarray:
    """Bass (1969): innovators at rate p, imitators at rate q, in continuous time."""
    e = np.exp(-(p + q) * t)
    return size * (1 - e) / (1 + q / p * e)


def logistic(t: np.ndarray, rate: float, middle: float, size: float) -> np.ndarray:
    """Logistic growth to ``size``, half of it at ``middle``."""
    return size / (1 + np.exp(-rate * (t - middle)))


def fit_bass(counts: np.ndarray) -> Curve:
    """Bass curve closest to cumulative counts at steps 1, 2, ... (people or shares)."""
    return _closest(bass, counts, (0.05, 0.2), (_LEAST, 0.0))


def fit_logistic(counts: np.ndarray) -> Curve:
    """Logistic curve closest to cumulative counts at steps 1, 2, ..."""
    return _closest(logistic, counts, (0.4, len(counts) / 2), (_LEAST, -np.inf))


def _closest(
    curve: Callable[..., np.ndarray], counts: np.ndarray, first: tuple[float, float], low: tuple[float, float]
) -> Curve:
    t, counts = np.arange(1, len(counts) + 1), np.asarray(counts, float)
    found = least_squares(
        lambda x: curve(t, *x[:2], x[2] * counts[-1]) - counts, (*first, 1.0), bounds=((*low, _LEAST), np.inf)
    )
    numbers = found.x * (1, 1, counts[-1])
    values = curve(t, *numbers)
    return Curve(numbers, values, float(np.sqrt(np.mean((values - counts) ** 2))))
