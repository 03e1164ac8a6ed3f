"""Equilibria: against another solver, Wardrop's conditions, threads, what cannot be reached, what is refused."""

import numba
import numpy as np
import pytest
from scipy.optimize import minimize

from bench.networks import lattice, trips
from twin.errors import InputError, ManyProblems
from twin.kernels.paths import quickest
from twin.travel import Roads, Trips, system_optimum, user_equilibrium


@pytest.fixture(scope="module")
def grid():
    streets = lattice(12, 230)
    return Roads.of(streets, alpha=0.15, beta=4.0), trips(streets, 12, 12_000)


@pytest.fixture(scope="module")
def settled(grid):
    return user_equilibrium(*grid, 1e-8)


def test_nobody_would_save_time(grid, settled):
    roads, wanted = grid
    assert settled.gap <= 1e-8
    assert settled.cut_off == 0
    assert settled.paths > len(wanted.vehicles)
    assert (settled.flow > 1.2 * roads.law.capacity).any()  # streets are full enough to matter
    origins, row = np.unique(wanted.origin, return_inverse=True)
    least = quickest(roads.start, roads.end, roads.minutes(settled.flow), origins, 0)[0]
    assert (settled.quickest == least[row, wanted.destination]).all()
    assert settled.total == pytest.approx((wanted.vehicles * settled.quickest).sum(), rel=2e-8)


def test_what_leaves_a_crossing_is_what_came_and_what_begins(grid, settled):
    roads, wanted = grid
    nodes = len(roads.start) - 1
    out, came = np.bincount(roads.begin, settled.flow, nodes), np.bincount(roads.end, settled.flow, nodes)
    begins, ends = (np.bincount(at, wanted.vehicles, nodes) for at in (wanted.origin, wanted.destination))
    assert np.allclose(out - came, begins - ends, atol=1e-6)


def test_a_narrower_gap_changes_little_and_the_optimum_is_below(grid, settled):
    rough, best = user_equilibrium(*grid, 1e-3), system_optimum(*grid, 1e-8)
    assert rough.rounds < settled.rounds
    assert rough.total == pytest.approx(settled.total, rel=5e-3)
    assert best.total < settled.total * (1 - 1e-4)


def test_threads_do_not_matter(grid, settled):
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    alone = user_equilibrium(*grid, 1e-8)
    numba.set_num_threads(before)
    for name in ("flow", "minutes", "quickest"):
        assert getattr(alone, name).tobytes() == getattr(settled, name).tobytes()


@pytest.mark.parametrize("seed", range(5))
def test_the_same_as_a_general_solver(seed):
    """SciPy minimises Beckmann's objective over the flows of all paths of a small network."""
    rng = np.random.default_rng(seed)
    begin, end = np.array([0, 0, 0, 1, 1, 2, 2]), np.array([1, 2, 3, 2, 3, 1, 3])
    free, rise, capacity, power = [*rng.random((3, 7)).tolist(), rng.choice([1.0, 2.0, 4.0], 7)]
    roads = Roads.between(
        begin, end, nodes=4, free=free, rise=rise, capacity=np.array(capacity) + 0.5, power=power
    )
    wanted = Trips(np.array([0, 0, 1], "i4"), np.array([3, 2, 3], "i4"), np.array([2.0, 1.0, 0.7]))
    ways = [[[2], [0, 4], [1, 6], [0, 3, 6], [1, 5, 4]], [[1], [0, 3]], [[4], [3, 6]]]
    use = np.array([[e in way for e in range(7)] for pair in ways for way in pair], float)
    of = np.repeat([0, 1, 2], [len(pair) for pair in ways])

    def objective(h):
        x = np.maximum(h, 0) @ use
        law = roads.law
        value = (law.free * x + law.rise * x * (x / law.capacity) ** law.power / (law.power + 1)).sum()
        return value, use @ roads.minutes(x)

    kept = {
        "type": "eq",
        "fun": lambda h: np.bincount(of, h) - wanted.vehicles,
        "jac": lambda h: np.eye(3)[:, of],
    }
    begin_with = (wanted.vehicles / np.bincount(of))[of]
    other = minimize(objective, begin_with, jac=True, bounds=[(0, None)] * len(of), constraints=kept, method="SLSQP", options={"ftol": 1e-14, "maxiter": 1000})  # fmt: skip
    found = user_equilibrium(roads, wanted, 1e-12)
    assert other.success
    assert np.allclose(found.flow, other.x @ use, atol=2e-4)


