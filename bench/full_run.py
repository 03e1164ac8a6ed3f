"""Everyone for twenty years, in a process of its own so that its peak of memory is its own.

    python -m bench.full_run begin --fraction 1 --file people.npz     # people and ties
    python -m bench.full_run live  --fraction 1 --file people.npz     # run-in and 240 months

Each prints one line of JSON. Kernels are compiled on a small city first; that time is not counted.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

SMALL = 0.01  # of the people: enough for every kernel to be compiled
MONTHS = 240  # twenty years
WARM_MONTHS = 14  # a whole year and two Aprils' worth of work


def peak_mib() -> float:
    """Most memory this process ever held at once, MiB.

    From the process's own record where the system keeps one: ``ru_maxrss`` of a child begins with what
    its parent held.
    """
    status = Path("/proc/self/status")
    if status.is_file() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 2**20)


def begin(fraction: float, file: Path) -> dict[str, Any]:
    """Make people and ties, keep them in a file; seconds and peak memory."""
    from twin.run.beginning import Beginning

    given = _given()
    _make(*given, SMALL)
    people, ties, seconds = _make(*given, fraction)
    peak = peak_mib()
    beginning = Beginning(people.citizens, people.households, people.businesses, ties, {})
    beginning.save(file, {"fraction": fraction})
    known = int((ties.other >= 0).sum())
    return {"citizens": people.citizens.rows, "ties": known, "seconds": seconds, "peak_mib": peak}


def _make(city, facts, scenario, fraction: float) -> tuple[Any, Any, dict[str, float]]:
    from twin.chance import Chance
    from twin.network.ties import make_ties
    from twin.population import synthesise
    from twin.units import month_number

    chance, begun = Chance(scenario.population_seed), perf_counter()
    people = synthesise(city, facts, chance, scenario.census, fraction)
    made = perf_counter()
    ties = make_ties(people.citizens, city, facts, chance, month_number(scenario.census))
    return people, ties, {"people": made - begun, "ties": perf_counter() - made}


def live(fraction: float, file: Path, threads: int, months: int = 0, part: str = "") -> dict[str, Any]:
    """Live the baseline from a file of people, or its first ``months``; seconds, peak memory, bytes.

    ``part`` names processes to live with, all of the baseline's when empty.

    The seconds are those of the scenario's own years; the months from the census to year 0 come before.
    """
    import numba

    from twin.run.beginning import Beginning
    from twin.run.plan import Plan, model_of

    city, facts, scenario = _given()
    if part:
        scenario = replace(scenario, processes=tuple(part.split(",")))
    numba.set_num_threads(threads)
    _warm(city, facts, scenario)
    bare = peak_mib()
    model = model_of(city, Beginning.load(file, {"fraction": fraction}), scenario, facts, 1, fraction)
    run_in = (
        0 if months else Plan((scenario,), (1,), None, fraction, scenario.years).months(scenario) - MONTHS
    )
    begun = perf_counter()
    model.start()
    model.live(run_in)
    run_in_seconds, before = perf_counter() - begun, dict(model.seconds)
    begun, used, months = perf_counter(), process_time(), months or MONTHS
    model.live(months)
    held = sum(a.nbytes for a in (*model.state.arrays().values(), *model.ties.memory().values()))
    return {
        "citizens": model.citizens.rows, "months": months, "threads": threads,
        "seconds": perf_counter() - begun, "cpu": process_time() - used, "run_in_seconds": run_in_seconds,
        "by_process": {name: seconds - before[name] for name, seconds in model.seconds.items()},
        "peak_mib": peak_mib(), "bare_mib": bare, "bytes_a_citizen": held / model.citizens.rows,
    }  # fmt: skip


def _given():
    from twin.city.city import City
    from twin.facts import Facts
    from twin.run.command import read_scenarios

    facts = Facts.read()
    return City.embedded(), facts, read_scenarios(["baseline"], facts)[0]


def _warm(city, facts, scenario) -> None:
    from twin.run.beginning import begin as begin_small
    from twin.run.plan import model_of

    model = model_of(city, begin_small(city, scenario, facts, SMALL), scenario, facts, 1, SMALL)
    model.start()
    model.live(WARM_MONTHS)


def measure(fraction: float, threads: int, part: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Both parts, each in a process of its own, after a rehearsal that compiles what this size needs."""
    with tempfile.TemporaryDirectory() as folder:
        given = ["--fraction", str(fraction), "--threads", str(threads), "--file", f"{folder}/people.npz"]
        _child("begin", given)
        lives = [*given, "--processes", part]
        _child("live", [*lives, "--months", str(WARM_MONTHS)])
        return _child("begin", given), _child("live", lives)


def _child(part: str, given: list[str]) -> dict[str, Any]:
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "bench.full_run", part, *given], cwd=root, capture_output=True, text=True
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{part} of a full run failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Read the command line and print what was found."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("part", choices=("begin", "live"))
    ask.add_argument("--fraction", type=float, default=1.0)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--months", type=int, default=0, help="0 lives the whole scenario")
    ask.add_argument("--processes", default="", help="names with commas between; all when empty")
    ask.add_argument("--file", type=Path, required=True)
    asked = ask.parse_args()
    if asked.part == "begin":
        found = begin(asked.fraction, asked.file)
    else:
        found = live(asked.fraction, asked.file, asked.threads, asked.months, asked.processes)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
