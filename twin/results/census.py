"""The city's monthly count: people, users of each technology, and marked people by area and age group.

A mark is a yes or no about a person that an indicator asks for; the processes say who carries it
(:meth:`twin.processes.process.Process.mark`). What is no matter of persons - firms, procedures - comes
as flows by area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

# first age of each group; the finest groups in which surveys and registers of the facts report
GROUP_STARTS = (0, 6, 13, 15, 18, 20, 30, 40, 50, 60, 65, 70, 75, 80)
GROUPS = ("0-5", "6-12", "13-14", "15-17", "18-19", "20-29", "30-39", "40-49", "50-59", "60-64", "65-69", "70-74",
          "75-79", "80+")  # fmt: skip
# broader groups the report and the statistics speak of, as first and last fine group
BROAD = {
    "all": ("0-5", "80+"), "6+": ("6-12", "80+"), "18+": ("18-19", "80+"), "0-14": ("0-5", "13-14"),
    "0-74": ("0-5", "70-74"), "15-64": ("15-17", "60-64"), "15-19": ("15-17", "18-19"), "65+": ("65-69", "80+"), "75+": ("75-79", "80+"),
}  # fmt: skip
TECHNOLOGIES = ("device", "net", "egov", "learning", "alerts", "maas", "health", "card")
MARKS = (
    "aware_city",  # has heard of the smart city
    "accepts", "accepts_freely",  # data collection: at least under conditions; without
    "convenient",  # feels that technology makes life more convenient
    "employed", "work_changed",  # has work; feels that technology changed it
    "learner", "learning_better",  # learns at school, at work or with technology; feels it became better
    "informed",  # is satisfied with information on safety
    "green",  # acts for the environment
    "aware_egov",  # knows the city's online services
    "egov_card",  # uses the city's online services and holds a card
)  # fmt: skip
QUANTITIES = ("people", *TECHNOLOGIES, *MARKS)
GROUP_OF_AGE = (np.searchsorted(GROUP_STARTS, np.arange(121), side="right") - 1).astype(np.int64)


def groups_in(name: str) -> slice:
    """Which fine groups a fine or broad group is made of.

    >>> groups_in("75+")
    slice(12, 14, None)
    """
    first, last = BROAD.get(name, (name, name))
    return slice(GROUPS.index(first), GROUPS.index(last) + 1)


@dataclass(frozen=True)
class Census:
    """Counts at the end of a month.

    Attributes
    ----------
    month : month number
    counts : (areas, groups, quantities) i8
    flows : what was counted this month that is no matter of persons, (areas,) i8 by name
    """

    month: int
    counts: np.ndarray
    flows: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def people(self) -> np.ndarray:
        """Residents by area and age group, (areas, groups) i8."""
        return self.counts[:, :, 0]

    def users(self, quantity: str) -> np.ndarray:
        """Users of a technology, or people with a mark, by area and age group, (areas, groups) i8."""
        return self.counts[:, :, QUANTITIES.index(quantity)]

    def share(self, quantity: str, group: str) -> np.ndarray:
        """Share of a group that :meth:`users` counts, by area, (areas,) f8; 0 where nobody of it lives."""
        inside = groups_in(group)
        return self.users(quantity)[:, inside].sum(axis=1) / np.maximum(self.people[:, inside].sum(axis=1), 1)
