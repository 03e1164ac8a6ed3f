"""Who may change a stage this month: one random word and one line of a small table for everybody.

A citizen's draw u for a technology has two parts. Its leading byte is one of the eight bytes of a word
the technologies share, its other digits are a draw of the technology's own. The chance of a change in a
month, 1 - exp(-hazard), is never above the hazard. So the leading byte alone settles the month unless it
is within the largest hazard of the citizen's stage, age and ability. That is exact, and the draw does
not hang on the table: a changed rate changes nobody's draw.
"""

import math

import numpy as np
from numba import njit, prange, uint64

from twin.kernels.chance import bits_plain, half_of, uniform_plain, unit_with, word_with
from twin.kernels.hazards import (
    AT_HOME,
    EFFECT,
    GET_AT,
    OLDEST,
    PULSE_AT,
    START_AT,
    STOP_AT,
    STOPPED,
    USES,
    down,
    up,
)  # fmt: skip

HERE_BIT = 7  # of the public byte: lives in the city; as a need it is always met
_BYTE = 8  # bits
_STAGES = 8  # places for stages in the sieve's table: the five, and a power of two
_BLOCK = 512  # citizens handled together by the sieve
_AGES, _HALVES = 8, 6  # years of age handled together by the sieve; half steps of ability on either side of 0


def draw_plain(look, keys, ids, k):
    """The draw of every citizen for technology ``k``: byte ``k`` of a common word, then digits of its own."""
    leading = (bits_plain(look, ids) >> np.uint64(_BYTE * k)) & np.uint64(0xFF)
    return (leading + uniform_plain(keys[k], ids)) / 2.0**_BYTE


@njit(inline="always")
def draw_of(word, key, half, k):
    """The same as :func:`draw_plain` for one citizen, from the common word and the half of the id."""
    leading = float((word >> uint64(_BYTE * k)) & uint64(0xFF))
    return (leading + unit_with(key, half)) / 2.0**_BYTE


@njit(cache=True)
def sieve(rate, curve, place, least, most):
    """Leading bytes up to which a draw may matter, (abilities, ages, technologies, stages) u1.

    A draw above the byte of the citizen's ability and age is above every hazard the citizen can have.
    ``least`` and ``most`` bound the abilities of all.
    """
    ages = OLDEST // _AGES + 1
    table = np.zeros((2 * _HALVES + 1, ages, len(rate), _STAGES), np.uint8)
    for c in range(table.shape[0]):
        low = least if c == 0 else (c - _HALVES) / 2
        high = most if c == table.shape[0] - 1 else (c - _HALVES + 1) / 2
        for k in range(len(rate)):
            r, v, e = rate[k], place[k].max(), rate[k, EFFECT]
            appeal = math.exp(max(e * low, e * high) - e**2 / 2)
            for stage in range(STOPPED + 1):
                for age in range(OLDEST + 1):
                    fit = v * appeal * curve[k, START_AT, age] * max(r[AT_HOME], 1.0)
                    rise = up(stage, r, curve[k, GET_AT, age], fit, curve[k, PULSE_AT, age], v, 1.0, True)
                    hazard = (rise + down(stage, r, curve[k, STOP_AT, age], 0.0)) * (1 + 1e-9)  # rounding
                    byte = min(hazard * 2.0**_BYTE, 255.0)
                    table[c, age // _AGES, k, stage] = max(table[c, age // _AGES, k, stage], np.uint8(byte))
    return table


@njit(parallel=True, cache=True)
def may_change(table, look, month, ids, born, household, ability, stage, seen, home, needs):
    """Technologies, as bits, whose draw may matter, or which are in use without what they need (u1)."""
    what = np.zeros(ids.size, np.uint8)
    for block in prange((ids.size + _BLOCK - 1) // _BLOCK):
        lo, hi = block * _BLOCK, min((block + 1) * _BLOCK, ids.size)
        word, line = np.empty(hi - lo, np.uint64), np.empty(hi - lo, np.uint32)
        _look_up(look, month, ids[lo:hi], born[lo:hi], ability[lo:hi], table.shape, word, line)
        _compare(
            table.reshape(-1),
            word,
            line,
            household[lo:hi],
            stage[lo:hi],
            seen[lo:hi],
            home,
            needs,
            what[lo:hi],
        )
    return what


@njit
def _look_up(look, month, ids, born, ability, shape, word, line):
    """Everyone's word, and where their line of the table begins: loops so plain that they run side by side."""
    _, ages, technologies, stages = shape
    for j in range(ids.size):
        word[j] = word_with(look, half_of(ids[j]))
    for j in range(ids.size):
        months = min(max(np.int32(month) - np.int32(born[j]), np.int32(0)), np.int32(12 * OLDEST))
        half_steps = np.int32(np.float32(2) * ability[j] + np.float32(_HALVES))
        able = np.uint32(min(max(half_steps, np.int32(0)), np.int32(2 * _HALVES)))
        age = np.uint32(months) // np.uint32(12 * _AGES)
        line[j] = (able * np.uint32(ages) + age) * np.uint32(technologies * stages)


@njit
def _compare(flat, word, line, household, stage, seen, home, needs, what):
    technologies = stage.shape[1]
    without = np.empty(word.size, np.uint8)
    for j in range(word.size):
        # numbers without signs: indices then need no check
        digits, at, public, may, lacks = word[j], uint64(line[j]), uint64(seen[j]), uint64(0), uint64(0)
        for k in range(technologies):
            now, own = uint64(stage[j, k]), (public >> uint64(needs[k])) & uint64(1)
            may |= uint64((digits & uint64(0xFF)) <= flat[at + now]) << uint64(k)
            lacks |= uint64((now == USES) & (own == 0)) << uint64(k)
            at += uint64(_STAGES)
            digits >>= uint64(_BYTE)
        here = public >> uint64(HERE_BIT)
        what[j], without[j] = may * here, lacks * here
    for j in range(word.size):
        if without[j]:  # none of one's own: is there one at home?
            for k in range(technologies):
                if (without[j] >> k) & 1 and home[household[j], needs[k]] == 0:
                    what[j] |= 1 << k
