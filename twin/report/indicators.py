"""The section on indicators: all of them at a glance, then one row each, truth beside survey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from twin.indicators import READINGS, REGISTER
from twin.report import figures
from twin.report.reading import Missing
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
        truth = [tables.cell(reading.at(slug, reading.first, m), words.share) for m in reading.moments]
        rows.append([Cell(name), Cell(_kind(page, printed)), *truth, _last_survey(page, printed)])
    title = words("overview.caption", title=page.titles[reading.first])
    return Table(title, head, rows, kind="numbers overview", note=words("overview.note"))


def _last_survey(page: Page, printed: Printed) -> Cell:
    """What the latest survey showed; city records need none."""
    words, reading, slug = page.words, page.reading, _slug(printed)
    if printed.way == RECORDS:
        return Cell(words("overview.record"))
    instruments = page.surveys.instruments(slug)
    if slug not in page.held or not instruments:
        return _heard(page, Missing("not_counted" if slug not in page.held else "no_survey"))
    return _heard(page, page.surveys.at(slug, instruments[0], reading.first, reading.last))


def _row(page: Page, printed: Printed) -> dict[str, Any]:
    """One indicator: what it is, its fan, its table; or why it is not available."""
    words, slug, entry = page.words, _slug(printed), REGISTER.get(printed.number)
    found: dict[str, Any] = {
        "number": words("indicator.number", number=printed.number),
        "title": printed.name[page.lang],
        "kind": _kind(page, printed),
        "subjective": printed.subjective,
        "about": [(words("indicator.way"), printed.obtained[page.lang])],
        "note": printed.differs[page.lang] if printed.differs else "",
    }
    if entry is None:
        return found | {"missing": words.reason(Missing("not_counted"))}
    ja = page.lang == "ja"
    about, base = (entry.about_ja, entry.base_ja) if ja else (entry.about, entry.base)
    way = words("indicator.more" if entry.good > 0 else "indicator.less")
    found["about"] = [
        (words("indicator.about"), about[0].upper() + about[1:]), (words("indicator.base"), base),
        (words("indicator.way"), _way(page, printed)), (words("indicator.wanted"), way),
    ]  # fmt: skip
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
    found = []
    for place, instrument in enumerate(page.surveys.instruments(slug)):
        waves = page.surveys.waves(slug, instrument, page.reading.first)
        shown = [wave for wave in waves if isinstance(wave, Heard)]
        marks = [figures.Survey(wave.day, wave.value, wave.low, wave.high, place) for wave in shown]
        if marks:
            found.append((_surveyed(page, instrument), marks))
    return found


def _surveyed(page: Page, instrument: str) -> str:
    """What a survey is called, with the scenario where there are several."""
    words = page.words
    way = words(f"survey.{instrument}")
    if page.reading.others:
        return words("survey.of_scenario", way=way, title=page.titles[page.reading.first])
    return words("survey.shown", way=way)


def _table(page: Page, slug: str, name: str, unit: str) -> Table:
    """Every scenario at every moment: the model's value, what differs from the first, what surveys showed."""
    words, reading, tables = page.words, page.reading, page.tables
    rows = []
    for scenario, title in page.titles.items():
        rows.append(_line(page, words("survey.truth", title=title), "", lambda m, s=scenario: tables.cell(
            reading.at(slug, s, m), words.share)))  # fmt: skip
        if scenario != reading.first:
            lead = words("table.difference", title=title, first=page.titles[reading.first])
            rows.append(_line(page, lead, "", lambda m, s=scenario: tables.cell(
                reading.difference(slug, s, m), words.points)))  # fmt: skip
        for instrument in page.surveys.instruments(slug):
            at = lambda m, s=scenario, i=instrument: page.surveys.at(slug, i, s, m)  # noqa: E731
            lead, below = words("survey.seen", title=title), words(f"survey.{instrument}")
            rows.append(_line(page, lead, below, lambda m, at=at: _heard(page, at(m))))
            rows.append(_line(page, words("survey.sheets"), words("survey.effective"), lambda m, at=at: _sheets(
                page, at(m))))  # fmt: skip
    return Table(words("table.in_unit", what=name, unit=unit), [Cell(""), *tables.heads], rows)


def _line(page: Page, lead: str, below: str, cell: Any) -> list[Cell]:
    return [Cell(lead, below), *(cell(moment) for moment in page.reading.moments)]


def _heard(page: Page, heard: Heard | Missing) -> Cell:
    """An estimate with its interval."""
    said = page.words.estimate(heard)
    return Cell(said.main, said.beside, isinstance(heard, Missing))


def _sheets(page: Page, heard: Heard | Missing) -> Cell:
    """Sheets that came back, and the answers they are worth."""
    if isinstance(heard, Missing):
        return Cell("")
    return Cell(f"{heard.returned:,.0f}", page.words("survey.worth", count=f"{heard.effective:,.0f}"))


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
            found.append(page.tables.indicator(slug, page.words("table.in_unit", what=what, unit=unit)))
    return found


def _slug(printed: Printed) -> str:
    return f"indicator_{printed.number:02d}"


def _kind(page: Page, printed: Printed) -> str:
    return page.words("indicator.subjective" if printed.subjective else "indicator.objective")
