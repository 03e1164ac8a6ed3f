"""One month of take-up and giving up on a network: hear, get access, start, stop, return.

At most one stage a month; everybody sees the others as they were at the month's start. The fast form
first sieves everybody (:mod:`twin.kernels.sieve`). The few who are left are asked again with their whole
draw against their own largest hazard, all peers users, and only then are their peers counted.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from twin.kernels.chance import half_of, word_with
from twin.kernels.hazards import (
    ACCESS,
    AT_HOME,
    CROWD,
    GET_AT,
    HEAR_PEERS,
    NEEDS,
    OLDEST,
    PEERS,
    PULSE_AT,
    START_AT,
    STOP_AT,
    STOP_PEERS,
    STOPPED,
    UNAWARE,
    USES,
    after,
    after_plain,
    appeal,
    appeal_plain,
    down,
    hazards_plain,
    up,
)  # fmt: skip
from twin.kernels.sieve import HERE_BIT, draw_of, draw_plain, may_change

HERE = 1 << HERE_BIT  # bit of the public word: lives in the city


def public_plain(here, stage):
    """What others see of a citizen: bit k set when technology k is used, bit 15 when here (u2)."""
    uses = (stage == USES) @ (1 << np.arange(stage.shape[1]))
    return np.where(here, uses + HERE, 0).astype(np.uint16)


def at_home_plain(seen, household, households, technologies):
    """Members and users in each household, shape (households, technologies + 1), members last (i4)."""
    counts = np.zeros((households, technologies + 1), np.int32)
    for k in range(technologies):
        np.add.at(counts[:, k], household, (seen >> k) & 1)
    np.add.at(counts[:, technologies], household, seen >> HERE_BIT)
    return counts


def peers_plain(seen, household, home, start, other, layer, weight, k):
    """Weighted users among a citizen's ties and their weighted number: two integers per citizen."""
    rows = np.repeat(np.arange(len(start) - 1), np.diff(start))
    real = other >= 0
    rows, target, w = rows[real], seen[other[real]], weight[layer[real]]
    users = np.bincount(rows, w * ((target >> k) & 1) * (target >> HERE_BIT), len(start) - 1).astype(np.int64)
    ties = np.bincount(rows, w * (target >> HERE_BIT), len(start) - 1).astype(np.int64)
    users += weight[0] * (home[household, k] - ((seen >> k) & 1))
    ties += weight[0] * (home[household, -1] - (seen >> HERE_BIT))
    return users, ties


