"""Trains and modelled buses of a city, the monorail's timetable, and lines as arrays."""

import csv
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.city.feeds import write
from tests.toy_city import toy_city
from twin.city.buses import buses, far_from_stations, trees_of
from twin.city.city import City, embedded_folder
from twin.city.sources.gtfs import read_feed
from twin.city.sources.railways import read_railways
from twin.city.sources.timetable import read_timetable, trips_of
from twin.city.supply import supply
from twin.city.trains import SERVICES, hours, trains
from twin.errors import CityError
from twin.facts import Facts
from twin.network.transit import MODES, Service, Stops, Tariff, Transit

SOURCE = Path(__file__).resolve().parents[2] / ".." / "shared" / "geodata"
DAY, FACTS = date(2024, 4, 1), Facts.read()
HEADER = "trip_id,railway_id,train_no,calendar,direction,seq,station_id,arr,dep\n"


@pytest.fixture(scope="module")
def city():
    return City.embedded()


def _legs(transit, row):
    calls = slice(transit.start[row], transit.start[row + 1])
    return [transit.stops.name_ja[stop] for stop in transit.call[calls]], transit.rest[calls][:-1]


def _line(transit, code):
    return _legs(transit, transit.code.index(code))


def test_every_line_of_the_city_is_a_known_service_and_runs_both_ways(city):
    made = trains(city, FACTS, DAY)
    assert set(city.lines.code) <= set(SERVICES)
    for code in made.code:
        if not code.endswith("'"):
            names, minutes = _line(made, code)
            back, backwards = _line(made, f"{code}'")
            assert back == names[::-1]
            assert backwards == pytest.approx(minutes[::-1])
    assert np.isfinite(made.headway("weekday", "peak")).all()
    assert np.isfinite(made.headway("holiday", "evening")).all()


def test_only_lines_towards_tokyo_run_on_and_take_the_time_remembered(city):
    made = trains(city, FACTS, DAY)
    on = {
        code: _line(made, code)
        for code in made.code
        if "tokyo" in _line(made, code)[0] and not code.endswith("'")
    }
    assert set(on) == {"JR-KY/keiyo", "JR-SL/sobu local", "JR-SR/sobu rapid", "KS-CB/keisei chiba"}
    names, minutes = on["JR-SR/sobu rapid"]
    assert names == ["tokyo", "津田沼", "稲毛", "千葉"]
    assert minutes.sum() == pytest.approx(39, abs=4)


def test_run_times_and_trips_of_the_monorail_against_its_timetable(city, capsys):
    if not SOURCE.is_dir():
        pytest.skip("official extracts are not beside the project")
    _, _, code = read_railways(SOURCE)
    table = read_timetable(SOURCE / "monorail_timetable.csv", code)
    assert len(set(table["trip"])) == 1099
    with (SOURCE / "rail_line_stations.csv").open(encoding="utf-8-sig", newline="") as file:
        ends = {}
        for row in csv.DictReader(file):
            ends.setdefault(row["railway_id"], []).append(row["station_id"])
    made = trains(city, FACTS, DAY)
    for line, ours in (
        ("ChibaMonorail.Line1", "CM-1/monorail 1"),
        ("ChibaMonorail.Line2", "CM-2/monorail 2"),
    ):
        first, last = code[ends[line][0]], code[ends[line][-1]]
        runs = {}
        for name, trip, stop, arrive, depart in zip(
            *(table[c] for c in ("line", "trip", "stop", "arrive", "depart")), strict=True
        ):
            if name == line:
                runs.setdefault(trip, []).append((stop, arrive, depart))
        whole = [
            calls[-1][1] - calls[0][2]
            for calls in runs.values()
            if (calls[0][0], calls[-1][0]) == (first, last)
        ]
        modelled = _line(made, ours)[1].sum()
        with capsys.disabled():
            print(f"\n{ours}: {modelled:.1f} minutes, timetable {np.mean(whole):.1f} ({len(whole)} trips)")
        assert modelled == pytest.approx(np.mean(whole), abs=2.0)
        assert len(whole) > 100


def test_a_timetable_in_the_folder_replaces_the_documented_trains(tmp_path):
    folder = Path(shutil.copytree(embedded_folder(), tmp_path / "city"))
    rows = ["line,day,trip,place,stop,arrive,depart"]
    for trip, minute in (("1", 480), ("2", 490), ("3", 1450)):
        rows += [
            f"CM-1,weekday,{trip},1,S16,{minute},{minute}",
            f"CM-1,weekday,{trip},2,S07,{minute + 4},{minute + 4}",
        ]
    rows += ["CM-1,holiday,4,1,S07,600,600", "CM-1,holiday,4,2,S16,605,605"]
    (folder / "timetable.csv").write_text("\n".join(rows) + "\n", "utf-8")
    city = City.open(folder)
    made = trains(city, FACTS, DAY)
    assert [code for code in made.code if code.startswith("CM-1")] == ["CM-1/1", "CM-1/2"]
    there = made.code.index("CM-1/1")
    row = there if _legs(made, there)[0] == ["千葉みなと", "千葉"] else there + 1
    assert made.trips[row].tolist() == [[2, 0, 1], [0, 0, 0]]
    assert _legs(made, row)[1].tolist() == [4.0]
    assert City.embedded().sha256 != city.sha256
    (folder / "timetable.csv").write_text(rows[0] + "\nCM-1,weekday,1,1,S99,480,480\n", "utf-8")
    with pytest.raises(CityError, match=r"timetable\.csv:2.*S99"):
        trips_of(City.open(folder), ["jr"] * 9)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("t,L,1,Weekday,Out,1,B,,08:60", "timetable.time"),
        ("t,L,1,Weekday,Out,1,B,,", "timetable.time"),
        ("t,L,1,Everyday,Out,1,B,,08:00", "timetable.calendar"),
        ("t,L,1,Weekday,Out,first,B,,08:00", "timetable.place"),
        ("t,L,1,Weekday,Out,1,X,,08:00", "city_source.station"),
        ("t,L,1,Weekday,Out,2,B,,07:50", "timetable.back"),
        ("t,L,1,Weekday,Out,1,B,,08:10", "timetable.back"),
    ],
)
def test_a_wrong_row_of_a_timetable_is_named(tmp_path, row, key):
    path = tmp_path / "monorail_timetable.csv"
    path.write_text(f"{HEADER}t,L,1,Weekday,Out,1,A,,08:00\n{row}\n", "utf-8")
    with pytest.raises(CityError) as error:
        read_timetable(path, {"A": "S01", "B": "S02"})
    assert error.value.key == key
    assert error.value.text("ja") != error.value.text("en")


