"""A month of felt benefit: people compare what they get with what they are used to.

Used-to follows the quality slowly; benefit follows quality less a part of what is taken for granted,
faster down than up. Who does not use a technology gets nothing from it, and the feeling fades.
"""

import numpy as np
from numba import njit, prange

from twin.kernels.hazards import OLDEST, USES

OLD = 65  # from here on ability falls


def month_plain(
    here, born, month, area, ability, stage, quality, effort, friction, loss, pace, benefit, used_to
):
    """Benefit and what is taken for granted after the month, two (citizens, technologies) f4.

    Parameters
    ----------
    here, born, area, ability, stage : (citizens,) columns; ``stage`` (citizens, technologies)
    quality : (technologies, areas) f4, what a technology is worth without effort, availability included
    effort : (technologies,) f4
    friction : (steps,) f4, share of the effort met, by eighths of ability from -STEPS on
    loss : standard deviations of ability lost a year after 65
    pace : rise, fall, getting used, habit
    benefit, used_to : (citizens, technologies) f4, before the month
    """
    rise, fall, learn, habit = (np.float32(p) for p in pace)
    age = np.clip((month - born.astype(np.int64)) // 12, 0, OLDEST)
    able = ability - np.float32(loss) * np.maximum(age - OLD, 0).astype(np.float32)
    met = friction[np.clip((able * EIGHTHS + STEPS * EIGHTHS).astype(np.int64), 0, len(friction) - 1)]
    worth = quality.T[area] * (1 - effort * met[:, None]) * (stage == USES)
    taken = used_to + learn * (worth - used_to)
    gap = worth - habit * taken - benefit
    after = np.maximum(benefit + np.where(gap > 0, rise, fall) * gap, 0).astype(np.float32)
    return np.where(here[:, None], after, benefit), np.where(here[:, None], taken, used_to).astype(np.float32)


def together_plain(benefit, technologies):
    """Benefit of several technologies felt together, (citizens,) f4: 1 - product of (1 - benefit)."""
    return 1 - np.prod(1 - benefit[:, technologies], axis=1)


@njit(parallel=True, cache=True)
def together(benefit, technologies):
    """The same as :func:`together_plain`, fast."""
    out = np.empty(benefit.shape[0], np.float32)
    for i in prange(out.size):
        left = np.float32(1)
        for k in technologies:
            left *= np.float32(1) - benefit[i, k]
        out[i] = np.float32(1) - left
    return out


EIGHTHS, STEPS = 8, 6  # places of the friction table: eighths of a standard deviation, six on either side


@njit(parallel=True, cache=True)
def live_month(
    here, born, month, area, ability, stage, quality, effort, friction, loss, pace, benefit, used_to
):
    """The same as :func:`month_plain`, in place."""
    rise, fall, learn, habit = (
        np.float32(pace[0]),
        np.float32(pace[1]),
        np.float32(pace[2]),
        np.float32(pace[3]),
    )
    technologies, steps = stage.shape[1], friction.size
    for i in prange(here.size):
        if here[i]:
            age = min(max((month - np.int64(born[i])) // 12, 0), OLDEST)
            able = ability[i] - np.float32(loss) * np.float32(max(age - OLD, 0))
            place = np.int64(able * np.float32(EIGHTHS) + np.float32(STEPS * EIGHTHS))
            met = friction[min(max(place, 0), steps - 1)]
            for k in range(technologies):
                worth = (
                    quality[k, area[i]] * (np.float32(1) - effort[k] * met) * np.float32(stage[i, k] == USES)
                )
                taken = used_to[i, k] + learn * (worth - used_to[i, k])
                gap = worth - habit * taken - benefit[i, k]
                pull = rise if gap > 0 else fall
                used_to[i, k] = taken
                benefit[i, k] = max(benefit[i, k] + pull * gap, np.float32(0))
