"""Counting people by area and age group: the monthly census of the model."""

import numpy as np
from numba import njit, prange, uint32, uint64

_PARTS = 4  # counted apart and added up, at least; whole numbers, so their number does not matter
_LANES, _FULL = 4, 65_535  # counts in a word, and how many people one of them holds
_SPREAD = np.array([sum((n >> b & 1) << 16 * b for b in range(_LANES)) for n in range(16)], np.uint64)


def census_plain(here, born, month, area, seen, group_of_age, areas, groups, quantities):
    """People and users by area and age group, shape (areas, groups, 1 + quantities) (i8).

    The first quantity is people; the next ones are the bits of ``seen``.
    """
    age = np.clip((month - born[here].astype(np.int64)) // 12, 0, len(group_of_age) - 1)
    cell = area[here].astype(np.int64) * groups + group_of_age[age]
    columns = [np.bincount(cell, minlength=areas * groups)]
    for k in range(quantities):
        columns.append(np.bincount(cell[(seen[here] >> k) & 1 == 1], minlength=areas * groups))
    return np.stack(columns, axis=-1).reshape(areas, groups, quantities + 1)


def mark_plain(seen, carried, bit):
    """Set a bit of ``seen`` (u4) where a mark is carried, in place."""
    seen |= carried.astype(np.uint32) << np.uint32(bit)


def lived_in_plain(here, household, households):
    """Whether each household has a member who is here (yes/no)."""
    found = np.zeros(households, bool)
    found[household[here]] = True
    return found


def census(here, born, month, area, seen, group_of_age, areas, groups, quantities):
    """The same as :func:`census_plain`, fast: four counts of 16 bits side by side in a word."""
    packed = _packed(here, born, month, area, seen, group_of_age, areas, groups, quantities)
    lanes = packed[..., None] >> (16 * np.arange(_LANES, dtype=np.uint64)) & np.uint64(0xFFFF)
    return lanes.sum(axis=0, dtype=np.int64).reshape(areas, groups, -1)[:, :, : quantities + 1]


@njit(parallel=True, cache=True)
def _packed(here, born, month, area, seen, group_of_age, areas, groups, quantities):
    """Counts of parts of the people, (parts, areas, groups, words) u8."""
    words = (quantities + _LANES) // _LANES
    parts = max(_PARTS, (here.size + _FULL - 1) // _FULL)
    found = np.zeros((parts, areas, groups, words), np.uint64)
    oldest = group_of_age.size - 1
    for part in prange(parts):
        for i in range(part * here.size // parts, (part + 1) * here.size // parts):
            if here[i]:
                months = min(max(month - np.int64(born[i]), 0), 12 * oldest)
                cell = found[part, uint64(area[i]), uint64(group_of_age[uint64(months) // uint64(12)])]
                bits = uint64(seen[i]) << uint64(1) | uint64(1)  # the first quantity is people
                for w in range(words):
                    cell[w] += _SPREAD[bits & uint64(15)]
                    bits >>= uint64(_LANES)
    return found


@njit(parallel=True, cache=True)
def mark(seen, carried, bit):
    """The same as :func:`mark_plain`, fast."""
    for i in prange(seen.size):
        seen[i] |= uint32(carried[i]) << uint32(bit)


@njit(cache=True)
def lived_in(here, household, households):
    """The same as :func:`lived_in_plain`, fast; serial, because members write to one place."""
    found = np.zeros(households, np.bool_)
    for i in range(here.size):
        if here[i]:
            found[household[i]] = True
    return found
