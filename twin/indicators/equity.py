"""Who is left behind: inequality of a benefit, the spread of wards, the oldest, and feeling against fact.

>>> gini([1, 2, 3, 4])
0.25
>>> parts = theil([1, 2, 3, 2, 4, 6], group=[0, 0, 0, 1, 1, 1])
>>> round(parts.between + parts.within - parts.total, 12)
0.0
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from twin.errors import InputError
from twin.results.census import groups_in

_OLDEST = groups_in("75+")


class MeasureError(InputError):
    """Numbers that a measure cannot be made of."""


class Ranged(Protocol):
    """A share with the ends of its interval, for example an estimate of a survey."""

    @property
    def value(self) -> float:
        """The share."""

    @property
    def low(self) -> float:
        """Lower end."""

    @property
    def high(self) -> float:
        """Upper end."""


@dataclass(frozen=True)
class Interval:
    """A number with the ends of its interval."""

    value: float
    low: float
    high: float

    @classmethod
    def exact(cls, value: float) -> Interval:
        """A number known without sampling error, as from a register."""
        return cls(value, value, value)


def gini(values: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Gini coefficient of values of 0 or more: 0 all equal, near 1 one has everything.

    Parameters
    ----------
    values : one per person, or per group
    weight : persons behind each value; one each when not given

    Raises
    ------
    MeasureError
        nothing to measure: no value, one below 0 or not finite, all zero
    """
    x, w = _measurable(values, weight)
    order = np.argsort(x, kind="stable")
    held = np.cumsum(w[order] * x[order])
    before = held - w[order] * x[order]
    return float(1.0 - (w[order] * (held + before)).sum() / (held[-1] * w.sum()))


@dataclass(frozen=True)
class Theil:
    """Theil's T in nats, and its parts: total = between + within.

    Attributes
    ----------
    total : 0 all equal, ln(people) one has everything
    between : what would be left if everybody had the mean of their group
    within : inequality inside groups, weighted by what the groups hold
    """

    total: float
    between: float
    within: float

    @property
    def share_between(self) -> float:
        """Part of the inequality that lies between groups; nan when there is none."""
        return self.between / self.total if self.total > 0 else math.nan


def theil(values: ArrayLike, group: ArrayLike | None = None, weight: ArrayLike | None = None) -> Theil:
    """Theil's T of values of 0 or more, between and within groups (wards).

    Parameters
    ----------
    values : one per person, or per smaller group
    group : group number of each, 0, 1, ...; one group when not given
    weight : persons behind each value; one each when not given

    Raises
    ------
    MeasureError
        as :func:`gini`
    """
    x, w = _measurable(values, weight)
    g = np.zeros(len(x), np.int64) if group is None else np.asarray(group)
    _same_length(x, g, "group")
    people, held = np.bincount(g, w), np.bincount(g, w * x)
    means = np.divide(held, people, out=np.zeros_like(held), where=people > 0)
    relative = np.divide(x, means[g], out=np.zeros_like(x), where=means[g] > 0)
    between = _t(means, people)
    within = float((w * x * _log(relative)).sum() / held.sum())
    return Theil(between + within, between, within)


@dataclass(frozen=True)
class WardRange:
    """How far wards lie apart in a share.

    Attributes
    ----------
    shares : share of each ward; nan for a ward without anybody to ask
    lowest, highest : their ward rows
    """

    shares: np.ndarray
    lowest: int
    highest: int

    @property
    def range(self) -> float:
        """Highest less lowest share."""
        return float(self.shares[self.highest] - self.shares[self.lowest])


def ward_range(counted: np.ndarray, asked: np.ndarray, ward: np.ndarray) -> WardRange:
    """Range of a share over wards.

    Parameters
    ----------
    counted, asked : an indicator's answer, (areas, groups)
    ward : ward row of each area

    Raises
    ------
    MeasureError
        nobody is asked in any ward
    """
    share = _shares(np.bincount(ward, counted.sum(axis=1)), np.bincount(ward, asked.sum(axis=1)))
    if np.isnan(share).all():
        raise MeasureError("equity.empty")
    return WardRange(share, int(np.nanargmin(share)), int(np.nanargmax(share)))


