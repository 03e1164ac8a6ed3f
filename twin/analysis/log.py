"""What one run wrote down, as the roadmap's conditions ask for it: series by month and place, and the areas' flags.

A log is made of the long table alone, so that a run read from disk and one just lived are the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from twin.processes.spread.events import FLAGS, KINDS, PREFIX, replay
from twin.units import MONTHS_A_YEAR, month_number

if TYPE_CHECKING:
    import pandas as pd

    from twin.results.ledger import Places

SHARES = ("indicator_05", "indicator_06", "indicator_09", "indicator_10")
_PEOPLE = (
    *SHARES,
    "people",
    "egov_users",
    "procedures",
    "procedures_online",
)  # whether or not services spread
_SPREAD = (
    "services_live", "uses_elsewhere", "uses_all", "service_users", "service_target", "link_users", "link_cost_direct",
    "link_cost_hub", "os_available", "leading",
)  # fmt: skip
EVENTS = tuple(PREFIX + kind for kind in KINDS)
GROUPS = ("all", "75+")  # of people
ASKED = ("stage", "linked", "reached", "independent", "federated")  # flags
NAMES = (*_PEOPLE, *_SPREAD, *EVENTS)  # all that conditions read of a run


class NotLogged(LookupError):
    """A condition asks for what a run did not write down.

    Parameters
    ----------
    reason : a key under ``roadmap.missing``
    name : what is not there
    """

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(reason, name)
        self.reason, self.name = reason, name


@dataclass(frozen=True)
class Log:
    """One run.

    Attributes
    ----------
    months : (months,) month numbers without gaps
    places : the city, its wards and areas
    series : (months,) by name, place and group; nan where nothing was written
    events : the notes of events in order, as the ledger keeps them
    plain : the same seed's run without the areas' services; None when there is none
    """

    months: np.ndarray
    places: Places
    series: dict[tuple[str, str, str], np.ndarray]
    events: tuple[tuple[int, str, str, str, float, str], ...]
    plain: Log | None = None

    @classmethod
    def of(cls, table: pd.DataFrame, places: Places, plain: Log | None = None) -> Log:
        """The log of one run's long table; rows of other names are passed over."""
        import pandas as pd

        of_people = table.indicator.isin(_PEOPLE) & table.group.isin(GROUPS)
        table = table[of_people | table.indicator.isin((*_SPREAD, *EVENTS))]
        place, days = pd.factorize(table.date)
        month = np.array([month_number(day) for day in days], np.int64)[place]
        months = np.arange(month.min(), month.max() + 1)
        told = table.indicator.str.startswith(PREFIX).to_numpy()
        columns = (table[name][told] for name in ("indicator", "area", "group", "value", "kind"))
        events = tuple(zip(month[told].tolist(), *(column.tolist() for column in columns), strict=True))
        rest, at = table[~told], month[~told] - months[0]
        series: dict[tuple[str, str, str], np.ndarray] = {}
        for key, rows in rest.groupby(["indicator", "area", "group"], observed=True).indices.items():
            series[key] = np.full(len(months), np.nan)  # type: ignore[index]
            series[key][at[rows]] = rest.value.to_numpy()[rows]  # type: ignore[index]
        return cls(months, places, series, events, plain)

    # -- what conditions ask --------------------------------------------------------------------

    def of_city(self, name: str, group: str = "all") -> np.ndarray:
        """A series of the whole city, (months,)."""
        return self._series(name, self.places.city, group)

    def of_areas(self, name: str) -> np.ndarray:
        """A series of every area, (months, areas)."""
        return np.stack([self._series(name, area, "all") for area in self.places.areas], axis=1)

    def noted(self, name: str) -> dict[str, np.ndarray]:
        """What was noted of the city each month by group, (months,) each; nought where nothing was."""
        self.of_city("os_available")  # is noted every month by whoever notes the others
        return {
            group: np.nan_to_num(found)
            for (what, place, group), found in self.series.items()
            if what == name and place == self.places.city
        }

    @property
    def spreads(self) -> bool:
        """Whether areas have services of their own in this run."""
        return ("services_live", self.places.city, "all") in self.series

    def _series(self, name: str, place: str, group: str) -> np.ndarray:
        found = self.series.get((name, place, group))
        if found is None:
            raise NotLogged("not_logged", name) if self.spreads or name in _PEOPLE else NotLogged("no_spread")
        return found

    @cached_property
    def leads(self) -> np.ndarray:
        """Which areas lead each month, (months, areas) yes/no; noted each April for the fiscal year."""
        none = np.zeros(len(self.months))
        noted = [self.series.get(("leading", area, "all"), none) for area in self.places.areas]
        said = np.nan_to_num(np.stack(noted, axis=1)) > 0
        if not said.any():
            raise NotLogged("no_leading" if self.spreads else "no_spread")
        found = said.copy()
        for back in range(1, min(MONTHS_A_YEAR, len(said))):
            found[back:] |= said[:-back]
        return found

    @cached_property
    def flags(self) -> dict[str, np.ndarray]:
        """The flags of areas at the end of every month, (months, areas) or (months, areas, services).

        Replayed from the events, as the process itself does every April.
        """
        if not self.spreads:
            raise NotLogged("no_spread")
        codes = tuple(self.places.areas)
        now = replay((), codes)
        found = {name: np.zeros((len(self.months), *now[name].shape), FLAGS[name]) for name in ASKED}
        done = 0
        for month, notes in groupby(self.events, key=lambda note: note[0]):
            here = month - self.months[0]
            for name in ASKED:
                found[name][done:here] = now[name]
            now, done = replay(notes, codes, now), here
        for name in ASKED:
            found[name][done:] = now[name]
        return found


def over_year(monthly: np.ndarray, how: str) -> np.ndarray:
    """The mean, sum, min or max of the last twelve months, this one included; nan before there are twelve.

    >>> over_year(np.arange(13.0), "max")[-2:]
    array([11., 12.])
    """
    found = np.full(monthly.shape, np.nan)
    if len(monthly) >= MONTHS_A_YEAR:
        window = np.lib.stride_tricks.sliding_window_view(np.asarray(monthly, float), MONTHS_A_YEAR, axis=0)
        found[MONTHS_A_YEAR - 1 :] = getattr(window, how)(axis=-1)
    return found


def best(numbers: np.ndarray, place: float) -> np.ndarray:
    """The number at a place counted from the largest, 1 the largest, along the last axis; nan where there are fewer.

    >>> best(np.array([[0.3, np.nan, 0.5]]), 2), best(np.array([[0.3, np.nan, 0.5]]), 3)
    (array([0.3]), array([nan]))
    """
    place = round(place)
    if numbers.shape[-1] < place:
        return np.full(numbers.shape[:-1], np.nan)
    ranked = -np.sort(-np.asarray(numbers, float), axis=-1)  # nan sorts last
    return ranked[..., place - 1]