def test_a_timetable_that_runs_past_midnight_goes_on(tmp_path):
    path = tmp_path / "monorail_timetable.csv"
    path.write_text(f"{HEADER}t,L,1,Weekday,Out,1,A,,23:58\nt,L,1,Weekday,Out,2,B,00:03,\n", "utf-8")
    table = read_timetable(path, {"A": "S01", "B": "S02"})
    assert (table["depart"], table["arrive"][1], table["stop"]) == ([1438, 1443], 1443, ["S01", "S02"])


def test_buses_reach_every_town_far_from_stations_at_a_stop_nearby(city):
    made = buses(city, FACTS, DAY)
    far = far_from_stations(city, FACTS, DAY)
    x, y = city.towns.x[far], city.towns.y[far]
    away = np.hypot(x[:, None] - made.stops.x, y[:, None] - made.stops.y).min(axis=1)
    assert far.sum() > 100
    assert (
        away.max() <= FACTS.number("transit.bus.reach", DAY) + 125
    )  # its end is the crossing nearest its middle
    assert set(made.call) == set(range(len(made.stops.code)))


def test_buses_run_where_people_live_along_streets_that_exist(city):
    made = buses(city, FACTS, DAY)
    bounds = FACTS.table("transit.bus.bounds", DAY)
    an_hour = 60 / made.headway("weekday", "peak")
    assert (bounds["fewest"] - 1e-9 <= an_hour).all()
    assert (an_hour <= bounds["most"] + 1e-9).all()
    length = np.bincount(made.line(), made.metres)
    walked = made.on.astype(bool) @ city.streets.length
    assert np.bincount(made.line(), walked) == pytest.approx(length)
    minutes = np.bincount(made.line(), made.minutes(city.streets.minutes))
    assert 12 < 60 * (length / 1000).sum() / minutes.sum() < 22  # km/h
    more = buses(replace(city, towns=replace(city.towns, people=2 * city.towns.people)), FACTS, DAY)
    assert more.code == made.code
    assert (more.trips >= made.trips - 1e-9).all()
    assert more.vehicle_km("weekday") > made.vehicle_km("weekday")


def test_ways_of_buses_form_trees_and_stops_are_spaced(city):
    trees = trees_of(city, FACTS, DAY)
    hubs = np.flatnonzero(trees.before < 0)
    assert set(hubs) == set(city.streets.nearest(city.stations.x, city.stations.y).tolist())
    assert (trees.station[hubs] == hubs).all()
    inner = np.flatnonzero(trees.before >= 0)
    assert (trees.cost[trees.before[inner]] < trees.cost[inner]).all()
    assert (trees.station[trees.before[inner]] == trees.station[inner]).all()


def test_feeds_with_buses_replace_the_modelled_ones(city, tmp_path):
    feed = read_feed(write(tmp_path / "bus.zip"), date(2024, 5, 15), date(2024, 5, 19), FACTS)
    made = supply(city, FACTS, DAY, [feed])
    assert [name for name, mode in zip(made.name_ja, made.mode, strict=True) if MODES[mode] == "bus"] == [
        "1 千葉駅〜都賀"
    ]
    assert (supply(city, FACTS, DAY).mode == MODES.index("bus")).sum() > 100


def test_a_city_without_streets_and_stations_has_no_lines():
    made = supply(toy_city(), FACTS, DAY)
    assert (len(made.code), len(made.call)) == (0, 0)
    assert made.vehicle_km("weekday") == 0


def test_the_day_has_all_its_hours():
    assert sum(hours(FACTS, DAY)) == 19


def test_supplies_join_with_their_rows_moved():
    def one(code, tariff, sections=3):
        stops = Stops(("p", "q"), ("p", "q"), ("p", "q"), np.zeros(2), np.zeros(2))
        line = Service(
            code, code, code, "bus", tariff, (1, 0), [5.0, 0.0], [900.0, 0.0], np.ones((2, 3)), [(0, 2, 2.0)]
        )
        return Transit.of(
            stops, {tariff: Tariff((np.inf,), (1.0,))}, [line], hours=(4, 8, 7), sections=sections
        )

    both = Transit.joined([one("1", "a"), one("2", "b")])
    assert both.code == ("1", "2")
    assert both.call.tolist() == [1, 0, 3, 2]
    assert both.start.tolist() == [0, 2, 4]
    assert [both.tariff_names[row] for row in both.tariff] == ["a", "b"]
    assert both.minutes(np.array([0.0, 0.0, 4.0])).tolist() == [13.0, 0.0, 13.0, 0.0]
    with pytest.raises(ValueError, match="not in"):
        Transit.of(
            both.stops,
            {},
            [Service("1", "", "", "boat", "a", (0, 1), [1, 0], [1, 0], np.ones((2, 3)))],
            hours=(4, 8, 7),
            sections=0,
        )
