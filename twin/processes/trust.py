"""Trust in those who hold data, and whether people accept that data are collected and used.

    trust <- trust + gain x (good use of services that hold data) - loss x incidents - back x (trust - base)

Bad news weighs about five times as much as a month of good use. Two cuts of trust part those who accept
without conditions, those who accept under conditions, and those who do not; they are set once, when the
run starts, so that the shares are the published ones. Runs after felt benefit. See ``docs/trust.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from twin.processes import incidents
from twin.processes.process import Process, not_met
from twin.processes.rates import EGOV, HEALTH, MAAS
from twin.state import Column

if TYPE_CHECKING:
    from twin.model import CityTwin

HOLDING_DATA = (EGOV, MAAS, HEALTH)
_ADULT = 18  # years; whom the surveys asked
_NEW = -99.0  # base of a row no month has seen yet


class Trust(Process):
    """Trust grows with good use, falls with incidents, and slowly returns to everyone's own level."""

    name = "trust"
    facts: ClassVar[tuple[str, ...]] = (
        "trust.gain", "trust.loss", "trust.back", "trust.accepts", "trust.accepts_freely", *incidents.FACTS,
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("citizens.trust",)
    couplings: ClassVar[tuple[str, ...]] = ("trust.use", "trust.incidents")
    levers: ClassVar[dict[str, tuple[int, ...]]] = {
        "services.live[remote_care]": (3,), "services.live[data_safeguards]": (3,),
    }  # fmt: skip

    # fmt: off
    base = Column("f4", "standard deviations", "trust without experience, to which it returns; -99 not yet met", start=_NEW)
    # fmt: on

    def start(self, model: CityTwin) -> None:
        """Let everyone have lived with what they use, and set the cuts to the published shares."""
        self._meet(model)
        people = model.citizens
        adult = people.here & (model.month - people.born.astype(int) >= _ADULT * 12)
        shares = np.array([model.fact("trust.accepts"), model.fact("trust.accepts_freely")])
        self.cuts = np.quantile(people.trust[adult], 1 - shares)

    def step(self, model: CityTwin) -> None:
        """Meet the newcomers, then let everyone feel the month."""
        self._meet(model)
        gain, loss, back = (np.float32(model.fact(f"trust.{word}")) for word in ("gain", "loss", "back"))
        happened = np.float32(incidents.incidents(model, model.month)[-1])
        trust = model.citizens.trust
        trust += gain * self._good_use(model) - loss * happened - back * (trust - self.base)

    def levels(self, model: CityTwin) -> np.ndarray:
        """How far everyone accepts collection and use of data (u1): 0 no, 1 under conditions, 2 without."""
        trust = model.citizens.trust
        return (trust >= self.cuts[0]).astype(np.uint8) + (trust >= self.cuts[1])

    def mark(self, model: CityTwin) -> dict[str, np.ndarray]:
        """Who accepts at least under conditions, and who without."""
        levels = self.levels(model)
        return {"accepts": levels >= 1, "accepts_freely": levels >= 2}

    def answers(self, model: CityTwin) -> dict[str, np.ndarray]:
        """The level, which the question's three answers stand for."""
        return {"indicator_03": self.levels(model)}

    def memory(self) -> dict[str, Any]:
        """The two cuts."""
        return {"cuts": self.cuts}

    def remember(self, memory: dict[str, Any]) -> None:
        """Take back what :meth:`memory` gave."""
        self.cuts = memory["cuts"]

    def _meet(self, model: CityTwin) -> None:
        """New rows, which stand at the end, come with their own level and what long experience adds to it."""
        rows, trust = not_met(self.base, _NEW), model.citizens.trust
        if rows.start < rows.stop:
            self.base[rows] = trust[rows]
            gain, back = model.fact("trust.gain"), model.fact("trust.back")
            trust[rows] += np.float32(gain / back) * self._good_use(model, rows) + self._shaken(model)

    def _shaken(self, model: CityTwin) -> np.float32:
        """What past incidents in the country have left of trust, here as elsewhere."""
        past = incidents.incidents(model, model.month - 1, city=False)
        left = (1 - model.fact("trust.back")) ** np.arange(len(past))[::-1]
        return np.float32(-model.fact("trust.loss") * (past * left).sum())

    def _good_use(self, model: CityTwin, rows: slice = slice(None)) -> np.ndarray:
        """Benefit felt of services that hold data, added up (f4)."""
        people = model.citizens
        if "felt.benefit" not in people.columns or not model.on("trust.use"):
            return np.zeros(len(people.trust[rows]), np.float32)
        benefit = people.array("felt.benefit")[rows]
        return sum((benefit[:, k] for k in HOLDING_DATA[1:]), benefit[:, HOLDING_DATA[0]])
