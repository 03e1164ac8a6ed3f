"""The roadmap's cells over many seeds of the areas alone, and what levers do to them: docs/roadmap.md.

    python experiments/roadmap.py [seeds]

Residents are those of one baseline run of 2 % of the city, month by month; areas, teams and money live anew with
each seed. Prints the conditions of the cells that need no citizens, their waiting times and chains, a curve, and
paired differences to the baseline.
"""

from __future__ import annotations

import sys

from rich.console import Console

from twin.analysis import CELLS, Roadmap, areas_alone_runs
from twin.analysis.command import chains, conditions, curves, differences, waits
from twin.facts import Facts
from twin.run.areas_alone import recorded
from twin.run.command import known
from twin.scenarios import Scenario
from twin.verification.engine import city_model
from twin.verification.worlds import city

FRACTION = 0.02
MONTHS = 258  # October 2020 to the end of FY2041
SCENARIOS = ("baseline", "without_architects", "without_city_os", "less_money", "more_pilots")
DRAWN = "A10"  # the cell whose curves are printed


def main(seeds: int = 100) -> None:
    """Run everything and print it."""
    facts, console = Facts.read(), Console(width=150)
    given = recorded(city_model(fraction=FRACTION, months=MONTHS))
    scenarios = {name: Scenario.read(name, facts, known()) for name in SCENARIOS}
    maps = {
        name: Roadmap(areas_alone_runs(city(), given, scenario.facts(facts), range(1, seeds + 1), MONTHS))
        for name, scenario in scenarios.items()
    }
    titles = {name: scenario.title["en"] for name, scenario in scenarios.items()}
    first = maps[SCENARIOS[0]]
    for table in (
        conditions(first, titles[SCENARIOS[0]], CELLS, "en"),
        waits(first, "en"),
        chains(first, "en"),
    ):
        console.print(table)
    for table in curves(first, next(cell for cell in CELLS if cell.id == DRAWN), "en"):
        console.print(table)
    console.print(differences(maps, titles, "en"))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
