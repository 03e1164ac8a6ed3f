"""Many runs: every scenario with every seed, in this process or in several, resumable.

The same work in any number of processes and threads gives the same bytes: a run depends on its
scenario and seed alone, and shares only its beginning with others.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.city.city import City
from twin.errors import Interrupted, ResultsError
from twin.facts import FOLDER as FACTS
from twin.facts import Facts
from twin.results import Results
from twin.results.store import COMPLETE, complete, only_writer, write_json, write_text
from twin.run import single
from twin.run.beginning import Beginning, about_beginning, begin, beginning_file
from twin.run.made import made
from twin.run.plan import Plan, model_of
from twin.scenarios import Scenario

Progress = Callable[[int, int], None]  # months lived, months in all
_LOOK_EVERY = 0.2  # seconds between looks at the workers' progress


@dataclass(frozen=True)
class Job:
    """Everything a worker needs to live one run."""

    scenario: Scenario
    seed: int
    months: int
    city: Path | None
    fraction: float
    folder: Path
    same: dict[str, Any]
    threads: int
    resume: bool

    @property
    def name(self) -> str:
        """Scenario and seed."""
        return f"{self.scenario.id}.seed-{self.seed}"

    def live(self, told: Callable[[int], None], stop: Callable[[], bool]) -> dict[str, float]:
        """Live the run and write its table; return seconds by process."""
        city, facts = open_city(self.city), Facts.read(self.folder / "facts")
        about = about_beginning(city, self.scenario, facts, self.fraction)
        beginning = Beginning.load(beginning_file(self.folder, about), about)
        model = model_of(city, beginning, self.scenario, facts, self.seed, self.fraction)
        return single.live(
            model, self.scenario, self.seed, self.months, self.folder, self.same, self.threads, told, stop,
            self.resume,
        )  # fmt: skip


def open_city(folder: Path | None) -> City:
    """The city in a folder, or the embedded one."""
    return City.embedded() if folder is None else City.open(folder)


def run(
    plan: Plan, folder: Path, threads: int = 1, resume: bool = False, told: Progress = lambda lived, of: None
) -> Results:
    """Run a plan into a folder and return its sealed results.

    Parameters
    ----------
    folder : made when it is not there; an unfinished one of the same plan is continued with ``resume``
    threads : how many things may happen at once, over runs first, inside a run when there is one
    told : called now and then with months lived and months in all

    Raises
    ------
    ResultsError : the folder holds results already, or those of another plan
    MachineError : the folder cannot be written, or another run writes to it
    Interrupted : stopped by the user; what was lived is kept in checkpoints
    """
    facts, city = Facts.read(), open_city(plan.city)
    same = plan.same(city, facts)
    with only_writer(folder):
        if (folder / COMPLETE).is_file() and resume:
            _same_plan(folder, same)
            return Results.open(folder)
        _prepare(folder, plan, same, resume)
        begun = time.monotonic()
        jobs = _jobs(plan, folder, same, threads, resume)
        fit = _begin_all(plan, city, facts, folder)
        with _stop_asked() as asked:
            seconds = _live_here(jobs, told, asked) if len(jobs) < 2 or threads < 2 else _live_in_processes(
                jobs, min(threads, len(jobs)), told, asked
            )  # fmt: skip
        whole = time.monotonic() - begun
        for lang, text in fit.items():
            write_text(folder / f"fit.{lang}.txt", text)
        write_json(folder / "made.json", made(plan, city, facts, fit, seconds, whole, threads))
        if city.folder is not None:
            shutil.copytree(city.folder, folder / "city", dirs_exist_ok=True)
        for scrap in ("checkpoints", "beginnings"):
            shutil.rmtree(folder / scrap, ignore_errors=True)
        complete(folder)
    return Results.open(folder)


def _prepare(folder: Path, plan: Plan, same: dict[str, Any], resume: bool) -> None:
    """Lay out the folder, or check that what is there is the same plan unfinished."""
    if (folder / "plan.json").is_file():
        if not resume:
            raise ResultsError("store.exists", where=str(folder))
        _same_plan(folder, same)
    write_json(folder / "plan.json", same)
    scrap = shutil.ignore_patterns("*.py*", "__*")
    shutil.copytree(FACTS, folder / "facts", ignore=scrap, dirs_exist_ok=True)  # what the runs will read
    for scenario in plan.scenarios:
        write_text(folder / "scenarios" / f"{scenario.id}.toml", scenario.text)


def _same_plan(folder: Path, same: dict[str, Any]) -> None:
    there = json.loads((folder / "plan.json").read_text())
    other = [key for key in same if there.get(key) != same[key]]
    if other:
        raise ResultsError("store.other_plan", where=str(folder), what=", ".join(other))


def _jobs(plan: Plan, folder: Path, same: dict[str, Any], threads: int, resume: bool) -> list[Job]:
    """The runs still to be lived."""
    tasks = [task for task in plan.tasks() if not single.run_file(folder, task[0].id, task[1]).is_file()]
    inside = max(1, threads // max(1, len(tasks)))
    return [
        Job(scenario, seed, plan.months(scenario), plan.city, plan.fraction, folder, same, inside, resume)
        for scenario, seed in tasks
    ]


def _begin_all(plan: Plan, city: City, facts: Facts, folder: Path) -> dict[str, str]:
    """Make the beginnings that are not there yet; return the printed fit of the first."""
    fit: dict[str, str] = {}
    for scenario in plan.scenarios:
        about = about_beginning(city, scenario, facts, plan.fraction)
        path = beginning_file(folder, about)
        if path.is_file():
            beginning = Beginning.load(path, about)
        else:
            beginning = begin(city, scenario, facts, plan.fraction)
            beginning.save(path, about)
        fit = fit or beginning.fit
    return fit


@contextmanager
def _stop_asked() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl-C and SIGTERM into a question runs ask after each month."""
    asked: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {n: signal.signal(n, lambda number, frame: asked.append(number)) for n in numbers}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _live_here(jobs: list[Job], told: Progress, asked: Callable[[], bool]) -> dict[str, dict[str, float]]:
    total, done = sum(job.months for job in jobs), 0
    seconds = {}
    for job in jobs:
        seconds[job.name] = job.live(lambda lived, done=done: told(done + lived, total), asked)  # type: ignore[misc]
        done += job.months
    return seconds


_lived: Any = None
_stop: Any = None


def _enter_worker(lived: Any, stop: Any) -> None:
    global _lived, _stop
    _lived, _stop = lived, stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and passes it on


def _work(number: int, job: Job) -> dict[str, float]:
    def told(months: int) -> None:
        _lived[number] = months

    return job.live(told, lambda: bool(_stop.value))


def _live_in_processes(
    jobs: list[Job], workers: int, told: Progress, asked: Callable[[], bool]
) -> dict[str, dict[str, float]]:
    context = multiprocessing.get_context("spawn")
    lived, stop = context.Array("q", len(jobs)), context.Value("b", 0)
    total = sum(job.months for job in jobs)
    with ProcessPoolExecutor(workers, context, _enter_worker, (lived, stop)) as pool:
        waiting = {pool.submit(_work, n, job): job.name for n, job in enumerate(jobs)}
        left = set(waiting)
        while left:
            ended, left = wait(left, _LOOK_EVERY, FIRST_EXCEPTION)
            told(sum(lived[:]), total)
            if asked() or any(future.exception() for future in ended if not future.cancelled()):
                stop.value = 1
                for future in left:
                    future.cancel()
        if any(future.cancelled() for future in waiting) and asked():
            raise Interrupted("run.interrupted")
        return {name: future.result() for future, name in waiting.items() if not future.cancelled()}
