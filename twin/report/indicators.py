"""The section on indicators: all of them at a glance, then one row each, truth beside survey."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.indicators import READINGS, REGISTER
from twin.report import figures
from twin.report.reading import Missing, Moment
from twin.report.surveys import Heard
from twin.report.tables import Cell, Table
from twin.vision.vision import Indicator as Printed

if TYPE_CHECKING:
    from twin.report.page import Page

WIDTH = 128.0  # mm: of the fan beside the words of its row
RECORDS = "records"  # the way of obtaining that asks nobody


def indicators(page: Page) -> dict[str, Any]:
    """Everything the template prints about indicators."""
    return {
        "overview": _overview(page),
        "rows": [_row(page, printed) for printed in page.vision.indicators],
    }


def _overview(page: Page) -> Table:
    """One line an indicator of the first scenario: its kind, the model's value at every moment, the last survey."""
    words, reading, tables = page.words, page.reading, page.tables
    head = [
        Cell(words("overview.indicator")), Cell(words("overview.kind")), *tables.heads,
        Cell(words("overview.survey"), words.moment(reading.last).main),
    ]  # fmt: skip
    rows = []
    for printed in page.vision.indicators:
        slug = _slug(printed)
        name = words("overview.named", number=printed.number, name=printed.short[page.lang])
        truth = [_truth(page, slug, moment, reading.first) for moment in reading.moments]
        rows.append([Cell(name), Cell(_kind(page, printed)), *truth, _last_survey(page, printed)])
    title = words("overview.caption", title=page.titles[reading.first])
    return Table(title, head, rows, "numbers dense overview", words("overview.note"))


def _last_survey(page: Page, printed: Printed) -> Cell:
    """What the latest survey showed; city records need none."""
    words, reading, slug = page.words, page.reading, _slug(printed)
    if printed.way == RECORDS:
        return Cell(words("overview.record"))
    instruments = page.surveys.instruments(slug)
    if instruments:
        return _heard(page, slug, reading.last, reading.first, instruments[0])
    return page.tables.line(Missing("not_counted" if slug not in page.held else "no_survey"), words.estimate)


def _row(page: Page, printed: Printed) -> dict[str, Any]:
    """One indicator: what it is, its fan, its table; or why it is not available."""
    words, slug, entry, ja = page.words, _slug(printed), REGISTER[printed.number], page.lang == "ja"
    about, base = (entry.about_ja, entry.base_ja) if ja else (entry.about, entry.base)
    found: dict[str, Any] = {
        "number": words("indicator.number", number=printed.number),
        "title": printed.name[page.lang],
        "kind": _kind(page, printed),
        "subjective": printed.subjective,
        "about": [
            (words("indicator.about"), _capital(about)),
            (words("indicator.base"), base),
            (words("indicator.way"), _way(page, printed)),
            (words("indicator.wanted"), words("indicator.more" if entry.good > 0 else "indicator.less")),
        ],
        "note": printed.differs[page.lang] if printed.differs else "",
    }
    if slug not in page.held:
        return found | {"missing": words.reason(Missing("not_counted"))}
    name = printed.short[page.lang]
    return found | {
        "fan": page.fan(
            slug, name, words("figure.percent", base=base), 100.0, share=True, width=WIDTH,
            surveys=_marks(page, slug),
        ),
        "tables": [_table(page, slug, name, words("figure.percent", base=base)), *_readings(page, printed.number)],
    }  # fmt: skip


def _marks(page: Page, slug: str) -> list[tuple[str, list[figures.Survey]]]:
    """The first scenario's surveys as marks of the fan, with what the legend calls them, by instrument."""
    words, first, found = page.words, page.reading.first, []
    for place, instrument in enumerate(page.surveys.instruments(slug)):
        waves = [wave for wave in page.surveys.waves(slug, instrument, first) if isinstance(wave, Heard)]
        marks = [figures.Survey(wave.day, wave.value, wave.low, wave.high, place) for wave in waves]
        way, title = words(f"survey.{instrument}"), page.titles[first]
        if marks:
            found.append((words("survey.shown", way=way, title=title), marks))
    return found


def _table(page: Page, slug: str, name: str, unit: str) -> Table:
    """Every scenario at every moment: the model's value, what differs from the first, what surveys showed."""
    words, first = page.words, page.reading.first
    rows = []
    for scenario, title in page.titles.items():
        rows.append(_line(page, words("survey.truth", title=title), _truth, slug, scenario))
        if scenario != first:
            rows.append(_line(page, words("survey.less", first=page.titles[first]), _less, slug, scenario))
        for instrument in page.surveys.instruments(slug):
            seen = words("survey.seen", title=title, way=words(f"survey.{instrument}"))
            rows.append(_line(page, seen, _heard, slug, scenario, instrument))
            rows.append(_line(page, words("survey.sheets"), _sheets, slug, scenario, instrument))
    head = [Cell(""), *page.tables.heads]
    return Table(words("table.in_unit", what=name, unit=unit), head, rows, "numbers dense")


def _line(page: Page, lead: str, cell: Callable[..., Cell], slug: str, *which: str) -> list[Cell]:
    return [Cell(lead), *(cell(page, slug, moment, *which) for moment in page.reading.moments)]


def _truth(page: Page, slug: str, moment: Moment, scenario: str) -> Cell:
    """The model's own value."""
    return page.tables.line(page.reading.at(slug, scenario, moment), page.words.share)


def _less(page: Page, slug: str, moment: Moment, scenario: str) -> Cell:
    """What differs from the first scenario."""
    value = page.reading.difference(slug, scenario, moment)
    said = page.words.points(value)
    return Cell(said.main, said.beside if said.ranged else "", isinstance(value, Missing))


def _heard(page: Page, slug: str, moment: Moment, scenario: str, instrument: str) -> Cell:
    """A survey's estimate with its interval."""
    return page.tables.line(page.surveys.at(slug, instrument, scenario, moment), page.words.estimate)


def _sheets(page: Page, slug: str, moment: Moment, scenario: str, instrument: str) -> Cell:
    """Sheets that came back, and the answers they are worth."""
    heard = page.surveys.at(slug, instrument, scenario, moment)
    if isinstance(heard, Missing):
        return Cell("")
    counts = {"returned": f"{heard.returned:,.0f}", "worth": f"{heard.effective:,.0f}"}
    return Cell(page.words("survey.returned", **counts))


def _way(page: Page, printed: Printed) -> str:
    """How it is obtained, and how many sheets the first scenario's surveys send out."""
    words, slug, obtained = page.words, _slug(printed), printed.obtained[page.lang]
    if printed.way == RECORDS:
        return obtained
    sent = [
        wave.sent
        for instrument in page.surveys.instruments(slug)
        for wave in page.surveys.waves(slug, instrument, page.reading.first)
        if isinstance(wave, Heard)
    ]
    said = words("survey.sent", count=f"{np.median(sent):,.0f}") if sent else words("survey.none")
    return words("value.both", main=obtained, beside=said)


def _readings(page: Page, number: int) -> list[Table]:
    """What else a number may be read as."""
    found = []
    for slug, other in READINGS.items():
        if other.number == number and slug in page.reading.names:
            what, base = (other.about_ja, other.base_ja) if page.lang == "ja" else (other.about, other.base)
            unit = page.words("figure.percent", base=base)
            found.append(_table(page, slug, _capital(what), unit))
    return found


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _slug(printed: Printed) -> str:
    return f"indicator_{printed.number:02d}"


def _kind(page: Page, printed: Printed) -> str:
    return page.words("indicator.subjective" if printed.subjective else "indicator.objective")
