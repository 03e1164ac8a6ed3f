"""A month of an endless, well-mixed population under the adoption kernel's own hazards."""

import math

import numpy as np
from numba import njit

from twin.kernels.hazards import (
    ACCESS,
    AT_HOME,
    GET_AT,
    PULSE_AT,
    START_AT,
    STOP_AT,
    STOPPED,
    after,
    after_plain,
    down,
    hazards_plain,
    up,
)  # fmt: skip


def mean_month_plain(shares, s, at_home, met, eager, rate, curve):
    """A month of an endless population: shares by age and stage of one technology, (ages, 5) f8.

    Parameters
    ----------
    shares : (ages, 5) before the month
    s : (ages,) share of users among the ties of each age
    at_home : mean factor of someone at home using it
    met : (ages,) share of people who have what the technology needs
    eager : share of people who would take it at all; the others stay where they could start
    """
    new, own = shares.copy(), rate.copy()
    own[AT_HOME] = at_home
    for stage in range(STOPPED + 1):
        rise, fall = hazards_plain(
            np.full(len(shares), stage), own, curve[GET_AT, : len(shares)], curve[START_AT, : len(shares)],
            curve[PULSE_AT, : len(shares)], curve[STOP_AT, : len(shares)], 1.0, 1.0, True, met, s, False,
        )  # fmt: skip
        total = rise + fall
        rising = np.divide(rise, total, out=np.zeros(len(shares)), where=total > 0)
        staying = 1 - eager if stage == ACCESS else 0.0
        moving = np.maximum(shares[:, stage] - staying, 0) * -np.expm1(-total)
        new[:, stage] -= moving
        new[:, after_plain(stage, True)] += moving * rising
        new[:, after_plain(stage, False)] += moving * (1 - rising)
    return new


@njit(cache=True)
def mean_month(shares, s, at_home, met, eager, rate, curve):
    """The same as :func:`mean_month_plain`, fast, to the last digits of rounding."""
    new = shares.copy()
    for age in range(len(shares)):
        fit, pulse = met[age] * curve[START_AT, age] * at_home, met[age] * curve[PULSE_AT, age]
        get, stop = met[age] * curve[GET_AT, age], curve[STOP_AT, age]
        for stage in range(STOPPED + 1):
            rise = up(stage, rate, get, fit, pulse, 1.0, s[age], False)
            total = rise + down(stage, rate, stop, s[age])
            if total <= 0.0:
                continue
            staying = 1.0 - eager if stage == ACCESS else 0.0
            moving = max(shares[age, stage] - staying, 0.0) * -math.expm1(-total)
            rising = moving * rise / total
            new[age, stage] -= moving
            new[age, after(stage, True)] += rising
            new[age, after(stage, False)] += moving - rising
    return new
