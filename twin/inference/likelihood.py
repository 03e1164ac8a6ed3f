"""How likely the observed beginnings are under the adoption process's own hazards, and which fit best.

In each step a person who has not begun begins with chance 1 - exp(-h). h comes from
:func:`twin.kernels.hazards.hazards_plain` with everything personal at one, that is

    h = p + q s + q2 s [s >= threshold]

with s the weighted share of those who had begun before the step among the people named. s hangs on what
the others did, which is observed; so the likelihood is a product over people, and a threshold nobody
observed is averaged over its distribution, person by person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import betaincinv, logsumexp
from scipy.stats import chi2

from twin.facts import Facts
from twin.inference.adopters import Adopters
from twin.kernels.adoption import at_home_plain, peers_plain, public_plain
from twin.kernels.hazards import ACCESS, ALONE, AT_HOME, COLUMNS, CROWD, NEEDS, PEERS, USES, hazards_plain

WHOLE = 10_000  # thresholds are whole ten-thousandths, as in the kernel
_THRESHOLDS = 64  # equally likely values that stand for the distribution of thresholds
_LEAST = 1e-9  # hazard per step; keeps logarithms finite
_MOST = 100.0


class Hazards(NamedTuple):
    """Hazards per step.

    alone : external, p
    peers : extra when everybody named has begun, q
    crowd : extra on top of ``peers`` once s reaches the personal threshold, q2
    """

    alone: float = 0.0
    peers: float = 0.0
    crowd: float = 0.0

    def row(self) -> np.ndarray:
        """One technology's row of rates, as the kernel reads them."""
        rate = np.zeros(COLUMNS)
        rate[[ALONE, PEERS, CROWD, AT_HOME, NEEDS]] = *self, 1.0, -1
        return rate


class Exposure(NamedTuple):
    """What each person saw when each step began, and what the person then did.

    s : (steps, people), share of those who had begun among the people named
    crowd : (steps, people, thresholds), whether that share reaches each threshold
    waits, begins : (steps, people), did not begin by the end of the step, began in it
    place : (people,), index of the place
    """

    s: np.ndarray
    crowd: np.ndarray
    waits: np.ndarray
    begins: np.ndarray
    place: np.ndarray


@dataclass(frozen=True)
class Fit:
    """Hazards that make the observed beginnings most likely.

    Attributes
    ----------
    hazards : the hazards per step
    free : which of them were fitted
    loglik : log-likelihood
    parameters : how many numbers were fitted
    """

    hazards: Hazards
    free: tuple[str, ...]
    loglik: float
    parameters: int

    @property
    def aic(self) -> float:
        """Akaike's criterion, smaller is better."""
        return 2 * (self.parameters - self.loglik)


def personal_thresholds(facts: Facts, day: date) -> np.ndarray:
    """Equally likely thresholds that stand for those the process gives its citizens (64,), u2."""
    shape = facts.table("adoption.threshold", day)
    at = (np.arange(_THRESHOLDS) + 0.5) / _THRESHOLDS
    return np.rint(betaincinv(shape["alpha"], shape["beta"], at) * WHOLE).astype(np.uint16)


def exposure(people: Adopters, weight: np.ndarray, thresholds: np.ndarray) -> Exposure:
    """Follow everybody through the steps, counting peers as the kernel's plain form does."""
    household, everyone = np.arange(len(people)), np.ones(len(people), bool)
    steps = np.arange(1, people.steps + 1)[:, None]
    shares, crowds = [], []
    for step in steps[:, 0]:
        seen = public_plain(everyone, np.where(people.began < step, USES, ACCESS)[:, None])
        home = at_home_plain(seen, household, len(people), 1)
        users, ties = peers_plain(
            seen, household, home, people.start, people.other, people.layer, weight, 0
        )  # fmt: skip
        shares.append(users / np.maximum(ties, 1))
        crowds.append(users[:, None] * WHOLE >= thresholds.astype(np.int64) * ties[:, None])
    place = np.searchsorted(people.places, people.place)
    return Exposure(np.stack(shares), np.stack(crowds), people.began > steps, people.began == steps, place)


def log_likelihood(seen: Exposure, hazards: Hazards, level: np.ndarray | float = 0.0) -> float:
    """Log of the chance that everybody did what they did, given what they saw.

    Parameters
    ----------
    level : added to the hazard, a number or (steps, people)
    """
    crowd = seen.crowd if hazards.crowd else seen.crowd[..., :1]
    rise, _ = hazards_plain(
        ACCESS, hazards.row(), get=0.0, start=1.0, pulse=np.asarray(level)[..., None], stop=0.0, place=1.0,
        appeal=1.0, at_home=False, met=True, s=seen.s[..., None], crowd=crowd,
    )  # fmt: skip
    begin = np.log(-np.expm1(-np.maximum(rise, _LEAST)))
    told = np.where(seen.begins[..., None], begin, -rise * seen.waits[..., None]).sum(axis=0)
    return float((logsumexp(told, axis=1) - np.log(told.shape[1])).sum())


def fit(
    seen: Exposure, free: Sequence[str], given: Hazards | None = None, *, levels: bool = False
) -> Fit:  # fmt: skip
    """Maximum likelihood over the hazards named in ``free``, from ``given``; the others stay as given or zero.

    No hazard may be negative, so a best value of 0 means that the data ask for none.

    Parameters
    ----------
    levels : fit a level for every step and one for every place besides, so that peers cannot pass for
        what moved a whole place or everybody at one time
    """
    given, count = given or Hazards(), len(free)
    steps, places = len(seen.s), seen.place.max() + 1
    more = steps + places if levels else 0

    def loglik(values: np.ndarray) -> float:
        of_step, of_place = values[count : count + steps], values[count + steps :]
        level = of_step[:, None] + of_place[seen.place] if levels else 0.0
        return log_likelihood(seen, given._replace(**dict(zip(free, values, strict=False))), level)

    usual = float(seen.begins.sum() / (seen.begins | seen.waits).sum()) / 2
    first = [getattr(given, name) or usual for name in free] + [usual] * more
    lowest = [_LEAST if name == "alone" else 0.0 for name in free] + [0.0] * more
    found = minimize(
        lambda values: -loglik(values), first, jac="3-point", method="L-BFGS-B",
        bounds=[(low, _MOST) for low in lowest], options={"ftol": 1e-12, "gtol": 1e-6},
    )  # fmt: skip
    best = given._replace(**dict(zip(free, found.x.tolist(), strict=False)))
    return Fit(best, tuple(free), -float(found.fun), count + max(more - 1, 0))


def interval(seen: Exposure, best: Fit, name: str, level: float = 0.95) -> tuple[float, float]:
    """Values of one hazard that the profile likelihood does not reject.

    Unlike a standard error it stays right when the best value is 0.
    """
    others = tuple(other for other in best.free if other != name)
    allowed = best.loglik - chi2.ppf(level, 1) / 2

    def short(value: float) -> float:
        given = best.hazards._replace(**{name: value})
        return allowed - (fit(seen, others, given).loglik if others else log_likelihood(seen, given))

    top = getattr(best.hazards, name)
    low = 0.0 if short(_LEAST) < 0 else brentq(short, _LEAST, top, xtol=1e-4)
    high = 2 * max(top, 0.01)
    while short(high) < 0:
        high *= 2
    return float(low), float(brentq(short, top, high, xtol=1e-4))
