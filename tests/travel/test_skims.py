"""Ways between zones: by hand on a street of four towns, by an independent search and by their laws on the city."""

import numpy as np
import pytest

from tests.travel.small import DAY, facts, line, street, supply, ways
from twin.city.city import City
from twin.city.supply import supply as supply_of
from twin.facts import Facts
from twin.network.transit import MODES as BY_LINE
from twin.travel.nearest import minutes_to
from twin.travel.direct import Waiting, rides_of
from twin.travel.skim import MODES
from twin.travel.skims import by_road, skims
from twin.travel.ways import Ways
from twin.travel.zones import GATE, PLACE, Zones

WAITING = Waiting(0.5, 10.0, 2.0)


@pytest.fixture(scope="module")
def found():
    """Ways of the embedded city, in the peak of a weekday."""
    city, numbers = City.embedded(), Facts.read()
    made = Ways.of(city, supply_of(city, numbers, DAY), numbers, DAY)
    return city, made, skims(made)


def test_by_road_as_on_paper():
    skim = by_road(ways(), street().minutes)
    assert skim["walk"].walk[0, 3] == pytest.approx(6000 / 80)
    assert skim["bike"].minutes[0, 3] == pytest.approx(30 + 2)
    assert (skim["drive"].ride[0, 3], skim["drive"].walk[0, 3]) == pytest.approx((12, 4))
    assert (skim["drive"].fare[0, 3], skim["passenger"].fare[0, 3]) == pytest.approx((72, 0))
    assert (skim["taxi"].wait[0, 3], skim["taxi"].minutes[0, 3]) == pytest.approx((7, 20))
    assert skim["taxi"].fare[0, 1] == 850  # 600 yen and 0.64 km at 100 yen a 0.26 km, to the next ten


def test_within_a_town_the_way_is_that_of_two_places_at_random():
    skim = by_road(ways(), street().minutes)
    km = 0.3 * 0.9054 * 1.29
    assert skim["walk"].km[1, 1] == pytest.approx(km)
    assert skim["walk"].minutes[1, 1] == pytest.approx(km * 60 / 4.8)
    assert skim["drive"].ride[1, 1] == pytest.approx(km * 60 / 30)
    draw = np.random.default_rng(5)
    radius, angle = 300 * np.sqrt(draw.random((2, 200_000))), 2 * np.pi * draw.random((2, 200_000))
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    assert np.hypot(x[0] - x[1], y[0] - y[1]).mean() / 300 == pytest.approx(0.9054, rel=0.005)


def test_congestion_is_handed_in_as_minutes_of_street_sections():
    made = ways(line("1", [0, 3], [8.0], 10, "bus", on=[(0, 0, 1.5)]))
    free = made.streets.minutes
    slow = by_road(made, 2 * free)
    assert slow["drive"].ride[0, 3] == pytest.approx(24)
    assert slow["walk"].minutes[0, 3] == pytest.approx(75)
    rides = [
        rides_of(made.transit, minutes, "weekday", "peak", WAITING).ride[0] for minutes in (free, 2 * free)
    ]
    assert rides == pytest.approx([8 + 1.5 * 4, 8 + 1.5 * 8])


def test_a_train_as_on_paper():
    skim = skims(ways(line("1", [0, 3], [8.0], 10), line("1'", [3, 0], [8.0], 10)))["rail"]
    assert (skim.walk[0, 3], skim.wait[0, 3], skim.ride[0, 3]) == pytest.approx((4, 3, 8))
    assert (skim.transfers[0, 3], skim.fare[0, 3], skim.km[0, 3]) == pytest.approx((0, 200, 6))
    assert skim.walk[1, 3] == pytest.approx(25 + 4)  # two kilometres to the station
    assert np.isinf(skim.minutes[0, 0])
    assert skim.minutes[1, 2] == pytest.approx(
        25 + 2 + 3 + 8 + 2 + 25
    )  # back to the train, though nobody would
    assert not np.isfinite(skims(ways(line("1", [0, 3], [8.0], 10)))["rail"].minutes[3, 0])


