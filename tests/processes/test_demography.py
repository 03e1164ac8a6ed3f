"""The demography process against hand counts, balances and its own expectation."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from tests.processes.demography_model import FACTS, StandIn
from twin.agents.citizens import Day, Role
from twin.chance import Chance
from twin.facts import Change, Facts
from twin.kernels import demography as kernel
from twin.kernels.chance import bits
from twin.kernels.matching import match, match_plain
from twin.processes.demography import arriving, by_age, expected, leaving, leslie
from twin.processes.demography.places import Places, Ring, housing_lift
from twin.processes.demography.rates import (
    NEVER_TOGETHER,
    AsOf,
    Event,
    death_hazard,
    fertility,
    monthly_chances,
)
from twin.units import month_number

TODAY = AsOf(FACTS, date(2020, 10, 1))


@pytest.fixture(scope="module")
def lived():
    """Twelve months of ten thousand people."""
    return StandIn(fraction=0.01).run(12)


# --- rates


@pytest.mark.parametrize(("sex", "at_birth", "at_65"), [(0, 81.56, 19.97), (1, 87.71, 24.88)])
def test_life_expectancy_is_that_of_japan_in_2020(sex, at_birth, at_65):
    hazard = death_hazard(TODAY, 2020)[sex] / TODAY.fact("demography.deaths.level")
    survives = np.exp(-np.concatenate([[0], np.cumsum(hazard)]))
    years = (survives[:-1] - survives[1:]) / hazard
    assert years.sum() == pytest.approx(at_birth, abs=0.02)
    assert years[65:].sum() / survives[65] == pytest.approx(at_65, abs=0.02)


def test_births_add_up_to_total_fertility_between_15_and_49():
    births = fertility(TODAY)
    assert births.sum() == pytest.approx(TODAY.fact("demography.births.total_fertility"))
    assert births[:15].sum() == births[50:].sum() == 0
    assert abs(int(births.argmax()) - 31) <= 1


def test_births_do_not_jump_where_the_fitted_years_end():
    """From the last fitted year on the rate follows the nation's medium path, scaled by the city over it in 2021."""
    path = FACTS["demography.births.total_fertility"].values
    later = [(since.year, value) for since, value in path if since.year >= 2021]
    for year, value in later:
        nation = 1.30 + (1.36 - 1.30) * (year - 2021) / (2070 - 2021)
        assert value == pytest.approx(nation * 1.12 / 1.30, abs=0.005)
    assert max(b / a - 1 for (_, a), (_, b) in pairwise(later)) < 0.01


def test_every_chance_is_a_chance():
    for month in range(month_number(date(2021, 1, 1)), month_number(date(2022, 1, 1))):
        chance = monthly_chances(TODAY, month)
        assert ((chance >= 0) & (chance <= 1)).all()


# --- V-30: Leslie


def test_leslie_three_groups():
    people, stays, bears = np.full(3, 100.0), np.array([0.95, 0.8, 0.4]), np.array([0, 0.6, 0.3])
    seen = []
    for _ in range(200):
        before, people = people, leslie(people, stays, bears)
        seen.append(people)
    np.testing.assert_allclose(
        seen[:4],
        [(90, 95, 120), (93, 85.5, 124), (88.5, 88.35, 118), (88.41, 84.075, 117.88)],
        rtol=1e-12,
    )
    assert people.sum() / before.sum() == pytest.approx(0.981025, abs=1e-6)


