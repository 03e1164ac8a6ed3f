"""Ledger: what a run writes down month by month, and its long table.

The long table is the contract with everything downstream: one row per scenario, draw, seed, date,
indicator, kind, area and group. Flows and counts have kind ``count``; indicators carry theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from twin.results.census import BROAD, GROUPS, TECHNOLOGIES, Census, groups_in
from twin.units import month_start

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("scenario", "draw", "seed", "date", "indicator", "kind", "area", "group", "value")
FIVE_YEARS = (*(f"{a}-{a + 4}" for a in range(0, 100, 5)), "100+")
_NOTE = {
    "date": "i8",
    "indicator": "U",
    "area": "U",
    "group": "U",
    "value": "f8",
    "kind": "U",
}  # a note's parts
Measure = tuple[str, str, Callable[[Census], tuple[np.ndarray, np.ndarray]]]
COUNT_NAMES = {name: f"{name}_users" for name in TECHNOLOGIES} | {
    "people": "people", "device": "device_owners", "card": "card_holders",
}  # fmt: skip


class Ledger:
    """Counts and flows of one run, one entry per month lived."""

    def __init__(self, areas: int) -> None:
        self.areas = areas
        self.months: list[int] = []
        self.counts: list[np.ndarray] = []
        self.households: list[int] = []
        self.flows: dict[str, list[np.ndarray]] = {}
        self.pyramids: dict[int, np.ndarray] = {}
        self.notes: list[tuple[int, str, str, str, float, str]] = []
        self._now: dict[str, np.ndarray] = {}

    def add(self, name: str, areas: np.ndarray) -> None:
        """Count one event of this month per entry of ``areas`` (area rows)."""
        self.tally(name, np.bincount(areas, minlength=self.areas))

    def tally(self, name: str, by_area: np.ndarray) -> None:
        """Add whole numbers by area to this month's count of a name."""
        found = np.asarray(by_area, np.int64)
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

    def note(self, month: int, name: str, area: str, group: str, value: float, kind: str = "survey") -> None:
        """Write down a single number, for example a survey's estimate or an event, as a row of its own."""
        self.notes.append((month, name, area, group, value, kind))

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
        for column, (field, kind) in enumerate(_NOTE.items()):
            out[f"notes.{field}"] = np.array([note[column] for note in self.notes], kind)
        return out | {f"flow.{name}": np.array(past) for name, past in self.flows.items()}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take back what :meth:`arrays` gave."""
        self.months = [int(m) for m in arrays["months"]]
        self.counts = list(arrays["counts"])
        self.households = [int(h) for h in arrays["households"]]
        self.pyramids = dict(zip((int(m) for m in arrays["pyramid_months"]), arrays["pyramids"], strict=True))
        self.notes = list(zip(*(arrays[f"notes.{field}"].tolist() for field in _NOTE), strict=True))
        self.flows = {k.removeprefix("flow."): list(v) for k, v in arrays.items() if k.startswith("flow.")}

    def table(
        self, names: Mapping[str, str | int], places: Places, measures: Iterable[Measure],
        counted: Collection[str] = TECHNOLOGIES,
    ) -> pd.DataFrame:  # fmt: skip
        """The long table of the run.

        Parameters
        ----------
        names : values of scenario, draw and seed
        places : the city, its wards and areas
        measures : (slug, kind, function), the function mapping a Census to two (areas, groups)
            or (areas,) arrays, those counted and those asked
        counted : what the run counted; users of other technologies are not written down as none
        """
        import pandas as pd

        counts = np.array(self.counts)
        blocks = [
            self._shares(COUNT_NAMES[name], "count", counts[..., q], None, places)
            for q, name in enumerate(("people", *TECHNOLOGIES))
            if name in ("people", *counted)
        ]
        for slug, kind, function in measures:
            answers = [function(census) for census in self.censuses()]
            counted, asked = (np.array([answer[side] for answer in answers]) for side in (0, 1))
            of_groups = counted.ndim == 3
            blocks.append((self._shares if of_groups else self._ratios)(slug, kind, counted, asked, places))
        blocks += [self._flow(name, np.array(past), places) for name, past in self.flows.items()]
        households = np.array(self.households, float)[:, None, None]
        blocks.append(_block("households", "count", self.months, [places.city], ["all"], households))
        blocks += [_pyramid(month, people, places) for month, people in self.pyramids.items()]
        blocks.append(self._noted())
        table = pd.concat(blocks, ignore_index=True)
        for position, (column, value) in enumerate(names.items()):
            table.insert(position, column, value)
        return table[list(COLUMNS)]

    def _shares(
        self, slug: str, kind: str, counted: np.ndarray, asked: np.ndarray | None, places: Places
    ) -> pd.DataFrame:
        """City and wards by every age group, areas as a whole, from (months, areas, groups)."""
        import pandas as pd

        groups = [*BROAD, *GROUPS]
        belongs = np.stack([np.isin(np.arange(len(GROUPS)), np.arange(99)[groups_in(g)]) for g in groups])
        wide = _ratio(counted, asked, lambda x: np.einsum("pa,mag,hg->mph", places.members, x, belongs))
        narrow = _ratio(counted, asked, lambda x: x.sum(axis=2)[:, :, None])
        return pd.concat([
            _block(slug, kind, self.months, places.codes, groups, wide),
            _block(slug, kind, self.months, places.areas, ["all"], narrow),
        ])  # fmt: skip

    def censuses(self) -> list[Census]:
        """The counts of every month lived, flows included."""
        return [
            Census(month, counts, {name: past[n] for name, past in self.flows.items()})
            for n, (month, counts) in enumerate(zip(self.months, self.counts, strict=True))
        ]

    def _ratios(
        self, slug: str, kind: str, counted: np.ndarray, asked: np.ndarray, places: Places
    ) -> pd.DataFrame:
        """City, wards and areas without age groups, from (months, areas)."""
        import pandas as pd

        # einsum adds in one order, whatever the threads: a reading may weight what it counts
        wide = _ratio(counted, asked, lambda x: np.einsum("pa,ma->mp", places.members, x)[:, :, None])
        narrow = _ratio(counted, asked, lambda x: x[:, :, None])
        return pd.concat([
            _block(slug, kind, self.months, places.codes, ["all"], wide),
            _block(slug, kind, self.months, places.areas, ["all"], narrow),
        ])  # fmt: skip

    def _noted(self) -> pd.DataFrame:
        """Single numbers: surveys, events, accounts."""
        import pandas as pd

        block = pd.DataFrame(self.notes, columns=list(_NOTE))
        return pd.DataFrame({
            "date": [month_start(m) for m in block["date"]], "indicator": block["indicator"], "kind": block["kind"],
            "area": block["area"], "group": block["group"], "value": block["value"].astype(float),
        })  # fmt: skip

    def _flow(self, name: str, past: np.ndarray, places: Places) -> pd.DataFrame:
        by_place = (past @ places.members.T)[:, :, None].astype(float)
        return _block(name, "count", self.months, places.codes, ["all"], by_place)


class Places:
    """Codes of the city, its wards and areas, and which areas each is made of.

    Attributes
    ----------
    codes : the city, then its wards
    members : (city and wards, areas) 0 or 1
    """

    def __init__(self, city: str, wards: Sequence[str], areas: Sequence[str], ward: np.ndarray) -> None:
        self.city, self.wards, self.areas = city, list(wards), list(areas)
        self.codes = [city, *wards]
        in_ward = np.arange(len(self.wards))[:, None] == np.asarray(ward)
        self.members = np.concatenate([np.ones((1, len(self.areas)), np.int64), in_ward]).astype(np.int64)


def _ratio(
    counted: np.ndarray, asked: np.ndarray | None, add: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Add up first, then divide; nan where nobody is asked."""
    top = add(counted).astype(float)
    if asked is None:
        return top
    base = add(asked)
    return np.divide(top, base, out=np.full(top.shape, np.nan), where=base > 0)


def _block(
    slug: str,
    kind: str,
    months: Sequence[int],
    areas: Sequence[str],
    groups: Sequence[str],
    values: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    """Rows for (months, areas, groups) values; cells without a value are left out."""
    import pandas as pd

    shape = (len(months), len(areas), len(groups))
    month, area, group = (index.ravel() for index in np.indices(shape))
    block = pd.DataFrame({
        "date": np.array([month_start(m) for m in months])[month], "indicator": slug, "kind": kind,
        "area": np.array(areas)[area], "group": np.array(groups)[group], "value": values.ravel(),
    })  # fmt: skip
    return block[block.value.notna()]


def _pyramid(month: int, people: np.ndarray, places: Places) -> pd.DataFrame:
    """People by sex and five-year group of the city and each ward in one month."""
    whole = np.concatenate([people.sum(axis=0, keepdims=True), people]).astype(float)
    groups = [f"{sex} {ages}" for sex in ("male", "female") for ages in FIVE_YEARS]
    return _block("people_by_age", "count", [month], places.codes, groups, whole.reshape(1, len(whole), -1))
