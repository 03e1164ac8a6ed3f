"""Slots of listening: how many each citizen has and which stay.

The ties of citizen i are the slots ``start[i]`` to ``start[i + 1]``, ordered by layer; ``other`` is
the row listened to, -1 for an empty slot. Who is drawn into an empty slot: :mod:`twin.kernels.draws`.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from twin.kernels.chance import bits_of, bits_plain, uniform_plain, unit_of
from twin.kernels.rings import BITS, upper

FRIENDS, WORK, NEIGHBOURS, ONLINE = 1, 2, 3, 4
LAYERS = 4  # stored layers; the household is layer 0 and needs no slots


class People(NamedTuple):
    """Citizens from row ``first`` on as those who listen.

    id u8; mine i8, point on every ring; band i2, age class; place i4, of the working day, -1 none; town i2
    """

    first: int
    id: np.ndarray
    mine: np.ndarray
    band: np.ndarray
    place: np.ndarray
    town: np.ndarray


def degrees_plain(keys, ids, age, mates, mean, quantile, by_age, most):
    """Slots per citizen and layer (rows, 4) u1: Poisson around mean x sociability x age.

    ``keys[0]`` draws the sociability, whose quantiles are ``quantile`` at even steps; ``keys[k]`` the
    number in layer k. At work or school there are no more slots than ``mates`` (u1), others of the place.
    """
    steps = len(quantile) - 1
    sociable = np.interp(uniform_plain(keys[0], ids) * steps, np.arange(steps + 1), quantile) * by_age[age]
    out = np.zeros((len(ids), LAYERS), np.uint8)
    for kind in range(1, LAYERS + 1):
        expected = mean[kind - 1] * sociable
        u, chance = uniform_plain(keys[kind], ids), np.exp(-expected)
        below = chance.copy()
        for n in range(1, most + 1):
            out[u >= below, kind - 1] = n
            chance = chance * expected / n
            below = np.where(u >= below, below + chance, below)
    out[:, WORK - 1] = np.minimum(out[:, WORK - 1], mates)
    return out


def carry_plain(keys, leave, people, here, beside, start, other, layer, degree):
    """Slots of the new year: what lasts is carried over, the rest is empty.

    A tie lasts while both are here and what made it lasts: the same workplace or school, a home
    nearby. Each is given up with the chance ``leave`` out of 2**32 besides. Bit k of ``wanting`` says that
    a citizen has an empty slot in layer k.
    """
    new = starts(degree)
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

    ``start`` has one more entry than ``moved``, so every old row has its slots, be they none.
    """
    count = np.diff(start)[order]
    new = np.concatenate([[0], np.cumsum(count)])
    slots = np.repeat(start[order] - new[:-1], count) + np.arange(new[-1])
    target = other[slots]
    return new, np.where(target >= 0, moved[target], -1).astype(np.int32), layer[slots]


def word_plain(key, i):
    """64 random bits as a Python integer."""
    return int(bits_plain(key, np.array([i], np.uint64))[0])


def starts(degree):
    """Where each row's slots begin, and the end."""
    return np.concatenate([[0], np.cumsum(degree.sum(axis=1, dtype=np.int64))])


@njit(parallel=True, cache=True)
def degrees(keys, ids, age, mates, mean, quantile, by_age, most):
    """The same as :func:`degrees_plain`, fast."""
    out = np.zeros((ids.size, LAYERS), np.uint8)
    steps = quantile.size - 1
    for i in prange(ids.size):
        at = unit_of(keys[0], ids[i]) * steps
        k = int(at)
        sociable = (quantile[k] + (at - k) * (quantile[k + 1] - quantile[k])) * by_age[age[i]]
        for kind in range(1, LAYERS + 1):
            top = min(most, mates[i]) if kind == WORK else most
            expected = mean[kind - 1] * sociable
            u, chance = unit_of(keys[kind], ids[i]), math.exp(-expected)
            below, n = chance, 0
            while u >= below and n < top:
                n += 1
                chance *= expected / n
                below += chance
            out[i, kind - 1] = n
    return out


@njit(parallel=True, cache=True)
def carry(keys, leave, people, here, beside, start, other, layer, degree, new, kept, kinds):
    """The same as :func:`carry_plain`, fast: fills ``kept`` and ``kinds`` from places ``new`` on."""
    wanting = np.zeros(degree.shape[0], np.uint8)
    for i in prange(degree.shape[0]):
        at = new[i]
        old, end = (start[i], start[i + 1]) if i < start.size - 1 else (0, 0)
        for kind in range(1, LAYERS + 1):
            while old < end and layer[old] < kind:
                old += 1
            word = bits_of(keys[kind], people.id[i])
            for n in range(degree[i, kind - 1]):
                kinds[at], kept[at] = kind, -1
                if old < end and layer[old] == kind:
                    j = other[old]
                    old += 1
                    lasts = j >= 0 and here[i] and here[j]
                    if lasts and kind == WORK:
                        lasts = people.place[i] == people.place[j]
                    elif lasts and kind == NEIGHBOURS:
                        lasts = beside[people.town[i], people.town[j]]
                    if lasts and upper(bits_of(word, n)) >= leave:
                        kept[at] = j
                if kept[at] < 0:
                    wanting[i] |= 1 << kind
                at += 1
    return wanting


@njit(parallel=True, cache=True)
def move(order, moved, start, other, layer, new, kept, kinds):
    """The same as :func:`move_plain`, fast: fills ``kept`` and ``kinds`` from places ``new`` on."""
    for n in prange(order.size):
        at = new[n]
        for s in range(start[order[n]], start[order[n] + 1]):
            kept[at] = moved[other[s]] if other[s] >= 0 else -1
            kinds[at] = layer[s]
            at += 1
