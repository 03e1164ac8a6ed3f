"""What working people feel of technology at work: telework they may use, and their firm's digital stage.

    worth = 1 - (1 - telework x may) x (1 - digital x stage / 4)          for those at work, else 0

and the feeling follows with habituation, as for any technology (:mod:`twin.processes.felt`). For people
who work outside the city, of whose firms nothing is known, the stage is the mean of the city's staff.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from twin.agents.citizens import Day
from twin.kernels import work as kernel
from twin.processes.businesses.industries import by_industry
from twin.processes.businesses.telework import JOB_ALLOWS
from twin.processes.process import Process
from twin.state import Column

if TYPE_CHECKING:
    from twin.model import CityTwin

_TOP = 4  # the highest digital stage


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
    used_to = Column("f4", "0 to 1", "what of it is taken for granted; -1 not yet met", low=-1, high=1, start=kernel.NOT_MET)
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
        people, firms = model.citizens, model.businesses
        digital, elsewhere = digital_worth(model)
        at_firms = "businesses.stage" in firms.columns
        offers = firms.array("businesses.telework") if at_firms else np.zeros(0, bool)
        jobs = by_industry(model, "firms.telework_jobs")[firms.industry] if at_firms else np.zeros(0)
        remote = model.fact("work.telework") * model.on("work.telework") * at_firms
        kernel.live_month(
            model.chance.key(JOB_ALLOWS), people.id, people.day, people.work, offers, jobs,
            model.fact("firms.telework_outside"), digital, elsewhere, remote, _pace(model), self.benefit, self.used_to,
        )  # fmt: skip


def at_work(model: CityTwin) -> np.ndarray:
    """Who has work, in the city or outside (yes/no)."""
    return (model.citizens.day == Day.WORK_IN_CITY) | (model.citizens.day == Day.WORK_OUTSIDE)


def digital_worth(model: CityTwin) -> tuple[np.ndarray, float]:
    """What its digital stage is worth to the staff of each firm (f4), and to those whose firm is unknown."""
    firms = model.businesses
    if "businesses.stage" not in firms.columns:
        return np.zeros(0, np.float32), 0.0
    weight = np.float32(model.fact("work.digital") * model.on("work.digital"))
    stage, staff = firms.array("businesses.stage").astype(np.float32) / _TOP, firms.employees * firms.here
    return weight * stage, float(weight * np.float32((stage * staff).sum() / max(staff.sum(), 1)))


def _pace(model: CityTwin) -> np.ndarray:
    pace = [model.fact(f"felt.{word}") for word in ("rise", "fall", "getting_used", "habit")]
    pace[3] *= model.on("felt.habit")
    return np.array(pace)
