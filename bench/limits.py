"""What the machine can do at best: random looks into memory, beside the kernels that need them.

Counting peers is one random byte per tie. :func:`gather` does nothing but that, so the time of a full
recount divided by its time says how far the kernel is from the machine. Threads here are plain threads
over compiled code without the interpreter lock, because a parallel reduction would slow the limit itself.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numpy as np
from numba import njit

from twin.chance import Chance
from twin.kernels import adoption as kernel

_ROUNDS = 7


@njit(nogil=True)
def gather(seen, where, worth):
    """Sum of a table at one random byte per place; the limit of any count over ties."""
    total = 0
    for e in range(where.size):
        total += worth[seen[where[e]]]
    return total


@njit(nogil=True)
def recount(first, last, seen, household, home, start, other, layer, weight, out):
    """Weighted users and ties of every citizen in the rows, all technologies, by the twin's own count."""
    for i in range(first, last):
        for k in range(out.shape[1]):
            users, ties = kernel._peers(i, k, seen, household, home, start, other, layer, weight)
            out[i, k] = users / max(ties, 1)


def fastest(work, threads: int) -> float:
    """Seconds of ``work(part, parts)`` over all parts at once, the best of some rounds.

    The best, not the median: a limit is what the machine does when left alone.
    """
    found = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(_ROUNDS):
            begun = perf_counter()
            list(pool.map(lambda part: work(part, threads), range(threads)))
            found.append(perf_counter() - begun)
    return min(found)


def gather_seconds(people: int, looks: int, threads: int) -> float:
    """Seconds a random look takes, one byte among ``people`` and a table of 256."""
    chance = Chance(seed=1)
    seen = (chance.uniform("bench: seen", 0, np.arange(people)) * 256).astype(np.uint8)
    where = (chance.uniform("bench: where", 0, np.arange(looks)) * people).astype(np.int32)
    worth = (chance.uniform("bench: worth", 0, np.arange(256)) * 2**16).astype(np.int64)
    gather(seen, where[:10], worth)
    parts = np.linspace(0, looks, threads + 1).astype(int)
    return fastest(lambda i, _: gather(seen, where[parts[i] : parts[i + 1]], worth), threads) / looks


def recount_seconds(model, adoption, weight: np.ndarray, threads: int) -> float:
    """Seconds to count all peers of everybody once, for all technologies."""
    people, ties = model.citizens, model.ties
    stage = adoption.stage
    seen = kernel.public(people.here, stage)
    home = kernel.at_home(seen, people.household, model.households.rows, stage.shape[1])
    out = np.empty(stage.shape)
    rows = np.linspace(0, people.rows, threads + 1).astype(int)
    given = (seen, people.household, home, ties.start, ties.other, ties.layer, weight, out)
    recount(0, 10, *given)
    return fastest(lambda i, _: recount(rows[i], rows[i + 1], *given), threads)
