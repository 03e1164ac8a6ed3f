"""What a behaviour is: name, facts, columns it owns, columns it writes, start, step."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from twin.state import Table, declared

if TYPE_CHECKING:
    from twin.city.city import City
    from twin.facts import Facts
    from twin.model import CityTwin


def not_met(column: np.ndarray, mark: float) -> slice:
    """Rows no month of a process has seen yet: they are appended, so they stand at the end, and carry ``mark``.

    >>> not_met(np.array([3, 0, 9, 9]), mark=9)
    slice(2, 4, None)
    """
    known = bisect_left(range(len(column)), True, key=lambda row: column[row] == mark)
    return slice(known, len(column))


class Process:
    """One behaviour. Subclass it, declare columns in the body, write ``start`` and ``step``.

    Attributes
    ----------
    name : short name, also the first word of its columns and purposes
    table : the table its columns are rows of
    facts : keys it reads; a missing one stops the run before the first step
    writes : columns of others it may change, as ``"table.column"``
    couplings : switches a scenario may turn off; the message table says what each is (``coupling.*``)
    levers : what a city can do or meet, among the facts it reads ("training.seats", "services.live[maas_app]"),
        and the indicators that rise with each in the model

    Inside a step: compute from the old, then write the new, so the order of rows never matters.
    """

    name: ClassVar[str] = ""
    table: ClassVar[str] = "citizens"
    facts: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ()
    couplings: ClassVar[tuple[str, ...]] = ()
    levers: ClassVar[Mapping[str, tuple[int, ...]]] = {}
    _may_write: frozenset[str] = frozenset()

    def attach(self, tables: dict[str, Table]) -> None:
        """Place the declared columns in their table; the model calls this once."""
        self._home = tables[self.table]
        for name, column in declared(type(self)).items():
            self._home.add_column(f"{self.name}.{name}", column)

    def find_column(self, name: str) -> tuple[Table, str]:
        """Where a column declared on this process lives."""
        return self._home, f"{self.name}.{name}"

    def may_write(self) -> frozenset[str]:
        """Everything this process may change: what it owns and what it declares."""
        if not self._may_write:
            own = {f"{self.table}.{self.name}.{column}" for column in declared(type(self))}
            self._may_write = frozenset(own.union(self.writes))
        return self._may_write

    @classmethod
    def check(cls, facts: Facts, city: City) -> None:
        """Stop when facts do not fit the city or each other; asked before a run writes anything."""

    def start(self, model: CityTwin) -> None:
        """Set the columns before the first step."""

    def step(self, model: CityTwin) -> None:
        """Live one month."""

    def mark(self, model: CityTwin) -> dict[str, np.ndarray]:
        """Who carries which mark of the census now, (citizens,) yes/no by name."""
        return {}

    def answers(self, model: CityTwin) -> dict[str, np.ndarray]:
        """The state (citizens,) that everybody's answer to a survey's question is heard through, by question."""
        return {}

    def memory(self) -> dict[str, Any]:
        """Arrays a process carries besides its columns, for checkpoints."""
        return {}

    def remember(self, memory: dict[str, Any]) -> None:
        """Take back what :meth:`memory` gave."""
