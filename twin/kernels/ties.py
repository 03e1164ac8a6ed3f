"""Slots of listening: how many each citizen has and which stay.

The ties of citizen i are the slots ``start[i]`` to ``start[i + 1]``, ordered by layer; ``other`` is
the row listened to, -1 for an empty slot. Who is drawn into an empty slot: :mod:`twin.kernels.draws`.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from twin.kernels.chance import (
    _GOLDEN,
    _mix_plain,
    bits_plain,
    half_of,
    mix,
    uniform_plain,
    unit_with,
    word_with,
)  # fmt: skip
from twin.kernels.rings import BITS, upper

FRIENDS, WORK, NEIGHBOURS, ONLINE = 1, 2, 3, 4
LAYERS = 4  # stored layers; the household is layer 0 and needs no slots


ROOTS = 40.0  # levels of an expected number of slots by the unit of its square root
_ROWS = 1024  # citizens handled together by one thread
# the half of the words of a slot that hangs on its number alone, see twin.kernels.chance
_NUMBERED = _mix_plain(np.arange(1024, dtype=np.uint64) + np.uint64(_GOLDEN))


def degrees_plain(keys, people, here, others, mean, sociability, number, by_age):
    """Slots per citizen and layer (rows, 4) u1: Poisson around mean x sociability x age; none when gone.

    ``keys[0]`` draws the sociability, whose quantiles at even steps are ``sociability``; ``keys[k]`` the
    number in layer k, whose quantiles are ``number`` (levels, steps) u1: level n stands for an expected
    number of (n / ROOTS)**2, so that all levels are equally wide beside the scatter. At work or school there
    are no more slots than ``others`` in the team.
    """
    ids, steps = people.id, len(sociability) - 1
    sociable = np.interp(uniform_plain(keys[0], ids) * steps, np.arange(steps + 1), sociability)
    out = np.zeros((len(ids), LAYERS), np.uint8)
    for kind in range(1, LAYERS + 1):
        root = np.sqrt(mean[kind - 1] * (sociable * by_age[people.age]))
        level = np.minimum((root * ROOTS + 0.5).astype(np.int64), len(number) - 1)
        step = (uniform_plain(keys[kind], ids) * number.shape[1]).astype(np.int64)
        out[:, kind - 1] = number[level, step]
    out[:, WORK - 1] = np.minimum(out[:, WORK - 1], others)
    out[~here] = 0
    return out


def carry_plain(keys, leave, people, here, beside, removal, start, other, layer, degree):
    """Slots of the new year: what lasts is carried over, the rest is empty.

    A tie lasts while both are here and what made it lasts: the same workplace or school, a home
    nearby. Each is given up with the chance ``leave`` out of 2**32 besides. Bit k of ``wanting`` says that
    a citizen has an empty slot in layer k. ``start``, ``other``, ``layer`` are the old slots, from before
    ``removal``; everything else holds the rows of now.
    """
    start, other, layer = move_plain(removal, start, other, layer)
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


class Removal(NamedTuple):
    """Which rows are left and where they went.

    order : (rows,) i8, old row of each row that is left
    moved : (old rows,) i4, new row of each old row, -1 where it was removed
    """

    order: np.ndarray
    moved: np.ndarray


def move_plain(removal, start, other, layer):
    """Slots after rows were removed: only those of rows that are left, targets at their new address or -1.

    Rows beyond ``start`` have no slots yet.
    """
    order, moved = removal
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
def degrees(keys, people, here, others, mean, sociability, number, by_age):
    """The same as :func:`degrees_plain`, fast."""
    rows = here.size
    out = np.zeros((rows, LAYERS), np.uint8)
    for block in prange((rows + _ROWS - 1) // _ROWS):
        lo, hi = block * _ROWS, min((block + 1) * _ROWS, rows)
        _degrees(lo, hi, keys, people, here, others, mean, sociability, number, by_age, out)
    return out


@njit
def _degrees(lo, hi, keys, people, here, others, mean, sociability, number, by_age, out):
    steps, (levels, columns) = sociability.size - 1, number.shape
    for i in range(lo, hi):
        person = half_of(people.id[i])
        at = unit_with(keys[0], person) * steps
        k = int(at)
        sociable = (sociability[k] + (at - k) * (sociability[k + 1] - sociability[k])) * by_age[people.age[i]]
        for kind in range(1, LAYERS + 1 if here[i] else 1):
            level = min(int(math.sqrt(mean[kind - 1] * sociable) * ROOTS + 0.5), levels - 1)
            slots = number[level, int(unit_with(keys[kind], person) * columns)]
            out[i, kind - 1] = min(slots, others[i]) if kind == WORK else slots


@njit(parallel=True, cache=True)
def carry(keys, leave, people, here, beside, removal, start, other, layer, degree, new, kept, kinds):
    """The same as :func:`carry_plain`, fast: fills ``kept`` and ``kinds`` from places ``new`` on.

    Block by block, all old targets are first looked up in one plain pass, so that many looks wait for
    memory at once.
    """
    rows = degree.shape[0]
    wanting, moved = np.zeros(rows, np.uint8), _still_here(removal.moved, here)
    for block in prange((rows + _ROWS - 1) // _ROWS):
        lo, hi = block * _ROWS, min((block + 1) * _ROWS, rows)
        begin, target = _targets(lo, hi, removal.order, moved, start, other)
        _carry(
            lo, hi, keys, leave, people, here, beside, begin, target, removal.order, start, layer, degree, new,
            kept, kinds, wanting,
        )  # fmt: skip
    return wanting


@njit
def _still_here(moved, here):
    """New row of each old row, -1 for those removed or no longer here."""
    out = np.empty(moved.size, np.int32)
    for n in range(moved.size):
        out[n] = moved[n] if moved[n] >= 0 and here[moved[n]] else np.int32(-1)
    return out


@njit
def _targets(lo, hi, order, moved, start, other):
    """Where the old slots of rows lo..hi begin in a list of their targets, and that list."""
    known, begin = start.size - 1, np.zeros(hi - lo + 1, np.int64)
    for i in range(lo, hi):
        row = min(order[i], known) if i < order.size else known
        begin[i - lo + 1] = begin[i - lo] + start[min(row + 1, known)] - start[row]
    target = np.empty(begin[-1], np.int32)
    for i in range(lo, hi):
        a, b = begin[i - lo], begin[i - lo + 1]
        if b > a:
            _readdressed(moved, other[start[order[i]] : start[order[i] + 1]], target[a:b])
    return begin, target


@njit
def _carry(lo, hi, keys, leave, people, here, beside, begin, target, order, start, layer, degree, new, kept,
           kinds, wanting):  # fmt: skip
    place, town = people.place, people.town
    for i in range(lo, hi):
        at, old, end, person = new[i], begin[i - lo], begin[i - lo + 1], half_of(people.id[i])
        shift = start[order[i]] - old if end > old else 0  # from the list to the old slots
        for kind in range(1, LAYERS + 1):
            while old < end and layer[old + shift] < kind:
                old += 1
            word = word_with(keys[kind], person)
            for n in range(degree[i, kind - 1]):
                found = np.int32(-1)
                if old < end and layer[old + shift] == kind:
                    j = target[old]
                    old += 1
                    lasts = j >= 0 and here[i]
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
def move(removal, start, other, layer, new, kept, kinds):
    """The same as :func:`move_plain`, fast: fills ``kept`` and ``kinds`` from places ``new`` on."""
    for block in prange((removal.order.size + _ROWS - 1) // _ROWS):
        lo, hi = block * _ROWS, min((block + 1) * _ROWS, removal.order.size)
        _move(lo, hi, removal.order, removal.moved, start, other, layer, new, kept, kinds)


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
