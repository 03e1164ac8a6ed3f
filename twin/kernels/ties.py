"""Slots of listening: how many each citizen has and which stay.

The ties of citizen i are the slots ``start[i]`` to ``start[i + 1]``, ordered by layer; ``other`` is
the row listened to, -1 for an empty slot. Who is drawn into an empty slot: :mod:`twin.kernels.draws`.
"""

import math

import numpy as np
from numba import njit, prange

from twin.kernels.chance import _GOLDEN, _mix_plain, bits_of, bits_plain, mix, uniform_plain, unit_of
from twin.kernels.rings import BITS, upper

FRIENDS, WORK, NEIGHBOURS, ONLINE = 1, 2, 3, 4
LAYERS = 4  # stored layers; the household is layer 0 and needs no slots


_ROWS = 1024  # citizens handled together by one thread
# the half of the words of a slot that hangs on its number alone, see twin.kernels.chance
_NUMBERED = _mix_plain(np.arange(1024, dtype=np.uint64) + np.uint64(_GOLDEN))


def degrees_plain(keys, people, here, others, mean, quantile, by_age, most):
    """Slots per citizen and layer (rows, 4) u1: Poisson around mean x sociability x age; none when gone.

    ``keys[0]`` draws the sociability, whose quantiles are ``quantile`` at even steps; ``keys[k]`` the
    number in layer k. At work or school there are no more slots than ``others`` (u1) at the place.
    """
    ids, place, steps = people.id, people.place, len(quantile) - 1
    sociable = np.interp(uniform_plain(keys[0], ids) * steps, np.arange(steps + 1), quantile)
    out = np.zeros((len(ids), LAYERS), np.uint8)
    for kind in range(1, LAYERS + 1):
        expected = mean[kind - 1] * (sociable * by_age[people.age])
        u, chance = uniform_plain(keys[kind], ids), np.exp(-expected)
        below = chance.copy()
        for n in range(1, most + 1):
            out[u >= below, kind - 1] = n
            chance = chance * expected / n
            below = np.where(u >= below, below + chance, below)
    known = (place >= 0) & (place < len(others))
    mates = np.where(known, others[np.where(known, place, 0)], 0)
    out[:, WORK - 1] = np.minimum(out[:, WORK - 1], mates)
    out[~here] = 0
    return out


def carry_plain(keys, leave, people, here, beside, start, other, layer, degree):
    """Slots of the new year: what lasts is carried over, the rest is empty.

    A tie lasts while both are here and what made it lasts: the same workplace or school, a home
    nearby. Each is given up with the chance ``leave`` out of 2**32 besides. Bit k of ``wanting`` says that
    a citizen has an empty slot in layer k.
    """
    new = starts_plain(degree)
    kept, kinds = np.full(new[-1], -1, np.int32), np.zeros(new[-1], np.uint8)
    wanting = np.zeros(len(degree), np.uint8)
    for i in range(len(degree)):
        at = new[i]
        old = slice(start[i], start[i + 1]) if i < len(start) - 1 else slice(0, 0)
        for kind in range(1, LAYERS + 1):
            had, word = other[old][layer[old] == kind], word_plain(keys[kind], people.id[i])
            for n in range(degree[i, kind - 1]):
                kinds[at + n] = kind
                if n < len(had) and _lasts_plain(kind, i, had[n], here, people, beside):
                    stays = word_plain(word, n) >> BITS >= leave
                    kept[at + n] = had[n] if stays else -1
                wanting[i] |= (kept[at + n] < 0) << kind
            at += degree[i, kind - 1]
    return new, kept, kinds, wanting


def _lasts_plain(kind, i, j, here, people, beside):
    place, town = people.place, people.town
    same = {WORK: place[i] == place[j], NEIGHBOURS: beside[town[i], town[j]]}.get(kind, True)
    return j >= 0 and here[i] and here[j] and same


def move_plain(order, moved, start, other, layer):
    """Slots after rows were removed: rows in ``order`` only, targets at their new address or -1.

    Rows beyond ``start`` have no slots yet.
    """
    start = np.concatenate([start, np.full(max(len(moved) + 1 - len(start), 0), start[-1])])
    count = np.diff(start)[order]
    new = np.concatenate([[0], np.cumsum(count)])
    slots = np.repeat(start[order] - new[:-1], count) + np.arange(new[-1])
    target = other[slots]
    return new, np.where(target >= 0, moved[target], -1).astype(np.int32), layer[slots]


def word_plain(key, i):
    """64 random bits as a Python integer."""
    return int(bits_plain(key, np.array([i], np.uint64))[0])


def starts_plain(degree):
    """Where each row's slots begin, and the end."""
    return np.concatenate([[0], np.cumsum(degree.sum(axis=1, dtype=np.int64))])


@njit(inline="always")
def numbered(word, n):
    """The same as ``bits_of(word, n)`` for the small number of a slot."""
    return mix(_NUMBERED[n] + word)


