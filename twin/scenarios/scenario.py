"""Scenario: what a run asks, as a difference to another scenario.

A scenario file names its parent (``based_on``), the fields in which it differs, and its dated changes of
facts. The root, ``baseline``, has no parent and says everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import messages
from twin.errors import Problems, ScenarioError, suggestion
from twin.facts import Change, Facts
from twin.scenarios.checking import (
    LATEST_END,
    ChangeCheck,
    Known,
    check_clock,
    check_effect,
    check_facts,
    check_names,
)
from twin.scenarios.document import Document, open_document
from twin.scenarios.limits import DEFAULT_SEED, check_id
from twin.scenarios.remark import Remark
from twin.units import MONTHS_A_YEAR, month_number, month_start

if TYPE_CHECKING:
    from twin.scenarios.shape import FileShape

LIBRARY = Path(__file__).parent / "library"
DEEPEST_CHAIN = 20
ROOT_MUST_GIVE = ("census", "start", "years", "processes")
Words = dict[str, str]


@dataclass(frozen=True)
class DatedChange:
    """One line a council can vote on: a fact, its new value, from when, why, on what ground, at what cost.

    Attributes
    ----------
    label : the one entry of a table that changes; None for a single number or a whole table
    until : the day on which the change ends; None for good
    cost_yen : whole cost over the run; None when not stated
    """

    fact: str
    value: float | dict[str, float]
    since: date
    until: date | None
    label: str | None
    why: Words
    source: Words
    cost_yen: int | None

    @property
    def of_fact(self) -> Change:
        """The change as the facts understand it."""
        return Change(self.fact, self.value, self.since, self.until, self.label)


@dataclass(frozen=True)
class Scenario:
    """One scenario, checked. Make one with :meth:`read`.

    Attributes
    ----------
    id : safe as a file name; title and question are free text in both languages
    census : day of the census the people are made from
    start : first month that counts, the first day of a month
    years : length of the run in years from ``start``
    population_seed : seed of the synthetic people, the same in all scenarios that are compared
    processes : names of the behaviours in the order in which they act within a month
    off : couplings that are switched off
    changes : the changes of this file, in the order in which they begin
    parent : the scenario this one differs from; None for the root
    warnings : what the reader should know; kept with the results
    text : the file as it was read, for provenance
    """

    id: str
    title: Words
    question: Words
    census: date
    start: date
    years: int
    population_seed: int
    processes: tuple[str, ...]
    off: tuple[str, ...]
    changes: tuple[DatedChange, ...]
    parent: Scenario | None
    warnings: tuple[Remark, ...]
    text: str

    @classmethod
    def read(cls, name: str | Path, facts: Facts, known: Known | None = None) -> Scenario:
        """Read a packaged scenario by id, or a file by path, with all its parents, and check everything.

        Parameters
        ----------
        name : id of a packaged scenario, or path of a ``.toml`` file
        facts : the facts its changes are about
        known : names of processes and couplings the program has; unchecked when None

        Raises
        ------
        ScenarioError, ManyProblems
            What is wrong, with file and line, up to fifty problems at once. Nothing is written.
        """
        from twin.scenarios.shape import read_shape

        chain: list[tuple[Document, FileShape]] = []
        path: Path | None = _find(name)
        seen: list[Path] = []
        while path is not None:
            document = open_document(path)
            shape = read_shape(document)
            _check_taken(document, shape.id, path)
            chain.append((document, shape))
            seen.append(path)
            path = _parent(document, shape, path, seen)
        scenario = None
        for document, shape in reversed(chain):
            scenario = _build(document, shape, scenario, facts, known or Known())
        if scenario is None:  # a chain has at least the file itself
            raise ScenarioError("scenario.no_file", where=str(name))
        return scenario

    @property
    def based_on(self) -> str:
        """Id of the parent, empty for the root."""
        return self.parent.id if self.parent else ""

    @property
    def end(self) -> date:
        """First day after the run."""
        return month_start(month_number(self.start) + self.years * MONTHS_A_YEAR)

    @property
    def all_changes(self) -> tuple[DatedChange, ...]:
        """The changes of all parents and then its own: where two speak of one fact, the later holds."""
        return (*(self.parent.all_changes if self.parent else ()), *self.changes)

    def sha256(self) -> str:
        """Hash of the files of the whole chain, for provenance."""
        chain = self.text + (self.parent.sha256() if self.parent else "")
        return hashlib.sha256(chain.encode()).hexdigest()

    def facts(self, facts: Facts) -> Facts:
        """The facts of this scenario: ``facts`` with all changes laid on top."""
        return facts.changed(change.of_fact for change in self.all_changes)

    def explain(self, facts: Facts, lang: str = "ja") -> str:
        """The scenario in words; see :func:`twin.scenarios.explain.explain`."""
        from twin.scenarios.explain import explain

        return explain(self, facts, lang)


def library() -> list[str]:
    """Ids of the packaged scenarios, the baseline first."""
    names = sorted(path.stem for path in LIBRARY.glob("*.toml"))
    return sorted(names, key=lambda name: name != "baseline")


def check_together(scenarios: Iterable[Scenario]) -> None:
    """Stop when two scenarios of one run have the same id, or ids that differ only in capitals."""
    seen: dict[str, str] = {}
    for scenario in scenarios:
        if scenario.id.lower() in seen:
            raise ScenarioError("scenario.same_id", where=scenario.id, other=seen[scenario.id.lower()])
        seen[scenario.id.lower()] = scenario.id


def _find(name: str | Path) -> Path:
    """The file of a packaged id or of a path."""
    text = str(name)
    if isinstance(name, Path) or "/" in text or "\\" in text or Path(text).suffix:
        return Path(name)
    check_id(text)
    return _packaged(text, "")


def _packaged(name: str, where: str) -> Path:
    names = library()
    if name not in names:
        near = {lang: suggestion(name, names, lang) for lang in messages.LANGUAGES}
        raise ScenarioError("scenario.no_such", where=where, name=name, near=near, known=", ".join(names))
    return LIBRARY / f"{name}.toml"


def _parent(document: Document, shape: FileShape, path: Path, seen: list[Path]) -> Path | None:
    """File of the parent: beside the child, or packaged. Circles and endless chains are refused."""
    if shape.based_on is None:
        return None
    where = document.where("based_on")
    beside = {found.name: found for found in path.resolve().parent.glob("*.toml")}
    parent = beside.get(f"{shape.based_on}.toml") or _packaged(shape.based_on, where)
    if any(parent.resolve() == before.resolve() for before in seen):
        circle = " → ".join([*(before.stem for before in seen), parent.stem])
        raise ScenarioError("scenario.circle", where=where, circle=circle)
    if len(seen) >= DEEPEST_CHAIN:
        raise ScenarioError("scenario.chain", where=where, most=DEEPEST_CHAIN)
    return parent


def _check_taken(document: Document, name: str, path: Path) -> None:
    """A file of one's own may not pass for a packaged scenario; a packaged one is called as its file."""
    packaged = path.resolve().parent == LIBRARY.resolve()
    if packaged and name != path.stem:
        raise ScenarioError("scenario.not_its_file", where=document.where("id"), name=name, file=path.name)
    taken = {other.lower(): other for other in library()}
    if not packaged and name.lower() in taken:
        raise ScenarioError(
            "scenario.taken", where=document.where("id"), name=name, other=taken[name.lower()]
        )


