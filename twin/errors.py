"""What can go wrong, said as help: where, what was found, the rule, what to do; in two languages.

    TwinError
    ├── InputError            something the user gave is wrong            exit code 2
    │   ├── FactError         a number is missing, unsourced or outside its range
    │   ├── ScenarioError     a scenario file asks for something that cannot be
    │   ├── CityError         geodata is missing or does not fit together
    │   ├── MarginError       population totals contradict each other
    │   ├── ResultsError      a folder holds no complete results of this program
    │   └── CheckpointError   a checkpoint is damaged or belongs to another run
    ├── MachineError          disk, permission, memory, a missing library  exit code 3
    ├── Interrupted           stopped by the user, resumable              exit code 4
    └── StateError            a process broke its own declaration: a bug   exit code 1

Every message is a key of the message table (:mod:`twin.messages`) with its values.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from twin import messages

MOST_PROBLEMS = 50


class TwinError(Exception):
    """Base of all errors the program explains.

    Parameters
    ----------
    key : name of the message in the table, for example ``"scenario.unknown_key"``
    where : file, line, field or row the message is about; may be empty
    values : what the message's ``{placeholders}`` are filled with
    """

    exit_code = 1

    def __init__(self, key: str, /, *, where: str = "", **values: object) -> None:
        self.key, self.where, self.values = key, where, values
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple:
        """Travel between processes as what it was made of."""
        return _again, (type(self), self.key, self.where, self.values)

    def text(self, lang: str) -> str:
        """The whole message in one language, with the place in front."""
        said = messages.text(self.key, lang, **self.values).rstrip()  # a hint at its end may be empty
        return f"{self.where}: {said}" if self.where else said

    def both(self) -> str:
        """Japanese first, English second: what the command line prints."""
        return f"{self.text('ja')}\n{self.text('en')}"


def _again(kind: type[TwinError], key: str, where: str, values: dict[str, object]) -> TwinError:
    error = kind.__new__(kind)
    TwinError.__init__(error, key, where=where, **values)
    return error


class InputError(TwinError):
    """Something the user gave is wrong; nothing was written."""

    exit_code = 2


class FactError(InputError):
    """A number is missing, has no source, or lies outside its range."""


class ScenarioError(InputError):
    """A scenario file asks for something that cannot be."""


class CityError(InputError):
    """Geodata is missing or does not fit together."""


class MarginError(InputError):
    """Totals the synthetic people must meet contradict each other."""


class ResultsError(InputError):
    """A folder holds no complete results, or none that answer the question."""


class CheckpointError(InputError):
    """A checkpoint is damaged or belongs to another run."""


class MachineError(TwinError):
    """Disk, permission, memory or a library stands in the way."""

    exit_code = 3


class Interrupted(TwinError):
    """Stopped by the user; the run can be resumed."""

    exit_code = 4


class StateError(TwinError):
    """A process broke what it declared; a mistake in the program."""


class ManyProblems(InputError):
    """Several problems found in one pass, at most fifty, reported together."""

    def __init__(self, problems: Sequence[TwinError]) -> None:
        self.problems = list(problems[:MOST_PROBLEMS])
        self.left_out = len(problems) - len(self.problems)
        super().__init__("problems.many", count=len(problems))

    def __reduce__(self) -> tuple:
        return ManyProblems, (self.problems,)

    def text(self, lang: str) -> str:
        """All problems, one a line."""
        lines = [messages.text("problems.many", lang, **self.values)]
        lines += [f"  - {problem.text(lang)}" for problem in self.problems]
        if self.left_out:
            lines.append("  " + messages.text("problems.more", lang, count=self.left_out))
        return "\n".join(lines)


@contextmanager
def within(place: str) -> Iterator[None]:
    """Put ``place`` in front of where the problems raised inside are."""
    try:
        yield
    except InputError as raised:
        for problem in raised.problems if isinstance(raised, ManyProblems) else [raised]:
            problem.where = f"{place}: {problem.where}" if problem.where else place
        raise


class Problems(list[TwinError]):
    """Collects problems while reading, then raises them all at once."""

    def stop_if_any(self) -> None:
        """Raise what was collected: one problem as itself, several as :class:`ManyProblems`."""
        if len(self) == 1:
            raise self[0]
        if self:
            raise ManyProblems(self)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name closest to ``name``, or an empty string when none is close."""
    found = difflib.get_close_matches(str(name), [str(k) for k in known], n=1, cutoff=0.6)
    return found[0] if found else ""


def suggestion(name: str, known: Iterable[str], lang: str) -> str:
    """The question whether the nearest known name was meant, or an empty string."""
    near = nearest(name, known)
    return " " + messages.text("did_you_mean", lang, name=near) if near else ""
