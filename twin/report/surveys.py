"""What the surveys of a run showed: estimate, interval, sheets and effective answers of every wave.

Each run of a scenario carries out its own surveys; a wave is shown by the medians over seeds of its parts,
as one survey of that year may typically come out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from twin.report.reading import Missing, Moment, Reading
from twin.survey.wave import INSTRUMENTS

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("", ".low", ".high", ".sent", ".returned", ".effective")


@dataclass(frozen=True)
class Heard:
    """One wave's answer to one question.

    Attributes
    ----------
    value, low, high : the weighted share and its 95 % interval
    sent, returned : people or firms asked, and sheets that came back
    effective : answers of a simple random sample with the same error
    """

    day: pd.Timestamp
    value: float
    low: float
    high: float
    sent: float
    returned: float
    effective: float


class Surveys:
    """The surveys of a results folder, of the whole city.

    Parameters
    ----------
    reading : results as the report asks for them
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def _kept(self) -> dict[tuple[str, str], pd.Series]:
        """Median over seeds by day, for every name and scenario."""
        table = self.reading.results.table
        some = table[(table.kind == "survey") & (table.area == self.reading.city) & (table.group == "all")]
        groups = some.groupby(["indicator", "scenario"], observed=True)
        return {(str(name), str(one)): rows.groupby("date")["value"].median() for (name, one), rows in groups}

    def instruments(self, slug: str) -> list[str]:
        """By which instruments a question was asked, in the order of all there are."""
        return [one for one in INSTRUMENTS if f"{slug}.{one}" in self.reading.names]

    def waves(self, slug: str, instrument: str, scenario: str) -> list[Heard | Missing]:
        """Every wave in order; one with too few answers, in all or on one side, is missing."""
        name = f"{slug}.{instrument}"
        if (name, scenario) not in self._kept:
            return []
        columns = [self._kept[name + part, scenario] for part in PARTS]
        return [
            self._shown(Heard(day, *(float(column[day]) for column in columns)))
            for day in columns[0].index
            if day >= self.reading.start.day
        ]

    def at(self, slug: str, instrument: str, scenario: str, moment: Moment) -> Heard | Missing:
        """The wave of a moment's last month, or why there is none."""
        kept = self._kept.get((f"{slug}.{instrument}", scenario))
        if kept is None or moment.day not in kept.index:
            return Missing("after_end" if moment.day > self.reading.end else "no_survey")
        parts = (self._kept[f"{slug}.{instrument}{part}", scenario][moment.day] for part in PARTS)
        return self._shown(Heard(moment.day, *(float(part) for part in parts)))

    def _shown(self, heard: Heard) -> Heard | Missing:
        """A sheet stands for one answer, whatever part of the city is simulated: the rule sees no fraction."""
        yes = heard.value * heard.effective
        share = self.reading.rule.shown([yes], [heard.effective]).share
        return Missing("few") if np.isnan(share[0]) else heard
