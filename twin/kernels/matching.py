"""Deferred acceptance on a ring (Gale and Shapley 1962): seekers ask one candidate after the other.

Everyone begins at an own place and goes on clockwise; a candidate keeps the offer of the smaller random
word. The result does not depend on who asks first, so it can be found seeker by seeker.
"""

import numpy as np
from numba import njit


def match_plain(first, point, wanted, kind, widest, home, home_of):
    """The candidate each seeker ends with: in rounds, all who are free ask at the same time.

    Parameters
    ----------
    first : (seekers,) place on the ring of the first candidate asked
    point : (seekers,) u8, random words; the smaller is preferred by every candidate
    wanted : (seekers,) class looked for, for example an age
    kind : (candidates,) class of the candidates in the order of the ring
    widest : largest difference of classes; a seeker who meets a larger one gives up
    home, home_of : household of seekers and of candidates; people of one household do not match

    Returns
    -------
    (seekers,) place of the candidate on the ring (i8), -1 for none
    """
    candidates = len(kind)
    asked, kept = np.zeros(len(first), np.int64), np.full(candidates, -1)
    free = np.arange(len(first))
    while len(free):
        choice = (first[free] + asked[free]) % candidates
        asked[free] += 1
        close = np.abs(kind[choice] - wanted[free]) <= widest
        fits = close & (home[free] != home_of[choice])
        held = np.flatnonzero(kept >= 0)
        seeker, candidate = np.concatenate([free[fits], kept[held]]), np.concatenate([choice[fits], held])
        order = np.lexsort((point[seeker], candidate))
        _, where = np.unique(candidate[order], return_index=True)
        winner = order[where]
        kept[candidate[winner]] = seeker[winner]
        lost = np.concatenate([free[~fits & close], np.delete(seeker, winner)])
        free = lost[asked[lost] < candidates]
    of = np.full(len(first), -1)
    of[kept[kept >= 0]] = np.flatnonzero(kept >= 0)
    return of


@njit(cache=True)
def match(first, point, wanted, kind, widest, home, home_of):
    """The same as :func:`match_plain`, fast: one seeker after the other, whoever is pushed out goes on."""
    candidates = kind.size
    asked, kept = np.zeros(first.size, np.int64), np.full(candidates, -1)
    of = np.full(first.size, -1)
    for begins in range(first.size):
        seeker = begins
        while seeker >= 0 and asked[seeker] < candidates:
            choice = (first[seeker] + asked[seeker]) % candidates
            asked[seeker] += 1
            if abs(kind[choice] - wanted[seeker]) > widest:
                break
            rival = kept[choice]
            if home[seeker] != home_of[choice] and (rival < 0 or point[seeker] < point[rival]):
                kept[choice], of[seeker] = seeker, choice
                if rival >= 0:
                    of[rival] = -1
                seeker = rival
    return of
