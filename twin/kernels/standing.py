"""Where a citizen stands: age class, place of the working day, and the pools a citizen can be drawn from.

A place is 0 for work outside the city, then one for each school year of each area, then one a firm.
Those who work outside the city stand in for their colleagues, of whom the city knows nothing.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

from twin.kernels.chance import uniform_plain, unit_of
from twin.units import FISCAL_YEAR_STARTS, MONTHS_A_YEAR

BANDS = 9  # ten-year age classes 0-9, 10-19, ..., 80 and over
OLDEST = 120
WORK_OUTSIDE, SCHOOL = 2, 3  # values of Citizens.day; agents stand on a higher floor (a test compares)
COHORTS = 300  # school years by birth, from the 1870s on: more than birth months can name
_COHORT_FIRST = -30 * MONTHS_A_YEAR + FISCAL_YEAR_STARTS - 1  # April 1870
_CHUNK = 4096  # citizens handled together
_KINDS = 5  # of pools besides the whole city


class People(NamedTuple):
    """Citizens from row ``first`` on as those who listen.

    ring u8, key of everybody's point on the rings; id u8; age u1, years; band u1, age class; place i4, of
    the working day, -1 none; town i2
    """

    first: int
    ring: np.uint64
    id: np.ndarray
    age: np.ndarray
    band: np.ndarray
    place: np.ndarray
    town: np.ndarray


def standing_plain(month, born, day, work, area, areas):
    """Age in years (u1), age class (u1) and place of the working day (i4) of citizens in a month."""
    age = np.clip((month - born.astype(np.int32)) // MONTHS_A_YEAR, 0, OLDEST).astype(np.uint8)
    cohort = (born.astype(np.int32) - _COHORT_FIRST) // MONTHS_A_YEAR
    school, firm = 1 + area.astype(np.int32) * COHORTS + cohort, 1 + areas * COHORTS + work
    place = np.select([day == SCHOOL, work >= 0, day == WORK_OUTSIDE], [school, firm, 0], -1)
    return age, np.minimum(age // 10, BANDS - 1).astype(np.uint8), place.astype(np.int32)


def memberships_plain(heard, levels, row, people, area):
    """Pool of the people in ``row`` within each kind of pools (kinds, people) i4.

    The kinds are age classes of areas, areas, levels of being heard online, towns, places. ``heard`` is the
    key of the draws of levels: half of all are at level 0, a quarter at level 1 and so on. ``area`` is the
    area of each town.
    """
    u = uniform_plain(heard, people.id[row])
    level = np.minimum(-np.frexp(np.maximum(u, 0.5**levels))[1], levels - 1)
    home = area[people.town[row]]
    kinds = home * BANDS + people.band[row], home, level, people.town[row], people.place[row]
    return np.stack(kinds, dtype=np.int32, casting="unsafe")


@njit(cache=True)
def standing(month, born, day, work, area, areas):
    """The same as :func:`standing_plain`, fast."""
    age, band = np.empty(born.size, np.uint8), np.empty(born.size, np.uint8)
    place = np.empty(born.size, np.int32)
    for i in range(born.size):
        years = min(max((month - born[i]) // MONTHS_A_YEAR, 0), OLDEST)
        age[i], band[i], place[i] = years, min(years // 10, BANDS - 1), -1
        if day[i] == SCHOOL:
            place[i] = 1 + area[i] * COHORTS + (born[i] - _COHORT_FIRST) // MONTHS_A_YEAR
        elif work[i] >= 0:
            place[i] = 1 + areas * COHORTS + work[i]
        elif day[i] == WORK_OUTSIDE:
            place[i] = 0
    return age, band, place


@njit(parallel=True, cache=True)
def memberships(heard, levels, row, people, area):
    """The same as :func:`memberships_plain`, fast.

    Citizens are read in the order of their rows, and side by side they are put where the ring wants
    them: one look into far memory each instead of one for every kind.
    """
    size = (people.id.size + _CHUNK - 1) // _CHUNK
    own, out = np.empty((people.id.size, _KINDS), np.int32), np.empty((_KINDS, row.size), np.int32)
    for chunk in prange(size):
        _own(chunk * _CHUNK, min((chunk + 1) * _CHUNK, people.id.size), heard, levels, people, area, own)
    for chunk in prange(size):
        _on_ring(chunk * _CHUNK, min((chunk + 1) * _CHUNK, row.size), row, own, out)
    return out


@njit
def _own(lo, hi, heard, levels, people, area, own):
    for i in range(lo, hi):
        u, level = unit_of(heard, people.id[i]), 0
        while u < 0.5 and level < levels - 1:
            u, level = 2.0 * u, level + 1
        home = area[people.town[i]]
        own[i, 0], own[i, 1], own[i, 2] = home * BANDS + people.band[i], home, level
        own[i, 3], own[i, 4] = people.town[i], people.place[i]


@njit
def _on_ring(lo, hi, row, own, out):
    for n in range(lo, hi):
        for kind in range(_KINDS):
            out[kind, n] = own[row[n], kind]
