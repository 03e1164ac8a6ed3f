"""Many runs: every scenario with every seed, in this process or in several, resumable.

The same work in any number of processes and threads gives the same bytes: a run depends on its
scenario and seed alone, and shares only its beginning with others.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.city.city import City
from twin.errors import Interrupted, MachineError, ResultsError
from twin.facts import FOLDER as FACTS
from twin.facts import Facts
from twin.results import Results
from twin.results.store import (
    COMPLETE,
    check_free,
    complete,
    only_writer,
    run_file,
    write_json,
    write_text,
)
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
    plan.check(city, facts)
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
    else:
        check_free(folder)
    write_json(folder / "plan.json", same)
    scrap = shutil.ignore_patterns("*.py*", "__*")
    shutil.copytree(FACTS, folder / "facts", ignore=scrap, dirs_exist_ok=True)  # what the runs will read
    for scenario in plan.scenarios:
        write_text(folder / "scenarios" / f"{scenario.id}.toml", scenario.text)


def _same_plan(folder: Path, same: dict[str, Any]) -> None:
    try:
        there = dict(json.loads((folder / "plan.json").read_text(encoding="utf-8")))
    except ValueError:
        there = {}  # not ours: everything differs
    other = [key for key in same if there.get(key) != same[key]]
    if other:
        raise ResultsError("store.other_plan", where=str(folder), what=", ".join(other))


def _jobs(plan: Plan, folder: Path, same: dict[str, Any], threads: int, resume: bool) -> list[Job]:
    """The runs still to be lived."""
    tasks = [task for task in plan.tasks() if not run_file(folder, task[0].id, task[1]).is_file()]
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


class _Stop:
    """Ctrl-C and SIGTERM as a question runs ask after each month.

    The first press ends at once while there is nothing to keep (the first months may wait for the compiler),
    and the second always: files are written whole or not at all, and the last checkpoint stays.
    """

    def __init__(self) -> None:
        self.pressed, self.keeps = 0, False

    def __call__(self) -> bool:
        return self.pressed > 0

    def hear(self, number: int, frame: object) -> None:
        """What the signals call."""
        self.pressed += 1
        if self.pressed > 1 or not self.keeps:
            raise KeyboardInterrupt


@contextmanager
def _stop_asked() -> Iterator[_Stop]:
    """Hear Ctrl-C and SIGTERM for a while."""
    stop, numbers = _Stop(), (signal.SIGINT, signal.SIGTERM)
    before = {n: signal.signal(n, stop.hear) for n in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _live_here(jobs: list[Job], told: Progress, asked: _Stop) -> dict[str, dict[str, float]]:
    total, done, seconds = sum(job.months for job in jobs), 0, {}
    for job in jobs:

        def lives(lived: int, done: int = done) -> None:
            asked.keeps = True
            told(done + lived, total)

        asked.keeps = False
        seconds[job.name] = job.live(lives, asked)
        done += job.months
    return seconds


_lived: Any = None
_stop: Any = None


def _enter_worker(lived: Any, stop: Any) -> None:
    global _lived, _stop
    _lived, _stop = lived, stop
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """A worker whose parent was killed would go on writing to a folder that may have a new owner."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(Interrupted.exit_code)


def _work(number: int, job: Job) -> dict[str, float]:
    def told(months: int) -> None:
        _lived[number] = months

    if _stop.value:
        raise Interrupted("run.interrupted", where=str(job.folder))
    return job.live(told, lambda: bool(_stop.value))


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes started here never hear Ctrl-C, from their first moment on: the parent passes it on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _live_in_processes(
    jobs: list[Job], workers: int, told: Progress, asked: _Stop
) -> dict[str, dict[str, float]]:
    context = multiprocessing.get_context("spawn")
    lived, stop = context.Array("q", len(jobs)), context.Value("b", 0)
    total, others = sum(job.months for job in jobs), set(multiprocessing.active_children())
    asked.keeps = True
    with ProcessPoolExecutor(workers, context, _enter_worker, (lived, stop)) as pool:
        with _deaf_children():
            waiting = {pool.submit(_work, n, job): job.name for n, job in enumerate(jobs)}
        left = set(waiting)
        try:
            while left and not (asked() and stop.value and _nothing_to_keep(waiting, lived)):
                ended, left = wait(left, _LOOK_EVERY, FIRST_EXCEPTION)
                told(sum(lived[:]), total)
                if asked() or any(future.exception() for future in ended):
                    stop.value = 1
        finally:
            if asked():  # workers that still import, compile or read would hold up the end for seconds
                for child in set(multiprocessing.active_children()) - others:
                    child.kill()
    _raise_worst([future.exception() for future in waiting], asked())
    return {name: future.result() for future, name in waiting.items()}


def _nothing_to_keep(waiting: Iterable[Future], lived: Any) -> bool:
    """Whether no run under way has lived a month that its checkpoint does not hold."""
    return not any(months and not future.done() for future, months in zip(waiting, lived[:], strict=True))


def _raise_worst(problems: list[BaseException | None], asked: bool) -> None:
    """Raise what went wrong: a run that failed before runs that were stopped because of it."""
    found = [problem for problem in problems if problem is not None]
    for problem in found:
        if isinstance(problem, BrokenProcessPool):
            raise (Interrupted("run.interrupted") if asked else MachineError("run.worker_died")) from problem
        if not isinstance(problem, Interrupted):
            raise problem
    if found:
        raise found[0]
