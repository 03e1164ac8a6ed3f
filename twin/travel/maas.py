"""A monthly subscription to all modes, and who gives up a car: pure functions of arrays.

    gain      = sum over a month's trips of (logsum with the bundle - without) / |cost|          yen a month
    subscribe = level + value (gain - fee) / 1000 + peers x share of ties who do + app           log odds
    car       = rate exp(gain effect x gain / 1000 + age effect x decades over 65) + licence     per year

See ``docs/on_demand.md``.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import expit, logit

from twin.facts import Facts
from twin.units import share_per_step

_THOUSAND = 1000.0  # yen
_OLD, _DECADE = 65, 10


class Subscribing(NamedTuple):
    """What moves people to subscribe, in log odds.

    value : of a gain 1,000 yen above the fee
    peers : of everybody around who subscribes
    app : of using the mobility app
    """

    value: float
    peers: float
    app: float

    @classmethod
    def read(cls, facts: Facts, day: date) -> Subscribing:
        """What the facts say on a day."""
        return cls(*(facts.number(f"travel.subscription.{name}", day) for name in cls._fields))


class GivingUp(NamedTuple):
    """What moves people to give up a car.

    rate : per year, under 65 and without a gain
    gain : log points per 1,000 yen a month
    age : log points per decade over 65
    licence : added per year when the licence is returned
    """

    rate: float
    gain: float
    age: float
    licence: float

    @classmethod
    def read(cls, facts: Facts, day: date) -> GivingUp:
        """What the facts say on a day."""
        return cls(*(facts.number(f"travel.car.{name}", day) for name in cls._fields))


def consumer_surplus(
    with_bundle: np.ndarray, without: np.ndarray, cost: float, person: np.ndarray, people: int, times: ArrayLike = 1.0
) -> np.ndarray:  # fmt: skip
    """Yen a month that each person gains by the bundle, at the same prices but for what it changes (people,).

    Parameters
    ----------
    with_bundle, without : (trips,) logsums
    cost : utility of a yen, below 0
    person : (trips,) row of whose trip it is
    times : (trips,) how often a month it is made
    """
    yen = (with_bundle - without) / abs(cost)
    return np.bincount(person, np.broadcast_to(yen * times, person.shape), minlength=people)


def subscribe_odds(
    moved: Subscribing, level: float, gain: ArrayLike, fee: ArrayLike, peers: ArrayLike, app: ArrayLike
) -> np.ndarray:
    """Log odds that each person subscribes in a month (people,).

    Parameters
    ----------
    level : log odds when the gain is the fee, nobody around subscribes and the app is not used
    gain, fee : yen a month
    peers : share of ties who subscribe
    app : whether the mobility app is used (yes/no)
    """
    net = (np.asarray(gain, float) - fee) / _THOUSAND
    return (
        level
        + moved.value * net
        + moved.peers * np.asarray(peers, float)
        + moved.app * np.asarray(app, float)
    )


def level_for(share: float, odds: np.ndarray) -> float:
    """The level at which people with these log odds (at level 0) subscribe at a known share on average."""
    far = abs(logit(share)) + np.abs(odds).max() + 1
    return float(brentq(lambda level: expit(level + odds).mean() - share, -far, far, xtol=1e-12))


def realised(stated: np.ndarray, real: np.ndarray) -> float:
    """Share who will really subscribe, of shares who say they very much or rather want to.

    Parameters
    ----------
    stated : (answers,) share who give each answer
    real : (answers,) share of those who then do
    """
    return float((stated * real).sum())


def gives_up_car(moved: GivingUp, gain: ArrayLike, age: ArrayLike, returned: ArrayLike) -> np.ndarray:
    """Chance of each owner to give up one car within a year (people,).

    Parameters
    ----------
    gain : yen a month by which going without is better than it was (difference of logsums over cost)
    age : years
    returned : whether the licence was returned that year (yes/no)
    """
    decades = np.maximum(np.asarray(age, float) - _OLD, 0) / _DECADE
    rate = moved.rate * np.exp(moved.gain * np.asarray(gain, float) / _THOUSAND + moved.age * decades)
    return share_per_step(rate + moved.licence * np.asarray(returned, float), years=1.0)