def test_lines_to_the_same_stop_are_waited_for_together_when_that_is_quicker():
    fast, slow, slowest = (line(code, [0, 3], [m], 6) for code, m in (("1", 10.0), ("2", 12.0), ("3", 40.0)))
    rides = rides_of(supply(fast, slow, slowest), street().minutes, "weekday", "peak", WAITING)
    assert (rides.wait.tolist(), rides.ride.tolist()) == ([2.5], [11.0])
    alone = rides_of(supply(fast, slowest), street().minutes, "weekday", "peak", WAITING)
    assert (alone.wait.tolist(), alone.ride.tolist()) == ([5.0], [10.0])
    apart = rides_of(
        supply(fast, line("2", [0, 3], [12.0], 6, tariff="km")), street().minutes, "weekday", "peak", WAITING
    )
    assert sorted(apart.ride) == [10.0, 12.0]  # another operator has another platform


def test_where_lines_run_seldom_people_look_at_the_timetable():
    rides = rides_of(supply(line("1", [0, 1], [5.0], 1)), street().minutes, "holiday", "evening", WAITING)
    assert rides.wait.tolist() == [10.0]


def test_fares_of_one_operator_go_through_and_others_are_paid_again():
    legs = [line("1", [0, 1], [4.0], 12, tariff="km"), line("2", [1, 3], [6.0], 12, tariff="km")]
    through = skims(ways(*legs))["rail"]
    assert (through.transfers[0, 3], through.fare[0, 3]) == pytest.approx(
        (1, 190)
    )  # six kilometres, not 2 + 4
    again = skims(ways(*(line(leg.code, list(leg.calls), leg.rest[:-1], 12) for leg in legs)))["rail"]
    assert (again.transfers[0, 3], again.fare[0, 3]) == pytest.approx((1, 400))


def test_a_bus_may_lead_to_the_train_but_a_way_by_bus_holds_no_train():
    made = skims(ways(line("bus", [0, 1], [6.0], 12, "bus"), line("train", [1, 3], [5.0], 12)))
    assert (made["rail"].ride[0, 3], made["rail"].transfers[0, 3]) == pytest.approx((11, 1))
    assert np.isfinite(made["bus"].minutes[0, 1])
    assert np.isinf(made["bus"].minutes[0, 3])
    assert np.isinf(made["rail"].minutes[0, 0])


def test_who_lives_where_no_street_leads_is_cut_off_and_can_be_counted():
    skim = skims(ways(streets=street(gap="c")))
    assert skim["drive"].cut_off.tolist() == [False, False, False, True]
    assert skim["walk"].cut_off.tolist() == [False, False, False, True]
    assert skim["bus"].cut_off.all()


def test_zones_are_towns_then_gates_then_places_beyond(found):
    city, made, skim = found
    zones = made.zones
    assert zones.code[: len(city.towns.code)] == city.towns.code
    assert (zones.kind == GATE).sum() == (city.stations.ward < 0).sum()
    (tokyo,) = np.flatnonzero(zones.kind == PLACE)
    chiba = int(np.argmin(np.hypot(city.towns.x - 25378, city.towns.y + 42902)))
    assert 35 < skim["rail"].ride[chiba, tokyo] < 50
    assert skim["rail"].fare[chiba, tokyo] > 500
    assert np.isinf(skim["walk"].minutes[chiba, tokyo])
    assert 30 < skim["drive"].km[chiba, tokyo] < 50


def test_no_town_of_the_city_is_cut_off(found):
    city, _, skim = found
    towns = len(city.towns.code)
    assert {mode: int(skim[mode].cut_off[:towns].sum()) for mode in MODES} == dict.fromkeys(MODES, 0)


def test_ways_of_a_symmetric_city_are_symmetric(found):
    for mode, skim in found[2].items():
        for part in ("ride", "wait", "walk", "fare", "km"):
            values = getattr(skim, part)
            same = np.isfinite(values)
            assert (same == same.T).all()
            assert np.allclose(values[same & same.T], values.T[same & same.T], atol=1e-6), (mode, part)


@pytest.mark.parametrize("mode", ["drive", "bike", "walk"])
def test_no_way_by_road_is_longer_than_one_over_a_third_town(found, mode):
    city, _, skim = found
    minutes = skim[mode].ride if mode == "drive" else skim[mode].minutes
    minutes = minutes[: len(city.towns.code), : len(city.towns.code)].copy()
    np.fill_diagonal(minutes, 0.0)
    for third in range(0, len(minutes), 7):
        assert (minutes <= minutes[:, [third]] + minutes[third] + 1e-9).all()


