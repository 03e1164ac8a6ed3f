"""Who is left behind: the oldest against the rest, the wards, and inequality over wards and ages.

This section is always shown. The measures are those of :mod:`twin.indicators.equity`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.indicators.equity import MeasureError, gini, theil, ward_range
from twin.report import figures
from twin.report.reading import Missing, Moment, Reading, spread
from twin.report.tables import Cell, Table
from twin.report.words import Said
from twin.results.census import GROUPS

if TYPE_CHECKING:
    from twin.report.page import Page

OLDEST, REST = "75+", "0-74"


def groups(page: Page) -> dict[str, Any]:
    """By age group, the oldest and the rest, the range of wards, inequality, and every ward."""
    reading, words, tables, held, by_age = page.reading, page.words, page.tables, page.held, page.by_age
    first = page.titles[reading.first]
    by_ward = [words("table.by_ward", what=name, title=first) for name in held.values()]
    return {
        "behind": _behind(page) if by_age else None,
        "measures": _measures(page) if by_age else [],
        "figure": _ages(page) if by_age else None,
        "wards": [tables.wards(slug, said, page.wards) for slug, said in zip(held, by_ward, strict=True)],
        "missing": "" if by_age else words.reason(Missing("not_counted")),
    }


def _behind(page: Page) -> Any:
    """The picture: 75 and over beside the rest at the start and at the last moment."""
    reading, words = page.reading, page.words
    lines = [
        (name, *(_two(reading, slug, moment) for moment in (reading.start, reading.last)))
        for slug, name in page.by_age.items()
    ]
    alt = words("groups.behind_alt", years=reading.last.years)
    return figures.behind("behind", alt, lines, words("groups.behind_unit"))  # type: ignore[arg-type]


def _two(reading: Reading, slug: str, moment: Moment) -> tuple:
    return tuple(reading.at(slug, reading.first, moment, group=group) for group in (OLDEST, REST))


def _ages(page: Page) -> Any:
    """Every age group at the start and at the last moment."""
    reading, words = page.reading, page.words
    panels = [
        (name, *([reading.at(slug, reading.first, m, group=g) for g in GROUPS] for m in (reading.start, reading.last)))
        for slug, name in page.by_age.items()
    ]  # fmt: skip
    alt = words(
        "figure.ages_alt", what=words("verdict.and").join(page.by_age.values()), years=reading.last.years
    )
    return figures.ages("ages", alt, panels, GROUPS, {"age": words("figure.age"), "share": "%"})  # type: ignore[arg-type]


# -- measures -----------------------------------------------------------------------------------------

Seeds = Callable[[Reading, str, str, Moment], "np.ndarray | Missing"]


def _measures(page: Page) -> list[Table]:
    """One small table a measure: every indicator and scenario at every moment."""
    words = page.words
    return [
        _measure(page, "oldest", page.by_age, Reading.gap, words.distance),
        _measure(page, "wards", page.held, ward_seeds, words.distance),
        _measure(page, "gini", page.by_age, gini_seeds, words.index),
        _measure(page, "theil", page.by_age, theil_seeds, words.index),
        _measure(page, "between", page.by_age, between_seeds, words.share),
    ]


def _measure(page: Page, key: str, names: dict[str, str], seeds: Seeds, say: Callable[..., Said]) -> Table:
    words, reading = page.words, page.reading
    rows = [
        [
            Cell(name if scenario == reading.first else words("table.other", title=title)),
            *(page.tables.line(spread(seeds(reading, slug, scenario, m)), say) for m in reading.moments),
        ]
        for slug, name in names.items()
        for scenario, title in page.titles.items()
    ]
    head = [Cell(words("overview.indicator")), *page.tables.heads]
    return Table(words(f"groups.{key}"), head, rows, "numbers dense", words(f"groups.{key}_note"))


def ward_seeds(reading: Reading, name: str, scenario: str, moment: Moment) -> np.ndarray | Missing:
    """Highest less lowest share of the wards, one per seed; missing when a ward may not be shown."""
    wards = [reading.seeds(name, scenario, moment, code) for code in reading.wards]
    for ward in wards:
        if isinstance(ward, Missing):
            return ward
    shares = np.array(wards)
    alone = np.arange(len(shares))
    return np.array([ward_range(x[:, None], np.ones((len(x), 1)), alone).range for x in shares.T])


def gini_seeds(reading: Reading, name: str, scenario: str, moment: Moment) -> np.ndarray | Missing:
    """Gini of a share over wards and age groups, one per seed."""
    return _over_cells(reading, name, scenario, moment, lambda share, ward, people: gini(share, people))


def theil_seeds(reading: Reading, name: str, scenario: str, moment: Moment) -> np.ndarray | Missing:
    """Theil's T of a share over wards and age groups, one per seed."""
    return _over_cells(
        reading, name, scenario, moment, lambda share, ward, people: theil(share, ward, people).total
    )


def between_seeds(reading: Reading, name: str, scenario: str, moment: Moment) -> np.ndarray | Missing:
    """Part of Theil's T that lies between wards, one per seed."""
    found = _over_cells(
        reading, name, scenario, moment, lambda share, ward, people: theil(share, ward, people).share_between
    )
    return found if isinstance(found, Missing) or np.isfinite(found).all() else Missing("no_value")


def _over_cells(
    reading: Reading, name: str, scenario: str, moment: Moment,
    measure: Callable[[np.ndarray, np.ndarray, np.ndarray], float],
) -> np.ndarray | Missing:  # fmt: skip
    """A measure of the shares of all wards by age group, weighted by their people, one per seed.

    Cells of few people are left out, since chance would pass for inequality; those outside the
    indicator's base have no share.
    """
    cells = reading.cells(name, scenario, moment)
    if isinstance(cells, Missing):
        return cells
    shares, people, wards = cells
    try:
        return np.array(
            [measure(share, wards, weight) for share, weight in zip(shares.T, people.T, strict=True)]
        )
    except MeasureError:  # nobody has it anywhere
        return Missing("no_value")
