"""Searches on a street network beside SciPy and igraph, and user equilibria to a gap of one in a million.

Searches are timed in processor seconds on one thread; all must find the same times. igraph is a competitor
here and nothing else: where it is not installed its row is left out.
"""

from time import perf_counter, process_time

import numba
import numpy as np
import pytest

from bench.networks import lattice, trips
from twin.kernels import paths
from twin.network.streets import TICKS_A_MINUTE
from twin.travel import Roads, user_equilibrium
from twin.travel.tntp import files, read_network, read_trips

SIDE, STREETS, SEARCHES, AT_ONCE = 245, 80_000, 1000, 100
GAP = 1e-6


@pytest.fixture(scope="module")
def graph():
    """Sixty thousand crossings: start, end, ticks along each section, sources."""
    streets = lattice(SIDE, STREETS)
    cost = np.maximum(np.rint(streets.minutes * TICKS_A_MINUTE), 1).astype("i4")
    return streets.start, streets.end, cost, np.linspace(0, len(streets.node) - 1, SEARCHES).astype("i4")


@pytest.fixture
def one_thread():
    """One thread, and whatever it was afterwards."""
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(before)


def searched(search, graph):
    """Processor seconds of all searches, some at a time, and how long all ways are together (ticks)."""
    *network, sources = graph
    seconds, total = 0.0, 0
    for rows in np.split(sources, SEARCHES // AT_ONCE):
        begun = process_time()
        found = search(*network, rows)
        seconds += process_time() - begun
        total += int(np.asarray(found, "i8").sum())
    return seconds, total


def test_one_to_all(benchmark, graph, one_thread, findings):
    """The same searches by the twin, SciPy and igraph."""
    paths.ticks(*graph[:3], graph[3][:1])
    seconds, total = benchmark.pedantic(searched, args=(paths.ticks, graph), rounds=1)
    what = f"{SEARCHES:,} one-to-all searches, {SIDE**2:,} crossings, one thread"
    findings.put(what, seconds, "s", "<= 3")
    scipy_seconds, scipy_total = searched(paths.ticks_plain, graph)
    assert total == scipy_total
    findings.put("- against SciPy", scipy_seconds / seconds, "x", "", f"{scipy_seconds:.1f} s")
    igraph = pytest.importorskip("igraph", reason="igraph is not installed")
    begin = np.repeat(np.arange(SIDE**2), np.diff(graph[0]))
    theirs = igraph.Graph(n=SIDE**2, edges=np.column_stack([begin, graph[1]]), directed=True)
    cost = graph[2].tolist()
    igraph_seconds, igraph_total = searched(
        lambda *given: theirs.distances(given[-1].tolist(), weights=cost), graph
    )
    assert total == igraph_total
    findings.put("- against igraph", igraph_seconds / seconds, "x", "", f"{igraph_seconds:.1f} s")


def test_threads(benchmark, graph, findings):
    """The same bits on one and two threads."""
    before, found, seconds = numba.get_num_threads(), {}, {}
    for threads in (1, min(2, before)):
        numba.set_num_threads(threads)
        begun = perf_counter()
        found[threads] = paths.ticks(*graph[:3], graph[3][:200])
        seconds[threads] = perf_counter() - begun
    numba.set_num_threads(before)
    benchmark.pedantic(lambda: None, rounds=1)
    assert all((ticks == found[1]).all() for ticks in found.values())
    findings.put("- 200 of them, two threads against one", seconds[1] / seconds[max(seconds)], "x")


def solved(roads, wanted):
    """Processor seconds to the gap, the middle of some tries, and the equilibrium."""
    seconds = []
    for _ in range(7):
        begun = process_time()
        found = user_equilibrium(roads, wanted, GAP)
        seconds.append(process_time() - begun)
    return float(np.median(seconds[1:])), found


def test_sioux_falls(benchmark, one_thread, findings):
    """24 zones, 76 links, 528 pairs of zones."""
    net, table = files("SiouxFalls", "net", "trips")
    if not net.is_file():
        pytest.skip("not beside the project: SiouxFalls")
    network = read_network(net)
    wanted = read_trips(table, network)
    seconds, found = benchmark.pedantic(solved, args=(network.roads, wanted), rounds=1)
    note = f"{found.rounds} rounds, {found.paths} paths"
    findings.put("User equilibrium of Sioux Falls to 1e-6, one thread", seconds, "s", "<= 0.05", note)


def test_equilibrium_of_a_grid(benchmark, one_thread, findings):
    """60 zones on 900 crossings, all pairs of zones, streets loaded beyond their capacity."""
    streets = lattice(30, 1500)
    roads = Roads.of(streets, alpha=0.15, beta=4.0)
    wanted = trips(streets, 60, 20_000)
    seconds, found = benchmark.pedantic(solved, args=(roads, wanted), rounds=1)
    full = float((found.flow / streets.capacity).max())
    note = f"{found.rounds} rounds, {found.paths} paths, {full:.1f} of capacity at most"
    findings.put("User equilibrium of 60 zones on 900 crossings to 1e-6, one thread", seconds, "s", "", note)
