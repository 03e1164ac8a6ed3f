"""Whether a scenario can be: facts exist, values are in range, dates fall into the run, names are known."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from twin import messages
from twin.errors import FactError, Problems, ScenarioError, nearest
from twin.facts import Fact, Facts
from twin.scenarios.document import Document
from twin.scenarios.limits import shown
from twin.scenarios.remark import Remark
from twin.scenarios.words import amount

if TYPE_CHECKING:
    from twin.scenarios.scenario import DatedChange
    from twin.scenarios.shape import ChangeShape, FileShape

EARLIEST_CENSUS = date(1990, 10, 1)
LATEST_END = date(2150, 1, 1)  # months of birth are kept up to 2150
_ROUNDING = 1e-6  # shares of a whole may miss 1 by this much and are then divided by their sum


@dataclass(frozen=True)
class Known:
    """What the program has: names a scenario may use. None means unchecked.

    Attributes
    ----------
    processes : names of processes
    couplings : names of switches
    needs : by process, others that must be in the list with it
    order : processes that, as far as they are in the list, stand in this order
    censuses : days of which the totals of the people are known
    levers : facts that act in a run; others only make the city and the people it begins with
    """

    processes: Collection[str] | None = None
    couplings: Collection[str] | None = None
    needs: Mapping[str, Collection[str]] = field(default_factory=dict)
    order: Sequence[str] = ()
    censuses: Collection[date] | None = None
    levers: Collection[str] | None = None


def check_names(document: Document, shape: FileShape, known: Known) -> Problems:
    """Unknown or repeated processes and couplings."""
    problems = Problems()
    for key, names, valid in (
        ("processes", shape.processes or [], known.processes),
        ("off", shape.off or [], known.couplings),
    ):
        for place, name in enumerate(names):
            where = document.where(key, place)
            if name in names[:place]:
                problems.append(ScenarioError("scenario.named_twice", where=where, key=key, name=shown(name)))
            if valid is not None and name not in valid:
                problems.append(_unknown(where, "process" if key == "processes" else "coupling", name, valid))
    where, names = document.where("processes"), shape.processes or []
    for name in names:
        for other in known.needs.get(name, ()):
            if other not in names:
                problems.append(ScenarioError("scenario.needs_process", where=where, name=name, other=other))
    for earlier, later in pairwise(name for name in known.order if name in names):
        if names.index(later) < names.index(earlier):
            problems.append(
                ScenarioError("scenario.process_order", where=where, earlier=earlier, later=later)
            )
    return problems


def check_clock(document: Document, census: date, start: date, end: date, known: Known) -> Problems:
    """Census and start are first days of months, in order, and the run ends before ages run out."""
    problems = Problems()
    for key, day in (("census", census), ("start", start)):
        if day.day != 1:
            problems.append(
                ScenarioError("scenario.first_of_month", where=document.where(key), key=key, day=day)
            )
    if census < EARLIEST_CENSUS:
        where = document.where("census")
        problems.append(ScenarioError("scenario.too_early", where=where, day=census, least=EARLIEST_CENSUS))
    elif known.censuses is not None and census not in known.censuses and census.day == 1:
        where, days = document.where("census"), ", ".join(map(str, known.censuses))
        problems.append(ScenarioError("scenario.no_census", where=where, day=census, known=days))
    if start < census:
        where = document.where("start")
        problems.append(ScenarioError("scenario.start_before", where=where, start=start, census=census))
    if end > LATEST_END:
        where = document.where("start")
        problems.append(ScenarioError("scenario.too_late", where=where, day=end, most=LATEST_END))
    return problems


class ChangeCheck:
    """Checks the changes of one file against the facts of its parent."""

    def __init__(
        self, document: Document, facts: Facts, run: tuple[date, date, date], levers: Collection[str] | None
    ) -> None:
        self.document, self.facts, self.levers = document, facts, levers
        self.census, self.start, self.end = run
        self.problems = Problems()
        self.remarks: list[Remark] = []

    def all(self, shapes: Iterable[ChangeShape]) -> list[tuple[ChangeShape, Any]]:
        """The good changes with their cleaned values; problems and remarks are collected aside."""
        good: list[tuple[ChangeShape, Any]] = []
        seen: dict[tuple[str, str | None, date], int] = {}
        for place, shape in enumerate(shapes):
            before = len(self.problems)
            value = self._value(place, shape)
            self._dates(place, shape)
            key = (shape.fact, shape.label, shape.since)
            if key in seen:
                first = self.document.where("change", seen[key])
                self._add(
                    "scenario.contradiction", place, "fact", fact=shape.fact, since=shape.since, first=first
                )
            seen.setdefault(key, place)
            if len(self.problems) == before:
                good.append((shape, value))
        return good

    def _where(self, place: int, key: str = "fact") -> str:
        return self.document.where("change", place, key)

    def _add(self, message: str, place: int, key: str, **values: object) -> None:
        self.problems.append(ScenarioError(message, where=self._where(place, key), **values))

    def _value(self, place: int, shape: ChangeShape) -> Any:
        if shape.fact not in set(self.facts):
            self.problems.append(_unknown(self._where(place), "fact", shape.fact, self.facts))
            return None
        if self.levers is not None and shape.fact not in self.levers:
            self._add("scenario.no_lever", place, "fact", fact=shape.fact)
            return None
        fact = self.facts[shape.fact]
        today = fact.on(shape.since)
        if shape.label is not None and not (isinstance(today, dict) and shape.label in today):
            if isinstance(today, dict):
                where = self._where(place, "label")
                self.problems.append(_unknown(where, "label", shape.label, today, fact=shape.fact))
            else:
                self._add("scenario.no_labels", place, "label", fact=shape.fact, label=shown(shape.label))
            return None
        wants_table = isinstance(today, dict) and shape.label is None
        if wants_table != isinstance(shape.value, dict):
            key = "scenario.needs_table" if wants_table else "scenario.needs_number"
            labels = _some(today) if isinstance(today, dict) else ""
            hint = _text_hint(shape.value)
            self._add(
                key, place, "value", fact=shape.fact, found=shown(shape.value), labels=labels, hint=hint
            )
            return None
        if isinstance(today, dict) and isinstance(shape.value, dict):
            return self._table(place, fact, today, shape.value)
        value = self._number(place, fact, shape.value)
        if value is not None and isinstance(today, dict) and _whole_of_shares(fact, today):
            self._add("scenario.one_share", place, "label", fact=shape.fact, label=shape.label)
        return value

    def _table(
        self, place: int, fact: Fact, today: dict[str, float], given: dict[str, Any]
    ) -> dict[str, float] | None:
        for label in given:
            if label not in today:
                where = self.document.where("change", place, "value", label)
                self.problems.append(_unknown(where, "label", label, today, fact=fact.key))
        absent = [label for label in today if label not in given]
        if absent:
            self._add("scenario.labels_absent", place, "value", fact=fact.key, absent=_some(absent))
        values = {label: self._number(place, fact, number, label) for label, number in given.items()}
        if absent or None in values.values() or len(values) != len(today):
            return None
        numbers = {label: number for label, number in values.items() if number is not None}
        if _whole_of_shares(fact, today):
            return self._shares(place, fact, numbers)
        return numbers

    def _shares(self, place: int, fact: Fact, values: dict[str, float]) -> dict[str, float] | None:
        total = math.fsum(values.values())
        if abs(total - 1) > _ROUNDING:
            self._add("scenario.shares", place, "value", fact=fact.key, total=f"{total:.6g}")
            return None
        if total != 1:
            self.remarks.append(
                Remark("scenario.shares_mended", self._where(place, "value"), {"fact": fact.key})
            )
        return {label: value / total for label, value in values.items()}

    def _number(self, place: int, fact: Fact, given: Any, label: str = "") -> float | None:
        """A finite number inside the fact's range, or None with the problem noted."""
        where = self.document.where("change", place, "value", *([label] if label else []))
        name = f"{fact.key}[{label}]" if label else fact.key
        if isinstance(given, bool) or not isinstance(given, int | float):
            self.problems.append(
                ScenarioError("scenario.not_number", where=where, value=shown(given), hint=_text_hint(given))
            )
            return None
        try:
            value = float(given)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            self.problems.append(
                ScenarioError("scenario.not_finite", where=where, key=name, value=shown(given))
            )
            return None
        if value == 0 and math.copysign(1, value) < 0:
            self.remarks.append(Remark("scenario.minus_zero", where, {"key": name}))
            given = value = 0.0
        if not fact.low <= value <= fact.high:
            self.problems.append(_outside(where, fact, name, value))
            return None
        return given

    def _dates(self, place: int, shape: ChangeShape) -> None:
        if shape.until is not None and shape.until <= shape.since:
            self._add("scenario.until_before", place, "until", since=shape.since, until=shape.until)
        for key, day in (("since", shape.since), ("until", shape.until)):
            if day is not None and day.day != 1:
                self.remarks.append(Remark("scenario.within_month", self._where(place, key), {"day": day}))
        if shape.since >= self.end:
            self.remarks.append(
                Remark(
                    "scenario.after_end", self._where(place, "since"), {"day": shape.since, "end": self.end}
                )
            )
        elif shape.until is not None and shape.until <= self.census:
            values = {"day": shape.until, "census": self.census}
            self.remarks.append(Remark("scenario.before_census", self._where(place, "until"), values))
        elif shape.since < self.start:
            values = {"day": shape.since, "start": self.start}
            self.remarks.append(Remark("scenario.before_start", self._where(place, "since"), values))