@njit(cache=True)
def starts(degree):
    """The same as :func:`starts_plain`, fast."""
    out = np.zeros(degree.shape[0] + 1, np.int64)
    for i in range(degree.shape[0]):
        out[i + 1] = out[i]
        for k in range(LAYERS):
            out[i + 1] += degree[i, k]
    return out


@njit(cache=True)
def places(order, start):
    """Where the slots of the rows in ``order`` begin when only they are left, and the end."""
    out, last = np.zeros(order.size + 1, np.int64), start.size - 1
    for n in range(order.size):
        out[n + 1] = out[n] + start[min(order[n] + 1, last)] - start[min(order[n], last)]
    return out


@njit(parallel=True, cache=True)
def degrees(keys, people, here, others, mean, quantile, by_age, most):
    """The same as :func:`degrees_plain`, fast."""
    rows = here.size
    out = np.zeros((rows, LAYERS), np.uint8)
    for block in prange((rows + _ROWS - 1) // _ROWS):
        lo, hi = block * _ROWS, min((block + 1) * _ROWS, rows)
        _degrees(lo, hi, keys, people, here, others, mean, quantile, by_age, most, out)
    return out


@njit
def _degrees(lo, hi, keys, people, here, others, mean, quantile, by_age, most, out):
    steps = quantile.size - 1
    for i in range(lo, hi):
        at = unit_of(keys[0], people.id[i]) * steps
        k = int(at)
        sociable = (quantile[k] + (at - k) * (quantile[k + 1] - quantile[k])) * by_age[people.age[i]]
        for kind in range(1, LAYERS + 1 if here[i] else 1):
            top = most
            if kind == WORK:
                known = 0 <= people.place[i] < others.size
                top = min(most, others[people.place[i]]) if known else 0
            expected = mean[kind - 1] * sociable
            u, chance = unit_of(keys[kind], people.id[i]), math.exp(-expected)
            below, n = chance, 0
            while u >= below and n < top:
                n += 1
                chance *= expected / n
                below += chance
            out[i, kind - 1] = n


@njit(parallel=True, cache=True)
def carry(keys, leave, people, here, beside, start, other, layer, degree, new, kept, kinds):
    """The same as :func:`carry_plain`, fast: fills ``kept`` and ``kinds`` from places ``new`` on."""
    rows = degree.shape[0]
    wanting = np.zeros(rows, np.uint8)
    for block in prange((rows + _ROWS - 1) // _ROWS):
        lo, hi = block * _ROWS, min((block + 1) * _ROWS, rows)
        _carry(
            lo, hi, keys, leave, people, here, beside, start, other, layer, degree, new, kept, kinds, wanting
        )
    return wanting


@njit
def _carry(lo, hi, keys, leave, people, here, beside, start, other, layer, degree, new, kept, kinds, wanting):
    place, town, known = people.place, people.town, start.size - 1
    for i in range(lo, hi):
        at, old, end = new[i], start[min(i, known)], start[min(i + 1, known)]
        for kind in range(1, LAYERS + 1):
            while old < end and layer[old] < kind:
                old += 1
            word = bits_of(keys[kind], people.id[i])
            for n in range(degree[i, kind - 1]):
                found = np.int32(-1)
                if old < end and layer[old] == kind:
                    j = other[old]
                    old += 1
                    lasts = j >= 0 and here[i] and here[j]
                    if lasts and kind == WORK:
                        lasts = place[i] == place[j]
                    elif lasts and kind == NEIGHBOURS:
                        lasts = beside[town[i], town[j]]
                    if lasts and upper(numbered(word, n)) >= leave:
                        found = j
                kinds[at], kept[at] = kind, found
                if found < 0:
                    wanting[i] |= 1 << kind
                at += 1


@njit(parallel=True, cache=True)
def move(order, moved, start, other, layer, new, kept, kinds):
    """The same as :func:`move_plain`, fast: fills ``kept`` and ``kinds`` from places ``new`` on."""
    for block in prange((order.size + _ROWS - 1) // _ROWS):
        lo, hi = block * _ROWS, min((block + 1) * _ROWS, order.size)
        _move(lo, hi, order, moved, start, other, layer, new, kept, kinds)


@njit
def _move(lo, hi, order, moved, start, other, layer, new, kept, kinds):
    """Neighbouring rows that stay together move as one: short loops over single rows cost far more."""
    last = start.size - 1
    while lo < hi:
        n = lo + 1
        while n < hi and order[n] == order[n - 1] + 1:
            n += 1
        old, at, size = start[min(order[lo], last)], new[lo], new[n] - new[lo]
        _readdressed(moved, other[old : old + size], kept[at : at + size])
        _copied(layer[old : old + size], kinds[at : at + size])
        lo = n


@njit
def _readdressed(moved, other, kept):
    for s in range(other.size):
        j = other[s]
        kept[s] = moved[j] if j >= 0 else np.int32(-1)


@njit
def _copied(layer, kinds):
    for s in range(layer.size):
        kinds[s] = layer[s]
