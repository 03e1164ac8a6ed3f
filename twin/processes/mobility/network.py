"""The ways of the month: skims of a kind of day, where trips of a town go, minutes to the nearest places.

They hang on the city, the runs an hour and the facts of streets and lines alone, and are kept while those stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.city.supply import supply
from twin.processes.mobility.record import PLACES, WAYS
from twin.travel.nearest import minutes_to
from twin.travel.skims import skims
from twin.travel.ways import Ways

if TYPE_CHECKING:
    from twin.model import CityTwin
    from twin.network.transit import Transit
    from twin.processes.mobility.offered import Offered
    from twin.travel.skim import Skim

PERIOD = "day"  # of a day whose runs an hour all trips meet
_HOUR = 60.0


def ways_of(model: CityTwin, now: Offered, kind: str) -> tuple[Ways, dict[str, Skim]]:
    """Networks and the ways by each mode between all zones on a kind of day."""

    def look() -> tuple[Ways, dict[str, Skim]]:
        ways = Ways.of(model.city, _transit(model, now), model.facts, model.day)
        return ways, skims(ways, kind, PERIOD)

    return _kept(model, now, f"ways on a {kind}", look)


def goes(model: CityTwin, minutes: np.ndarray) -> np.ndarray:
    """Where trips of a town go, (towns, zones), rows sum to 1.

    By gravity on residents and persons engaged in businesses; beyond the city goes a part that is a fact.

    Parameters
    ----------
    minutes : (towns, zones) by car on empty roads
    """
    people, firms, towns = model.citizens, model.businesses, len(model.city.towns.code)
    engaged = np.bincount(firms.town[firms.here], firms.employees[firms.here], towns)
    weight = np.bincount(people.town[people.here], minlength=towns) + engaged
    pull = np.exp(-minutes / model.fact("mobility.gravity"))
    inside = pull[:, :towns] * weight
    if minutes.shape[1] == towns:
        return inside / inside.sum(axis=1, keepdims=True)
    outside, out = pull[:, towns:], model.fact("mobility.outside")
    parts = [(inside, 1 - out), (outside, out)]
    return np.concatenate([part / part.sum(axis=1, keepdims=True) * share for part, share in parts], axis=1)


def minutes_to_places(model: CityTwin, now: Offered, people: np.ndarray, wait: np.ndarray) -> np.ndarray:
    """Minutes to the nearest places, mean of the residents of each area, (areas, places, ways); nan where there is none.

    Parameters
    ----------
    people : (towns,) residents
    wait : (areas,) minutes until an on-demand vehicle comes, infinite where none runs
    """

    def look() -> np.ndarray:
        transit = _transit(model, now)
        found = [minutes_to(model.city, transit, model.facts, model.day, place) for place in PLACES]
        return np.array([[one[way] for way in WAYS] for one in found])

    by_town = _kept(model, now, "minutes to places", look).copy()
    area, areas = model.city.towns.area, len(model.areas)
    ride = wait[area] + by_town[:, 1] * model.fact("travel.fleet.detour")
    near = by_town[:, 1] <= _HOUR * model.fact("mobility.reach") / model.fact("travel.fleet.speed")
    by_town[:, 0] = np.where(near, np.fmin(by_town[:, 0], ride), by_town[:, 0])
    weight = np.maximum(np.bincount(area, people, areas), 1e-9)
    means = [[np.bincount(area, people * way, areas) / weight for way in place] for place in by_town]
    return np.array(means).transpose(2, 0, 1)


def vehicle_km(model: CityTwin, now: Offered, kind: str, mode: str) -> float:
    """Kilometres the vehicles of rail or bus run on a kind of day."""
    return float(_transit(model, now).vehicle_km(kind, mode))


def _transit(model: CityTwin, now: Offered) -> Transit:
    """The city's public transport with as many runs as are offered."""
    plain = supply(model.city, model.facts, model.day)
    return replace(plain, trips=plain.trips * now.frequency[plain.mode][:, None, None])


def _kept(model: CityTwin, now: Offered, what: str, look: Callable[[], Any]) -> Any:
    """What was worked out with the same runs an hour and the same facts, or else worked out now."""
    facts, kept = model.facts, model.facts.kept
    read = tuple(str(facts[key].on(model.day)) for key in facts if key.startswith(("skims.", "transit.")))
    key = ("mobility", what, model.city.sha256, now.frequency.tobytes(), model.fact("travel.fleet.speed"))
    if kept.get((*key, "read")) != read:
        kept[(*key, "read")], kept[key] = read, look()
    return kept[key]
