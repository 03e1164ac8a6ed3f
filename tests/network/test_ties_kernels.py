"""Fast kernels give what their plain twins give, on empty, tiny and random cities."""

import numpy as np
import pytest

from tests.network.people import MONTH, random_citizens
from tests.toy_city import toy_city
from twin.chance import Chance
from twin.facts import Facts
from twin.kernels import draws, rings
from twin.kernels import ties as kernel
from twin.network import circles
from twin.network import ties as network

FACTS = circles.TieFacts.on(Facts.read(), MONTH)
CHANCE = Chance(3)


def parts(count, gone=0.0):
    """What the kernels take, for a random population with a share of people who have gone."""
    city, citizens = toy_city(), random_citizens(count)
    people, age = circles.listeners(citizens, slice(0, count), CHANCE, MONTH, len(city.areas.code))
    pools, choice = circles.build(FACTS, citizens, people, city, CHANCE)
    here = circles.frozen(np.random.default_rng(2).random(count) >= gone)
    others = circles.mates(people, pools, choice)
    degree = network._degrees(FACTS, CHANCE, people, age, others)
    return people, age, others, here, pools, choice, degree


@pytest.mark.parametrize("count", [0, 1, 7, 400])
def test_degrees(count):
    people, age, others, *_, degree = parts(count)
    quantile = network.gammaincinv(FACTS.shape, np.linspace(0, 1 - 1e-4, 4097)) / FACTS.shape
    arguments = (
        network._keys(CHANCE, "how many", 0), people.id, age, others, FACTS.mean, quantile, FACTS.by_age, 40
    )  # fmt: skip
    plain = kernel.degrees_plain(*arguments)
    assert (plain == kernel.degrees(*arguments)).all()
    assert plain.shape == (count, 4)
    assert degree[:, kernel.WORK - 1].max(initial=0) <= others.max(initial=0)


@pytest.mark.parametrize(("count", "pools"), [(0, 1), (1, 3), (500, 7)])
def test_by_pool(count, pools):
    draw = np.random.default_rng(count)
    kinds = draw.integers(0, pools, (3, count)).astype(np.int32)
    kinds[-1] -= 1
    order = draw.permutation(count)[: count * 3 // 4].astype(np.int32)
    first = np.arange(4) * pools
    for plain, fast in zip(
        rings.by_pool_plain(kinds, order, first), rings.by_pool(kinds, order, first), strict=True
    ):
        assert (plain == fast).all()


@pytest.mark.parametrize(("count", "gone"), [(0, 0.0), (1, 0.0), (12, 0.5), (500, 0.1)])
def test_fill(count, gone):
    people, _, _, here, pools, choice, degree = parts(count, gone)
    start = kernel.starts(degree)
    layer = np.repeat(np.tile(np.arange(1, 5, dtype=np.uint8), count), degree.ravel())
    plain = np.full(start[-1], -1, np.int32)
    fast, wanting = plain.copy(), np.full(count, 0xFF, np.uint8)
    keys = network._keys(CHANCE, "who", MONTH)
    draws.fill_plain(keys, people, wanting, here, pools, choice, start, plain, layer)
    draws.fill(keys, people, wanting, here, pools, choice, start, fast, layer)
    assert (plain == fast).all()
    assert here[fast[fast >= 0]].all()
    assert count < 100 or (fast >= 0).mean() > 0.9


@pytest.mark.parametrize(("count", "gone"), [(1, 0.0), (300, 0.2)])
def test_carry_and_move(count, gone):
    people, _, _, here, _, choice, degree = parts(count, gone)
    start, slots = kernel.starts(degree), degree.sum()
    layer = np.repeat(np.tile(np.arange(1, 5, dtype=np.uint8), count), degree.ravel())
    other = np.random.default_rng(5).integers(-1, count, slots).astype(np.int32)
    fewer = np.maximum(degree.astype(int) - (people.id[:, None] % np.uint64(3)).astype(int), 0).astype(
        np.uint8
    )
    common = (
        network._keys(CHANCE, "given up", MONTH),
        1 << 30,
        people,
        here,
        choice.beside,
        start,
        other,
        layer,
    )
    new, *plain, wants = kernel.carry_plain(*common, fewer)
    fast = np.empty(new[-1], np.int32), np.empty(new[-1], np.uint8)
    assert (kernel.carry(*common, fewer, new, *fast) == wants).all()
    assert all((a == b).all() for a, b in zip(plain, fast, strict=True))
    moved = np.full(count, -1, np.int32)
    moved[here] = np.arange(here.sum())[::-1]
    order = np.flatnonzero(here)[::-1]
    new, *plain = kernel.move_plain(order, moved, start, other, layer)
    fast = np.empty(new[-1], np.int32), np.empty(new[-1], np.uint8)
    kernel.move(order, moved, start, other, layer, new, *fast)
    assert all((a == b).all() for a, b in zip(plain, fast, strict=True))


@pytest.mark.parametrize(
    ("count", "bounds"), [(3, (5, 15)), (40, (5, 15)), (5000, (5, 15)), (9000, (15, 35))]
)
def test_team(count, bounds):
    point = np.sort(np.random.default_rng(count).integers(0, rings.ROUND, count)).astype(np.uint32)
    pools = rings.Pools(np.array([0, count]), point, np.arange(count, dtype=np.int32))
    sizes = set()
    for mine in point[:: max(count // 50, 1)].tolist():
        found = rings.team(point, 0, count, mine, *bounds)
        assert found == rings.team_plain(pools, 0, count, mine, *bounds)
        sizes.add(found[1] - found[0])
    assert max(sizes) <= sum(bounds)  # a piece that cannot be cut evenly stays whole
    assert min(sizes) >= min(bounds[0], count)


def test_seek_finds_what_searchsorted_finds():
    point = np.sort(np.random.default_rng(1).integers(0, rings.ROUND, 3000)).astype(np.uint32)
    for p in [0, 1, rings.ROUND - 1, *point[:20].tolist(), *(point[::50].astype(int) + 1).tolist()]:
        assert rings.seek(point, 0, 3000, p) == np.searchsorted(point, p)
