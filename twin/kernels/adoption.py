"""One month of take-up and giving up on a network: hear, get access, start, stop, return.

Stages of a citizen with a technology: 0 unaware, 1 aware, 2 has access, 3 uses, 4 stopped.
At most one stage a month; everybody sees the others as they were at the month's start.

Hazards are per month. The chance of a change is 1 - exp(-hazard), never above the hazard, so a
draw above the largest hazard a citizen can have settles the month. The fast form asks twice: first
against a table by stage and age (:func:`_most`), which needs nothing else of the citizen but the
draw and the appeal; then against the citizen's own largest hazard, all peers users. Only who is
still undecided has peers counted. That is exact, and it is why the fast form is fast: few people are
ever close enough to a change for their home and their peers to matter.
"""

import math

import numpy as np
from numba import njit, prange, uint64

from twin.kernels.chance import _GOLDEN, _UNIT, mix, uniform_plain, unit_of

UNAWARE, AWARE, ACCESS, USES, STOPPED = range(5)
STAGES_HELD = 6  # the five, and a newcomer not yet met
OLDEST = 120  # last row of tables by age
HERE = 128  # bit of the public byte: lives in the city
_HERE_BIT = 7  # as a need it is always met

# columns of `rate`: one row per technology, monthly hazards except where noted
HEAR, HEAR_PEERS, HEAR_PLACE, FORGET, ALONE, PEERS, CROWD, AGAIN, STOP_PEERS, AT_HOME, NEEDS = range(11)
# rows of `curve`: one block per technology, by age in years
GET_AT, START_AT, PULSE_AT, STOP_AT = range(4)


def public_plain(here, stage):
    """What others see of a citizen: bit k set when technology k is used, bit 7 when here (u1)."""
    uses = (stage == USES) @ (1 << np.arange(stage.shape[1]))
    return np.where(here, uses + HERE, 0).astype(np.uint8)


def at_home_plain(seen, household, households, technologies):
    """Members and users in each household, shape (households, technologies + 1), members last (i4)."""
    counts = np.zeros((households, technologies + 1), np.int32)
    for k in range(technologies):
        np.add.at(counts[:, k], household, (seen >> k) & 1)
    np.add.at(counts[:, technologies], household, seen >> 7)
    return counts


def peers_plain(seen, household, home, start, other, layer, weight, k):
    """Weighted users among a citizen's ties and their weighted number: two integers per citizen."""
    rows = np.repeat(np.arange(len(start) - 1), np.diff(start))
    real = other >= 0
    rows, target, w = rows[real], seen[other[real]], weight[layer[real]]
    users = np.bincount(rows, w * ((target >> k) & 1) * (target >> 7), len(start) - 1).astype(np.int64)
    ties = np.bincount(rows, w * (target >> 7), len(start) - 1).astype(np.int64)
    users += weight[0] * (home[household, k] - ((seen >> k) & 1))
    ties += weight[0] * (home[household, -1] - (seen >> 7))
    return users, ties


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


