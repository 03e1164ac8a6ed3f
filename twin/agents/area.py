"""Area: a neighbourhood as a Mesa agent, with its people of the month at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.agents.actor import Actor

if TYPE_CHECKING:
    from twin.model import CityTwin


class Area(Actor):
    """One area of the city: its people, and how far the small start has come there.

    Parameters
    ----------
    model : the city the area lies in
    row : its row in ``model.city.areas``
    """

    model: CityTwin

    def __init__(self, model: CityTwin, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.code = model.city.areas.code[row]
        self.name_ja = model.city.areas.name_ja[row]
        self.name_en = model.city.areas.name_en[row]
        self.ward = int(model.city.areas.ward[row])

    @property
    def people(self) -> int:
        """Residents at the end of the last month lived."""
        return int(self.model.census.people[self.row].sum())

    def share(self, quantity: str) -> float:
        """Share of residents who use a technology; nan in an empty area."""
        people = self.people
        return float(self.model.census.users(quantity)[self.row].sum() / people) if people else float("nan")

    @property
    def step(self) -> int:
        """STEP0 to STEP3 of the small start; 0 where services do not spread."""
        areas = self.model.state.tables["areas"]
        return int(areas.array("spread.reached")[self.row]) if "spread.reached" in areas.columns else 0

    def services(self, stage: int) -> tuple[str, ...]:
        """Ids of the area's own services at a stage (1 on trial, 2 live, 3 ended)."""
        areas = self.model.state.tables["areas"]
        if "spread.stage" not in areas.columns:
            return ()
        each = areas.columns["spread.stage"].each
        return tuple(
            s for s, at in zip(each, areas.array("spread.stage")[self.row], strict=True) if at == stage
        )

    @property
    def rows(self) -> np.ndarray:
        """Rows of the citizens who live here."""
        citizens = self.model.citizens
        return np.flatnonzero(citizens.here & (citizens.area == self.row))