@dataclass(frozen=True)
class Oldest:
    """A share among people of 75 and over against the rest; nan where nobody is asked."""

    oldest: float
    rest: float
    everybody: float

    @property
    def gap(self) -> float:
        """Rest less oldest: positive when the oldest are behind."""
        return self.rest - self.oldest

    @property
    def floor(self) -> float:
        """Share of the oldest as a part of everybody's: the equity floor of the roadmap asks for 0.7."""
        return self.oldest / self.everybody if self.everybody > 0 else math.nan


def oldest(counted: np.ndarray, asked: np.ndarray) -> Oldest:
    """The oldest against the rest of an indicator's answer, (areas, groups)."""
    yes, people = counted.sum(axis=0), asked.sum(axis=0)
    old = np.array([yes[_OLDEST].sum(), people[_OLDEST].sum()])
    everybody = np.array([yes.sum(), people.sum()])
    parts = np.array([old, everybody - old, everybody])
    return Oldest(*(float(share) for share in _shares(parts[:, 0], parts[:, 1])))


def probit_distance(subjective: ArrayLike, objective: ArrayLike) -> np.ndarray:
    """Feeling against fact on the probit scale, G = Phi^-1(S) - Phi^-1(O), of shares known exactly.

    Returns
    -------
    in standard deviations; nan where a share is 0 or 1, where the distance is not defined
    """
    s, o = ndtri(np.asarray(subjective, dtype=float)), ndtri(np.asarray(objective, dtype=float))
    return np.subtract(
        s, o, out=np.full(np.broadcast(s, o).shape, np.nan), where=np.isfinite(s) & np.isfinite(o)
    )


def probit_gap(subjective: Ranged, objective: Ranged) -> Interval:
    """Feeling against fact on the probit scale: G = Phi^-1(S) - Phi^-1(O), with its interval.

    Two shares of different bases cannot be subtracted; their distances on the probit scale can. The
    interval joins those of the two shares (MOVER, Zou and Donner 2008), taken as independent: of shares
    from the same sheets it is a little wide when people who have a thing also feel it.

    Parameters
    ----------
    subjective, objective : shares with their intervals; ``Interval.exact`` for a register

    Returns
    -------
    in standard deviations; all nan when a share is 0 or 1 or unknown, where the gap is not defined

    Raises
    ------
    MeasureError
        a share outside 0 to 1
    """
    ends = np.array([[s.value, s.low, s.high] for s in (subjective, objective)])
    outside = (ends < 0) | (ends > 1)
    if outside.any():
        raise MeasureError("equity.share", found=float(ends[outside][0]))
    (s, s_low, s_high), (o, o_low, o_high) = ndtri(ends)
    if not np.isfinite(s - o):
        return Interval.exact(math.nan)
    gap = s - o
    return Interval(
        float(gap), float(gap - np.hypot(s - s_low, o_high - o)), float(gap + np.hypot(s_high - s, o - o_low))
    )


def _measurable(values: ArrayLike, weight: ArrayLike | None) -> tuple[np.ndarray, np.ndarray]:
    x = np.asarray(values, dtype=float).ravel()
    w = np.ones(len(x)) if weight is None else np.asarray(weight, dtype=float).ravel()
    _same_length(x, w, "weight")
    if not len(x):
        raise MeasureError("equity.empty")
    for numbers in (x, w):
        odd = ~(np.isfinite(numbers) & (numbers >= 0))
        if odd.any():
            place = int(np.argmax(odd))
            raise MeasureError("equity.negative", place=place + 1, found=numbers[place])
    if (w * x).sum() <= 0:
        raise MeasureError("equity.nothing")
    return x, w


def _same_length(x: np.ndarray, other: np.ndarray, what: str) -> None:
    if len(x) != len(other):
        raise MeasureError("equity.length", values=len(x), what=what, found=len(other))


def _log(x: np.ndarray) -> np.ndarray:
    """Logarithm with ln 0 = 0: it always meets a factor 0."""
    return np.log(x, out=np.zeros_like(x), where=x > 0)


def _t(x: np.ndarray, w: np.ndarray) -> float:
    mean = (w * x).sum() / w.sum()
    return float((w * x * _log(x / mean)).sum() / (w.sum() * mean))


def _shares(counted: np.ndarray, asked: np.ndarray) -> np.ndarray:
    return np.divide(counted, asked, out=np.full(np.shape(asked), np.nan), where=asked > 0)
