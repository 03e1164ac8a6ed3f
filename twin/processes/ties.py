"""Ties follow: newcomers find people to listen to, and once a year everybody's circle is renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from twin.network.circles import TieFacts
from twin.processes.process import Process
from twin.units import FISCAL_YEAR_STARTS

if TYPE_CHECKING:
    from twin.model import CityTwin


class TiesUpkeep(Process):
    """Keeps the network in step with the people; owns no column, the ties are the model's."""

    name = "ties"
    facts: ClassVar[tuple[str, ...]] = TieFacts.KEYS

    def step(self, model: CityTwin) -> None:
        """In April renew all circles; in other months give the newcomers theirs."""
        facts = TieFacts.read(model.fact, model.table, model.curve)
        act = model.ties.renew if model.day.month == FISCAL_YEAR_STARTS else model.ties.extend
        act(model.citizens, model.city, facts, model.chance, model.month)