def month_plain(keys, month, ids, here, born, household, area, stage, appeal, threshold, seen, home,
                start, other, layer, weight, rate, curve, place):  # fmt: skip
    """The month in NumPy, every peer of everybody counted: the meaning of :func:`live_month`."""
    new = stage.copy()
    age = np.clip((month - born.astype(np.int64)) // 12, 0, OLDEST)
    for k in range(stage.shape[1]):
        users, ties = peers_plain(seen, household, home, start, other, layer, weight, k)
        s = users / np.maximum(ties, 1)
        crowd = users * 10_000 >= threshold.astype(np.int64) * ties
        needed = int(rate[k, NEEDS])
        met = np.ones(len(ids), bool) if needed < 0 else home[household, needed] > 0
        others_use = home[household, k] - ((seen >> k) & 1) > 0
        up, down = hazards_plain(
            stage[:, k], rate[k], curve[k, GET_AT, age], curve[k, START_AT, age], curve[k, PULSE_AT, age],
            curve[k, STOP_AT, age], place[k, area], appeal[:, k].astype(np.float64), others_use, met, s, crowd,
        )  # fmt: skip
        change = -np.expm1(-(up + down))
        u = uniform_plain(keys[k], ids)
        rises = u * (up + down) < change * up
        after = np.where(rises, _next_plain(stage[:, k]), _back_plain(stage[:, k]))
        moves = here & (u < change)
        new[:, k] = np.where(moves, after, stage[:, k])
        new[:, k] = np.where(here & (stage[:, k] == USES) & ~met, STOPPED, new[:, k])
    return new


def _next_plain(stage):
    return np.array([AWARE, ACCESS, USES, USES, USES], np.uint8)[stage]


def _back_plain(stage):
    return np.array([UNAWARE, UNAWARE, ACCESS, STOPPED, STOPPED], np.uint8)[stage]


@njit(parallel=True, cache=True)
def public(here, stage):
    """The same as :func:`public_plain`, fast."""
    seen = np.zeros(here.size, np.uint8)
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
def _begin(rate, fit, pulse, s, crowd):
    return fit * (rate[ALONE] + rate[PEERS] * s + rate[CROWD] * s * crowd) + pulse


@njit(inline="always")
def _up(stage, rate, get, fit, pulse, place, s, crowd):
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
def _minds_peers(stage, rate):
    """Whether what others do enters a stage's hazard at all."""
    if stage == UNAWARE:
        return rate[HEAR_PEERS] > 0
    if stage in (ACCESS, STOPPED):
        return rate[PEERS] > 0 or rate[CROWD] > 0
    return stage == USES and rate[STOP_PEERS] > 0


@njit(inline="always")
def _down(stage, rate, stop, s):
    if stage == AWARE:
        return rate[FORGET]
    if stage == USES:
        return stop * math.exp(-rate[STOP_PEERS] * s)
    return 0.0


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
        up, down = hazards_plain(
            np.full(len(shares), stage), own, curve[GET_AT, : len(shares)], curve[START_AT, : len(shares)],
            curve[PULSE_AT, : len(shares)], curve[STOP_AT, : len(shares)], 1.0, 1.0, True, met, s, False,
        )  # fmt: skip
        total = up + down
        rise = np.divide(up, total, out=np.zeros(len(shares)), where=total > 0)
        staying = 1 - eager if stage == ACCESS else 0.0
        moving = np.maximum(shares[:, stage] - staying, 0) * -np.expm1(-total)
        new[:, stage] -= moving
        new[:, _next_plain(stage)] += moving * rise
        new[:, _back_plain(stage)] += moving * (1 - rise)
    return new


@njit(cache=True)
def mean_month(shares, s, at_home, met, eager, rate, curve):
    """The same as :func:`mean_month_plain`, fast, to the last digits of rounding."""
    new = shares.copy()
    for age in range(len(shares)):
        fit, pulse = met[age] * curve[START_AT, age] * at_home, met[age] * curve[PULSE_AT, age]
        get, stop = met[age] * curve[GET_AT, age], curve[STOP_AT, age]
        for stage in range(STOPPED + 1):
            up = _up(stage, rate, get, fit, pulse, 1.0, s[age], False)
            total = up + _down(stage, rate, stop, s[age])
            if total <= 0.0:
                continue
            staying = 1.0 - eager if stage == ACCESS else 0.0
            moving = max(shares[age, stage] - staying, 0.0) * -math.expm1(-total)
            rising = moving * up / total
            new[age, stage] -= moving
            new[age, _after(stage, True)] += rising
            new[age, _after(stage, False)] += moving - rising
    return new


@njit(inline="always")
def _after(stage, rises):
    if stage == USES:
        return STOPPED
    if stage == STOPPED:
        return USES
    return stage + 1 if rises else stage - 1


@njit(cache=True)
def _most(rate, curve, place):
    """Largest hazard by technology, stage and age for an appeal of one (technologies, 6, ages) f8.

    No citizen's hazard is above it times the appeal, where the appeal is above one. The hair on top
    keeps rounding from deciding.
    """
    most = np.empty((len(rate), STAGES_HELD, OLDEST + 1))
    for k in range(len(rate)):
        r, v = rate[k], place[k].max()
        for stage in range(STAGES_HELD):
            for age in range(OLDEST + 1):
                fit, pulse = v * curve[k, START_AT, age] * max(r[AT_HOME], 1.0), curve[k, PULSE_AT, age]
                up = _up(stage, r, curve[k, GET_AT, age], fit, pulse, v, 1.0, True)
                most[k, stage, age] = (up + _down(stage, r, curve[k, STOP_AT, age], 0.0)) * (1 + 1e-9)
    return most


def live_month(keys, month, ids, here, born, household, area, stage, appeal, threshold, seen, home,
               start, other, layer, weight, rate, curve, place):  # fmt: skip
    """The same as :func:`month_plain`, fast: writes ``stage`` and returns how many looked at peers."""
    needs = np.where(rate[:, NEEDS] < 0, _HERE_BIT, rate[:, NEEDS]).astype(np.uint8)
    may = _may_change(_most(rate, curve, place), keys, month, ids, born, stage, appeal, seen, needs)
    return _live_month(
        np.flatnonzero(may), keys, month, ids, born, household, area, stage, appeal, threshold, seen, home,
        start, other, layer, weight, rate, curve, place,
    )  # fmt: skip


@njit(parallel=True, cache=True)
def _may_change(most, keys, month, ids, born, stage, appeal, seen, needs):
    """Whose draw is below the table for any technology, or who may lack what one in use needs."""
    may = np.zeros(ids.size, np.bool_)
    for i in prange(ids.size):
        if seen[i]:
            months = min(max(month - np.int64(born[i]), 0), 12 * OLDEST)
            age = uint64(months) // uint64(12)  # without signs: indices then need no check, half the time
            person = mix(uint64(ids[i]) + uint64(_GOLDEN))  # the half of a draw all technologies share
            for k in range(stage.shape[1]):
                now = stage[i, k]
                u = float(mix(person + keys[k]) >> uint64(11)) * _UNIT
                low = u < most[k, uint64(now), age] * max(appeal[i, k], np.float32(1.0))
                if low or (now == USES and not (seen[i] >> needs[k]) & 1):
                    may[i] = True
                    break
    return may


@njit(parallel=True, cache=True)
def _live_month(rows, keys, month, ids, born, household, area, stage, appeal, threshold, seen, home,
                start, other, layer, weight, rate, curve, place):  # fmt: skip
    looked = np.zeros(rows.size, np.uint8)
    for n in prange(rows.size):
        i = rows[n]
        age = min(max((month - np.int64(born[i])) // 12, 0), OLDEST)
        for k in range(stage.shape[1]):
            now, r = stage[i, k], rate[k]
            met = r[NEEDS] < 0 or home[household[i], int(r[NEEDS])] > 0
            if now == USES and not met:
                stage[i, k] = STOPPED
                continue
            v = place[k, area[i]]
            fit = 0.0
            pulse = 0.0
            if met and appeal[i, k] > 0:
                fit = v * appeal[i, k] * curve[k, START_AT, age]
                if home[household[i], k] - ((seen[i] >> k) & 1) > 0:
                    fit *= r[AT_HOME]
                pulse = curve[k, PULSE_AT, age]
            get = curve[k, GET_AT, age] if met else 0.0
            stop = curve[k, STOP_AT, age]
            u = unit_of(keys[k], ids[i])
            if u >= _up(now, r, get, fit, pulse, v, 1.0, True) + _down(now, r, stop, 0.0):
                continue
            users, ties = 0, 0
            if _minds_peers(now, r):
                looked[n] = 1
                users, ties = _peers(i, k, seen, household, home, start, other, layer, weight)
            s = users / max(ties, 1)
            crowd = users * 10_000 >= np.int64(threshold[i]) * ties
            up = _up(now, r, get, fit, pulse, v, s, crowd)
            total = up + _down(now, r, stop, s)
            change = -math.expm1(-total)
            if u < change:
                stage[i, k] = _after(now, u * total < change * up)
    return looked.sum()