def month_plain(look, keys, month, ids, here, born, household, area, ability, trust, benefit, stage, refuses, threshold, seen,
                home, start, other, layer, weight, rate, curve, place):  # fmt: skip
    """The month in NumPy, every peer of everybody counted: the meaning of :func:`live_month`.

    Bit k of ``refuses`` (u1) says that a citizen never starts technology k. ``benefit`` (citizens,
    technologies) is what users feel; without rows nobody feels any.
    """
    new = stage.copy()
    age = np.clip((month - born.astype(np.int64)) // 12, 0, OLDEST)
    for k in range(stage.shape[1]):
        users, ties = peers_plain(seen, household, home, start, other, layer, weight, k)
        s = users / np.maximum(ties, 1)
        crowd = users * 10_000 >= threshold.astype(np.int64) * ties
        needed = int(rate[k, NEEDS])
        met = np.ones(len(ids), bool) if needed < 0 else home[household, needed] > 0
        others_use = home[household, k] - ((seen >> k) & 1) > 0
        rise, fall = hazards_plain(
            stage[:, k], rate[k], curve[k, GET_AT, age], curve[k, START_AT, age], curve[k, PULSE_AT, age],
            curve[k, STOP_AT, age], place[k, area], appeal_plain(rate[k], ability, trust, (refuses >> k) & 1),
            others_use, met, s, crowd, benefit[:, k] if len(benefit) else 0.0,
        )  # fmt: skip
        change = -np.expm1(-(rise + fall))
        u = draw_plain(look, keys, ids, k)
        rises = u * (rise + fall) < change * rise
        then = np.where(rises, after_plain(stage[:, k], True), after_plain(stage[:, k], False))
        moves = here & (u < change)
        new[:, k] = np.where(moves, then, stage[:, k])
        new[:, k] = np.where(here & (stage[:, k] == USES) & ~met, STOPPED, new[:, k])
    return new


@njit(parallel=True, cache=True)
def public(here, stage):
    """The same as :func:`public_plain`, fast."""
    seen = np.zeros(here.size, np.uint16)
    for i in prange(here.size):
        if here[i]:
            byte = HERE
            for k in range(stage.shape[1]):
                if stage[i, k] == USES:
                    byte |= 1 << k
            seen[i] = byte
    return seen


@njit(cache=True)
def at_home(seen, household, households, technologies):
    """The same as :func:`at_home_plain`, fast; serial, because neighbours write to one place."""
    counts = np.zeros((households, technologies + 1), np.int32)
    for i in range(seen.size):
        byte = seen[i]
        if byte:
            h = household[i]
            for k in range(technologies):
                counts[h, k] += (byte >> k) & 1
            counts[h, technologies] += 1
    return counts


@njit(inline="always")
def _peers(i, k, seen, household, home, start, other, layer, weight):
    """Weighted users and ties of one citizen; integers, so their order does not matter."""
    h = household[i]
    users = weight[0] * (home[h, k] - ((seen[i] >> k) & 1))
    ties = weight[0] * (home[h, home.shape[1] - 1] - 1)
    for e in range(start[i], start[i + 1]):
        j = other[e]
        if j >= 0 and seen[j]:
            w = weight[layer[e]]
            ties += w
            if (seen[j] >> k) & 1:
                users += w
    return users, ties


@njit(inline="always")
def _minds_peers(stage, rate):
    """Whether what others do enters a stage's hazard at all."""
    if stage == UNAWARE:
        return rate[HEAR_PEERS] > 0
    if stage in (ACCESS, STOPPED):
        return rate[PEERS] > 0 or rate[CROWD] > 0
    return stage == USES and rate[STOP_PEERS] > 0


class Lived(NamedTuple):
    """What a month did.

    rows : citizens whose draws had to be looked at, rising (i8)
    changed : bit k set where technology k changed its stage (u1)
    looked : how many had their peers counted
    """

    rows: np.ndarray
    changed: np.ndarray
    looked: int


def live_month(table, look, keys, month, ids, here, born, household, area, ability, trust, benefit, stage,
               refuses, threshold, seen, home, start, other, layer, weight, rate, curve, place):  # fmt: skip
    """The same as :func:`month_plain`, fast: writes ``stage`` and tells who changed.

    ``table`` is what :func:`twin.kernels.sieve.sieve` makes of the rates.
    """
    needs = np.where(rate[:, NEEDS] < 0, HERE_BIT, rate[:, NEEDS]).astype(np.uint8)
    what = may_change(table, look, month, ids, born, household, ability, stage, seen, home, needs)
    rows = np.flatnonzero(what)
    changed, looked = _live_month(
        rows, what[rows], look, keys, month, ids, born, household, area, ability, trust, benefit, stage, refuses,
        threshold, seen, home, start, other, layer, weight, rate, curve, place,
    )  # fmt: skip
    return Lived(rows, changed, looked)


@njit(parallel=True, cache=True)
def _live_month(rows, what, look, keys, month, ids, born, household, area, ability, trust, benefit, stage, refuses, threshold,
                seen, home, start, other, layer, weight, rate, curve, place):  # fmt: skip
    looked, changed = np.zeros(rows.size, np.uint8), np.zeros(rows.size, np.uint8)
    for n in prange(rows.size):
        i = rows[n]
        age, half = min(max((month - np.int64(born[i])) // 12, 0), OLDEST), half_of(ids[i])
        word = word_with(look, half)
        for k in range(stage.shape[1]):
            if not (what[n] >> k) & 1:
                continue
            now, r = stage[i, k], rate[k]
            met = r[NEEDS] < 0 or home[household[i], int(r[NEEDS])] > 0
            if now == USES and not met:
                stage[i, k] = STOPPED
                changed[n] |= 1 << k
                continue
            v, fit, pulse = place[k, area[i]], 0.0, 0.0
            if met and now in (ACCESS, STOPPED) and not (refuses[i] >> k) & 1:
                fit = v * appeal(r, ability[i], trust[i]) * curve[k, START_AT, age]
                if home[household[i], k] - ((seen[i] >> k) & 1) > 0:
                    fit *= r[AT_HOME]
                pulse = curve[k, PULSE_AT, age]
            get = curve[k, GET_AT, age] if met else 0.0
            stop = curve[k, STOP_AT, age]
            u = draw_of(word, keys[k], half, k)
            if u >= up(now, r, get, fit, pulse, v, 1.0, True) + down(now, r, stop, 0.0, 0.0):
                continue
            users, ties = 0, 0
            if _minds_peers(now, r):
                looked[n] = 1
                users, ties = _peers(i, k, seen, household, home, start, other, layer, weight)
            s = users / max(ties, 1)
            crowd = users * 10_000 >= np.int64(threshold[i]) * ties
            rise = up(now, r, get, fit, pulse, v, s, crowd)
            total = rise + down(now, r, stop, s, benefit[i, k] if benefit.shape[0] else 0.0)
            change = -math.expm1(-total)
            if u < change:
                stage[i, k] = after(now, u * total < change * rise)
                changed[n] |= 1 << k
    return changed, looked.sum()
