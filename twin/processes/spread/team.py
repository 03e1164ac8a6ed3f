"""An area's team: it matures with services on its hands, and the administration steps back.

    dm/dt = growth x (1 - m) x (live + linked/2) / (1 + live) - rotations - vacancy x m while no architect
    alpha(m) = least + (start - least) / (1 + exp(steepness x (m - middle)))         administration's share
    dr/dt = pace x (own income / cost - r)                                           own revenue

A rotation of city staff takes ``loss x alpha`` of what was learned: the more a team stands on its own, the
less it loses. The design notes integrate (income - cost)/cost, by which any team below full cover would end
at no revenue of its own; here r follows the share of the year's costs that is covered.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from twin.units import MONTHS_A_YEAR, fiscal_year


def grown(
    maturity: np.ndarray, live: np.ndarray, linked: np.ndarray, rate: np.ndarray, losing: np.ndarray
) -> np.ndarray:
    """Maturity a month later, (areas,): yearly ``rate`` of growth, yearly rate ``losing`` of loss."""
    work = (live + 0.5 * linked) / (1 + live)
    after = maturity + (rate * (1 - maturity) * work - losing * maturity) / MONTHS_A_YEAR
    return np.clip(after, 0.0, 1.0)


def rotated(maturity: np.ndarray, alpha: np.ndarray, loss: float) -> np.ndarray:
    """Maturity after the city's staff in the team has changed."""
    return maturity * (1 - loss * alpha)


def rotates(month: int, areas: int, years: float) -> np.ndarray:
    """In which areas staff changes this April: each in its turn, every ``years`` years."""
    every = max(round(years), 1)
    return (fiscal_year(month) + np.arange(areas)) % every == 0


def alpha_of(maturity: np.ndarray, curve: Mapping[str, float]) -> np.ndarray:
    """Administration's share of the work at a maturity, falling from ``start`` to ``least``."""
    falling = 1 / (1 + np.exp(curve["steepness"] * (maturity - curve["middle"])))
    return curve["least"] + (curve["start"] - curve["least"]) * falling


def revenue(before: np.ndarray, own: np.ndarray, cost: np.ndarray, pace: float) -> np.ndarray:
    """Own revenue as a share of cost a month later, 0 to 1; a team without costs keeps what it had."""
    covered = np.divide(own, cost, out=np.asarray(before, float).copy(), where=cost > 0)
    return np.clip(before + pace / MONTHS_A_YEAR * (covered - before), 0.0, 1.0)


def meets(maturity: np.ndarray, alpha: np.ndarray, own: np.ndarray, rule: Mapping[str, float]) -> np.ndarray:
    """Whether a team meets this month the conditions of an area management body."""
    return (maturity > rule["maturity"]) & (alpha < rule["share"]) & (own > rule["revenue"])
