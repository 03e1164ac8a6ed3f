"""Vision: smarts, target states, indicators, roadmap and promotion, read from TOML and checked.

A text in two languages is a dict ``{"ja": ..., "en": ...}``, the form the message table understands.
The services that serve the target states stand in :mod:`twin.vision.services`.
What hangs on what is the logic tree, :meth:`Vision.tree`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.units import fiscal_year_end, month_start
from twin.vision.services import Catalogue
from twin.vision.words import VisionError, Words, find

if TYPE_CHECKING:
    import networkx

KINDS = {"主": "subjective", "客": "objective"}
OVERALL = "overall"  # 総合: an indicator of the vision as a whole, of no single smart


@dataclass(frozen=True)
class Indicator:
    """One of the 14 indicators, as printed.

    Attributes
    ----------
    number : 1 to 14
    name, short : full name, and one short enough for a figure
    smart : id of the smart it measures, or "overall" (総合)
    kind : "主" (subjective) or "客" (objective), as the document prints it
    way : how it is obtained: "citizens", "companies" or "records"
    obtained : the way in words
    differs : where the model's own reading of the kind departs from the print, and why
    """

    number: int
    name: Words
    short: Words
    smart: str
    kind: str
    way: str
    obtained: Words
    differs: Words | None = None

    @property
    def subjective(self) -> bool:
        """Whether the document prints 主."""
        return KINDS[self.kind] == "subjective"


@dataclass(frozen=True)
class Target:
    """One of the 22 target states (目指す姿) with its direction (方向性).

    Attributes
    ----------
    id : "smart.word"
    short, state, direction : our words; ``terms`` are the document's
    indicators, cells : what in the vision tells whether the state is reached (our reading)
    not_modelled : the part of the state the model cannot speak of, and why
    """

    id: str
    smart: str
    short: Words
    state: Words
    direction: Words
    terms: tuple[str, ...]
    indicators: tuple[int, ...] = ()
    cells: tuple[str, ...] = ()
    not_modelled: Words | None = None

    @property
    def linked(self) -> bool:
        """Whether any indicator or roadmap cell tells of it."""
        return bool(self.indicators or self.cells)


@dataclass(frozen=True)
class Smart:
    """One of the five smarts with its target states, in the document's order."""

    id: str
    name: Words
    slogan: Words
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Cell:
    """One cell of the 3 x 3 roadmap; ``year`` counts from year 0."""

    id: str
    row: str
    column: str
    year: int
    bullets: tuple[Words, ...]


@dataclass(frozen=True)
class Statement:
    """One statement of the 20-year picture with its footnotes."""

    id: str
    text: Words
    notes: tuple[Words, ...]


@dataclass(frozen=True)
class Named:
    """A named thing of the promotion: a principle or a role."""

    id: str
    name: Words
    about: Words
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """STEP1 to STEP3 of the promotion."""

    number: int
    name: Words


@dataclass(frozen=True)
class Mark:
    """A 5-, 10- or 20-year mark: the end of the fiscal year ``fiscal_year``."""

    years: int
    fiscal_year: int

    @property
    def last_month(self) -> date:
        """First day of March, the last month of the fiscal year."""
        return month_start(fiscal_year_end(self.fiscal_year))


