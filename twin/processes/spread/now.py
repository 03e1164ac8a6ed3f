"""Everything a month of the spread reads, gathered once: numbers, surroundings, conditions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from twin.processes.spread.city_os import joint_users
from twin.processes.spread.elsewhere import coming
from twin.processes.spread.events import HERE
from twin.processes.spread.hazard import Terms
from twin.processes.spread.services import SPREADING
from twin.processes.spread.stages import ENDED, LIVE, TRIAL
from twin.processes.spread.surroundings import Around, Ground, around

if TYPE_CHECKING:
    from twin.model import CityTwin
    from twin.processes.spread.numbers import Numbers
    from twin.processes.spread.process import Spread


@dataclass(frozen=True)
class Now:
    """One month as it stood when it began.

    Attributes
    ----------
    spread, model : the process and the city
    numbers : facts of the period
    ground : the city as it was seen in April
    """

    spread: Spread
    model: CityTwin
    numbers: Numbers
    ground: Ground

    @cached_property
    def around(self) -> Around:
        """Residents, use and feelings; as at the census when citizens do not bear on services."""
        seen = around(self.model)
        if self.model.on("spread.citizens"):
            return seen
        return Around(seen.people, self.spread.before.astype(float), np.full(len(seen.felt), 0.5))

    @cached_property
    def meet(self) -> np.ndarray:
        """Share of a technology's users who meet the area's own service, (areas, services)."""
        everybody = SPREADING.technology < 0
        share = np.where(everybody, 1.0, self.model.fact("services.met") * self.spread.worth)
        return share * self.spread.there

    @cached_property
    def users(self) -> np.ndarray:
        """Residents who use their area's own services, (areas, services); everybody where no technology carries it."""
        return self.around.people[:, None] * self.around.use * self.meet

    @cached_property
    def guests(self) -> np.ndarray:
        """Users from other areas, (areas, services), each counted as often as they use it for a resident's once."""
        it = self.spread
        if not self.model.on("spread.elsewhere") or it.federated.sum() < 2:
            return np.zeros(it.stage.shape)
        found = coming(it.federated, self.ground.elsewhere) * self.meet * self.numbers["elsewhere"]
        return np.where(it.linked & (it.stage == LIVE), found, 0.0)

    @cached_property
    def linking(self) -> np.ndarray:
        """Rows of the areas in which something is linked."""
        return np.flatnonzero(self.spread.linked.any(axis=1))

    @cached_property
    def joint(self) -> np.ndarray:
        """Share of residents using both of two services of an area, (areas linking, services, services)."""
        rows = self.linking
        return joint_users(
            self.around.use[rows], self.ground.both[rows], SPREADING.technology, self.meet[rows]
        )

    @cached_property
    def success(self) -> np.ndarray:
        """What others see of each service, (areas, services): its record once it is live or has ended."""
        seen = (self.spread.stage == LIVE) | (self.spread.stage == ENDED)
        return np.where(seen, self.spread.record, 0.0).astype(float)

    @cached_property
    def looked_at(self) -> np.ndarray:
        """Success of the areas each area looks to, weighted, (areas, services)."""
        return self.ground.weight @ self.success

    @cached_property
    def load(self) -> np.ndarray:
        """Services on each team's hands, (areas,): a trial counts one, a live service a quarter."""
        stage = self.spread.stage
        return (stage == TRIAL).sum(axis=1) + 0.25 * (stage == LIVE).sum(axis=1)

    @cached_property
    def terms(self) -> Terms:
        """Conditions of beginning, in any shape that fits (areas, services)."""
        it, n, on = self.spread, self.numbers, self.model.on
        people = self.around.people
        has_it = people @ (it.stage == LIVE) / max(people.sum(), 1)
        return {
            "need": self.ground.need,
            "budget": np.log2(max(n["budget"] * n["budget_factor"], 1.0) / n["usual_budget"]),
            "maturity": it.maturity[:, None],
            "adoption": np.where(SPREADING.technology < 0, 0.0, self.around.use - it.before),
            "reference": self.looked_at * on("spread.reference"),
            "bandwagon": has_it * n["signal"] * on("spread.bandwagon"),
            "city_os": SPREADING.needs_os & it.os.works,
            "load": self.load[:, None],
            "architect": (it.architect == HERE)[:, None],
        }  # fmt: skip
