"""A verification case: a question with a known answer, put to the real processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from twin import messages

Z = 4.5  # Monte-Carlo standard errors allowed: one false alarm in about 150,000


@dataclass(frozen=True)
class Check:
    """One number or fact asked for.

    Attributes
    ----------
    what : what was measured, in English; the table of messages has it in every language
    expected, got : the known answer and ours; equal things may be any value
    tolerance : allowed absolute difference; None asks for equality
    named : values for the placeholders of ``what``
    """

    what: str
    expected: object
    got: object
    tolerance: float | None = None
    named: Mapping[str, object] = field(default_factory=dict)

    def told(self, lang: str) -> str:
        """What was measured, in a language."""
        return messages.text(f"check.{self.what}", lang, **self.named)

    @property
    def holds(self) -> bool:
        """Whether the answer came out."""
        if self.tolerance is None:
            return self.expected == self.got
        return abs(float(self.got) - float(self.expected)) <= self.tolerance  # type: ignore[arg-type]


@dataclass(frozen=True)
class Verdict:
    """A case with all its checks, or the names of the files it would have needed."""

    id: str
    title: dict[str, str]
    checks: tuple[Check, ...]
    seconds: float
    missing: tuple[str, ...] = ()

    @property
    def skipped(self) -> bool:
        """Whether the case was not asked, because files it needs are not there."""
        return bool(self.missing)

    @property
    def holds(self) -> bool:
        """Whether the case was asked and every check holds."""
        return bool(self.checks) and all(check.holds for check in self.checks)


@dataclass(frozen=True)
class Case:
    """A registered case."""

    id: str
    title: dict[str, str]
    ask: Callable[[], list[Check]]
    long: bool
    needs: tuple[Path, ...] = ()


CASES: dict[str, Case] = {}


def case(id: str, ja: str, en: str, *, long: bool = False, needs: Sequence[Path] = ()) -> Callable:
    """Register a function that returns checks.

    ``long`` cases take more than a few seconds; a case is skipped where files it ``needs`` are not there.
    """

    def enter(ask: Callable[[], list[Check]]) -> Callable[[], list[Check]]:
        CASES[id] = Case(id, {"ja": ja, "en": en}, ask, long, tuple(needs))
        return ask

    return enter


def share(
    what: str,
    expected: float,
    got: float,
    people: int,
    sd: float | None = None,
    named: Mapping[str, object] | None = None,
) -> Check:
    """A share that a finite number of people gives with binomial (or stated) spread."""
    spread = (expected * (1 - expected)) ** 0.5 if sd is None else sd
    return Check(what, expected, got, Z * spread / people**0.5, named or {})
