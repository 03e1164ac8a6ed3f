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

from twin.kernels.chance import bits_of

BITS = 32
ROUND = 1 << BITS  # points on a ring
_SURE = 8  # teams in a piece of a ring that could certainly be cut
FAR = 64  # steps clockwise after which a walk over people who have gone gives up


class Pools(NamedTuple):
    """Rings of many pools, one after the other.

    first : where each pool begins, (pools + 1,) i8
    point : place on the ring, rising within a pool, u4
    row : whose place it is, i4; -1 once the row was removed
    gate : where the guide of each pool begins, (pools + 1,) i8
    guide : for even arcs of each ring, the first place in the arc or later, i4. Whoever looks for a point
        begins there instead of searching; see :func:`arcs` for how many arcs a pool has
    """

    first: np.ndarray
    point: np.ndarray
    row: np.ndarray
    gate: np.ndarray
    guide: np.ndarray


def arcs(people, guided):
    """Arcs of the guides of pools with so many people: powers of two, about one arc for every two people.

    Only the first ``guided`` pools have guides; the others, and empty pools, have a single arc.
    """
    exponent = np.frexp(np.maximum(people, 1) / 2)[1].astype(np.int64)
    exponent[guided:] = 0
    return 1 << np.maximum(exponent, 0)


def around_plain(words, here):
    """Everybody who is here in the order of their words: rows (i4) and points (u4), upper halves of words."""
    order = np.argsort(words)
    order = order[here[order]]
    return order.astype(np.int32), (words[order] >> np.uint64(BITS)).astype(np.uint32)


def by_pool_plain(kinds, row, point, pools):
    """People in the order of a ring sorted by pool, for several kinds of pools one after the other.

    Parameters
    ----------
    kinds : (kinds, people) i4, pool within each kind; -1 is none, in the last kind only
    row, point : (people,) i4 and u4, the ring of everybody, which is pool 0
    pools : (kinds + 1,) i8, number of the first pool of each kind, and the end. Pools of the last kind
        have no guide

    Returns
    -------
    Pools
    """
    first, orders = np.zeros(pools[-1] + 1, np.int64), [np.arange(len(row))]
    for k, pool in enumerate(kinds):
        inside = np.flatnonzero(pool >= 0)
        orders.append(inside[np.argsort(pool[inside], kind="stable")])
        edges = np.searchsorted(pool[orders[-1]], np.arange(pools[k + 1] - pools[k] + 1))
        first[pools[k] : pools[k + 1] + 1] = (k + 1) * len(row) + edges
    order = np.concatenate(orders)
    points, count = point[order], arcs(np.diff(first), pools[-2])
    gate = np.concatenate([[0], np.cumsum(count)])
    guide = [
        a + np.searchsorted(points[a:b], np.arange(n) * (ROUND // n))
        for a, b, n in zip(first[:-1], first[1:], count, strict=True)
    ]
    return Pools(first, points, row[order], gate, np.concatenate(guide).astype(np.int32))


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


@njit(cache=True)
def newcomers(here, row):
    """Rows of those who are here and not yet on a ring of rows, rising (i4)."""
    known = np.zeros(here.size, np.bool_)
    for j in row:
        if j >= 0:
            known[j] = True
    return np.flatnonzero(here & ~known).astype(np.int32)


@njit(cache=True)
def merge(key, ids, here, row, point, fresh, words):
    """The same as :func:`around_plain`, fast: last year's ring without the gone, and the newcomers.

    ``fresh`` are their rows in the order of their ``words``, which ``key`` draws by ``ids`` for everybody.
    """
    size = row.size + fresh.size
    rows, points = np.empty(size, np.int32), np.empty(size, np.uint32)
    k, n = 0, 0
    for m in range(row.size + 1):
        j = row[m] if m < row.size else np.int32(-1)
        if (j >= 0 and here[j]) or m == row.size:
            while n < fresh.size and (
                m == row.size
                or upper(words[n]) < point[m]
                or (upper(words[n]) == point[m] and words[n] < bits_of(key, ids[j]))
            ):
                rows[k], points[k] = fresh[n], upper(words[n])
                k, n = k + 1, n + 1
            if m < row.size:
                rows[k], points[k] = j, point[m]
                k += 1
    return rows[:k].copy(), points[:k].copy()


def by_pool(kinds, row, point, pools):
    """The same as :func:`by_pool_plain`, fast: counting sorts side by side."""
    size, most = len(row), (len(kinds) + 1) * len(row)
    first = np.zeros(pools[-1] + 1, np.int64)
    rows, points = np.empty(most, np.int32), np.empty(most, np.uint32)
    rows[:size], points[:size], first[pools[0]] = row, point, size
    _sort_all(kinds, row, point, pools, first, rows, points)
    gate = np.concatenate([[0], np.cumsum(arcs(np.diff(first), pools[-2]))])
    guide = np.empty(gate[-1], np.int32)
    _guide_all(first, points, gate, guide)
    return Pools(first, points[: first[-1]], rows[: first[-1]], gate, guide)


@njit(parallel=True, cache=True)
def _sort_all(kinds, row, point, pools, first, rows, points):
    for k in prange(kinds.shape[0]):
        _sort(k, kinds, row, point, pools, first, rows, points)


@njit
def _sort(k, kinds, row, point, pools, first, rows, points):
    count = np.zeros(pools[k + 1] - pools[k] + 1, np.int64)
    for n in range(row.size):
        count[kinds[k, n] + 1] += 1
    count[0] = (k + 1) * row.size  # those in no pool are not counted
    for p in range(1, count.size):
        count[p] += count[p - 1]
        first[pools[k] + p] = count[p]
    for n in range(row.size):
        p = kinds[k, n]
        if p >= 0:
            rows[count[p]], points[count[p]] = row[n], point[n]
            count[p] += 1


@njit(parallel=True, cache=True)
def _guide_all(first, point, gate, guide):
    for pool in prange(first.size - 1):
        k, count = first[pool], gate[pool + 1] - gate[pool]
        for arc in range(count):
            while k < first[pool + 1] and np.int64(point[k]) < arc * (ROUND // count):
                k += 1
            guide[gate[pool] + arc] = k


@njit(parallel=True, cache=True)
def readdress(row, moved):
    """New row of everybody on a ring, in place; -1 once removed."""
    for n in prange(row.size):
        row[n] = moved[row[n]] if row[n] >= 0 else -1


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
