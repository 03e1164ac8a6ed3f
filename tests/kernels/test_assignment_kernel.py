"""Moving flow between paths: each fast step against its plain twin, and what a step keeps."""

import numpy as np
import pytest

from twin.kernels import assignment as k
from twin.kernels.paths import quickest
from twin.travel import Roads

NODES, PAIRS = 25, 40


def world(seed):
    """A random network that is connected, and pairs with demand."""
    rng = np.random.default_rng(seed)
    begin = np.concatenate([np.arange(NODES), rng.integers(0, NODES, 60)])
    end = np.concatenate([(np.arange(NODES) + 1) % NODES, rng.integers(0, NODES, 60)])
    end = np.where(begin == end, (end + 1) % NODES, end)
    order = np.argsort(begin, kind="stable")
    n = len(begin)
    roads = Roads.between(
        begin[order], end[order], nodes=NODES, free=rng.random(n), rise=rng.random(n),
        capacity=5 + 5 * rng.random(n), power=rng.choice([1.0, 2.5, 4.0], n),
    )  # fmt: skip
    goal = rng.integers(0, NODES, PAIRS)
    return (
        roads,
        np.arange(PAIRS) % NODES,
        np.where(goal == np.arange(PAIRS) % NODES, (goal + 1) % NODES, goal),
        rng.random(PAIRS) * 3,
    )


def lived(roads, row, goal, demand, rounds):
    """Round by round what each step was given and what it made of it."""
    paths, flow = k.no_paths(PAIRS), np.zeros(len(roads.end))
    for _ in range(rounds):
        cost = k.minutes(roads.law, flow)[0]
        by = quickest(roads.start, roads.end, cost, np.arange(NODES, dtype="i4"), 0)[1]
        before, paths = paths, k.renewed(paths, row, goal, by, roads.begin, demand)
        flow, unmoved = k.load(paths, len(roads.end)), paths._replace(flow=paths.flow.copy())
        k.shift(paths, flow, roads.law, 2)
        yield before, by, unmoved, paths, flow


@pytest.mark.parametrize("seed", range(5))
def test_every_step_equals_plain(seed):
    roads, row, goal, demand = world(seed)
    for before, by, unmoved, paths, flow in lived(roads, row, goal, demand, 5):
        plain = k.renewed_plain(before, row, goal, by, roads.begin, demand)
        for one, two in zip(unmoved, plain, strict=True):
            assert one.tolist() == two.tolist()
            assert one.dtype == two.dtype
        flow_plain = k.load_plain(plain, len(flow))
        assert np.allclose(flow_plain, k.load(unmoved, len(flow)), rtol=1e-14)
        k.shift_plain(plain, flow_plain, roads.law, 2)
        assert np.allclose(paths.flow, plain.flow, atol=1e-11)
        assert np.allclose(flow, flow_plain, atol=1e-11)
        assert not np.allclose(paths.flow, unmoved.flow, atol=1e-6) or before.flow.size == 0
    assert len(paths.flow) > PAIRS + 5  # some pairs are divided


@pytest.mark.parametrize("seed", range(5))
def test_demand_is_kept_and_sections_carry_what_paths_carry(seed):
    roads, row, goal, demand = world(seed)
    for *_, paths, flow in lived(roads, row, goal, demand, 10):
        pair = np.repeat(np.arange(PAIRS), np.diff(paths.of))
        assert np.allclose(np.bincount(pair, paths.flow), demand, rtol=1e-12)
        assert np.allclose(flow, k.load_plain(paths, len(flow)), atol=1e-11)
        assert (paths.flow >= 0).all()
        for q in range(len(paths.flow)):  # from the destination back to the origin, without a gap
            way = paths.section[paths.first[q] : paths.first[q + 1]]
            assert roads.end[way[0]] == goal[pair[q]]
            assert (roads.begin[way[:-1]] == roads.end[way[1:]]).all()
            assert roads.begin[way[-1]] == row[pair[q]]


def test_minutes_equal_plain_and_slope_is_their_derivative():
    law = k.Law(
        np.array([3.0, 0.0, 2.0]),
        np.array([0.45, 1.0, 0.0]),
        np.array([100.0, 1.0, 9.0]),
        np.array([4.0, 1.0, 1.0]),
    )
    for flow in (np.zeros(3), np.array([130.0, 0.7, 50.0])):
        cost, slope = k.minutes(law, flow)
        assert np.allclose((cost, slope), k.minutes_plain(law, flow), rtol=1e-14)
        step = 1e-6 * law.capacity
        rise = (k.minutes(law, flow + step)[0] - k.minutes(law, flow)[0]) / step
        assert np.allclose(rise, slope, atol=1e-5)
    assert k.minutes(law, np.array([100.0, 0.5, 1.0]))[0].tolist() == [3.45, 0.5, 2.0]


def test_a_pair_without_a_way_gets_no_path():
    by = np.array([[-1, 0, -1]], "i4")
    given = (k.no_paths(2), np.array([0, 0]), np.array([1, 2]), by, np.array([0], "i4"), np.array([2.0, 3.0]))
    for renewed in (k.renewed, k.renewed_plain):
        paths = renewed(*given)
        assert (paths.of.tolist(), paths.section.tolist(), paths.flow.tolist()) == ([0, 1, 1], [0], [2.0])
