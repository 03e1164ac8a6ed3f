"""Times of a GTFS feed: minutes after midnight, past 24 o'clock where a trip runs into the night."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from twin.city.sources.feed_tables import Table
from twin.errors import CityError, Problems
from twin.scenarios.remark import Remark

CLOCK = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)")
LONGEST = 1440.0  # minutes between two calls: more than a day is a mistake
MOST_REPEATS = 2000  # trips of one row of frequencies.txt

Calls = tuple[tuple[str, ...], tuple[float, ...], tuple[float, ...]]
Row = tuple[int, Mapping[str, str]]


def minute_of(text: str) -> float:
    """Minutes after midnight of a time H:MM:SS or HH:MM:SS; nan when it is none.

    >>> minute_of("8:30:00"), minute_of("25:10:00"), minute_of("9:5:0")
    (510.0, 1510.0, nan)
    """
    if not (found := CLOCK.fullmatch(text)):
        return np.nan
    return int(found[1]) * 60.0 + int(found[2]) + int(found[3]) / 60.0


def call_times(table: Table, remarks: list[Remark]) -> dict[str, Calls]:
    """Stops, arrivals and departures of each trip, in order of ``stop_sequence``.

    Times left out between two known ones lie on the straight line between them, and are counted.

    Raises
    ------
    CityError, ManyProblems : a time that is none or goes back, an arrival after its departure, a day between calls
    """
    problems = Problems(
        CityError("gtfs.sequence", where=table.at(line), found=row["stop_sequence"])
        for line, row in table.rows
        if not row["stop_sequence"].isdecimal()
    )
    problems.stop_if_any()
    calls: dict[str, list[Row]] = {}
    for line, row in table.rows:
        calls.setdefault(row["trip_id"], []).append((line, row))
    found, filled = {}, 0
    for trip, rows in calls.items():
        rows.sort(key=lambda call: int(call[1]["stop_sequence"]))
        times = _times(table, rows, problems)
        if not np.isnan(times[[0, -1]]).any():
            filled += _fill(times)
            arrive, depart = times.T.tolist()
            found[trip] = (tuple(row["stop_id"] for _, row in rows), tuple(arrive), tuple(depart))
    problems.stop_if_any()
    if filled:
        remarks.append(Remark("gtfs.filled", table.where, {"count": filled}))
    return found


def _times(table: Table, rows: list[Row], problems: Problems) -> np.ndarray:
    """Arrivals and departures of one trip, (calls, 2); nan where a time is left out."""
    times = np.full((len(rows), 2), np.nan)

    def wrong(key: str, at: int, found: str) -> None:
        problems.append(CityError(key, where=table.at(rows[at][0]), found=found))

    for at, (_, row) in enumerate(rows):
        arrival, departure = row["arrival_time"], row["departure_time"]
        texts = (arrival or departure, departure or arrival)
        if texts == ("", "") and 0 < at < len(rows) - 1:
            continue
        times[at] = [minute_of(text) for text in texts]
        if np.isnan(times[at]).any():
            wrong("gtfs.no_time", at, " ".join(texts))
        elif times[at, 0] > times[at, 1]:
            wrong("gtfs.arrival_after", at, f"{arrival} > {departure}")
    known = np.flatnonzero(~np.isnan(times).any(axis=1))
    for before, after in pairwise(known.tolist()):
        gap = times[after, 0] - times[before, 1]
        if gap < 0 or gap > LONGEST:
            wrong("gtfs.back" if gap < 0 else "gtfs.gap", after, rows[after][1]["arrival_time"])
    if len(rows) < 2:
        wrong("gtfs.one_call", 0, rows[0][1]["trip_id"])
    return times


def _fill(times: np.ndarray) -> int:
    """Fill times left out, in place, on the line between those known; how many."""
    left_out = np.isnan(times[:, 0])
    known = np.flatnonzero(~left_out)
    for column in (0, 1):
        before = times[known, 1 - column]  # from a departure to an arrival
        times[left_out, column] = np.interp(
            np.flatnonzero(left_out), known, (before + times[known, column]) / 2
        )
    return int(left_out.sum())


def starts(table: Table | None) -> dict[str, list[float]]:
    """Departures of trips that ``frequencies.txt`` repeats, minutes after midnight."""
    if table is None:
        return {}
    problems = Problems()
    found: dict[str, list[float]] = {}
    for line, row in table.rows:
        texts = [row[name] for name in ("start_time", "end_time", "headway_secs")]
        begin, end = minute_of(texts[0]), minute_of(texts[1])
        seconds = int(texts[2]) if texts[2].isdecimal() else 0
        if np.isnan([begin, end]).any():
            problems.append(CityError("gtfs.no_time", where=table.at(line), found=" ".join(texts[:2])))
        elif not seconds or end <= begin or (end - begin) * 60 / seconds > MOST_REPEATS:
            problems.append(CityError("gtfs.headway", where=table.at(line), found=" ".join(texts)))
        else:
            found.setdefault(row["trip_id"], []).extend(np.arange(begin, end, seconds / 60.0).tolist())
    problems.stop_if_any()
    return found
