"""How people get around, read from the notes of March that runs with the process ``mobility`` leave."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from twin.processes.mobility.record import AGES, BY_AREA, PLACES, TOTALS
from twin.report.reading import Missing, Moment, Reading, Spread, minus, spread
from twin.travel.choice import MODES

if TYPE_CHECKING:
    from twin.results import Results

COUNTED = "subscribers"  # what a run that works out trips counts
TOLD = {
    "car": ("drive", "passenger", "taxi"), "rail": ("rail",), "bus": ("bus",), "on_demand": ("on_demand",),
    "bike": ("bike",), "walk": ("walk",),
}  # fmt: skip
GROUPS = ("all", *AGES)
_NOTES = (
    *(f"trips_{mode}" for mode in MODES), *(f"minutes_{place}" for place in PLACES), "getting_around", "rides_wait",
    *TOTALS, *BY_AREA,
)  # fmt: skip


def scenarios_with_trips(results: Results) -> list[str]:
    """Scenarios whose runs work trips out."""
    return [name for name in results.scenarios if results.holds(COUNTED, name)]


class Trips:
    """Trips, minutes and money of some scenarios, one number per seed.

    Parameters
    ----------
    reading : results as the report asks for them
    scenarios : ids of those that work trips out; the first is the one others are compared with
    """

    def __init__(self, reading: Reading, scenarios: Sequence[str]) -> None:
        self.reading, self.scenarios = reading, list(scenarios)

    @property
    def first(self) -> str:
        """The scenario others are compared with."""
        return self.scenarios[0]

    @cached_property
    def _noted(self) -> dict[tuple, np.ndarray]:
        """One number per seed of every note at the moments of the report."""
        import pandas as pd

        days = {moment.day.date() for moment in self.reading.moments}
        parts = []
        for scenario in self.scenarios:
            for seed in self.reading.results.seeds:
                rows = self.reading.results.run(scenario, seed, _NOTES)
                parts.append(rows[rows.date.isin(days)])
        keys = ["indicator", "scenario", "area", "group", "date"]
        wide = pd.concat(parts).pivot_table(index=keys, columns="seed", values="value")
        return dict(zip(wide.index, wide.to_numpy(), strict=True))

    def seeds(
        self, name: str, scenario: str, moment: Moment, area: str = "", group: str = "all"
    ) -> np.ndarray | Missing:
        """One number per seed of a note, or why there is none."""
        key = (name, scenario, area or self.reading.city, group, moment.day.date())
        found = self._noted.get(key)
        if found is None or not np.isfinite(found).all():
            late = moment.day > self.reading.end
            return Missing("after_end" if late else "no_value")
        return found

    def share(
        self, told: str, scenario: str, moment: Moment, area: str = "", group: str = "all"
    ) -> Spread | Missing:
        """Share of the trips made by a mode, or a group of them, of :data:`TOLD`."""
        trips = self._of_modes(scenario, moment, area, group)
        if isinstance(trips, Missing):
            return trips
        whole = trips.sum(axis=0)
        if (whole <= 0).any():
            return Missing("no_value")
        return Spread.of(trips[[MODES.index(mode) for mode in TOLD[told]]].sum(axis=0) / whole)

    def at(
        self, name: str, scenario: str, moment: Moment, area: str = "", group: str = "all"
    ) -> Spread | Missing:
        """The spread over seeds of a note."""
        return spread(self.seeds(name, scenario, moment, area, group))

    def gain(self, scenario: str, moment: Moment, area: str = "", group: str = "all") -> Spread | Missing:
        """Yen a month that getting around is better for a person than in the first scenario, seed by seed."""
        return minus(*(self.seeds("getting_around", s, moment, area, group) for s in (scenario, self.first)))

    def total(self, name: str, scenario: str, moment: Moment) -> np.ndarray | Missing:
        """A number of :data:`TOTALS` of the city a day over all modes."""
        found = [self.seeds(name, scenario, moment, group=mode) for mode in MODES]
        known = [value for value in found if not isinstance(value, Missing)]
        return np.array(known).sum(axis=0) if len(known) == len(MODES) else Missing("no_value")

    def yen_a_trip(self, scenario: str, moment: Moment) -> Spread | Missing:
        """Yen paid for a trip in the mean."""
        paid = self.total("yen_paid", scenario, moment)
        trips = self._of_modes(scenario, moment, "", "all")
        if isinstance(paid, Missing) or isinstance(trips, Missing):
            return Missing("no_value")
        return Spread.of(paid / trips.sum(axis=0))

    def _of_modes(self, scenario: str, moment: Moment, area: str, group: str) -> np.ndarray | Missing:
        """Trips a day by mode, (modes, seeds), or why there are none."""
        found = [self.seeds(f"trips_{mode}", scenario, moment, area, group) for mode in MODES]
        known = [value for value in found if not isinstance(value, Missing)]
        return np.array(known) if len(known) == len(found) else Missing("no_value")

    def served(self, area: str) -> bool:
        """Whether an area has on-demand vehicles at the last moment, in any scenario and seed."""
        last = self.reading.last
        return any(not isinstance(self.seeds("fleet", s, last, area), Missing) for s in self.scenarios)
