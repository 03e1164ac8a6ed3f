"""Declared columns: what is known of every citizen, household and business.

The class body is the data model. Arrays are bare NumPy and read-only except inside
:meth:`State.writing`, so a process cannot change what it has not declared.

>>> class Citizens(Table):
...     name = "citizens"
...     born = Column("i2", "month number", "month of birth")
>>> citizens = Citizens()
>>> state = State([citizens])
>>> with state.writing("example", {"citizens.born"}):
...     rows = citizens.append(3)
...     citizens.born[rows] = 1200
>>> citizens.born
array([1200, 1200, 1200], dtype=int16)

Rows keep their place within a fiscal year; :meth:`State.compact` closes the gaps left by those who
went. A row is only an address: identity is the ``id`` column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from twin.errors import CheckpointError, StateError

_SPARE = 0.02  # room kept for newcomers when a table must grow


@dataclass(eq=False)
class Column:
    """One declared column.

    Parameters
    ----------
    dtype : NumPy type, as small as the range allows
    unit : unit or kind of the value ("month number", "yes/no", "share")
    about : what it means, one line of English
    low, high : allowed range, checked by :meth:`State.check`
    start : value of new rows
    refers : name of the table whose row numbers this column holds; -1 means none
    each : labels of a second axis; the array then is (rows, len(each))
    """

    dtype: str
    unit: str
    about: str
    low: float | None = None
    high: float | None = None
    start: Any = 0
    refers: str | None = None
    each: tuple[str, ...] = ()
    name: str = field(default="", init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, holder: Any, owner: type) -> Any:
        if holder is None:
            return self
        table, key = holder.find_column(self.name)
        return table.array(key)

    def __set__(self, holder: Any, value: Any) -> None:
        raise StateError("state.whole_column", name=self.name)


def declared(holder: type) -> dict[str, Column]:
    """Columns in a class body and its parents, by name."""
    found: dict[str, Column] = {}
    for cls in reversed(holder.__mro__):
        found |= {k: v for k, v in vars(cls).items() if isinstance(v, Column)}
    return found


class Table:
    """Rows of one kind of thing, held as columns. Subclass it and declare the columns."""

    name = ""

    def __init__(self) -> None:
        self.rows = 0
        self._capacity = 0
        self._columns: dict[str, Column] = {}
        self._store: dict[str, np.ndarray] = {}
        self._views: dict[str, np.ndarray] = {}  # of the rows and what is open now
        self._open: frozenset[str] = frozenset()
        for name, column in declared(type(self)).items():
            self.add_column(name, column)

    def find_column(self, name: str) -> tuple[Table, str]:
        """Where a column declared on this class lives (itself)."""
        return self, name

    def add_column(self, key: str, column: Column) -> None:
        """Add a declared column; a process's column is keyed ``"process.column"``."""
        self._columns[key] = column
        self._store[key] = self._blank(column, self._capacity)
        self._views.pop(key, None)

    @property
    def columns(self) -> Mapping[str, Column]:
        """All columns of the table by key, those of processes included."""
        return self._columns

    def array(self, key: str) -> np.ndarray:
        """The values of a column, shape (rows,) or (rows, len(each)); read-only unless opened."""
        if key not in self._views:
            if key not in self._store:
                raise StateError("state.no_column", table=self.name, column=key)
            self._views[key] = self._store[key][: self.rows]
            self._views[key].flags.writeable = key in self._open
        return self._views[key]

    @property
    def open(self) -> frozenset[str]:
        """Columns that may be written now."""
        return self._open

    @open.setter
    def open(self, keys: frozenset[str]) -> None:
        for key in keys ^ self._open:
            self._views.pop(key, None)
        self._open = keys

    def append(self, count: int) -> slice:
        """Add ``count`` rows with start values and return where they are."""
        first, self.rows = self.rows, self.rows + int(count)
        self._views.clear()
        if self.rows > self._capacity:
            self._grow(int(self.rows * (1 + _SPARE)) + 64)
        for key, column in self._columns.items():
            self._store[key][first : self.rows] = column.start
        return slice(first, self.rows)

    def reserve(self, rows: int) -> None:
        """Make room for ``rows`` rows in all, so that appending does not copy."""
        if rows > self._capacity:
            self._grow(rows)

    def keep(self, order: np.ndarray) -> np.ndarray:
        """Keep only the rows in ``order``, in that order; return old row -> new row, -1 if gone."""
        moved = np.full(self.rows, -1, np.int32)
        moved[order] = np.arange(len(order), dtype=np.int32)
        for values in self._store.values():
            values[: len(order)] = values.take(order, axis=0)  # much faster than values[order] on two axes
        self.rows = len(order)
        self._views.clear()
        return moved

    def _blank(self, column: Column, rows: int) -> np.ndarray:
        return np.full((rows, len(column.each)) if column.each else rows, column.start, column.dtype)

    def _grow(self, capacity: int) -> None:
        for key, column in self._columns.items():
            larger = self._blank(column, capacity)
            larger[: self._capacity] = self._store[key]
            self._store[key] = larger
        self._capacity = capacity
        self._views.clear()


