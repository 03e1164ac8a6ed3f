"""What the commands ``twin run`` and ``twin scenario`` do, and what they print."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from twin import fieldwork, messages
from twin.city.city import City
from twin.errors import InputError
from twin.facts import Facts
from twin.results import Results
from twin.results.milestones import at_milestones
from twin.run.ensemble import open_city
from twin.run.ensemble import run as run_plan
from twin.run.memory import check_memory
from twin.run.plan import NEEDS, ORDER, PROCESSES, Plan, check_fits, couplings
from twin.scenarios import Known, Scenario, check_fraction, check_together, check_years, library
from twin.vision import Vision

Say = Callable[[str], None]
_MOST_SEEDS, _MOST_THREADS = 1000, 256


@cache
def known() -> Known:
    """What a scenario may name."""
    censuses = tuple(day for day, _ in Facts.read()["people.ward.total"].values)
    levers = frozenset(fieldwork.FACTS).union(*(process.facts for process in PROCESSES.values()))
    return Known(tuple(PROCESSES), couplings(), NEEDS, ORDER, censuses, levers)


def read_scenarios(names: list[str], facts: Facts) -> tuple[Scenario, ...]:
    """Read and check scenarios by id or file."""
    return tuple(Scenario.read(name, facts, known()) for name in names)


def run(
    names: list[str], city: Path | None, fraction: float, seeds: int, years: int | None, threads: int, out: Path,
    resume: bool, lang: str, say: Say,
) -> Results:  # fmt: skip
    """Check what was asked, run it with a progress bar, print the milestones."""
    if years is not None:
        check_years(years)
    if not 1 <= seeds <= _MOST_SEEDS:
        raise InputError("cli.seeds", found=seeds)
    if not 1 <= threads <= _MOST_THREADS:
        raise InputError("cli.threads", found=threads)
    facts = Facts.read()
    scenarios = read_scenarios(names, facts)
    check_together(scenarios)
    _, remarks = check_fraction(fraction, _people_by_ward(open_city(city), facts, scenarios[0], lang))
    for remark in (*remarks, *(w for scenario in scenarios for w in scenario.warnings)):
        say(remark.text(lang))
    plan = Plan(scenarios, tuple(range(1, seeds + 1)), city, fraction, years)
    check_memory(fraction, min(threads, len(plan.tasks())))
    titles = "・".join(s.title[lang] for s in scenarios)
    length = years or scenarios[0].years
    say(messages.text("run.begins", lang, scenarios=titles, seeds=seeds, fraction=fraction, years=length))
    begun = time.monotonic()
    with _bar(lang) as bar:
        task = bar.add_task("", total=None)
        results = run_plan(
            plan, out, threads, resume, lambda lived, of: bar.update(task, completed=lived, total=of)
        )
    say(messages.text("run.done", lang, folder=out, seconds=round(time.monotonic() - begun)))
    print_milestones(results, lang)
    return results


def _people_by_ward(city: City, facts: Facts, scenario: Scenario, lang: str) -> dict[str, int]:
    """People of each ward at the census, by name in one language."""
    wards = city.wards
    names = dict(zip(wards.code, wards.name_ja if lang == "ja" else wards.name_en, strict=True))
    return {names[code]: int(n) for code, n in facts.table("people.ward.total", scenario.census).items()}


def _bar(lang: str) -> Progress:
    return Progress(
        TextColumn(messages.text("run.living", lang)), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(), TextColumn(messages.text("run.left", lang)), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip


def print_milestones(results: Results, lang: str) -> None:
    """The indicators at the vision's 5-, 10- and 20-year marks, as a table."""
    vision = Vision.read()
    years = (vision.year_0 - 1, *vision.marks)  # the end of the year before year 0 is the start
    marks = at_milestones(results, years)
    table = Table(title=messages.text("run.milestones", lang), caption=messages.text("run.modelled", lang))
    for head in ("run.indicator", "run.scenario"):
        table.add_column(messages.text(head, lang), overflow="fold")
    for year in years:
        table.add_column(messages.text("run.end_of", lang, year=year), justify="right", no_wrap=True)
    titles = {s["id"]: s["title"][lang] for s in results.made["scenarios"]}
    for (number, scenario), values in marks.items():
        row = [f"{mid:.1%}\n{100 * low:.1f}–{high:.1%}" if mid == mid else "–" for low, mid, high in values]
        table.add_row(f"{number} {vision.indicator(number).short[lang]}", titles[scenario], *row)
    Console().print(table)


def list_scenarios(lang: str, say: Say) -> None:
    """Print the packaged scenarios, one a line."""
    facts = Facts.read()
    for name in library():
        scenario = Scenario.read(name, facts, known())
        say(f"{scenario.id:<24} {scenario.title[lang]}  {scenario.question[lang]}")


def check_scenarios(names: list[str], lang: str, say: Say) -> None:
    """Check scenarios, in the embedded city; the first wrong one stops with its problems."""
    facts, city = Facts.read(), City.embedded()
    for scenario in read_scenarios(names, facts):
        check_fits(scenario, city, facts)
        for warning in scenario.warnings:
            say(warning.text(lang))
        say(messages.text("scenario.good", lang, id=scenario.id))


def explain_scenario(name: str, lang: str, say: Say) -> None:
    """Print what a scenario changes, in words."""
    facts = Facts.read()
    say(Scenario.read(name, facts, known()).explain(facts, lang))
