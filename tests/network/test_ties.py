"""The network is the one stated, changes only where it must, and follows the people."""

from functools import partial
from types import SimpleNamespace

import networkx as nx
import numba
import numpy as np
import pytest

from tests.network.people import MONTH, employ, random_citizens
from tests.toy_city import toy_city
from twin.agents.citizens import Day, Role
from twin.chance import Chance
from twin.errors import StateError
from twin.facts import Facts
from twin.kernels import standing
from twin.network import LABELS, Layer, Ties, circles, make_ties, moments
from twin.processes.ties import TiesUpkeep
from twin.state import State
from twin.units import month_start

CITY, FACTS, PEOPLE = toy_city(), Facts.read(), 6000


def bytes_of(ties):
    return {name: array.tobytes() for name, array in ties.memory().items()}


@pytest.fixture(scope="module")
def citizens():
    return random_citizens(PEOPLE)


@pytest.fixture(scope="module")
def ties(citizens):
    return make_ties(citizens, CITY, FACTS, Chance(1), MONTH)


@pytest.fixture(scope="module")
def found(ties, citizens):
    return moments.moments(ties, citizens, CITY, MONTH)


def world(citizens, ties, month=MONTH, facts=FACTS, seed=1):
    """What a process asks of a model."""
    day = month_start(month)
    return SimpleNamespace(
        citizens=citizens, city=CITY, chance=Chance(seed), ties=ties, month=month, day=day,
        fact=partial(facts.number, day=day), table=partial(facts.table, day=day),
        curve=lambda key, at: facts.curve(key, day, at),
    )  # fmt: skip


def test_values_of_higher_floors_are_the_same():
    assert (standing.WORK_OUTSIDE, standing.SCHOOL) == (Day.WORK_OUTSIDE, Day.SCHOOL)
    assert moments.INMATE == Role.INMATE


def test_slots_are_well_formed(ties, citizens):
    row = np.repeat(np.arange(ties.rows), np.diff(ties.start))
    assert ties.rows == citizens.rows
    assert ((ties.layer >= 1) & (ties.layer <= 4)).all()
    assert (ties.other < ties.rows).all()
    assert not (ties.other == row).any()
    for kind in range(1, 5):
        of = (ties.layer == kind) & (ties.other >= 0)
        pairs = row[of].astype(np.int64) * ties.rows + ties.other[of]
        assert len(np.unique(pairs)) == len(pairs)
    rising = np.diff(ties.layer.astype(int)) >= 0
    assert rising[np.diff(row) == 0].all()


