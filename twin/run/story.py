"""The events of a run as sentences a reader can follow, fiscal year by fiscal year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from twin import messages
from twin.processes.spread.events import PREFIX
from twin.processes.spread.services import SERVICES
from twin.units import fiscal_year
from twin.vision import Vision

if TYPE_CHECKING:
    from twin.city.city import City

Note = tuple[int, str, str, str, float, str]


def story(
    notes: Iterable[Note], city: City, lang: str, *, areas: Collection[str] = (), kinds: Collection[str] = (),
) -> Iterator[str]:  # fmt: skip
    """One line for each event in order: "FY2025: Kaihin-Makuhari: Shared rides on demand went live".

    Parameters
    ----------
    notes : the notes of a ledger
    areas : codes of the areas told of; all, and the city, when empty
    kinds : kinds of events told of, as in :mod:`twin.processes.spread.events`; all when empty
    """
    for note, said in sentences(notes, city, lang):
        kind, area = note[1].removeprefix(PREFIX), note[2]
        if (not areas or area in areas) and (not kinds or kind in kinds):
            yield messages.text("event.line", lang, year=fiscal_year(note[0]), said=said)


def sentences(notes: Iterable[Note], city: City, lang: str) -> Iterator[tuple[Note, str]]:
    """Each event in order with its sentence, without the year: "Kaihin-Makuhari is at STEP2"."""
    catalogue = Vision.read().catalogue
    name_of = dict(
        zip(city.areas.code, city.areas.name_ja if lang == "ja" else city.areas.name_en, strict=True)
    )
    names = list(name_of.values())
    for note in notes:
        _, name, area, group, value, _ = note
        kind = name.removeprefix(PREFIX)
        if not name.startswith(PREFIX) or (kind == "copied" and value < 0):
            continue  # no event, or it looked to nobody this time
        said = messages.text(
            f"event.{kind}", lang, area=name_of.get(area, ""), value=int(value),
            service=catalogue.service(group).name[lang] if group in SERVICES else "",
            other=names[int(value)] if kind == "copied" else "",
        )  # fmt: skip
        yield note, said
