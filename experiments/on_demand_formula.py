"""How far the quick formula of an on-demand fleet is from the event simulation, against docs/on_demand.md.

    python experiments/on_demand_formula.py [seeds]

Fleets of three sizes and densities from a fifth to one and a half times what the formula says they can carry;
requests between random points of a square for ten hours, the first not counted. Prints waits and the share
turned away beside the formula, as in the design notes (scatter 1) and with the fact's scatter, and the
scatter that fits best.
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


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
