"""How far the quick formula of an on-demand fleet is from the event simulation, against docs/on_demand.md.

    python experiments/on_demand_formula.py [seeds]

Fleets of three sizes and densities from a fifth to one and a half times what the formula says they can carry;
requests between random points of a square for ten hours, the first not counted. Prints waits and the share
turned away beside the formula, as in the design notes (scatter 1) and with the fact's scatter, and the
scatter that fits best; then how far off standing vehicles are that are sent and dropped at once.
"""

from __future__ import annotations

import math
import sys
from datetime import date

import numpy as np

from twin.chance import Chance
from twin.facts import Facts
from twin.travel.dispatch import Rules, simulate
from twin.travel.fleet import Fleet, serve
from twin.travel.rides import HOUR, MINUTE, depots, random_requests
from twin.travel.waiting import nearest

DAY = date(2022, 4, 1)
FLEETS = ((4, 10.0), (10, 30.0), (20, 30.0), (40, 30.0))  # vehicles, square kilometres
LOADS = (0.2, 0.4, 0.6, 0.8, 0.95, 1.2, 1.5)
CALM = 0.6  # load up to which scatter is fitted: above, more riders share than the formula knows
HOURS = 10.0


def lived(fleet: Fleet, rate: float, rules: Rules, seed: int) -> np.ndarray:
    """Wait of those served, share turned away, detour, occupancy and share of time driven of one day."""
    chance, side = Chance(seed), math.sqrt(fleet.area)
    day = simulate(random_requests(chance, rate, HOURS, side), depots(chance, fleet.vehicles, side), rules)
    later = day.requests.at > HOUR
    wait = (day.fetched - day.requests.at)[later & day.served].mean() / MINUTE
    driven = day.driven / (fleet.vehicles * HOURS * HOUR)
    return np.array([wait, 1 - day.served[later].mean(), day.detour, day.occupancy, driven])


def sent_and_dropped(vehicles: int, edge: bool, anew: bool, requests: int = 30_000) -> float:
    """Mean distance to the nearest over the formula, when each request drops its vehicle anywhere.

    ``anew`` scatters all vehicles again before every request; without an ``edge`` the square is a torus.
    """
    chance, ids = Chance(1), np.arange(requests)
    person, drop = (
        np.column_stack([chance.uniform(f"standing: {what}, {axis}", 0, ids) for axis in "xy"])
        for what in ("person", "drop")
    )
    place, away = depots(chance, vehicles, 1.0), np.empty(requests)
    for r in range(requests):
        if anew:
            place = np.column_stack([chance.uniform(f"standing: {axis}", r, ids[:vehicles]) for axis in "xy"])
        apart = np.abs(place - person[r])
        apart = (apart if edge else np.minimum(apart, 1 - apart)).sum(axis=1)
        nearest_one = apart.argmin()
        away[r], place[nearest_one] = apart[nearest_one], drop[r]
    return away[requests // 30 :].mean() / nearest(1.0, vehicles)


def main(seeds: int) -> None:
    """Print the table and the best scatter."""
    facts = Facts.read()
    rules, calm = Rules.read(facts, DAY), []
    print(
        "| vehicles | km2 | load | riders/h | wait, min | notes | facts | refused | formula | detour | occupancy | driven |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for vehicles, area in FLEETS:
        fleet = Fleet.read(facts, DAY, vehicles, area, trip=2 / 3 * math.sqrt(area))
        notes = fleet._replace(scatter=1.0)
        for load in LOADS:
            rate = load * fleet.capacity
            wait, refused, detour, occupancy, driven = np.mean(
                [lived(fleet, rate, rules, seed) for seed in range(seeds)], axis=0
            )
            plain, ours = serve(notes, rate), serve(fleet, rate)
            if load <= CALM:
                calm.append((wait - plain.queue) / plain.pickup)
            print(
                f"| {vehicles} | {area:.0f} | {load} | {rate:.1f} | {wait:.1f} | {plain.wait:.1f} | {ours.wait:.1f} "
                f"| {refused:.1%} | {plain.unserved / rate:.1%} | {detour:.2f} | {occupancy:.2f} | {driven:.0%} |"
            )
    print(
        f"\nscatter that fits up to a load of {CALM}: {np.mean(calm):.2f} ({min(calm):.2f} to {max(calm):.2f})"
    )

    print(
        "\n| vehicles standing | scattered anew, no edge | with an edge | sent and dropped, no edge | with an edge |"
    )
    print("|---|---|---|---|---|")
    for vehicles in (10, 20, 40):
        ratios = [sent_and_dropped(vehicles, edge, anew) for anew in (True, False) for edge in (False, True)]
        print(f"| {vehicles} | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
