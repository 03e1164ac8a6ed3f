"""What is offered to get around: bundles and on-demand vehicles by area, fares, runs; and whether it has changed.

Where the catalogue's on-demand service is live - in the whole city, or in an area of its own by the spread of
services - the area has vehicles for its residents. Where an area's own mobility app is live, it sells the bundle to
as many residents; the city's app tells of ways and sells none.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from twin.processes.offer import supply

if TYPE_CHECKING:
    from twin.model import CityTwin

RIDE, APP = "on_demand_transport", "maas_app"  # services of the catalogue that carry vehicles and the bundle
PAID = ("taxi", "rail", "bus")  # modes whose fares a city can bear on
RUN = ("rail", "bus")  # and whose runs


@dataclass(frozen=True)
class Offered:
    """A month's supply.

    Attributes
    ----------
    vehicles : (areas,) on-demand vehicles on the road (f8, whole)
    bundle : (areas,) share of residents the bundle is open to
    fare : (1,) yen of an on-demand ride
    fares : (3,) factor on the fares of :data:`PAID`
    frequency : (2,) factor on the runs of :data:`RUN`
    discount : (4,) share a subscriber does not pay of the fares of :data:`PAID` and of on-demand rides
    """

    vehicles: np.ndarray
    bundle: np.ndarray
    fare: np.ndarray
    fares: np.ndarray
    frequency: np.ndarray
    discount: np.ndarray

    @property
    def numbers(self) -> np.ndarray:
        """All of it in a row."""
        return np.concatenate([getattr(self, part.name) for part in fields(self)])


def residents(model: CityTwin) -> np.ndarray:
    """People of the last census by area, of the whole city whatever the fraction (areas,) f8."""
    return model.census.people.sum(axis=1) / model.fraction


def offered(model: CityTwin, residents: np.ndarray) -> Offered:
    """What the facts and the live services of the month make of it, for so many people of each area."""
    ride, bundle = _live(model)
    return Offered(
        np.maximum(
            _by_area(model, "mobility.vehicles"),
            np.floor(ride * residents / model.fact("mobility.per_vehicle")),
        ),
        np.maximum(_by_area(model, "mobility.bundle"), bundle),
        np.array([model.fact("mobility.fare")]),
        _by_mode(model, "mobility.fares", PAID),
        _by_mode(model, "mobility.frequency", RUN),
        _by_mode(model, "mobility.discount", (*PAID, "on_demand")),
    )


def _live(model: CityTwin) -> tuple[np.ndarray, np.ndarray]:
    """Share of each area's residents that live services are there for: on-demand rides, the bundle."""
    nought = np.zeros(len(model.areas))
    if not model.on("mobility.services"):
        return nought, nought
    own = {service: there for service, (there, _) in supply(model).items()}
    ride = np.maximum(model.entry("services.live", RIDE), own.get(RIDE, nought))
    return ride, own.get(APP, nought)


def moved(now: np.ndarray, before: np.ndarray) -> float:
    """The largest change of any part of the supply, relative to what it was; 1 for what is new or gone."""
    known = np.maximum(np.abs(now), np.abs(before))
    return float(
        np.divide(np.abs(now - before), known, out=np.zeros(len(now)), where=known > 0).max(initial=0.0)
    )


def _by_area(model: CityTwin, key: str) -> np.ndarray:
    table = model.table(key)
    return np.array([table.get(code, 0.0) for code in model.city.areas.code])


def _by_mode(model: CityTwin, key: str, modes: tuple[str, ...]) -> np.ndarray:
    return np.array([model.entry(key, mode) for mode in modes])
