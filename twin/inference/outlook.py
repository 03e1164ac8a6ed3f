"""What the real adoption kernel makes of real people and ties, many times over, beside what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twin.chance import Chance
from twin.inference.adopters import Adopters
from twin.inference.curves import fit_bass, fit_logistic
from twin.inference.likelihood import Fit, Hazards, exposure, fit, log_likelihood
from twin.kernels.adoption import at_home, live_month, public
from twin.kernels.hazards import ACCESS, OLDEST, START_AT
from twin.kernels.sieve import sieve

BAND = (0.05, 0.95)


@dataclass(frozen=True)
class Outlook:
    """Cumulative beginners by step: the fact, and the worlds the kernel lived.

    Attributes
    ----------
    fact : (steps,)
    worlds : (worlds, steps)
    """

    fact: np.ndarray
    worlds: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """Mean over the worlds (steps,)."""
        return self.worlds.mean(axis=0)

    @property
    def band(self) -> np.ndarray:
        """Bounds of the middle 90 % of the worlds (2, steps)."""
        return np.quantile(self.worlds, BAND, axis=0)

    def inside(self, curves: np.ndarray) -> np.ndarray:
        """Share of a curve's steps within the band, bounds included; curves (..., steps)."""
        low, high = self.band
        return ((low <= curves) & (curves <= high)).mean(axis=-1)

    def rmse(self, curves: np.ndarray) -> np.ndarray:
        """Root mean square distance of a curve from the worlds' mean, people; curves (..., steps)."""
        return np.sqrt(((curves - self.mean) ** 2).mean(axis=-1))

    def off(self, curves: Sequence[np.ndarray]) -> float:
        """Root mean square distance of the fact from other curves, given place by place."""
        return float(np.sqrt(((np.concatenate(curves) - self.fact) ** 2).mean()))

    @property
    def farther(self) -> float:
        """Share of worlds at least as far from their mean as the fact: near 0, they are no picture of it."""
        return float((self.rmse(self.worlds) >= self.rmse(self.fact)).mean())


def side_by_side(outlooks: Sequence[Outlook]) -> Outlook:
    """The steps of several places one after the other, so that one number speaks for all."""
    return Outlook(
        np.concatenate([one.fact for one in outlooks]),
        np.concatenate([one.worlds for one in outlooks], axis=1),
    )


def curve(began: np.ndarray, steps: int) -> np.ndarray:
    """How many had begun by the end of each step (..., steps)."""
    return np.stack([(began <= step).sum(axis=-1) for step in range(1, steps + 1)], axis=-1)


def live(
    people: Adopters, weight: np.ndarray, hazards: Hazards, thresholds: np.ndarray, seed: int
) -> np.ndarray:
    """Step in which each begins when all live by :func:`twin.kernels.adoption.live_month`.

    Nobody has begun at first; each has one of ``thresholds``.

    Returns
    -------
    (people,), 1 to ``steps``; ``steps + 1`` for not by the end
    """
    chance, rows, ids = Chance(seed), len(people), np.arange(len(people))
    here, household, none = np.ones(rows, bool), ids.astype(np.int32), np.zeros(rows, np.uint8)
    born, ability = np.zeros(rows, np.int16), np.zeros(rows, np.float32)
    own = thresholds[(chance.uniform("real people: threshold", 0, ids) * len(thresholds)).astype(int)]
    curves, place = np.zeros((1, 4, OLDEST + 1)), np.ones((1, 1))
    curves[:, START_AT] = 1.0
    table = sieve(hazards.row()[None], curves, place, 0.0, 0.0, 0.0)
    unfelt = np.empty((0, 1), np.float32)
    stage, began = np.full((rows, 1), ACCESS, np.uint8), np.full(rows, people.steps + 1)
    for step in range(1, people.steps + 1):
        look, key = (chance.key(f"real people: {what}", step) for what in ("leading bytes", "begin"))
        seen = public(here, stage)
        lived = live_month(
            table, look, np.array([key]), step, ids, here, born, household, none, ability, ability, unfelt, stage,
            none, own, seen, at_home(seen, household, rows, 1), people.start, people.other, people.layer, weight,
            hazards.row()[None], curves, place,
        )  # fmt: skip
        began[lived.rows[lived.changed > 0]] = step
    return began


def outlook(
    people: Adopters, weight: np.ndarray, hazards: Hazards, thresholds: np.ndarray, worlds: int, seed: int = 1
) -> Outlook:
    """The curves of many worlds, thresholds drawn anew in each, beside the people's own."""
    began = live(people.copies(worlds), weight, hazards, thresholds, seed).reshape(worlds, -1)
    return Outlook(curve(people.began, people.steps), curve(began, people.steps))


@dataclass(frozen=True)
class LeftOut:
    """One place, foretold from all the others.

    Attributes
    ----------
    place : its number
    fit : the hazards of the other places
    outlook : this place's people and ties lived with them
    loglik : log-likelihood of what these people did, each step told from the steps before
    bass, logistic : (steps,), the others' share along a fitted curve, times the people of this place
    """

    place: int
    fit: Fit
    outlook: Outlook
    loglik: float
    bass: np.ndarray
    logistic: np.ndarray


def left_out(
    people: Adopters, weight: np.ndarray, free: Sequence[str], thresholds: np.ndarray, worlds: int, seed: int = 1,
) -> list[LeftOut]:  # fmt: skip
    """Leave each place out in turn: fit on the others, then foretell it from who names whom there.

    The first place lives with ``seed``, the next with the seed after it, and so on.
    """
    found = []
    for n, place in enumerate(people.places):
        those, others = people.only(people.place == place), people.only(people.place != place)
        best = fit(exposure(others, weight, thresholds), free)
        share = curve(others.began, people.steps) / len(others)
        found.append(
            LeftOut(
                int(place),
                best,
                outlook(those, weight, best.hazards, thresholds, worlds, seed + n),
                log_likelihood(exposure(those, weight, thresholds), best.hazards),
                fit_bass(share).values * len(those),
                fit_logistic(share).values * len(those),
            )
        )
    return found
