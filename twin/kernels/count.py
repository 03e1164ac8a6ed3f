"""Counting people by area and age group: the monthly census of the model."""

import numpy as np
from numba import njit, prange

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


@njit(parallel=True, cache=True)
def census(here, born, month, area, seen, group_of_age, areas, groups, quantities):
    """The same as :func:`census_plain`, fast."""
    found = np.zeros((_PARTS, areas, groups, quantities + 1), np.int64)
    oldest = group_of_age.size - 1
    for part in prange(_PARTS):
        for i in range(part * here.size // _PARTS, (part + 1) * here.size // _PARTS):
            if here[i]:
                age = min(max((month - np.int64(born[i])) // 12, 0), oldest)
                cell = found[part, area[i], group_of_age[age]]
                cell[0] += 1
                for k in range(quantities):
                    cell[k + 1] += (seen[i] >> k) & 1
    return found.sum(axis=0)
