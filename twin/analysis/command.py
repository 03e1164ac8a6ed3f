"""What the command ``twin roadmap`` does, and what it prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from twin.analysis.cells import CELLS, Cell
from twin.analysis.outcome import Outcome
from twin.analysis.roadmap import Roadmap, cell_of
from twin.analysis.runs import runs_of
from twin.analysis.table import check_suffix, write
from twin.analysis.words import apart, called, condition, number, percent, reason, said, text, years
from twin.errors import InputError
from twin.results import Results
from twin.vision import Vision

Say = Callable[[str], None]


def show(
    folder: Path, cells: Sequence[str], limits: Sequence[str], out: Path | None, lang: str, say: Say
) -> None:
    """Evaluate a folder of results and print what was asked.

    Parameters
    ----------
    cells : ids of cells of which conditions and curves are printed; the whole roadmap when empty
    limits : thresholds in place of the facts', each "name=number"
    out : where the tidy table is written, .csv or .json
    """
    wanted = [cell_of(name) for name in cells]
    changed = dict(_limit(asked) for asked in limits)
    if out is not None:
        check_suffix(out)
    results = Results.open(folder)
    roadmaps = {name: Roadmap(runs_of(results, name), changed) for name in results.scenarios}
    titles = {entry["id"]: entry["title"][lang] for entry in results.made["scenarios"]}
    console = Console()
    for name, roadmap in roadmaps.items():
        if wanted:
            console.print(conditions(roadmap, titles[name], wanted, lang))
            for cell in wanted:
                for table in curves(roadmap, cell, lang):
                    console.print(table)
            continue
        for table in (
            roadmap_table(roadmap, titles[name], lang),
            conditions(roadmap, titles[name], CELLS, lang),
        ):
            console.print(table)
        for table in (waits(roadmap, lang), chains(roadmap, lang)):
            if table.row_count:
                console.print(table)
    if len(roadmaps) > 1 and not wanted:
        console.print(differences(roadmaps, titles, lang))
    if out is not None:
        write(roadmaps, out)
        say(text("table.written", lang, path=out))


def _limit(asked: str) -> tuple[str, float]:
    """A threshold written as "name=number"."""
    name, _, value = asked.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError as problem:
        raise InputError("roadmap.limit_form", found=asked) from problem


def roadmap_table(roadmap: Roadmap, title: str, lang: str) -> Table:
    """The document's table: three rows, the 5- and 10-year columns and the 20-year picture."""
    vision = Vision.read()
    units = "draws" if roadmap.of_draws else "seeds"
    count = text(f"table.{units}", lang, count=len(set(roadmap.unit.tolist())))
    table = _table(
        text("table.title", lang, scenario=title, runs=len(roadmap.runs)), [text("table.row", lang)], lang,
        caption=text("table.caption", lang, units=count), lines=True,
    )  # fmt: skip
    for mark in vision.milestones:
        table.add_column(
            text("table.column", lang, years=mark.years, year=mark.fiscal_year), overflow="fold", ratio=1
        )
    for row, words in vision.rows.items():
        found = [outcome for outcome in roadmap.outcomes if outcome.row == row]
        table.add_row(words[lang], *("\n".join(_lines(outcome, lang)) for outcome in found))
    return table


def _lines(outcome: Outcome, lang: str) -> Iterable[str]:
    """A cell of the table: the document's text, then the probability, then marks."""
    yield outcome.id
    yield from (f"○{words[lang]}" for words in outcome.text)
    yield ""
    yield from called(outcome, lang)
    yield from (f"※{text(f'mark.{mark}', lang)}" for mark in outcome.marks)


def conditions(roadmap: Roadmap, title: str, cells: Iterable[Cell], lang: str) -> Table:
    """Every condition: how often it holds, its median, and how often it fails where its cell does."""
    table = _table(
        f"{text('table.conditions', lang)}：{title}",
        ["table.cell", "table.condition", "table.holds", "table.middle", "table.failed"],
        lang,
    )
    for cell in cells:
        for part in roadmap.outcome(cell.id).parts:
            words = condition(part, part.limit, roadmap.facts, lang)
            if part.probability is None:
                table.add_row(cell.id, words, reason(part, lang), "", "")
                continue
            failed = "" if part.failed != part.failed else f"{percent(part.failed)} %"
            table.add_row(
                cell.id,
                words,
                said(part.probability, lang),
                number(part.middle, part.name, roadmap.facts),
                failed,
            )
        table.add_section()
    return table


def waits(roadmap: Roadmap, lang: str) -> Table:
    """When each cell first holds."""
    table = _table(text("table.waiting", lang), ["table.cell", "table.half", "table.reached"], lang)
    for outcome in roadmap.outcomes:
        if (wait := outcome.waiting) is not None:
            table.add_row(outcome.id, years(wait, lang), f"{wait.reached} / {wait.runs}")
    return table


def chains(roadmap: Roadmap, lang: str) -> Table:
    """Cells that may hang on each other."""
    table = _table(
        text("table.chains", lang), ["table.given", "table.then", "table.joint", "table.conditional"], lang
    )
    for chain in roadmap.chains:
        if chain.joint is not None:
            where = chain.conditional
            last = (
                text("table.never", lang)
                if where is None
                else text("table.of_runs", lang, said=said(where, lang), runs=where.runs)
            )
            table.add_row(chain.given, chain.then, said(chain.joint, lang), last)
    return table


def curves(roadmap: Roadmap, cell: Cell, lang: str) -> Iterable[Table]:
    """The cell's probability against each of its thresholds."""
    for part in cell.needed:
        found = roadmap.curve(part.name)
        if found:
            title = text("table.curve", lang, name=f"{cell.id} {text(f'condition.{part.name}', lang)}")
            table = _table(title, ["table.limit", "table.chance"], lang)
            for at, chance in found:
                table.add_row(number(at, part.name, roadmap.facts), said(chance, lang))
            yield table


def differences(roadmaps: dict[str, Roadmap], titles: dict[str, str], lang: str) -> Table:
    """Every other scenario's cells against the first one's."""
    (first, base), *others = roadmaps.items()
    table = _table(text("table.differences", lang, first=titles[first]), ["table.cell"], lang)
    for name, _ in others:
        table.add_column(titles[name], overflow="fold")
    found = [roadmap.against(base) for _, roadmap in others]
    for cell in CELLS:
        table.add_row(cell.id, *(apart(one[cell.id], lang) for one in found))
    return table


def _table(title: str, heads: Iterable[str], lang: str, caption: str = "", lines: bool = False) -> Table:
    table = Table(title=title, caption=caption or None, show_lines=lines)
    for head in heads:
        table.add_column(text(head, lang) if head.startswith("table.") else head, overflow="fold")
    return table
