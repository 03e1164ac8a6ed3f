"""Direct rides: from every stop to every stop a line leads to without changing.

Lines of one operator that lead from one stop to another are waited for together (common lines, Chriqui and
Robillard 1975): whoever stands at the stop takes whichever of the good ones comes first. A line is good when
taking it too makes waiting and riding shorter. Waiting for lines with F departures an hour takes
``wait_share`` x 60 / F minutes, at most ``longest_wait``, since where lines run seldom people look at the timetable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.facts import Facts
from twin.network.transit import Transit


@dataclass(frozen=True)
class Rides:
    """Direct rides of one period, one row for each pair of stops, mode and tariff.

    Attributes
    ----------
    begin, end : stop rows
    mode, tariff : row of :data:`twin.network.transit.MODES` and of the supply's tariffs
    wait, ride : minutes
    km : kilometres along the line
    """

    begin: np.ndarray
    end: np.ndarray
    mode: np.ndarray
    tariff: np.ndarray
    wait: np.ndarray
    ride: np.ndarray
    km: np.ndarray


@dataclass(frozen=True)
class Waiting:
    """How people wait: share of the headway, at most so many minutes, each weighing like so many of riding."""

    share: float
    longest: float
    weight: float

    @classmethod
    def of(cls, facts: Facts, day: date) -> Waiting:
        """As ``skims.wait_share``, ``skims.longest_wait`` and ``skims.search`` say."""
        weight = facts.table("skims.search", day)["wait"]
        return cls(facts.number("skims.wait_share", day), facts.number("skims.longest_wait", day), weight)

    def minutes(self, an_hour: np.ndarray) -> np.ndarray:
        """Mean minutes of waiting for lines with so many departures an hour together."""
        return np.minimum(self.share * 60.0 / an_hour, self.longest)


def rides_of(
    transit: Transit, street_minutes: np.ndarray, day: str, period: str, waiting: Waiting
) -> Rides:  # fmt: skip
    """Direct rides of a period of a weekday or holiday when street sections take so many minutes."""
    line, first, last = _pairs(transit, day, period)
    minutes, metres = (
        np.append(0.0, np.cumsum(transit.minutes(street_minutes))),
        np.append(0.0, np.cumsum(transit.metres)),
    )
    ride, km = minutes[last] - minutes[first], (metres[last] - metres[first]) / 1000.0
    begin, end = transit.call[first].astype(np.int64), transit.call[last].astype(np.int64)
    key = np.column_stack([begin, end, transit.mode[line], transit.tariff[line]])
    moves = begin != end
    an_hour = 60.0 / transit.headway(day, period)[line]
    order = np.lexsort((ride, *key.T[::-1]))
    order = order[moves[order]]
    group, place = _groups(key[order])
    count, mean, dist = _common(group, place, ride[order], km[order], an_hour[order], waiting)
    one = order[place == 0]
    return Rides(begin[one], end[one], key[one, 2], key[one, 3], waiting.minutes(count), mean, dist)


def _pairs(transit: Transit, day: str, period: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Line, and call rows of getting on and off, of every direct ride on lines that run then."""
    runs = np.flatnonzero(np.isfinite(transit.headway(day, period)))
    pairs = {size: np.triu_indices(size, 1) for size in np.unique(np.diff(transit.start)[runs])}
    begin, size = transit.start[runs], np.diff(transit.start)[runs]
    first = [start + pairs[calls][0] for start, calls in zip(begin, size, strict=True)]
    last = [start + pairs[calls][1] for start, calls in zip(begin, size, strict=True)]
    nothing = np.zeros(0, np.int64)
    line = np.repeat(runs, [len(part) for part in first])
    return line, np.concatenate([nothing, *first]), np.concatenate([nothing, *last])


def _groups(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of the group of equal neighbouring rows each row belongs to, and its place in the group."""
    new = np.ones(len(key), bool)
    new[1:] = (key[1:] != key[:-1]).any(axis=1)
    group = np.cumsum(new) - 1
    return group, np.arange(len(key)) - np.flatnonzero(new)[group]


def _common(
    group: np.ndarray,
    place: np.ndarray,
    ride: np.ndarray,
    km: np.ndarray,
    an_hour: np.ndarray,
    waiting: Waiting,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Departures an hour, mean minutes and mean kilometres of the good lines of each group.

    Rows of a group rise by minutes; a line is taken in while it makes waiting and riding together shorter.
    """
    groups = group[-1] + 1 if len(group) else 0
    count, minutes, distance = np.zeros(groups), np.zeros(groups), np.zeros(groups)
    cost = np.full(groups, np.inf)
    for round_ in range(place.max() + 1 if len(place) else 0):
        row = np.flatnonzero(place == round_)
        mine = group[row]
        more = count[mine] + an_hour[row]
        longer = minutes[mine] + an_hour[row] * ride[row]
        new = waiting.weight * waiting.minutes(more) + longer / more
        good = new < cost[mine]
        row, mine = row[good], mine[good]
        cost[mine], count[mine], minutes[mine] = new[good], more[good], longer[good]
        distance[mine] += an_hour[row] * km[row]
    return count, minutes / count, distance / count
