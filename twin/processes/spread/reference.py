"""Whom areas look to: near, large and like them.

    weight of b for a ~ people_b^power x exp(-distance/reach) x exp(-likeness x difference);  each row sums to 1

An area with nobody to look to has a row of noughts: it hears of no other's success.
"""

from __future__ import annotations

import numpy as np

from twin.errors import InputError

ROUNDING = 1e-9


def weights(
    people: np.ndarray, away: np.ndarray, apart: np.ndarray, power: float, reach: float, likeness: float
) -> np.ndarray:
    """Weights of reference, (areas, areas) f8: nought on the diagonal, rows sum to 1 or are nought.

    Parameters
    ----------
    people : (areas,) residents
    away : (areas, areas) distance, km; infinite between those who cannot see each other
    apart : (areas, areas) difference in what areas are like, standard deviations
    power, reach, likeness : gamma, km, per standard deviation
    """
    pull = np.asarray(people, float) ** power * np.exp(-away / reach - likeness * apart)
    np.fill_diagonal(pull, 0.0)
    return shares(pull)


def shares(pull: np.ndarray) -> np.ndarray:
    """Rows divided by their sums; rows of noughts stay."""
    total = pull.sum(axis=1, keepdims=True)
    return np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)


def check_weights(weight: np.ndarray) -> None:
    """Stop unless weights are not negative and every row sums to 1, or to 0 for an area alone."""
    total = weight.sum(axis=1)
    off = (np.abs(total - 1) > ROUNDING) & (np.abs(total) > ROUNDING)
    if off.any() or (weight < 0).any():
        row = int(np.argmax(off)) if off.any() else int(np.argwhere(weight < 0)[0][0])
        raise InputError("spread.weights", row=row, total=f"{total[row]:.6g}", least=f"{weight.min():.3g}")


def difference(features: np.ndarray) -> np.ndarray:
    """Distance between areas in standardised features, (areas, areas), from (areas, features)."""
    return np.sqrt(((features[:, None] - features) ** 2).sum(axis=2))


def standard(values: np.ndarray) -> np.ndarray:
    """Values less their mean over areas, in standard deviations; nought where all are alike."""
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))
