"""What the areas live in: residents, what they use and feel, where they live; read from the month's census."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.agents.team import KINDS
from twin.kernels.adoption import public
from twin.processes.spread.elsewhere import working_elsewhere
from twin.processes.spread.reference import difference, standard, weights
from twin.processes.spread.services import SPREADING
from twin.results.census import QUANTITIES, TECHNOLOGIES, groups_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.model import CityTwin

_OLD = groups_in("65+")
_PEOPLE_A_GROUP = 500  # residents to a neighbourhood association or other local group
_KM = 1000.0
_TRADES = {
    "businesses": "EGIJKLMNR",
    "transport": "H",
    "medical": "P",
    "schools": "O",
}  # industries by letter


@dataclass(frozen=True)
class Around:
    """The month around the services.

    Attributes
    ----------
    people : (areas,) residents, of the whole city whatever the fraction simulated
    use : (areas, services) share of residents using the technology that carries each service; 1 for what
        serves everybody
    felt : (areas,) share of residents who feel that technology makes life more convenient
    """

    people: np.ndarray
    use: np.ndarray
    felt: np.ndarray


def around(model: CityTwin) -> Around:
    """Read the last census."""
    counted = dict(zip(QUANTITIES, model.census.counts.sum(axis=1).T, strict=True))
    residents = counted["people"]
    people = np.maximum(residents, 1)
    users = np.stack([counted[name] for name in TECHNOLOGIES], axis=1) / people[:, None]
    use = np.where(SPREADING.technology < 0, 1.0, users[:, np.maximum(SPREADING.technology, 0)])
    return Around(residents / model.fraction, use, counted["convenient"] / people)


def both_used(model: CityTwin) -> np.ndarray:
    """Share of residents who use two technologies, (areas, technologies, technologies); by person where they live.

    Without citizens, uses are taken to be independent.
    """
    areas, kinds = len(model.areas), len(TECHNOLOGIES)
    people = model.citizens
    if not people.here.any() or "adoption.stage" not in people.columns:
        census = model.census
        count = np.maximum(census.people.sum(axis=1), 1)
        share = np.stack([census.users(name).sum(axis=1) for name in TECHNOLOGIES], axis=1) / count[:, None]
        both = share[:, :, None] * share[:, None, :]
        both[:, np.arange(kinds), np.arange(kinds)] = share
        return both
    rows = np.flatnonzero(people.here)
    word, area = public(people.here, people.array("adoption.stage"))[rows], people.area[rows].astype(np.int64)
    count = np.maximum(np.bincount(area, minlength=areas), 1)
    both = np.zeros((areas, kinds, kinds))
    wanted = np.unique(SPREADING.technology[SPREADING.technology >= 0])
    for s in wanted:
        for t in wanted[wanted >= s]:
            joint = ((word >> s) & (word >> t) & 1).astype(bool)
            both[:, s, t] = both[:, t, s] = np.bincount(area[joint], minlength=areas) / count
    return both


@dataclass(frozen=True)
class Ground:
    """What changes slowly, read each April.

    Attributes
    ----------
    need : (areas, services) need, standard deviations from the mean of areas
    weight : (areas, areas) whom areas look to
    counts : number of possible stakeholders of each kind in each area
    both : (areas, technologies, technologies) share of residents using two technologies
    elsewhere : (home, work, technologies) residents working in another area, users of each technology
    """

    need: np.ndarray
    weight: np.ndarray
    counts: Mapping[str, np.ndarray]
    both: np.ndarray
    elsewhere: np.ndarray


def ground(model: CityTwin) -> Ground:
    """Look at the city as it is this April."""
    people = model.census.people
    total = np.maximum(people.sum(axis=1), 1)
    features = np.column_stack([
        standard(people[:, _OLD].sum(axis=1) / total), standard(np.log1p(_to_station(model))),
        standard(np.log(total / _square_km(model))),
    ])  # fmt: skip
    names = ("need_old", "need_far", "need_dense")
    loads = np.array([[model.entry(f"spread.{name}", s) for s in SPREADING.ids] for name in names])
    x, y = model.city.areas.x / _KM, model.city.areas.y / _KM
    away = np.hypot(x[:, None] - x, y[:, None] - y)
    weight = weights(
        total, away, difference(features), *(model.fact(f"spread.{w}") for w in ("size_power", "reach", "likeness"))
    )  # fmt: skip
    return Ground(features @ loads, weight, _stakeholders(model), both_used(model), working_elsewhere(model))


def _to_station(model: CityTwin) -> np.ndarray:
    """Kilometres from the middle of each area to the nearest station; nought in a city without any."""
    areas, stations = model.city.areas, model.city.stations
    if not len(stations.x):
        return np.zeros(len(areas.x))
    return np.hypot(areas.x[:, None] - stations.x, areas.y[:, None] - stations.y).min(axis=1) / _KM


def _square_km(model: CityTwin) -> np.ndarray:
    towns = model.city.towns
    return np.bincount(towns.area, np.pi * (towns.radius / _KM) ** 2, minlength=len(model.city.areas.x))


def _stakeholders(model: CityTwin) -> dict[str, np.ndarray]:
    """How many stakeholders of each kind an area has; of the whole city whatever the fraction simulated."""
    firms, people = model.businesses, model.census.people.sum(axis=1)
    counts: dict[str, np.ndarray] = {
        "residents": people / model.fraction, "civic": people / model.fraction / _PEOPLE_A_GROUP,
    }  # fmt: skip
    letters = sorted(model.table("businesses.establishments"))
    for kind in (kind for kind in KINDS if kind in _TRADES):
        rows = [letters.index(letter) for letter in _TRADES[kind]]
        if firms.here.any():
            area = firms.area[firms.here & np.isin(firms.industry, rows)]
            counts[kind] = np.bincount(area, minlength=len(people)) / model.fraction
        else:  # nobody was put anywhere: as residents are
            known = sum(model.entry("businesses.establishments", letters[row]) for row in rows)
            counts[kind] = known * people / max(people.sum(), 1)
    return counts
