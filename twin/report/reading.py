"""Reading results at the points in time a report speaks of: the start, the vision's marks, the run's end.

A value is a :class:`Spread` over seeds or a :class:`Missing` with its reason; nothing that is not there
is ever shown as zero. Cells with too few people are missing too (:mod:`twin.indicators.small_cells`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from twin.facts import Facts
from twin.indicators.small_cells import Rule
from twin.results.census import GROUPS
from twin.results.results import HIGH, LOW, MID
from twin.units import MONTHS_A_YEAR, month_number, month_start

if TYPE_CHECKING:
    import pandas as pd

    from twin.results import Results
    from twin.vision import Vision

YEAR_OF_MONTHS = 12


@dataclass(frozen=True)
class Spread:
    """The 10, 50 and 90 per cent points over seeds."""

    low: float
    mid: float
    high: float

    @classmethod
    def of(cls, seeds: np.ndarray) -> Spread:
        """The spread of one number per seed."""
        return cls(*(float(point) for point in np.quantile(seeds, [LOW, MID, HIGH])))

    def times(self, factor: float) -> Spread:
        """The same in another unit; ``factor`` is positive."""
        return Spread(self.low * factor, self.mid * factor, self.high * factor)

    def beyond(self, least: float) -> bool:
        """Whether the whole range lies on one side of zero, and no end of it within ``least`` of zero."""
        return self.low > least or self.high < -least


@dataclass(frozen=True)
class Missing:
    """A value that cannot be shown; ``reason`` is a key under ``report.missing``."""

    reason: str


@dataclass(frozen=True)
class Moment:
    """A point in time of the report: ``years`` after the start, the end of the month of ``day``."""

    years: int
    day: pd.Timestamp


class Reading:
    """Results as a report asks for them.

    Parameters
    ----------
    results : a sealed folder, opened
    vision : gives the marks

    Attributes
    ----------
    first : id of the scenario others are compared with
    others : ids of the others, in order
    moments : the start, the marks, and the end of the run where it is no mark, in order
    rule : what may be shown of few people, as the program in use has it
    """

    def __init__(self, results: Results, vision: Vision) -> None:
        import pandas as pd

        self.results, self.made = results, results.made
        self.first, *self.others = results.scenarios
        self.fraction = float(self.made["fraction"])
        dates = results.table["date"]
        self.begin, self.end = dates[results.table.indicator == "people"].agg(["min", "max"])
        first = self.made["scenarios"][0]["first_month"]
        self.start = Moment(0, max(pd.Timestamp(month_start(first - 1)), self.begin))
        lived = round((month_number(self.end) + 1 - first) / MONTHS_A_YEAR)
        found = {m.last_month: m.years for m in vision.milestones}
        found.setdefault(self.end.date(), lived)
        found.pop(self.start.day.date(), None)
        later = [Moment(years, pd.Timestamp(day)) for day, years in sorted(found.items())]
        self.moments = [self.start, *later]
        self.rule = Rule.of(Facts.read(), self.start.day.date())

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of everything the results count."""
        return frozenset(self.results.table.indicator.cat.categories)

    @cached_property
    def shares(self) -> frozenset[str]:
        """Names of the shares among them."""
        table = self.results.table
        return frozenset(table.indicator[table.kind != "count"].unique())

    @cached_property
    def city(self) -> str:
        """Code of the whole city: the place whose households are counted."""
        table = self.results.table
        return str(table.area[table.indicator == "households"].iloc[0])

    @cached_property
    def wards(self) -> list[str]:
        """Codes of the wards: the places whose age groups are counted, but for the city."""
        table = self.results.table
        found = table.area[table.group == GROUPS[0]].unique()
        return sorted(str(code) for code in found if code != self.city)

    @property
    def last(self) -> Moment:
        """The latest moment the run reaches."""
        return [m for m in self.moments if self.begin <= m.day <= self.end][-1]

    @cached_property
    def _kept(self) -> dict[tuple, np.ndarray]:
        """One number per seed of every place, group and moment; yearly pyramids included."""
        table = self.results.table
        days = [m.day for m in self.moments] + [self.pyramid_day(m) for m in self.moments]
        some = table[table["date"].isin(days)]
        keys = ["indicator", "scenario", "area", "group"]
        some = some.astype(dict.fromkeys(keys, "str"))
        wide = some.pivot_table(index=[*keys, "date"], columns="seed", values="value")
        return dict(zip(wide.index, wide.to_numpy(), strict=True))

    @staticmethod
    def pyramid_day(moment: Moment) -> pd.Timestamp:
        """The first of April that follows the moment's last month: when people are counted by age."""
        import pandas as pd

        return moment.day + pd.DateOffset(months=1)

    # -- one number per seed ----------------------------------------------------------------------

    def seeds(
        self, name: str, scenario: str, moment: Moment, area: str = "", group: str = "all"
    ) -> np.ndarray | Missing:
        """One number per seed of an indicator, or why there is none."""
        area = area or self.city
        found = self._kept.get((name, scenario, area, group, moment.day))
        if found is None or not np.isfinite(found).all():
            return Missing(self._why(name, scenario, moment))
        people = self._kept.get(("people", scenario, area, group, moment.day))
        return Missing("few") if people is None or self._tells_of_few(name, found, people) else found

    def _tells_of_few(self, name: str, found: np.ndarray, people: np.ndarray) -> bool:
        """Whether a cell may not be shown in some seed: its people, or those a share counts, are few."""
        if name not in self.shares:
            return bool(self.rule.few(people, self.fraction).any())
        return bool(np.isnan(self.rule.shown(found * people, people, self.fraction).share).any())

    def _why(self, name: str, scenario: str, moment: Moment) -> str:
        if not self.results.holds(name, scenario):
            return "not_counted"
        if moment.day > self.end:
            return "after_end"
        return "before_begin" if moment.day < self.begin else "no_value"

    def cells(
        self, name: str, scenario: str, moment: Moment
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray] | Missing:
        """Shares and people of the wards by age group, each (cells, seeds), and each cell's ward, a number.

        For measures over all of them: a cell need not be fit to be shown, but its people must not be few.
        """
        found = []
        for number, ward in enumerate(self.wards):
            for group in GROUPS:
                keys = ((what, scenario, ward, group, moment.day) for what in (name, "people"))
                share, people = (self._kept.get(key) for key in keys)
                if share is None or people is None or not np.isfinite(share).all():
                    continue
                if not self.rule.few(people, self.fraction).any():
                    found.append((share, people, number))
        if not found:
            return Missing(self._why(name, scenario, moment))
        shares, people, wards = zip(*found, strict=True)
        return np.array(shares), np.array(people), np.array(wards)

    def gap(self, name: str, scenario: str, moment: Moment) -> np.ndarray | Missing:
        """Share of those under 75 less the share of those of 75 and over, one per seed."""
        young, aged = (self.seeds(name, scenario, moment, group=group) for group in ("0-74", "75+"))
        if isinstance(young, Missing) or isinstance(aged, Missing):
            return young if isinstance(young, Missing) else aged
        return young - aged

    # -- spreads ----------------------------------------------------------------------------------

    def at(
        self, name: str, scenario: str, moment: Moment, area: str = "", group: str = "all"
    ) -> Spread | Missing:
        """The spread over seeds."""
        return spread(self.seeds(name, scenario, moment, area, group))

    def difference(
        self, name: str, scenario: str, moment: Moment, area: str = "", group: str = "all"
    ) -> Spread | Missing:
        """Scenario less the first one, seed by seed, then the spread."""
        return minus(*(self.seeds(name, s, moment, area, group) for s in (scenario, self.first)))

    def fiscal_year(self, name: str, scenario: str, moment: Moment) -> np.ndarray | Missing:
        """A flow of the city added up over the twelve months that end with the moment, one per seed."""
        import pandas as pd

        if not self.results.holds(name, scenario):
            return Missing("not_counted")
        months = self.results.values(name, scenario, self.city)
        year = months[
            (months.index <= moment.day) & (months.index > moment.day - pd.DateOffset(months=MONTHS_A_YEAR))
        ]
        if len(year) < MONTHS_A_YEAR:
            return Missing("after_end" if moment.day > self.end else "no_year")
        return year.sum(axis=0).to_numpy()

    def pyramid(
        self, scenario: str, moment: Moment, sex: str, groups: Iterable[str]
    ) -> list[np.ndarray] | Missing:
        """People of a sex by five-year age group on the first of April, one number per seed each."""
        day = self.pyramid_day(moment)
        found = [
            self._kept.get(("people_by_age", scenario, self.city, f"{sex} {group}", day)) for group in groups
        ]
        if any(part is None for part in found):
            return Missing("after_end" if moment.day > self.end else "no_pyramid")
        return found  # type: ignore[return-value]


def spread(seeds: np.ndarray | Missing) -> Spread | Missing:
    """The spread of one number per seed, or the reason there is none."""
    return seeds if isinstance(seeds, Missing) else Spread.of(seeds)


def minus(one: np.ndarray | Missing, other: np.ndarray | Missing) -> Spread | Missing:
    """The spread of one less the other, seed by seed."""
    if isinstance(one, Missing) or isinstance(other, Missing):
        return one if isinstance(one, Missing) else other  # type: ignore[return-value]
    return Spread.of(one - other)
