"""Getting around month by month: licences, cars, subscriptions, supply, and what others feel of it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.processes.paired import AFTER
from twin.facts import Change, Facts
from twin.kernels.hazards import UNAWARE
from twin.processes.mobility import drivers, subscribing
from twin.processes.mobility.drivers import HOLDS, NONE
from twin.processes.mobility.offered import moved, offered, residents
from twin.processes.rates import EGOV
from twin.travel.choice import MODES
from twin.verification.engine import fingerprint
from twin.verification.mobility import FRACTION, moving_city
from twin.verification.worlds import with_values

MAKUHARI, KOTEHASHI = "12106A02", "12102A10"


def process(model):
    return next(p for p in model.processes if p.name == "mobility")


def in_area(fact, values):
    return [Change(fact, value, since=AFTER, label=code) for code, value in values.items()]


@cache
def begun():
    """The city of the census, no month lived; only looked at."""
    return moving_city()


# -- licences and cars ----------------------------------------------------------------------------


def test_licences_of_the_census_are_those_of_age_and_sex():
    model = begun()
    people, licence = model.citizens, process(model).licence
    age = drivers.ages(model, slice(None))
    assert not (licence[age < 17] == HOLDS).any()
    for sex, name in enumerate(("men", "women")):
        grown = (age >= 18) & (people.sex == sex)
        wanted = model.curve(f"mobility.licence_{name}", age[grown])
        sure = 4.5 * np.sqrt((wanted * (1 - wanted)).sum()) / grown.sum()
        assert (licence[grown] == HOLDS).mean() == pytest.approx(wanted.mean(), abs=sure)


def test_cars_are_as_many_as_the_fact_says_more_of_them_far_from_stations_and_only_with_a_licence():
    model = begun()
    holds, car = process(model).licence == HOLDS, process(model).car
    assert not car[~holds].any()
    assert car[holds].mean() == pytest.approx(0.6, abs=4.5 * (0.24 / holds.sum()) ** 0.5)
    towns, stations = model.city.towns, model.city.stations
    away = np.hypot(towns.x[:, None] - stations.x, towns.y[:, None] - stations.y).min(axis=1)
    far = away[model.citizens.town] > 1500
    assert car[holds & far].mean() > car[holds & ~far].mean() + 0.05


def test_a_year_of_licences_follows_the_rates():
    model = begun()
    licence, age = process(model).licence, drivers.ages(model, slice(None))
    gets, returns = drivers.licences_in_a_year(model, licence)
    assert (licence[gets] == NONE).all()
    assert (licence[returns] == HOLDS).all()
    assert age[gets].max() < 45
    assert age[returns].min() >= 60
    chance = 1 - np.exp(-model.curve("mobility.returned", age[licence == HOLDS]))
    assert len(returns) == pytest.approx(chance.sum(), abs=4.5 * chance.sum() ** 0.5)


def test_at_rest_as_many_cars_are_bought_as_given_up():
    """Under 65, without gain or licences returned: twenty years of rates leave the share where it was."""
    model = begun()
    holds, car = process(model).licence == HOLDS, process(model).car
    none, nothing = np.zeros(0, int), np.zeros(model.citizens.rows)
    lost, bought = drivers.cars_in_a_year(
        model, car, process(model).licence, none, nothing, process(model).car_level
    )
    assert car[lost].all()
    assert (holds & ~car)[bought].all()
    young = drivers.ages(model, slice(None)) < 65
    expected = model.fact("travel.car.rate") * (car & young).sum()
    for rows in (lost, bought):
        assert young[rows].sum() == pytest.approx(expected, abs=4.5 * expected**0.5)


def test_gain_and_a_returned_licence_make_people_give_up_their_car():
    model = begun()
    car, licence = process(model).car, process(model).licence
    have, nothing = np.flatnonzero(car), np.zeros(model.citizens.rows)
    year = lambda returned, gain: set(  # noqa: E731
        drivers.cars_in_a_year(model, car, licence, returned, gain, 0.0)[0].tolist()
    )
    plain = year(have[:0], nothing)
    gained, returned = year(have[:0], nothing + 8000), year(have, nothing)
    assert plain < gained
    assert len(returned) == pytest.approx(0.78 * len(have), rel=0.05)


# -- subscriptions --------------------------------------------------------------------------------


def test_at_the_fee_of_the_survey_as_many_subscribe_as_expected():
    """Everybody can and thinks it over; nobody around subscribes yet but the share the level reckons with."""
    model = moving_city(
        facts=with_values(Facts.read(), {"mobility.review": 1.0, "travel.subscription.peers": 0.0})
    )
    gain = 20_000 * model.chance.uniform("test", 0, model.citizens.id)
    can = subscribing.reached(model, np.ones(len(model.areas)))
    nobody = np.zeros(model.citizens.rows, bool)
    found = subscribing.decide(model, can, nobody, gain, subscribing.level(model, gain))
    assert found[can].mean() == pytest.approx(0.055, abs=4.5 * (0.055 * 0.945 / can.sum()) ** 0.5)
    assert gain[found].mean() > gain[can].mean() + 1000


def test_who_subscribes_at_a_fee_does_at_a_lower_one_and_nobody_without_an_offer():
    gain = lambda model: 20_000 * model.chance.uniform("test", 0, model.citizens.id)  # noqa: E731
    found = {}
    for fee in (4000.0, 8000.0):
        model = moving_city(
            facts=with_values(Facts.read(), {"mobility.review": 1.0, "travel.subscription.fee": fee})
        )
        nobody = np.zeros(model.citizens.rows, bool)
        open_to = np.zeros(len(model.areas))
        open_to[3], open_to[4] = 1.0, 0.5
        can = subscribing.reached(model, open_to)
        found[fee] = subscribing.decide(model, can, nobody, gain(model), -1.0)
        assert not found[fee][~np.isin(model.citizens.area, (3, 4))].any()
        half = can[(model.citizens.area == 4) & (drivers.ages(model, slice(None)) >= 15)]
        assert half.mean() == pytest.approx(0.5, abs=4.5 * 0.5 / len(half) ** 0.5)
    assert (found[8000.0] <= found[4000.0]).all()
    assert found[4000.0].sum() > found[8000.0].sum()


def test_peers_are_counted_as_the_adoption_kernel_counts_them():
    from twin.kernels.adoption import HERE_BIT, at_home_plain, peers_plain
    from twin.network.circles import LABELS

    model = begun()
    people, ties = model.citizens, model.ties
    flag = people.here & (model.chance.uniform("test", 0, people.id) < 0.3)
    seen = (flag.astype(np.uint32) | (people.here.astype(np.uint32) << HERE_BIT)).astype(np.uint32)
    home = at_home_plain(seen, people.household, model.households.rows, 1)
    weight = np.array([model.table("ties.weight")[label] for label in LABELS], np.int64)
    users, known_ties = peers_plain(
        seen, people.household, home, ties.start, ties.other, ties.layer, weight, 0
    )
    rows = np.flatnonzero(people.here)[::7]
    wanted = np.divide(users[rows], known_ties[rows], out=np.zeros(len(rows)), where=known_ties[rows] > 0)
    np.testing.assert_array_equal(subscribing._around(model, rows, flag), wanted)


# -- supply ---------------------------------------------------------------------------------------


def test_the_supply_is_what_the_facts_say_and_live_services_make_of_it():
    changes = in_area("mobility.vehicles", {MAKUHARI: 8.0}) + in_area("mobility.bundle", {KOTEHASHI: 1.0})
    model = moving_city(
        months=1, changes=[*changes, Change("services.live", 0.5, since=AFTER, label="on_demand_transport")]
    )
    rows = [model.city.areas.code.index(code) for code in (MAKUHARI, KOTEHASHI)]
    people = model.census.people.sum(axis=1) / FRACTION
    np.testing.assert_array_equal(residents(model), people)
    now = offered(model, people)
    of_service = np.floor(0.5 * people / 4000)
    assert now.vehicles[rows[0]] == max(8, of_service[rows[0]])
    assert now.vehicles[rows[1]] == of_service[rows[1]] > 0
    assert now.bundle[rows[1]] == 1.0
    assert now.bundle.sum() == 1.0
    off = moving_city(months=1, off=("mobility.services",))
    assert offered(off, people).vehicles.sum() == 0


def test_what_has_changed_by_how_much():
    assert moved(np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0
    assert moved(np.array([1.0, 2.04]), np.array([1.0, 2.0])) == pytest.approx(0.04 / 2.04)
    assert moved(np.array([0.0, 5.0]), np.array([0.1, 5.0])) == 1.0


# -- days -----------------------------------------------------------------------------------------


def served(changes=(), months=2, **asked):
    """A city with 8 vehicles in one area and 3 in another from the second month on."""
    fleets = in_area("mobility.vehicles", {MAKUHARI: 8.0, KOTEHASHI: 3.0})
    return moving_city(months=months, changes=[*fleets, *changes], **asked)


def test_a_day_is_solved_each_october_and_when_supply_changes_by_more_than_two_per_cent(monkeypatch):
    from twin.processes.mobility import solving

    solved, solve = [], solving.solve
    monkeypatch.setattr(
        solving, "solve", lambda model, *a, **k: solved.append(model.day) or solve(model, *a, **k)
    )
    changes = [
        Change("mobility.fare", 305.0, since=AFTER.replace(year=2021, month=1)),  # 1.6 %
        Change("mobility.fare", 320.0, since=AFTER.replace(year=2021, month=2)),
    ]
    moving_city(months=13, changes=changes)
    assert [(day.year, day.month) for day in solved] == [(2020, 10), (2021, 2), (2021, 10)]


def test_trips_are_those_of_the_ages_and_shares_by_mode_those_the_constants_are_fitted_to():
    model = moving_city(months=1, fraction=0.02)
    days = process(model).days
    rate = model.table("mobility.trips")
    week = 5 / 7 + 2 / 7 * model.fact("mobility.holiday")
    np.testing.assert_allclose(
        days.trips.sum(axis=(0, 2)), week * days.people.sum(axis=0) * np.array(list(rate.values()))
    )
    assert days.people.sum() == model.census.people.sum() / 0.02
    share = days.trips.sum(axis=(0, 1)) / days.trips.sum()
    fitted = {
        "drive": 0.21,
        "passenger": 0.05,
        "taxi": 0.01,
        "rail": 0.33,
        "bus": 0.03,
        "walk": 0.23,
        "bike": 0.14,
    }
    for mode, wanted in fitted.items():
        assert share[MODES.index(mode)] == pytest.approx(wanted, abs=0.03), mode


def test_rides_are_asked_for_where_vehicles_run_and_none_is_lost():
    model = served()
    rides, rows = process(model).days.rides, [model.city.areas.code.index(c) for c in (MAKUHARI, KOTEHASHI)]
    has = process(model).supply[: len(model.areas)] > 0
    assert (rides[~has] == 0).all()
    assert (rides[rows, 0] > 0).all()
    np.testing.assert_allclose(rides[:, 0], rides[:, 1] + rides[:, 2])
    flows = {name: model.ledger.flows[name][-1] for name in ("rides_asked", "rides_served", "rides_refused")}
    np.testing.assert_array_equal(flows["rides_asked"], np.rint(rides[:, 0] * 30))
    np.testing.assert_allclose(flows["rides_served"] + flows["rides_refused"], flows["rides_asked"], atol=1)


def test_more_vehicles_serve_more_and_refuse_less():
    liked = dict(Facts.read()["mobility.constant"].values[-1][1]) | {"on_demand": 0.0}
    facts = with_values(Facts.read(), {"mobility.constant": liked})
    few, many = (
        process(served(in_area("mobility.vehicles", {MAKUHARI: n}), facts=facts)).days.rides
        for n in (2.0, 30.0)
    )
    row = city_row(MAKUHARI)
    assert many[row, 1] > few[row, 1]
    assert many[row, 2] < few[row, 2]
    assert many[row, 3] <= few[row, 3]  # both may stand at the longest wait anybody accepts


def city_row(code):
    return begun().city.areas.code.index(code)


def test_those_served_gain_and_the_more_so_the_more_there_is():
    plain, some = moving_city(months=2), served()
    for code in (MAKUHARI, KOTEHASHI):
        here = some.citizens.here & (some.citizens.area == city_row(code))
        gained = process(some).ease[here] - process(plain).ease[here]
        assert gained.mean() > 0
        assert (process(some).driven - process(plain).driven)[here].mean() < 0


@pytest.mark.slow
def test_it_is_remembered_to_the_bit():
    """Six months and eight more are the same as a restart in between."""
    plan = {
        "changes": in_area("mobility.vehicles", {MAKUHARI: 8.0}) + in_area("mobility.bundle", {MAKUHARI: 1.0})
    }
    whole, first = moving_city(months=14, **plan), moving_city(months=6, **plan)
    again = moving_city(**plan)
    again.remember(first.memory())
    again.live(8)
    assert fingerprint(again) == fingerprint(whole)


# -- what others feel of it -----------------------------------------------------------------------


def test_feelings_and_acts_move_only_as_far_as_ease_and_driving_do():
    changes = [Change("mobility.frequency", {"rail": 2.0, "bus": 2.0}, since=AFTER)]
    plain, more = moving_city(months=3), moving_city(months=3, changes=changes)
    felt = {
        m: next(p for p in m.processes if p.name == "felt").answers(m)["indicator_05"] for m in (plain, more)
    }
    ease = process(more).ease - process(plain).ease
    assert ease[more.citizens.here].mean() > 0
    np.testing.assert_allclose(felt[more] - felt[plain], 0.02 * ease, atol=1e-5)


def test_subscribers_hear_of_the_city_s_online_services():
    facts = with_values(
        Facts.read(), {"mobility.tells": 5.0, "mobility.review": 1.0, "travel.subscription.fee": 0.0}
    )
    changes = in_area("mobility.bundle", {MAKUHARI: 1.0})
    found = {
        off: moving_city(months=4, changes=changes, facts=facts, off=off)
        for off in ((), ("mobility.awareness",))
    }
    subscribed = process(found[()]).subscribed
    assert subscribed.any()
    unaware = {
        off: (m.state["citizens.adoption.stage"][subscribed, EGOV] == UNAWARE).sum()
        for off, m in found.items()
    }
    assert unaware[()] < unaware[("mobility.awareness",)]
