"""The section on the spread of services: maps by year, teams, one run told by its events, money.

It stands on the page only when a scenario lived with the process ``spread``; where several did, the
first of them is mapped, told and accounted for, and all of them are in the curves of teams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from twin.processes.spread.stages import LINE, PLANE, POINT
from twin.report import events, figures, money
from twin.report.figures import steps as drawing
from twin.report.figures.outlines import Outlines
from twin.report.reading import Missing, Spread
from twin.report.tables import Cell, Table
from twin.report.yearly import TEAM, Yearly, reached_by_half

if TYPE_CHECKING:
    from twin.report.page import Page

EVERY = 5  # years between the small maps
STEPS = range(4)
LINKED = 2  # the step from which on services of an area are linked
WIDTH = 88.0  # mm: of a curve of teams, two in a row
SEEN = (1 / 3, 2 / 3)  # limits of the classes of a share of the runs, between none and all


def spread(page: Page, lived: Yearly) -> dict[str, Any]:
    """Everything the template prints about the spread of services in a scenario."""
    words = page.words
    if not lived.years:
        return {"missing": words.reason(Missing("no_year"))}
    found = {
        "title": page.titles[lived.scenario],
        "seed": lived.nearest,
        "teams": _teams(page, lived),
        "money": [money.over_seeds(page, lived), money.of_one_run(page, lived)],
    }
    if page.city is None:
        return found | {"no_city": words.reason(Missing("no_city"))}
    return found | _maps(page, lived) | {"events": events.told_by_year(page, lived, page.city)}


# -- maps -----------------------------------------------------------------------------------------


def _maps(page: Page, lived: Yearly) -> dict[str, Any]:
    """Small maps over all runs, their numbers, and one run whose year the reader chooses."""
    words, outlines, ring = page.words, Outlines.of(page.city), lived.leading  # type: ignore[arg-type]
    years = _chosen(lived.years)
    half = {year: reached_by_half(lived.steps[:, lived.years.index(year)]) for year in years}
    title, alt = (
        page.titles[lived.scenario],
        words("steps.alt", years=words("verdict.and").join(map(str, years))),
    )
    reached = [
        drawing.Map(_when(page, year), [drawing.STEPS[k] for k in half[year]], _extent(page, lived, year))
        for year in years
    ]
    maps = [{
        "title": words("steps.half", scenario=title),
        "figure": drawing.small_maps("steps-half", alt, outlines, reached, ring),
        "legend": _step_keys(page), "note": words("steps.half_note", seeds=len(lived.seeds)),
    }]  # fmt: skip
    if not words.one_run:
        shares = [drawing.Map(_when(page, year), _seen(lived, year)) for year in years]
        maps.append({
            "title": words("steps.share"), "legend": _share_keys(page), "note": words("steps.share_note"),
            "figure": drawing.small_maps("steps-share", alt, outlines, shares, ring),
        })  # fmt: skip
    return {
        "shapes": drawing.shapes(outlines), "maps": maps, "table": _numbers(page, lived, years),
        "played": _played(page, lived, outlines),
    }  # fmt: skip


def _chosen(years: list[int]) -> list[int]:
    """Every fifth fiscal year and the last one; every year of a short run."""
    if len(years) < EVERY:
        return years
    return sorted({*years[EVERY - 1 :: EVERY], years[-1]})


def _when(page: Page, year: int) -> str:
    return page.words("moment.end_of_year", year=year)


def _extent(page: Page, lived: Yearly, year: int) -> list[str]:
    """Point, line or plane, and in how many runs."""
    words, found = page.words, [run[lived.years.index(year)] for run in lived.extents]
    if words.one_run:
        return [words(f"steps.{found[0]}")]
    said = [
        words("steps.runs", what=words(f"steps.{kind}"), count=found.count(kind))
        for kind in (POINT, LINE, PLANE)
        if kind in found
    ]
    return [words("verdict.and").join(said)]


def _seen(lived: Yearly, year: int) -> list[str]:
    """The colour of each area by the share of the runs in which it is at STEP2 or more."""
    share = (lived.steps[:, lived.years.index(year)] >= LINKED).mean(axis=0)
    place = np.where(share == 0, 0, np.where(share == 1, 4, 1 + np.searchsorted(SEEN, share, side="right")))
    return [drawing.SHARES[k] for k in place]


def _step_keys(page: Page) -> list[figures.Key]:
    return [_key(page.words(f"steps.step{k}"), drawing.STEPS[k]) for k in STEPS]


def _share_keys(page: Page) -> list[figures.Key]:
    return [_key(page.words(f"steps.share{k}"), colour) for k, colour in enumerate(drawing.SHARES)]


def _key(said: str, colour: str) -> figures.Key:
    return figures.Key(said, colour, fill=1.0, line=False)


def _numbers(page: Page, lived: Yearly, years: list[int]) -> Table:
    """Areas by step at the end of the years that are mapped."""
    words, tables = page.words, page.tables
    rows = []
    for step in STEPS:
        counts = [(lived.steps[:, lived.years.index(year)] == step).sum(axis=1) for year in years]
        cells = (tables.line(Spread.of(count.astype(float)), words.people) for count in counts)
        rows.append([Cell(words(f"steps.step{step}")), *cells])
    head = [Cell(words("steps.areas")), *(Cell(_when(page, year)) for year in years)]
    return Table(
        words("steps.table", count=len(lived.codes)), head, rows, "numbers dense", words("teams.table_note")
    )


def _played(page: Page, lived: Yearly, outlines: Outlines) -> dict[str, Any]:
    """The nearest run year by year: one map, a button for each year and one that plays them all."""
    words, maps = page.words, []
    run = zip(lived.years, lived.steps[lived.place], lived.extents[lived.place], strict=True)
    for year, steps, extent in run:
        counts = [
            words("steps.count", step=words(f"steps.step{k}"), count=int((steps == k).sum())) for k in STEPS
        ]
        maps.append(
            drawing.Map(
                _when(page, year),
                [drawing.STEPS[k] for k in steps],
                [words("steps.extent", what=words(f"steps.{extent}")), *counts],
            )
        )
    return {
        "years": lived.years, "legend": _step_keys(page),
        "figure": drawing.frames("year", words("steps.played_alt"), outlines, maps, lived.leading),
        "style": drawing.frames_style("year", len(maps)),
    }  # fmt: skip


# -- teams ----------------------------------------------------------------------------------------


def _teams(page: Page, lived: Yearly) -> dict[str, Any]:
    """Administration's share, maturity and own revenue of the first leading area's team, and teams on their own."""
    words, city = page.words, page.city
    leading = [lived.codes[row] for row in lived.leading[:1]]
    fans = []
    for area in leading:
        for name in TEAM:
            what = words(f"teams.{name}")
            fan = page.fan(f"team_{name}", what, "%", 100.0, share=True, width=WIDTH, area=area)
            fans.append(fan | {"title": what})
    what = words("teams.independent")
    fan = page.fan("areas_independent", what, words("teams.bodies"), 1.0, share=False, width=WIDTH)
    names = dict(zip(city.areas.code, page.own(city.areas), strict=True)) if city else {}
    return {
        "area": names.get(leading[0], leading[0]) if leading else "",
        "fans": [*fans, fan | {"title": what}],
        "table": _team_table(page, lived, leading),
    }


def _team_table(page: Page, lived: Yearly, leading: list[str]) -> Table:
    words, tables, reading = page.words, page.tables, page.reading
    later = [moment for moment in reading.moments if moment.years]
    rows = [
        [
            Cell(words(f"teams.{name}")),
            *(tables.line(lived.team(name, area, m.day), words.share) for m in later),
        ]
        for area in leading
        for name in TEAM
    ]
    bodies = (reading.at("areas_independent", lived.scenario, moment) for moment in later)
    rows.append([Cell(words("teams.independent")), *(tables.line(value, words.people) for value in bodies)])
    title = words("teams.table", title=page.titles[lived.scenario])
    return Table(
        title, [Cell(""), *(tables.when(m) for m in later)], rows, "numbers dense", words("teams.table_note")
    )
