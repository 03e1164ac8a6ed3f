"""Which way people go: nested logit over eight modes, its logsum, and draws that scenarios share.

Alternatives of one nest have something unseen in common, the more the smaller its ``theta``:

    P(m) = P(m | nest) P(nest),   P(m | nest) ~ exp(V_m / theta),   P(nest) ~ exp(theta I),   I = ln sum exp(V / theta)

With all theta 1 this is the multinomial logit; at 0 the best of a nest takes all the nest has (equals share it).
See ``docs/mode_choice.md``. Alternatives stand first in every array, choosers behind: any shape of choosers
goes through, and NumPy walks along them without gaps.

>>> nested(np.array([0.0, -1.0, -2.0]), multinomial(3)).share.round(5).tolist()
[0.66524, 0.24473, 0.09003]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from twin.chance import Chance
from twin.errors import InputError

NESTS = {
    "road": ("drive", "passenger", "taxi"),
    "public": ("rail", "bus", "on_demand"),
    "active": ("walk", "bike"),
}
MODES = tuple(mode for modes in NESTS.values() for mode in modes)
_TINY = 2.0**-54  # half a step of a draw: keeps 0 away from infinity


class Nests(NamedTuple):
    """Which alternatives go together, and how closely.

    of : (alternatives,) number of each one's nest
    theta : (nests,) f8, 0 to 1: 1 for nothing in common, 0 for all
    """

    of: np.ndarray
    theta: np.ndarray

    def members(self) -> list[np.ndarray]:
        """Alternatives of each nest."""
        return [np.flatnonzero(self.of == nest) for nest in range(len(self.theta))]


class Chosen(NamedTuple):
    """What nested logit says; alternatives or nests first, choosers behind (f8).

    share : chance of each alternative
    within : chance of each alternative among those of its nest; 0 in a nest of which nothing is available
    nest : chance of each nest
    inner : I of each nest times theta: the utility of the nest as a whole
    logsum : utility of having the choice at all; its difference over the taste for cost is in yen
    """

    share: np.ndarray
    within: np.ndarray
    nest: np.ndarray
    inner: np.ndarray
    logsum: np.ndarray


def multinomial(alternatives: int) -> Nests:
    """Nests of nested logit that make it the multinomial one: everything in one, nothing in common."""
    return Nests(np.zeros(alternatives, int), np.ones(1))


def nests_of(theta: Mapping[str, float]) -> Nests:
    """The nests of the eight ``MODES``, each with its theta by name."""
    of = np.repeat(np.arange(len(NESTS)), [len(modes) for modes in NESTS.values()])
    return checked(Nests(of, np.array([theta[name] for name in NESTS], float)))


def checked(nests: Nests) -> Nests:
    """The same nests.

    Raises
    ------
    InputError
        A theta is not between 0 and 1, outside of which nested logit is no choice of the best.
    """
    for nest, theta in enumerate(nests.theta):
        if not 0 <= theta <= 1:
            raise InputError("travel.theta", where=f"nest {nest}", found=theta)
    return nests


def nested(utility: ArrayLike, nests: Nests, available: ArrayLike = True) -> Chosen:
    """Chances of every alternative for every chooser, and the logsum.

    Parameters
    ----------
    utility : (alternatives, ...) any finite size; minus infinity is the same as not available
    available : (alternatives, ...) yes/no, or one for all

    Raises
    ------
    InputError
        A utility is no number or plus infinity, or somebody has nothing to choose from.
    """
    v = _seen(utility, available)
    best = v.max(axis=0)
    if np.isneginf(best).any():
        raise InputError("travel.nothing_to_choose", count=int(np.isneginf(best).sum()))
    v -= best  # the same added to all changes nothing, to the bit
    within, inner = np.empty_like(v), np.empty((len(nests.theta), *v.shape[1:]))
    for nest, members in enumerate(nests.members()):
        within[members], inner[nest] = _among(v[members], nests.theta[nest])
    share, logsum = _among(inner, 1.0)
    return Chosen(share[nests.of] * within, within, share, inner + best, logsum + best)


def _seen(utility: ArrayLike, available: ArrayLike) -> np.ndarray:
    v = np.where(available, np.asarray(utility, float), -np.inf)
    wrong = np.isnan(v) | np.isposinf(v)
    if wrong.any():
        raise InputError("travel.utility", count=int(wrong.sum()), found=float(v[wrong][0]))
    return v


def _among(v: np.ndarray, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """Chances among the first axis, and theta I; nothing available gives noughts and minus infinity."""
    best = v.max(axis=0)
    behind = v - np.where(np.isneginf(best), 0.0, best)  # the best stands at 0: nothing can overflow
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        weight = np.exp(np.where(behind == 0, 0.0, behind / theta))
    total = weight.sum(axis=0)
    return weight / np.maximum(total, 1.0), best + xlogy(theta, np.maximum(total, 1.0))


def unseen(chance: Chance, purpose: str, step: int, ids: ArrayLike, nests: Nests) -> np.ndarray:
    """What each chooser sees in each alternative beyond its utility: (alternatives, choosers) f8.

    Whoever takes the alternative of the greatest utility plus this chooses by nested logit. As it stays the
    chooser's own in all scenarios, a mode that gets worse loses its own users and moves nobody else.
    Drawn from chances alone, a fare for rail would also make walkers cycle.

    Parameters
    ----------
    purpose, step : name the draw; every alternative and every nest has one of its own
    ids : (choosers,) a number for each person and trip

    Notes
    -----
    In a nest, theta (G + ln S) with G Gumbel by alternative and S positive stable of index theta, common to
    the nest (Kanter 1975; the sum is again Gumbel: Cardell 1997).
    """
    out = np.empty((len(nests.of), np.size(ids)))
    for nest, members in enumerate(nests.members()):
        theta = nests.theta[nest]
        common = _log_stable(chance, f"{purpose}: nest {nest}", step, ids, theta) if theta < 1 else 0.0
        for m in members:
            out[m] = common - theta * np.log(_exponential(chance, f"{purpose}: {m}", step, ids))
    return out


def _exponential(chance: Chance, purpose: str, step: int, ids: ArrayLike) -> np.ndarray:
    return -np.log(chance.uniform(purpose, step, ids) + _TINY)


def _log_stable(chance: Chance, purpose: str, step: int, ids: ArrayLike, theta: float) -> np.ndarray:
    """Theta times the logarithm of a positive stable number of index theta; Gumbel itself at theta 0."""
    angle = np.pi * (chance.uniform(purpose, step, ids) + _TINY)
    wait = _exponential(chance, f"{purpose}, scale", step, ids)
    return (
        xlogy(theta, np.sin(theta * angle))
        - np.log(np.sin(angle))
        + (1 - theta) * np.log(np.sin((1 - theta) * angle) / wait)
    )


def choose(utility: ArrayLike, own: np.ndarray, available: ArrayLike = True) -> np.ndarray:
    """The alternative each chooser takes (i8): the greatest utility plus what :func:`unseen` drew.

    Raises
    ------
    InputError
        As :func:`nested`.
    """
    v = _seen(utility, available) + own
    found = v.argmax(axis=0)
    none = np.isneginf(v.max(axis=0))
    if none.any():
        raise InputError("travel.nothing_to_choose", count=int(none.sum()))
    return found