@pytest.mark.parametrize("mode", BY_LINE)
def test_ways_by_line_are_the_lightest_an_independent_search_finds(found, mode):
    """Rounds of riding and changing over all pairs of stops (min-plus products), for thirty zones."""
    _, made, skim = found
    zones = np.arange(0, len(made.zones.code), 17)
    search = made.table("search")
    rides = rides_of(made.transit, made.streets.minutes, "weekday", "peak", Waiting.of(made.facts, made.day))
    stops = len(made.transit.stops.code)
    to_stop, between = (search["walk"] * minutes for minutes in made.walks())
    access = np.full((len(made.zones.code), stops), np.inf)
    access[made.access.coords] = to_stop
    change = np.full((stops, stops), np.inf)
    change[made.change.coords] = between
    weight = rides.ride + search["wait"] * rides.wait + search["boarding"]
    main, all_ = np.full((stops, stops), np.inf), np.full((stops, stops), np.inf)
    mine = rides.mode == BY_LINE.index(mode)
    np.minimum.at(main, (rides.begin[mine], rides.end[mine]), weight[mine])
    used = mine if mode == "bus" else np.ones_like(mine)
    np.minimum.at(all_, (rides.begin[used], rides.end[used]), weight[used])
    before, after = access[zones], np.full((len(zones), stops), np.inf)
    while True:
        told = before.copy(), after.copy()
        if mode == "rail":
            before = np.minimum(before, _further(before, all_))
        before = np.minimum(before, _further(before, change))
        after = np.minimum(
            after,
            np.minimum(_further(before, main), np.minimum(_further(after, all_), _further(after, change))),
        )
        if np.array_equal(told[0], before) and np.array_equal(told[1], after):
            break
    lightest = _further(after, access[zones].T)
    np.fill_diagonal(lightest, np.inf)
    s = skim[mode]
    ours = s.ride + search["wait"] * s.wait + search["walk"] * s.walk + search["boarding"] * (s.transfers + 1)
    ours = ours[np.ix_(zones, zones)]
    assert (np.isfinite(ours) == np.isfinite(lightest)).all()
    assert np.allclose(ours[np.isfinite(ours)], lightest[np.isfinite(ours)], atol=1e-3)


def _further(weight, links):
    return np.stack([(row[:, None] + links).min(axis=0) for row in weight])


def test_later_in_the_day_waits_are_not_shorter(found):
    _, made, peak = found
    evening = skims(made, "weekday", "evening")
    both = peak["rail"].there & evening["rail"].there
    assert evening["rail"].wait[both].mean() > peak["rail"].wait[both].mean()
    assert np.array_equal(evening["drive"].minutes, peak["drive"].minutes)


def test_the_same_bits_twice(found):
    _, made, skim = found
    again = skims(made)
    for mode in MODES:
        assert all(
            np.array_equal(getattr(skim[mode], p), getattr(again[mode], p), equal_nan=True)
            for p in ("ride", "wait", "walk", "fare")
        )


def test_minutes_to_the_nearest_station_city_hall_and_what_the_folder_does_not_know(found):
    city, made, _ = found
    station = minutes_to(city, made.transit, made.facts, DAY, "station")
    hall = minutes_to(city, made.transit, made.facts, DAY, "city hall")
    for minutes in (station, hall):
        assert (minutes["without a car"] <= minutes["walk"] + 1e-9).all()
        assert all(np.isfinite(minutes[mode]).all() for mode in minutes)
    near = int(np.argmin(np.hypot(city.towns.x - city.places.x[0], city.towns.y - city.places.y[0])))
    assert hall["walk"][near] == hall["walk"].min()
    straight = np.hypot(city.towns.x[:, None] - city.stations.x, city.towns.y[:, None] - city.stations.y).min(
        axis=1
    )
    assert (station["walk"] >= straight / 80 - 1e-9).all()
    assert np.isnan(minutes_to(city, made.transit, made.facts, DAY, "hospital")["car"]).all()


def test_a_city_without_stations_has_no_outside_and_no_lines():
    from tests.toy_city import toy_city

    city = toy_city()
    assert len(supply_of(city, facts(), DAY).code) == 0
    assert len(Zones.of(city, facts(), DAY).code) == len(city.towns.code)
