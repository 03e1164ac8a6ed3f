"""The mean day of a week as last solved, and what it means for a citizen."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.processes.mobility.record import AGES
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin
    from twin.processes.mobility.process import Mobility

_THOUSAND = 1000.0  # yen


@dataclass(frozen=True)
class Days:
    """The mean day of a week as last solved, of the whole city; ``c`` is 0 without and 1 with a car.

    Attributes
    ----------
    worth_of : (towns, c) yen that ways to get around are worth a trip, less those without any way
    saved : (towns, c) yen a trip the bundle saves
    driven : (towns, c, 2) share of trips by car, without and with the bundle
    first_worth, first_driven : (towns, c) and (towns,), as first solved
    trips : (areas, ages, modes) a day
    people : (areas, ages)
    worth : (areas, ages) yen a month of all of them
    rides : (areas, 4) on-demand rides a day asked for, served, refused, and minutes of waiting
    minutes : (areas, places, ways) to the nearest place
    totals : (modes, 4) a day: vehicle km, kWh, kg of carbon dioxide, yen paid
    monthly : (ages,) trips a month of a person
    """

    worth_of: np.ndarray
    saved: np.ndarray
    driven: np.ndarray
    first_worth: np.ndarray
    first_driven: np.ndarray
    trips: np.ndarray
    people: np.ndarray
    worth: np.ndarray
    rides: np.ndarray
    minutes: np.ndarray
    totals: np.ndarray
    monthly: np.ndarray

    def memory(self) -> dict[str, Any]:
        """All of it, for checkpoints."""
        return {f"days.{part.name}": getattr(self, part.name) for part in fields(self)}

    @classmethod
    def of(cls, memory: dict[str, Any]) -> Days:
        """The days that gave ``memory``."""
        return cls(**{part.name: memory[f"days.{part.name}"] for part in fields(cls)})

    def felt(self, model: CityTwin, rows: slice, life: Mobility) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Gain, ease and trips by car of rows of citizens, as the columns of the process have them."""
        people, c = model.citizens, life.car[rows].astype(int)
        town, trips = people.town[rows], self.monthly[age_group(model, rows)]
        gain = trips * self.saved[town, c]
        ease = trips * (self.worth_of - self.first_worth)[town, c]
        subscribed = life.subscribed[rows]
        ease += np.where(subscribed, np.maximum(gain - model.fact("travel.subscription.fee"), 0), 0)
        driven = self.driven[town, c, subscribed.astype(int)] - self.first_driven[town]
        return gain, ease / _THOUSAND, driven

    def without_a_car(self, model: CityTwin) -> np.ndarray:
        """Yen a month by which going without a car is better than when first solved, (citizens,)."""
        trips = self.monthly[age_group(model, slice(None))]
        return trips * (self.worth_of - self.first_worth)[model.citizens.town, 0]


def age_group(model: CityTwin, rows: slice | np.ndarray) -> np.ndarray:
    """Place of the rows' age group among :data:`AGES`."""
    age = (model.month - model.citizens.born[rows].astype(int)) // MONTHS_A_YEAR
    return np.searchsorted(list(AGES.values()), age, side="right").clip(1) - 1
