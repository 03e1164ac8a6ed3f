"""The money of the spread: each line over the seeds, and one run whole, balanced to the yen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.processes.spread.money import LINES
from twin.report.reading import Missing, Moment, Spread
from twin.report.tables import Cell, Table
from twin.report.yearly import Yearly, balance
from twin.units import fiscal_year_end, month_start

if TYPE_CHECKING:
    from twin.report.page import Page

MILLION = 1e6


def over_seeds(page: Page, lived: Yearly) -> Table:
    """The median and range of every line in the fiscal years that end at the marks."""
    words, years = page.words, [m for m in page.reading.moments if m.years]
    rows = [
        [
            Cell(words(f"money.{line}")),
            *(page.tables.line(_line(lived, line, m), words.people) for m in years),
        ]
        for line in LINES
    ]
    head = [Cell(words("money.line")), *(page.tables.when(m) for m in years)]
    return Table(words("money.seeds"), head, rows, "numbers dense", words("money.seeds_note"))


def _line(lived: Yearly, line: str, moment: Moment) -> Spread | Missing:
    for place, year in enumerate(lived.years):
        if month_start(fiscal_year_end(year)) == moment.day.date():
            column = LINES.index(line)
            return Spread.of(lived.money[:, place, column] / MILLION)
    return Missing("after_end" if moment.day > lived.reading.end else "no_year")


def of_one_run(page: Page, lived: Yearly) -> Table:
    """Every fiscal year of the nearest run in million yen, and what its lines leave over, in yen."""
    words, lines = page.words, lived.money[lived.place]
    rows = [
        [Cell(str(year)), *(Cell(f"{yen / MILLION:,.0f}") for yen in row), Cell(f"{left:,}")]
        for year, row, left in zip(lived.years, lines, balance(lines), strict=True)
    ]
    head = [Cell(words("money.year")), *(Cell(words(f"money.short_{line}")) for line in LINES)]
    caption = words("money.run", seed=lived.nearest)
    return Table(
        caption,
        [*head, Cell(words("money.left"))],
        rows,
        "numbers money",
        words("money.run_note", seed=lived.nearest),
    )
