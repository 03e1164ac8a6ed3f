"""One run told year by year: what the leading areas lived and what was new to the city; the rest folded away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from twin.processes.spread.events import PREFIX
from twin.run.story import Note, sentences
from twin.units import fiscal_year

if TYPE_CHECKING:
    from twin.city.city import City
    from twin.report.page import Page
    from twin.report.yearly import Yearly

_BY_SERVICE = ("trial", "live")  # new to the city service by service; steps by number, all else by kind
MOST = 3  # kinds named of what is folded away
_MINOR = ("copied", "architect_came", "architect_left")  # told of the leading areas only


def told_by_year(page: Page, lived: Yearly, city: City) -> list[dict[str, Any]]:
    """Fiscal years of the nearest run in order, each with its sentences, and how many and which are folded away."""
    words, notes = page.words, lived.notes
    here = {city.code, *(lived.codes[row] for row in lived.leading)}
    news = _new(notes)
    years: dict[int, dict[str, Any]] = {}
    for note, said in sentences(notes, city, page.lang):
        year = years.setdefault(fiscal_year(note[0]), {"told": [], "rest": [], "kinds": Counter()})
        if note in news:
            year["told"].append(words("events.first", said=said))
        elif note[2] in here:
            year["told"].append(said)
        else:
            year["rest"].append(said)
            year["kinds"][_kind(note)] += 1
    return [
        {
            "year": words("events.year", year=number),
            "told": year["told"] or [words("events.none")],
            "rest": year["rest"],
            "summary": _summary(page, year["kinds"]),
        }
        for number, year in sorted(years.items())
    ]


def _summary(page: Page, kinds: Counter[str]) -> str:
    """How many events are folded away, kind by kind, the most frequent first."""
    words = page.words
    most = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    said = [words("events.kind", kind=words(f"events.{kind}"), count=count) for kind, count in most[:MOST]]
    named = words("verdict.and").join(said)
    return words(
        "events.rest", count=kinds.total(), all=words("events.and_so_on", all=named) if most[MOST:] else named
    )


def _new(notes: Iterable[Note]) -> set[Note]:
    """The events that are the first of their sort in the city."""
    seen: set[tuple[str, str, float]] = set()
    found = set()
    for note in notes:
        kind, group, value = _kind(note), note[3], note[4]
        if kind in _MINOR:
            continue
        sort = kind, group if kind in _BY_SERVICE else "", value if kind == "step" else 0.0
        if sort not in seen and not (kind == "step" and value == 0):
            seen.add(sort)
            found.add(note)
    return found


def _kind(note: Note) -> str:
    return note[1].removeprefix(PREFIX)