def test_process_follows_its_expectation():
    """Flows and people by age, mean of several seeds, within 4 standard errors."""
    months, seeds, fraction = 9, 5, 0.01
    runs = [
        StandIn(seed=seed, fraction=fraction, day=date(2020, 10, 1), off=("demography.housing_shocks",))
        for seed in range(seeds)
    ]
    first = runs[0]
    season = first.table("demography.season")
    mean_arrivals = arriving(first, first.month, fraction) / season["10"]
    start, leaves, path = by_age(first), leaving(first), None
    births = deaths = departures = arrivals = 0.0
    people = start
    for step in range(months):  # arrivals have a season, so one month at a time
        month = first.month + step
        path = expected(first, month, people, leaves, 1, mean_arrivals * season[str(month % 12 + 1)])
        people = path.people
        births, deaths = births + path.births[0], deaths + path.deaths[0]
        departures, arrivals = departures + path.departures[0], arrivals + path.arrivals[0]
    for run in runs:
        run.run(months)
    for name, want in (("births", births), ("deaths", deaths), ("arrivals", arrivals)):
        got = np.mean([run.total(name) for run in runs])
        assert abs(got - want) < 4 * np.sqrt(want / seeds) + 1, (name, got, want)
    got = np.mean([run.total("departures") for run in runs])
    assert abs(got - departures) < 4 * np.sqrt(2.5 * departures / seeds), (
        got,
        departures,
    )  # households go together
    groups = np.arange(people.shape[1]) // 120
    for sex in (0, 1):
        want = np.bincount(groups, people[sex])
        got = np.mean([np.bincount(groups, by_age(run)[sex]) for run in runs], axis=0)
        assert (np.abs(got - want) < 4 * np.sqrt(3 * want / seeds) + 3).all()


# --- V-31: balance


def test_balance_every_month_and_area():
    model = StandIn(fraction=0.02, seed=5)
    for _ in range(8):
        before = model.people_by_area()
        model.run(1)
        flow = model.flows[-1]
        get = lambda name: flow.get(name, np.zeros(len(before), int))  # noqa: E731, B023
        after = before + get("births") - get("deaths") + get("arrivals") - get("departures")
        np.testing.assert_array_equal(model.people_by_area(), after + get("moved_in") - get("moved_out"))
        assert get("moved_in").sum() == get("moved_out").sum()
    assert all(model.total(n) > 0 for n in ("births", "deaths", "arrivals", "departures", "moved_in"))


# --- households


def check_households(model):
    people, homes = model.citizens, model.households
    here = people.here
    general = here & ~homes.institution[people.household]
    heads = np.bincount(people.household[general & (people.role == Role.HEAD)], minlength=homes.rows)
    lived_in = np.bincount(people.household[general], minlength=homes.rows) > 0
    assert (heads[lived_in] == 1).all()
    partners = np.bincount(people.household[general & (people.role == Role.PARTNER)], minlength=homes.rows)
    assert partners.max() <= 1
    assert (people.role[here & homes.institution[people.household]] == Role.INMATE).all()
    np.testing.assert_array_equal(people.town[here], homes.town[people.household[here]])
    np.testing.assert_array_equal(people.area[here], model.city.towns.area[people.town[here]])
    age = (model.month - people.born.astype(int)) // 12
    adults = np.bincount(people.household[general & (age >= 15)], minlength=homes.rows)
    assert (adults[lived_in] > 0).all()
    assert len(np.unique(people.id)) == people.rows
    assert len(np.unique(homes.id)) == homes.rows
    model.state.check()


def test_households_stay_whole_every_month():
    model = StandIn(fraction=0.01, seed=2)
    check_households(model)
    for _ in range(12):
        model.run(1)
        check_households(model)


def test_orphans_join_another_household():
    model = StandIn(fraction=0.005, seed=4)
    people = model.citizens
    age = (model.month - people.born.astype(int)) // 12
    child = np.flatnonzero((people.role == Role.CHILD) & (age < 15))[0]
    home = people.household[child]
    adults = np.flatnonzero((people.household == home) & (age >= 18))
    with model.state.writing_all():
        people.born[adults] = model.month - 12 * 119
        people.role[child] = Role.CHILD
    deadly = [Change("demography.deaths.at_65", 0.03, date(1900, 1, 1), label=s) for s in ("male", "female")]
    model.facts = FACTS.changed(deadly)
    for _ in range(6):
        model.run(1)
        check_households(model)
    assert not people.here[adults].any()
    assert people.household[child] != home or not people.here[child]


