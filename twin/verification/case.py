"""A verification case: a question with a known answer, put to the real processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Z = 4.5  # Monte-Carlo standard errors allowed: one false alarm in about 150,000


@dataclass(frozen=True)
class Check:
    """One number or fact asked for.

    Attributes
    ----------
    what : what was measured
    expected, got : the known answer and ours; equal things may be any value
    tolerance : allowed absolute difference; None asks for equality
    """

    what: str
    expected: object
    got: object
    tolerance: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the answer came out."""
        if self.tolerance is None:
            return self.expected == self.got
        return abs(float(self.got) - float(self.expected)) <= self.tolerance  # type: ignore[arg-type]


@dataclass(frozen=True)
class Verdict:
    """A case with all its checks."""

    id: str
    title: dict[str, str]
    checks: tuple[Check, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether every check of the case holds."""
        return bool(self.checks) and all(check.holds for check in self.checks)


@dataclass(frozen=True)
class Case:
    """A registered case."""

    id: str
    title: dict[str, str]
    ask: Callable[[], list[Check]]
    long: bool


CASES: dict[str, Case] = {}


def case(id: str, ja: str, en: str, *, long: bool = False) -> Callable:
    """Register a function that returns checks; ``long`` ones take more than a few seconds."""

    def enter(ask: Callable[[], list[Check]]) -> Callable[[], list[Check]]:
        CASES[id] = Case(id, {"ja": ja, "en": en}, ask, long)
        return ask

    return enter


def share(what: str, expected: float, got: float, people: int, sd: float | None = None) -> Check:
    """A share that a finite number of people gives with binomial (or stated) spread."""
    spread = (expected * (1 - expected)) ** 0.5 if sd is None else sd
    return Check(what, expected, got, Z * spread / people**0.5)
