"""Tours: who goes, where to, and that scenarios move only those they concern."""

from dataclasses import replace

import numpy as np
import pytest

from twin.errors import InputError
from twin.travel.demand import PURPOSES, gravity, kinds, tours_of
from twin.travel.skims import by_road
from twin.travel.zones import TOWN
from twin.verification.travel import town_of_travellers


@pytest.fixture(scope="module")
def town():
    """A hundredth of the city."""
    return town_of_travellers(0.01)


def drawn(town, /, **changes):
    km = by_road(town.ways, town.ways.streets.minutes)["drive"].km
    who = replace(town.travellers, **changes)
    return tours_of(who, town.pull, town.ways.zones, km, town.facts, town.on, town.chance)


def named(tours):
    """Each tour by person, purpose and place."""
    return set(zip(tours.person.tolist(), tours.purpose.tolist(), tours.target.tolist(), strict=True))


def test_gravity_keeps_both_constraints():
    km = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))
    out, size = np.array([10.0, 0, 30, 20, 40]), np.array([1.0, 2, 0, 4, 3])
    flows = gravity(out, size, km, 2.0)
    assert flows.sum(axis=1) == pytest.approx(out, abs=1e-3)
    assert flows.sum(axis=0) == pytest.approx(size * 10, abs=1e-3)
    odds = flows[0, 0] * flows[2, 3] / (flows[0, 3] * flows[2, 0])
    assert odds == pytest.approx(np.exp(-(km[0, 0] + km[2, 3] - km[0, 3] - km[2, 0]) / 2.0))


def test_gravity_refuses_people_without_a_place():
    with pytest.raises(InputError):
        gravity(np.ones(2), np.zeros(2), np.ones((2, 2)), 1.0)


def test_tours_begin_at_home_and_end_at_the_place_held(town):
    tours = drawn(town)
    who, work = town.travellers, tours.purpose == PURPOSES.index("work")
    assert (tours.origin == who.town[tours.person]).all()
    held = who.place[tours.person]
    known = work & (held >= 0)
    assert known.any()
    assert (tours.target[known] == held[known]).all()
    outside = work & (who.does[tours.person] == 2)
    assert outside.any()
    assert (town.ways.zones.kind[tours.target[outside]] != TOWN).all()
    assert len(np.unique(tours.person * 100 + tours.purpose)) == len(tours.person)
    assert not np.isin(tours.person, np.flatnonzero(who.cared)).any()


def test_trips_a_person_are_near_the_survey(town):
    tours = drawn(town)
    trips = 2 * len(tours.person) / len(town.travellers.id)
    assert trips == pytest.approx(town.facts.number("trips.target.trips", town.on), abs=0.1)


def test_telework_takes_away_commutes_and_moves_nothing_else(town):
    before, after = drawn(town), drawn(town, telework=np.full(len(town.travellers.id), 0.4))
    gone = named(before) - named(after)
    assert named(after) < named(before)
    assert {purpose for _, purpose, _ in gone} == {PURPOSES.index("work")}
    commutes = (before.purpose == PURPOSES.index("work")).sum()
    assert len(gone) / commutes == pytest.approx(0.4, abs=4 * (0.24 / commutes) ** 0.5)


def test_shopping_online_takes_away_shopping(town):
    before, after = drawn(town), drawn(town, replaced={"shopping": 0.3})
    shopping = PURPOSES.index("shopping")
    assert (after.purpose == shopping).sum() < (before.purpose == shopping).sum()
    others = {tour for tour in named(before) if tour[1] != shopping}
    assert {tour for tour in named(after) if tour[1] != shopping} == others


def test_kinds_by_age_and_day(town):
    kind = kinds(town.travellers)
    assert set(kind[town.travellers.age < 5].tolist()) == {0}


def test_shares_that_cannot_be_are_refused(town):
    with pytest.raises(InputError):
        drawn(town, telework=np.full(len(town.travellers.id), 1.5))
    with pytest.raises(InputError):
        drawn(town, town=np.full(len(town.travellers.id), 9999))
