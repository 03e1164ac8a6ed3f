"""GTFS: what a small feed says, and what is refused or said (rows 64 to 71 of bad input)."""

import zipfile
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.city.feeds import TABLES, write
from twin.city.sources.gtfs import read_feed
from twin.errors import CityError, ManyProblems
from twin.facts import Facts
from twin.network.transit import PERIODS

WEDNESDAY, SUNDAY = date(2024, 5, 15), date(2024, 5, 19)
FACTS = Facts.read()


def read(path, **options):
    return read_feed(path, WEDNESDAY, SUNDAY, FACTS, **options)


def test_a_feed_as_lines_with_trips_by_period(tmp_path):
    feed = read(write(tmp_path / "bus.zip"))
    assert feed.remarks == ()
    made = feed.transit(5, FACTS, WEDNESDAY)
    assert made.name_ja == ("1 千葉駅〜都賀",)
    assert [feed.stops.name_ja[row] for row in made.call] == ["千葉駅", "都町", "都賀"]
    assert dict(zip(PERIODS, made.trips[0, 0], strict=True)) == {
        "peak": 2,
        "day": 0,
        "evening": 1,
    }  # 24:50 is evening
    assert made.trips[0, 1].tolist() == [0, 1, 0]
    # departure to departure: 9, 11, 8, 8 minutes on the four trips, then 11, 11, 12, 12 to the arrival
    assert made.rest.tolist() == pytest.approx([9.0, 11.5, 0.0])
    assert made.metres[0] == pytest.approx(
        1.29 * np.hypot(*np.diff([feed.stops.x, feed.stops.y], axis=1)[:, 0])
    )
    (tariff,) = made.tariffs
    assert not tariff.through
    assert tariff.fare(np.array([0.5, 2.0, 6.0])).tolist() == [190.0, 190.0, 280.0]


def test_a_holiday_on_a_weekday_runs_the_holiday_s_trips(tmp_path):
    feed = read_feed(write(tmp_path / "bus.zip"), WEDNESDAY, date(2024, 4, 29), FACTS)
    assert sum(trip.day == 1 for trip in feed.trips) == 1


def test_a_folder_reads_like_a_zip(tmp_path):
    zipfile.ZipFile(write(tmp_path / "bus.zip")).extractall(tmp_path / "bus")
    folder, archive = read(tmp_path / "bus"), read(tmp_path / "bus.zip")
    assert [replace(trip, tariff="") for trip in folder.trips] == [
        replace(trip, tariff="") for trip in archive.trips
    ]
    assert list(folder.tariffs.values()) == list(archive.tariffs.values())


def test_frequencies_repeat_a_trip(tmp_path):
    table = "trip_id,start_time,end_time,headway_secs\n平日_0730,07:00:00,09:00:00,600\n"
    made = read(write(tmp_path / "bus.zip", frequencies=table)).transit(0, FACTS, WEDNESDAY)
    assert made.trips[0, 0].tolist() == [12 + 1, 0, 1]


def test_times_left_out_between_known_ones_are_filled_and_said(tmp_path):
    feed = read(write(tmp_path / "bus.zip", stop_times=("平日_0730,7:38:00,7:39:00", "平日_0730,,")))
    assert [remark.key for remark in feed.remarks] == ["gtfs.filled"]
    assert feed.trips[0].arrive == (450.0, 460.0, 470.0)


@pytest.mark.parametrize("table", ["stops", "routes", "trips", "stop_times"])
def test_row_64_a_table_that_is_missing_or_empty_is_named(tmp_path, table):
    with pytest.raises(CityError, match=f"{table}.txt") as error:
        read(write(tmp_path / "bus.zip", without=(table,)))
    assert error.value.key == "gtfs.missing"
    header = TABLES[f"{table}.txt"].splitlines()[0]
    with pytest.raises(CityError, match=f"{table}.txt") as error:
        read(write(tmp_path / "bus.zip", **{table: (TABLES[f"{table}.txt"], header)}))
    assert error.value.key == "gtfs.empty"


def test_row_64_no_calendar_no_feed_no_service_on_the_day(tmp_path):
    with pytest.raises(CityError, match=r"calendar\.txt"):
        read(write(tmp_path / "bus.zip", without=("calendar", "calendar_dates")))
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(ManyProblems):
        read(tmp_path / "empty.zip")
    (tmp_path / "no.zip").write_text("not a zip")
    for name in ("no.zip", "nowhere.zip"):
        with pytest.raises(CityError) as error:
            read(tmp_path / name)
        assert error.value.key == "gtfs.unreadable"
    with pytest.raises(CityError, match="2024-05-19") as error:
        read(write(tmp_path / "bus.zip", calendar=("日祝,0,0,0,0,0,1,1", "日祝,0,0,0,0,0,1,0")))
    assert error.value.key == "gtfs.no_service"


