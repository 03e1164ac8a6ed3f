"""Fast kernels give what their plain twins give, on empty, tiny and random cities."""

import numpy as np
import pytest
from numba import njit

from tests.network.people import MONTH, random_citizens
from tests.toy_city import toy_city
from twin.chance import Chance
from twin.facts import Facts
from twin.kernels import draws, rings, standing
from twin.kernels import ties as kernel
from twin.network import circles
from twin.network import ties as network

FACTS = circles.TieFacts.on(Facts.read(), MONTH)
CHANCE = Chance(3)


def parts(count, gone=0.0):
    """What the kernels take, for a random population with a share of people who have gone."""
    city, citizens = toy_city(), random_citizens(count)
    people = circles.listeners(citizens, slice(0, count), CHANCE, MONTH, len(city.areas.code))
    pools, choice = circles.build(FACTS, citizens, people, city, CHANCE)
    here = circles.frozen(np.random.default_rng(2).random(count) >= gone)
    others = np.maximum(draws.teams(people, pools, choice).size - 1, 0)
    degree = network._degrees(FACTS, CHANCE, people, citizens.here, others)
    return people, here, pools, choice, degree


@pytest.mark.parametrize("count", [0, 1, 7, 400])
def test_degrees(count):
    people, here, _, _, _ = parts(count, gone=0.1)
    others = np.random.default_rng(4).integers(0, 12, count).astype(np.int32)
    arguments = (
        network._keys(CHANCE, "how many", 0), people, here, others, FACTS.mean,
        network._sociability(FACTS.shape), network._number(40), FACTS.by_age,
    )  # fmt: skip
    plain = kernel.degrees_plain(*arguments)
    assert (plain == kernel.degrees(*arguments)).all()
    assert plain.shape == (count, 4)
    assert not plain[~here].any()
    assert (kernel.starts(plain) == kernel.starts_plain(plain)).all()


def test_words_of_slots_are_those_of_their_numbers():
    word = CHANCE.key("any word")
    assert [numbered(word, n) for n in range(1024)] == kernel.bits_plain(word, np.arange(1024)).tolist()


@njit
def numbered(word, n):
    return kernel.numbered(word, n)


@pytest.mark.parametrize("count", [0, 1, 400])
def test_standing_and_memberships(count):
    city, citizens = toy_city(), random_citizens(count)
    columns = (citizens.born, citizens.day, citizens.work, citizens.area)
    plain = standing.standing_plain(MONTH, *columns, 7)
    fast = standing.standing(MONTH, *map(circles.frozen, columns), 7)
    assert all((a == b).all() and a.dtype == b.dtype for a, b in zip(plain, fast, strict=True))
    people, row = parts(count)[0], np.arange(count, dtype=np.int32)[::-1].copy()
    arguments = CHANCE.key("heard"), 20, row, people, np.asarray(city.towns.area, np.int64)
    assert (standing.memberships_plain(*arguments) == standing.memberships(*arguments)).all()


@pytest.mark.parametrize(("count", "known"), [(0, 0), (1, 0), (1, 1), (500, 0), (500, 400), (500, 500)])
def test_the_ring_of_all_is_kept_without_the_gone_and_with_newcomers(count, known):
    draw = np.random.default_rng(count + known)
    ids, key = np.arange(count, dtype=np.uint64), CHANCE.key("ring")
    words, here = kernel.bits_plain(key, ids), draw.random(count) < 0.8
    row, point = rings.around_plain(words[:known], np.ones(known, bool))
    row[::9] = -1  # removed rows
    gone = np.setdiff1d(np.arange(known), row)
    here[gone] = False
    fresh = rings.newcomers(here, row)
    assert set(fresh) == set(np.flatnonzero(here)) - set(row)
    fresh = fresh[np.argsort(words[fresh])]
    merged = rings.merge(key, ids, here, row, point, fresh, words[fresh])
    for one, other in zip(merged, rings.around_plain(words, here), strict=True):
        assert (one == other).all()


def test_equal_points_keep_the_order_of_their_words():
    """Two ids with the same point are too rare to wait for, so points are made equal by hand."""
    ids, key = np.arange(40, dtype=np.uint64), CHANCE.key("ring")
    words = kernel.bits_plain(key, ids)
    order, here = np.argsort(words), np.ones(40, bool)
    old, fresh = order[::2].astype(np.int32), order[1::2].astype(np.int32)
    point = (words[fresh] >> np.uint64(rings.BITS)).astype(np.uint32)
    row, _ = rings.merge(key, ids, here, old, point, fresh, words[fresh])
    assert (row == order).all()