def check_effect(
    document: Document,
    changes: Iterable[DatedChange],
    before: Facts,
    run: tuple[date, date, date],
    other: bool,
) -> list[Remark]:
    """Remarks for changes without effect; an error when the scenario has no effect at all.

    Parameters
    ----------
    before : the parent's facts
    other : whether the scenario differs from its parent otherwise (processes, switches, clock, seed)
    """
    census, _, end = run
    remarks, effective, count = [], other, 0
    for place, change in enumerate(changes):
        count += 1
        inside = change.since < end and (change.until is None or change.until > census)
        today = before[change.fact].on(change.since)
        if change.label is not None and isinstance(today, dict):
            today = today[change.label]
        same = (
            change.value == today and len(before[change.fact].values) == 1 and not before[change.fact].changes
        )
        effective |= inside and not same
        if inside and same:
            where = document.where("change", place, "value")
            remarks.append(Remark("scenario.changes_nothing", where, {"fact": change.fact}))
    if not effective:
        key = "scenario.no_effect" if count else "scenario.no_difference"
        raise ScenarioError(key, where=document.name)
    return remarks


def check_facts(document: Document, facts: Facts, changes: Iterable[Any]) -> Facts:
    """The changed facts; what the facts themselves refuse is said with the file's name."""
    try:
        return facts.changed(changes)
    except FactError as problem:
        raise ScenarioError("scenario.fact_says", where=document.name, said=_said(problem)) from problem