@pytest.mark.parametrize(
    ("table", "old", "new", "key", "says"),
    [
        # 65: keys that stand twice or lead nowhere
        ("trips", "平日_0800", "平日_0730", "gtfs.twice", "trips.txt:3"),
        ("routes", "1系統,10", "9系統,10", "gtfs.absent", "1系統"),
        ("stop_times", "7:38:00,7:39:00,2_01,2", "7:38:00,7:39:00,9_01,2", "gtfs.absent", "stop_times.txt:3"),
        ("stop_times", "7:39:00,2_01,2", "7:39:00,2_01,1", "gtfs.twice", "平日_0730 1"),
        ("trips", "1系統,日祝", "1系統,祭日", "gtfs.absent", "祭日"),
        ("fare_rules", "F2,1", "F9,1", "gtfs.absent", "F9"),
        # 66: times
        ("stop_times", "7:38:00,7:39:00", "7:28:00,7:29:00", "gtfs.back", "7:28:00"),
        ("stop_times", "08:10:00,08:11:00", "9:5:0,9:5:0", "gtfs.no_time", "9:5:0"),
        ("stop_times", "08:10:00,08:11:00", "08:12:00,08:11:00", "gtfs.arrival_after", "stop_times.txt:6"),
        ("stop_times", "25:10:00,25:10:00", "49:10:00,49:10:00", "gtfs.gap", "49:10:00"),
        ("stop_times", "7:30:00,7:30:00", ",", "gtfs.no_time", "stop_times.txt:2"),
        ("stop_times", "2_01,2\n", "2_01,second\n", "gtfs.sequence", "second"),
        # 67: stops
        ("stops", "35.6130,140.1135", "0,0", "gtfs.no_point", "stops.txt:2"),
        ("stops", "35.6130,140.1135", "35.6130,", "gtfs.no_point", "stops.txt:2"),
        ("stops", "35.6130,140.1135", "140.1135,35.6130", "city_source.swapped", "stops.txt:2"),
        ("stops", "2_01,都町", "1_01,都町", "gtfs.twice", "1_01"),
        # 69: dates
        ("calendar", "20250331", "20250231", "gtfs.no_date", "20250231"),
        # 71: fares
        ("fare_attributes", "F1,190", "F1,-190", "gtfs.price", "-190"),
        ("fare_attributes", "F1,190", "F1,安い", "gtfs.price", "安い"),
        ("fare_attributes", "280,JPY", "280,USD", "gtfs.currency", "USD"),
        # tables that are none
        ("stops", "stop_lat", "latitude", "city_source.columns", "stop_lat"),
        ("stops", "2_01,都町", "2_01,都町,都町", "city.row_length", "stops.txt:3"),
    ],
)  # fmt: skip
def test_rows_65_to_71_what_is_wrong_is_refused_with_its_place(tmp_path, table, old, new, key, says):
    with pytest.raises((CityError, ManyProblems)) as error:
        read(write(tmp_path / "bus.zip", **{table: (old, new)}))
    problems = getattr(error.value, "problems", [error.value])
    assert key in {problem.key for problem in problems}
    assert error.value.exit_code == 2
    assert says in error.value.text("en")
    assert says in error.value.text("ja")
    assert error.value.text("ja") != error.value.text("en")


def test_row_66_ten_past_one_at_night_is_25_10(tmp_path):
    late = max(read(write(tmp_path / "bus.zip")).trips, key=lambda trip: trip.arrive[-1])
    assert late.arrive[-1] == 25 * 60 + 10


def test_row_67_stops_far_away_are_said(tmp_path):
    feed = read(write(tmp_path / "bus.zip", stops=("35.6360,140.1490", "43.0680,141.3500")))
    (remark,) = feed.remarks
    assert (remark.key, remark.values) == ("gtfs.far", {"count": 1, "first": "3_01"})
    assert remark.text("ja") != remark.text("en")


def test_row_69_an_expired_feed_is_refused_or_read_as_old_and_said(tmp_path):
    path = write(tmp_path / "bus.zip")
    with pytest.raises(CityError, match="2025-03-31") as error:
        read_feed(path, date(2026, 5, 13), date(2026, 5, 17), FACTS)
    assert error.value.key == "gtfs.expired"
    feed = read_feed(path, date(2026, 5, 13), date(2026, 5, 17), FACTS, old=True)
    (remark,) = feed.remarks
    assert remark.values == {
        "last": date(2025, 3, 31),
        "weekday": date(2025, 3, 26),
        "holiday": date(2025, 3, 30),
    }
    assert feed.trips == read(path).trips


def test_row_71_a_feed_without_fares_takes_those_of_the_facts_and_says_so(tmp_path):
    feed = read(write(tmp_path / "bus.zip", without=("fare_attributes", "fare_rules")))
    (remark,) = feed.remarks
    assert remark.key == "gtfs.no_fare"
    table = FACTS.table("transit.fare.bus", WEDNESDAY)
    assert feed.tariffs["documented"].yen == tuple(table[km] for km in sorted(table, key=float))


def test_one_price_holds_for_any_distance(tmp_path):
    one = ("F1,190,JPY,0,0\nF2,280,JPY,0,0\n", "F1,220,JPY,0,0\n")
    feed = read(write(tmp_path / "bus.zip", without=("fare_rules",), fare_attributes=one))
    (tariff,) = feed.tariffs.values()
    assert tariff.fare(np.array([0.3, 30.0])).tolist() == [220.0, 220.0]


def test_what_is_neither_rail_nor_bus_and_trips_that_call_nowhere_are_left_out_and_said(tmp_path):
    feed = read(write(tmp_path / "bus.zip", routes=("都賀,3", "都賀,4")))
    assert (feed.trips, [remark.key for remark in feed.remarks]) == ([], ["gtfs.route_type"])
    feed = read(
        write(
            tmp_path / "bus.zip", trips=("1系統,平日,平日_0730", "1系統,平日,平日_0600\n1系統,平日,平日_0730")
        )
    )
    assert [remark.key for remark in feed.remarks] == ["gtfs.no_calls"]
