"""The section on getting around: who goes by what, minutes to places, on-demand rides, subscribers, who gains."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twin.processes.mobility.record import BY_AREA, PLACES, WAYS
from twin.report import figures
from twin.report.figures.outlines import Outlines
from twin.report.reading import Missing, Moment, Spread, spread
from twin.report.tables import Cell, Table
from twin.report.trips import GROUPS, TOLD, Trips

if TYPE_CHECKING:
    from twin.report.page import Page
    from twin.report.words import Said

TONNE = 1000.0  # kilograms


def mobility(page: Page, trips: Trips) -> dict[str, Any]:
    """Everything the template prints about getting around."""
    found = {
        "title": page.titles[trips.first], "ages": _ages(page, trips), "wards": _wards(page, trips),
        "minutes": _minutes(page, trips), "sums": _sums(page, trips), "rides": _rides(page, trips),
        "gains": _gains(page, trips), "map": _map(page, trips),
    }  # fmt: skip
    legend = [figures.Key(page.words("moment.start"), "#55626d", line=False, dot="o")]
    return found | {"legend": legend}


# -- who goes by what -----------------------------------------------------------------------------


def _ages(page: Page, trips: Trips) -> Any:
    """Mode shares by age at the start and at the last moment of the first scenario, a panel a mode."""
    words, times = page.words, (page.reading.start, page.reading.last)
    panels = [
        (
            words(f"trips.{told}"),
            *([trips.share(told, trips.first, m, group=g) for g in GROUPS] for m in times),
        )
        for told in TOLD
    ]
    names = [words("trips.all"), *GROUPS[1:]]
    alt = words("trips.ages_alt", years=page.reading.last.years)
    return figures.ages("trips-ages", alt, panels, names, {"age": words("figure.age"), "share": "%"})  # type: ignore[arg-type]


def _wards(page: Page, trips: Trips) -> Table:
    """Mode shares of the city and the wards, at the last moment, every scenario."""
    words, last = page.words, page.reading.last
    rows = []
    for code, name in {page.reading.city: words("trips.city"), **page.wards}.items():
        for scenario in trips.scenarios:
            values = (trips.share(told, scenario, last, code) for told in TOLD)
            said = name if scenario == trips.first else words("table.other", title=page.titles[scenario])
            rows.append([Cell(said), *(page.tables.line(value, words.share) for value in values)])
    head = [Cell(words("table.ward")), *(Cell(words(f"trips.{told}")) for told in TOLD)]
    caption = words("trips.wards", when=words.moment(last).both)
    return Table(caption, head, rows, "numbers dense", words("teams.table_note"))


def _map(page: Page, trips: Trips) -> dict[str, Any] | None:
    """Share of trips without a car by area: at the start in the first scenario, at the last moment in the last one."""
    if page.city is None:
        return None
    words, city = page.words, page.city
    shown = ((trips.first, page.reading.start), (trips.scenarios[-1], page.reading.last))
    maps = [
        (
            f"{page.titles[scenario]} {words.moment(m).main}",
            [_without_car(trips, scenario, m, code) for code in city.areas.code],
        )
        for scenario, m in shown
    ]
    texts = {
        "scale": words("figure.scale", what=words("trips.without")),
        "not_shown": words("figure.not_shown"),
    }
    alt = words("figure.map_alt", what=words("trips.without"), years=page.reading.last.years)
    drawn = figures.choropleths("map-trips", alt, Outlines.of(city), maps, page.own(city.wards), texts)
    return {"title": words("trips.map"), "figure": drawn}


def _without_car(trips: Trips, scenario: str, moment: Moment, area: str) -> float | None:
    value = trips.share("car", scenario, moment, area)
    return None if isinstance(value, Missing) else 1 - value.mid


# -- minutes, money, rides ------------------------------------------------------------------------


def _minutes(page: Page, trips: Trips) -> Table:
    """Minutes to the nearest station, hospital and city hall: the city, then areas with on-demand vehicles."""
    words, rows = page.words, []
    times = (page.reading.start, page.reading.last)
    for code, name in _places(page, trips).items():
        for place in PLACES:
            for scenario in trips.scenarios:
                said = words("trips.to", area=name, place=words(f"trips.{place}"))
                said = said if scenario == trips.first else words("table.other", title=page.titles[scenario])
                values = (trips.at(f"minutes_{place}", scenario, m, code, way) for way in WAYS for m in times)
                rows.append([Cell(said), *(page.tables.line(value, words.decimal) for value in values)])
    head = [Cell(""), *(Cell(words(f"trips.{way}"), page.tables.when(m).text) for way in WAYS for m in times)]
    return Table(words("trips.minutes"), head, rows, "numbers dense", words("trips.minutes_note"))


def _sums(page: Page, trips: Trips) -> Table:
    """Subscribers, cars, yen a trip, carbon dioxide and energy of the city at every moment."""
    words, reading, rows = page.words, page.reading, []
    real: Callable[[Any], Any] = lambda v: v if isinstance(v, Missing) else v.times(1 / reading.fraction)  # noqa: E731
    lines: dict[str, tuple[Callable[[str, Moment], Any], Callable[..., Said]]] = {
        "subscribers": (lambda s, m: real(reading.at("subscribers", s, m)), words.people),
        "cars": (lambda s, m: real(reading.at("cars", s, m)), words.people),
        "yen": (trips.yen_a_trip, words.people),
        "km": (lambda s, m: spread(trips.total("vehicle_km", s, m)), words.people),
        "energy": (lambda s, m: _per(trips.total("energy_kwh", s, m), TONNE), words.people),
        "co2": (lambda s, m: _per(trips.total("co2_kg", s, m), TONNE), words.people),
    }  # fmt: skip
    for line, (value, say) in lines.items():
        for scenario in trips.scenarios:
            said = words(f"trips.{line}")
            said = said if scenario == trips.first else words("table.other", title=page.titles[scenario])
            rows.append([Cell(said), *(page.tables.line(value(scenario, m), say) for m in reading.moments)])
    return Table(
        words("trips.sums"), [Cell(""), *page.tables.heads], rows, "numbers dense", words("teams.table_note")
    )


def _per(found: Any, unit: float) -> Spread | Missing:
    return found if isinstance(found, Missing) else Spread.of(found / unit)


def _rides(page: Page, trips: Trips) -> Table | None:
    """On-demand rides of the last fiscal year in areas that have vehicles: served, refused, wait, subscribers."""
    words, last, rows = page.words, page.reading.last, []
    none = Spread(0.0, 0.0, 0.0)  # nobody was written down
    for code, name in _places(page, trips).items():
        if code == page.reading.city:
            continue
        for scenario in trips.scenarios:
            values = [trips.at(what, scenario, last, code) for what in BY_AREA]
            if isinstance(values[0], Missing):
                continue
            fleet, subscribers, served, refused = (none if isinstance(v, Missing) else v for v in values)
            wait = trips.at("rides_wait", scenario, last, code)
            cells = [page.tables.line(value, words.people) for value in (fleet, served, refused)]
            cells += [page.tables.line(wait, words.decimal), page.tables.line(subscribers, words.people)]
            rows.append([Cell(name), Cell(page.titles[scenario]), *cells])
    if not rows:
        return None
    head = [Cell(words("table.area")), Cell(words("trips.scenario"))]
    head += [
        Cell(words(f"trips.{word}")) for word in ("vehicles", "served", "refused", "wait", "subscribers")
    ]
    return Table(
        words("trips.rides", when=words.moment(last).both),
        head,
        rows,
        "numbers dense",
        words("trips.rides_note"),
    )


# -- who gains ------------------------------------------------------------------------------------


def _gains(page: Page, trips: Trips) -> Table | None:
    """Yen a month by which getting around is better than in the first scenario: by age, city and areas served."""
    words, last = page.words, page.reading.last
    others = trips.scenarios[1:]
    if not others:
        return None
    rows = [
        [
            Cell(name if len(others) == 1 else words("trips.of", area=name, title=page.titles[scenario])),
            *(page.tables.line(trips.gain(scenario, last, code, g), words.more_people) for g in GROUPS),
        ]
        for scenario in others
        for code, name in _places(page, trips).items()
    ]
    head = [Cell(""), Cell(words("trips.all")), *(Cell(group.replace("-", "–")) for group in GROUPS[1:])]
    caption = words("trips.gains", when=words.moment(last).both, first=page.titles[trips.first])
    return Table(caption, head, rows, "numbers dense", words("trips.gains_note"))


def _places(page: Page, trips: Trips) -> dict[str, str]:
    """The city, and areas that have on-demand vehicles: names by code; at most eight areas."""
    found = {page.reading.city: page.words("trips.city")}
    if page.city is not None:
        names = zip(page.city.areas.code, page.own(page.city.areas), strict=True)
        served = [(code, name) for code, name in names if trips.served(code)]
        found |= dict(served[:8])
    return found
