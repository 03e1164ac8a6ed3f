"""How long ways between zones take by each mode: minutes, waiting, walking, changes, yen, kilometres.

Streets are searched once by length (on foot, by bicycle) and once by the minutes given (car, passenger, taxi),
so that congestion can be handed in; public transport is searched by :mod:`twin.travel.lines`.

Within a zone the way is as long as that between two places in it taken at random, at the slowest street's speed;
nobody takes a train or a bus there. Beyond the city limit ways by road go on at the speeds of ``skims.outside_speed``.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import dijkstra

from twin.city.trains import tariff
from twin.kernels.along import along
from twin.travel.lines import by_lines
from twin.travel.skim import MODES, Skim
from twin.travel.ways import Ways, street_graph


def skims(
    ways: Ways, day: str = "weekday", period: str = "peak", street_minutes: np.ndarray | None = None
) -> dict[str, Skim]:
    """Ways between all zones by each of :data:`twin.travel.skim.MODES`.

    Parameters
    ----------
    ways : zones and networks
    day, period : of :data:`twin.network.transit.DAYS` and ``PERIODS``
    street_minutes : minutes of each street section; when nobody is in the way if left out
    """
    minutes = ways.streets.minutes if street_minutes is None else street_minutes
    found = {**by_road(ways, minutes), **by_lines(ways, day, period, minutes)}
    return {mode: found[mode] for mode in MODES}


def by_road(ways: Ways, street_minutes: np.ndarray) -> dict[str, Skim]:
    """Ways by car, as a passenger, by taxi, by bicycle and on foot."""
    speed, ends = ways.table("outside_speed"), ways.table("drive_ends")
    beyond = ways.zones.beyond[:, None] + ways.zones.beyond
    ride, km = _by_car(ways, street_minutes)
    ride, km = ride + beyond * 60.0 / speed["road"], km + beyond
    nought = np.broadcast_to(0.0, ride.shape)

    def by_car(mode: str, fare: np.ndarray, wait: float = 0.0) -> Skim:
        at_ends = np.broadcast_to(ends[mode], ride.shape)
        return Skim(ride, np.broadcast_to(wait, ride.shape), at_ends, nought, fare, km)

    length = ways.with_inner(ways.metres / 1000.0)
    farther = np.where(beyond > ways.number("outside_reach"), np.inf, beyond)
    by_bike = length * 60.0 / ways.number("bike_speed") + farther * 60.0 / speed["bike"]
    on_foot = length * 60.0 / ways.number("walk_speed") + farther * 60.0 / speed["walk"]
    meter = tariff(ways.facts, "skims.taxi_fare", ways.day).fare(km)
    return {
        "drive": by_car("drive", km * ways.number("car_yen")),
        "passenger": by_car("passenger", nought),
        "taxi": by_car("taxi", meter, ways.number("taxi_wait")),
        "bike": Skim(
            by_bike, nought, np.broadcast_to(ends["bike"], ride.shape), nought, nought, length + farther
        ),
        "walk": Skim(
            np.where(np.isfinite(on_foot), 0.0, np.inf), nought, on_foot, nought, nought, length + farther
        ),
    }


def _by_car(ways: Ways, street_minutes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Minutes and kilometres by car between zones, without what lies beyond the city limit."""
    streets, zones = ways.streets, ways.zones
    crossing, row = np.unique(zones.crossing, return_inverse=True)
    ride, before = dijkstra(street_graph(streets, street_minutes), indices=crossing, return_predecessors=True)
    nodes = crossing.astype(np.int64)
    metres = along(streets.start, streets.end, streets.length[:, None], before, nodes, nodes)[:, :, 0]
    slowest = 60.0 / streets.speed.min()  # minutes a kilometre
    ends = (zones.apart[:, None] + zones.apart) / 1000.0
    km = ways.with_inner(metres[row][:, row] / 1000.0 + ends)
    minutes = ride[:, crossing][row][:, row] + ends * slowest
    np.fill_diagonal(minutes, np.diagonal(km) * slowest)
    return minutes, km
