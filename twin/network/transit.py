"""Public transport as arrays: stops, lines, and the stops each line calls at in order (CSR).

A line runs in one direction and calls at the same stops every time; both directions are two lines. Calls of
line ``i`` are rows ``start[i]`` to ``start[i + 1]`` of the call arrays; what lies between a call and the next
(metres, minutes) stands at the call, and is 0 at the last. Ids of files are translated to row numbers in
:meth:`Transit.of` and :meth:`Transit.joined`, nowhere else.

>>> bus = Service("1", "1系統", "Route 1", "bus", "flat", (0, 1), rest=[6.0, 0.0], metres=[2000.0, 0.0], trips=np.full((2, 3), 8))
>>> stops = Stops(("a", "b"), ("甲", "乙"), ("A", "B"), np.zeros(2), np.zeros(2))
>>> supply = Transit.of(stops, {"flat": Tariff((np.inf,), (200.0,))}, [bus], hours=(4.0, 8.0, 7.0), sections=0)
>>> supply.headway("weekday", "peak").tolist(), supply.vehicle_km("weekday")
([30.0], 48.0)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np
from scipy.sparse import csr_array, vstack

MODES = ("rail", "bus")
DAYS = ("weekday", "holiday")
PERIODS = ("peak", "day", "evening")
NEARLY = 1e-6  # a sum of kilometres or yen this little above a step of a tariff is on it


@dataclass(frozen=True)
class Tariff:
    """Fares by distance: ``yen[i]`` up to ``km[i]``; beyond the last, by the slope of the last two.

    ``through``: several rides of one journey at this tariff are paid as one.

    >>> Tariff((3.0, 6.0), (150.0, 190.0)).fare(np.array([0.0, 3.0, 3.1, 12.0])).tolist()
    [0.0, 150.0, 190.0, 270.0]
    """

    km: tuple[float, ...]
    yen: tuple[float, ...]
    through: bool = False

    def fare(self, km: np.ndarray) -> np.ndarray:
        """Yen for each distance in kilometres; a distance of nought costs nothing."""
        km = np.asarray(km, "f8")
        row = np.searchsorted(self.km, km - NEARLY)
        last = len(self.km) - 1
        slope = (self.yen[-1] - self.yen[-2]) / (self.km[-1] - self.km[-2]) if last else 0.0
        beyond = self.yen[-1] + slope * np.maximum(km - self.km[-1], 0.0)
        fare = np.where(
            row > last, np.ceil(beyond / 10 - NEARLY) * 10, np.array(self.yen)[np.minimum(row, last)]
        )
        return np.where(km > 0, fare, 0.0)


@dataclass(frozen=True)
class Stops:
    """Places where lines call; x, y in metres."""

    code: tuple[str, ...]
    name_ja: tuple[str, ...]
    name_en: tuple[str, ...]
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Service:
    """One line in one direction, as :meth:`Transit.of` takes it.

    Attributes
    ----------
    code, name_ja, name_en : of the line
    mode : one of :data:`MODES`
    tariff : name of its tariff
    calls : stop rows in order
    rest : minutes to the next call apart from what streets take, one a call
    metres : to the next call, one a call
    trips : departures by (day, period), of :data:`DAYS` and :data:`PERIODS`
    on : (call, street section, factor) of what streets take; the minutes of a section count times factor
    """

    code: str
    name_ja: str
    name_en: str
    mode: str
    tariff: str
    calls: tuple[int, ...]
    rest: Sequence[float]
    metres: Sequence[float]
    trips: np.ndarray
    on: Sequence[tuple[int, int, float]] = field(default=())


@dataclass(frozen=True)
class Transit:
    """The public transport supply of a city.

    Attributes
    ----------
    stops : places where lines call
    tariffs, tariff_names : fares by distance
    code, name_ja, name_en : of each line
    mode, tariff : row of :data:`MODES` and of ``tariffs`` of each line (u1)
    start : first call of each line, one longer than ``code`` (i8)
    call : stop of each call (i4)
    rest : minutes from each call to the next apart from what streets take
    metres : from each call to the next
    on : (calls, street sections), how often the minutes of a section count on the way to the next call
    trips : departures of each line by day and period, (lines, 2, 3)
    hours : length of each period
    """

    stops: Stops
    tariffs: tuple[Tariff, ...]
    tariff_names: tuple[str, ...]
    code: tuple[str, ...]
    name_ja: tuple[str, ...]
    name_en: tuple[str, ...]
    mode: np.ndarray
    tariff: np.ndarray
    start: np.ndarray
    call: np.ndarray
    rest: np.ndarray
    metres: np.ndarray
    on: csr_array
    trips: np.ndarray
    hours: np.ndarray

    @classmethod
    def of(
        cls, stops: Stops, tariffs: Mapping[str, Tariff], services: Sequence[Service], *,
        hours: Sequence[float], sections: int,
    ) -> Transit:  # fmt: skip
        """Supply of some lines over some stops, in a city with so many street sections.

        Raises
        ------
        KeyError, ValueError : a line names a tariff or a mode there is not
        """
        names = tuple(tariffs)
        start = np.zeros(len(services) + 1, np.int64)
        np.cumsum([len(line.calls) for line in services], out=start[1:])
        on = [
            (first + call, section, factor)
            for first, line in zip(start, services, strict=False)
            for call, section, factor in line.on
        ]
        row, column, value = np.array(on, "f8").reshape(-1, 3).T
        shape = (int(start[-1]), sections)
        return cls(
            stops, tuple(tariffs.values()), names,
            tuple(line.code for line in services), tuple(line.name_ja for line in services),
            tuple(line.name_en for line in services),
            np.array([MODES.index(line.mode) for line in services], "u1"),
            np.array([names.index(line.tariff) for line in services], "u1"),
            start, _chained([line.calls for line in services], "i4"),
            _chained([line.rest for line in services], "f8"),
            _chained([line.metres for line in services], "f8"),
            csr_array((value, (row.astype("i4"), column.astype("i4"))), shape=shape),
            np.array([line.trips for line in services], "f8").reshape(-1, len(DAYS), len(PERIODS)),
            np.array(hours, "f8"),
        )  # fmt: skip

    @classmethod
    def joined(cls, parts: Sequence[Transit]) -> Transit:
        """Several supplies of one city as one; stops of different parts stay apart, however near they lie."""

        def chained(name: str) -> tuple:
            return tuple(one for part in parts for one in attrgetter(name)(part))

        def stacked(name: str, rows_of: str = "") -> np.ndarray:
            """Arrays of all parts; row numbers of a table are moved past those of the parts before."""
            moved = np.cumsum([0] + [len(attrgetter(rows_of)(part)) if rows_of else 0 for part in parts])
            arrays = [attrgetter(name)(part) for part in parts]
            return np.concatenate([array + by for array, by in zip(arrays, moved, strict=False)])

        stops = Stops(
            chained("stops.code"), chained("stops.name_ja"), chained("stops.name_en"),
            stacked("stops.x"), stacked("stops.y"),
        )  # fmt: skip
        calls = np.cumsum([0] + [len(part.call) for part in parts])
        starts = [part.start[:-1] + begin for part, begin in zip(parts, calls, strict=False)]
        return cls(
            stops, chained("tariffs"), chained("tariff_names"), chained("code"), chained("name_ja"), chained("name_en"),
            stacked("mode"), stacked("tariff", "tariffs"), np.append(np.concatenate(starts), calls[-1]),
            stacked("call", "stops.code"), stacked("rest"), stacked("metres"),
            csr_array(vstack([part.on for part in parts])), stacked("trips"), parts[0].hours,
        )  # fmt: skip

    def line(self) -> np.ndarray:
        """Line of each call (i8), the expanded form of ``start``."""
        return np.repeat(np.arange(len(self.code)), np.diff(self.start))

    def minutes(self, street_minutes: np.ndarray) -> np.ndarray:
        """Minutes from each call to the next when street sections take so many minutes."""
        return self.rest + self.on @ street_minutes

    def headway(self, day: str, period: str) -> np.ndarray:
        """Minutes between departures of each line; infinite when it does not run then."""
        trips = self.trips[:, DAYS.index(day), PERIODS.index(period)]
        minutes = 60.0 * self.hours[PERIODS.index(period)]
        return np.divide(minutes, trips, out=np.full(len(trips), np.inf), where=trips > 0)

    def vehicle_km(self, day: str, mode: str | None = None) -> float:
        """Kilometres all vehicles of a mode (or of all) run on a day."""
        length = np.bincount(self.line(), self.metres, len(self.code)) / 1000.0
        mine = np.ones(len(self.code), bool) if mode is None else self.mode == MODES.index(mode)
        return float((length * self.trips[:, DAYS.index(day)].sum(axis=1))[mine].sum())


def _chained(parts: Sequence[Sequence], dtype: str) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype), *(np.asarray(part, dtype) for part in parts)])
