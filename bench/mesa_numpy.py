"""The adoption rule as a good scientist would write it: Mesa's shell, NumPy columns, one SciPy product.

Peers are one sparse product a month for all technologies; the draws come from NumPy's own generator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from scipy.sparse import csr_matrix

from twin.kernels.hazards import (
    AGAIN,
    ALONE,
    AT_HOME,
    AWARE,
    CROWD,
    FORGET,
    GET_AT,
    HEAR,
    HEAR_PEERS,
    HEAR_PLACE,
    NEEDS,
    OLDEST,
    PEERS,
    PULSE_AT,
    START_AT,
    STOP_AT,
    STOP_PEERS,
    STOPPED,
    USES,
)  # fmt: skip

if TYPE_CHECKING:
    from bench.world import Start

_UP = np.array([1, 2, 3, 3, 3], np.uint8)
_DOWN = np.array([0, 0, 2, 4, 4], np.uint8)


class ArrayCity(mesa.Model):
    """A city of columns.

    Parameters
    ----------
    start : people, ties, parameters
    seed : of NumPy's generator
    """

    def __init__(self, start: Start, seed: int) -> None:
        super().__init__(rng=seed)
        people = len(start.born)
        self.month, self.lived, self._rates = start.month, 0, start.rates
        self.born, self.area, self.household = start.born.astype(np.int32), start.area, start.household
        self.stage, self.appeal = np.asfortranarray(start.stage), np.asfortranarray(start.appeal)
        self.threshold = start.threshold / 10_000
        self.ties = csr_matrix((start.weight.astype(np.float32), start.other, start.first), (people, people))
        self.listens = np.maximum(np.asarray(self.ties.sum(axis=1)), 1)

    def step(self) -> None:
        """Live one month."""
        rates, uses = self._rates[self.lived], self.stage == USES
        share = (self.ties @ uses.astype(np.float32)) / self.listens
        age = np.clip((self.month - self.born) // 12, 0, OLDEST)
        home = [np.bincount(self.household, uses[:, k]) for k in range(uses.shape[1])]
        new = np.empty_like(self.stage)
        for k, used in enumerate(home):
            needed = int(rates.rate[k, NEEDS])
            met = np.True_ if needed < 0 else home[needed][self.household] > 0
            others = used[self.household] - uses[:, k] > 0
            new[:, k] = self._next(k, rates, age, share[:, k], met, others)
        self.stage = new
        self.month += 1
        self.lived += 1

    def _next(self, k, rates, age, s, met, others) -> np.ndarray:
        rate, curve, stage = rates.rate[k], rates.curve[k], self.stage[:, k]
        place = rates.place[k][self.area]
        crowd = rate[CROWD] * s * (s >= self.threshold) if rate[CROWD] else 0.0
        begin = place * self.appeal[:, k] * curve[START_AT][age] * np.where(others, rate[AT_HOME], 1.0)
        begin *= rate[ALONE] + rate[PEERS] * s + crowd
        begin = (begin + curve[PULSE_AT][age] * (self.appeal[:, k] > 0)) * met
        hear = rate[HEAR] + rate[HEAR_PEERS] * s + rate[HEAR_PLACE] * place
        # in the order of the stages: unaware, aware, access, uses, stopped
        up = np.choose(stage, [hear, curve[GET_AT][age] * met, begin, 0.0, rate[AGAIN] * begin])
        stop = curve[STOP_AT][age]
        if rate[STOP_PEERS]:
            stop = stop * np.exp(-rate[STOP_PEERS] * s)
        down = np.where(stage == AWARE, rate[FORGET], np.where(stage == USES, stop, 0.0))
        total = up + down
        change = -np.expm1(-total)
        u = self.rng.random(len(stage))
        after = np.where(u * total < change * up, _UP[stage], _DOWN[stage])
        after = np.where(u < change, after, stage)
        return np.where((stage == USES) & ~met, STOPPED, after)

    def live(self, months: int) -> None:
        """Live several months."""
        for _ in range(months):
            self.step()

    def shares(self) -> np.ndarray:
        """Share of citizens using each technology."""
        return (self.stage == USES).mean(axis=0)
