"""Quickest ways over sections that leave each node one after the other (CSR), from many sources at once.

Two searches, both label-setting (Dijkstra 1959), because times come in two kinds. Times in whole ticks wait
in a ring of buckets, one a tick (Dial 1969), with no heap at all: for many searches on a large network.
Times in fractions wait in a heap: for an equilibrium, whose times differ in the tenth digit.

Each source is searched by one thread on its own, so the bits do not depend on the number of threads.
"""

from heapq import heappop, heappush

import numpy as np
from numba import njit, prange
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

NEVER = np.int32(2**31 - 1)  # ticks to a node that no way leads to


def ticks_plain(start, end, cost, sources):
    """Ticks from each source to every node.

    Parameters
    ----------
    start : (nodes + 1,) i8, first section of each node
    end : (sections,) i4, node a section leads to
    cost : (sections,) i4, ticks along a section, 1 or more
    sources : (sources,) i4, nodes

    Returns
    -------
    (sources, nodes) i4; :data:`NEVER` where no way leads
    """
    nodes = len(start) - 1
    graph = csr_array((cost.astype(float), end, start), shape=(nodes, nodes))
    found = dijkstra(graph, indices=sources)
    return np.where(np.isfinite(found), found, NEVER).astype(np.int32)


def tree(start, end, cost, ticks):
    """Section by which the quickest way from one source comes to each node (nodes,) i4.

    ``ticks`` is a row of :func:`ticks`. Of several ways as quick the section with the lowest number is taken.
    The source, and nodes that no way leads to, have -1.
    """
    begin = np.repeat(np.arange(len(start) - 1), np.diff(start))
    leaves = ticks[begin].astype(np.int64)
    used = np.flatnonzero((leaves < NEVER) & (leaves + cost == ticks[end]))[::-1]
    by = np.full(len(ticks), -1, np.int32)
    by[end[used]] = used  # the last one written stays: the lowest number
    return by


@njit(parallel=True, cache=True)
def ticks(start, end, cost, sources):
    """The same as :func:`ticks_plain`, fast."""
    found = np.full((sources.size, start.size - 1), NEVER, np.int32)
    ring = 1  # more buckets than the longest section has ticks, a power of two
    for e in range(cost.size):
        while ring <= cost[e]:
            ring *= 2
    for s in prange(sources.size):
        _search(start, end, cost, sources[s], ring, found[s])
    return found


@njit
def _search(start, end, cost, source, ring, found):
    """A bucket is a list of entries (node, older entry); a node found sooner meanwhile leaves a stale one."""
    newest, entry = np.full(ring, -1, np.int32), np.empty((end.size + 1, 2), np.int32)
    found[source], newest[0], entry[0, 0], entry[0, 1] = 0, 0, source, -1
    entries, now, last = 1, 0, 0
    while now <= last:
        k = newest[now & (ring - 1)]
        newest[now & (ring - 1)] = -1
        while k >= 0:
            node, k = entry[k, 0], entry[k, 1]
            if found[node] < now:
                continue
            for e in range(start[node], start[node + 1]):
                then, other = now + cost[e], end[e]
                if then < found[other]:
                    bucket = then & (ring - 1)
                    found[other], entry[entries, 0], entry[entries, 1] = then, other, newest[bucket]
                    newest[bucket] = entries
                    entries, last = entries + 1, max(last, then)
        now += 1


def quickest_plain(start, end, cost, sources, through):
    """Minutes from each source to every node (sources, nodes) f8, inf where no way leads; Bellman and Ford.

    Parameters
    ----------
    start, end : as in :func:`ticks_plain`
    cost : (sections,) f8, minutes along a section, nought or more
    sources : (sources,) i4, nodes
    through : nodes with a lower number may begin or end a way but do not lie on it
    """
    begin = np.repeat(np.arange(len(start) - 1), np.diff(start))
    found = np.full((len(sources), len(start) - 1), np.inf)
    for row, source in enumerate(sources):
        found[row, source], before = 0.0, None
        passable = (begin >= through) | (begin == source)
        while before is None or (found[row] < before).any():
            before = found[row].copy()
            np.minimum.at(found[row], end[passable], before[begin[passable]] + cost[passable])
    return found


@njit(parallel=True, cache=True)
def quickest(start, end, cost, sources, through):
    """The same as :func:`quickest_plain`, fast, and the section by which each node is reached.

    Returns
    -------
    minutes (sources, nodes) f8, and sections (sources, nodes) i4, -1 at the source and where no way leads
    """
    found = np.full((sources.size, start.size - 1), np.inf)
    by = np.full((sources.size, start.size - 1), -1, np.int32)
    for s in prange(sources.size):
        _grow(start, end, cost, sources[s], through, found[s], by[s])
    return found, by


@njit
def _grow(start, end, cost, source, through, found, by):
    found[source] = 0.0
    heap = [(0.0, np.int32(source))]
    while len(heap) > 0:
        now, node = heappop(heap)
        if now > found[node] or (node < through and node != source):
            continue
        for e in range(start[node], start[node + 1]):
            then = now + cost[e]
            if then < found[end[e]]:
                found[end[e]], by[end[e]] = then, e
                heappush(heap, (then, end[e]))
