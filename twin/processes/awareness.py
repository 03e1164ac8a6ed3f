"""Having heard the words 'smart city', and forgetting them.

    hears  = reach(age) x (media x (1 + publicity) + services known + services used + peers x share around)
    forgets at a steady rate

Runs after adoption; the share around is last month's count in the own area. See ``docs/awareness.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from twin.kernels.hazards import OLDEST, STOPPED, UNAWARE, USES
from twin.processes.process import Process, not_met
from twin.processes.rates import AGES, ALERTS, EGOV, MAAS
from twin.state import Column
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin

SMART = (EGOV, MAAS, ALERTS)  # services by which people meet the smart city
_NEW = 2  # of a row no month has seen yet


class Awareness(Process):
    """Awareness of the smart city, from media, services and people around."""

    name = "awareness"
    facts: ClassVar[tuple[str, ...]] = (
        "awareness.share", "awareness.reach", "awareness.media", "awareness.publicity", "awareness.known",
        "awareness.used", "awareness.peers", "awareness.forget", "services.live",
    )  # fmt: skip
    couplings: ClassVar[tuple[str, ...]] = ("awareness.publicity", "awareness.services", "awareness.peers")
    levers: ClassVar[dict[str, tuple[int, ...]]] = {
        "services.live[publicity]": (1,),
        "services.live[maas_app]": (1,),
    }

    # fmt: off
    aware = Column("u1", "yes/no", "has heard of the smart city; 2 not yet met", low=0, high=_NEW, start=_NEW)
    # fmt: on

    def start(self, model: CityTwin) -> None:
        """As many know the words, here and elsewhere, as the facts say."""
        self.outside, self.told = model.fact("awareness.share"), self._told(model)
        self._meet(model)

    def step(self, model: CityTwin) -> None:
        """Meet the newcomers, then let people hear and forget."""
        self._meet(model)
        people = model.citizens
        reach, around = model.curve("awareness.reach", AGES), self._around(model)
        media, per_known, per_used, forget = self._rates(model)
        hears_most = reach.max() * (media + len(SMART) * (per_known + per_used) + around.max())
        most = [hears_most, forget]  # 1 - exp(-h) is never above h
        rows, draw = model.chance.below("awareness: hear or forget", model.month, people.id, most, self.aware)
        here = people.here[rows]
        rows, draw = rows[here], draw[here]
        stage = people.array("adoption.stage")[rows]
        known = sum(((stage[:, k] > UNAWARE) & (stage[:, k] <= STOPPED)).astype(int) for k in SMART)
        used = sum((stage[:, k] == USES).astype(int) for k in SMART)
        hears = media + per_known * known + per_used * used + around[people.area[rows]]
        hazard = np.where(self.aware[rows] == 1, forget, reach[self._age(model, rows)] * hears)
        changed = rows[draw < -np.expm1(-hazard)]
        self.aware[changed] = 1 - self.aware[changed]
        self._live_outside(model, forget)

    def mark(self, model: CityTwin) -> dict[str, np.ndarray]:
        """Who has heard of the smart city."""
        return {"aware_city": self.aware == 1}

    def memory(self) -> dict[str, Any]:
        """The share aware elsewhere, and the media there."""
        return {"outside": np.array([self.outside, self.told])}

    def remember(self, memory: dict[str, Any]) -> None:
        """Take back what :meth:`memory` gave."""
        self.outside, self.told = (float(number) for number in memory["outside"])

    def _meet(self, model: CityTwin) -> None:
        """New rows, which stand at the end, know what people elsewhere know, as far as media reach their age."""
        rows = not_met(self.aware, _NEW)
        reach = model.curve("awareness.reach", self._age(model, rows))
        draw = model.chance.uniform("awareness: on arrival", 0, model.citizens.id[rows])
        self.aware[rows] = draw < self.outside * reach

    def _told(self, model: CityTwin) -> float:
        """Factor of publicity on hearing from media."""
        effect = model.fact("awareness.publicity") * model.on("awareness.publicity")
        return 1 + effect * model.entry("services.live", "publicity")

    def _rates(self, model: CityTwin) -> tuple[float, float, float, float]:
        """Monthly rates of hearing from media, from each service known, from each used, and of forgetting."""
        media, known, used, forget = (
            model.fact(f"awareness.{word}") / MONTHS_A_YEAR for word in ("media", "known", "used", "forget")
        )
        services = model.on("awareness.services")
        return media * self._told(model), known * services, used * services, forget

    def _around(self, model: CityTwin) -> np.ndarray:
        """Monthly rate of hearing from people of the own area, (areas,) f8."""
        peers = model.fact("awareness.peers") * model.on("awareness.peers") / MONTHS_A_YEAR
        return peers * model.census.share("aware_city", "18+")

    def _live_outside(self, model: CityTwin, forget: float) -> None:
        """A month elsewhere in the country: the same media and peers without this city's services."""
        peers = model.fact("awareness.peers") * model.on("awareness.peers") * self.outside
        hears = (model.fact("awareness.media") * self.told + peers) / MONTHS_A_YEAR
        self.outside += -np.expm1(-hears) * (1 - self.outside) + np.expm1(-forget) * self.outside

    def _age(self, model: CityTwin, rows: np.ndarray | slice) -> np.ndarray:
        born = model.citizens.born[rows].astype(int)
        return np.clip((model.month - born) // MONTHS_A_YEAR, 0, OLDEST)
