"""Fares of a GTFS feed as fares by distance.

A feed gives a price for the whole network, for a route, or for pairs of zones. A tariff here is yen by distance, so
pairs become the median price of the pairs in each class of distance, never falling with distance; a single price
holds for any distance. A feed without fares takes those of the facts, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from twin.city.sources.feed_tables import Table, Tables
from twin.city.trains import tariff
from twin.errors import CityError, Problems
from twin.facts import Facts
from twin.network.transit import Stops, Tariff
from twin.scenarios.remark import Remark

CLASSES = np.array([1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0])  # km
DOCUMENTED = "documented"  # the tariff of routes the feed has no price for

Price = tuple[float, str, str]  # yen, zone of getting on, zone of getting off; "" is any zone


def tariffs_of(
    path: Path, tables: Tables, stops: Stops, facts: Facts, day: date, remarks: list[Remark]
) -> tuple[dict[str, Tariff], dict[str, str]]:
    """Tariffs by name, and the name of each route's tariff.

    Raises
    ------
    CityError, ManyProblems : a price is negative or no number, or not in yen
    """
    prices = _prices(tables["fare_attributes"]) if "fare_attributes" in tables else {}
    middle = _zones(tables["stops"], stops)
    tariffs: dict[str, Tariff] = {}
    named: dict[str, str] = {}
    for route in tables["routes"].column("route_id"):
        mine = _of_route(prices, tables.get("fare_rules"), route)
        named[route] = f"{path.name}/{route}" if mine else DOCUMENTED
        if mine:
            tariffs[named[route]] = _by_distance(mine, middle)
    if missing := sum(name == DOCUMENTED for name in named.values()):
        remarks.append(Remark("gtfs.no_fare", path.name, {"count": missing, "of": len(named)}))
        tariffs[DOCUMENTED] = tariff(facts, "transit.fare.bus", day)
    return tariffs, named


def _prices(table: Table) -> dict[str, float]:
    """Yen by fare, each a number of nought or more, in yen."""
    problems = Problems()
    prices = {}
    for line, row in table.rows:
        try:
            price = float(row["price"])
        except ValueError:
            price = np.nan
        if not (np.isfinite(price) and price >= 0):
            problems.append(CityError("gtfs.price", where=table.at(line), found=row["price"]))
        if row["currency_type"] != "JPY":
            problems.append(CityError("gtfs.currency", where=table.at(line), found=row["currency_type"]))
        prices[row["fare_id"]] = price
    problems.stop_if_any()
    return prices


def _zones(table: Table, stops: Stops) -> dict[str, tuple[float, float]]:
    """Middle of the stops of each fare zone; a stop is its own zone where the feed names none."""
    zone = np.array([row.get("zone_id") or row["stop_id"] for row in table])
    return {
        name: (stops.x[zone == name].mean(), stops.y[zone == name].mean())
        for name in np.unique(zone).tolist()
    }


def _of_route(prices: Mapping[str, float], rules: Table | None, route: str) -> list[Price]:
    """Fares that hold on a route; without rules a single price holds everywhere."""
    if rules is None or not rules.rows:
        return [(price, "", "") for price in prices.values()] if len(prices) == 1 else []
    return [
        (prices[rule["fare_id"]], rule.get("origin_id", ""), rule.get("destination_id", ""))
        for rule in rules
        if rule.get("route_id", "") in ("", route)
    ]


def _by_distance(fares: list[Price], middle: Mapping[str, tuple[float, float]]) -> Tariff:
    """Fares as steps by distance: the median of the pairs of zones in each class, or of all prices without pairs."""
    pairs = [
        (price, *middle[begin], *middle[end])
        for price, begin, end in fares
        if begin in middle and end in middle
    ]
    if not pairs:
        return Tariff((np.inf,), (float(np.median([price for price, _, _ in fares])),))
    price, x, y, other_x, other_y = np.array(pairs).T
    km = np.hypot(x - other_x, y - other_y) / 1000.0
    band = np.searchsorted(CLASSES, km)
    bands = np.unique(band)
    yen = np.maximum.accumulate([np.median(price[band == one]) for one in bands])
    up_to = np.append(CLASSES, max(km.max(), CLASSES[-1] + 1.0))[bands]
    return Tariff(tuple(up_to.tolist()), tuple(yen.tolist()))
