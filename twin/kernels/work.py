"""A month of working people: who may telework, what technology is worth at work, and how it is felt.

>>> offered, allowed = telework_plain(
...     np.array([IN_CITY, OUTSIDE]), np.array([0, -1]), np.array([0.2, 0.2]), np.array([True]),
...     np.array([0.5]), outside=0.1)
>>> offered.tolist(), allowed.tolist()
([True, False], [True, False])
"""

import numpy as np
from numba import njit, prange

from twin.kernels.chance import uniform_plain, unit_of

IN_CITY, OUTSIDE = 1, 2  # where those who have work spend their working day, as in the column `day`
NOT_MET = -1  # used_to of a row no month has seen yet


def telework_plain(day, work, draw, offers, jobs, outside):
    """Whose place of work offers telework, and whose job allows it: two (people,) yes/no.

    Parameters
    ----------
    day, work : (people,) where the working day is spent, and the row of the firm, -1 none
    draw : (people,) a number in [0, 1) each, for life
    offers, jobs : (firms,) whether telework is offered, and the share of jobs that can be done from elsewhere
    outside : share of those who work outside the city that telework
    """
    in_city = (day == IN_CITY) & (work >= 0)
    away = (day == OUTSIDE) & (draw < outside)
    if not len(offers):
        return away, away.copy()
    at = np.where(in_city, work, 0)
    return away | (in_city & offers[at]), away | (in_city & (draw < jobs[at]))


def month_plain(
    key, ids, day, work, offers, jobs, outside, digital, elsewhere, remote, pace, benefit, used_to
):
    """Benefit felt at work and what is taken for granted after the month, two (people,) f4.

    Parameters
    ----------
    key : of the draw whether a job allows telework
    digital : (firms,) f4, worth of the firm's digital stage to those who work there
    elsewhere : the same where the firm is not known
    remote : worth of telework to those who may
    pace : rise, fall, getting used, habit
    benefit, used_to : (people,) f4, before the month; rows not met before begin where long use ends
    """
    rise, fall, learn, habit = (np.float32(p) for p in pace)
    offered, allowed = telework_plain(day, work, uniform_plain(key, ids), offers, jobs, outside)
    known = (work >= 0) & (len(digital) > 0)
    own = np.where(
        known, digital[np.where(known, work, 0)] if len(digital) else elsewhere, np.float32(elsewhere)
    )
    employed = (day == IN_CITY) | (day == OUTSIDE)
    worth = employed * (1 - (1 - np.float32(remote) * (offered & allowed)) * (1 - own))
    new = used_to == NOT_MET
    taken = np.where(new, worth, used_to + learn * (worth - used_to))
    gap = worth - habit * taken - benefit
    pull = np.where(new, np.float32(1), np.where(gap > 0, rise, fall))
    return np.maximum(benefit + pull * gap, 0).astype(np.float32), taken.astype(np.float32)


@njit(parallel=True, cache=True)
def live_month(
    key, ids, day, work, offers, jobs, outside, digital, elsewhere, remote, pace, benefit, used_to
):
    """The same as :func:`month_plain`, in place."""
    one, none = np.float32(1), np.float32(0)
    rise, fall, learn, habit = (
        np.float32(pace[0]),
        np.float32(pace[1]),
        np.float32(pace[2]),
        np.float32(pace[3]),
    )
    for i in prange(ids.size):
        worth, in_city, away = none, day[i] == IN_CITY, day[i] == OUTSIDE
        if in_city or away:
            firm = work[i] if digital.size else -1
            own = digital[firm] if firm >= 0 else np.float32(elsewhere)
            may = away and unit_of(key, ids[i]) < outside
            if in_city and firm >= 0 and offers[firm]:
                may = unit_of(key, ids[i]) < jobs[firm]
            worth = one - (one - (np.float32(remote) if may else none)) * (one - own)
        new = used_to[i] == NOT_MET
        taken = worth if new else used_to[i] + learn * (worth - used_to[i])
        gap = worth - habit * taken - benefit[i]
        pull = one if new else (rise if gap > 0 else fall)
        used_to[i] = taken
        benefit[i] = max(benefit[i] + pull * gap, none)