def _said(problem: FactError) -> dict[str, str]:
    return {lang: problem.text(lang) for lang in messages.LANGUAGES}


def _outside(where: str, fact: Fact, name: str, value: float) -> ScenarioError:
    hint: dict[str, str] | str = ""
    if fact.high <= 1 < value and fact.low <= value / 100 <= fact.high:
        share = f"{value / 100:g}"
        hint = {
            lang: messages.text("scenario.hint_percent", lang, share=share) for lang in messages.LANGUAGES
        }
    low, found = f"{fact.low:g}", f"{value:,.10g}"
    high = {lang: amount(fact.high, fact.unit, lang) for lang in messages.LANGUAGES}
    return ScenarioError(
        "scenario.fact_outside", where=where, key=name, value=found, low=low, high=high, hint=hint
    )


def _unknown(where: str, kind: str, name: str, valid: Iterable[str], **values: object) -> ScenarioError:
    near = nearest(name, valid)
    hint = (
        {lang: messages.text("did_you_mean", lang, name=near) for lang in messages.LANGUAGES} if near else ""
    )
    return ScenarioError(
        f"scenario.unknown_{kind}", where=where, name=shown(name), near=hint, known=_some(valid), **values
    )


def _text_hint(value: Any) -> dict[str, str] | str:
    if not isinstance(value, str):
        return ""
    bare = value.strip().rstrip("%％")
    try:
        number = float(bare)
    except ValueError:
        return ""
    key = "hint_percent" if bare != value.strip() else "hint_bare"
    share = f"{number / 100:g}" if key == "hint_percent" else f"{number:g}"
    return {lang: messages.text(f"scenario.{key}", lang, share=share) for lang in messages.LANGUAGES}


def _whole_of_shares(fact: Fact, table: dict[str, float]) -> bool:
    """Whether a table's entries are shares of one whole: none negative, sum 1."""
    return (
        fact.unit.startswith("share")
        and fact.low >= 0
        and fact.high <= 1
        and abs(math.fsum(table.values()) - 1) <= _ROUNDING
    )


def _some(names: Iterable[str], most: int = 12) -> str:
    listed = [str(name) for name in names]
    return ", ".join(listed[:most]) + (f" ... ({len(listed)})" if len(listed) > most else "")
