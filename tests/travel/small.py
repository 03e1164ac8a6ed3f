"""A street of four towns two kilometres apart, with whatever lines a test wants on it."""

from datetime import date

import numpy as np

from twin.city.city import Areas, City, Stations, Towns, Wards
from twin.facts import Change, Facts
from twin.network.streets import Streets
from twin.network.transit import Service, Stops, Tariff, Transit
from twin.travel.ways import Ways

DAY = date(2024, 4, 1)
X, Y = np.arange(4) * 2000.0, np.zeros(4)
FLAT = {"flat": Tariff((np.inf,), (200.0,)), "km": Tariff((3.0, 6.0), (150.0, 190.0), through=True)}
# What the tests reckon with, whatever the facts say one day.
ROUND = {
    "skims.walk_speed": 4.8, "skims.bike_speed": 12.0, "skims.wait_share": 0.5, "skims.longest_wait": 10.0,
    "skims.taxi_wait": 7.0, "skims.car_yen": 12.0, "skims.within": 0.9054, "skims.winding": 1.29,
    "skims.search": {"wait": 2.0, "walk": 1.8, "boarding": 8.0}, "skims.entrance": {"rail": 2.0, "bus": 0.0},
    "skims.to_stop": {"rail": 2000.0, "bus": 700.0},
    "skims.drive_ends": {"drive": 4.0, "passenger": 2.0, "taxi": 1.0, "bike": 2.0},
    "skims.taxi_fare": {"1.1": 500.0, "1.36": 600.0},
}  # fmt: skip


def facts():
    """The packaged facts, those the tests reckon with set to round numbers."""
    return Facts.read().changed([Change(key, value, since=date.min) for key, value in ROUND.items()])


def city(streets=None):
    """Four towns along one street; no railways, no buses."""
    one = np.zeros(1)
    towns = Towns(
        tuple("abcd"), tuple("甲乙丙丁"), tuple("abcd"), np.zeros(4, "u1"), np.zeros(4, "u1"), X, Y,
        np.array([1000.0, 2000.0, 3000.0, 4000.0]), np.full(4, 300.0),
    )  # fmt: skip
    wards, areas = (
        Wards(("12101",), ("区",), ("Ward",)),
        Areas(("A",), ("甲",), ("A",), one.astype("u1"), one, one),
    )
    return City(
        "小市", "Small", "12100", "embedded", wards, areas, towns, "", Stations(), streets=streets or street()
    )  # fmt: skip


def street(gap=()):
    """The street, 30 km/h; without the sections named by their first town."""
    first = [n for n in "abc" if n not in gap]
    second = [chr(ord(n) + 1) for n in first]
    size = len(first)
    return Streets.of(
        tuple("abcd"), X, Y, first, second, length=[2000.0] * size, lanes=[1] * size, capacity=[500.0] * size,
        speed=[30.0] * size, level=[3] * size,
    )  # fmt: skip


def line(code, calls, minutes, an_hour, mode="rail", tariff="flat", on=()):
    """A line over towns (rows) with so many minutes a leg and departures an hour, in all periods."""
    metres = [*(abs(X[b] - X[a]) for a, b in zip(calls, calls[1:], strict=False)), 0.0]
    trips = np.full((2, 3), an_hour) * np.array([4.0, 8.0, 7.0])
    return Service(code, code, code, mode, tariff, tuple(calls), [*minutes, 0.0], metres, trips, on)


def supply(*services, streets=None):
    """Lines that call at the towns' middles."""
    stops = Stops(tuple("abcd"), tuple("甲乙丙丁"), tuple("abcd"), X, Y)
    sections = len((streets or street()).end)
    return Transit.of(stops, FLAT, services, hours=(4.0, 8.0, 7.0), sections=sections)


def ways(*services, streets=None):
    """Ways of the small city with those lines."""
    return Ways.of(city(streets), supply(*services, streets=streets), facts(), DAY)
