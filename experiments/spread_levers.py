"""What the levers of the small start do: paired seeds of the areas alone, against docs/spread.md.

    python experiments/spread_levers.py [seeds] [workers]

Residents are those of one run of 2 % of the city without areas' own services, month by month; areas, teams and money live anew
with each seed. Prints how each lever moves how far the small start has come and the cells of the roadmap that need
no citizens, with 90 % intervals of the paired differences, and how long 200 seeds of 240 months take.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from scipy.stats import t as student

from twin.analysis import Roadmap, run_alone
from twin.analysis.probability import difference as against
from twin.analysis.probability import probability
from twin.facts import Facts
from twin.processes.spread.events import PREFIX
from twin.run.areas_alone import AreasAlone, areas_alone, recorded
from twin.run.command import known
from twin.scenarios import Scenario
from twin.units import fiscal_year_end
from twin.verification.engine import city_model
from twin.verification.worlds import city

FRACTION = 0.02
MONTHS = 258  # October 2020 to the end of FY2041
LEADING = "12106A02"
SCENARIOS = ("baseline", "without_architects", "without_city_os", "less_money", "more_pilots")
MARKS = (2026, 2031, 2041)
CELLS = ("P5", "A5", "D5", "A10", "D10")  # the others ask citizens
OFF = {"no reference, no bandwagon": ("spread.reference", "spread.bandwagon")}


def outcomes(model: AreasAlone) -> dict[str, np.ndarray]:
    """What is asked, at the end of each year of MARKS."""
    flows = {name: np.array(past) for name, past in model.ledger.flows.items()}
    at = [fiscal_year_end(year) - model.ledger.months[0] for year in MARKS]
    lead = model.city.areas.code.index(LEADING)
    people = np.stack([flows[f"people_step{k}"].sum(axis=1) for k in range(4)])
    pieces = {month: value for month, name, *_, value, _ in model.ledger.notes if name == "largest_piece"}
    independent = flows["areas_independent"].sum(axis=1)
    return {
        "leading area at STEP2 or more": (flows["areas_step2"] + flows["areas_step3"])[at, lead],
        "share of residents at STEP2 or more": (people[2:].sum(axis=0) / people.sum(axis=0))[at],
        "areas with something live": (flows["services_live"] > 0).sum(axis=1)[at],
        "services live": flows["services_live"].sum(axis=1)[at],
        "at least one team independent": independent[at] >= 1,
        "at least three teams independent": independent[at] >= 3,
        "uses by residents of other areas": np.array([_elsewhere(flows, end) for end in at]),
        "plane": np.array([pieces[fiscal_year_end(year)] >= 0.8 for year in MARKS]),
        "ended or failed so far": np.array([_ended(model, fiscal_year_end(year)) for year in MARKS]),
    }  # fmt: skip


def cells(model: AreasAlone, seed: int) -> np.ndarray:
    """Which cells of the roadmap hold at the end of their column, and which have held by the end of the run."""
    roadmap = Roadmap([run_alone(model, seed)])
    waits = [roadmap.outcome(cell).waiting for cell in CELLS]
    held = [roadmap.held(cell) for cell in CELLS]
    return np.array(
        [[h is not None and h[0], w is not None and w.reached] for h, w in zip(held, waits, strict=True)]
    )


def _elsewhere(flows: dict[str, np.ndarray], end: int) -> float:
    """Uses of areas' services by residents of other areas, as a share of all uses of the year."""
    away, every = (flows[name][end - 11 : end + 1].sum() for name in ("uses_elsewhere", "uses_all"))
    return float(away / max(every, 1))


def _ended(model: AreasAlone, month: int) -> int:
    kinds = {PREFIX + kind for kind in ("failed", "ended_money", "ended_users")}
    return sum(note[0] <= month and note[1] in kinds for note in model.ledger.notes)


_residents: list[np.ndarray] = []  # of each month, handed to a worker once


def take(given: list[np.ndarray]) -> None:
    """Keep the residents in a worker."""
    _residents[:] = given


def lives(facts: Facts, off: Iterable[str], seed: int) -> dict[str, np.ndarray]:
    """One seed's outcomes."""
    model = areas_alone(city(), _residents, facts, seed, off=off)
    model.live(MONTHS)
    return outcomes(model) | {"cells": cells(model, seed)}


def difference(a: np.ndarray, b: np.ndarray) -> str:
    """Mean of a - b over seeds with its 90 % interval."""
    found = a.astype(float) - b.astype(float)
    half = student.ppf(0.95, len(found) - 1) * found.std(ddof=1) / len(found) ** 0.5
    return f"{found.mean():+.3g} [{found.mean() - half:+.3g}, {found.mean() + half:+.3g}]"


def print_cells(found: dict[str, dict[str, np.ndarray]]) -> None:
    """The probability of each cell in the baseline, and each lever's paired difference to it."""
    base, *others = found.values()
    for k, when in enumerate(("at the end of its column", "by FY2041")):
        print(f"\n| {when} | " + " | ".join(found) + " |\n|---|" + "---|" * len(found))
        for n, cell in enumerate(CELLS):
            held, unit = base["cells"][:, n, k], np.arange(len(base["cells"]))
            told = [
                probability(held, unit),
                *(against(other["cells"][:, n, k], held, unit) for other in others),
            ]
            print(
                f"| {cell} | " + " | ".join(f"{x.value:.2f} [{x.low:.2f}, {x.high:.2f}]" for x in told) + " |"
            )


def main(seeds: int = 100, workers: int = 2) -> None:
    """Run everything and print it as Markdown."""
    facts = Facts.read()
    given = recorded(city_model(fraction=FRACTION, months=MONTHS, off=("spread.supply",)))
    worlds: dict[str, tuple[Facts, tuple[str, ...]]] = {
        name: (Scenario.read(name, facts, known()).facts(facts), ()) for name in SCENARIOS
    } | {name: (facts, off) for name, off in OFF.items()}
    found: dict[str, dict[str, np.ndarray]] = {}
    with ProcessPoolExecutor(workers, initializer=take, initargs=(given,)) as pool:
        list(pool.map(partial(lives, facts, ()), range(workers)))  # workers wake up before the clock starts
        begun = time.perf_counter()
        for name, (changed, off) in worlds.items():
            live: Callable[[int], dict[str, np.ndarray]] = partial(lives, changed, off)
            runs = list(pool.map(live, range(1, seeds + 1), chunksize=5))
            found[name] = {what: np.array([run[what] for run in runs]) for what in runs[0]}
        seconds = time.perf_counter() - begun
    per_run = seconds / (seeds * len(worlds)) * 240 / MONTHS
    print(f"{seeds} seeds, {workers} workers: 200 seeds of 240 months take {200 * per_run:.0f} s\n")
    print_cells(found)
    base = found[SCENARIOS[0]]
    for outcome in found.values():
        del outcome["cells"]
    print("| baseline | " + " | ".join(f"FY{year}" for year in MARKS) + " |\n|---|" + "---|" * len(MARKS))
    for what, values in base.items():
        print(f"| {what} | " + " | ".join(f"{x:.3g}" for x in values.astype(float).mean(axis=0)) + " |")
    for name in list(worlds)[1:]:
        print(
            f"\n| {name} | " + " | ".join(f"FY{year}" for year in MARKS) + " |\n|---|" + "---|" * len(MARKS)
        )
        for what, values in found[name].items():
            cells = [difference(values[:, k], base[what][:, k]) for k in range(len(MARKS))]
            print(f"| {what} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
