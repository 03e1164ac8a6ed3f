"""Quickest ways: both searches against their plain twins, trees, threads, ends that cannot be reached."""

import numba
import numpy as np
import pytest

from twin.kernels import paths as k


def network(seed, nodes=60, sections=150, longest=40):
    """A random network: parallel sections, dead ends and nodes nobody reaches are in it."""
    rng = np.random.default_rng(seed)
    begin = np.sort(rng.integers(0, nodes, sections))
    end = rng.integers(0, nodes, sections).astype("i4")
    start = np.searchsorted(begin, np.arange(nodes + 1))
    return start, end, rng.integers(1, longest + 1, sections).astype("i4")


@pytest.mark.parametrize("seed", range(20))
def test_ticks_equal_plain(seed):
    given = network(seed, longest=[1, 7, 8, 300][seed % 4])
    sources = np.arange(60, dtype="i4")
    found = k.ticks(*given, sources)
    assert (found == k.ticks_plain(*given, sources)).all()
    assert (found == k.NEVER).any()
    assert (found < k.NEVER).sum() > 120


@pytest.mark.parametrize("seed", range(10))
def test_a_tree_leads_back_to_the_source_and_takes_the_time_found(seed):
    start, end, cost = network(seed)
    begin = np.repeat(np.arange(60), np.diff(start))
    ticks = k.ticks(start, end, cost, np.array([3], "i4"))[0]
    by = k.tree(start, end, cost, ticks)
    assert ((by < 0) == ((ticks == k.NEVER) | (np.arange(60) == 3))).all()
    for node in np.flatnonzero(by >= 0):
        took, here = 0, node
        while here != 3:
            took, here = took + cost[by[here]], begin[by[here]]
        assert took == ticks[node]
        rivals = np.flatnonzero((end == node) & (ticks[begin] < k.NEVER))
        rivals = rivals[ticks[begin[rivals]].astype("i8") + cost[rivals] == ticks[node]]
        assert by[node] == rivals.min()


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("through", [0, 12])
def test_quickest_equal_plain_and_ways_add_up(seed, through):
    start, end, cost = network(seed, sections=240)
    cost = cost * np.random.default_rng(seed).random(len(cost))
    cost[::9] = 0.0
    sources = np.array([0, 5, 11, 40], "i4")
    found, by = k.quickest(start, end, cost, sources, through)
    assert (found == k.quickest_plain(start, end, cost, sources, through)).all()
    begin = np.repeat(np.arange(60), np.diff(start))
    for row, source in enumerate(sources):
        assert by[row, source] == -1
        for node in np.flatnonzero(by[row] >= 0):
            way, here = [], node
            while here != source:
                way.append(by[row, here])
                here = begin[way[-1]]
            assert (begin[way[:-1]] >= through).all()  # no zone lies on the way
            assert cost[way].sum() == pytest.approx(found[row, node], rel=1e-12)


def test_two_sections_between_the_same_nodes_and_one_way_out():
    start, end = np.array([0, 2, 2]), np.array([1, 1], "i4")
    both = np.array([0, 1], "i4")
    assert k.ticks(start, end, np.array([5, 4], "i4"), both).tolist() == [[0, 4], [k.NEVER, 0]]
    assert k.quickest(start, end, np.array([5.0, 4.5]), both, 0)[0].tolist() == [[0, 4.5], [np.inf, 0]]


def test_threads_do_not_matter():
    given = network(1, 3000, 9000)
    sources = np.arange(0, 3000, 7, dtype="i4")
    before, found = numba.get_num_threads(), []
    for threads in (1, before):
        numba.set_num_threads(threads)
        found.append((k.ticks(*given, sources), *k.quickest(given[0], given[1], given[2] / 7, sources, 50)))
    numba.set_num_threads(before)
    for one, many in zip(*found, strict=True):
        assert one.tobytes() == many.tobytes()
