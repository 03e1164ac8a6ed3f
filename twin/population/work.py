"""Who works where: residents matched to places in the city's establishments.

Between areas a doubly constrained gravity model: workers by home area and places by area are given, the
seed falls with distance as exp(-d / reach). Residents take the same share of places everywhere; the
places left are filled by people who commute in and are not citizens. Inside an area places are
drawn at random. Occupation and industry of a person are not modelled.
"""

from __future__ import annotations

import numpy as np

from twin.chance import Chance
from twin.city.city import City
from twin.population.fit import WHOLE, Margin, fit
from twin.population.rounding import controlled, whole

_SAME_AREA = 128 / (45 * np.pi)  # mean distance of two points in a circle, in radii


def match_workers(
    home_area: np.ndarray, ids: np.ndarray, employees: np.ndarray, work_area: np.ndarray, city: City,
    reach: float, chance: Chance,
) -> np.ndarray:  # fmt: skip
    """Business row for every worker, -1 for those beyond the number of places (i8).

    Parameters
    ----------
    home_area, ids : of each resident who works in the city
    employees, work_area : places and area of each business
    reach : metres over which the pull of a workplace falls to 1/e
    """
    queue = chance.order("synthesis: workplace", 0, ids)
    chosen = np.argsort(queue, kind="stable")[: employees.sum()]
    work = np.full(len(ids), -1)
    if not len(chosen):
        return work
    areas = len(city.areas.code)
    homes = np.bincount(home_area[chosen], minlength=areas)
    places = np.bincount(work_area, weights=employees, minlength=areas).astype(np.int64)
    flows = commuting_flows(homes, places, city, reach, chance)
    chosen = chosen[np.lexsort((queue[chosen], home_area[chosen]))]
    goes = np.repeat(np.tile(np.arange(areas), areas), flows.ravel())
    mixed = chance.order("synthesis: workplace inside the area", 0, ids)
    chosen = chosen[np.lexsort((mixed[chosen], goes))]
    seats = _seats(employees, work_area, chance)
    first = np.concatenate([[0], np.cumsum(places)])[:-1]
    into = flows.sum(axis=0)
    rank = np.arange(len(chosen)) - np.repeat(np.cumsum(into) - into, into)
    work[chosen] = seats[np.repeat(first, into) + rank]
    return work


def commuting_flows(
    homes: np.ndarray, places: np.ndarray, city: City, reach: float, chance: Chance
) -> np.ndarray:
    """Workers by home area and work area (i8), never more than the places of an area."""
    into = whole(places, int(homes.sum()))
    x, y = city.areas.x, city.areas.y
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(distance, _SAME_AREA * _area_radius(city))
    seed = np.exp(-distance / reach)
    margins = [
        Margin("workers by home area", homes, axes=(0,)),
        Margin("workers by work area", into, axes=(1,)),
    ]
    draws = chance.uniform("synthesis: round commuting", 0, np.arange(seed.size))
    return controlled(fit(seed, margins, enough=WHOLE), margins, draws)


def _area_radius(city: City) -> np.ndarray:
    """Radius in metres of a circle as large as the towns of each area together (f8)."""
    square = np.bincount(city.towns.area, weights=city.towns.radius**2, minlength=len(city.areas.code))
    return np.sqrt(square)


def _seats(employees: np.ndarray, work_area: np.ndarray, chance: Chance) -> np.ndarray:
    """Every place as its business row, by area, shuffled inside the area (i8)."""
    seats = np.repeat(np.arange(len(employees)), employees)
    order = chance.order("synthesis: place at work", 0, np.arange(len(seats)))
    return seats[np.lexsort((order, work_area[seats]))]