def test_children_start_school_and_the_old_stop_working(lived):
    people, age = lived.citizens, (lived.month - lived.citizens.born.astype(int)) // 12
    school_age = people.here & (age >= 8) & (age <= 14)
    assert (people.day[school_age] == Day.SCHOOL).all()
    old = people.here & (age >= 96)
    assert not np.isin(people.day[old], (Day.WORK_IN_CITY, Day.WORK_OUTSIDE)).all()
    in_city = people.here & (people.day == Day.WORK_IN_CITY)
    assert in_city.any()
    np.testing.assert_array_equal(in_city, people.here & (people.work >= 0))
    workers = kernel.workers(people.work, people.here, lived.businesses.rows)
    assert (workers <= lived.businesses.employees).all()


# --- kernels


def test_kernels_equal_their_plain_twins():
    model = StandIn(fraction=0.01)
    people = model.citizens
    share = monthly_chances(model, model.month) * 3
    np.minimum(share, 1, out=share)
    factor = np.linspace(0.5, 1.5, len(model.city.areas.code))[:, None]
    column_of = np.where(np.arange(share.shape[-1]) % 3 == 1, 0, -1)
    look, *keys = (model.chance.key("key", k) for k in range(1 + share.shape[-1]))
    keys = np.array(keys)
    field_of = np.array([next(f for f, row in enumerate(NEVER_TOGETHER) if e in row) for e in Event])
    bits_of, masks = kernel.sieves(share, factor, column_of, field_of)
    for one, other in zip(
        kernel.sieves_plain(share, factor, column_of, field_of), (bits_of, masks), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    shared = (field_of, factor, column_of, people.id, people.here)
    rest = (people.sex, people.role, people.day, people.area)
    age = (model.month - people.born.astype(int)) // 12
    plain, fast = (
        kernel.happen_plain(look, keys, share, bits_of, *shared, age, *rest),
        kernel.happen(look, keys, share, bits_of, masks, *shared, people.born, model.month, *rest),
    )
    assert len(plain[0]) > 100
    for one, other in zip(plain, fast, strict=True):
        np.testing.assert_array_equal(one, other)
    marked = bits(np.uint64(1), np.arange(model.households.rows)) % np.uint64(3) == 0
    np.testing.assert_array_equal(
        kernel.members_plain(marked, people.household, people.here, *plain),
        kernel.members(marked, people.household, people.here, *plain),
    )
    work = (people.id % np.uint64(7)).astype(np.int32) - 1
    np.testing.assert_array_equal(
        kernel.workers_plain(work, people.here, 9), kernel.workers(work, people.here, 9)
    )


def test_sieved_events_happen_with_their_chance_and_independently():
    n, chance = 1_000_000, np.array([0.0, 1e-5, 0.003, 0.3, 1.0, 0.05, 0.5])
    share = np.broadcast_to(chance, (1, 1, 1, 1, 7)).copy()
    zero, one = np.zeros(n, np.uint8), np.ones((1, 1))
    look, *keys = (Chance(9).key("key", k) for k in range(8))
    column_of, field_of = np.full(7, -1), np.arange(7)
    bits_of, masks = kernel.sieves(share, one, column_of, field_of)
    rest = (np.zeros(n, np.int16), 0, zero, zero, zero, zero)
    rows, what = kernel.happen(
        look, np.array(keys), share, bits_of, masks, field_of, one, column_of,
        np.arange(n, dtype=np.uint64), np.ones(n, bool), *rest,
    )  # fmt: skip
    happens = (what[:, None] >> np.arange(7)) & 1
    together = happens.T.astype(np.int64) @ happens
    both = np.outer(chance, chance)
    both[np.diag_indices(7)] = chance
    spread = np.sqrt(n * both * (1 - both)) + 1e-9
    assert (np.abs(together - n * both) <= 4.5 * spread + 1).all()
    assert len(rows) == n


def test_a_changed_chance_changes_no_other_event():
    """Fertility ten times as high moves its own sieve and leaves every other event of everyone as it was."""
    base, more = StandIn(fraction=0.01), StandIn(fraction=0.01)
    more.facts = _scaled(FACTS, "demography.births.total_fertility", 10.0)
    (rows, what), (more_rows, more_what) = (m.process.events(m) for m in (base, more))
    without = ~np.uint16(1 << Event.BIRTH)
    same = [dict(zip(r[w & without > 0], (w & without)[w & without > 0], strict=True)) for r, w in
            ((rows, what), (more_rows, more_what))]  # fmt: skip
    assert same[0] == same[1]
    born = [set(r[(w >> Event.BIRTH) & 1 > 0]) for r, w in ((rows, what), (more_rows, more_what))]
    assert len(born[1]) > 5 * len(born[0])


def test_events_that_share_a_stretch_never_meet():
    for month in range(month_number(date(2021, 1, 1)), month_number(date(2022, 1, 1))):
        possible = monthly_chances(TODAY, month) > 0
        for row in NEVER_TOGETHER:
            assert possible[..., list(row)].sum(axis=-1).max() <= 1
    assert sorted(e for row in NEVER_TOGETHER for e in row) == list(Event)
    assert len(NEVER_TOGETHER) <= kernel.FIELDS


# --- choices that last


def test_one_candidate_more_changes_only_choices_that_land_on_it():
    word = Chance(1).order("x", 0, np.arange(300))
    kind, want, point = np.arange(300) % 7, np.arange(200) % 7, Chance(2).order("y", 0, np.arange(200))
    with_all, without = Ring(kind, word).pick(want, point), Ring(kind[:-1], word[:-1]).pick(want, point)
    same = with_all == without
    assert (with_all[~same] == 299).all()
    assert 0 < (~same).sum() < 10


def test_matching_does_not_depend_on_the_order_of_seekers():
    first, point = np.arange(60) * 7 % 40, Chance(2).order("w", 0, np.arange(60))
    same = np.full(60, 30), np.full(40, 30), 5.0, np.arange(60), np.arange(100, 140)
    plain = match(first, point, *same)
    assert sorted(plain[plain >= 0]) == list(range(40))
    shuffled = np.argsort(point)
    np.testing.assert_array_equal(match(first[shuffled], point[shuffled], *same), plain[shuffled])


@pytest.mark.parametrize("seed", range(20))
def test_matching_equals_its_plain_twin(seed):
    draw = lambda what, n, below: (below * Chance(seed).uniform(what, 0, np.arange(n))).astype(np.int64)  # noqa: E731
    seekers, candidates = int(1 + 60 * seed / 20), 40
    point = Chance(seed).order("point", 0, np.arange(seekers))
    given = (draw("first", seekers, candidates), point, draw("wanted", seekers, 12), np.arange(candidates) // 4, 3.0,
             draw("home", seekers, 50), draw("home of", candidates, 50))  # fmt: skip
    of = match(*given)
    np.testing.assert_array_equal(of, match_plain(*given))
    assert (of >= 0).any() or seekers < 3


def test_one_more_person_changes_only_what_it_touches():
    """A hermit added to the city: everybody else's year is the same but for the few it meets."""

    def year(extra):
        model = StandIn(fraction=0.005, seed=8, day=date(2020, 5, 1))
        if extra:
            with model.state.writing_all():
                row, home = model.citizens.append(1), model.households.append(1)
                model.households.id[home] = 10**9
                model.citizens.id[row], model.citizens.here[row], model.citizens.born[row] = (
                    10**9,
                    True,
                    model.month - 400,
                )
                model.citizens.household[row], model.citizens.sex[row] = home.start, 0
        model.run(10)
        people = model.citizens
        return {int(i): (bool(h), int(t), int(r), int(d)) for i, h, t, r, d in zip(
            people.id, people.here, people.town, people.role, people.day, strict=True)}  # fmt: skip

    alone, visited = year(False), year(True)
    assert len(visited) >= len(alone) + 1
    differs = [i for i in alone if alone[i] != visited[i]]
    assert len(differs) <= 5


# --- scenarios


def test_no_hazards_only_ageing():
    """V-13: with every hazard at 0 nobody comes, goes, dies or is born."""
    model = StandIn(fraction=0.003)
    model.facts = _quiet(FACTS)
    before, ids = by_age(model), model.citizens.id.copy()
    model.run(6)
    assert not any(model.total(n) for n in ("births", "deaths", "arrivals", "departures", "moved_in"))
    np.testing.assert_array_equal(model.citizens.id, ids)
    after = by_age(model)
    np.testing.assert_array_equal(after[:, 6:-1], before[:, :-7])


QUIET = {
    "deaths": "at_65 background first_year",
    "births": "total_fertility",
    "departures": "household alone",
    "arrivals": "level",
    "moves": "household",
    "households": "leave_home leave_institution unions separations care",
}


def _scaled(facts, key, factor):
    """Facts with one number multiplied, past the ranges a scenario may use."""
    fact = facts[key]
    values = tuple((since, value * factor) for since, value in fact.values)
    return Facts((dict(facts) | {key: replace(fact, values=values)}).values())


def _quiet(facts):
    """Facts without any event, past the ranges a scenario may use."""
    quiet = dict(facts)
    for group, names in QUIET.items():
        for name in names.split():
            fact = facts[f"demography.{group}.{name}"]
            value = fact.values[-1][1]
            zero = dict.fromkeys(value, 0.0) if isinstance(value, dict) else 0.0
            quiet[fact.key] = replace(fact, values=((date.min, zero),))
    return Facts(quiet.values())


def test_housing_shocks_can_be_switched_off_and_leave_the_city_total(lived):
    codes, month = lived.city.wards.code, lived.month
    lifts = np.array([housing_lift(lived, Chance(seed), codes, month) for seed in range(400)])
    expect = (
        lived.fact("demography.housing.projects")
        / 12
        * lived.fact("demography.housing.months")
        * lived.fact("demography.housing.size")
    )
    assert lifts.mean() == pytest.approx(expect, rel=0.1)
    calm = StandIn(fraction=0.01, off=("demography.housing_shocks",)).run(12)
    assert abs(calm.total("arrivals") - lived.total("arrivals")) < 40
    assert not np.array_equal(calm.people_by_ward(), lived.people_by_ward())


def test_arrivals_scale_with_the_lever_and_the_fraction():
    more = StandIn(fraction=0.01)
    more.facts = FACTS.changed([Change("demography.arrivals.level", 1.5, date(1900, 1, 1))])
    base, small = StandIn(fraction=0.01).run(6), StandIn(fraction=0.002).run(6)
    assert more.run(6).total("arrivals") == pytest.approx(1.5 * base.total("arrivals"), rel=0.15)
    assert small.total("arrivals") == pytest.approx(base.total("arrivals") / 5, rel=0.35)


# --- V-42, V-44: threads and seeds


def _state(model):
    return b"".join(a.tobytes() for _, a in sorted(model.state.arrays().items()))


def test_same_seed_same_bytes_any_threads():
    import numba

    first = _state(StandIn(fraction=0.01, seed=3).run(4))
    numba.set_num_threads(1)
    try:
        assert _state(StandIn(fraction=0.01, seed=3).run(4)) == first
    finally:
        numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)
    assert _state(StandIn(fraction=0.01, seed=4).run(4)) != first


def test_restart_gives_the_same_bytes():
    straight, first = StandIn(fraction=0.005, seed=3).run(9), StandIn(fraction=0.005, seed=3).run(4)
    again = StandIn(fraction=0.005, seed=3)
    again.state.restore({key: values.copy() for key, values in first.state.arrays().items()})
    again.process.remember(first.process.memory())
    again.month = first.month
    assert _state(again.run(5)) == _state(straight)


def test_places_draw_by_pull_and_distance(lived):
    city = lived.city
    places = Places(city, np.array([5.0, 1, 1, 1, 1, 1]), 3000.0)
    draws = Chance(1).uniform("x", 0, np.arange(20_000)), Chance(1).uniform("y", 0, np.arange(20_000))
    towns = places.from_area(np.full(20_000, 4), *draws)
    ward = np.bincount(city.towns.ward[towns], minlength=6)
    assert ward[1] > ward[4]  # near before far
    assert set(np.unique(city.towns.ward[places.in_ward(np.full(500, 2), draws[0][:500])])) == {2}


def test_events_have_their_own_purposes():
    assert len({event.purpose for event in Event}) == len(Event)