@dataclass(frozen=True)
class Vision:
    """The whole vision. Make one with :meth:`read`."""

    name: Words
    source: str
    overall: Words
    year_0: int
    milestones: tuple[Mark, ...]
    smarts: tuple[Smart, ...]
    indicators: tuple[Indicator, ...]
    rows: dict[str, Words]
    columns: dict[str, Words]
    cells: tuple[Cell, ...]
    picture: Words
    statements: tuple[Statement, ...]
    principles: tuple[Named, ...]
    roles: tuple[Named, ...]
    steps: tuple[Step, ...]
    catalogue: Catalogue

    @classmethod
    def read(cls, folder: Path | None = None) -> Vision:
        """Read and check a folder of vision files; the packaged one when none is named.

        Raises
        ------
        VisionError, ManyProblems
            A reference points nowhere, a target state hangs loose, or the catalogue has a wrong entry.
        """
        home = folder or Path(__file__).parent
        smarts, indicators, roadmap, promotion = (
            tomllib.loads((home / f"{name}.toml").read_text(encoding="utf-8"))
            for name in ("smarts", "indicators", "roadmap", "promotion")
        )
        vision = cls(
            **_frame(roadmap),
            smarts=tuple(_smart(entry) for entry in smarts["smart"]),
            indicators=tuple(
                Indicator(**entry, obtained=indicators["way"][entry["way"]])
                for entry in indicators["indicator"]
            ),
            principles=tuple(_named(entry) for entry in promotion["principle"]),
            roles=tuple(_named(entry) for entry in promotion["role"]),
            steps=tuple(Step(**entry) for entry in promotion["step"]),
            catalogue=Catalogue.read(home / "catalogue", [entry["id"] for entry in smarts["smart"]]),
        )
        vision.check()
        return vision

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """All target states in the document's order."""
        return tuple(target for smart in self.smarts for target in smart.targets)

    @property
    def marks(self) -> tuple[int, ...]:
        """The fiscal years at whose ends the milestones lie."""
        return tuple(mark.fiscal_year for mark in self.milestones)

    def target(self, name: str) -> Target:
        """A target state by its id."""
        return find(name, {target.id: target for target in self.targets})

    def indicator(self, number: int) -> Indicator:
        """An indicator by its number."""
        return find(number, {indicator.number: indicator for indicator in self.indicators})

    def cell(self, name: str) -> Cell:
        """A roadmap cell by its id, "row.column"."""
        return find(name, {cell.id: cell for cell in self.cells})

    def mark(self, years: int) -> Mark:
        """The mark so many years after the start of year 0."""
        return find(years, {mark.years: mark for mark in self.milestones})

    def check(self) -> None:
        """Stop when a reference points nowhere or a target state hangs loose."""
        known = {smart.id for smart in self.smarts} | {OVERALL}
        for indicator in self.indicators:
            find(indicator.smart, dict.fromkeys(known))
            find(indicator.kind, KINDS)
        for target in self.targets:
            for number in target.indicators:
                self.indicator(number)
            for name in target.cells:
                self.cell(name)
            if not target.linked and target.not_modelled is None:
                raise VisionError("vision.loose", target=target.id)
        self.catalogue.check(self)

    def tree(self) -> networkx.DiGraph:
        """The logic tree; see :func:`twin.vision.tree.tree`."""
        from twin.vision.tree import tree

        return tree(self)


def _smart(entry: dict[str, Any]) -> Smart:
    targets = tuple(_target(entry["id"], target) for target in entry["target"])
    return Smart(entry["id"], entry["name"], entry["slogan"], targets)


def _target(smart: str, entry: dict[str, Any]) -> Target:
    lists = {name: tuple(entry.get(name, ())) for name in ("terms", "indicators", "cells")}
    return Target(**{**entry, **lists}, smart=smart)


def _named(entry: dict[str, Any]) -> Named:
    return Named(**{**entry, "terms": tuple(entry.get("terms", ()))})


def _frame(roadmap: dict[str, Any]) -> dict[str, Any]:
    clock, picture = roadmap["clock"], roadmap["picture"]
    return {
        **roadmap["vision"],
        "year_0": clock["year_0"],
        "milestones": tuple(Mark(years, clock["year_0"] + years - 1) for years in clock["marks"]),
        "rows": roadmap["rows"],
        "columns": {name: _words(entry) for name, entry in roadmap["columns"].items()},
        "cells": tuple(_cells(roadmap)),
        "picture": picture["heading"],
        "statements": tuple(
            Statement(entry["id"], entry["text"], tuple(picture["notes"][n] for n in entry.get("notes", ())))
            for entry in picture["statement"]
        ),
    }


def _cells(roadmap: dict[str, Any]) -> Iterator[Cell]:
    for row in roadmap["rows"]:
        for column, entry in roadmap["columns"].items():
            bullets: Iterable[Words] = roadmap["cells"][row][column]
            yield Cell(f"{row}.{column}", row, column, entry["year"], tuple(bullets))


def _words(entry: dict[str, Any]) -> Words:
    return {lang: entry[lang] for lang in ("ja", "en")}
