"""Classes for people of 65 and over: who attends, who begins to use the internet by it, what is kept.

    gain <- gain x 2^(-1 / half-life) + gain of a course, for who attends

Ability with the gain is what adoption and felt benefit read. Seats go first of all to those who do not
use the internet: the chance to attend is the same for everybody of 65 and over, halved for users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from twin.kernels.hazards import USES
from twin.processes.process import Process
from twin.processes.rates import DEVICE, NET
from twin.state import Column
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin

_OLD = 65
_USERS_COME = 0.5  # chance of a user to attend, against a non-user
_LEAST = 0.01  # standard deviations below which what was learned is forgotten


class Training(Process):
    """Classes that raise the ability of older people. Runs before adoption in the month."""

    name = "training"
    facts: ClassVar[tuple[str, ...]] = (
        "training.seats", "training.gain", "training.half_life", "training.begin", "services.live",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("citizens.adoption.stage", "citizens.adoption.since")
    couplings: ClassVar[tuple[str, ...]] = ("training.classes",)
    levers: ClassVar[dict[str, tuple[int, ...]]] = {
        "training.seats": (2, 4),
        "services.live[device_classes]": (2, 4),
    }

    # fmt: off
    gain = Column("f4", "standard deviations", "ability gained in classes and not yet lost", low=0)
    # fmt: on

    def step(self, model: CityTwin) -> None:
        """Let what was learned fade, then teach those who attend this month."""
        kept = self.gain * np.float32(2.0 ** (-1.0 / model.fact("training.half_life")))
        self.gain[:] = np.where(kept > _LEAST, kept, 0)
        rows = self._attend(model)
        self.gain[rows] += np.float32(model.fact("training.gain"))
        model.count("class_attendants", model.citizens.area[rows])
        self._begin(model, rows)

    def _attend(self, model: CityTwin) -> np.ndarray:
        """Rows of those in class this month."""
        people = model.citizens
        old = np.flatnonzero(people.here & (people.born <= model.month - _OLD * MONTHS_A_YEAR))
        weight = np.where(model.state["citizens.adoption.stage"][old, NET] == USES, _USERS_COME, 1.0)
        classes = model.table("services.live")["device_classes"] * model.on("training.classes")
        seats = model.fact("training.seats") * classes * model.fraction
        chance = seats / MONTHS_A_YEAR / max(weight.sum(), 1.0) * weight
        return old[model.chance.uniform("training: attends", model.month, people.id[old]) < chance]

    def _begin(self, model: CityTwin, rows: np.ndarray) -> None:
        """Some of those who do not use the internet begin, with a device where they have none."""
        stage, since = (model.state[f"citizens.adoption.{column}"] for column in ("stage", "since"))
        idle = rows[(stage[rows, NET] != USES) & (stage[rows, NET] <= USES + 1)]
        draw = model.chance.uniform("training: begins", model.month, model.citizens.id[idle])
        starts = idle[draw < model.fact("training.begin")]
        for technology in (DEVICE, NET):
            new = starts[stage[starts, technology] != USES]
            stage[new, technology], since[new, technology] = USES, model.month
        model.count("class_starts", model.citizens.area[starts])
