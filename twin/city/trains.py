"""Trains and monorail of a city: lines of its folder with documented frequencies, speeds and fares.

The folder knows which stations a line calls at; how often, how fast and at what fare are facts
(``twin/facts/transit.toml``), by service. A service runs a line or a part of it: two in three trains
of the monorail's line 1 end at Chiba. Minutes between stations are the straight line
at the service's speed plus what each stop costs. A line that ends just beyond the city limit on the way to a
place outside (Tokyo) runs on to it, so that nobody has to change where the city's data end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import numpy as np

from twin.city.city import City
from twin.city.sources.timetable import trips_of
from twin.city.sources.trips import services_of
from twin.facts import Facts
from twin.network.transit import DAYS, PERIODS, Service, Stops, Tariff, Transit

# What a line's code in a city's folder means: services, each with the stations it runs between ("" is the end).
CHIBA = "千葉"
SERVICES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "CM-1": (("monorail 1", "", ""), ("monorail 1 short", "", CHIBA)),
    "CM-2": (("monorail 2", "", ""),),
    "JR-KY": (("keiyo", "", ""),),
    "JR-SL": (("sobu local", "", ""),),
    "JR-SO": (("sotobo", "", ""),),
    "JR-SR": (("sobu rapid", "", CHIBA), ("sobu main", CHIBA, "")),
    "JR-UC": (("uchibo", "", ""),),
    "KS-CB": (("keisei chiba", "", ""),),
    "KS-CH": (("keisei chihara", "", ""),),
    "ChibaMonorail.Line1": (("monorail 1", "", ""), ("monorail 1 short", "", CHIBA)),
    "ChibaMonorail.Line2": (("monorail 2", "", ""),),
    "JR-East.ChuoSobuLocal": (("sobu local", "", ""),),
    "JR-East.Keiyo": (("keiyo", "", ""),),
    "JR-East.KeiyoKoyaBranch": (("musashino", "", ""),),
    "JR-East.Sobu": (("sobu main", "", ""),),
    "JR-East.SobuRapid": (("sobu rapid", "", CHIBA),),  # what runs on is counted in the main line
    "JR-East.Sotobo": (("sotobo", "", ""),),
    "JR-East.Uchibo": (("uchibo", "", ""),),
    "Keisei.Chiba": (("keisei chiba", "", ""),),
    "Keisei.Chihara": (("keisei chihara", "", ""),),
}
FARES = {
    "東日本旅客鉄道": "jr", "JR-East": "jr", "京成電鉄": "keisei", "Keisei": "keisei",
    "千葉都市モノレール": "monorail", "ChibaMonorail": "monorail",
}  # fmt: skip
JR, OTHER = "jr", "other"  # a line or an operator not listed: the facts' middling service, the fares of JR


def trains(city: City, facts: Facts, day: date) -> Transit:
    """Railways of a city as a supply; a line with a timetable in the city's folder runs by it.

    Parameters
    ----------
    city : stations and lines
    facts, day : ``transit.*``, ``skims.outside_*``
    """
    stops = stations_and_beyond(city, facts, day)
    tariffs = {name: tariff(facts, f"transit.fare.{name}", day, True) for name in sorted(set(FARES.values()))}
    trips = trips_of(city, [FARES.get(operator, JR) for operator in city.lines.operator])
    known, winding = {trip.line for trip in trips}, facts.number("transit.rail.winding", day)
    documented = [
        one
        for row, code in enumerate(city.lines.code)
        if code not in known
        for one in _services(city, row, stops, facts, day)
    ]
    services = [*documented, *services_of(trips, stops.x, stops.y, winding, facts, day)]
    return Transit.of(
        stops, tariffs, services, hours=hours(facts, day), sections=len(city.streets.end)
    )  # fmt: skip


def stations_and_beyond(city: City, facts: Facts, day: date) -> Stops:
    """The city's stations in their order, then places outside (``skims.outside_x``) in order of name."""
    east, north = facts.table("skims.outside_x", day), facts.table("skims.outside_y", day)
    names = sorted(east)
    return Stops(
        (*city.stations.code, *names), (*city.stations.name_ja, *names), (*city.stations.name_en, *names),
        np.append(city.stations.x, [east[name] for name in names]),
        np.append(city.stations.y, [north[name] for name in names]),
    )  # fmt: skip


