"""The adoption rule as idiomatic Mesa: one object per citizen, prebuilt contact lists, decide and commit.

Written to be quick within that idiom: slots, plain Python numbers, rates looked up once a month, the
contacts walked once for all technologies.

>>> from mesa import Agent
>>> issubclass(Citizen, Agent)
True
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
import numpy as np

from twin.kernels.hazards import (
    ACCESS,
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
    UNAWARE,
    USES,
)  # fmt: skip

if TYPE_CHECKING:
    from bench.world import Start


class Citizen(mesa.Agent):
    """A citizen who looks at contacts and moves one stage a month at most in each technology."""

    def __init__(self, model, born, area, stage, appeal, threshold) -> None:
        super().__init__(model)
        self.born, self.area, self.stage, self.appeal = born, area, stage, appeal
        self.threshold = threshold / 10_000
        self.next = stage
        self.contacts: list[tuple[Citizen, int]] = []
        self.home: list[Citizen] = []  # others in the household
        self.listens = 1  # sum of the contacts' weights

    def decide(self) -> None:
        """Compute next month's stages from what everybody shows this month."""
        age = min(max((self.model.month - self.born) // 12, 0), OLDEST)
        users = [0] * len(self.stage)
        for other, weight in self.contacts:
            for k, stage in enumerate(other.stage):
                if stage == USES:
                    users[k] += weight
        self.next = [self._next(k, age, users[k] / self.listens) for k in range(len(self.stage))]

    def _next(self, k: int, age: int, s: float) -> int:
        stage, rate = self.stage[k], self.model.rate[k]
        needed = int(rate[NEEDS])
        met = needed < 0 or self.stage[needed] == USES or any(o.stage[needed] == USES for o in self.home)
        if stage == USES and not met:
            return STOPPED
        up, down = self._hazards(k, age, s, met)
        total = up + down
        u = self.random.random()
        if u >= -math.expm1(-total):
            return stage
        if u * total < -math.expm1(-total) * up:
            return USES if stage == STOPPED else stage + 1
        return STOPPED if stage == USES else stage - 1

    def _hazards(self, k: int, age: int, s: float, met: bool) -> tuple[float, float]:
        rate, curve, place = self.model.rate[k], self.model.curve[k], self.model.place[k][self.area]
        stage = self.stage[k]
        if stage == UNAWARE:
            return rate[HEAR] + rate[HEAR_PEERS] * s + rate[HEAR_PLACE] * place, 0.0
        if stage == AWARE:
            return (curve[GET_AT][age] if met else 0.0), rate[FORGET]
        if stage == USES:
            return 0.0, curve[STOP_AT][age] * math.exp(-rate[STOP_PEERS] * s)
        begin = 0.0
        if met and self.appeal[k] > 0:
            at_home = rate[AT_HOME] if any(o.stage[k] == USES for o in self.home) else 1.0
            crowd = rate[CROWD] * s if s >= self.threshold else 0.0
            begin = place * self.appeal[k] * curve[START_AT][age] * at_home
            begin = begin * (rate[ALONE] + rate[PEERS] * s + crowd) + curve[PULSE_AT][age]
        return (begin if stage == ACCESS else rate[AGAIN] * begin), 0.0

    def commit(self) -> None:
        """Show the new stages."""
        self.stage = self.next


class AgentCity(mesa.Model):
    """A city of citizen objects.

    Parameters
    ----------
    start : people, ties, parameters
    seed : of Mesa's generator
    shuffled : whether citizens decide in random order, Mesa's ``shuffle_do``; the law is the same
    """

    def __init__(self, start: Start, seed: int, shuffled: bool = False) -> None:
        super().__init__(rng=seed)
        self.month, self.shuffled = start.month, shuffled
        self._rates = [(r.rate.tolist(), r.curve.tolist(), r.place.tolist()) for r in start.rates]
        columns = (start.born, start.area, start.stage, start.appeal, start.threshold)
        citizens = Citizen.create_agents(self, len(start.born), *(column.tolist() for column in columns))
        self.citizens = list(citizens)
        self._introduce(start)
        self.lived = 0

    def _introduce(self, start: Start) -> None:
        """Give everybody their contacts and household."""
        everyone, other, weight = self.citizens, start.other.tolist(), start.weight.tolist()
        at_home: dict[int, list[Citizen]] = {}
        for citizen, household in zip(everyone, start.household.tolist(), strict=True):
            at_home.setdefault(household, []).append(citizen)
        for row, citizen in enumerate(everyone):
            slots = range(start.first[row], start.first[row + 1])
            citizen.contacts = [(everyone[other[e]], weight[e]) for e in slots]
            citizen.listens = max(sum(w for _, w in citizen.contacts), 1)
            citizen.home = [one for one in at_home[int(start.household[row])] if one is not citizen]

    def step(self) -> None:
        """Live one month: everyone decides on what they see, then everyone commits."""
        self.rate, self.curve, self.place = self._rates[self.lived]
        if self.shuffled:
            self.agents.shuffle_do("decide")
        else:
            self.agents.do("decide")
        self.agents.do("commit")
        self.month += 1
        self.lived += 1

    def live(self, months: int) -> None:
        """Live several months."""
        for _ in range(months):
            self.step()

    def shares(self) -> np.ndarray:
        """Share of citizens using each technology."""
        return (np.array([citizen.stage for citizen in self.citizens]) == USES).mean(axis=0)
