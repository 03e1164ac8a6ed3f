"""Who has which event this month, and who lives with them: two passes over all citizens.

The first pass asks every citizen about every event in one sweep through memory. Events are rare, so
sixteen random bits sieve first and only who comes through takes a full draw: a word of 64 bits looks
at four events at once. Only the few with an event are handed on. The second finds the people who
share a household with them. Rows come out in rising order whatever the number of threads, because
each of a fixed number of chunks writes to its own stretch.
"""

import numpy as np
from numba import njit, prange, uint64

from twin.kernels.chance import _GOLDEN, _UNIT, bits_plain, mix, uniform_plain

_LOOKS = 1 << 16  # values of a sieving look
_CHUNKS = 64  # fixed, so that results cannot depend on the number of threads


def sieves(share, factor, column_of):
    """How many of the 65536 values of a 16-bit look let an event through to its full draw (u4).

    The smallest power of two that is no less than the chance in any area, so that a slightly changed
    chance seldom changes the sieve and paired runs stay paired.
    """
    most = np.where(column_of < 0, 1.0, factor.max(axis=0)[np.maximum(column_of, 0)])
    bound = np.minimum(share * most, 1.0) * _LOOKS
    with np.errstate(divide="ignore"):
        return np.where(share > 0, 2.0 ** np.ceil(np.log2(np.maximum(bound, 1.0))), 0).astype(np.uint32)


def happen_plain(looks, keys, share, sieve, factor, column_of, ids, here, age, sex, role, day, area):
    """Rows with an event, and which: bit ``k`` of the second array is event ``k``.

    Each event takes two draws: sixteen bits of a word shared by four events sieve, a draw of the
    event's own decides among those let through. Both together happen with exactly ``share``.

    Parameters
    ----------
    looks : (events / 4,) u8, keys of the sieving words, four events a word
    keys : (events,) u8, key of each event's own draw
    share : (sexes, roles, days, ages, events) f8, monthly chance of each event
    sieve : the same shape, from :func:`sieves`
    factor : (areas, columns) f8, what an area's chances are multiplied with
    column_of : (events,) which column of ``factor`` an event uses, -1 for none
    ids, here, age, sex, role, day, area : (citizens,) columns; ``age`` in whole years

    Returns
    -------
    rows (i8, rising) and what (u2)
    """
    age = np.clip(age, 0, share.shape[3] - 1)
    what = np.zeros(ids.size, np.uint16)
    for k in range(len(keys)):
        look = (bits_plain(looks[k // 4], ids) >> np.uint64(16 * (k % 4))) & np.uint64(_LOOKS - 1)
        let = sieve[sex, role, day, age, k]
        chance = share[sex, role, day, age, k]
        if column_of[k] >= 0:
            chance = chance * factor[area, column_of[k]]
        happens = (look < let) & (uniform_plain(keys[k], ids) * let < chance * _LOOKS)
        what |= np.where(happens, np.uint16(1 << k), np.uint16(0))
    what[~here] = 0
    rows = np.flatnonzero(what)
    return rows, what[rows]


@njit(parallel=True, cache=True)
def happen(looks, keys, share, sieve, factor, column_of, ids, here, born, month, sex, role, day, area):
    """The same as :func:`happen_plain`, fast; takes the month of birth instead of the age."""
    n, words = ids.size, looks.size
    roles, days, ages, events = share.shape[1:]
    lines, chances = sieve.reshape(-1, events), share.reshape(-1, events)
    rows, what, found = np.empty(n, np.int64), np.empty(n, np.uint16), np.zeros(_CHUNKS, np.int64)
    size = (n + _CHUNKS - 1) // _CHUNKS
    for chunk in prange(_CHUNKS):
        first, at = min(n, chunk * size), min(n, chunk * size)
        for i in range(first, min(n, first + size)):
            if here[i]:
                months = max(month - born[i], 0)
                age = min(np.uint32(months) // np.uint32(12), np.uint32(ages - 1))
                line = np.int64(((sex[i] * roles + role[i]) * days + day[i]) * ages + age)
                let = lines[line]
                mask, half = 0, mix(ids[i] + uint64(_GOLDEN))  # half of every draw is the same
                for g in range(words):
                    k = 4 * g
                    if let[k] | let[k + 1] | let[k + 2] | let[k + 3]:
                        word = mix(half + looks[g])
                        for k in range(4 * g, 4 * g + 4):
                            if (word & uint64(_LOOKS - 1)) < let[k]:
                                chance = chances[line, k]
                                if column_of[k] >= 0:
                                    chance *= factor[area[i], column_of[k]]
                                draw = float(mix(half + keys[k]) >> uint64(11)) * _UNIT
                                if draw * let[k] < chance * _LOOKS:
                                    mask |= 1 << k
                            word >>= uint64(16)
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
