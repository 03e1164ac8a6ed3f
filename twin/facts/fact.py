"""Fact and Facts: reading, checking, looking up by date, changing for a scenario."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import FactError, nearest
from twin.units import FISCAL_YEAR_STARTS

FOLDER = Path(__file__).parent  # the packaged facts
GRADES = ("published", "estimated", "assumed")
Value = float | dict[str, float]
_FIELDS = ("unit", "about", "about_ja", "source", "grade")


@dataclass(frozen=True)
class Change:
    """One dated change of a fact, as a scenario asks for it.

    ``label`` changes a single entry of a table; ``until`` ends the change on that day.
    """

    fact: str
    value: Value
    since: date
    until: date | None = None
    label: str | None = None


@dataclass(frozen=True)
class Fact:
    """One number, or one table of numbers by label, through time.

    Attributes
    ----------
    key : dotted name, first word the file
    values : (since, value) pairs in order of date; the first holds for all earlier days too
    unit, about, source : for people; ``about_ja`` and ``source_ja`` in Japanese
    grade : published, estimated or assumed
    low, high : allowed range, also the prior's range in sensitivity studies
    axis : what a table's labels are ("age", "ward", "layer"); empty for a single number
    fitted : to which series the value was fitted, when it was; ``fitted_ja`` in Japanese
    """

    key: str
    values: tuple[tuple[date, Value], ...]
    unit: str
    about: str
    about_ja: str
    source: str
    grade: str
    low: float
    high: float
    axis: str = ""
    fitted: str = ""
    source_ja: str = ""
    fitted_ja: str = ""
    changes: tuple[Change, ...] = ()

    def told(self, what: str, lang: str) -> str:
        """``about``, ``source`` or ``fitted`` in a language; a title of a publication is one for both."""
        return (lang == "ja" and getattr(self, f"{what}_ja")) or getattr(self, what)

    def on(self, day: date) -> Value:
        """The value that holds on ``day``, changes of the scenario included."""
        value = self.values[0][1]
        for since, later in self.values:
            if since <= day:
                value = later
        for change in self.changes:
            if change.since <= day and (change.until is None or day < change.until):
                value = {**value, change.label: change.value} if change.label else change.value  # type: ignore[dict-item]
        return value

    def days(self) -> Iterator[date]:
        """Every day on which the value may change."""
        yield from (since for since, _ in self.values)
        for change in self.changes:
            yield change.since
            if change.until is not None:
                yield change.until

    def check(self, value: Value) -> None:
        """Stop when a value has the wrong shape, is not finite, or lies outside the range."""
        if isinstance(value, dict) != bool(self.axis):
            expected = f"a table by {self.axis}" if self.axis else "one number"
            raise FactError("facts.shape", key=self.key, expected=expected, found=type(value).__name__)
        for label, number in value.items() if isinstance(value, dict) else [("", value)]:
            name = f"{self.key}[{label}]" if label else self.key
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise FactError("facts.shape", key=name, expected="a number", found=type(number).__name__)
            if not math.isfinite(number):
                raise FactError("facts.not_finite", key=name, value=number)
            if not self.low <= number <= self.high:
                raise FactError(
                    "facts.outside", key=name, value=number, unit=self.unit, low=self.low, high=self.high
                )


class Facts(Mapping[str, Fact]):
    """All facts of a run by key."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts = {fact.key: fact for fact in facts}
        self._days = sorted({day for fact in self._facts.values() for day in fact.days()})
        self.kept: dict[object, Any] = {}  # what others worked out from these facts alone

    @classmethod
    def read(cls, folder: Path | None = None) -> Facts:
        """Read and check every ``*.toml`` of a folder; the packaged ones when none is named."""
        found: list[Fact] = []
        for path in sorted((folder or FOLDER).glob("*.toml")):
            with path.open("rb") as file:
                found += _facts_in(path.stem, tomllib.load(file))
        return cls(found)

    def __getitem__(self, key: str) -> Fact:
        if key not in self._facts:
            near = nearest(key, self._facts)
            hint = {"ja": f"「{near}」のことですか。", "en": f"Did you mean '{near}'?"} if near else ""
            raise FactError("facts.unknown", key=key, near=hint)
        return self._facts[key]

    def __contains__(self, key: object) -> bool:
        return key in self._facts

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def period(self, day: date) -> int:
        """Number of the period of steady facts a day lies in; within one, no fact changes."""
        return bisect_right(self._days, day)

    def number(self, key: str, day: date) -> float:
        """A single number on a day."""
        value = self[key].on(day)
        if isinstance(value, dict):
            raise FactError(
                "facts.shape", key=key, expected="one number", found=f"a table by {self[key].axis}"
            )
        return float(value)

    def table(self, key: str, day: date) -> dict[str, float]:
        """A table by label on a day."""
        value = self[key].on(day)
        if not isinstance(value, dict):
            raise FactError("facts.shape", key=key, expected="a table", found="one number")
        return value

    def curve(self, key: str, day: date, at: np.ndarray) -> np.ndarray:
        """A table whose labels are numbers (ages), read as a line through its points (f8)."""
        points = sorted((float(label), number) for label, number in self.table(key, day).items())
        return np.interp(at, [x for x, _ in points], [y for _, y in points])

    def changed(self, changes: Iterable[Change]) -> Facts:
        """The same facts with a scenario's changes laid on top, each checked against its range."""
        facts = dict(self._facts)
        for change in changes:
            fact = self[change.fact] if change.fact not in facts else facts[change.fact]
            _check_change(fact, change)
            facts[change.fact] = replace(fact, changes=(*fact.changes, change))
        return Facts(facts.values())

    def sha256(self) -> str:
        """Hash of every value and change, for provenance."""
        rows = [
            [
                f.key,
                [[str(d), v] for d, v in f.values],
                [[str(c.since), str(c.until), c.label, c.value] for c in f.changes],
            ]
            for f in sorted(self._facts.values(), key=lambda fact: fact.key)
        ]
        return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def _check_change(fact: Fact, change: Change) -> None:
    if change.label is None:
        fact.check(change.value)
        return
    table = fact.values[-1][1]
    if not isinstance(table, dict) or change.label not in table:
        raise FactError("facts.unknown", key=f"{fact.key}[{change.label}]", near="")
    fact.check({**table, change.label: change.value})  # type: ignore[dict-item]


