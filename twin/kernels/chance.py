"""Counter-based random numbers: a 64-bit key and a 64-bit id give one number, always the same.

Two rounds of the SplitMix64 finaliser (Steele, Lea, Flood 2014), the first over the id and the
second over id and key, so that neither neighbouring ids nor neighbouring keys are related.
"""

import numpy as np
from numba import njit, prange, uint64

_GOLDEN = 0x9E3779B97F4A7C15
_M1 = 0xBF58476D1CE4E5B9
_M2 = 0x94D049BB133111EB
_UNIT = 2.0**-53


def _mix_plain(x: np.ndarray) -> np.ndarray:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(_M1)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(_M2)
    return x ^ (x >> np.uint64(31))


def bits_plain(key: int | np.uint64, ids: np.ndarray) -> np.ndarray:
    """64 random bits for each id under one key (u8)."""
    with np.errstate(over="ignore"):
        once = _mix_plain(np.asarray(ids, dtype=np.uint64) + np.uint64(_GOLDEN))
        return _mix_plain(once + np.uint64(key))


def uniform_plain(key: int | np.uint64, ids: np.ndarray) -> np.ndarray:
    """Uniform numbers in [0, 1) for each id under one key (f8)."""
    return (bits_plain(key, ids) >> np.uint64(11)) * _UNIT


@njit(inline="always")
def mix(x):
    """The SplitMix64 finaliser on one 64-bit word."""
    x = (x ^ (x >> uint64(30))) * uint64(_M1)
    x = (x ^ (x >> uint64(27))) * uint64(_M2)
    return x ^ (x >> uint64(31))


@njit(inline="always")
def half_of(i):
    """The part of a draw that hangs on the id alone: made once where an id is drawn under many keys."""
    return mix(uint64(i) + uint64(_GOLDEN))


@njit(inline="always")
def word_with(key, half):
    """64 random bits for the id that gave ``half``."""
    return mix(half + uint64(key))


@njit(inline="always")
def unit_with(key, half):
    """One uniform number in [0, 1) for the id that gave ``half``."""
    return float(word_with(key, half) >> uint64(11)) * _UNIT


@njit(inline="always")
def bits_of(key, i):
    """64 random bits for one id; for use inside other kernels."""
    return word_with(key, half_of(i))


@njit(inline="always")
def unit_of(key, i):
    """One uniform number in [0, 1) for one id; for use inside other kernels."""
    return unit_with(key, half_of(i))


@njit(parallel=True, cache=True)
def bits(key, ids):
    """The same as :func:`bits_plain`, fast."""
    out = np.empty(ids.size, np.uint64)
    for i in prange(ids.size):
        out[i] = bits_of(key, ids[i])
    return out


@njit(parallel=True, cache=True)
def uniform(key, ids):
    """The same as :func:`uniform_plain`, fast."""
    out = np.empty(ids.size, np.float64)
    for i in prange(ids.size):
        out[i] = unit_of(key, ids[i])
    return out


def below_plain(key, ids, most, level):
    """Whose uniform number is below ``most[level]`` (yes/no); ``level`` (ids,) points into ``most`` (f8)."""
    return uniform_plain(key, ids) < most[level]


@njit(parallel=True, cache=True)
def below(key, ids, most, level):
    """The same as :func:`below_plain`, fast."""
    out = np.empty(ids.size, np.bool_)
    for i in prange(ids.size):
        out[i] = unit_of(key, ids[i]) < most[level[i]]
    return out


@njit(cache=True)
def few_bits(key, ids):
    """The same as :func:`bits` on one thread, for so few ids that waking others costs more."""
    out = np.empty(ids.size, np.uint64)
    for i in range(ids.size):
        out[i] = bits_of(key, ids[i])
    return out


@njit(cache=True)
def few_uniform(key, ids):
    """The same as :func:`uniform` on one thread."""
    out = np.empty(ids.size, np.float64)
    for i in range(ids.size):
        out[i] = unit_of(key, ids[i])
    return out
