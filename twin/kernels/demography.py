"""Who has which event this month, and who lives with them: two passes over all citizens.

The first pass asks every citizen about every event with one hash and one comparison each, in the
same sweep through memory; only the few with an event are handed on. The second finds the people who
share a household with them. Rows come out in rising order whatever the number of threads, because
each of a fixed number of chunks writes to its own stretch.
"""

import numpy as np
from numba import njit, prange

from twin.kernels.chance import bits_of, uniform_plain

_CHUNKS = 64  # fixed, so that results cannot depend on the number of threads
_UNIT = 2.0**-53


def happen_plain(keys, share, factor, column_of, ids, here, age, sex, role, day, area):
    """Rows with an event, and which: bit ``k`` of the second array is event ``k``.

    Parameters
    ----------
    keys : (events,) u8, key of each event's draw
    share : (sexes, roles, days, ages, events) f8, monthly chance of each event
    factor : (areas, columns) f8, what an area's chances are multiplied with
    column_of : (events,) which column of ``factor`` an event uses, -1 for none
    ids, here, age, sex, role, day, area : (citizens,) columns; ``age`` in whole years

    Returns
    -------
    rows (i8, rising) and what (u2)
    """
    base = share[sex, role, day, np.clip(age, 0, share.shape[3] - 1)]
    what = np.zeros(ids.size, np.uint16)
    for k in range(len(keys)):
        chance = base[:, k] if column_of[k] < 0 else base[:, k] * factor[area, column_of[k]]
        what |= np.where(uniform_plain(keys[k], ids) < chance, np.uint16(1 << k), np.uint16(0))
    what[~here] = 0
    rows = np.flatnonzero(what)
    return rows, what[rows]


@njit(parallel=True, cache=True)
def happen(keys, share, factor, column_of, ids, here, born, month, sex, role, day, area):
    """The same as :func:`happen_plain`, fast; takes the month of birth instead of the age."""
    n, events, oldest = ids.size, keys.size, share.shape[3] - 1
    rows, what, found = np.empty(n, np.int64), np.empty(n, np.uint16), np.zeros(_CHUNKS, np.int64)
    size = (n + _CHUNKS - 1) // _CHUNKS
    for chunk in prange(_CHUNKS):
        first, at = min(n, chunk * size), min(n, chunk * size)
        for i in range(first, min(n, first + size)):
            if here[i]:
                age = min(max((month - born[i]) // 12, 0), oldest)
                line = share[sex[i], role[i], day[i], age]
                mask = 0
                for k in range(events):
                    chance = line[k]
                    if chance > 0.0:
                        if column_of[k] >= 0:
                            chance *= factor[area[i], column_of[k]]
                        if (bits_of(keys[k], ids[i]) >> np.uint64(11)) * _UNIT < chance:
                            mask |= 1 << k
                if mask:
                    rows[at], what[at] = i, mask
                    at += 1
        found[chunk] = at - first
    at = found[0]
    for chunk in range(1, _CHUNKS):
        first = min(n, chunk * size)
        for j in range(first, first + found[chunk]):
            rows[at], what[at] = rows[j], what[j]
            at += 1
    return rows[:at].copy(), what[:at].copy()


def members_plain(marked, household, here):
    """Rows of the people here whose household is marked, rising (i8)."""
    inside = here & (household >= 0)
    inside[inside] = marked[household[inside]]
    return np.flatnonzero(inside)


@njit(parallel=True, cache=True)
def members(marked, household, here):
    """The same as :func:`members_plain`, fast."""
    n = household.size
    rows, found = np.empty(n, np.int64), np.zeros(_CHUNKS, np.int64)
    size = (n + _CHUNKS - 1) // _CHUNKS
    for chunk in prange(_CHUNKS):
        first, at = min(n, chunk * size), min(n, chunk * size)
        for i in range(first, min(n, first + size)):
            if household[i] >= 0 and marked[household[i]] and here[i]:
                rows[at] = i
                at += 1
        found[chunk] = at - first
    at = found[0]
    for chunk in range(1, _CHUNKS):
        first = min(n, chunk * size)
        for j in range(first, first + found[chunk]):
            rows[at] = rows[j]
            at += 1
    return rows[:at].copy()


def workers_plain(work, here, businesses):
    """People who live here and work in each business (i4)."""
    return np.bincount(work[here & (work >= 0)], minlength=businesses).astype(np.int32)


@njit(cache=True)
def workers(work, here, businesses):
    """The same as :func:`workers_plain`, in one sweep without a copy."""
    count = np.zeros(businesses, np.int32)
    for i in range(work.size):
        if here[i] and work[i] >= 0:
            count[work[i]] += 1
    return count
