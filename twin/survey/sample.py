"""Drawing a sample: how many from each stratum, and who.

Everybody has a random word of their own; those with the smallest words of a stratum are asked. One
citizen more therefore moves at most one place in a stratum and touches nobody else's fate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from twin.chance import Chance
from twin.survey.wave import Wave

_SPECK = 1e-9  # of one place: rounding of floating-point sums


def allocation(n: int, people: ArrayLike, weight: ArrayLike = 1.0) -> np.ndarray:
    """How many to ask in each stratum (i8), n in all.

    In proportion to people times weight, rounded so that every stratum is within one of its share; a
    stratum that would be asked beyond its people is asked whole and the others share the rest.

    Parameters
    ----------
    n : to be asked in all, at most all people
    people : people of each stratum
    weight : how densely a stratum is asked against the others

    >>> allocation(10, [50, 30, 20])
    array([5, 3, 2])
    >>> allocation(6, [10, 2], weight=[1, 100])
    array([4, 2])
    """
    people = np.asarray(people, dtype=float)
    claim = people * weight
    whole = np.zeros(len(people), dtype=bool)
    share = np.zeros(len(people))
    for _ in people:
        rest = claim[~whole].sum()
        share = np.where(whole, people, claim * ((n - people[whole].sum()) / rest if rest else 0.0))
        over = ~whole & (share > people)
        if not over.any():
            break
        whole |= over
    return np.diff(np.floor(np.cumsum(share) + _SPECK), prepend=0).astype(np.int64)


def draw(
    wave: Wave, id: np.ndarray, stratum: np.ndarray, strata: int, chance: Chance, weight: ArrayLike = 1.0
) -> np.ndarray:
    """Who is asked, without replacement: positions in the frame, by stratum and random word (i8).

    Parameters
    ----------
    id, stratum : of everybody in the frame
    strata : number of strata
    weight : how densely each stratum is asked

    Raises
    ------
    SurveyError
        more are to be asked than the frame holds
    """
    if wave.n > len(id):
        raise wave.problem("too_many", n=wave.n, frame=len(id))
    places = allocation(wave.n, np.bincount(stratum, minlength=strata), weight)
    word = chance.order(wave.purpose("who is asked"), wave.step, id)
    chosen = []
    for number, asked in enumerate(places):
        here = np.flatnonzero(stratum == number)
        if asked < len(here):
            here = here[word[here] <= np.partition(word[here], asked)[asked]]
        chosen.append(here[np.lexsort((id[here], word[here]))[:asked]])
    return np.concatenate(chosen)