def _build(
    document: Document, shape: FileShape, parent: Scenario | None, facts: Facts, known: Known
) -> Scenario:
    """One scenario of the chain on top of its parent, with every problem found on the way."""
    problems = Problems()
    remarks = list(document.remarks)
    frame = _frame(document, shape, parent, problems, remarks)
    problems += check_names(document, shape, known)
    if not all(frame[key] for key in ("census", "start", "years")):
        problems.stop_if_any()
    if frame["start"] >= LATEST_END:
        where = document.where("start")
        problems.append(ScenarioError("scenario.too_late", where=where, day=frame["start"], most=LATEST_END))
        problems.stop_if_any()
    end = month_start(month_number(frame["start"]) + frame["years"] * MONTHS_A_YEAR)
    run = (frame["census"], frame["start"], end)
    problems += check_clock(document, *run, known)
    before = parent.facts(facts) if parent else facts
    check = ChangeCheck(document, before, run, known.levers)
    good = check.all(shape.change)
    problems += check.problems
    problems.stop_if_any()
    changes = [
        DatedChange(
            s.fact, value, s.since, s.until, s.label, s.why.model_dump(), s.source.model_dump(), s.cost_yen
        )
        for s, value in good
    ]
    check_facts(document, before, [change.of_fact for change in changes])
    if parent:
        other = any(frame[key] != getattr(parent, key) for key in frame)
        remarks += check_effect(document, changes, before, run, other)
    changes.sort(key=lambda change: (change.since, change.label is not None))
    return Scenario(
        id=shape.id, title=shape.title.model_dump(), question=shape.question.model_dump(), **frame,
        changes=tuple(changes), parent=parent, text=document.text,
        warnings=(*(parent.warnings if parent else ()), *remarks, *check.remarks),
    )  # fmt: skip


def _frame(
    document: Document, shape: FileShape, parent: Scenario | None, problems: Problems, remarks: list[Remark]
) -> dict[str, Any]:
    """Clock, seed, processes and switches: what the file says, else what the parent has."""
    frame: dict[str, Any] = {}
    for key in (*ROOT_MUST_GIVE, "population_seed", "off"):
        given = getattr(shape, key)
        if given is None and parent:
            given = getattr(parent, key)
        if given is None and key in ROOT_MUST_GIVE:
            problems.append(ScenarioError("scenario.root_misses", where=document.name, key=key))
        frame[key] = tuple(given) if isinstance(given, list) else given
    if frame["population_seed"] is None:
        frame["population_seed"] = DEFAULT_SEED
        remarks.append(Remark("scenario.default_seed", document.name, {"seed": DEFAULT_SEED}))
    frame["off"] = frame["off"] or ()
    return frame
