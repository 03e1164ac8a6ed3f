"""Minutes from each town to the nearest station, hospital, city hall: what a map of access draws."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from twin.city.city import City
from twin.facts import Facts
from twin.network.transit import Transit
from twin.travel.skims import skims
from twin.travel.ways import Ways
from twin.travel.zones import Zones

STATION = "station"
WITHOUT_A_CAR = ("rail", "bus", "walk")


def minutes_to(
    city: City, transit: Transit, facts: Facts, day: date, kind: str, *, period: str = "day",
    street_minutes: np.ndarray | None = None,
) -> Mapping[str, np.ndarray]:  # fmt: skip
    """Minutes from each town to the nearest place of a kind, with and without a car.

    Parameters
    ----------
    city, transit : the places and the networks
    facts, day : ``skims.*``
    kind : ``"station"``, or a kind of :class:`twin.city.city.Places` ("city hall", "hospital")
    period : of a weekday
    street_minutes : of each street section; when nobody is in the way if left out

    Returns
    -------
    minutes by ``"car"``, ``"bike"``, ``"walk"`` and ``"without a car"`` (the quickest of rail, bus and walking); nan
    everywhere when the city's folder knows no such place
    """
    here = _places(city, kind)
    if not len(here):
        unknown = np.full(len(city.towns.code), np.nan)
        return dict.fromkeys(("car", "bike", "walk", "without a car"), unknown)
    winding = facts.number("skims.winding", day)
    names = [f"{kind}-{row}" for row in range(len(here))]
    there = Zones.points(city.streets, names, here[:, 0], here[:, 1], np.zeros(len(here)), winding)
    towns = Zones.of(city, facts, day).first(len(city.towns.code))
    ways = Ways.of(city, transit, facts, day, towns.beside(there))
    found = skims(ways, "weekday", period, street_minutes)
    nearest = {
        mode: skim.minutes[: len(city.towns.code), len(city.towns.code) :].min(axis=1)
        for mode, skim in found.items()
    }
    return {
        "car": nearest["drive"], "bike": nearest["bike"], "walk": nearest["walk"],
        "without a car": np.min([nearest[mode] for mode in WITHOUT_A_CAR], axis=0),
    }  # fmt: skip


def _places(city: City, kind: str) -> np.ndarray:
    """Points of the places of a kind, (places, 2); stations of the city and just beyond."""
    if kind == STATION:
        return np.column_stack([city.stations.x, city.stations.y])
    mine = np.array([one == kind for one in city.places.kind], bool)
    return np.column_stack([city.places.x, city.places.y])[mine]
