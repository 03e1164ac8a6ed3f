"""Those who carry the spread of services: city hall, an area's review team, its architect.

They keep nothing of their own: what they know stands in the columns of the areas, so a checkpoint holds it.
They decide what is a matter of choosing: whom to ask into a project, and what to pay for first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from twin.agents.actor import Actor
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin

KINDS = ("businesses", "transport", "medical", "schools", "civic", "residents")  # who may join a team
OWN = ("city_hall", "area_team")  # roles that need nobody from outside
RESIDENTS = KINDS.index("residents")


class ReviewTeam(Actor):
    """An area's team of industry, academia, government and citizens; once independent, it manages the area.

    Parameters
    ----------
    model : the city
    row : row of the area
    """

    model: CityTwin

    def __init__(self, model: CityTwin, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def exists(self) -> bool:
        """Whether the area has begun anything."""
        return bool(self._of("stage").any())

    @property
    def members(self) -> tuple[str, ...]:
        """Kinds of stakeholders that take part in any project now."""
        now = np.bitwise_or.reduce(self._of("partners"))
        return tuple(kind for k, kind in enumerate(KINDS) if now >> k & 1)

    @property
    def busy(self) -> np.ndarray:
        """Projects each kind of stakeholder takes part in, (kinds,) i8."""
        bits = self._of("partners")
        return np.array([(bits >> k & 1).sum() for k in range(len(KINDS))])

    def match(
        self, roles: Sequence[str], present: np.ndarray, substitute: float, busy: float
    ) -> tuple[int, float]:
        """The stakeholders that fit a project best, as bits of KINDS, and how well they do, 0 to 1.

        The best assignment of kinds to roles: a kind that is asked for counts as often as it can be found,
        another in its place counts less, and one that carries other projects less again. Residents always
        have a part, as the vision asks.
        """
        asked = [KINDS.index(role) for role in roles if role not in OWN]
        asked = sorted({*asked, RESIDENTS})
        able = present / (1 + busy * self.busy)
        worth = np.where(np.arange(len(KINDS)) == np.array(asked)[:, None], 1.0, substitute) * able
        role, kind = linear_sum_assignment(worth, maximize=True)
        return int(np.bitwise_or.reduce(1 << kind)), float(worth[role, kind].mean())

    def _of(self, column: str) -> np.ndarray:
        return self.model.state[f"areas.spread.{column}"][self.row]


class Architect(Actor):
    """The post of an area's neutral lead; who holds it comes and goes."""

    model: CityTwin

    def __init__(self, model: CityTwin, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def here(self) -> bool:
        """Whether somebody holds the post."""
        return bool(self.model.state["areas.spread.architect"][self.row] == 1)


class CityHall(Actor):
    """City hall as it pays for the spread: what runs comes first, then what it planned, then the most willing."""

    model: CityTwin

    def room(self, cash: int, monthly: int, months_left: int, budget: int) -> int:
        """Yen free for what is new.

        Cash less what running things will ask for until March; and no more than what a year's budget leaves
        beside a year of them, so that nothing is begun at the year's end that the next cannot carry.
        """
        return max(min(cash - monthly * months_left, budget - monthly * MONTHS_A_YEAR), 0)

    def choose(self, costs: np.ndarray, room: int) -> np.ndarray:
        """Which requests, in the order given, are paid: each that what is left still covers (yes/no)."""
        taken, left = np.zeros(len(costs), bool), room
        for n, cost in enumerate(costs.tolist()):
            if cost <= left:
                taken[n], left = True, left - cost
        return taken

    def posts(self, first: np.ndarray, held: np.ndarray, weight: np.ndarray, most: int) -> np.ndarray:
        """Areas that may have an architect, (areas,) yes/no: those named, those that have the post, then the busiest.

        ``weight`` is the number of services at work.
        """
        order = np.lexsort((np.arange(len(weight)), -weight, ~held, ~first))
        chosen = np.zeros(len(weight), bool)
        chosen[order[:most]] = True
        return chosen & (first | (weight > 0))


def present(counts: Mapping[str, np.ndarray], enough: Mapping[str, float]) -> np.ndarray:
    """Chance of finding a stakeholder that fits, (areas, kinds), from how many there are in each area."""
    return np.column_stack([1 - np.exp(-counts[kind] / enough[kind]) for kind in KINDS])