def hours(facts: Facts, day: date) -> tuple[float, float, float]:
    """Hours of the peak, the day between the peaks, and the evening (with the early morning)."""
    clock = facts.table("transit.clock", day)
    peak = clock["forenoon"] - clock["morning"] + clock["night"] - clock["afternoon"]
    between = clock["afternoon"] - clock["forenoon"]
    return peak, between, clock["last"] - clock["first"] - peak - between


def tariff(facts: Facts, key: str, day: date, through: bool = False) -> Tariff:
    """The fares of a fact, a table of yen by the kilometres each holds up to."""
    steps = sorted((float(km), yen) for km, yen in facts.table(key, day).items())
    return Tariff(tuple(km for km, _ in steps), tuple(yen for _, yen in steps), through)


def _services(city: City, row: int, stops: Stops, facts: Facts, day: date) -> Iterator[Service]:
    """Both directions of each service of one line."""
    lines, called = city.lines, city.lines.stations[row]
    names = [city.stations.name_ja[stop] for stop in called]
    for label, first, last in SERVICES.get(lines.code[row], ((OTHER, "", ""),)):
        part = list(called[names.index(first) if first else 0 : names.index(last) + 1 if last else None])
        known = "monorail" if label.startswith("monorail") else "rail"
        calls = part if known == "monorail" else _running_on(city, part, label, stops, facts, day)
        length, minutes = _legs(len(city.stations.code), calls, stops, label, known, facts, day)
        for way, order in (("", 1), ("'", -1)):
            yield Service(
                f"{lines.code[row]}/{label}{way}", lines.name_ja[row], lines.name_en[row], "rail",
                FARES.get(lines.operator[row], JR), tuple(calls[::order]),
                rest=[*minutes[::order], 0.0], metres=[*length[::order], 0.0],
                trips=_trips(label, known, facts, day),
            )  # fmt: skip


def _running_on(
    city: City, part: list[int], label: str, stops: Stops, facts: Facts, day: date
) -> list[int]:  # fmt: skip
    """A part of a line, with the place outside its trains run on to in front when an end leads there.

    An end leads to a place when it lies outside the city and nearer to it than the middle of the people.
    """
    if not facts.table("transit.rail.beyond", day).get(label, 0.0):
        return part
    middle = np.average([city.towns.x, city.towns.y], axis=1, weights=city.towns.people)
    for gate, order in ((part[0], 1), (part[-1], -1)):
        for place in range(len(city.stations.code), len(stops.code)):
            x, y = stops.x[place], stops.y[place]
            nearer = np.hypot(x - stops.x[gate], y - stops.y[gate]) < np.hypot(x - middle[0], y - middle[1])
            if city.stations.ward[gate] < 0 and nearer:
                return [place, *part[::order]]
    return part


def _legs(
    inside: int, calls: list[int], stops: Stops, label: str, known: str, facts: Facts, day: date
) -> tuple[np.ndarray, np.ndarray]:
    """Metres and minutes from each call to the next; legs to places outside have a speed of their own."""
    x, y = stops.x[calls], stops.y[calls]
    straight = np.hypot(np.diff(x), np.diff(y))
    speed = (
        facts.number("transit.monorail.speed", day)
        if known == "monorail"
        else facts.table("transit.rail.speed", day)[label]
    )
    minutes = straight * 60.0 / (1000.0 * speed) + facts.number(f"transit.{known}.stop", day)
    away = np.array([max(pair) >= inside for pair in pairwise(calls)], bool)
    length = straight * facts.number("transit.rail.winding", day)
    if away.any():
        minutes[away] = length[away] * 60.0 / (1000.0 * facts.table("transit.rail.beyond", day)[label])
    return length, minutes


def _trips(label: str, known: str, facts: Facts, day: date) -> np.ndarray:
    """Departures of each period of a weekday and a holiday."""
    an_hour = [facts.table(f"transit.{known}.{period}", day)[label] for period in PERIODS]
    holiday = facts.table(f"transit.{known}.holiday", day)[label]
    return np.array([an_hour, [holiday] * len(PERIODS)]).reshape(len(DAYS), -1) * hours(facts, day)
