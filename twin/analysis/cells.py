"""The nine cells of the roadmap as conditions on what a run wrote down.

P: use of technology to solve problems, A: trials and roll-out by area, D: data linkage; at the ends of years 5, 10
and 20. The 20-year picture has no rows in the document; which statement stands in which row is our reading. A
cell holds in a month when each of its conditions, which look back twelve months, does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.analysis import measures
from twin.analysis.log import SHARES
from twin.analysis.measures import Measure

DEFINITION, PROXY = "definition", "proxy"  # marks of a cell


@dataclass(frozen=True)
class Condition:
    """One part of a cell: a number of a run, month by month, against a threshold.

    Attributes
    ----------
    name : its threshold is the fact ``roadmap.<name>``, its words the message ``roadmap.condition.<name>``
    measure : (log, limits) -> the number at the end of each month, (months,); nan where there is none yet
    asks : other thresholds the number itself hangs on
    most : whether the number may be at most the threshold, not at least
    told : whether it is only told, and the cell holds without it
    """

    name: str
    measure: Measure
    asks: tuple[str, ...] = ()
    most: bool = False
    told: bool = False

    def holds(self, numbers: np.ndarray, limit: float) -> np.ndarray:
        """Where numbers are on the right side of the threshold; nowhere where there is none."""
        return numbers <= limit if self.most else numbers >= limit


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes
    ----------
    id : P5 ... D20
    row : row of the vision's roadmap: use, trial, data
    years : 5, 10 or 20
    text : id of its cell or statement in the vision
    marks : DEFINITION where words decide more than mechanisms, PROXY where the closest thing logged stands in
    """

    id: str
    row: str
    years: int
    text: str
    conditions: tuple[Condition, ...]
    marks: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[Condition, ...]:
        """Conditions the cell does not hold without."""
        return tuple(condition for condition in self.conditions if not condition.told)


CELLS = (
    Cell("P5", "use", 5, "use.year5", (Condition("p5.services", measures.crossing), Condition("p5.users", measures.users, ("p5.services",)))),
    Cell("A5", "trial", 5, "trial.year5", (
        Condition("a5.step", measures.leading), Condition("a5.areas", measures.areas, ("a5.months",)), Condition("a5.wards", measures.wards, ("a5.months",)),
    )),
    Cell("D5", "data", 5, "data.year5", (
        Condition("d5.links", measures.linked_pairs), Condition("d5.uses", measures.link_users, ("d5.links",)), Condition("d5.months", measures.os_months),
        Condition("d5.availability", measures.os_available), Condition("d5.saving", measures.saving, told=True),
    )),
    Cell("P10", "use", 10, "use.year10", (Condition("p10.areas", measures.bodies), Condition("p10.better", measures.better, ("p10.areas",)))),
    Cell("A10", "trial", 10, "trial.year10", (Condition("a10.people", measures.rolled_out), Condition("a10.ward", measures.lowest_ward))),
    Cell("D10", "data", 10, "data.year10", (
        Condition("d10.areas", measures.federated), Condition("d10.people", measures.federated_people), Condition("d10.elsewhere", measures.elsewhere),
    )),
    Cell("P20", "use", 20, "year20.society", (
        *(Condition(f"p20.{name}", measures.share(slug)) for name, slug in zip(("convenient", "work", "learning", "safety"), SHARES, strict=True)),
        Condition("p20.aged", measures.aged),
    ), (DEFINITION,)),
    Cell("A20", "trial", 20, "year20.ai", (
        Condition("a20.people", measures.online("all")), Condition("a20.aged", measures.online("75+")), Condition("a20.continuity", measures.continuity),
        Condition("a20.counter", measures.counter),
    ), (PROXY,)),
    Cell("D20", "data", 20, "year20.twin", (
        Condition("d20.skill", measures.archive), Condition("d20.least", measures.archive), Condition("d20.most", measures.archive, most=True),
    )),
)  # fmt: skip
