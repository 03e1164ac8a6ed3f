"""Lines from a timetable: trips that call at the same stops are one line, with mean minutes and trips by period.

Both readers of timetables, the monorail's table and GTFS, end in :func:`services_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.facts import Facts
from twin.network.transit import DAYS, PERIODS, Service


@dataclass(frozen=True)
class Trip:
    """One trip of a weekday or a holiday.

    Attributes
    ----------
    line, name_ja, name_en : of the line it belongs to
    mode, tariff : as :class:`twin.network.transit.Service` names them
    day : row of :data:`twin.network.transit.DAYS`
    calls : stop rows in order
    arrive, depart : minutes after midnight at each; past 1,440 on the night after
    """

    line: str
    name_ja: str
    name_en: str
    mode: str
    tariff: str
    day: int
    calls: tuple[int, ...]
    arrive: tuple[float, ...]
    depart: tuple[float, ...]


def services_of(
    trips: list[Trip], x: np.ndarray, y: np.ndarray, winding: float, facts: Facts, day: date
) -> list[Service]:  # fmt: skip
    """Lines of some trips, ordered by line and stops; a trip counts in the period it departs in.

    Parameters
    ----------
    trips : of a weekday and a holiday
    x, y : metres, of the stops
    winding : length of the way between two stops against the straight line
    facts, day : ``transit.clock``
    """
    alike: dict[tuple, list[Trip]] = {}
    for trip in trips:
        alike.setdefault((trip.line, trip.calls), []).append(trip)
    clock = facts.table("transit.clock", day)
    found = []
    number: dict[str, int] = {}
    for (line, calls), mine in sorted(alike.items()):
        number[line] = number.get(line, 0) + 1
        counted = np.zeros((len(DAYS), len(PERIODS)))
        for trip in mine:
            counted[trip.day, period_of(trip.depart[0], clock)] += 1
        rows = list(calls)
        metres = winding * np.hypot(np.diff(x[rows]), np.diff(y[rows]))
        minutes = np.mean([_legs(trip) for trip in mine], axis=0)
        one = mine[0]
        names = f"{line}/{number[line]}", one.name_ja, one.name_en
        rest, length = [*minutes, 0.0], [*metres, 0.0]
        found.append(Service(*names, one.mode, one.tariff, calls, rest, length, counted))
    return found


def period_of(minute: float, clock: dict[str, float]) -> int:
    """Row of PERIODS a minute after midnight lies in.

    >>> clock = {"first": 5, "morning": 7, "forenoon": 9, "afternoon": 17, "night": 19, "last": 24}
    >>> [PERIODS[period_of(60.0 * hour, clock)] for hour in (5, 7, 9, 18.9, 25)]
    ['evening', 'peak', 'day', 'peak', 'evening']
    """
    hour = minute / 60.0
    if clock["morning"] <= hour < clock["forenoon"] or clock["afternoon"] <= hour < clock["night"]:
        return PERIODS.index("peak")
    return PERIODS.index("day" if clock["forenoon"] <= hour < clock["afternoon"] else "evening")


def _legs(trip: Trip) -> np.ndarray:
    """Minutes from each departure to the next, the last to the arrival."""
    return np.diff(np.array([*trip.depart[:-1], trip.arrive[-1]]))
