"""What working people feel of technology at work: telework they may use, and their firm's digital stage.

    worth = 1 - (1 - telework x may) x (1 - digital x stage / 4)          for those at work, else 0

and the feeling follows with habituation, as for any technology (:mod:`twin.processes.felt`). For people
who work outside the city, of whose firms nothing is known, the stage is the mean of the city's staff.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from twin.agents.citizens import Day
from twin.processes.businesses.telework import citizens_telework
from twin.processes.process import Process
from twin.state import Column

if TYPE_CHECKING:
    from twin.model import CityTwin

_TOP = 4  # the highest digital stage
_NEW = -1.0  # used_to of a row no month has seen yet


class Work(Process):
    """Felt change of work. Runs after the businesses in the month."""

    name = "work"
    facts: ClassVar[tuple[str, ...]] = (
        "work.telework", "work.digital", "felt.rise", "felt.fall", "felt.getting_used", "felt.habit",
        "survey.answer.cut",
    )  # fmt: skip
    couplings: ClassVar[tuple[str, ...]] = ("work.telework", "work.digital")

    # fmt: off
    benefit = Column("f4", "0 to 1", "benefit of technology felt at work", low=0, high=1)
    used_to = Column("f4", "0 to 1", "what of it is taken for granted; -1 not yet met", low=-1, high=1, start=_NEW)
    # fmt: on

    def start(self, model: CityTwin) -> None:
        """Whoever has work at the census has long got used to how it is."""
        self._feel(model)

    def step(self, model: CityTwin) -> None:
        """Let everyone feel the month."""
        self._feel(model)

    def answers(self, model: CityTwin) -> dict[str, np.ndarray]:
        """Felt change of work, above one's standard."""
        return {"indicator_06": self._felt(model)}

    def mark(self, model: CityTwin) -> dict[str, np.ndarray]:
        """Who has work, and who of them feels that technology changed it."""
        employed = at_work(model)
        cut = model.entry("survey.answer.cut", "indicator_06")
        return {"employed": employed, "work_changed": employed & (self._felt(model) >= cut)}

    def _felt(self, model: CityTwin) -> np.ndarray:
        """Benefit above what the citizen asks of technology, which the process felt knows."""
        people = model.citizens
        return (
            self.benefit - people.array("felt.standard")
            if "felt.standard" in people.columns
            else self.benefit
        )

    def _feel(self, model: CityTwin) -> None:
        """One month; rows not met before begin where long use ends."""
        new, habit = self.used_to == _NEW, np.float32(model.fact("felt.habit") * model.on("felt.habit"))
        gained = worth(model)
        taken = np.where(
            new, gained, self.used_to + np.float32(model.fact("felt.getting_used")) * (gained - self.used_to)
        )
        gap = gained - habit * taken - self.benefit
        pace = np.where(gap > 0, np.float32(model.fact("felt.rise")), np.float32(model.fact("felt.fall")))
        self.benefit[:] = np.maximum(self.benefit + np.where(new, np.float32(1), pace) * gap, 0)
        self.used_to[:] = taken


def at_work(model: CityTwin) -> np.ndarray:
    """Who has work, in the city or outside (yes/no)."""
    return (model.citizens.day == Day.WORK_IN_CITY) | (model.citizens.day == Day.WORK_OUTSIDE)


def worth(model: CityTwin) -> np.ndarray:
    """What technology is worth at everybody's work, 0 to 1 (f4)."""
    people, firms = model.citizens, model.businesses
    if "businesses.stage" not in firms.columns:
        return np.zeros(people.rows, np.float32)
    stage = firms.array("businesses.stage").astype(np.float32) / _TOP
    staff = firms.employees * firms.here
    mean = np.float32((stage * staff).sum() / max(staff.sum(), 1))
    employed = at_work(model)
    own = np.where(people.work >= 0, stage[np.maximum(people.work, 0)] if len(stage) else mean, mean)
    digital = np.float32(model.fact("work.digital") * model.on("work.digital")) * own
    may = citizens_telework(model)
    remote = np.float32(model.fact("work.telework") * model.on("work.telework")) * (may.offered & may.allowed)
    return (employed * (1 - (1 - remote) * (1 - digital))).astype(np.float32)