def test_a_sum_of_powers_is_sections_one_after_the_other():
    """1 + x + x**4 against a constant 3: the flow at which they meet."""
    roads = Roads.between(
        [0, 0, 1], [1, 2, 2], nodes=3, free=[1, 3, 0], rise=[1, 0, 1], capacity=[1, 1, 1], power=[1, 1, 4]
    )
    x = user_equilibrium(roads, Trips(np.array([0], "i4"), np.array([2], "i4"), np.array([5.0])), 1e-12).flow[
        0
    ]
    assert 1 + x + x**4 == pytest.approx(3)


def test_the_part_that_cannot_be_reached_is_counted():
    """Two pieces, a one-way dead end; the rest travels."""
    roads = Roads.between(
        [0, 0, 3], [1, 2, 4], nodes=5, free=[1, 2, 1], rise=[0, 0, 0], capacity=[9, 9, 9], power=[1, 1, 1]
    )
    table = np.zeros((5, 5))
    table[0, 1], table[0, 4], table[1, 0], table[3, 4] = 10, 5, 2, 7
    found = user_equilibrium(roads, Trips.of(table), 1e-9)
    assert found.flow.tolist() == [10, 0, 7]
    assert found.quickest.tolist() == [1, np.inf, np.inf, 1]
    assert found.cut_off == 7
    assert found.total == 17


def test_nobody_travels():
    roads = Roads.between([0], [1], nodes=2, free=[1], rise=[1], capacity=[1], power=[1])
    found = user_equilibrium(roads, Trips.of(np.diag([3.0, 4.0])), 1e-9)
    assert (found.total, found.gap, found.flow.tolist()) == (0.0, 0.0, [0.0])


def test_no_equilibrium_in_so_many_rounds_is_an_error(grid):
    with pytest.raises(InputError, match="2 rounds") as error:
        user_equilibrium(*grid, 1e-8, rounds=2)
    assert "相対ギャップ" in error.value.text("ja")
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("capacity", 0, "capacity"), ("capacity", -5, "capacity"), ("capacity", np.nan, "capacity"),
        ("free", -1, "empty"), ("free", np.inf, "empty"), ("rise", -0.1, "fall"),
        ("power", 0.5, "power"), ("power", -1, "power"),
        ("end", 7, "no node"), ("begin", -1, "no node"), ("end", 0, "back to its own"), ("begin", 2, "order"),
    ],
)  # fmt: skip
def test_a_section_that_cannot_be_is_refused(name, value, says):
    given = {
        "begin": [0, 1],
        "end": [1, 2],
        "free": [1, 1],
        "rise": [1, 1],
        "capacity": [1, 1],
        "power": [1, 1],
    }
    given[name] = [value, given[name][1]]
    with pytest.raises((InputError, ManyProblems), match=says) as error:
        Roads.between(given.pop("begin"), given.pop("end"), nodes=3, **given)
    assert error.value.text("ja") != error.value.text("en")


def test_trips_that_cannot_be_are_refused(grid):
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="node 0 to 1"):
            Trips.of(np.array([[0, wrong], [1, 0]]))
    with pytest.raises(InputError, match="node 900"):
        user_equilibrium(grid[0], Trips(np.array([900], "i4"), np.array([0], "i4"), np.ones(1)), 1e-3)
