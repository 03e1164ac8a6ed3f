"""Acts for the environment: how many of five a citizen does, taken up and dropped one at a time.

    taken up = (5 - acts) x loss x odds(age) x (1 - peers + peers x share around / share published)
               x exp(waste + energy + mobility + trips no longer made by car) x price ^ effect
    dropped  = acts x loss

``odds`` comes from the share of the acts done at an age, so that at rest people do that share of them.
Runs after adoption; the share around is last month's count. See ``docs/environment.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.special import bdtr

from twin.kernels.hazards import OLDEST, USES
from twin.processes.process import Process, not_met
from twin.processes.rates import AGES, EGOV, MAAS, NET
from twin.state import Column
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin

ACTS = 5  # sorting waste, saving power, saving food, things used again, going without a car
USED = (EGOV, NET, MAAS)  # what carries waste reduction, the view of energy, mobility as one service
_NEW = 9  # acts of a row no month has seen yet
_COMBINATIONS = np.array([[n >> bit & 1 for bit in range(len(USED))] for n in range(2 ** len(USED))])


class Environment(Process):
    """Acts for the environment, from 0 to 5, by age, neighbours, services, mobility and prices."""

    name = "environment"
    facts: ClassVar[tuple[str, ...]] = (
        "environment.acts_done", "environment.loss", "environment.share", "environment.peers", "environment.waste",
        "environment.energy", "environment.mobility", "environment.price", "environment.price_effect",
        "services.live", "survey.answer.cut", "mobility.acts",
    )  # fmt: skip
    couplings: ClassVar[tuple[str, ...]] = (
        "environment.peers", "environment.waste", "environment.energy", "environment.mobility", "environment.price",
    )  # fmt: skip
    levers: ClassVar[dict[str, tuple[int, ...]]] = {
        "services.live[waste_reduction]": (11,), "services.live[energy_view]": (11,), "environment.price": (11,),
    }  # fmt: skip

    # fmt: off
    acts = Column("u1", "acts", "acts for the environment a citizen does, of five; 9 not yet met", low=0, high=_NEW, start=_NEW)
    # fmt: on

    def start(self, model: CityTwin) -> None:
        """Let everyone do what their age and services lead to in the long run."""
        self._meet(model)

    def step(self, model: CityTwin) -> None:
        """Meet the newcomers, then let acts be taken up and dropped."""
        self._meet(model)
        people = model.citizens
        gain, around, count = self._gain(model), self._around(model), np.arange(ACTS + 1)
        loss, without = model.fact("environment.loss") / MONTHS_A_YEAR, self._without_a_car(model)
        most = loss * ((ACTS - count) * gain.max() * around.max() * without.max(initial=1.0) + count)
        # 1 - exp(-h) is never above h
        rows, draw = model.chance.below("environment: acts", model.month, people.id, most, self.acts)
        here = people.here[rows]
        rows, draw = rows[here], draw[here]
        acts = self.acts[rows].astype(int)
        rise = loss * (ACTS - acts) * gain[self._cell(model, rows)] * around[people.area[rows]]
        rise *= without[rows] if len(without) else 1.0
        hazard = rise + loss * acts
        change = -np.expm1(-hazard)
        rises = draw * hazard < change * rise
        self.acts[rows] = np.where(draw < change, acts + np.where(rises, 1, -1), acts)

    def mark(self, model: CityTwin) -> dict[str, np.ndarray]:
        """Who does so many acts that the survey hears a yes."""
        return {"green": self.acts >= model.entry("survey.answer.cut", "indicator_11")}

    def answers(self, model: CityTwin) -> dict[str, np.ndarray]:
        """The number of acts."""
        return {"indicator_11": self.acts}

    def _meet(self, model: CityTwin) -> None:
        """Give new rows, which stand at the end, acts of the long run: binomial, with nobody around."""
        rows = not_met(self.acts, _NEW)
        odds = self._gain(model)[self._cell(model, rows)][:, None]
        draw = model.chance.uniform("environment: acts on arrival", 0, model.citizens.id[rows])[:, None]
        self.acts[rows] = (draw >= bdtr(np.arange(ACTS), ACTS, odds / (1 + odds))).sum(axis=1)

    def _gain(self, model: CityTwin) -> np.ndarray:
        """Taking up against dropping, by age and what is used, (121, 8) f8."""
        share, live = model.curve("environment.acts_done", AGES), model.table("services.live")
        effect = np.array([
            model.fact("environment.waste") * live["waste_reduction"] * model.on("environment.waste"),
            model.fact("environment.energy") * live["energy_view"] * model.on("environment.energy"),
            model.fact("environment.mobility") * model.on("environment.mobility"),
        ])  # fmt: skip
        dear = model.fact("environment.price_effect") * model.on("environment.price")
        pull = np.exp(_COMBINATIONS @ effect) * model.fact("environment.price") ** dear
        return (share / (1 - share))[:, None] * pull

    def _cell(self, model: CityTwin, rows: np.ndarray | slice) -> tuple[np.ndarray, np.ndarray]:
        """Age and combination of what is used, where :meth:`_gain` has people."""
        people = model.citizens
        age = np.clip((model.month - people.born[rows].astype(int)) // MONTHS_A_YEAR, 0, OLDEST)
        stage = people.array("adoption.stage")
        return age, sum((stage[rows, k] == USES) << bit for bit, k in enumerate(USED))

    def _around(self, model: CityTwin) -> np.ndarray:
        """Factor of neighbours by area, (areas,) f8: 1 where as many act as the survey found."""
        weight = model.fact("environment.peers") * model.on("environment.peers")
        share = model.census.share("green", "18+")
        return 1 - weight + weight * share / model.fact("environment.share")

    def _without_a_car(self, model: CityTwin) -> np.ndarray:
        """Factor of trips no longer made by car, (citizens,) f8; no rows where nobody works trips out."""
        people = model.citizens
        if "mobility.driven" not in people.columns or not model.on("mobility.acts"):
            return np.empty(0)
        return np.exp(-model.fact("mobility.acts") * people.array("mobility.driven").astype(float))
