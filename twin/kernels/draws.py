"""Drawing somebody to listen to into every empty slot, by layer.

A friend is drawn in an area chosen by people times closeness, or anywhere, among people of the own age
class, the next, or any age. A colleague or classmate is drawn within the own team, a neighbour in the
own or a neighbouring town, an online voice among all who are heard at a drawn level. Every draw is the
next person clockwise of a point (:mod:`twin.kernels.rings`) and hangs on (layer, month, id, number of
the slot). Teams are found once for everybody (:func:`teams`), because how many colleagues there are also
bounds how many slots a citizen has.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange, uint64

from twin.kernels.chance import bits_of
from twin.kernels.rings import BITS, next_plain, seek, settle, team, team_plain, upper, walk
from twin.kernels.ties import FRIENDS, LAYERS, NEIGHBOURS, ONLINE, WORK, numbered, word_plain

_STREAM = 4  # random words kept for one slot: what kind of tie, where, who
_BLOCK = 64  # citizens whose draws are made together: their list stays in the cache and off the system's heap

# what is listed of each draw: ring from A to B, point P, place AT guided to and then found, the person THEN
# found there; the slot, the first and the end of its layer, the row of who listens, and the pool to fall
# back on, -1 for none
_A, _B, _P, _AT, _THEN, _SLOT, _FIRST, _END, _ME, _BACK = range(10)
_LISTED = 10


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


class Teams(NamedTuple):
    """The team of each citizen at work or school, the citizen included once on the ring; size 0 is none.

    first : (people,) i4, its first place in the pools
    size : (people,) i4
    low : (people,) i8, where its arc begins
    halvings : (people,) u1, how often the ring was halved to make its arc
    """

    first: np.ndarray
    size: np.ndarray
    low: np.ndarray
    halvings: np.ndarray


def teams_plain(people, pools, choice):
    """The team of each of the given people: the piece of the ring of their place that holds their point."""
    rows = len(people.id)
    found = Teams(
        np.zeros(rows, np.int32), np.zeros(rows, np.int32), np.zeros(rows, np.int64), np.zeros(rows, np.uint8)
    )
    for n in range(rows):
        pool = choice.places + people.place[n]
        if people.place[n] >= 0 and pool < len(pools.first) - 1:
            size = choice.class_size if choice.schools <= pool < choice.works else choice.team_size
            mine = word_plain(people.ring, people.id[n]) >> BITS
            x, y, low, halvings = team_plain(pools, pools.first[pool], pools.first[pool + 1], mine, *size)
            found.first[n], found.size[n], found.low[n], found.halvings[n] = x, y - x, low, halvings
    return found


def fill_plain(keys, people, wanting, here, pools, choice, team_of, start, other, layer):
    """Draw somebody for every empty slot of the given people, in place.

    Bit k of ``wanting`` (u1) says that a citizen has an empty slot in layer k; ``team_of`` are their teams.
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
                    other[s] = _DRAW_PLAIN[kind](words, n, people, here, pools, choice, team_of, barred)


def _friend_plain(words, n, people, here, pools, choice, team_of, barred):
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


def _work_plain(words, n, people, here, pools, choice, team_of, barred):
    x, y = team_of.first[n], team_of.first[n] + team_of.size[n]
    point = int(team_of.low[n]) + (words[1] >> BITS >> int(team_of.halvings[n]))
    return next_plain(pools, x, y, point, here, barred)


def _neighbour_plain(words, n, people, here, pools, choice, team_of, barred):
    home = people.town[n]
    near = slice(choice.round_first[home], choice.round_first[home + 1])
    at = int(np.searchsorted(choice.round_to[near], words[0] >> BITS, side="right"))
    for t in (choice.round_town[near][at], home):
        pool = choice.towns + t
        found = next_plain(pools, pools.first[pool], pools.first[pool + 1], words[1] >> BITS, here, barred)
        if found >= 0:
            return found
    return -1


