"""What the roadmap says of a cell, as plain data: for the command, the report and the tidy table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twin.analysis.log import Log
from twin.analysis.probability import Probability
from twin.analysis.times import Waiting


@dataclass(frozen=True)
class Run:
    """A run's draw and seed, and what it wrote down."""

    draw: int
    seed: int
    log: Log


@dataclass(frozen=True)
class Part:
    """One condition of a cell over the runs.

    Attributes
    ----------
    name : "a10.people"
    limit : its threshold; ``most`` says that the number may be at most that, ``told`` that the cell holds without it
    probability : how often it holds; None where it could not be evaluated
    middle : median over runs of its number; nan where there is none
    failed : of the runs in which the cell does not hold, the share in which this condition fails; nan where the cell always holds
    reason, missing : a key under ``roadmap.missing`` and what is missing, where it could not be evaluated
    """

    name: str
    limit: float
    most: bool
    told: bool
    probability: Probability | None
    middle: float = float("nan")
    failed: float = float("nan")
    reason: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Outcome:
    """One cell over the runs of a scenario.

    Attributes
    ----------
    id, row, years : P5 ... D20; use, trial or data; 5, 10 or 20
    fiscal_year : the year at whose end it is evaluated
    text : what the document prints there, one sentence a bullet, by language
    marks : "definition" where words decide, "proxy" where the closest thing logged stands in
    probability : None where the cell is not evaluated
    word : likely, even, unlikely, or few where the runs are too few to say; "" where not evaluated
    at_most : where it is not evaluated, how often its evaluated conditions held together; None if there are none
    reason, missing : why it is not evaluated
    waiting : years from the start of year 0 until it first holds; None where not evaluated
    parts : its conditions
    """

    id: str
    row: str
    years: int
    fiscal_year: int
    text: tuple[Mapping[str, str], ...]
    marks: tuple[str, ...]
    probability: Probability | None
    word: str
    at_most: Probability | None
    reason: str
    missing: str
    waiting: Waiting | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chain:
    """How often ``then`` holds where ``given`` does, and both together.

    Attributes
    ----------
    joint : of all runs; None where one of the two is not evaluated
    conditional : of the runs in which ``given`` holds; None if there are none
    """

    given: str
    then: str
    joint: Probability | None
    conditional: Probability | None
