"""The roadmap's cells over many seeds of the areas alone: docs/roadmap.md.

    python experiments/roadmap.py [seeds]

Residents are those of one baseline run of 2 % of the city, month by month; areas, teams and money live anew with
each seed. Prints the conditions of the cells, their waiting times, chains and curves. What levers do to them:
experiments/spread_levers.py.
"""

from __future__ import annotations

import sys

from rich.console import Console

from twin.analysis import CELLS, Roadmap, areas_alone_runs
from twin.analysis.command import chains, conditions, curves, waits
from twin.facts import Facts
from twin.run.areas_alone import recorded
from twin.run.command import known
from twin.scenarios import Scenario
from twin.verification.engine import city_model
from twin.verification.worlds import city

FRACTION = 0.02
MONTHS = 258  # October 2020 to the end of FY2041


def main(seeds: int = 100) -> None:
    """Run everything and print it."""
    facts, console = Facts.read(), Console(width=150)
    scenario = Scenario.read("baseline", facts, known())
    given = recorded(city_model(fraction=FRACTION, months=MONTHS))
    roadmap = Roadmap(areas_alone_runs(city(), given, scenario.facts(facts), range(1, seeds + 1), MONTHS))
    for table in (
        conditions(roadmap, scenario.title["en"], CELLS, "en"),
        waits(roadmap, "en"),
        chains(roadmap, "en"),
    ):
        console.print(table)
    for table in (table for cell in CELLS for table in curves(roadmap, cell, "en")):
        console.print(table)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
