"""The public transport of a city: its timetable and GTFS feeds where it has them, else documented lines and the recipe.

A line with a timetable in the city's folder runs by it; feeds with buses replace the modelled buses, since both
together would run twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from twin.city.buses import buses
from twin.city.city import City
from twin.city.sources.gtfs import Feed
from twin.city.trains import trains
from twin.facts import Facts
from twin.network.transit import MODES, Transit


def supply(city: City, facts: Facts, day: date, feeds: Sequence[Feed] = ()) -> Transit:
    """All lines of a city.

    Parameters
    ----------
    city : its railways, streets and towns; a timetable in its folder counts
    facts, day : ``transit.*``, ``skims.outside_*``, ``skims.winding``
    feeds : GTFS feeds read for a weekday and a holiday
    """
    parts = [trains(city, facts, day)]
    parts += [feed.transit(len(city.streets.end), facts, day) for feed in feeds]
    if not any((part.mode == MODES.index("bus")).any() for part in parts):
        parts.append(buses(city, facts, day))
    return Transit.joined(parts)
