"""The section on areas: the key map, a pair of maps for each mapped indicator, the table of all areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from twin.report import figures
from twin.report.figures.outlines import Outlines
from twin.report.reading import Missing, Moment, Spread

if TYPE_CHECKING:
    from twin.city.city import City
    from twin.report.page import Page

MAPPED = (4, 12)  # numbers of the indicators drawn as maps


def areas(page: Page) -> dict[str, Any]:
    """Everything the template prints about areas, or why there is nothing."""
    words, city = page.words, page.city
    if city is None:
        return {"missing": words.reason(Missing("no_city"))}
    wanted = [f"indicator_{number:02d}" for number in MAPPED]
    mapped = {slug: page.held[slug] for slug in wanted if slug in page.held}
    names, wards = page.own(city.areas), page.own(city.wards)
    outlines = Outlines.of(city)
    key, numbered = figures.key_map("key", words("figure.key_alt", count=len(names)), outlines, names, wards)
    home = [wards[ward] for ward in city.areas.ward]
    places = list(zip(city.areas.code, names, home, strict=True))
    absent = [slug for slug in wanted if slug not in mapped]
    return {
        "key": key,
        "key_note": words("maps.numbered") if numbered else "",
        "maps": [_pair(page, city, slug, outlines) for slug in mapped],
        "table": page.tables.areas(
            mapped, places, words("maps.table", title=page.titles[page.reading.first])
        ),
        "approximate": words("maps.approximate") if city.tier == "embedded" else "",
        "sources": _sources(city, page.lang),
        "noise": _noise(page, city, list(mapped)),
        "absent": [
            (page.indicators.get(slug, slug), words.reason(Missing("not_counted"))) for slug in absent
        ],
    }


def _pair(page: Page, city: City, slug: str, outlines: Outlines) -> dict[str, Any]:
    """An indicator at the start and at the last moment, in one scale of colours."""
    words, reading, name = page.words, page.reading, page.held[slug]
    maps = [
        (words.moment(moment).both, [_shade(page, slug, moment, code) for code in city.areas.code])
        for moment in (reading.start, reading.last)
    ]
    texts = {"scale": words("figure.scale", what=name), "not_shown": words("figure.not_shown")}
    alt = words("figure.map_alt", what=name, years=reading.last.years)
    title = words("maps.title", what=name, scenario=page.titles[reading.first])
    drawn = figures.choropleths(f"map-{slug}", alt, outlines, maps, page.own(city.wards), texts)
    return {"title": title, "figure": drawn}


def _shade(page: Page, slug: str, moment: Moment, area: str) -> float | None:
    value = page.reading.at(slug, page.reading.first, moment, area)
    return None if isinstance(value, Missing) else value.mid


def _noise(page: Page, city: City, slugs: list[str]) -> str:
    """How wide the range of a typical area is: what part of the maps' pattern may be chance."""
    reading = page.reading
    values = [
        reading.at(slug, reading.first, reading.last, code) for slug in slugs for code in city.areas.code
    ]
    widths = [value.high - value.low for value in values if isinstance(value, Spread)]
    if not widths or page.words.one_run:
        return ""
    return page.words("maps.noise", points=f"{np.median(widths) * 100:.1f}")


def _sources(city: City, lang: str) -> str:
    """Where the outlines come from, as their licences ask to be said."""
    from twin.city.folder import read_about

    return read_about(city.folder)["attribution"][lang] if city.folder else ""
