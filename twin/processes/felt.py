"""What people feel of the technologies they use, and how they get used to it.

    worth   = quality x availability x (1 - effort x friction(ability))      for users, else 0
    used to <- used to + getting_used x (worth - used to)
    benefit <- benefit + rise or fall x (worth - habit x used to - benefit)

An answer is heard through benefit - standard: people differ for life in what they ask of technology before
they call it better. With habit > 0 the felt indicators stall while the objective ones rise: the gap the
vision's fourteen indicators are built to show. See ``docs/felt.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from twin.agents.citizens import Day
from twin.kernels import felt as kernel
from twin.kernels.hazards import USES
from twin.processes.offer import offer_of
from twin.processes.process import Process, not_met
from twin.results.census import TECHNOLOGIES
from twin.state import Column

if TYPE_CHECKING:
    from twin.model import CityTwin

LEARNING, ALERTS = TECHNOLOGIES.index("learning"), TECHNOLOGIES.index("alerts")
# technologies of daily life, in which the vision asks for convenience
DAILY = tuple(TECHNOLOGIES.index(name) for name in ("net", "egov", "maas", "health"))
_NEW = -1.0  # used_to of a row no month has seen yet


class Felt(Process):
    """Felt benefit of each technology, with habituation. Runs after adoption in the month."""

    name = "felt"
    facts: ClassVar[tuple[str, ...]] = (
        "felt.rise", "felt.fall", "felt.getting_used", "felt.habit", "felt.friction", "felt.broadcast", "felt.standards",
        "adoption.ability_loss", "survey.answer.cut",
        "services.live", "services.met", "services.market", "services.market_quality", "services.market_effort",
        "mobility.convenience",
    )  # fmt: skip
    couplings: ClassVar[tuple[str, ...]] = ("felt.habit",)
    levers: ClassVar[dict[str, tuple[int, ...]]] = {
        "services.live[remote_care]": (5,), "services.live[digital_helpers]": (5,), "services.live[school_devices]": (9,),
        "services.live[online_courses]": (9,), "services.live[disaster_alerts]": (10,),
        "services.live[crime_and_accident_map]": (10,),
    }  # fmt: skip

    # fmt: off
    benefit = Column("f4", "0 to 1", "benefit felt of each technology", low=0, high=1, each=TECHNOLOGIES)
    used_to = Column("f4", "0 to 1", "what of each technology is taken for granted; -1 not yet met", low=-1, high=1, start=_NEW, each=TECHNOLOGIES)
    standard = Column("f4", "benefit", "what the citizen asks of technology above the average before calling it better, for life")
    # fmt: on

    def start(self, model: CityTwin) -> None:
        """Whoever uses something at the census has long got used to it."""
        self._meet(model)

    def step(self, model: CityTwin) -> None:
        """Meet the newcomers, then let everyone feel the month."""
        self._meet(model)
        self._feel(model, slice(None), self._pace(model), self.benefit, self.used_to)

    def answers(self, model: CityTwin) -> dict[str, np.ndarray]:
        """Felt convenience of life, of learning, and what safety information is worth, each above one's standard."""
        return {
            "indicator_05": kernel.together(self.benefit, DAILY) + getting_around(model) - self.standard,
            "indicator_09": self.benefit[:, LEARNING] - self.standard,
            "indicator_10": heard(self.benefit[:, ALERTS], model.fact("felt.broadcast")) - self.standard,
        }

    def mark(self, model: CityTwin) -> dict[str, np.ndarray]:
        """Who feels life more convenient, learning better, and is satisfied with safety information."""
        feels = {
            question: state >= model.entry("survey.answer.cut", question)
            for question, state in self.answers(model).items()
        }
        at_school = model.citizens.day == Day.SCHOOL
        learner = at_school | (model.citizens.array("adoption.stage")[:, LEARNING] == USES)
        return {
            "convenient": feels["indicator_05"], "learner": learner,
            "learning_better": learner & feels["indicator_09"], "informed": feels["indicator_10"],
        }  # fmt: skip

    def _meet(self, model: CityTwin) -> None:
        """Give new rows, which stand at the end, the feeling of long use: one month at a pace of 1."""
        rows = not_met(self.used_to[:, 0], _NEW)
        if rows.start < rows.stop:
            asks = model.chance.normal("felt: standard", 0, model.citizens.id[rows])
            self.standard[rows] = model.fact("felt.standards") * asks
            self.used_to[rows] = 0.0
            at_once = np.array([1.0, 1.0, 1.0, self._pace(model)[3]])
            self._feel(model, rows, at_once, self.benefit[rows], self.used_to[rows])

    def _pace(self, model: CityTwin) -> np.ndarray:
        pace = [model.fact(f"felt.{word}") for word in ("rise", "fall", "getting_used", "habit")]
        pace[3] *= model.on("felt.habit")
        return np.array(pace)

    def _feel(
        self, model: CityTwin, rows: slice, pace: np.ndarray, benefit: np.ndarray, used_to: np.ndarray
    ) -> None:
        people, offer = model.citizens, offer_of(model, TECHNOLOGIES)
        ability = people.ability[rows]
        if "training.gain" in people.columns:
            ability = ability + people.array("training.gain")[rows]
        worth = (offer.local * offer.available).astype(np.float32)
        grid = np.arange(-kernel.STEPS, kernel.STEPS, 1 / kernel.EIGHTHS) + 0.5 / kernel.EIGHTHS
        kernel.live_month(
            people.here[rows], people.born[rows], model.month, people.area[rows], ability,
            people.array("adoption.stage")[rows], worth, offer.effort.astype(np.float32),
            friction(model, grid).astype(np.float32), model.fact("adoption.ability_loss") / 10, pace, benefit,
            used_to,
        )  # fmt: skip


def heard(benefit: np.ndarray, broadcast: float) -> np.ndarray:
    """Worth of safety information, (citizens,): from services, beside what television and radio tell all."""
    return 1 - (1 - benefit) * (1 - broadcast)


def getting_around(model: CityTwin) -> np.ndarray | float:
    """Benefit of getting around more easily than when first worked out, (citizens,); nought where nobody works it out."""
    people = model.citizens
    followed = "mobility.ease" in people.columns and model.on("mobility.convenience")
    return np.float32(model.fact("mobility.convenience")) * people.array("mobility.ease") if followed else 0.0


def friction(model: CityTwin, ability: np.ndarray) -> np.ndarray:
    """Share of a service's effort that meets somebody of some ability, 0 to 1: half at mean ability."""
    return 1 / (1 + np.exp(model.fact("felt.friction") * ability))