def _online_plain(words, n, people, here, pools, choice, team_of, barred):
    level = int(np.searchsorted(choice.level, words[0] >> BITS, side="right"))
    for pool in (choice.levels + level, 0):
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
def teams(people, pools, choice):
    """The same as :func:`teams_plain`, fast."""
    rows = people.id.size
    first, size = np.zeros(rows, np.int32), np.zeros(rows, np.int32)
    low, halvings = np.zeros(rows, np.int64), np.zeros(rows, np.uint8)
    for block in prange((rows + _BLOCK - 1) // _BLOCK):
        lo, hi = block * _BLOCK, min((block + 1) * _BLOCK, rows)
        _teams(lo, hi, people, pools, choice, first, size, low, halvings)
    return Teams(first, size, low, halvings)


@njit
def _teams(lo, hi, people, pools, choice, first, size, low, halvings):
    begins, point, c = pools.first, pools.point, choice
    for n in range(lo, hi):
        pool = c.places + people.place[n]
        if people.place[n] >= 0 and pool < begins.size - 1:
            bounds = c.class_size if c.schools <= pool < c.works else c.team_size
            mine = upper(bits_of(people.ring, people.id[n]))
            x, y, low[n], halvings[n] = team(
                point, begins[pool], begins[pool + 1], mine, bounds[0], bounds[1]
            )
            first[n], size[n] = x, y - x


@njit(parallel=True, cache=True)
def fill(keys, people, wanting, here, pools, choice, team_of, start, other, layer):
    """The same as :func:`fill_plain`, fast.

    Block by block of citizens, all draws are first aimed, then sought, then taken: looking up a ring is
    waiting for memory, and in plain passes over a list of draws the waits overlap. Blocks also keep
    compiled reference counting out of the loops, which made them ten times slower.
    """
    rows = people.id.size
    for block in prange((rows + _BLOCK - 1) // _BLOCK):
        lo, hi = block * _BLOCK, min((block + 1) * _BLOCK, rows)
        _fill(lo, hi, keys, people, wanting, here, pools, choice, team_of, start, other, layer)


@njit
def _fill(lo, hi, keys, people, wanting, here, pools, choice, team_of, start, other, layer):
    empty = 0
    for s in range(start[people.first + lo], start[people.first + hi]):
        empty += other[s] < 0
    draws = np.empty((_LISTED, empty), np.int64)
    count = _aim(draws, lo, hi, keys, people, wanting, pools, choice, team_of, start, other, layer)
    _seek(draws, count, pools, here)
    _take(draws, count, here, pools, other)


@njit
def _aim(draws, lo, hi, keys, people, wanting, pools, choice, team_of, start, other, layer):
    """List the draws of some citizens: where on which ring, and what is known of the slot."""
    first, gate, c = pools.first, pools.gate, choice
    same, near, area, reach, level = c.same, c.near, c.area, c.reach, c.level
    round_first, round_town, round_to = c.round_first, c.round_town, c.round_to
    count = 0
    for n in range(lo, hi):
        s0 = start[people.first + n]
        end = start[people.first + n + 1] if wanting[n] else s0
        while s0 < end:
            kind, s1 = layer[s0], s0
            while s1 < end and layer[s1] == kind:
                s1 += 1
            wants = (wanting[n] >> kind) & 1
            word, home = bits_of(keys[kind], people.id[n]), np.int64(people.town[n])
            for s in range(s0, s1 if wants else s0):
                if other[s] < 0:
                    w = numbered(word, (s - s0) * _STREAM)
                    u, p = upper(w), upper(numbered(word, (s - s0) * _STREAM + 1))
                    pool, back = np.int64(0), np.int64(0)
                    if kind == FRIENDS:
                        band = np.int64(people.band[n])
                        if u >= near[band]:
                            band = same.size
                        elif u >= same[band]:
                            band = _next_band(band, w & uint64(1), same.size)
                        far = upper(numbered(word, (s - s0) * _STREAM + 3)) < c.far
                        k = rank(reach, reach.shape[0] - 1 if far else area[home], p)
                        pool = c.circles + k * same.size + band if band < same.size else c.areas + k
                        p = upper(numbered(word, (s - s0) * _STREAM + 2))
                    elif kind == NEIGHBOURS:
                        k = round_first[home]
                        while round_to[k] <= u:
                            k += 1
                        pool, back = c.towns + round_town[k], c.towns + home
                    elif kind == ONLINE:
                        k = 0
                        while level[k] <= u:
                            k += 1
                        pool = c.levels + k
                    if kind == WORK:
                        a, b = np.int64(team_of.first[n]), np.int64(team_of.first[n] + team_of.size[n])
                        at, back = a + ((p * (b - a)) >> BITS), np.int64(-1)
                        p = team_of.low[n] + (p >> team_of.halvings[n])
                    else:
                        a, b = first[pool], first[pool + 1]
                        at = gate[pool] + ((p * (gate[pool + 1] - gate[pool])) >> BITS)
                    draws[_A, count], draws[_B, count], draws[_P, count], draws[_AT, count] = a, b, p, at
                    draws[_SLOT, count], draws[_FIRST, count], draws[_END, count] = s, s0, s1
                    draws[_ME, count], draws[_BACK, count] = people.first + n, back
                    count += 1
            s0 = s1
    return count


@njit
def _seek(draws, count, pools, here):
    """Go where the guide points, settle there, and look who stands at that place.

    Every pass is so plain that many draws wait for memory at once. Teams are so small that a guess by
    the even spread of their points will do.
    """
    point, row, guide = pools.point, pools.row, pools.guide
    for m in range(count):
        if draws[_BACK, m] >= 0:
            draws[_AT, m] = guide[draws[_AT, m]]
    for m in range(count):
        a, b = draws[_A, m], draws[_B, m]
        k = settle(point, a, b, draws[_AT, m], draws[_P, m])
        draws[_AT, m] = k if k < b else a
    for m in range(count):
        draws[_THEN, m] = row[draws[_AT, m]] if draws[_B, m] > draws[_A, m] else -1
    for m in range(count):
        j = draws[_THEN, m]
        draws[_THEN, m] = j if j >= 0 and here[j] else -1


@njit
def _take(draws, count, here, pools, other):
    """Listen to the person found, or the next clockwise who may be listened to."""
    first, point, row = pools.first, pools.point, pools.row
    full = np.int64(-1)  # first slot of a team everybody of which is listened to
    for m in range(count):
        s0, s1, me, back = draws[_FIRST, m], draws[_END, m], draws[_ME, m], draws[_BACK, m]
        if full != s0:
            j = np.int32(draws[_THEN, m])
            taken = j < 0 or j == me
            for s in range(s0, s1):
                taken |= other[s] == j
            if taken:
                a, b = draws[_A, m], draws[_B, m]
                j = walk(row, a, b, draws[_AT, m], here, me, other, s0, s1)
                if j < 0 and back >= 0:
                    a, b = first[back], first[back + 1]
                    j = walk(row, a, b, seek(point, a, b, draws[_P, m]), here, me, other, s0, s1)
                elif j < 0:
                    full = s0
            other[draws[_SLOT, m]] = j


@njit(inline="always")
def rank(rising, r, u):
    """How many of the rising chances in row ``r`` are not above ``u``: the label drawn."""
    k, n = 0, rising.shape[1]
    while n > 1:  # no branch but the loop's, so nothing is guessed wrong
        half = n >> 1
        k += half if rising[r, k + half - 1] <= u else 0
        n -= half
    return k + (1 if rising[r, k] <= u else 0)
