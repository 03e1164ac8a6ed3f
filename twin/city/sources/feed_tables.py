"""The tables of a GTFS feed as rows of text: read from a zip or a folder, their keys checked.

Nothing is guessed and nothing mended: a table that is missing or empty, a row that stands twice, a name of a row
there is not, a date that is none are refused with file, line and value.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from twin.city.sources.layer import LARGEST
from twin.errors import CityError, Problems

# fmt: off
TABLES = {  # required columns; the columns that name a row, which may stand only once
    "stops": (("stop_id", "stop_name", "stop_lat", "stop_lon"), ("stop_id",)),
    "routes": (("route_id", "route_type"), ("route_id",)),
    "trips": (("route_id", "service_id", "trip_id"), ("trip_id",)),
    "stop_times": (("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"), ("trip_id", "stop_sequence")),
    "calendar": (("service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
                  "start_date", "end_date"), ("service_id",)),
    "calendar_dates": (("service_id", "date", "exception_type"), ("service_id", "date")),
    "frequencies": (("trip_id", "start_time", "end_time", "headway_secs"), ("trip_id", "start_time")),
    "fare_attributes": (("fare_id", "price", "currency_type"), ("fare_id",)),
    "fare_rules": (("fare_id",), ()),
}
NEEDED = ("stops", "routes", "trips", "stop_times")
KEYS = (  # a column of a table names a row of another; fare rules may leave the route open
    ("trips", "route_id", "routes"), ("stop_times", "trip_id", "trips"), ("stop_times", "stop_id", "stops"),
    ("frequencies", "trip_id", "trips"), ("fare_rules", "fare_id", "fare_attributes"), ("fare_rules", "route_id", "routes"),
)
DATES = (("calendar", "start_date"), ("calendar", "end_date"), ("calendar_dates", "date"))
# fmt: on
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Table:
    """One table: where it was read, its columns, and its rows with their lines in the file."""

    where: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        return (row for _, row in self.rows)

    def column(self, name: str) -> list[str]:
        """A column as it stands; empty texts when the table has no such column."""
        return [row.get(name, "") for row in self]

    def at(self, line: int) -> str:
        """How a line is named in a message."""
        return f"{self.where}:{line}"


Tables = Mapping[str, Table]


def read_tables(path: Path) -> dict[str, Table]:
    """The tables of a feed, those there are.

    Raises
    ------
    CityError : no zip and no folder, not UTF-8, too large, a column missing, a row with too many or too few fields
    """
    try:
        if path.is_dir():
            return {
                n: _table(path.name, n, (path / f"{n}.txt").open("rb"))
                for n in TABLES
                if (path / f"{n}.txt").is_file()
            }
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise CityError("city_source.too_large", where=str(path), limit=LARGEST // 1_000_000)
            inside = set(archive.namelist())
            return {n: _table(path.name, n, archive.open(f"{n}.txt")) for n in TABLES if f"{n}.txt" in inside}
    except (zipfile.BadZipFile, FileNotFoundError, UnicodeDecodeError, csv.Error) as error:
        raise CityError("gtfs.unreadable", where=str(path), why=str(error).splitlines()[0]) from error


def _table(feed: str, name: str, file: IO[bytes]) -> Table:
    where = f"{feed}/{name}.txt"
    with file:
        reader = csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
        header = [column.strip() for column in next(reader, [])]
        if missing := [column for column in TABLES[name][0] if column not in header]:
            found = ", ".join(header)
            raise CityError("city_source.columns", where=where, missing=", ".join(missing), found=found)
        rows = []
        for fields in reader:
            if not fields:
                continue
            if len(fields) != len(header):
                raise CityError(
                    "city.row_length",
                    where=f"{where}:{reader.line_num}",
                    wanted=len(header),
                    found=len(fields),
                )
            rows.append((reader.line_num, dict(zip(header, (text.strip() for text in fields), strict=True))))
    return Table(where, tuple(header), tuple(rows))


def stop_if_broken(path: Path, tables: Tables) -> None:
    """Refuse a feed whose tables do not fit together.

    Raises
    ------
    CityError, ManyProblems : what is missing, stands twice or leads nowhere
    """
    problems = Problems()
    for name in NEEDED:
        if name not in tables or not tables[name].rows:
            key = "gtfs.empty" if name in tables else "gtfs.missing"
            problems.append(CityError(key, where=path.name, file=f"{name}.txt"))
    if not any(tables[name].rows for name in ("calendar", "calendar_dates") if name in tables):
        problems.append(CityError("gtfs.missing", where=path.name, file="calendar.txt, calendar_dates.txt"))
    problems.stop_if_any()
    for name, table in tables.items():
        problems += _twice(table, TABLES[name][1])
    for name, column, other in KEYS:
        if name in tables and other in tables and column in tables[name].columns:
            known = set(tables[other].column(TABLES[other][1][0])) | ({""} if name == "fare_rules" else set())
            problems += _absent(tables[name], column, known, f"{other}.txt")
    calendars = [tables[name] for name in ("calendar", "calendar_dates") if name in tables]
    services = {service for table in calendars for service in table.column("service_id")}
    problems += _absent(tables["trips"], "service_id", services, "calendar.txt")
    for name, column in DATES:
        for line, row in tables[name].rows if name in tables else ():
            if day_of(row[column]) is None:
                problems.append(
                    CityError("gtfs.no_date", where=tables[name].at(line), column=column, found=row[column])
                )
    problems.stop_if_any()


def services_on(tables: Tables, day: date) -> set[str]:
    """Services that run on a day: those of the calendar, with the exceptions of the day."""
    text, weekday = day.strftime("%Y%m%d"), WEEKDAYS[day.weekday()]
    running: set[str] = set()
    for row in tables.get("calendar", ()):
        if row[weekday] == "1" and row["start_date"] <= text <= row["end_date"]:
            running.add(row["service_id"])
    for row in tables.get("calendar_dates", ()):
        if row["date"] == text:
            (running.add if row["exception_type"] == "1" else running.discard)(row["service_id"])
    return running


def span(tables: Tables) -> tuple[date, date]:
    """First and last day a feed speaks of."""
    days = [day_of(row[column]) for name, column in DATES for row in tables.get(name, ())]
    known = [day for day in days if day]
    return min(known), max(known)


def day_of(text: str) -> date | None:
    """The day written as YYYYMMDD; None when it is none."""
    try:
        return (
            date(int(text[:4]), int(text[4:6]), int(text[6:]))
            if len(text) == 8 and text.isdecimal()
            else None
        )
    except ValueError:
        return None


def _twice(table: Table, key: tuple[str, ...]) -> list[CityError]:
    """Rows whose key stood before."""
    seen: set[tuple[str, ...]] = set()
    found = []
    for line, row in table.rows if key else ():
        value = tuple(row[column] for column in key)
        if value in seen:
            found.append(CityError("gtfs.twice", where=table.at(line), found=" ".join(value)))
        seen.add(value)
    return found


def _absent(table: Table, column: str, known: set[str], other: str) -> list[CityError]:
    """Rows that name a row of another table there is not."""
    return [
        CityError("gtfs.absent", where=table.at(line), column=column, found=row[column], other=other)
        for line, row in table.rows
        if row[column] not in known
    ]
