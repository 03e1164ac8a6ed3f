"""Mesa's agent as ours inherit it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from weakref import WeakKeyDictionary

import mesa


class _Counters(WeakKeyDictionary):
    """A counter of ids for each model, for as long as the model is in use."""

    def __getitem__(self, model: mesa.Model) -> Iterator[int]:
        if model not in self:
            self[model] = count(1)
        return super().__getitem__(model)


class Actor(mesa.Agent):
    """A Mesa agent whose class does not keep its model.

    Mesa 3.3 counts ids in a dictionary of the class, with the model as key, so no model of a process is
    ever freed: hundreds of runs in one process then fill the memory.
    """

    _ids = _Counters()
