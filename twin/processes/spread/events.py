"""What happens, written down: a stage, a link or a step changes only because an event says so.

Every event is a row of the ledger's notes: month, ``event_<kind>``, area, service, value. :func:`replay` makes
the flags again from those rows alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from twin.processes.spread.services import SERVICES
from twin.processes.spread.stages import ENDED, LIVE, TRIAL

PREFIX = "event_"
HERE, VACANT = 1, 2  # of an architect's post; 0 is none yet
_SETS: dict[str, tuple[tuple[str, int], ...]] = {
    "trial": (("stage", TRIAL),),
    "live": (("stage", LIVE),),
    "failed": (("stage", ENDED), ("linked", 0)),
    "ended_money": (("stage", ENDED), ("linked", 0)),
    "ended_users": (("stage", ENDED), ("linked", 0)),
    "linked": (("linked", 1),),
    "architect_came": (("architect", HERE),),
    "architect_left": (("architect", VACANT),),
    "federated": (("federated", 1),),
    "independent": (("independent", 1),),
    "dependent": (("independent", 0),),
}
_TAKES = {"copied": "origin", "step": "reached"}  # columns that become the event's value
_CITY = ("os_begun", "os_live", "os_down", "outage")  # events of the city as a whole
KINDS = (*_SETS, *_TAKES, *_CITY)
FLAGS = {
    "stage": np.uint8, "linked": np.bool_, "origin": np.int16, "architect": np.uint8, "federated": np.bool_,
    "independent": np.bool_, "reached": np.uint8,
}  # fmt: skip
_OF_SERVICES = ("stage", "linked", "origin")


class Event(NamedTuple):
    """One event; ``area`` and ``service`` are rows, -1 for the city or for all services."""

    month: int
    kind: str
    area: int
    service: int
    value: float = 0.0


def apply(flag: Callable[[str], np.ndarray], event: Event) -> None:
    """Change the flags an event speaks of; ``flag`` gives the column of a name."""
    where = event.area if event.service < 0 else (event.area, event.service)
    for name, value in _SETS.get(event.kind, ()):
        flag(name)[where] = value
    if event.kind in _TAKES:
        flag(_TAKES[event.kind])[where] = event.value


def blank(areas: int) -> dict[str, np.ndarray]:
    """Flags before anything has happened."""
    shape = {name: (areas, len(SERVICES)) if name in _OF_SERVICES else (areas,) for name in FLAGS}
    return {name: np.full(shape[name], -1 if name == "origin" else 0, kind) for name, kind in FLAGS.items()}


def replay(
    notes: Iterable[tuple[int, str, str, str, float, str]],
    codes: tuple[str, ...],
    before: dict[str, np.ndarray] | None = None,
) -> dict[str, np.ndarray]:
    """The flags that a ledger's notes lead to; notes of anything else are passed over.

    ``before`` are the flags that earlier notes led to, changed in place; without them nothing had happened.
    """
    columns = blank(len(codes)) if before is None else before
    row = {code: n for n, code in enumerate(codes)}
    column = {name: n for n, name in enumerate(SERVICES)}
    for month, name, area, group, value, _ in notes:
        if name.startswith(PREFIX):
            kind = name.removeprefix(PREFIX)
            event = Event(month, kind, row.get(area, -1), column.get(group, -1), value)
            apply(columns.__getitem__, event)
    return columns
