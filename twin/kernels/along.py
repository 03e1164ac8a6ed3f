"""What a traveller gathers on the shortest ways: links' measures summed from each source to each target.

A search of SciPy gives, for each source, the node before every node on its shortest way. Walking back from
a target along them and adding up what each link holds (kilometres, waiting, fares) gives the way's measures
without searching once for each.
"""

import numpy as np
from numba import njit, prange


@njit(parallel=True, cache=True)
def along(start, end, measure, before, sources, targets):
    """Measures of links summed along shortest ways.

    Parameters
    ----------
    start, end : (nodes + 1,) i8 and (links,) i4, links by the node they leave; ends rise within a node
    measure : (links, kinds) f8
    before : (sources, nodes) i4, node before each on the way from a source; negative where there is none
    sources, targets : nodes, i8

    Returns
    -------
    (sources, targets, kinds) f8; nan where no way leads, 0 from a node to itself
    """
    nodes, kinds = len(start) - 1, measure.shape[1]
    found = np.zeros((len(sources), len(targets), kinds))
    for s in prange(len(sources)):
        summed = np.zeros((nodes, kinds))
        known = np.zeros(nodes, np.bool_)
        way = np.empty(nodes, np.int64)  # nodes from a target back to the first whose sums are known
        known[sources[s]] = True
        for t in range(len(targets)):
            here, steps = targets[t], 0
            while here >= 0 and not known[here]:
                way[steps] = here
                here = before[s, here]
                steps += 1
            for step in range(steps - 1, -1, -1):
                there, here = here, way[step]
                known[here] = True
                if there < 0:
                    summed[here] = np.nan
                else:
                    link = start[there] + np.searchsorted(end[start[there] : start[there + 1]], here)
                    summed[here] = summed[there] + measure[link]
            found[s, t] = summed[targets[t]]
    return found


def along_plain(start, end, measure, before, sources, targets):
    """The same in plain NumPy: all pairs step back together until every one is home."""
    begin = np.repeat(np.arange(len(start) - 1), np.diff(start))
    key = begin * (len(start) - 1) + end  # rises, since ends rise within a node
    here = np.tile(targets, (len(sources), 1))
    row = np.arange(len(sources))[:, None]
    found = np.zeros((*here.shape, measure.shape[1]))
    while (far := (here != sources[:, None]) & (here >= 0)).any():
        there = np.where(far, before[row, here], here)
        lost, step = far & (there < 0), far & (there >= 0)
        found[lost] = np.nan
        link = np.searchsorted(key, there[step] * (len(start) - 1) + here[step])
        found[step] += measure[link]
        here = np.where(lost, -1, there)
    return found
