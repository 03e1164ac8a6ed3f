"""Who has which event this month, and who lives with them: two passes over all citizens.

The first pass asks every citizen about every event with one random word of 64 bits. Events are rare
and each reads its own bits of the word: an event comes through the sieve when the bits that its
chance calls for are all 0, and only then a draw of its own decides. Seven stretches of nine bits are
enough, because events that cannot meet in one person share a stretch. Whether any stretch is empty
is seen at once, so most people cost one look into a table. The second pass finds the people who
share a household with the few who have an event. Rows come out in rising order whatever the number
of threads, because each of a fixed number of chunks writes to its own stretch.
"""

import math

import numpy as np
from numba import njit, prange, uint64

from twin.kernels.chance import bits_of, bits_plain, uniform_plain, unit_of

FIELDS, _WIDTH = 7, 9  # stretches of the sieving word, bits in each
_HIGH = sum(1 << (_WIDTH * f + _WIDTH - 1) for f in range(FIELDS))  # the uppermost bit of each stretch
_LOW = _HIGH - sum(1 << (_WIDTH * f) for f in range(FIELDS))  # all the bits below it
_BLOCK = 512  # citizens whose words are made together
_SHARES, _SPARE = 8, 16  # stretches of citizens counted apart; places for those who do not work
_CHUNKS = 64  # fixed, so that results cannot depend on the number of threads


def sieves_plain(share, factor, column_of, field_of):
    """How finely each event is sieved, and the same for all stretches of the word at once.

    An event with ``bits`` is let through with 2**-bits, the smallest power of two that is no less
    than its chance in any area (at most nine bits). A slightly changed chance seldom changes the
    sieve, and never that of another event: paired runs stay paired.

    Parameters
    ----------
    share, factor, column_of, field_of : see :func:`happen_plain`

    Returns
    -------
    bits (u1, the shape of ``share``) and masks (u8, (2, sexes, roles, days, ages)): the bits to look at,
    and the uppermost bits of the stretches that no event reads
    """
    most = np.where(column_of < 0, 1.0, factor.max(axis=0)[np.maximum(column_of, 0)])
    fraction, exponent = np.frexp(np.minimum(share * most, 1.0))
    bits = np.clip((fraction == 0.5) - exponent, 0, _WIDTH).astype(np.uint8)
    shift = np.asarray(field_of, np.uint64) * np.uint64(_WIDTH)
    wanted = ((np.uint64(1) << bits.astype(np.uint64)) - np.uint64(1)) << shift
    read = np.uint64(1) << (shift + np.uint64(_WIDTH - 1))
    read = np.where(share > 0, read, np.uint64(0))  # bits, and so wanted, are 0 there anyhow
    masks = np.stack([np.bitwise_or.reduce(part, axis=-1) for part in (wanted, read)])
    masks[1] ^= np.uint64(_HIGH)
    return bits, masks


@njit(cache=True)
def sieves(share, factor, column_of, field_of):
    """The same as :func:`sieves_plain`, fast."""
    bits, masks = np.empty(share.shape, np.uint8), np.zeros((2, *share.shape[:-1]), np.uint64)
    lines, fine = share.reshape(-1, share.shape[-1]), bits.reshape(-1, share.shape[-1])
    wanted, unread = masks[0].reshape(-1), masks[1].reshape(-1)
    most = np.ones(column_of.size)
    for k in range(column_of.size):
        if column_of[k] >= 0:
            most[k] = factor[:, column_of[k]].max()
    for line in range(len(lines)):
        read = uint64(0)
        for k in range(column_of.size):
            fraction, exponent = math.frexp(min(lines[line, k] * most[k], 1.0))
            count = min(max((fraction == 0.5) - exponent, 0), _WIDTH)
            shift = uint64(field_of[k] * _WIDTH)
            fine[line, k] = count
            wanted[line] |= ((uint64(1) << uint64(count)) - uint64(1)) << shift
            if lines[line, k] > 0:
                read |= uint64(1) << (shift + uint64(_WIDTH - 1))
        unread[line] = read ^ uint64(_HIGH)
    return bits, masks


