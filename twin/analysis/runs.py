"""Runs for the roadmap: those of a results folder, and those of the areas alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from twin.analysis.log import NAMES, Log
from twin.analysis.outcome import Run
from twin.city.city import City
from twin.errors import InputError
from twin.facts import Facts
from twin.results import Results
from twin.run.areas_alone import CENSUS, AreasAlone, areas_alone
from twin.run.single import places_of
from twin.scenarios import Scenario, library

if TYPE_CHECKING:
    from twin.results.ledger import Places

SUPPLY = "spread.supply"
_SPREAD = "spread"


def runs_of(results: Results, scenario: str) -> list[Run]:
    """A scenario's runs, each beside the same seed's run without the areas' services where the results hold one.

    Raises
    ------
    InputError
        The results hold no such scenario.
    """
    if scenario not in results.scenarios:
        raise InputError("roadmap.no_scenario", found=scenario, known=", ".join(results.scenarios))
    plain = plain_of(results, scenario)
    places = places_of(_city(results))
    found = []
    for seed in results.seeds:
        without = dict(_logs(results, plain, seed, places)) if plain else {}
        for draw, log in _logs(results, scenario, seed, places, without):
            found.append(Run(draw, seed, log))
    return found


def plain_of(results: Results, scenario: str) -> str:
    """The scenario that differs from one in nothing but that areas have no services of their own; "" if none does."""
    made = {entry["id"]: entry for entry in results.made["scenarios"]}
    this = made.pop(scenario)
    for name, other in made.items():
        without = _SPREAD not in other["processes"] or SUPPLY in other["off"]
        if without and _same_but_spread(this, other) and _same_facts(results, this, other):
            return name
    return ""


def areas_alone_runs(
    city: City, given: Sequence[np.ndarray], facts: Facts, seeds: Iterable[int], months: int, *,
    off: Iterable[str] = (), census: date = CENSUS,
) -> list[Run]:  # fmt: skip
    """Runs of the areas alone (:func:`twin.run.areas_alone.areas_alone`): what citizens feel or use is missing there."""
    found = []
    for seed in seeds:
        model = areas_alone(city, given, facts, seed, off=off, census=census)
        model.live(months)
        found.append(run_alone(model, seed))
    return found


def run_alone(model: AreasAlone, seed: int) -> Run:
    """What the areas alone have written down so far, as a run."""
    places = places_of(model.city)
    return Run(
        0, seed, Log.of(model.ledger.table({"scenario": "", "draw": 0, "seed": seed}, places, (), ()), places)
    )


def _logs(
    results: Results, scenario: str, seed: int, places: Places, plain: dict[int, Log] | None = None
) -> Iterable[tuple[int, Log]]:
    """Draw and log of every run in one file of results."""
    table = results.run(scenario, seed, NAMES)
    for draw, rows in table.groupby("draw"):
        yield int(draw), Log.of(rows, places, (plain or {}).get(int(draw)))  # type: ignore[arg-type]


def _city(results: Results) -> City:
    home = results.folder / "city"
    return City.open(home) if home.is_dir() else City.embedded()


def _facts(results: Results, made: dict) -> Facts | None:
    """The facts a scenario's runs lived with; None where its file, or the packaged one, is no longer what was run."""
    home = results.folder / "scenarios" / f"{made['id']}.toml"
    scenario = Scenario.read(made["id"] if made["id"] in library() else home, results.facts)
    return scenario.facts(results.facts) if scenario.sha256() == made["sha256"] else None


def _same_but_spread(one: dict, other: dict) -> bool:
    """Whether two scenarios have the same clock, and the same processes and switches but for the spread."""
    clock = all(one[name] == other[name] for name in ("census", "start"))
    processes = [[p for p in entry["processes"] if p != _SPREAD] for entry in (one, other)]
    off = [{name for name in entry["off"] if not name.startswith(f"{_SPREAD}.")} for entry in (one, other)]
    return clock and processes[0] == processes[1] and off[0] == off[1]


def _same_facts(results: Results, one: dict, other: dict) -> bool:
    """Whether two scenarios' facts are known to agree but for those of the spread."""
    mine, theirs = (_facts(results, entry) for entry in (one, other))
    if mine is None or theirs is None:
        return False
    return all(mine[key] == theirs[key] for key in mine if not key.startswith(f"{_SPREAD}."))
