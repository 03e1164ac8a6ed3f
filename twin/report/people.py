"""The section on people: total, composition, pyramid, wards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from twin.report import figures
from twin.report.figures.pyramid import SEXES, Layer
from twin.report.reading import Missing, Moment, Spread
from twin.results.ledger import FIVE_YEARS

if TYPE_CHECKING:
    from twin.report.page import Page

OLDEST = FIVE_YEARS.index("90-94")  # from here on drawn together: the cells are small
TOTAL_UNIT = {"ja": 10_000, "en": 1_000}  # the total is drawn in 万人, or in thousands
PYRAMID_UNIT = 1_000


def people(page: Page) -> dict[str, Any]:
    """Everything the template prints about people."""
    words, reading, tables = page.words, page.reading, page.tables
    factor = 1 / reading.fraction / TOTAL_UNIT[page.lang]
    residents, first = words("people.residents"), page.titles[reading.first]
    return {
        "fan": page.fan("people", residents, words("figure.people"), factor, share=False),
        "table": tables.people(words("table.of", what=residents)),
        "composition": tables.composition(words("people.composition", title=first)),
        "pyramid": pyramid(page),
        "wards": tables.wards("people", words("table.by_ward", what=residents, title=first), page.wards),
    }


def pyramid(page: Page) -> dict[str, Any]:
    """The pyramid with its legend, or why there is none."""
    words, reading = page.words, page.reading
    start = _layer(page, reading.first, reading.start)
    later = [_layer(page, scenario, reading.last) for scenario in page.titles]
    for layer in (start, *later):
        if isinstance(layer, Missing):
            return {"missing": words.reason(layer)}
    then, at_last = (
        words.month(reading.pyramid_day(m), with_day=True) for m in (reading.start, reading.last)
    )
    texts = {sex: words(f"figure.{sex}") for sex in SEXES} | {"unit": words("figure.thousand_people")}
    alt = words("figure.pyramid_alt", start=then, later=at_last)
    keys = [figures.Key(then, figures.INK, fill=0.0)]
    for place, title in enumerate(page.titles.values()):
        colour, dashes = figures.strand(place)
        look = {"fill": 0.0} if place else {"fill": figures.BAR, "line": False}
        keys.append(figures.Key(words("figure.layer", title=title, day=at_last), colour, dashes, **look))  # type: ignore[arg-type]
    drawn = figures.pyramid("pyramid", alt, start, later, [*FIVE_YEARS[:OLDEST], "90+"], texts)  # type: ignore[arg-type]
    return {"figure": drawn, "legend": keys}


def _layer(page: Page, scenario: str, moment: Moment) -> Layer | Missing:
    factor = 1 / page.reading.fraction / PYRAMID_UNIT
    sides = []
    for sex in SEXES:
        found = page.reading.pyramid(scenario, moment, sex, FIVE_YEARS)
        if isinstance(found, Missing):
            return found
        together = [*found[:OLDEST], np.sum(found[OLDEST:], axis=0)]
        sides.append([Spread.of(seeds * factor) for seeds in together])
    return Layer(tuple(sides))  # type: ignore[arg-type]
