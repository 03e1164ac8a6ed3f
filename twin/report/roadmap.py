"""The section on the roadmap: the document's table, each cell with how likely it is, and the conditions behind it."""

from __future__ import annotations

from collections import Counter
from math import isnan
from typing import TYPE_CHECKING, Any

from twin.analysis import Outcome, Part, Probability, Roadmap, Waiting
from twin.analysis import words as told
from twin.analysis.roadmap import FEW
from twin.report.tables import Cell, Table

if TYPE_CHECKING:
    from twin.report.page import Page

WORDS = ("likely", "even", "unlikely", "few", "")  # what a cell may be called
NAMED = 2  # conditions that fail equally often and are named


def roadmap(page: Page, found: Roadmap) -> dict[str, Any]:
    """Everything the template prints about the roadmap in a scenario."""
    words, vision, lang = page.words, page.vision, page.lang
    outcomes = found.outcomes
    years = sorted({outcome.years for outcome in outcomes})
    when = {outcome.years: outcome.fiscal_year for outcome in outcomes}
    columns = [(words("moment.years", years=n), words("moment.end_of_year", year=when[n])) for n in years]
    rows = [
        (name[lang], [_cell(page, o) for n in years for o in outcomes if (o.row, o.years) == (row, n)])
        for row, name in vision.rows.items()
    ]
    title = page.titles[page.lived.scenario]  # type: ignore[union-attr]
    limits = {word: told.percent(x) for word, x in found.facts.table("roadmap.words", page.start_day).items()}
    return {"title": title, "note": words("roadmap.note", few=FEW, **limits), "runs": len(found.runs), "columns": columns, "rows": rows,
            "conditions": _conditions(page, found)}  # fmt: skip


def in_short(page: Page, found: Roadmap) -> str:
    """How many cells are called what, in one sentence."""
    words, counts = page.words, Counter(outcome.word for outcome in found.outcomes)
    said = [
        words("events.kind", kind=_word(page, word), count=counts[word]) for word in WORDS if counts[word]
    ]
    title = page.titles[page.lived.scenario]  # type: ignore[union-attr]
    return words(
        "roadmap.in_short", title=title, cells=len(found.outcomes), all=words("verdict.and").join(said),
        runs=len(found.runs),
    )  # fmt: skip


def _word(page: Page, word: str) -> str:
    """What a cell is called; one without a word is not evaluated."""
    return told.text(f"word.{word}", page.lang) if word else page.words("roadmap.none")


def _cell(page: Page, outcome: Outcome) -> dict[str, Any]:
    """One cell: what the document says, how likely, which condition fails, how long."""
    lang, chance = page.lang, outcome.probability
    said = {
        "texts": [text[lang] for text in outcome.text],
        "marks": [told.text(f"mark.{mark}", lang) for mark in outcome.marks],
        "word": _word(page, outcome.word),
        "kind": outcome.word or "missing",
    }
    if chance is None:
        why = [page.words("roadmap.why", reason=told.reason(outcome, lang))]
        most = (
            []
            if outcome.at_most is None
            else [told.text("said.at_most", lang, said=told.said(outcome.at_most, lang))]
        )
        return said | {"chance": "", "notes": why + most}
    notes = [note for note in (_failing(page, outcome), _time(page, outcome.waiting)) if note]
    return said | {"chance": told.said(chance, lang), "notes": notes, "bar": _bar(chance)}


def _bar(chance: Probability) -> dict[str, str]:
    """Where the interval and the value stand between none and all, in per cent of the way."""
    low, mid, high = (100 * x for x in (chance.low, chance.value, chance.high))
    return {"low": f"{low:.1f}", "wide": f"{max(high - low, 0.5):.1f}", "mid": f"{mid:.1f}"}


def _failing(page: Page, outcome: Outcome) -> str:
    """The condition that fails most often where the cell does not hold."""
    words = page.words
    parts = [part for part in outcome.parts if not part.told and not isnan(part.failed) and part.failed > 0]
    if not parts:
        return ""
    most = max(part.failed for part in parts)
    same = [part for part in parts if part.failed == most]
    names = [words("verdict.named", name=_name(page, part)) for part in same[:NAMED]]
    if len(same) > NAMED:
        names.append(words("verdict.others", count=len(same) - NAMED))
    return words("roadmap.fails", names=words("verdict.and").join(names), share=told.percent(most))


def _time(page: Page, waiting: Waiting | None) -> str:
    """How long until the cell first holds."""
    if waiting is None:
        return ""
    if isnan(waiting.middle):
        return page.words("roadmap.never", reached=waiting.reached, runs=waiting.runs)
    return page.words("roadmap.time", years=told.years(waiting, page.lang))


def _name(page: Page, part: Part) -> str:
    return told.text(f"condition.{part.name}", page.lang)


# -- conditions -----------------------------------------------------------------------------------


def _conditions(page: Page, found: Roadmap) -> Table:
    """Every condition: what is asked, what the runs have, how often it holds."""
    words = page.words
    rows = [
        _condition(page, found, part, _place(page, outcome) if place == 0 else "")
        for outcome in found.outcomes
        for place, part in enumerate(outcome.parts)
    ]
    head = [Cell(words(f"roadmap.{name}")) for name in ("cell", "condition", "middle", "holds")]
    return Table(
        words("roadmap.conditions"), head, rows, "numbers dense conditions", words("roadmap.conditions_note")
    )


def _place(page: Page, outcome: Outcome) -> str:
    """A cell by its row and column."""
    row = page.vision.rows[outcome.row][page.lang]
    return page.words("roadmap.place", row=row, when=page.words("moment.years", years=outcome.years))


def _condition(page: Page, found: Roadmap, part: Part, cell: str) -> list[Cell]:
    lang, facts = page.lang, found.facts
    asked = Cell(told.condition(part, part.limit, facts, lang))
    if part.probability is None:
        return [Cell(cell), asked, Cell(""), Cell(told.reason(part, lang), missing=True)]
    return [
        Cell(cell),
        asked,
        Cell(told.number(part.middle, part.name, facts)),
        Cell(told.said(part.probability, lang)),
    ]
