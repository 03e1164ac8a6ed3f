"""Measures summed along shortest ways: the kernel, its plain twin, and NetworkX."""

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from twin.kernels.along import along, along_plain


def _graph(nodes, links, seed):
    draw = np.random.default_rng(seed)
    pairs = np.unique(draw.integers(0, nodes, (links, 2)), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    start = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(pairs[:, 0], minlength=nodes), out=start[1:])
    weight = draw.random(len(pairs)) + 0.1
    return pairs, start, pairs[:, 1].astype(np.int32), weight, draw.random((len(pairs), 3))


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 40), st.integers(1, 120), st.integers(0, 99))
def test_the_kernel_its_twin_and_networkx_agree(nodes, links, seed):
    pairs, start, end, weight, measure = _graph(nodes, links, seed)
    sources, targets = np.arange(0, nodes, 2), np.arange(nodes)
    graph = csr_array((weight, end, start), shape=(nodes, nodes))
    length, before = dijkstra(graph, indices=sources, return_predecessors=True)
    measure[:, 0] = weight
    found = along(start, end, measure, before, sources, targets)
    assert np.allclose(found, along_plain(start, end, measure, before, sources, targets), equal_nan=True)
    assert np.allclose(np.where(np.isnan(found[:, :, 0]), np.inf, found[:, :, 0]), length)
    ways = nx.DiGraph()
    ways.add_nodes_from(range(nodes))
    ways.add_weighted_edges_from(zip(*pairs.T.tolist(), weight.tolist(), strict=True))
    for row, source in enumerate(sources.tolist()):
        reached = nx.single_source_dijkstra_path_length(ways, source)
        assert set(np.flatnonzero(~np.isnan(found[row, :, 1]))) == set(reached)


def test_an_unreached_node_is_nan_and_the_source_nought():
    start, end = np.array([0, 1, 1, 1]), np.array([1], np.int32)
    before = np.array([[-9999, 0, -9999]], np.int32)
    found = along(start, end, np.array([[4.0, 7.0]]), before, np.array([0]), np.array([0, 1, 2]))
    assert found[0, :2].tolist() == [[0.0, 0.0], [4.0, 7.0]]
    assert np.isnan(found[0, 2]).all()
