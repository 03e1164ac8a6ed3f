"""Who may drive and who has a car, once a year.

    licence     got at the ages at which its share grows, returned at the rate of the age
    car         given up: twin.travel.maas.gives_up_car; bought: rate x odds of having one, with a licence

With no gain and no licence returned, as many buy as give up, and the share with a car is that of the facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from twin.kernels.hazards import OLDEST
from twin.travel.maas import GivingUp, gives_up_car, level_for
from twin.units import MONTHS_A_YEAR, share_per_step

if TYPE_CHECKING:
    from twin.model import CityTwin

NONE, HOLDS, RETURNED, NEW = 0, 1, 2, 9  # stages of a licence; of a row no month has seen yet
_AGES = np.arange(OLDEST + 1)
_SEXES = ("men", "women")
_KM = 1000.0


def holders(model: CityTwin, rows: np.ndarray | slice) -> np.ndarray:
    """Who of the rows holds a licence on arrival (yes/no), by age and sex."""
    people = model.citizens
    share = _licences(model)[people.sex[rows], ages(model, rows)]
    return model.chance.uniform("mobility: licence", 0, people.id[rows]) < share


def car_level(model: CityTwin, holds: np.ndarray) -> float:
    """The log odds of having a car at a station, at which holders have as many cars as the facts say."""
    odds = _far(model, holds)
    return level_for(model.fact("mobility.car"), odds) if len(odds) else 0.0


def has_car(model: CityTwin, rows: np.ndarray, level: float) -> np.ndarray:
    """Who of the rows, licence holders all, has a car on arrival (yes/no)."""
    draw = model.chance.uniform("mobility: car", 0, model.citizens.id[rows])
    return draw < expit(level + _far(model, rows))


def licences_in_a_year(model: CityTwin, licence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows that get a licence, and rows that return theirs."""
    people, share = model.citizens, _licences(model)
    older = np.diff(share, axis=1, prepend=0.0)
    gets = np.clip(
        older / np.maximum(1 - share + older, 1e-9), 0, 1
    )  # of those without one, that the share grows so
    returns = share_per_step(model.curve("mobility.returned", _AGES), years=1.0)
    age = ages(model, slice(None))
    draw = model.chance.uniform("mobility: licence in a year", model.month, people.id)
    here, chance = people.here, np.where(licence == HOLDS, returns[age], 0.0)
    without = licence == NONE
    chance[without] = gets[people.sex[without], age[without]]
    changes = here & (draw < chance)
    return np.flatnonzero(changes & without), np.flatnonzero(changes & ~without)


def cars_in_a_year(
    model: CityTwin,
    car: np.ndarray,
    licence: np.ndarray,
    returned: np.ndarray,
    gain: np.ndarray,
    level: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows that give up their car, and rows that buy one.

    Parameters
    ----------
    car, licence : (citizens,)
    returned : rows whose licence was returned this year
    gain : (citizens,) yen a month by which going without a car is better than it was
    """
    people, moved = model.citizens, GivingUp.read(model.facts, model.day)
    given_back = np.zeros(people.rows, bool)
    given_back[returned] = True
    draw = model.chance.uniform("mobility: car in a year", model.month, people.id)
    has = np.flatnonzero(people.here & (car == 1))
    lost = has[draw[has] < gives_up_car(moved, gain[has], ages(model, has), given_back[has])]
    lacks = np.flatnonzero(people.here & (car == 0) & (licence == HOLDS))
    odds = np.exp(level + _far(model, lacks))
    bought = lacks[draw[lacks] < share_per_step(moved.rate * odds, years=1.0)]
    return lost, bought


def ages(model: CityTwin, rows: np.ndarray | slice) -> np.ndarray:
    """Ages in years, up to the oldest of the curves."""
    return np.clip((model.month - model.citizens.born[rows].astype(int)) // MONTHS_A_YEAR, 0, OLDEST)


def _licences(model: CityTwin) -> np.ndarray:
    return np.stack([model.curve(f"mobility.licence_{sex}", _AGES) for sex in _SEXES])


def _far(model: CityTwin, rows: np.ndarray | slice) -> np.ndarray:
    """What the way to the nearest station adds to the log odds of having a car."""
    towns, stations = model.city.towns, model.city.stations
    if not len(stations.x):
        return np.zeros(len(model.citizens.town[rows]))
    km = np.hypot(towns.x[:, None] - stations.x, towns.y[:, None] - stations.y).min(axis=1) / _KM
    return model.fact("mobility.car_far") * km[model.citizens.town[rows]]
