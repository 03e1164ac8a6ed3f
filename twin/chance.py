"""Randomness by purpose, month and person.

A draw is named, not taken from a stream: the same seed, purpose, step and id give the same number
in every scenario, whatever else was drawn and however many threads run. Two draws in one step have
two purposes. A purpose is a phrase a planner understands, for example ``"demography: death"``.

>>> chance = Chance(seed=7)
>>> float(chance.uniform("demography: death", 3, [12])[0]) == float(
...     chance.uniform("demography: death", 3, [11, 12])[1])
True
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from twin.kernels import chance as kernel

_FEW = 32_768  # ids; below it one thread is done before others are awake, with the same bits


class Chance:
    """All randomness of one run.

    Parameters
    ----------
    seed : whole number from 0 to 2**63 - 1
    """

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)

    def key(self, purpose: str, step: int = 0) -> np.uint64:
        """The 64-bit key of a purpose in a step, for kernels."""
        text = f"{self.seed}|{purpose}|{int(step)}".encode()
        return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))

    def uniform(self, purpose: str, step: int, ids: ArrayLike) -> np.ndarray:
        """Uniform numbers in [0, 1), one per id (f8)."""
        words = _words(ids)
        draw = kernel.few_uniform if words.size < _FEW else kernel.uniform
        return draw(self.key(purpose, step), words)

    def below(
        self, purpose: str, step: int, ids: np.ndarray, most: ArrayLike, level: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Rows whose uniform number is below ``most[level]``, rising (i8), and those numbers (f8).

        A sieve: what everybody may do at most is asked of all, what they really do of the few who are left.
        """
        words = _words(ids)
        rows = np.flatnonzero(kernel.below(self.key(purpose, step), words, np.asarray(most, float), level))
        return rows, self.uniform(purpose, step, words[rows])

    def normal(self, purpose: str, step: int, ids: ArrayLike) -> np.ndarray:
        """Standard normal numbers, one per id (f8), by the inverse distribution function."""
        half_a_bit = 2.0**-54  # keeps 0 away from minus infinity
        return ndtri(self.uniform(purpose, step, ids) + half_a_bit)

    def choice(self, purpose: str, step: int, ids: ArrayLike, weights: ArrayLike) -> np.ndarray:
        """An index 0..k-1 per id, drawn with the k given weights (i8)."""
        cumulative = np.cumsum(np.asarray(weights, dtype=float))
        draws = self.uniform(purpose, step, ids) * cumulative[-1]
        return np.searchsorted(cumulative, draws, side="right").clip(max=len(cumulative) - 1)

    def order(self, purpose: str, step: int, ids: ArrayLike) -> np.ndarray:
        """Random 64-bit words, one per id; sorting by them is a fair queue."""
        return _bits(self.key(purpose, step), _words(ids))

    def new_ids(self, purpose: str, step: int, parents: ArrayLike, rank: ArrayLike = 0) -> np.ndarray:
        """Ids for newcomers that depend only on where they come from.

        A birth is named by its mother and the month, an arrival by month, ward and rank, so one
        birth more in a scenario shifts nobody else's draws.
        """
        names = _words(parents) + np.asarray(rank, dtype=np.uint64) * np.uint64(0xD1B54A32D192ED03)
        return _bits(_id_key(purpose, step), np.ascontiguousarray(names))


def _id_key(purpose: str, step: int) -> np.uint64:
    """Key for ids: free of the seed, so the same event has the same id in every seed's run."""
    text = f"id|{purpose}|{int(step)}".encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


def _bits(key: np.uint64, words: np.ndarray) -> np.ndarray:
    return kernel.few_bits(key, words) if words.size < _FEW else kernel.bits(key, words)


def _words(ids: ArrayLike) -> np.ndarray:
    if isinstance(ids, np.ndarray) and ids.dtype == np.uint64 and ids.ndim == 1 and ids.flags.c_contiguous:
        return ids  # nearly always
    return np.ascontiguousarray(np.atleast_1d(np.asarray(ids)).astype(np.uint64, copy=False))