def test_layer_means_are_as_stated(found, citizens):
    stated = FACTS.table("ties.mean", month_start(MONTH))
    by_age = FACTS.curve("ties.sociability.by_age", month_start(MONTH), (MONTH - citizens.born) // 12)
    for label in ("friends", "neighbours", "online"):
        expected = stated[label] * by_age.mean()
        assert found[f"mean.{label}"] == pytest.approx(expected, rel=0.05)
    assert 0.5 * stated["work"] < found["mean.placed"] < stated["work"] * 1.1


def test_people_differ_about_as_the_contact_survey_says(found):
    assert 1.0 < found["shape"] < 2.0
    assert found["isolated"] < 0.05


def test_friends_are_of_like_age_and_near(found):
    assert found["same_age"] > 3 * found["same_age.chance"]
    assert found["km.neighbours"] < found["km.friends"] < found["km.online"]
    assert found["beyond.friends"] < 0.8 * found["beyond.online"]


def test_friendship_falls_with_distance(ties, citizens):
    row = np.repeat(np.arange(ties.rows), np.diff(ties.start))
    of = ties.layer == Layer.FRIENDS
    x, y = CITY.areas.x, CITY.areas.y
    km = np.hypot(x[:, None] - x, y[:, None] - y) / 1000
    people = np.bincount(citizens.area, minlength=len(x))
    pairs = np.zeros_like(km)
    np.add.at(pairs, (citizens.area[row[of]], citizens.area[ties.other[of]]), 1)
    rate = pairs / np.outer(people, people)
    near, middle, far = (rate[(km >= a) & (km < b)].mean() for a, b in ((0, 1), (3, 6), (9, 15)))
    assert near > 1.5 * middle > 2.0 * far


def test_colleagues_and_classmates_share_a_place(ties, citizens):
    row = np.repeat(np.arange(ties.rows), np.diff(ties.start))
    of = (ties.layer == Layer.WORK) & (ties.other >= 0)
    one, two = row[of], ties.other[of]
    firm, school = citizens.work[one] >= 0, citizens.day[one] == Day.SCHOOL
    assert (citizens.work[one] == citizens.work[two])[firm].all()
    assert (citizens.area[one] == citizens.area[two])[school].all()
    year = (citizens.born.astype(int) - 3) // 12
    assert (year[one] == year[two])[school].all()
    assert (citizens.day[two] == Day.WORK_OUTSIDE)[citizens.day[one] == Day.WORK_OUTSIDE].all()
    assert not (citizens.day[one] == Day.HOME).any()


def test_some_are_heard_by_many_online(ties):
    heard = {
        k: np.bincount(ties.other[(ties.layer == k) & (ties.other >= 0)], minlength=ties.rows) for k in (1, 4)
    }
    assert heard[4].max() > 3 * heard[1].max()
    assert np.sort(heard[4])[-ties.rows // 100 :].sum() > 3 * np.sort(heard[1])[-ties.rows // 100 :].sum() / 2


def test_tail_of_being_heard_has_the_stated_exponent():
    tail, levels = 2.7, 20
    chance = np.diff(circles.heard_online(tail, levels), prepend=0)
    people = 0.5 ** np.arange(1, levels + 1)
    people[-1] *= 2
    heard = chance / people
    slope = np.polyfit(np.log(heard), np.log(np.cumsum(people[::-1])[::-1]), 1)[0]
    assert slope == pytest.approx(1 - tail, abs=1e-6)


def test_one_citizen_more_changes_only_who_listens_to_them(ties):
    more = random_citizens(PEOPLE)
    with State([more]).writing_all():
        new = more.append(1)
        for name in ("born", "town", "area", "household", "day", "work"):
            more.array(name)[new] = more.array(name)[1234]
        more.id[new], more.here[new] = 987654321, True
    after = make_ties(more, CITY, FACTS, Chance(1), MONTH)
    old, now = ties.other, after.other[: after.start[PEOPLE]]
    assert (after.start[: PEOPLE + 1] == ties.start).all()
    changed = old != now
    row = np.repeat(np.arange(PEOPLE), np.diff(ties.start))
    listens = np.unique(row[now == PEOPLE])
    assert len(listens) > 0
    assert set(row[changed]) <= set(listens)
    assert changed.sum() <= 2 * len(listens)


def test_order_of_rows_does_not_matter(ties, citizens):
    order = np.random.default_rng(4).permutation(PEOPLE)
    shuffled = random_citizens(PEOPLE)
    with State([shuffled]).writing_all():
        for name in shuffled.columns:
            shuffled.array(name)[:] = citizens.array(name)[order]
    other = make_ties(shuffled, CITY, FACTS, Chance(1), MONTH)
    for new in range(0, PEOPLE, 97):
        old = order[new]
        mine = ties.other[ties.start[old] : ties.start[old + 1]]
        theirs = other.other[other.start[new] : other.start[new + 1]]
        assert (np.where(theirs >= 0, order[theirs], -1) == mine).all()


def test_threads_do_not_matter(ties, citizens):
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        assert bytes_of(make_ties(citizens, CITY, FACTS, Chance(1), MONTH)) == bytes_of(ties)
    finally:
        numba.set_num_threads(before)


def test_another_seed_gives_another_network(ties, citizens):
    assert bytes_of(make_ties(citizens, CITY, FACTS, Chance(2), MONTH)) != bytes_of(ties)


def test_network_holds_all_layers_and_nobody_who_has_gone():
    citizens = random_citizens(800)
    ties = make_ties(citizens, CITY, FACTS, Chance(1), MONTH)
    with State([citizens]).writing_all():
        citizens.here[5:40] = False
    start, other, weight = ties.network(citizens)
    row = np.repeat(np.arange(ties.rows), np.diff(start))
    assert citizens.here[row].all()
    assert citizens.here[other].all()
    home = weight == 30
    alike = citizens.household[:, None] == citizens.household
    alike &= citizens.here[:, None] & citizens.here & ~np.eye(800, dtype=bool)
    expected = set(zip(*(part.tolist() for part in np.nonzero(alike)), strict=True))
    assert set(zip(row[home].tolist(), other[home].tolist(), strict=True)) == expected
    assert set(weight.tolist()) == {30, 15, 10, 7, 3}


def test_removed_rows_leave_and_the_rest_stays():
    citizens = random_citizens(2000)
    state = State([citizens])
    ties = make_ties(citizens, CITY, FACTS, Chance(1), MONTH)
    ids, old_start, old_other = citizens.id.copy(), ties.start.copy(), ties.other.copy()
    with state.writing_all():
        citizens.here[::7] = False
    order = np.flatnonzero(citizens.here)
    ties.remap(state.compact("citizens", order))
    assert ties.rows == citizens.rows
    for new, old in enumerate(order[:300]):
        before = old_other[old_start[old] : old_start[old + 1]]
        now = ties.other[ties.start[new] : ties.start[new + 1]]
        expected = [ids[j] if j >= 0 and j % 7 else 0 for j in before]
        assert [int(citizens.id[j]) if j >= 0 else 0 for j in now] == [int(i) for i in expected]
    assert (ties.pools.row < ties.rows).all()


def test_a_table_of_moves_that_is_too_short_is_refused(ties):
    with pytest.raises(StateError, match=str(ties.rows)):
        ties.remap(np.arange(3, dtype=np.int32))


def live(citizens, ties, months, first=MONTH + 1, restart=False):
    """Some months of people coming, going and moving, with the upkeep process."""
    state = State([citizens])
    for month in range(first, first + months):
        draw = np.random.default_rng(month)
        if month_start(month).month == 4:
            ties.remap(state.compact("citizens", np.flatnonzero(citizens.here)))
        with state.writing_all():
            citizens.here[draw.integers(0, citizens.rows, 20)] = False
            new = citizens.append(25)
            citizens.id[new] = np.arange(25) + month * 1000 + 10**9
            citizens.here[new], citizens.born[new] = True, month - draw.integers(0, 900, 25)
            citizens.town[new] = draw.integers(0, len(CITY.towns.code), 25)
            citizens.area[new] = CITY.towns.area[citizens.town[new]]
            if month_start(month).month == 3:
                employ(citizens, draw)
        TiesUpkeep().step(world(citizens, ties, month))
        if restart:
            memory, ties = ties.memory(), Ties()
            ties.remember({name: np.array(array) for name, array in memory.items()})
    return ties


def test_upkeep_gives_newcomers_ties_and_ends_those_of_the_gone():
    citizens = random_citizens(3000)
    ties = live(citizens, make_ties(citizens, CITY, FACTS, Chance(1), MONTH), 5)
    assert ties.rows == citizens.rows == 3125
    assert np.diff(ties.start)[3000:].mean() > 5
    assert (ties.other[ties.start[3000] :] >= 0).mean() > 0.9
    ties = live(citizens, ties, 7, first=MONTH + 6)
    heard = ties.other[ties.other >= 0]
    assert month_start(MONTH + 12).month == 4
    assert citizens.here[heard].all()
    assert ((ties.other < 0) & (ties.layer != Layer.WORK)).mean() < 1e-3  # a town ran out of people


def test_restart_every_month_gives_the_same_bytes():
    one, two = random_citizens(1500), random_citizens(1500)
    straight = live(one, make_ties(one, CITY, FACTS, Chance(1), MONTH), 26)
    resumed = live(two, make_ties(two, CITY, FACTS, Chance(1), MONTH), 26, restart=True)
    assert bytes_of(straight) == bytes_of(resumed)


def test_a_year_ends_the_stated_share_of_ties_and_friends_who_move_stay():
    citizens = random_citizens(4000)
    ties = make_ties(citizens, CITY, FACTS, Chance(1), MONTH)
    start, layer, other = ties.start.copy(), ties.layer.copy(), ties.other.copy()
    with State([citizens]).writing_all():
        citizens.town[:2000] = np.arange(2000) * 7 % len(CITY.towns.code)
        citizens.area[:2000] = CITY.towns.area[citizens.town[:2000]]
    ties.renew(citizens, CITY, circles.TieFacts.on(FACTS, MONTH), Chance(1), MONTH + 1)
    kept = {k: [] for k in (Layer.FRIENDS, Layer.NEIGHBOURS, Layer.ONLINE)}
    for i in range(2000):
        for k, shares in kept.items():
            old = other[start[i] : start[i + 1]][layer[start[i] : start[i + 1]] == k]
            now = ties.other[ties.start[i] : ties.start[i + 1]]
            shares += np.isin(old, now).tolist()
    assert np.mean(kept[Layer.FRIENDS]) == pytest.approx(
        1 - FACTS.number("ties.turnover", month_start(MONTH)), abs=0.015
    )
    assert np.mean(kept[Layer.ONLINE]) == pytest.approx(0.93, abs=0.02)
    assert np.mean(kept[Layer.NEIGHBOURS]) < 0.1


def test_runs_with_other_seeds_keep_who_is_sociable():
    citizens = random_citizens(2000)
    ties = make_ties(citizens, CITY, FACTS, Chance(1), MONTH)
    before = np.diff(ties.start)
    ties.renew(citizens, CITY, circles.TieFacts.on(FACTS, MONTH), Chance(99), MONTH)
    assert (np.diff(ties.start) == before).all()


def test_news_runs_slower_on_a_lattice(ties):
    """V-16: same number of ties, simple contagion; only the order is known."""
    listens = nx.DiGraph(
        zip(np.repeat(np.arange(ties.rows), np.diff(ties.start)).tolist(), ties.other.tolist(), strict=True)
    )
    listens.remove_nodes_from([-1])
    ring = nx.circulant_graph(ties.rows, range(1, int(np.diff(ties.start).mean() / 2) + 1))
    steps = 4
    here = nx.single_source_shortest_path_length(listens.reverse(copy=False), 100, cutoff=steps)
    there = nx.single_source_shortest_path_length(ring, 100, cutoff=steps)
    assert len(here) > 5 * len(there)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_check_is_printed(found, lang):
    text = moments.printed(found, FACTS, MONTH, lang)
    assert len(text.splitlines()) == len(found) + 1
    assert "15.3" in text
    assert all(f"mean.{label}" in found for label in LABELS)
