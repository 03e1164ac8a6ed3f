"""The city's monthly count: people and users of each technology by area and age group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# first age of each group; the finest groups in which surveys and registers of the facts report
GROUP_STARTS = (0, 6, 13, 15, 18, 20, 30, 40, 50, 60, 65, 70, 75, 80)
GROUPS = ("0-5", "6-12", "13-14", "15-17", "18-19", "20-29", "30-39", "40-49", "50-59", "60-64", "65-69", "70-74",
          "75-79", "80+")  # fmt: skip
# broader groups the report and the statistics speak of, as first and last fine group
BROAD = {
    "all": ("0-5", "80+"), "6+": ("6-12", "80+"), "18+": ("18-19", "80+"), "0-14": ("0-5", "13-14"),
    "15-64": ("15-17", "60-64"), "15-19": ("15-17", "18-19"), "65+": ("65-69", "80+"), "75+": ("75-79", "80+"),
}  # fmt: skip
TECHNOLOGIES = ("device", "net", "egov", "learning", "alerts", "maas", "health", "card")
QUANTITIES = ("people", *TECHNOLOGIES)
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
    """

    month: int
    counts: np.ndarray

    @property
    def people(self) -> np.ndarray:
        """Residents by area and age group, (areas, groups) i8."""
        return self.counts[:, :, 0]

    def users(self, quantity: str) -> np.ndarray:
        """Users of a technology by area and age group, (areas, groups) i8."""
        return self.counts[:, :, QUANTITIES.index(quantity)]
