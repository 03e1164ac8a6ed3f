"""The timetable of a railway, one row a call: ``monorail_timetable.csv`` of the official files.

Columns trip_id, railway_id, calendar (Weekday or SaturdayHoliday), seq, station_id, arr, dep; times are HH:MM, after
midnight too. A trip's first call has only a departure, its last may have only an arrival. The table goes into
a city's folder with the codes of that city (``timetable.csv``) and is read from there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path

from twin.city.city import City
from twin.city.folder import HEADERS, TIMETABLE, Column, Sheet
from twin.city.sources.trips import Trip
from twin.errors import CityError, Problems
from twin.network.transit import DAYS

NAME = "monorail_timetable.csv"
COLUMNS = ("trip_id", "railway_id", "calendar", "seq", "station_id", "arr", "dep")
CALENDAR = {"Weekday": "weekday", "SaturdayHoliday": "holiday"}
CLOCK = re.compile(r"([01]?\d|2[0-9]):([0-5]\d)")
DAY_BEGINS = 180  # minutes after midnight: earlier times belong to the night before


def read_timetable(path: Path, station: Mapping[str, str]) -> dict[str, Column]:
    """Columns of ``timetable.csv`` from the official table, ordered by line, day, trip and call.

    Parameters
    ----------
    path : the table
    station : code of the city's station by the table's station id

    Raises
    ------
    CityError, ManyProblems : a column is missing, a station or a calendar unknown, a time no time or before the last
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if missing := [name for name in COLUMNS if not rows or name not in rows[0]]:
        found = ", ".join(rows[0]) if rows else ""
        raise CityError("city_source.columns", where=str(path), missing=", ".join(missing), found=found)
    problems = Problems()
    calls = []
    for line, row in enumerate(rows, start=2):
        where = f"{path.name}:{line}"
        times = [_minute(row[name]) for name in ("arr", "dep")]
        if row["station_id"] not in station:
            problems.append(CityError("city_source.station", where=where, found=row["station_id"]))
        elif row["calendar"] not in CALENDAR:
            known = ", ".join(CALENDAR)
            problems.append(CityError("timetable.calendar", where=where, found=row["calendar"], known=known))
        elif not any(row[name] for name in ("arr", "dep")) or None in times:
            problems.append(CityError("timetable.time", where=where, found=f"{row['arr']} {row['dep']}"))
        elif not row["seq"].isdecimal():
            problems.append(CityError("timetable.place", where=where, found=row["seq"]))
        else:
            arrive, depart = (
                t if t is not None and t >= 0 else max(x for x in times if x is not None) for t in times
            )
            code = station[row["station_id"]]
            calls.append(
                (
                    row["railway_id"],
                    CALENDAR[row["calendar"]],
                    row["trip_id"],
                    int(row["seq"]),
                    code,
                    arrive,
                    depart,
                )
            )
    problems.stop_if_any()
    calls.sort(key=lambda call: (call[0], DAYS.index(call[1]), call[2], call[3]))
    _stop_if_back(path, calls)
    return dict(zip(HEADERS[TIMETABLE], (list(column) for column in zip(*calls, strict=True)), strict=True))


def trips_of(city: City, tariffs: Sequence[str]) -> list[Trip]:
    """Trips of the timetable in a city's folder; none when there is no timetable.

    Parameters
    ----------
    city : its lines and stations
    tariffs : name of the tariff of each line

    Raises
    ------
    CityError : the table is broken, or names a line or a station the city has not
    """
    path = None if city.folder is None else city.folder / TIMETABLE
    if path is None or not path.is_file():
        return []
    sheet, lines = Sheet(path), city.lines
    columns = (
        sheet.rows_of("line", lines.code, "i4").tolist(), sheet.rows_of("day", DAYS, "i4").tolist(), sheet.text("trip"),
        sheet.rows_of("stop", city.stations.code, "i4").tolist(), sheet.number("arrive"), sheet.number("depart"),
    )  # fmt: skip
    trips = []
    for (row, day, _), calls in groupby(zip(*columns, strict=True), key=lambda call: call[:3]):
        _, _, _, stops, arrive, depart = zip(*calls, strict=True)
        names = lines.code[row], lines.name_ja[row], lines.name_en[row]
        trips.append(Trip(*names, "rail", tariffs[row], day, stops, arrive, depart))
    return trips


def _minute(text: str) -> int | None:
    """Minutes after midnight, those of the small hours past 1,440; -1 for no text, None for what is no time."""
    if not text:
        return -1
    if not (found := CLOCK.fullmatch(text)):
        return None
    minute = int(found[1]) * 60 + int(found[2])
    return minute + 1440 if minute < DAY_BEGINS else minute


def _stop_if_back(path: Path, calls: list[tuple]) -> None:
    problems = Problems()
    for before, after in pairwise(calls):
        if before[2] == after[2] and (after[5] < before[6] or after[3] == before[3]):
            problems.append(CityError("timetable.back", where=f"{path.name}: {after[2]}", stop=after[4]))
    problems.stop_if_any()
