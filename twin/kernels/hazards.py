"""Stages of a citizen with a technology, and the monthly hazards of going on and falling back.

The equations stand here once: in NumPy for whole columns, and compiled for one citizen. See
``docs/adoption.md``.
"""

import math

import numpy as np
from numba import njit

UNAWARE, AWARE, ACCESS, USES, STOPPED = range(5)
OLDEST = 120  # last row of tables by age

# columns of `rate`: one row per technology, monthly hazards except where noted
HEAR, HEAR_PEERS, HEAR_PLACE, FORGET, ALONE, PEERS, CROWD = range(7)
AGAIN, STOP_PEERS, AT_HOME, NEEDS, EFFECT = range(7, 12)
# rows of `curve`: one block per technology, by age in years
GET_AT, START_AT, PULSE_AT, STOP_AT = range(4)


def hazards_plain(stage, rate, get, start, pulse, stop, place, appeal, at_home, met, s, crowd):
    """Monthly hazard of the next stage and of falling back; arrays or numbers, the model's equations.

    ``rate`` is one technology's row; ``get``, ``start``, ``pulse``, ``stop`` its values at the
    citizen's age; ``s`` the weighted share of users among ties; ``crowd`` whether s reaches the
    citizen's threshold; ``met`` whether what the technology needs is at hand.
    """
    begin = met * (
        place * appeal * start * np.where(at_home, rate[AT_HOME], 1.0)
        * (rate[ALONE] + rate[PEERS] * s + rate[CROWD] * s * crowd)
        + pulse * (appeal > 0)
    )  # fmt: skip
    heard = rate[HEAR] + rate[HEAR_PEERS] * s + rate[HEAR_PLACE] * place
    stopping = stop * np.exp(-rate[STOP_PEERS] * s)
    # one entry a stage: unaware, aware, has access, uses, stopped, not yet met
    up = np.choose(stage, [heard, get * met, begin, 0.0, rate[AGAIN] * begin, 0.0])
    down = np.choose(stage, [0.0, rate[FORGET], 0.0, stopping, 0.0, 0.0])
    return up, down


def appeal_plain(effect, ability, refuses):
    """Personal factor on starting, mean 1 over a standard normal ability; 0 for those who refuse."""
    return np.where(refuses, 0.0, np.exp(effect * np.asarray(ability, np.float64) - effect**2 / 2))


def after_plain(stage, rises):
    """The stage after a change, forward or back."""
    forward, back = [AWARE, ACCESS, USES, STOPPED, USES], [UNAWARE, UNAWARE, AWARE, STOPPED, USES]
    return np.array(forward if rises else back, np.uint8)[stage]


@njit(inline="always")
def _begin(rate, fit, pulse, s, crowd):
    return fit * (rate[ALONE] + rate[PEERS] * s + rate[CROWD] * s * crowd) + pulse


@njit(inline="always")
def up(stage, rate, get, fit, pulse, place, s, crowd):
    """Hazard of the next stage, one citizen; the first half of :func:`hazards_plain`."""
    if stage == UNAWARE:
        return rate[HEAR] + rate[HEAR_PEERS] * s + rate[HEAR_PLACE] * place
    if stage == AWARE:
        return get
    if stage == ACCESS:
        return _begin(rate, fit, pulse, s, crowd)
    if stage == STOPPED:
        return rate[AGAIN] * _begin(rate, fit, pulse, s, crowd)
    return 0.0


@njit(inline="always")
def down(stage, rate, stop, s):
    """Hazard of falling back, one citizen; the second half of :func:`hazards_plain`."""
    if stage == AWARE:
        return rate[FORGET]
    if stage == USES:
        return stop * math.exp(-rate[STOP_PEERS] * s)
    return 0.0


@njit(inline="always")
def after(stage, rises):
    """The same as :func:`after_plain` for one citizen."""
    if stage == USES:
        return STOPPED
    if stage == STOPPED:
        return USES
    return stage + 1 if rises else stage - 1