def happen_plain(look, keys, share, bits, field_of, factor, column_of, ids, here, age, sex, role, day, area):
    """Rows with an event, and which: bit ``k`` of the second array is event ``k``.

    Each event takes two draws: ``bits`` of the common word sieve, a draw of the event's own decides
    among those let through. Both together happen with exactly ``share``, each event for itself.

    Parameters
    ----------
    look : u8, key of the sieving word
    keys : (events,) u8, key of each event's own draw
    share : (sexes, roles, days, ages, events) f8, monthly chance of each event
    bits : the same shape, from :func:`sieves_plain`
    field_of : (events,) stretch of the word an event reads; of those that share one, at most one may
        have a chance in the same line of ``share``
    factor : (areas, columns) f8, what an area's chances are multiplied with
    column_of : (events,) which column of ``factor`` an event uses, -1 for none
    ids, here, age, sex, role, day, area : (citizens,) columns; ``age`` in whole years

    Returns
    -------
    rows (i8, rising) and what (u2)
    """
    age = np.clip(age, 0, share.shape[3] - 1)
    word, what = bits_plain(look, ids), np.zeros(ids.size, np.uint16)
    for k in range(len(keys)):
        reads = (np.uint64(1) << bits[sex, role, day, age, k].astype(np.uint64)) - np.uint64(1)
        let = (word >> np.uint64(_WIDTH * field_of[k])) & reads == 0
        chance = share[sex, role, day, age, k]
        if column_of[k] >= 0:
            chance = chance * factor[area, column_of[k]]
        happens = let & (uniform_plain(keys[k], ids) < chance * (reads + 1.0))
        what |= np.where(happens, np.uint16(1 << k), np.uint16(0))
    what[~here] = 0
    rows = np.flatnonzero(what)
    return rows, what[rows]


@njit(parallel=True, cache=True)
def happen(
    look, keys, share, bits, masks, field_of, factor, column_of, ids, here, born, month, sex, role, day, area
):
    """The same as :func:`happen_plain`, fast; takes the masks too, and the month of birth for the age."""
    n = ids.size
    rows, what, found = np.empty(n, np.int64), np.empty(n, np.uint16), np.zeros(_CHUNKS, np.int64)
    size = (n + _CHUNKS - 1) // _CHUNKS
    for chunk in prange(_CHUNKS):
        a, b = min(n, chunk * size), min(n, (chunk + 1) * size)
        found[chunk] = _sieve(
            look, masks, ids[a:b], here[a:b], born[a:b], month, sex[a:b], role[a:b], day[a:b],
            rows[a:b], what[a:b],
        )  # fmt: skip
        last = a + found[chunk]
        found[chunk] = _decide(
            keys, share, bits, field_of, factor, column_of, ids, born, month, sex, role, day, area, a,
            rows[a:last], what[a:last],
        )  # fmt: skip
    return _joined(rows, found, size), _joined(what, found, size)


@njit(cache=True)
def _sieve(look, masks, ids, here, born, month, sex, role, day, rows, stretches):
    """Positions of those whose word has an empty stretch, and which (bits); return how many."""
    _, _, roles, days, ages = masks.shape
    reads, unread = masks[0].reshape(-1), masks[1].reshape(-1)
    word, line, at = np.empty(_BLOCK, np.uint64), np.empty(_BLOCK, np.uint64), 0
    for first in range(0, ids.size, _BLOCK):  # small loops without a branch: eight citizens at a time
        some = slice(first, first + _BLOCK)
        i, is_here, b, s, r, d = ids[some], here[some], born[some], sex[some], role[some], day[some]
        for j in range(i.size):
            word[j] = bits_of(look, i[j])
        for j in range(i.size):
            line[j] = ((s[j] * roles + r[j]) * days + d[j]) * ages + _age(month, b[j], ages)
        for j in range(i.size):
            word[j] = _empty((word[j] & reads[line[j]]) | unread[line[j]]) * is_here[j]
        for j in range(i.size):
            if word[j]:
                rows[at], stretches[at] = first + j, _gathered(word[j])
                at += 1
    return at