class State:
    """All tables of a run: who may write, whether values are in range, saving and restoring."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.tables = {table.name: table for table in tables}

    def __getitem__(self, path: str) -> np.ndarray:
        """A column by ``"table.column"`` or ``"table.process.column"``."""
        table, _, key = path.partition(".")
        return self.tables[table].array(key)

    @contextmanager
    def writing(self, who: str, columns: Iterable[str]) -> Iterator[None]:
        """Open the columns a process owns or declares, given as ``"table.column"``."""
        wanted: dict[str, set[str]] = {}
        for path in columns:
            home, _, key = path.partition(".")
            if home not in self.tables or key not in self.tables[home].columns:
                raise StateError("state.not_owner", process=who, columns=path)
            wanted.setdefault(home, set()).add(key)
        before = {name: table.open for name, table in self.tables.items()}
        for name, keys in wanted.items():
            self.tables[name].open |= keys
        try:
            yield
        finally:
            for name, table in self.tables.items():
                table.open = before[name]

    def writing_all(self) -> Any:
        """Open everything; for synthesis and for restoring, never for a process."""
        return self.writing("all", [f"{t.name}.{key}" for t in self.tables.values() for key in t.columns])

    def compact(self, name: str, order: np.ndarray) -> np.ndarray:
        """Keep the given rows of a table in the given order and mend every reference to it."""
        moved = self.tables[name].keep(order)
        for table in self.tables.values():
            for key, column in table.columns.items():
                if column.refers == name:
                    values = table._store[key][: table.rows]
                    here = values >= 0
                    values[here] = moved[values[here]]
        return moved

    def check(self) -> None:
        """Stop at the first column with a value outside its declared range."""
        for table in self.tables.values():
            for key, column in table.columns.items():
                _check_range(table, key, column)

    def describe(self) -> list[dict[str, str]]:
        """One row per column: table, column, type, unit, range, meaning, bytes per row."""
        rows = []
        for table in self.tables.values():
            for key, column in table.columns.items():
                low, high = ("" if end is None else str(end) for end in (column.low, column.high))
                rows.append(
                    {
                        "table": table.name,
                        "column": key,
                        "type": np.dtype(column.dtype).name
                        + (f" x {len(column.each)}" if column.each else ""),
                        "unit": column.unit,
                        "range": f"{low} .. {high}".strip() if low or high else "",
                        "about": column.about,
                        "bytes": str(np.dtype(column.dtype).itemsize * max(1, len(column.each))),
                    }
                )
        return rows

    def arrays(self) -> dict[str, np.ndarray]:
        """Every column as ``"table.column"`` -> array: the whole memory of a run, for saving."""
        return {f"{t.name}.{key}": t.array(key) for t in self.tables.values() for key in t.columns}

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Put back what :meth:`arrays` gave."""
        if set(arrays) != set(self.arrays()):
            odd = sorted(set(arrays) ^ set(self.arrays()))
            raise CheckpointError("checkpoint.other_columns", columns=", ".join(odd[:8]))
        for table in self.tables.values():
            keys = list(table.columns)
            table.rows = 0
            table.append(len(arrays[f"{table.name}.{keys[0]}"]))
            for key in keys:
                table._store[key][: table.rows] = arrays[f"{table.name}.{key}"]


def _check_range(table: Table, key: str, column: Column) -> None:
    if column.low is None and column.high is None:
        return
    values = table.array(key)
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    bad = ~((values >= low) & (values <= high))
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        raise StateError(
            "state.outside", table=table.name, column=key, count=int(bad.sum()), low=column.low,
            high=column.high, unit=column.unit, row=first[0], value=values[first],
        )  # fmt: skip