@pytest.mark.parametrize(("count", "pools"), [(0, 1), (1, 3), (500, 7)])
def test_by_pool(count, pools):
    draw = np.random.default_rng(count)
    kinds = draw.integers(0, pools, (3, count)).astype(np.int32)
    kinds[-1] -= 1
    row = draw.permutation(count).astype(np.int32)
    point = np.sort(draw.integers(0, rings.ROUND, count)).astype(np.uint32)
    arguments = kinds, row, point, 1 + np.arange(4) * pools
    for plain, fast in zip(rings.by_pool_plain(*arguments), rings.by_pool(*arguments), strict=True):
        assert (plain == fast).all()


@pytest.mark.parametrize(("count", "gone"), [(0, 0.0), (1, 0.0), (12, 0.5), (500, 0.1)])
def test_fill(count, gone):
    people, here, pools, choice, degree = parts(count, gone)
    start = kernel.starts(degree)
    layer = np.repeat(np.tile(np.arange(1, 5, dtype=np.uint8), count), degree.ravel())
    plain = np.full(start[-1], -1, np.int32)
    fast, wanting = plain.copy(), np.full(count, 0xFF, np.uint8)
    keys = network._keys(CHANCE, "who", MONTH)
    teams = draws.teams(people, pools, choice)
    assert all((a == b).all() for a, b in zip(teams, draws.teams_plain(people, pools, choice), strict=True))
    draws.fill_plain(keys, people, wanting, here, pools, choice, teams, start, plain, layer)
    draws.fill(keys, people, wanting, here, pools, choice, teams, start, fast, layer)
    assert (plain == fast).all()
    assert here[fast[fast >= 0]].all()
    assert count < 100 or (fast >= 0).mean() > 0.9


@pytest.mark.parametrize(("count", "gone"), [(1, 0.0), (300, 0.2)])
def test_carry_and_move(count, gone):
    people, here, _, choice, degree = parts(count, gone)
    start, slots = kernel.starts(degree), degree.sum()
    layer = np.repeat(np.tile(np.arange(1, 5, dtype=np.uint8), count), degree.ravel())
    other = np.random.default_rng(5).integers(-1, count, slots).astype(np.int32)
    fewer = np.maximum(degree.astype(int) - (people.id[:, None] % np.uint64(3)).astype(int), 0).astype(
        np.uint8
    )
    moved = np.full(count, -1, np.int32)
    moved[here] = np.arange(here.sum())[::-1]
    gone = kernel.Removal(np.flatnonzero(here)[::-1], circles.frozen(moved))
    nobody = network._nothing_removed(count)
    given = network._keys(CHANCE, "given up", MONTH), 1 << 30, people, here, choice.beside
    for removal in (nobody, gone):
        old = removal, start, other, layer, fewer
        new, *plain, wants = kernel.carry_plain(*given, *old)
        fast = np.empty(new[-1], np.int32), np.empty(new[-1], np.uint8)
        assert (kernel.carry(*given, *old, new, *fast) == wants).all()
        assert all((a == b).all() for a, b in zip(plain, fast, strict=True))
    assert (kernel.places(gone.order, start) == kernel.move_plain(gone, start, other, layer)[0]).all()
    new, *plain = kernel.move_plain(gone, start, other, layer)
    fast = np.empty(new[-1], np.int32), np.empty(new[-1], np.uint8)
    kernel.move(gone, start, other, layer, new, *fast)
    assert all((a == b).all() for a, b in zip(plain, fast, strict=True))


@pytest.mark.parametrize(
    ("count", "bounds"), [(3, (5, 15)), (40, (5, 15)), (5000, (5, 15)), (9000, (15, 35))]
)
def test_team(count, bounds):
    point = np.sort(np.random.default_rng(count).integers(0, rings.ROUND, count)).astype(np.uint32)
    nobody = np.zeros(2, np.int64)
    pools = rings.Pools(np.array([0, count]), point, np.arange(count, dtype=np.int32), nobody, nobody)
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
