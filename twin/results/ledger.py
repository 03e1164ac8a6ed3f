"""Ledger: what a run writes down month by month, and its long table.

The long table is the contract with everything downstream: one row per scenario, draw, seed, date,
indicator, kind, area and group. Flows and counts have kind ``count``; indicators carry theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from twin.results.census import BROAD, GROUPS, QUANTITIES, Census, groups_in
from twin.units import month_start

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("scenario", "draw", "seed", "date", "indicator", "kind", "area", "group", "value")
FIVE_YEARS = tuple(f"{a}-{a + 4}" for a in range(0, 100, 5)) + ("100+",)
COUNT_NAMES = {"people": "people", "device": "device_owners", "net": "net_users", "card": "card_holders"}


class Ledger:
    """Counts and flows of one run, one entry per month lived."""

    def __init__(self, areas: int) -> None:
        self.areas = areas
        self.months: list[int] = []
        self.counts: list[np.ndarray] = []
        self.households: list[int] = []
        self.flows: dict[str, list[np.ndarray]] = {}
        self.pyramids: dict[int, np.ndarray] = {}
        self._now: dict[str, np.ndarray] = {}

    def add(self, name: str, areas: np.ndarray) -> None:
        """Count one event of this month per entry of ``areas`` (area rows)."""
        found = np.bincount(areas, minlength=self.areas).astype(np.int64)
        self._now[name] = self._now[name] + found if name in self._now else found

    def close(self, census: Census, households: int) -> None:
        """End the month: keep its census and its flows."""
        for name in self._now:
            self.flows.setdefault(name, [np.zeros(self.areas, np.int64)] * len(self.months))
        for name, past in self.flows.items():
            past.append(self._now.get(name, np.zeros(self.areas, np.int64)))
        self.months.append(census.month)
        self.counts.append(census.counts)
        self.households.append(households)
        self._now = {}

    def pyramid(self, month: int, wards_sex_age: np.ndarray) -> None:
        """Keep people by ward, sex and five-year age group, (wards, 2, 21), once a year."""
        self.pyramids[month] = wards_sex_age

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays, for checkpoints."""
        out = {
            "months": np.array(self.months, np.int64), "counts": np.array(self.counts, np.int64),
            "households": np.array(self.households, np.int64),
            "pyramid_months": np.array(list(self.pyramids), np.int64),
            "pyramids": np.array(list(self.pyramids.values()), np.int64),
        }  # fmt: skip
        return out | {f"flow.{name}": np.array(past) for name, past in self.flows.items()}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take back what :meth:`arrays` gave."""
        self.months = [int(m) for m in arrays["months"]]
        self.counts = list(arrays["counts"])
        self.households = [int(h) for h in arrays["households"]]
        self.pyramids = dict(zip((int(m) for m in arrays["pyramid_months"]), arrays["pyramids"], strict=True))
        self.flows = {k.removeprefix("flow."): list(v) for k, v in arrays.items() if k.startswith("flow.")}

    def table(self, names: dict[str, object], areas: Places, indicators: Iterable[tuple]) -> pd.DataFrame:
        """The long table of the run; ``names`` fills scenario, draw and seed.

        ``indicators`` are (slug, kind, function), the function mapping a Census to two (areas,
        groups) arrays, those counted and those asked.
        """
        import pandas as pd

        rows = _Rows()
        for month, counts, households in zip(self.months, self.counts, self.households, strict=True):
            census = Census(month, counts)
            rows.put(month, "households", "count", areas.city, "all", households)
            for slug, kind, counted, asked in _measures(census, indicators):
                _put_places(rows, month, slug, kind, counted, asked, areas)
        for name, past in self.flows.items():
            for month, flow in zip(self.months, past, strict=True):
                for place, members in areas.wards_and_city():
                    rows.put(month, name, "count", place, "all", flow[members].sum())
        for month, pyramid in self.pyramids.items():
            _put_pyramid(rows, month, pyramid, areas)
        table = pd.DataFrame(rows.columns())
        for position, (column, value) in enumerate(names.items()):
            table.insert(position, column, value)
        return table[list(COLUMNS)]


class Places:
    """Codes of the city, its wards and areas, and which areas each is made of."""

    def __init__(self, city: str, wards: tuple[str, ...], areas: tuple[str, ...], ward: np.ndarray) -> None:
        self.city, self.wards, self.areas, self.ward = city, wards, areas, ward

    def wards_and_city(self) -> list[tuple[str, np.ndarray]]:
        """Code and member areas of the city and each ward."""
        everyone = np.ones(len(self.areas), bool)
        return [(self.city, everyone), *((code, self.ward == row) for row, code in enumerate(self.wards))]


class _Rows:
    """Rows under construction, column by column."""

    def __init__(self) -> None:
        self._rows: list[tuple] = []

    def put(self, month: int, indicator: str, kind: str, area: str, group: str, value: float) -> None:
        self._rows.append((month_start(month), indicator, kind, area, group, float(value)))

    def columns(self) -> dict[str, list]:
        names = ("date", "indicator", "kind", "area", "group", "value")
        return dict(zip(names, map(list, zip(*self._rows, strict=True)), strict=True)) if self._rows else {n: [] for n in names}


def _measures(census: Census, indicators: Iterable[tuple]) -> Iterable[tuple]:
    for quantity in QUANTITIES:
        yield COUNT_NAMES[quantity], "count", census.users(quantity), None
    for slug, kind, function in indicators:
        yield slug, kind, *function(census)


def _value(counted: np.ndarray, asked: np.ndarray | None) -> float:
    if asked is None:
        return float(counted.sum())
    base = asked.sum()
    return float(counted.sum() / base) if base else float("nan")


def _put_places(rows, month, slug, kind, counted, asked, areas: Places) -> None:
    """City and wards by every age group, areas as a whole."""
    for place, members in areas.wards_and_city():
        for group in (*BROAD, *GROUPS):
            part = (members, groups_in(group))
            value = _value(counted[part[0], part[1]], None if asked is None else asked[part[0], part[1]])
            if value == value:  # groups outside an indicator's base have no value
                rows.put(month, slug, kind, place, group, value)
    for row, code in enumerate(areas.areas):
        value = _value(counted[row], None if asked is None else asked[row])
        if value == value:
            rows.put(month, slug, kind, code, "all", value)


def _put_pyramid(rows: _Rows, month: int, pyramid: np.ndarray, areas: Places) -> None:
    for place, people in [(areas.city, pyramid.sum(axis=0)), *zip(areas.wards, pyramid, strict=True)]:
        for sex, name in enumerate(("male", "female")):
            for group, value in zip(FIVE_YEARS, people[sex], strict=True):
                rows.put(month, "people_by_age", "count", place, f"{name} {group}", value)
