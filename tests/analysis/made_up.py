"""Small made-up runs for tests of the roadmap: six areas in three wards, thirteen months that end with a mark.

They go through the real ledger, its long table and the real indicators.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np

from twin.analysis import Log, Run
from twin.analysis.log import SHARES
from twin.indicators import measures
from twin.processes.spread.events import PREFIX
from twin.results.census import GROUPS, MARKS, QUANTITIES, TECHNOLOGIES, Census, groups_in
from twin.results.ledger import Ledger, Places
from twin.units import fiscal_year_end

AREAS = tuple(f"A{n}" for n in range(6))
WARD = (0, 0, 1, 1, 2, 2)  # the first area leads, so its ward is no other ward
PLACES = Places("city", ("W0", "W1", "W2"), AREAS, np.array(WARD))
PEOPLE = 100  # in each area and age group
MONTHS = 13


@dataclass
class Made:
    """What a run is to have written down.

    Attributes
    ----------
    events : (months before the mark, kind, area, service, value)
    shares : share of people with a technology or mark; of those of 75 and over, "<name> 75+"
    here : the same in one area, by (name, area row)
    noted : numbers of the city by (name, group), one for all months or one each
    flows : whole numbers by name, one for every area and month
    residents : people in each area, a factor
    """

    events: list[tuple[int, str, int, str, float]] = field(default_factory=list)
    shares: dict[str, float] = field(default_factory=dict)
    here: dict[tuple[str, int], float] = field(default_factory=dict)
    noted: dict[tuple[str, str], float | list[float]] = field(default_factory=dict)
    flows: dict[str, int] = field(default_factory=dict)
    residents: tuple[int, ...] = (1,) * len(AREAS)
    leading: tuple[int, ...] = (0,)
    spreads: bool = True

    def but(self, **changes) -> Made:
        """The same with other fields."""
        other = deepcopy(self)
        for name, value in changes.items():
            setattr(other, name, value)
        return other

    def happens(
        self, kind: str, *areas: int, service: str = "all", value: float = 0.0, before: int = 12
    ) -> Made:
        """One more event in each of some areas, so many months before the mark; returns itself."""
        self.events += [(before, kind, area, service, value) for area in areas]
        return self

    def run(
        self, year: int, seed: int = 1, draw: int = 0, plain: Made | None = None, months: int = MONTHS
    ) -> Run:
        """A run whose last month is the March that ends fiscal year ``year``."""
        return Run(draw, seed, self.log(year, months, plain.log(year, months) if plain else None))

    def log(self, year: int, months: int = MONTHS, plain: Log | None = None) -> Log:
        """Its log."""
        ledger, end = Ledger(len(AREAS)), fiscal_year_end(year)
        for back in range(months - 1, -1, -1):
            self._live(ledger, end - back, back, months)
        asked = [measure for measure in measures({*TECHNOLOGIES, *MARKS}) if measure[0] in SHARES]
        table = ledger.table({"scenario": "made", "draw": 0, "seed": 1}, PLACES, asked)
        return Log.of(table, PLACES, plain)

    def _live(self, ledger: Ledger, month: int, back: int, months: int) -> None:
        if self.spreads:
            ledger.tally("services_live", np.ones(len(AREAS), np.int64))
            if back % 12 == 11 or back == months - 1:
                for area in self.leading:
                    ledger.note(month, "leading", AREAS[area], "all", 1.0, "count")
        for name, number in self.flows.items():
            ledger.tally(name, np.full(len(AREAS), number))
        for (name, group), numbers in self.noted.items():
            value = numbers[months - 1 - back] if isinstance(numbers, list) else numbers
            ledger.note(month, name, PLACES.city, group, value, "count")
        for before, kind, area, service, value in self.events:
            if before == back:
                ledger.note(month, PREFIX + kind, AREAS[area], service, value, "event")
        ledger.close(Census(month, self._counts()), 0)

    def _counts(self) -> np.ndarray:
        counts = np.zeros((len(AREAS), len(GROUPS), len(QUANTITIES)), np.int64)
        counts[:, :, 0] = PEOPLE * np.array(self.residents)[:, None]
        for place, name in enumerate(QUANTITIES[1:], start=1):
            share = np.full((len(AREAS), len(GROUPS)), self.shares.get(name, 0.0))
            share[:, groups_in("75+")] = self.shares.get(f"{name} 75+", self.shares.get(name, 0.0))
            for (what, area), value in self.here.items():
                if what == name:
                    share[area] = value
            counts[:, :, place] = np.rint(counts[:, :, 0] * share)
        return counts
