"""Mesa's words over columns: select, agg, groupby on citizens and businesses.

>>> from twin.agents import Citizens
>>> from twin.state import State
>>> citizens = Citizens()
>>> state = State([citizens])
>>> with state.writing_all():
...     rows = citizens.append(4)
...     citizens.here[rows] = True
...     citizens.sex[rows] = [0, 1, 1, 0]
...     citizens.income[rows] = [1, 2, 4, 5]
>>> women = select(citizens, lambda c: c.sex == 1)
>>> len(women), float(women.agg("income", np.mean))
(2, 3.0)
>>> {int(sex): len(part) for sex, part in select(citizens).groupby("sex")}
{0: 2, 1: 2}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from twin.state import Table


class Selection:
    """Some rows of a table, answering like a Mesa AgentSet."""

    def __init__(self, table: Table, rows: np.ndarray) -> None:
        self.table, self.rows = table, rows

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, column: str) -> np.ndarray:
        """Values of a column in the selected rows."""
        return self.table.array(column)[self.rows]

    def agg(self, column: str, function: Callable[[np.ndarray], Any]) -> Any:
        """One number from a column's values, for example ``agg("income", np.mean)``."""
        return function(self.get(column))

    def select(self, rule: Callable[[Selection], np.ndarray]) -> Selection:
        """The selected rows for which ``rule(selection)`` is true."""
        return Selection(self.table, self.rows[rule(self)])

    def groupby(self, column: str) -> Iterator[tuple[Any, Selection]]:
        """Pairs of a value and the rows that have it, in order of value."""
        values = self.get(column)
        for value in np.unique(values):
            yield value, Selection(self.table, self.rows[values == value])

    def __getattr__(self, name: str) -> np.ndarray:
        if name in self.table.columns:
            return self.get(name)
        raise AttributeError(name)


def select(table: Table, rule: Callable[[Selection], np.ndarray] | None = None) -> Selection:
    """Rows of a table: all who are here (where the table knows that), or those a rule picks."""
    rows = np.flatnonzero(table.array("here")) if "here" in table.columns else np.arange(table.rows)
    everyone = Selection(table, rows)
    return everyone.select(rule) if rule else everyone