def _facts_in(prefix: str, node: dict) -> Iterator[Fact]:
    for name, entry in node.items():
        key = f"{prefix}.{name}"
        if not isinstance(entry, dict):
            raise FactError("facts.incomplete", key=prefix, field="about")
        if "about" in entry:
            yield _fact(key, entry)
        else:
            yield from _facts_in(key, entry)


def _fact(key: str, entry: dict) -> Fact:
    for name in (*_FIELDS, "range"):
        if name not in entry:
            raise FactError("facts.incomplete", key=key, field=name)
    if entry["grade"] not in GRADES:
        raise FactError("facts.grade", key=key, grade=entry["grade"])
    dated = entry.get("values") or [{"since": date.min, "value": entry.get("value")}]
    low, high = entry["range"]
    fact = Fact(
        key=key, values=tuple(sorted(((v["since"], v["value"]) for v in dated), key=lambda pair: pair[0])),
        low=low, high=high, **{name: entry[name] for name in _FIELDS},
        **{name: entry.get(name, "") for name in ("axis", "fitted", "source_ja", "fitted_ja")},
    )  # fmt: skip
    for _, value in fact.values:
        fact.check(value)
    return _grown(fact, entry["grows"]) if "grows" in entry else fact


def _grown(fact: Fact, how: str) -> Fact:
    """A fact that moves in equal steps each April between its dates, instead of all at once."""
    labels = [sorted(value) if isinstance(value, dict) else [] for _, value in fact.values]
    if how != "yearly" or any(found != labels[0] for found in labels):
        raise FactError("facts.grows", key=fact.key, grows=how)
    return replace(fact, values=tuple(_year_by_year(fact.values)))


def _year_by_year(values: Sequence[tuple[date, Value]]) -> Iterator[tuple[date, Value]]:
    """The same, with a value on a straight line each April between one date and the next: ``grows = "yearly"``.

    >>> [value for _, value in _year_by_year([(date(2022, 4, 1), 0.5), (date(2024, 4, 1), 0.7)])]
    [0.5, 0.6, 0.7]
    """
    for (since, first), (until, last) in pairwise(values):
        yield since, first
        for year in range(since.year, until.year + 1):
            day = date(year, FISCAL_YEAR_STARTS, 1)
            if since < day < until:
                yield day, _between(first, last, (day - since) / (until - since))
    yield values[-1]


def _between(first: Value, last: Value, way: float) -> Value:
    if isinstance(first, dict) and isinstance(last, dict):
        return {label: _between(first[label], last[label], way) for label in first}  # type: ignore[misc]
    return round(first + way * (last - first), 3)  # type: ignore[operator]
