"""Who has a licence, a car and a bicycle to ride: drawn once for life, by age and household.

A person with a draw below the share of licence holders of the own age and sex holds one; as the draw stays, the
licence comes with the age at which the share passes it and goes when, late in life, the share falls below it.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from twin.chance import Chance
from twin.facts import Facts

ADULT = 18
_MEMBERS = ("1", "2", "3", "4")  # the last stands for all larger


class Vehicles(NamedTuple):
    """What each person can ride (yes/no): licence held, a car to drive, a lift, a bicycle."""

    licence: np.ndarray
    drives: np.ndarray
    lift: np.ndarray
    bike: np.ndarray


def licences(
    ids: np.ndarray, age: np.ndarray, sex: np.ndarray, facts: Facts, day: date, chance: Chance
) -> np.ndarray:
    """Who holds a licence (yes/no).

    Parameters
    ----------
    age, sex : years; 0 male, 1 female
    """
    share = np.stack([facts.curve(f"trips.licence.{who}", day, np.arange(121)) for who in ("men", "women")])
    share[:, :ADULT] = 0.0
    return chance.uniform("person: licence", 0, ids) < share[sex, np.minimum(age, 120)]


def vehicles(
    ids: np.ndarray, age: np.ndarray, sex: np.ndarray, household: np.ndarray, household_ids: np.ndarray,
    institution: np.ndarray, facts: Facts, day: date, chance: Chance, cars: np.ndarray | None = None,
) -> Vehicles:  # fmt: skip
    """Who can drive, be driven and cycle.

    Parameters
    ----------
    household : (people,) row of the household, -1 none
    household_ids, institution : (households,) identities, and whether nobody there has a car of the own
    cars : (households,) number of cars where the model keeps it; drawn here (:func:`cars_of`) if left out

    Returns
    -------
    In a household with fewer cars than licences the cars go to the same holders every day, by a draw for life.
    """
    licence = licences(ids, age, sex, facts, day, chance)
    homes = len(household_ids)
    if cars is None:
        members = np.bincount(household[household >= 0], minlength=homes)
        holders = np.bincount(household[(household >= 0) & licence], minlength=homes)
        cars = cars_of(household_ids, members, holders, institution, facts, day, chance)
    own = np.where(household >= 0, cars[household], 0)
    drives = licence & (_rank(household, licence, chance.order("person: first at the wheel", 0, ids)) < own)
    driven = np.bincount(household[(household >= 0) & drives], minlength=homes)
    lift = (household >= 0) & (driven[household] - drives > 0)
    rides = chance.uniform("person: bicycle", 0, ids) < facts.curve("trips.bike", day, age)
    return Vehicles(licence, drives, lift, rides)


def cars_of(
    ids: np.ndarray, members: np.ndarray, holders: np.ndarray, institution: np.ndarray, facts: Facts, day: date, chance: Chance
) -> np.ndarray:  # fmt: skip
    """Number of cars of each household (i8), none without a licence and in institutions.

    Parameters
    ----------
    members, holders : people and licence holders of each household
    """
    first, second = facts.table("trips.car.first", day), facts.number("trips.car.second", day)
    share = np.array([first[name] for name in _MEMBERS])[np.clip(members, 1, len(_MEMBERS)) - 1]
    draw = chance.uniform("household: car", 0, ids)
    has = (draw < share) & (holders > 0) & ~institution
    return has + (has & (holders > 1) & (draw < share * second)).astype(np.int64)


def _rank(household: np.ndarray, holder: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Place of each holder among the holders of the household, from 0; others get a number too, of no meaning."""
    by = np.lexsort((order, ~holder, household))
    sorted_homes = household[by]
    first = np.searchsorted(sorted_homes, sorted_homes)
    rank = np.empty(len(by), np.int64)
    rank[by] = np.arange(len(by)) - first
    return rank
