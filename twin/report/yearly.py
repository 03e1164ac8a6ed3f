"""The spread of services at the end of each fiscal year: steps, extent, teams and money of every run of a scenario."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from twin.analysis import Log, Run
from twin.analysis.log import NotLogged
from twin.processes.spread.money import IN, LINES
from twin.report.reading import Missing, Reading, Spread, spread
from twin.run.story import Note
from twin.units import fiscal_year, fiscal_year_end, month_number, month_start

if TYPE_CHECKING:
    import pandas as pd

COUNTED = "services_live"  # what a run that lived with the spread of services counts
TEAM = ("alpha", "maturity", "own")
PIECE = "largest_piece"
HALF = 0.5


class Yearly:
    """What the runs of a scenario come to, by fiscal year.

    Parameters
    ----------
    reading : results as the report asks for them
    scenario : id of one that lived with the spread of services
    runs : its runs, in the order of the seeds

    Attributes
    ----------
    seeds : of the runs
    years : fiscal years lived to their end, from the scenarios' first on
    """

    def __init__(self, reading: Reading, scenario: str, runs: list[Run]) -> None:
        self.reading, self.scenario, self.runs = reading, scenario, runs
        self.seeds = [run.seed for run in runs]
        self.logs: list[Log] = [run.log for run in runs]
        first = fiscal_year(reading.made["scenarios"][0]["first_month"])
        last = month_number(reading.end)
        self.years = [y for y in range(first, fiscal_year(last) + 1) if fiscal_year_end(y) <= last]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the areas."""
        return tuple(self.logs[0].places.areas)

    @property
    def leading(self) -> list[int]:
        """Rows of the areas that lead in any year."""
        try:
            return np.flatnonzero(self.logs[0].leads.any(axis=0)).tolist()
        except NotLogged:
            return []

    @property
    def notes(self) -> tuple[Note, ...]:
        """The events of the nearest run in order."""
        return self.logs[self.place].events

    @cached_property
    def steps(self) -> np.ndarray:
        """STEP0 to STEP3 of every area, (runs, years, areas)."""
        months = np.array([fiscal_year_end(year) for year in self.years])
        return np.array([log.flags["reached"][months - log.months[0]] for log in self.logs])

    @cached_property
    def place(self) -> int:
        """Place of the nearest run: the one whose number of live services runs nearest to the median over runs."""
        months = np.array([fiscal_year_end(year) for year in self.years])
        live = np.array([log.of_city(COUNTED)[months - log.months[0]] for log in self.logs])
        return int(np.abs(live - np.median(live, axis=0)).sum(axis=1).argmin())

    @property
    def nearest(self) -> int:
        """The nearest run's seed."""
        return self.seeds[self.place]

    # -- notes of March ---------------------------------------------------------------------------

    @cached_property
    def _noted(self) -> list[pd.DataFrame]:
        """Accounts, teams and pieces of every run: date, indicator, area, group, value."""
        names = [*(f"yen_{line}" for line in LINES), *(f"team_{name}" for name in TEAM), PIECE]
        return [self.reading.results.run(self.scenario, seed, names) for seed in self.seeds]

    @cached_property
    def extents(self) -> list[list[str]]:
        """Point, line or plane, by run and year."""
        found = [rows[rows.indicator == PIECE].set_index("date")["group"] for rows in self._noted]
        return [[str(piece[_march(year)]) for year in self.years] for piece in found]

    @cached_property
    def money(self) -> np.ndarray:
        """Whole yen of each line of the accounts, (runs, years, lines)."""
        days, lines = [_march(year) for year in self.years], [f"yen_{line}" for line in LINES]
        kept = [rows[rows.kind == "money"] for rows in self._noted]  # fees are counted by month and ward, too
        wide = [rows.pivot_table(index="date", columns="indicator", values="value") for rows in kept]
        return np.array([np.rint(one.loc[days, lines].to_numpy()) for one in wide]).astype(np.int64)

    def team(self, name: str, area: str, day: pd.Timestamp) -> Spread | Missing:
        """How the team of an area stood in a March over the runs: one of TEAM."""
        found = []
        for rows in self._noted:
            some = rows[(rows.indicator == f"team_{name}") & (rows.area == area)].set_index("date")["value"]
            if day.date() not in some.index:  # a team with nothing on its hands is not written down
                return Missing("after_end" if day > self.reading.end else "no_team")
            found.append(some[day.date()])
        return spread(np.array(found))


def reached_by_half(steps: np.ndarray) -> np.ndarray:
    """The highest step that at least half of the runs reach, from (runs, areas).

    >>> reached_by_half(np.array([[0, 1], [2, 1], [1, 3], [3, 0]]))
    array([2, 1])
    """
    at = int(np.ceil(HALF * len(steps))) - 1
    return -np.sort(-steps.astype(np.int64), axis=0)[at]


def balance(lines: np.ndarray) -> np.ndarray:
    """What the lines of accounts leave unexplained, in yen: nought when every yen is kept; (..., lines)."""
    sign = np.array([1 if line in ("opening", *IN) else -1 for line in LINES])
    return (lines * sign).sum(axis=-1)


def _march(year: int):
    return month_start(fiscal_year_end(year))
