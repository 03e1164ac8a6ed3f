"""Drawing somebody to listen to into every empty slot, by layer.

A friend is drawn in an area chosen by people times closeness, or anywhere, among people of the own age
class, the next, or any age. A colleague or classmate is drawn within the own team, a neighbour in the
own or a neighbouring town, an online voice among all who are heard at a drawn level. Every draw is the
next person clockwise of a point (:mod:`twin.kernels.rings`) and hangs on (layer, month, id, number of
the slot).
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange, uint64

from twin.kernels.chance import bits_of
from twin.kernels.rings import BITS, next_plain, seek, team, team_plain, upper, walk
from twin.kernels.ties import FRIENDS, LAYERS, NEIGHBOURS, ONLINE, WORK, word_plain

_STREAM = 4  # random words kept for one slot: what kind of tie, where, who
_BLOCK = 2048  # rows one thread takes at a time


class Choice(NamedTuple):
    """Whom one may come to listen to; chances as whole numbers out of 2**32.

    same, near : chance that a friend is of the same age class, of the same or the next, by class
    far : chance that a friend may live anywhere
    area : area of each town
    reach : (areas + 1, areas) rising chances of a friend's area, by the own area; the last row is for those
        who may live anywhere
    beside : (towns, towns) bool, neighbouring towns
    round_first, round_town, round_to : for each town its neighbouring towns with rising chances
    level : rising chances of the levels of being heard online
    circles, areas, levels, towns, places, schools, works : first pool of each kind. Pool 0 is the whole city,
        circles are the age classes of each area; the first place is work outside the city, then schools,
        then firms
    class_size, team_size : i8, smallest and largest number of people
    """

    same: np.ndarray
    near: np.ndarray
    far: int
    area: np.ndarray
    reach: np.ndarray
    beside: np.ndarray
    round_first: np.ndarray
    round_town: np.ndarray
    round_to: np.ndarray
    level: np.ndarray
    circles: int
    areas: int
    levels: int
    towns: int
    places: int
    schools: int
    works: int
    class_size: np.ndarray
    team_size: np.ndarray


def fill_plain(keys, people, wanting, here, pools, choice, start, other, layer):
    """Draw somebody for every empty slot of the given people, in place.

    Bit k of ``wanting`` (u1) says that a citizen has an empty slot in layer k.
    """
    for n in range(len(people.id)):
        i = people.first + n
        for kind in (k for k in range(1, LAYERS + 1) if wanting[n] >> k & 1):
            slots = np.arange(start[i], start[i + 1])[layer[start[i] : start[i + 1]] == kind]
            word = word_plain(keys[kind], people.id[n])
            for number, s in enumerate(slots):
                if other[s] < 0:
                    words = [word_plain(word, number * _STREAM + t) for t in range(_STREAM)]
                    barred = {i, *other[slots].tolist()}
                    other[s] = _DRAW_PLAIN[kind](words, n, people, here, pools, choice, barred)


def _friend_plain(words, n, people, here, pools, choice, barred):
    bands, band, kind = len(choice.same), int(people.band[n]), words[0] >> BITS
    if kind >= choice.near[band]:
        band = bands
    elif kind >= choice.same[band]:
        band = _next_band.py_func(band, words[0] & 1, bands)
    home = len(choice.reach) - 1 if words[3] >> BITS < choice.far else choice.area[people.town[n]]
    area = int(np.searchsorted(choice.reach[home], words[1] >> BITS, side="right"))
    for pool in (choice.circles + area * bands + band if band < bands else choice.areas + area, 0):
        found = next_plain(pools, pools.first[pool], pools.first[pool + 1], words[2] >> BITS, here, barred)
        if found >= 0:
            return found
    return -1


def _work_plain(words, n, people, here, pools, choice, barred):
    pool = choice.places + people.place[n]
    if people.place[n] < 0 or pool >= len(pools.first) - 1:
        return -1
    size = choice.class_size if choice.schools <= pool < choice.works else choice.team_size
    a, b = pools.first[pool], pools.first[pool + 1]
    x, y, low, halvings = team_plain(pools, a, b, people.mine[n], *size)
    return next_plain(pools, x, y, low + (words[1] >> BITS >> halvings), here, barred)


def _neighbour_plain(words, n, people, here, pools, choice, barred):
    home = people.town[n]
    near = slice(choice.round_first[home], choice.round_first[home + 1])
    at = int(np.searchsorted(choice.round_to[near], words[0] >> BITS, side="right"))
    for t in (choice.round_town[near][at], home):
        pool = choice.towns + t
        found = next_plain(pools, pools.first[pool], pools.first[pool + 1], words[1] >> BITS, here, barred)
        if found >= 0:
            return found
    return -1


def _online_plain(words, n, people, here, pools, choice, barred):
    level = int(np.searchsorted(choice.level, words[0] >> BITS, side="right"))
    for pool in range(choice.levels + level, choice.levels - 1, -1):
        found = next_plain(pools, pools.first[pool], pools.first[pool + 1], words[1] >> BITS, here, barred)
        if found >= 0:
            return found
    return -1


_DRAW_PLAIN = {FRIENDS: _friend_plain, WORK: _work_plain, NEIGHBOURS: _neighbour_plain, ONLINE: _online_plain}


@njit(inline="always")
def _next_band(band, up, bands):
    """The age class above or below; the lowest and highest have one neighbour only."""
    if band == 0:
        return 1
    if band == bands - 1:
        return bands - 2
    return band + 1 if up else band - 1


@njit(parallel=True, cache=True)
def fill(keys, people, wanting, here, pools, choice, start, other, layer):
    """The same as :func:`fill_plain`, fast: blocks of rows side by side, a plain loop a layer in each.

    The blocks keep compiled reference counting out of the loops; it made them ten times slower.
    """
    rows = people.id.size
    for block in prange((rows + _BLOCK - 1) // _BLOCK):
        lo, hi = block * _BLOCK, min((block + 1) * _BLOCK, rows)
        _friends(lo, hi, keys[FRIENDS], people, wanting, here, pools, choice, start, other, layer)
        _colleagues(lo, hi, keys[WORK], people, wanting, here, pools, choice, start, other, layer)
        _neighbours(lo, hi, keys[NEIGHBOURS], people, wanting, here, pools, choice, start, other, layer)
        _voices(lo, hi, keys[ONLINE], people, wanting, here, pools, choice, start, other, layer)


@njit
def _friends(lo, hi, key, people, wanting, here, pools, choice, start, other, layer):
    """Friends and kin: an area, an age class, then anybody of them."""
    first, point, row = pools.first, pools.point, pools.row
    same, near, area, reach, bands = choice.same, choice.near, choice.area, choice.reach, choice.same.size
    ids, age, home, anywhere = people.id, people.band, people.town, choice.reach.shape[0] - 1
    for n in range(lo, hi):
        i = people.first + n
        s0, s1 = span(start, layer, i, FRIENDS, wanting[n])
        word, own = bits_of(key, ids[n]), area[home[n]]
        for s in range(s0, s1):
            if other[s] < 0:
                w, band = bits_of(word, (s - s0) * _STREAM), np.int64(age[n])
                if upper(w) >= near[band]:
                    band = bands
                elif upper(w) >= same[band]:
                    band = _next_band(band, w & uint64(1), bands)
                far = upper(bits_of(word, (s - s0) * _STREAM + 3)) < choice.far
                k = rank(reach, anywhere if far else own, upper(bits_of(word, (s - s0) * _STREAM + 1)))
                pool = choice.circles + k * bands + band if band < bands else choice.areas + k
                p = upper(bits_of(word, (s - s0) * _STREAM + 2))
                j = next_here(first, point, row, pool, p, here, i, other, s0, s1)
                if j < 0:
                    j = next_here(first, point, row, 0, p, here, i, other, s0, s1)
                other[s] = j


@njit
def _colleagues(lo, hi, key, people, wanting, here, pools, choice, start, other, layer):
    """Colleagues and classmates: anybody of the own team."""
    first, point, row = pools.first, pools.point, pools.row
    ids, place, mine = people.id, people.place, people.mine
    for n in range(lo, hi):
        i = people.first + n
        s0, s1 = span(start, layer, i, WORK, wanting[n])
        pool = choice.places + place[n]
        if place[n] < 0 or pool >= first.size - 1:
            s1 = s0
        word, x, y, low, halvings = bits_of(key, ids[n]), 0, -1, 0, 0
        school = choice.schools <= pool < choice.works
        smallest = choice.class_size[0] if school else choice.team_size[0]
        largest = choice.class_size[1] if school else choice.team_size[1]
        s, full = s0, False
        while s < s1 and not full:
            if other[s] < 0:
                if y < 0:
                    a, b = first[pool], first[pool + 1]
                    x, y, low, halvings = team(point, a, b, mine[n], smallest, largest)
                p = low + (upper(bits_of(word, (s - s0) * _STREAM + 1)) >> halvings)
                k = x
                while k < y and np.int64(point[k]) < p:
                    k += 1
                other[s] = walk(row, x, y, k, here, i, other, s0, s1)
                full = other[s] < 0  # everybody of the team is listened to: the rest stays empty
            s += 1


@njit
def _neighbours(lo, hi, key, people, wanting, here, pools, choice, start, other, layer):
    """Neighbours: somebody of a neighbouring town, of the own one if nobody is there."""
    first, point, row = pools.first, pools.point, pools.row
    round_first, round_town, round_to = choice.round_first, choice.round_town, choice.round_to
    ids, home = people.id, people.town
    for n in range(lo, hi):
        i = people.first + n
        s0, s1 = span(start, layer, i, NEIGHBOURS, wanting[n])
        word = bits_of(key, ids[n])
        for s in range(s0, s1):
            if other[s] < 0:
                u = upper(bits_of(word, (s - s0) * _STREAM))
                k = round_first[home[n]]
                while round_to[k] <= u:
                    k += 1
                p, t = upper(bits_of(word, (s - s0) * _STREAM + 1)), round_town[k]
                j = next_here(first, point, row, choice.towns + t, p, here, i, other, s0, s1)
                if j < 0:
                    j = next_here(first, point, row, choice.towns + home[n], p, here, i, other, s0, s1)
                other[s] = j


@njit
def _voices(lo, hi, key, people, wanting, here, pools, choice, start, other, layer):
    """Online voices: somebody of a drawn level of being heard, or of the next lower one."""
    first, point, row = pools.first, pools.point, pools.row
    ids, level = people.id, choice.level
    for n in range(lo, hi):
        i = people.first + n
        s0, s1 = span(start, layer, i, ONLINE, wanting[n])
        word = bits_of(key, ids[n])
        for s in range(s0, s1):
            if other[s] < 0:
                u, k = upper(bits_of(word, (s - s0) * _STREAM)), 0
                while level[k] <= u:
                    k += 1
                p, j = upper(bits_of(word, (s - s0) * _STREAM + 1)), np.int32(-1)
                while j < 0 and k >= 0:
                    j = next_here(first, point, row, choice.levels + k, p, here, i, other, s0, s1)
                    k -= 1
                other[s] = j


@njit(inline="always")
def rank(rising, r, u):
    """How many of the rising chances in row ``r`` are not above ``u``: the label drawn."""
    k, end = 0, rising.shape[1]
    while k < end:
        middle = (k + end) >> 1
        if rising[r, middle] <= u:
            k = middle + 1
        else:
            end = middle
    return k


@njit(inline="always")
def span(start, layer, i, kind, wanting):
    """First slot and end of one layer of a citizen; none when nothing is wanting there."""
    s0, end = start[i], start[i + 1]
    if not (wanting >> kind) & 1:
        s0 = end
    while s0 < end and layer[s0] < kind:
        s0 += 1
    s1 = s0
    while s1 < end and layer[s1] == kind:
        s1 += 1
    return s0, s1


@njit(inline="always")
def next_here(first, point, row, pool, p, here, me, other, s0, s1):
    """The first person of a pool clockwise from point ``p`` who may be listened to, or -1."""
    a, b = first[pool], first[pool + 1]
    return walk(row, a, b, seek(point, a, b, p), here, me, other, s0, s1)
