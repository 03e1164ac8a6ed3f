"""Counting people by area and age group: the monthly census of the model."""

import numpy as np
from numba import njit, prange, uint64

_PARTS = 16  # counted apart and added up; whole numbers, so their number does not matter


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


def lived_in_plain(here, household, households):
    """Whether each household has a member who is here (yes/no)."""
    found = np.zeros(households, bool)
    found[household[here]] = True
    return found


@njit(parallel=True, cache=True)
def census(here, born, month, area, seen, group_of_age, areas, groups, quantities):
    """The same as :func:`census_plain`, fast."""
    found = np.zeros((_PARTS, areas, groups, quantities + 1), np.int64)
    oldest = group_of_age.size - 1
    for part in prange(_PARTS):
        for i in range(part * here.size // _PARTS, (part + 1) * here.size // _PARTS):
            if here[i]:
                months = min(max(month - np.int64(born[i]), 0), 12 * oldest)
                cell = found[part, uint64(area[i]), uint64(group_of_age[uint64(months) // uint64(12)])]
                cell[0] += 1
                bits = uint64(seen[i])
                for k in range(1, quantities + 1):
                    cell[k] += np.int64(bits & uint64(1))
                    bits >>= uint64(1)
    return found.sum(axis=0)


@njit(cache=True)
def lived_in(here, household, households):
    """The same as :func:`lived_in_plain`, fast; serial, because members write to one place."""
    found = np.zeros(households, np.bool_)
    for i in range(here.size):
        if here[i]:
            found[household[i]] = True
    return found
