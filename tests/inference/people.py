"""Hand-made people with ties, for tests that need no files."""

import numpy as np

from twin.inference import Adopters


def tiny():
    """Three people of one place: 0 names 1 and 2 (two kinds), 1 names 0 and a stranger, 2 names 0."""
    return Adopters(
        place=np.zeros(3, int), began=np.array([1, 2, 4]), steps=3, start=np.array([0, 2, 4, 5]),
        other=np.array([1, 2, 0, -1, 0], np.int32), layer=np.array([1, 2, 1, 1, 2], np.uint8), kinds=("near", "far"),
    )  # fmt: skip


def crowd(people=800, named=4, places=6, steps=12, seed=1):
    """People who each name a few others of their place."""
    rng = np.random.default_rng(seed)
    place = np.sort(rng.integers(0, places, people))
    same = [np.flatnonzero(place == p) for p in range(places)]
    other = np.concatenate(
        [rng.choice(same[p][same[p] != i], named, replace=False) for i, p in enumerate(place)]
    )
    return Adopters(
        place=place, began=np.full(people, steps + 1), steps=steps, start=np.arange(people + 1) * named,
        other=other.astype(np.int32), layer=np.ones(people * named, np.uint8), kinds=("named",),
    )  # fmt: skip
