"""Flows on roads whose minutes grow with use, path by path (gradient projection: Jayakrishnan and others 1994).

For each pair of places the paths in use are kept. Flow moves from every dearer path to the cheapest one, by
difference of minutes over how fast that difference closes: a step of Newton's method in one variable. One pair
comes after the other and sees what the pairs before it have changed, so there is one order and one result.

Minutes of a section with flow x are ``free + rise * (x / capacity) ** power``. Vehicles an hour throughout.
"""

from typing import NamedTuple

import numpy as np
from numba import njit


class Law(NamedTuple):
    """How minutes grow with flow, (sections,) f8 each; rise is nought or more, power 1 or more."""

    free: np.ndarray
    rise: np.ndarray
    capacity: np.ndarray
    power: np.ndarray


class Paths(NamedTuple):
    """Paths in use, those of one pair after those of the other.

    of : first path of each pair, (pairs + 1,) i8
    first : first section of each path, (paths + 1,) i8
    section : sections from the destination back to the origin, i4
    flow : vehicles an hour on each path, f8
    """

    of: np.ndarray
    first: np.ndarray
    section: np.ndarray
    flow: np.ndarray


def no_paths(pairs):
    """No path yet, for so many pairs."""
    return Paths(np.zeros(pairs + 1, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0))


def load_plain(paths, sections):
    """Vehicles an hour on each section."""
    return np.bincount(paths.section, np.repeat(paths.flow, np.diff(paths.first)), sections)


@njit(cache=True)
def load(paths, sections):
    """The same as :func:`load_plain`, fast."""
    flow = np.zeros(sections)
    for q in range(paths.flow.size):
        for k in range(paths.first[q], paths.first[q + 1]):
            flow[paths.section[k]] += paths.flow[q]
    return flow


def minutes_plain(law, flow):
    """Minutes on each section, and by how much they rise with one more vehicle an hour."""
    use = flow / law.capacity
    steep = law.rise * use ** (law.power - 1)
    return law.free + steep * use, steep * law.power / law.capacity


@njit(cache=True)
def minutes(law, flow):
    """The same as :func:`minutes_plain`, fast."""
    cost, slope = np.empty(flow.size), np.empty(flow.size)
    for e in range(flow.size):
        cost[e], slope[e] = _minutes(law, e, flow[e])
    return cost, slope


@njit(inline="always")
def _minutes(law, e, flow):
    use = flow / law.capacity[e]
    steep = law.rise[e] * use ** (law.power[e] - 1)
    return law.free[e] + steep * use, steep * law.power[e] / law.capacity[e]


def renewed_plain(paths, row, goal, by, begin, demand):
    """Paths that carry flow and, where it is not among them, the quickest path of each pair, with none yet.

    A pair without any path gets its whole demand on the quickest one, or stays without where there is none.

    Parameters
    ----------
    paths : so far
    row, goal : (pairs,) row of the origin in ``by``, node of the destination
    by : (origins, nodes) i4, section by which each node is reached, -1 at the origin and where no way leads
    begin : (sections,) i4, node a section leaves
    demand : (pairs,) f8
    """
    of, kept, flow = [0], [], []
    for pair in range(len(row)):
        used = [q for q in range(paths.of[pair], paths.of[pair + 1]) if paths.flow[q] > 0]
        mine = [paths.section[paths.first[q] : paths.first[q + 1]].tolist() for q in used]
        way, node = [], goal[pair]
        while by[row[pair], node] >= 0:
            way.append(int(by[row[pair], node]))
            node = begin[way[-1]]
        flow += [float(paths.flow[q]) for q in used]
        if way and way not in mine:
            flow.append(0.0 if mine else float(demand[pair]))
            mine.append(way)
        kept += mine
        of.append(len(kept))
    first = np.concatenate([[0], np.cumsum([len(way) for way in kept])]).astype(np.int64)
    section = np.array([e for way in kept for e in way], np.int32)
    return Paths(np.array(of, np.int64), first, section, np.array(flow))


