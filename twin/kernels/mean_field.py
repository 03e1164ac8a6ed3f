"""A month of an endless, well-mixed population under the adoption kernel's own hazards."""

import math

import numpy as np
from numba import njit

from twin.kernels.hazards import (
    ACCESS,
    AT_HOME,
    GET_AT,
    NEEDS,
    PULSE_AT,
    START_AT,
    STOP_AT,
    STOPPED,
    USES,
    after,
    after_plain,
    down,
    hazards_plain,
    up,
)  # fmt: skip


def mean_month_plain(shares, s, at_home, met, eager, benefit, rate, curve):
    """A month of an endless population: shares by age and stage of one technology, (ages, 5) f8.

    Parameters
    ----------
    shares : (ages, 5) before the month
    s : (ages,) share of users among the ties of each age
    at_home : mean factor of someone at home using it
    met : (ages,) share of people who have what the technology needs
    eager : share of people who would take it at all; the others stay where they could start
    benefit : (ages,) what users of each age feel, 0 to 1
    """
    new, own = shares.copy(), rate.copy()
    own[AT_HOME] = at_home
    for stage in range(STOPPED + 1):
        rise, fall = hazards_plain(
            np.full(len(shares), stage), own, curve[GET_AT, : len(shares)], curve[START_AT, : len(shares)],
            curve[PULSE_AT, : len(shares)], curve[STOP_AT, : len(shares)], 1.0, 1.0, True, met, s, False, benefit,
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
def mean_month(shares, s, at_home, met, eager, benefit, rate, curve):
    """The same as :func:`mean_month_plain`, fast, to the last digits of rounding."""
    new = shares.copy()
    for age in range(len(shares)):
        fit, pulse = met[age] * curve[START_AT, age] * at_home, met[age] * curve[PULSE_AT, age]
        get, stop = met[age] * curve[GET_AT, age], curve[STOP_AT, age]
        for stage in range(STOPPED + 1):
            rise = up(stage, rate, get, fit, pulse, 1.0, s[age], False)
            total = rise + down(stage, rate, stop, s[age], benefit[age])
            if total <= 0.0:
                continue
            staying = 1.0 - eager if stage == ACCESS else 0.0
            moving = max(shares[age, stage] - staying, 0.0) * -math.expm1(-total)
            rising = moving * rise / total
            new[age, stage] -= moving
            new[age, after(stage, True)] += rising
            new[age, after(stage, False)] += moving - rising
    return new


def mean_months_plain(shares, s, at_home, eager, benefit, rate, curve):
    """:func:`mean_month_plain` of every technology in place, in their order: what one needs has lived its month.

    ``shares`` (technologies, ages, stages), ``s`` and ``benefit`` (technologies, ages), ``at_home`` and
    ``eager`` (technologies,), ``rate`` and ``curve`` of all technologies.
    """
    for k, needed in enumerate(rate[:, NEEDS].astype(int)):
        met = np.ones(shares.shape[1]) if needed < 0 else shares[needed, :, USES]
        shares[k] = mean_month_plain(
            shares[k], s[k], at_home[k], met, eager[k], benefit[k], rate[k], curve[k]
        )


@njit(cache=True)
def mean_months(shares, s, at_home, eager, benefit, rate, curve):
    """The same as :func:`mean_months_plain`, fast, to the last digits of rounding."""
    met = np.empty(shares.shape[1])
    for k in range(len(shares)):
        met[:] = 1.0
        if rate[k, NEEDS] >= 0:
            met[:] = shares[int(rate[k, NEEDS]), :, USES]
        shares[k] = mean_month(shares[k], s[k], at_home[k], met, eager[k], benefit[k], rate[k], curve[k])
