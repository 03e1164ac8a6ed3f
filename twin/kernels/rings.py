"""Choosing a person so that one person more changes only what touches that person.

People of a pool (a school year, a firm, a town) stand on a ring of 2**32 points at a place that hangs
on their id alone. A draw is a point on the ring and means the next person clockwise. Whoever joins
takes over part of one neighbour's arc, whoever goes leaves the arc to the next: all other draws stay.
This is consistent hashing (Karger and others 1997), here for common random numbers.

A team is a piece of a ring. It grows by halving: a piece with too many people is cut at the middle of
its arc, unless a half would be too small. One person more can split the own team and no other.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange, uint64

BITS = 32
ROUND = 1 << BITS  # points on a ring
_SURE = 8  # teams in a piece of a ring that could certainly be cut
FAR = 64  # steps clockwise after which a walk over people who have gone gives up


class Pools(NamedTuple):
    """Rings of many pools, one after the other.

    first : where each pool begins, (pools + 1,) i8
    point : place on the ring, rising within a pool, u4
    row : whose place it is, i4; -1 once the row was removed
    """

    first: np.ndarray
    point: np.ndarray
    row: np.ndarray


def by_pool_plain(kinds, order, pools):
    """Rows in the given order sorted by pool, for several kinds of pools one after the other.

    Parameters
    ----------
    kinds : (kinds, rows) i4, pool of each row within each kind; -1 is none, in the last kind only
    order : rows in the order they keep within a pool
    pools : (kinds + 1,) i8, number of the first pool of each kind, and the end

    Returns
    -------
    first (pools + 1,) i8, where each pool begins; row, the sorted rows i4
    """
    first, rows = np.zeros(pools[-1] + 1, np.int64), []
    for k, pool in enumerate(kinds):
        inside = order[pool[order] >= 0]
        rows.append(inside[np.argsort(pool[inside], kind="stable")])
        edges = np.searchsorted(pool[rows[-1]], np.arange(pools[k + 1] - pools[k] + 1))
        first[pools[k] : pools[k + 1] + 1] = k * len(order) + edges
    return first, np.concatenate(rows).astype(np.int32)


def next_plain(pools, a, b, point, here, barred):
    """The first person clockwise from a point within places a..b who is here and not barred, or -1."""
    if b <= a:
        return -1
    at = int(np.searchsorted(pools.point[a:b], point)) % (b - a)
    for row in np.roll(pools.row[a:b], -at)[:FAR]:
        if row >= 0 and here[row] and row not in barred:
            return int(row)
    return -1


def team_plain(pools, a, b, mine, smallest, largest):
    """The piece of a ring that holds the point ``mine``: its places, its first point, its halvings."""
    points = pools.point[a:b].astype(np.int64)
    low, width, halvings = 0, ROUND, 0
    while ((points >= low) & (points < low + width)).sum() > largest and halvings < BITS - 1:
        middle = low + width // 2
        left = ((points >= low) & (points < middle)).sum()
        right = ((points >= middle) & (points < low + width)).sum()
        if min(left, right) < smallest:
            break
        width, halvings = width // 2, halvings + 1
        low = middle if mine >= middle else low
    inside = np.flatnonzero((points >= low) & (points < low + width))
    x, y = (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)
    return a + x, a + y, low, halvings


def by_pool(kinds, order, pools):
    """The same as :func:`by_pool_plain`, fast: counting sorts side by side."""
    first, row = np.zeros(pools[-1] + 1, np.int64), np.empty(len(kinds) * len(order), np.int32)
    _sort(kinds, order, pools, first, row)
    return first, row[: first[-1]]


@njit(parallel=True, cache=True)
def _sort(kinds, order, pools, first, row):
    for k in prange(kinds.shape[0]):
        count = np.zeros(pools[k + 1] - pools[k] + 1, np.int64)
        for n in range(order.size):
            count[kinds[k, order[n]] + 1] += 1
        count[0] = k * order.size  # those in no pool are not counted
        for p in range(1, count.size):
            count[p] += count[p - 1]
            first[pools[k] + p] = count[p]
        for n in range(order.size):
            p = kinds[k, order[n]]
            if p >= 0:
                row[count[p]] = order[n]
                count[p] += 1


@njit(inline="always")
def upper(word):
    """Upper half of a 64-bit word: a point on a ring."""
    return np.int64(word >> uint64(BITS))


@njit(inline="always")
def seek(point, a, b, p):
    """First place in a..b whose point is p or later, b if none: guess from the even spread, then step."""
    n = b - a
    k = a + ((p * n) >> BITS)
    for _ in range(min(n, 3)):
        k = min(max(k, a), b - 1)
        k += ((p - np.int64(point[k])) * n) >> BITS
    return settle(point, a, b, k, p)


@njit(inline="always")
def settle(point, a, b, k, p):
    """The exact place from a guess nearby."""
    k = min(max(k, a), b)
    while k < b and np.int64(point[k]) < p:
        k += 1
    while k > a and np.int64(point[k - 1]) >= p:
        k -= 1
    return k


@njit(inline="always")
def team(point, a, b, mine, smallest, largest):
    """The same as :func:`team_plain`, fast: begins where pieces hold several teams.

    Larger pieces could always be cut: half of them too small has a chance far below 10**-12.
    """
    halvings = 0
    while (b - a) >> (halvings + 1) >= _SURE * largest:
        halvings += 1
    low = (mine >> (BITS - halvings)) << (BITS - halvings)
    x, y, divisible = seek(point, a, b, low), seek(point, a, b, low + (ROUND >> halvings)), True
    while divisible and y - x > largest and halvings < BITS - 1:
        middle = low + (ROUND >> (halvings + 1))
        cut = seek(point, a, b, middle)
        divisible = min(cut - x, y - cut) >= smallest
        if divisible:
            halvings += 1
            if mine >= middle:
                low, x = middle, cut
            else:
                y = cut
    return x, y, low, halvings


@njit(inline="always")
def walk(row, a, b, k, here, me, other, s0, s1):
    """From place k clockwise in a..b to the first who is here, is not me and not yet in slots s0..s1."""
    found, steps = np.int32(-1), min(b - a, FAR)
    while found < 0 and steps > 0:
        k = k if k < b else a
        j = row[k]
        if j >= 0 and here[j] and j != me:
            found = j
            for s in range(s0, s1):
                if other[s] == j:
                    found = np.int32(-1)
        k += 1
        steps -= 1
    return found
