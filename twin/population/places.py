"""Which town a household lives in.

Town totals follow ``city.towns.people`` (a weight, measured or modelled by the city) inside the ward.
Larger households are laid along the ward in random order and cut where a town is full; households of
one person fill what is left, so that town totals come out exactly wherever singles suffice. Who lives
in which town is otherwise not modelled: every town of a ward has about the ward's mix.
"""

from __future__ import annotations

import numpy as np

from twin.chance import Chance
from twin.city.city import City
from twin.population.rounding import whole


def town_totals(city: City, people_by_ward: np.ndarray) -> np.ndarray:
    """People wanted in each town, whole numbers with the ward totals exact (i8, (towns,))."""
    totals = np.zeros(len(city.towns.code), np.int64)
    for ward, people in enumerate(people_by_ward):
        here = np.flatnonzero(city.towns.ward == ward)
        totals[here] = whole(city.towns.people[here], int(people))
    return totals


def place_households(
    city: City, ward: np.ndarray, size: np.ndarray, wanted: np.ndarray, chance: Chance
) -> np.ndarray:
    """Town row of every household (i8).

    Parameters
    ----------
    ward, size : of each household
    wanted : people wanted in each town, with ward totals those of the households
    """
    town = np.full(len(ward), -1)
    queue = chance.order("synthesis: town", 0, np.arange(len(ward)))
    for row in range(len(city.wards.code)):
        towns = np.flatnonzero(city.towns.ward == row)
        here = np.flatnonzero(ward == row)
        here = here[np.argsort(queue[here], kind="stable")]
        large, single = here[size[here] > 1], here[size[here] == 1]
        town[large] = towns[_along(size[large], wanted[towns])]
        left = wanted[towns] - _people_in(town[large], size[large], len(wanted))[towns]
        room = np.maximum(left, 0)
        if room.sum() != len(single):
            room = whole(np.maximum(room, 1e-9), len(single))
        town[single] = np.repeat(towns, room)
    return town


def _along(size: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Which town each household falls in when laid end to end along towns of given people."""
    if not len(size):
        return np.zeros(0, np.int64)
    ends = np.cumsum(wanted) / max(wanted.sum(), 1) * size.sum()
    middle = np.cumsum(size) - size / 2
    return np.searchsorted(ends, middle, side="right").clip(max=len(wanted) - 1)


def _people_in(town: np.ndarray, size: np.ndarray, towns: int) -> np.ndarray:
    """People of the given households by town (i8)."""
    return np.bincount(town, weights=size, minlength=towns).astype(np.int64)