@njit(cache=True)
def renewed(paths, row, goal, by, begin, demand):
    """The same as :func:`renewed_plain`, fast."""
    room, most = paths.flow.size + row.size, paths.section.size
    for pair in range(row.size):
        most += _length(by[row[pair]], goal[pair], begin)
    of, first = np.zeros(row.size + 1, np.int64), np.zeros(room + 1, np.int64)
    section, flow, k = np.empty(most, np.int32), np.empty(room), 0
    for pair in range(row.size):
        for q in range(paths.of[pair], paths.of[pair + 1]):
            if paths.flow[q] > 0:
                part = paths.section[paths.first[q] : paths.first[q + 1]]
                first[k + 1], flow[k] = first[k] + part.size, paths.flow[q]
                section[first[k] : first[k + 1]] = part
                k += 1
        at, node = first[k], goal[pair]
        while by[row[pair], node] >= 0:
            section[at] = by[row[pair], node]
            node = begin[section[at]]
            at += 1
        if at > first[k] and not _among(section, first, of[pair], k, at):
            first[k + 1], flow[k] = at, 0.0 if k > of[pair] else demand[pair]
            k += 1
        of[pair + 1] = k
    return Paths(of, first[: k + 1].copy(), section[: first[k]].copy(), flow[:k].copy())


@njit
def _length(by, node, begin):
    steps = 0
    while by[node] >= 0:
        node, steps = begin[by[node]], steps + 1
    return steps


@njit
def _among(section, first, a, b, end):
    """Is the path that stands behind path ``b - 1``, up to ``end``, one of the paths a..b?"""
    way = section[first[b] : end]
    for q in range(a, b):
        if first[q + 1] - first[q] == way.size and np.all(section[first[q] : first[q + 1]] == way):
            return True
    return False


def shift_plain(paths, flow, law, sweeps):
    """Let flow move to cheaper paths, ``sweeps`` times over all pairs; changes ``paths.flow`` and ``flow``."""
    way = [paths.section[a:b] for a, b in zip(paths.first[:-1], paths.first[1:], strict=True)]
    for _ in range(sweeps):
        for a, b in zip(paths.of[:-1], paths.of[1:], strict=True):
            cost = minutes_plain(law, flow)[0]
            best = min(range(a, b), key=lambda q, cost=cost: cost[way[q]].sum(), default=-1)
            for q in range(a, b):
                cost, slope = minutes_plain(law, flow)
                off, on = np.setdiff1d(way[q], way[best]), np.setdiff1d(way[best], way[q])
                dearer = cost[off].sum() - cost[on].sum()
                if dearer > 0 and paths.flow[q] > 0:
                    closes = slope[off].sum() + slope[on].sum()
                    moved = min(paths.flow[q], dearer / closes if closes > 0 else np.inf)
                    paths.flow[q] -= moved
                    paths.flow[best] += moved
                    flow[off] = np.maximum(flow[off] - moved, 0.0)
                    flow[on] += moved


@njit(cache=True)
def shift(paths, flow, law, sweeps):
    """The same as :func:`shift_plain`, fast."""
    cost, slope = minutes(law, flow)
    mark, off, on = (
        np.zeros(flow.size, np.uint8),
        np.empty(flow.size, np.int32),
        np.empty(flow.size, np.int32),
    )
    for _ in range(sweeps):
        for pair in range(paths.of.size - 1):
            a, b = paths.of[pair], paths.of[pair + 1]
            if b - a > 1:
                best = _cheapest(paths, a, b, cost)
                for q in range(a, b):
                    if q != best and paths.flow[q] > 0:
                        _move(paths, q, best, flow, law, cost, slope, mark, off, on)


@njit
def _cheapest(paths, a, b, cost):
    best, least = a, np.inf
    for q in range(a, b):
        total = 0.0
        for k in range(paths.first[q], paths.first[q + 1]):
            total += cost[paths.section[k]]
        if total < least:
            best, least = q, total
    return best


@njit
def _move(paths, q, best, flow, law, cost, slope, mark, off, on):
    """One step from path q to the cheapest; sections of both stay as they are."""
    leaving, coming = (
        paths.section[paths.first[q] : paths.first[q + 1]],
        paths.section[paths.first[best] : paths.first[best + 1]],
    )
    mark[coming] = 1
    dearer, closes, n, m = 0.0, 0.0, 0, 0
    for e in leaving:
        if mark[e] == 1:
            mark[e] = 2
        else:
            dearer, closes, off[n], n = dearer + cost[e], closes + slope[e], e, n + 1
    for e in coming:
        if mark[e] == 1:
            dearer, closes, on[m], m = dearer - cost[e], closes + slope[e], e, m + 1
        mark[e] = 0
    if dearer <= 0:
        return
    moved = paths.flow[q] if closes <= 0 else min(paths.flow[q], dearer / closes)
    paths.flow[q] -= moved
    paths.flow[best] += moved
    for k in range(n):
        flow[off[k]] = max(flow[off[k]] - moved, 0.0)
        cost[off[k]], slope[off[k]] = _minutes(law, off[k], flow[off[k]])
    for k in range(m):
        flow[on[k]] += moved
        cost[on[k]], slope[on[k]] = _minutes(law, on[k], flow[on[k]])
