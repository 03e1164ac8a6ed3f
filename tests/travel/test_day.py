"""A solved day on a street of four towns: every trip kept, prices answered, waits and refusals of rides on demand."""

from datetime import date

import numpy as np
import pytest

from tests.travel.small import DAY, ROUND, line, ways
from twin.chance import Chance
from twin.facts import Change, Facts
from twin.travel.choice import MODES
from twin.travel.day import Offer, OnDemand, solve_day
from twin.travel.demand import PURPOSES, Pull, Travellers, tours_of
from twin.travel.outcome import access, bundle_gain, by_trip, car_gain, totals, trips
from twin.travel.skims import by_road

PEOPLE = 6000
RAIL, DRIVE, ON_DEMAND = (MODES.index(mode) for mode in ("rail", "drive", "on_demand"))


@pytest.fixture(scope="module")
def world():
    """Six thousand people, a railway along the street, nothing outside."""
    facts = Facts.read().changed([Change(key, value, since=date.min) for key, value in ROUND.items()])
    nobody = dict.fromkeys(facts.table("trips.outside", DAY), 0.0)
    facts = facts.changed([Change("trips.outside", nobody, since=date.min)])
    chance, ids = Chance(3), np.arange(PEOPLE, dtype="u8")
    made = ways(line("1", [0, 1, 2, 3], [3.0, 3, 3], 10), line("1'", [3, 2, 1, 0], [3.0, 3, 3], 10))
    age = 20 + ids.astype(int) % 60
    drives = (ids % 3 != 0) & (age < 75)
    who = Travellers(
        ids, ids.astype(int) % 4, age, np.where(age < 65, 1, 0), np.full(PEOPLE, -1), np.zeros(PEOPLE), drives,
        ids % 2 == 0, ids % 5 != 0, np.zeros(PEOPLE, bool), np.zeros(PEOPLE, bool),
    )  # fmt: skip
    pull = Pull(dict.fromkeys(PURPOSES, np.array([1.0, 2, 3, 4])), np.zeros(4))
    km = by_road(made, made.streets.minutes)["drive"].km
    return made, tours_of(who, pull, made.zones, km, facts, DAY, chance), facts, chance


NOTHING = Offer()


def day(world, offer=NOTHING):
    made, tours, facts, chance = world
    return solve_day(made, tours, offer, facts, DAY, chance)


@pytest.fixture(scope="module")
def base(world):
    return day(world)


def test_every_trip_is_kept(world, base):
    tours = world[1]
    assert len(base.mode) == len(tours.person)
    assert base.share.sum(axis=0) == pytest.approx(1, abs=1e-12)
    assert (base.share * base.cells.tours).sum() == pytest.approx(len(tours.person))
    table = base.cells.table(base.cells.tours, 4)
    assert table.tolist() == np.bincount(tours.origin * 4 + tours.target, minlength=16).reshape(4, 4).tolist()
    made = trips(base, tours.purpose, len(PURPOSES))
    assert made.sum(axis=0).tolist() == (2 * np.bincount(tours.purpose, minlength=len(PURPOSES))).tolist()


def test_it_has_come_to_rest(base):
    assert base.gaps[-1] < 1e-4
    assert len(base.gaps) <= 200
    assert base.roads.gap <= 1e-4
    assert base.roads.minutes.max() > 4.0  # the street takes longer than when empty


def test_nobody_drives_or_cycles_without(world, base):
    tours = world[1]
    who, mode = tours.travellers, base.mode
    assert who.drives[tours.person[mode == DRIVE]].all()
    assert who.lift[tours.person[mode == MODES.index("passenger")]].all()
    assert who.bike[tours.person[mode == MODES.index("bike")]].all()
    assert not (mode == ON_DEMAND).any()


def test_persons_choose_as_the_shares_say(base):
    drawn = np.bincount(base.mode, minlength=len(MODES)) / len(base.mode)
    expected = (base.share * base.cells.residents).sum(axis=1) / base.cells.residents.sum()
    assert drawn == pytest.approx(expected, abs=4.5 * 0.5 / len(base.mode) ** 0.5)


def test_a_higher_fare_for_rail_takes_riders_from_rail_and_sends_them_to_the_car(world, base):
    dear = day(world, Offer(fare={"rail": 2.0}))
    before, after = ((d.share * d.cells.tours).sum(axis=1) for d in (base, dear))
    assert after[RAIL] < 0.98 * before[RAIL]
    assert after[DRIVE] > before[DRIVE]


def test_the_same_inputs_give_the_same_day(world, base):
    again = day(world)
    assert again.mode.tobytes() == base.mode.tobytes()
    assert again.share.tobytes() == base.share.tobytes()


def test_rides_on_demand_wait_and_hold_what_the_fleet_can_carry(world, base):
    few, many = (
        day(world, Offer((OnDemand("test", np.array([True, True, False, False]), count, 300.0, 12.0),))) for count in (3, 30)
    )  # fmt: skip
    tours = world[1]
    for found in (few, many):
        mine = found.mode == ON_DEMAND
        assert mine.any()
        assert (tours.origin[mine] < 2).all()
        assert (tours.target[mine] < 2).all()
        service = found.served[0]
        assert service.service.load < 1
        assert service.refused == 0
        asked = 2 * (found.share[ON_DEMAND] * found.cells.tours).sum()
        assert service.requests == pytest.approx(asked, rel=0.01)
    assert many.served[0].requests > few.served[0].requests
    assert many.served[0].service.wait < few.served[0].service.wait
    assert (many.logsum >= base.logsum - 0.02).all()


def test_a_bundle_and_a_car_are_worth_something_to_those_who_use_them(world, base):
    gain, car = bundle_gain(base, {"rail": 1.0}), car_gain(base)
    going = np.bincount(world[1].person, minlength=PEOPLE) > 0
    assert (gain >= -1e-9).all()
    assert gain[~going].max() == 0
    assert gain.mean() > 0
    who = world[1].travellers
    assert car[~who.drives].max() == 0
    assert car[who.drives & going].min() > 0


def test_sums_by_mode(world, base):
    sums = totals(base, world[2], DAY)
    walk, taxi = MODES.index("walk"), MODES.index("taxi")
    assert sums["trips"].sum() == 2 * len(base.mode)
    assert sums["yen"][walk] == 0
    assert sums["CO2"][walk] == 0
    assert sums["minutes"][walk] > 0
    assert sums["CO2"][DRIVE] == pytest.approx(sums["vehicle_km"][DRIVE] * 0.166)
    assert sums["vehicle_km"][taxi] == pytest.approx(1.5 * sums["person_km"][taxi])
    assert (by_trip(base, "minutes") > 0).all()
    assert np.isfinite(access(base, world[1].origin, 4)).all()
