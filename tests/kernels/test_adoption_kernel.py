"""The fast month of adoption against its plain meaning, and against threads and order."""

import numba
import numpy as np
import pytest

from twin.kernels import adoption as k
from twin.kernels import hazards as h
from twin.kernels import mean_field
from twin.kernels.chance import uniform, uniform_plain
from twin.kernels.sieve import sieve

TECHNOLOGIES = 8


def world(people=400, seed=1, crowd=0.0, isolated=False):
    """A random small world as the kernel's arguments."""
    rng = np.random.default_rng(seed)
    degree = np.zeros(people, int) if isolated else rng.integers(0, 12, people)
    start = np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
    other = rng.integers(-1, people, start[-1]).astype(np.int32)
    layer = rng.integers(1, 5, start[-1]).astype(np.uint8)
    here = rng.random(people) < 0.9
    stage = rng.integers(0, 5, (people, TECHNOLOGIES)).astype(np.uint8)
    household = (np.arange(people) // 3).astype(np.int32)
    rate = rng.random((TECHNOLOGIES, h.COLUMNS)) * 0.2
    rate[:, h.CROWD] = crowd
    rate[:, h.AT_HOME] = 2.0
    rate[:, h.NEEDS] = [-1, 0, 1, 1, 0, 1, 1, -1]
    curve = rng.random((TECHNOLOGIES, 4, 121)) * 0.3
    seen = k.public(here, stage)
    home = k.at_home(seen, household, household.max() + 1, TECHNOLOGIES)
    return {
        "look": np.uint64(rng.integers(0, 2**63)), "keys": rng.integers(0, 2**63, TECHNOLOGIES).astype(np.uint64), "month": 1470,
        "ids": rng.integers(0, 2**63, people).astype(np.uint64), "here": here,
        "born": rng.integers(300, 1470, people).astype(np.int16), "household": household,
        "area": rng.integers(0, 5, people).astype(np.uint8),
        "ability": rng.normal(size=people).astype(np.float32), "trust": rng.normal(size=people).astype(np.float32),
        "benefit": rng.random((people, TECHNOLOGIES)).astype(np.float32), "stage": stage,
        "refuses": (rng.random(people) < 0.1).astype(np.uint8) << 2,
        "threshold": rng.integers(0, 10_001, people).astype(np.uint16), "seen": seen, "home": home, "start": start,
        "other": other, "layer": layer, "weight": np.array([30, 15, 10, 7, 3]), "rate": rate, "curve": curve,
        "place": rng.random((TECHNOLOGIES, 5)),
    }  # fmt: skip


def fast(args):
    args = {**args, "stage": args["stage"].copy()}
    bounds = args["ability"].min(initial=0), args["ability"].max(initial=0), args["trust"].max(initial=0)
    table = sieve(args["rate"], args["curve"], args["place"], *map(float, bounds))
    k.live_month(table, *args.values())
    return args["stage"]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("crowd", [0.0, 5.0])
def test_fast_month_equals_plain_month(seed, crowd):
    args = world(seed=seed, crowd=crowd)
    assert (fast(args) == k.month_plain(*args.values())).all()
    assert (fast(args) != args["stage"]).any()


def test_world_without_ties():
    args = world(isolated=True)
    assert (fast(args) == k.month_plain(*args.values())).all()


def test_public_and_home_equal_plain():
    args = world(seed=9)
    seen = k.public_plain(args["here"], args["stage"])
    assert (seen == args["seen"]).all()
    assert (k.at_home_plain(seen, args["household"], len(args["home"]), TECHNOLOGIES) == args["home"]).all()


def test_threads_do_not_matter():
    args = world(people=5000, seed=3, crowd=2.0)
    before = numba.get_num_threads()
    found = []
    for threads in {1, numba.config.NUMBA_NUM_THREADS}:
        numba.set_num_threads(threads)
        found.append(fast(args))
    numba.set_num_threads(before)
    assert all((f == found[0]).all() for f in found)


def test_those_who_left_stay_as_they_were():
    args = world(seed=4)
    gone = ~args["here"]
    assert (fast(args)[gone] == args["stage"][gone]).all()


def test_a_service_stops_when_what_it_needs_is_gone():
    args = world(seed=5)
    args["stage"][:, 0] = h.ACCESS
    args["stage"][:, 1:7] = h.USES
    args["seen"] = k.public(args["here"], args["stage"])
    args["home"] = k.at_home(args["seen"], args["household"], len(args["home"]), TECHNOLOGIES)
    after = fast(args)[args["here"]]
    assert (after[:, [1, 4]] == h.STOPPED).all()


def test_uniform_equals_plain_and_is_uniform():
    ids = np.arange(200_000, dtype=np.uint64)
    u = uniform(np.uint64(12345), ids)
    assert (u == uniform_plain(12345, ids)).all()
    counts = np.bincount((u * 100).astype(int), minlength=100)
    assert ((counts - 2000) ** 2 / 2000).sum() < 180  # chi-square, 99 degrees of freedom
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 0.01


@pytest.mark.parametrize("technology", range(TECHNOLOGIES))
def test_mean_month_equals_plain(technology):
    rng = np.random.default_rng(11)
    args = world(seed=6)
    shares = rng.dirichlet(np.ones(5), 121)
    told = (
        shares,
        rng.random(121),
        1.4,
        rng.random(121),
        0.9,
        rng.random(121),
        args["rate"][technology],
        args["curve"][technology],
    )
    plain, found = mean_field.mean_month_plain(*told), mean_field.mean_month(*told)
    assert np.allclose(found, plain, rtol=1e-12, atol=1e-14)
    assert np.allclose(found.sum(axis=1), 1, atol=1e-12)
    assert not np.allclose(found, shares)


def test_mean_months_equal_plain_in_the_order_of_needs():
    rng = np.random.default_rng(12)
    args = world(seed=6)
    shares = rng.dirichlet(np.ones(5), (TECHNOLOGIES, 121))
    told = (
        rng.random((TECHNOLOGIES, 121)), rng.random(TECHNOLOGIES) + 1, rng.random(TECHNOLOGIES),
        rng.random((TECHNOLOGIES, 121)), args["rate"], args["curve"],
    )  # fmt: skip
    plain, found = shares.copy(), shares.copy()
    mean_field.mean_months_plain(plain, *told)
    mean_field.mean_months(found, *told)
    assert np.allclose(found, plain, rtol=1e-12, atol=1e-14)
    assert not np.allclose(found, shares)
