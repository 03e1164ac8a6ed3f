"""GTFS and GTFS-JP feeds, read for one weekday and one holiday into a supply.

Tables and their keys: :mod:`twin.city.sources.feed_tables`; times: :mod:`twin.city.sources.times`; fares:
:mod:`twin.city.sources.fares`. What is odd but harmless is read and said (``Feed.remarks``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from twin.city.ground import to_metres
from twin.city.sources.fares import tariffs_of
from twin.city.sources.feed_tables import Table, Tables, read_tables, services_on, span, stop_if_broken
from twin.city.sources.layer import NEAR_CHIBA
from twin.city.sources.times import call_times, starts
from twin.city.sources.trips import Trip, services_of
from twin.city.trains import hours
from twin.errors import CityError, Problems
from twin.facts import Facts
from twin.network.transit import DAYS, Stops, Tariff, Transit
from twin.scenarios.remark import Remark

RAIL = {0, 1, 2, 5, 6, 7, 12, *range(100, 120), *range(400, 406), *range(900, 907)}
BUS = {3, 11, *range(200, 210), *range(700, 717), 800}
WEDNESDAY, SUNDAY = 2, 6


@dataclass(frozen=True)
class Feed:
    """One feed on a weekday and a holiday.

    Attributes
    ----------
    name : of the file
    stops : in metres
    trips : of both days
    tariffs : fares by distance, by name
    remarks : what was odd
    """

    name: str
    stops: Stops
    trips: list[Trip]
    tariffs: dict[str, Tariff]
    remarks: tuple[Remark, ...]

    def transit(self, sections: int, facts: Facts, day: date) -> Transit:
        """The feed as a supply, in a city with so many street sections."""
        winding = facts.number("skims.winding", day)
        lines = services_of(self.trips, self.stops.x, self.stops.y, winding, facts, day)
        return Transit.of(self.stops, self.tariffs, lines, hours=hours(facts, day), sections=sections)


def read_feed(path: Path, weekday: date, holiday: date, facts: Facts, *, old: bool = False) -> Feed:
    """Read a feed.

    Parameters
    ----------
    path : zip file or folder
    weekday, holiday : the two days to read
    facts : bus fares where the feed has none (``transit.fare.bus``)
    old : allow a feed whose calendar has ended: its last Wednesday and Sunday are read instead, and that is said

    Raises
    ------
    CityError, ManyProblems : what is wrong, with file and line
    """
    tables = read_tables(path)
    stop_if_broken(path, tables)
    remarks: list[Remark] = []
    running = _running(path, tables, {"weekday": weekday, "holiday": holiday}, old, remarks)
    stops = _stops(path, tables["stops"], remarks)
    tariffs, route_tariff = tariffs_of(path, tables, stops, facts, weekday, remarks)
    trips = _trips(tables, running, route_tariff, remarks)
    return Feed(path.name, stops, trips, tariffs, tuple(remarks))


def _running(
    path: Path, tables: Tables, days: dict[str, date], old: bool, remarks: list[Remark]
) -> dict[str, set[str]]:  # fmt: skip
    """Services of the weekday and of the holiday."""
    first, last = span(tables)
    if last < min(days.values()):
        if not old:
            raise CityError("gtfs.expired", where=path.name, last=last, day=days["weekday"])
        ends = {"weekday": WEDNESDAY, "holiday": SUNDAY}
        days = {name: last - timedelta(days=(last.weekday() - end) % 7) for name, end in ends.items()}
        remarks.append(Remark("gtfs.old", path.name, {"last": last, **days}))
    running = {name: services_on(tables, day) for name, day in days.items()}
    for name, services in running.items():
        if not services:
            raise CityError("gtfs.no_service", where=path.name, day=days[name], first=first, last=last)
    return running


def _stops(path: Path, table: Table, remarks: list[Remark]) -> Stops:
    """Stops in metres; a point that is none, at 0 0 or with its axes exchanged is refused, a far one is said."""
    problems = Problems()
    west, south, east, north = NEAR_CHIBA
    points, far = [], []
    for line, row in table.rows:
        x, y = _number(row["stop_lon"]), _number(row["stop_lat"])
        points.append((x, y))
        if not (abs(x) <= 180 and abs(y) <= 180) or (x == 0 and y == 0):
            found = f"{row['stop_lat']}, {row['stop_lon']}"
            problems.append(CityError("gtfs.no_point", where=table.at(line), found=found))
        elif west <= y <= east and south <= x <= north:
            problems.append(CityError("city_source.swapped", where=table.at(line), x=x, y=y))
        elif not (west <= x <= east and south <= y <= north):
            far.append(row["stop_id"])
    problems.stop_if_any()
    if far:
        remarks.append(Remark("gtfs.far", table.where, {"count": len(far), "first": far[0]}))
    metres = to_metres(*zip(*points, strict=True))
    names = tuple(table.column("stop_name"))
    return Stops(tuple(table.column("stop_id")), names, names, *(np.asarray(axis) for axis in metres))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _trips(
    tables: Tables, running: Mapping[str, set[str]], tariffs: Mapping[str, str], remarks: list[Remark]
) -> list[Trip]:  # fmt: skip
    """Trips of both days, those of ``frequencies.txt`` as often as they start."""
    stop_row = {stop: row for row, stop in enumerate(tables["stops"].column("stop_id"))}
    routes = {row["route_id"]: row for row in tables["routes"]}
    times = call_times(tables["stop_times"], remarks)
    repeated = starts(tables.get("frequencies"))
    trips: list[Trip] = []
    silent, other = 0, set()
    for row in tables["trips"]:
        route, code = routes[row["route_id"]], row["trip_id"]
        mode = mode_of(route["route_type"])
        if mode is None:
            other.add(route["route_type"])
        elif code not in times:
            silent += 1
        else:
            stops, arrive, depart = times[code]
            shifts = [start - depart[0] for start in repeated[code]] if code in repeated else [0.0]
            name = _name(route)
            trips += [
                Trip(
                    route["route_id"], name, name, mode, tariffs[route["route_id"]], DAYS.index(day),
                    tuple(stop_row[stop] for stop in stops),
                    tuple(minute + shift for minute in arrive), tuple(minute + shift for minute in depart),
                )
                for day, services in running.items() if row["service_id"] in services
                for shift in shifts
            ]  # fmt: skip
    if silent:
        remarks.append(Remark("gtfs.no_calls", tables["trips"].where, {"count": silent}))
    if other:
        remarks.append(Remark("gtfs.route_type", tables["routes"].where, {"found": ", ".join(sorted(other))}))
    return trips


def mode_of(route_type: str) -> str | None:
    """Mode of a GTFS route type, the extended types included; None when it is neither rail nor bus.

    >>> mode_of("12"), mode_of("3"), mode_of("4")
    ('rail', 'bus', None)
    """
    kind = int(route_type) if route_type.isdecimal() else -1
    return "rail" if kind in RAIL else "bus" if kind in BUS else None


def _name(route: Mapping[str, str]) -> str:
    parts = [route.get("route_short_name", ""), route.get("route_long_name", "")]
    return " ".join(part for part in parts if part) or route["route_id"]
