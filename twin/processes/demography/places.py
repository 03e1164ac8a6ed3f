"""Where people move to: the pull of areas, and how a ring of hashes makes a choice lasting.

An area draws movers in proportion to the dwellings that fall free there, for which the registered
arrivals of its ward stand, less with distance. Large housing projects come at random, lift the pull
of their ward for some years and take from the others: ward totals become lumpy, the city's does not.

Whoever must choose among people or households that come and go picks the next one clockwise on a
ring of hashed ids, so that one candidate more changes only the choices that land on it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from twin.chance import Chance
from twin.city.city import City
from twin.processes.demography.rates import Reader, ward_table
from twin.units import MONTHS_A_YEAR, share_per_step

_CODES = 100_000  # larger than any municipality code, so that month and ward make one name
_CLASS_BITS = np.uint64(48)  # low bits of a ring position: the hash; above them: the class


class Places:
    """Towns to move to from each area in one month.

    Parameters
    ----------
    city : the city
    pull : (wards,) relative number of dwellings that fall free, whole ward
    reach : metres over which the pull falls to 1/e
    """

    def __init__(self, city: City, pull: np.ndarray, reach: float) -> None:
        self.city = city
        towns, areas = city.towns, city.areas
        people = np.bincount(towns.area, towns.people, minlength=len(areas.code))
        ward_people = np.bincount(areas.ward, people, minlength=len(city.wards.code))
        away = np.hypot(areas.x[:, None] - areas.x, areas.y[:, None] - areas.y)
        weight = (pull / ward_people)[areas.ward] * people * np.exp(-away / reach)
        self._area = np.cumsum(weight, axis=1) / weight.sum(axis=1)[:, None]
        self._by_area = _Nested(towns.area, towns.people, len(areas.code))
        self._by_ward = _Nested(towns.ward, towns.people, len(city.wards.code))

    def from_area(self, area: np.ndarray, which: np.ndarray, where: np.ndarray) -> np.ndarray:
        """Town rows for movers from areas, by two uniform numbers each: the area, the town in it."""
        chosen = (self._area[area] <= which[:, None]).sum(axis=1).clip(max=self._area.shape[1] - 1)
        return self._by_area.pick(chosen, where)

    def in_ward(self, ward: np.ndarray, where: np.ndarray) -> np.ndarray:
        """Town rows for arrivals in wards, by a uniform number each."""
        return self._by_ward.pick(ward, where)


class _Nested:
    """Draws a member of a group in proportion to a weight."""

    def __init__(self, group: np.ndarray, weight: np.ndarray, groups: int) -> None:
        self.order = np.argsort(group, kind="stable")
        sums = np.bincount(group, weight, minlength=groups)
        inside = np.cumsum(weight[self.order]) - (np.cumsum(sums) - sums)[group[self.order]]
        self.position = group[self.order] + inside / sums[group[self.order]]
        self.last = np.cumsum(np.bincount(group, minlength=groups)) - 1

    def pick(self, group: np.ndarray, draw: np.ndarray) -> np.ndarray:
        found = np.searchsorted(self.position, group + draw, side="right")
        return self.order[np.minimum(found, self.last[group])]


class Ring:
    """Candidates in classes on a ring of hashed ids, for choices that last.

    Parameters
    ----------
    kind : (candidates,) class 0..65535, for example an age or an area
    word : (candidates,) u8, random words of the candidates' ids
    """

    def __init__(self, kind: np.ndarray, word: np.ndarray) -> None:
        position = _position(kind, word)
        self.order = np.argsort(position, kind="stable")
        self.position = position[self.order]

    def at(self, kind: np.ndarray, word: np.ndarray) -> np.ndarray:
        """Place in ``order`` of the next candidate clockwise; the next class when none is left."""
        return np.searchsorted(self.position, _position(kind, word)) % len(self.order)

    def pick(self, kind: np.ndarray, word: np.ndarray) -> np.ndarray:
        """Index of the next candidate clockwise."""
        return self.order[self.at(kind, word)]


def _position(kind: np.ndarray, word: np.ndarray) -> np.ndarray:
    return (np.asarray(kind).astype(np.uint64) << _CLASS_BITS) | (word >> np.uint64(16))


def pull_of_wards(model: Any) -> np.ndarray:
    """Registered arrivals by ward, lifted by the housing projects that are filling, (wards,)."""
    codes = model.city.wards.code
    pull = ward_table(model, "demography.arrivals.registered", codes)
    if not model.on("demography.housing_shocks"):
        return pull
    lift = housing_lift(model, model.chance, codes, model.month)
    lifted = pull * (1 + lift)
    return lifted * (pull.sum() / lifted.sum())


def housing_lift(read: Reader, chance: Chance, codes: tuple[str, ...], month: int) -> np.ndarray:
    """Rise of each ward's pull by the projects begun in the last months, compound Poisson, (wards,).

    A month's projects are drawn by ward and month of their beginning, so the answer needs no memory.
    """
    begun = np.arange(month - int(read.fact("demography.housing.months")) + 1, month + 1)
    names = np.add.outer(begun * _CODES, [int(code) for code in codes])
    begins = share_per_step(read.fact("demography.housing.projects"), 1 / MONTHS_A_YEAR)
    happens = chance.uniform("demography: housing project", 0, names.ravel()) < begins
    size = -np.log1p(-chance.uniform("demography: housing size", 0, names.ravel()))
    size *= read.fact("demography.housing.size")
    return np.where(happens, size, 0.0).reshape(names.shape).sum(axis=0)