@njit(cache=True)
def _decide(
    keys, share, bits, field_of, factor, column_of, ids, born, month, sex, role, day, area, offset, rows, what
):
    """Draw each event let through; keep rows (from the positions given) and events of those who have one."""
    at = 0
    for j in range(rows.size):
        i, empty = offset + rows[j], what[j]
        age = _age(month, born[i], share.shape[3])
        chances, fine = share[sex[i], role[i], day[i], age], bits[sex[i], role[i], day[i], age]
        mask = 0
        for k in range(keys.size):
            chance = chances[k]
            if chance > 0 and (empty >> field_of[k]) & 1:
                if column_of[k] >= 0:
                    chance *= factor[area[i], column_of[k]]
                if unit_of(keys[k], ids[i]) < chance * (1 << fine[k]):
                    mask |= 1 << k
        if mask:
            rows[at], what[at] = i, mask
            at += 1
    return at


@njit(inline="always")
def _age(month, born, ages):
    """Whole years, 0 for the unborn, the last age for the very old."""
    return np.int64(min(np.uint32(max(month - born, 0)) // np.uint32(12), np.uint32(ages - 1)))


@njit(inline="always")
def _empty(word):
    """The uppermost bit of every stretch of the word that holds nothing but 0."""
    return ~(((word & uint64(_LOW)) + uint64(_LOW)) | word) & uint64(_HIGH)


@njit(inline="always")
def _gathered(empty):
    """The uppermost bits of the stretches next to each other: bit ``f`` for stretch ``f``."""
    out = 0
    for f in range(FIELDS):
        out |= np.int64((empty >> uint64(_WIDTH * f + _WIDTH - 1)) & uint64(1)) << f
    return out


@njit(cache=True)
def _joined(values, found, size):
    """What each chunk found, without the gaps between."""
    out, at = np.empty(found.sum(), values.dtype), 0
    for chunk in range(found.size):
        first = min(values.size, chunk * size)
        out[at : at + found[chunk]] = values[first : first + found[chunk]]
        at += found[chunk]
    return out


def members_plain(marked, household, here, rows, what):
    """People here whose household is marked, and what happens to each of them.

    Parameters
    ----------
    marked : (households,) bool
    household, here : (citizens,) columns
    rows, what : people with events, rising, and their events

    Returns
    -------
    rows (i8, rising) and what (u2, 0 for people without an event)
    """
    inside = here & (household >= 0)
    inside[inside] = marked[household[inside]]
    found = np.flatnonzero(inside)
    events = np.zeros(here.size, np.uint16)
    events[rows] = what
    return found, events[found]


@njit(parallel=True, cache=True)
def members(marked, household, here, rows, what):
    """The same as :func:`members_plain`, fast."""
    n = household.size
    who, events, found = np.empty(n, np.int64), np.empty(n, np.uint16), np.zeros(_CHUNKS, np.int64)
    size = (n + _CHUNKS - 1) // _CHUNKS
    for chunk in prange(_CHUNKS):
        first, at = min(n, chunk * size), min(n, chunk * size)
        event = np.searchsorted(rows, first)
        for i in range(first, min(n, first + size)):
            if household[i] >= 0 and marked[household[i]] and here[i]:
                while event < rows.size and rows[event] < i:
                    event += 1
                who[at] = i
                events[at] = what[event] if event < rows.size and rows[event] == i else 0
                at += 1
        found[chunk] = at - first
    return _joined(who, found, size), _joined(events, found, size)


def workers_plain(work, here, businesses):
    """People who live here and work in each business (i4)."""
    return np.bincount(work[here & (work >= 0)], minlength=businesses).astype(np.int32)


@njit(parallel=True, cache=True)
def workers(work, here, businesses):
    """The same as :func:`workers_plain`, in one sweep without a copy; whole numbers add up in any order."""
    count = np.zeros((_SHARES, businesses + _SPARE), np.int32)
    size = (work.size + _SHARES - 1) // _SHARES
    for part in prange(_SHARES):
        _tally(work[part * size : (part + 1) * size], here[part * size : (part + 1) * size], count[part])
    return count.sum(axis=0)[:businesses].astype(np.int32)


@njit(cache=True)
def _tally(work, here, count):
    """Add each worker to the count of the business, everyone else to the spare places behind it."""
    spare = count.size - _SPARE
    for i in range(work.size):  # no branch: whether somebody works is as good as a coin to the machine
        count[work[i] if here[i] & (work[i] >= 0) else spare + i % _SPARE] += 1
