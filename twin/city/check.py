"""Does a city fit together? A list of small checks, each callable alone; both tiers pass the same ones.

>>> from twin.city.city import City
>>> [finding.name for finding in check(City.embedded()) if not finding.good]
[]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from twin import messages
from twin.city.city import LEVELS, City
from twin.city.folder import DEGREES, about_of
from twin.city.supply import supply
from twin.facts import Facts
from twin.network.transit import DAYS, MODES

GAP = 60.0  # metres: an area whose towns are nearer than this holds together
MOST_NAMED = 5  # things named in a finding


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    name : name of the check
    good : whether the city passes
    found : what was measured, in figures and codes
    """

    name: str
    good: bool
    found: str

    def text(self, lang: str) -> str:
        """The rule in one language and what was found."""
        return f"{messages.text(f'city_check.{self.name}', lang)}: {self.found}"


def check(city: City, facts: Facts | None = None) -> list[Finding]:
    """Run every check of :data:`CHECKS` in order; a city read from a folder is needed."""
    facts = facts or Facts.read()
    return [one(city, facts) for one in CHECKS]


def six_wards(city: City, facts: Facts) -> Finding:
    """The wards are those of the official list."""
    wanted = sorted(facts.table("city.ward_areas", _day(city)))
    return Finding("six_wards", list(city.wards.code) == wanted, " ".join(city.wards.code))


def outlines_valid(city: City, facts: Facts) -> Finding:
    """Every outline is a valid polygon with an area."""
    bad = []
    for level in LEVELS:
        shapes = city.boundaries(level)
        good = (
            shapes.is_valid & ~shapes.is_empty & (shapes.area > 0) & shapes.geom_type.str.endswith("Polygon")
        )
        bad += list(shapes.code[~good])
    return _none("outlines_valid", bad)


def in_place(city: City, facts: Facts) -> Finding:
    """Outlines lie where the city lies; swapped axes or a wrong projection put them far away."""
    box = facts.table("city.box", _day(city))
    west, south, east, north = city.boundaries("wards").to_crs(DEGREES).total_bounds
    slack = facts.number("city.check.box_slack", _day(city))
    bounds = {"west": west, "south": south, "east": east, "north": north}
    good = all(abs(bounds[side] - box[side]) <= slack for side in box)
    return Finding("in_place", good, f"{west:.3f} {south:.3f} {east:.3f} {north:.3f}")


def ward_areas(city: City, facts: Facts) -> Finding:
    """Ward areas are the official ones, within the tolerance of the tier."""
    official = facts.table("city.ward_areas", _day(city))
    allowed = facts.table("city.check.area_tolerance", _day(city))[city.tier]
    measured = city.boundaries("wards").area / 1e6
    off = {code: area / official[code] - 1 for code, area in zip(city.wards.code, measured, strict=True)}
    found = " ".join(f"{code}{share:+.1%}" for code, share in off.items())
    return Finding(
        "ward_areas", all(abs(share) <= allowed for share in off.values()), f"{found} (±{allowed:.0%})"
    )


def wards_apart(city: City, facts: Facts) -> Finding:
    """No two wards overlap."""
    shapes = city.boundaries("wards").geometry.to_numpy()
    allowed = facts.number("city.check.overlap", _day(city))
    pairs = [(a, b) for a in range(len(shapes)) for b in range(a)]
    over = {pair: shapely.intersection(shapes[pair[0]], shapes[pair[1]]).area for pair in pairs}
    bad = [
        f"{city.wards.code[b]}-{city.wards.code[a]} {m2:.1f} m2"
        for (a, b), m2 in over.items()
        if m2 > allowed
    ]
    return _none("wards_apart", bad)


def ward_neighbours(city: City, facts: Facts) -> Finding:
    """The wards that share a border are the right ones."""
    shapes = shapely.buffer(city.boundaries("wards").geometry.to_numpy(), 1.0)
    pairs = [(b, a) for a in range(len(shapes)) for b in range(a)]
    code = city.wards.code
    found = {
        f"{code[a]}-{code[b]}" for a, b in pairs if shapely.intersection(shapes[a], shapes[b]).area > 1000.0
    }
    wanted = set(facts.table("city.ward_borders", _day(city)))
    return _none("ward_neighbours", sorted(found ^ wanted))


def towns_in_wards(city: City, facts: Facts) -> Finding:
    """Every town's point lies in its ward, and its area belongs to the same ward."""
    wards = shapely.buffer(city.boundaries("wards").geometry.to_numpy(), GAP)
    inside = shapely.intersects_xy(wards[city.towns.ward], city.towns.x, city.towns.y)
    right = city.areas.ward[city.towns.area] == city.towns.ward
    return _none("towns_in_wards", _coded(city.towns.code, ~(inside & right)))


def areas_number(city: City, facts: Facts) -> Finding:
    """The city has as many areas as planned, each with towns."""
    bounds = facts.table("city.check.areas", _day(city))
    empty = np.bincount(city.towns.area, minlength=len(city.areas.code)) == 0
    good = bounds["fewest"] <= len(city.areas.code) <= bounds["most"] and not empty.any()
    return Finding("areas_number", good, f"{len(city.areas.code)}{_tail(_coded(city.areas.code, empty))}")


def areas_size(city: City, facts: Facts) -> Finding:
    """Areas hold about as many people as planned."""
    bounds = facts.table("city.check.people", _day(city))
    people = np.bincount(city.towns.area, city.towns.people, len(city.areas.code))
    bad = (people < bounds["fewest"]) | (people > bounds["most"])
    found = f"{people.min():,.0f} .. {people.max():,.0f}{_tail(_coded(city.areas.code, bad))}"
    return Finding("areas_size", not bad.any(), found)


def areas_whole(city: City, facts: Facts) -> Finding:
    """Each area holds together, gaps of some metres aside."""
    shapes = shapely.buffer(city.boundaries("areas").geometry.to_numpy(), GAP / 2)
    towns = city.boundaries("towns")
    parts = np.array([len(shapely.get_parts(shape)) for shape in shapes])
    own = np.zeros(len(parts), int)  # a town that is itself in pieces does not count against its area
    alone = shapely.get_num_geometries(shapely.buffer(towns.geometry.to_numpy(), GAP / 2))
    np.add.at(own, city.towns.area, alone - 1)
    return _none("areas_whole", _coded(city.areas.code, parts > 1 + own))


def names_unique(city: City, facts: Facts) -> Finding:
    """No two areas, and no two towns of one ward, carry the same name."""
    seen: dict[str, int] = {}
    towns = [f"{city.wards.code[w]} {n}" for w, n in zip(city.towns.ward, city.towns.name_ja, strict=True)]
    for name in [*towns, *city.areas.name_ja, *(f"en {name}" for name in city.areas.name_en)]:
        seen[name] = seen.get(name, 0) + 1
    return _none("names_unique", [name for name, count in seen.items() if count > 1 or not name.split()])


def people_add_up(city: City, facts: Facts) -> Finding:
    """Expected people are finite, not negative, and add up to the census of each ward."""
    people = city.towns.people
    counted = facts.table("people.ward.total", _day(city))
    total = np.bincount(city.towns.ward, people, len(city.wards.code))
    wanted = np.array([counted[code] for code in city.wards.code])
    allowed = facts.number("city.check.people_tolerance", _day(city))
    bad = np.abs(total / wanted - 1) > allowed
    found = f"{total.sum():,.0f}{_tail(_coded(city.wards.code, bad))}"
    return Finding("people_add_up", bool(not bad.any() and (people >= 0).all()), found)


def towns_have_size(city: City, facts: Facts) -> Finding:
    """Every town has a radius."""
    return _none("towns_have_size", _coded(city.towns.code, ~(city.towns.radius > 0)))


def stations_in_city(city: City, facts: Facts) -> Finding:
    """As many stations as there are lie in the city, each in the ward it names."""
    near = facts.table("city.check.place_slack", _day(city))[city.tier]
    wards = shapely.buffer(city.boundaries("wards").geometry.to_numpy(), near)
    here = city.stations.ward >= 0
    inside = shapely.intersects_xy(wards[city.stations.ward], city.stations.x, city.stations.y)
    bad = _coded(city.stations.code, here & ~inside)
    wanted = facts.number("city.stations", _day(city, "stations_on"))
    return Finding("stations_in_city", int(here.sum()) == wanted and not bad, f"{here.sum()}{_tail(bad)}")


def lines_run(city: City, facts: Facts) -> Finding:
    """Every line calls at two stations or more, one after the other and never far apart."""
    longest, stations = facts.number("city.check.station_gap", _day(city)), city.stations
    bad = []
    for code, called in zip(city.lines.code, city.lines.stations, strict=True):
        row = list(called)
        gaps = np.hypot(np.diff(stations.x[row]), np.diff(stations.y[row]))
        if not len(gaps) or gaps.max() > longest or gaps.min() <= 0:
            bad.append(code)
    return _none("lines_run", bad)


def streets_connected(city: City, facts: Facts) -> Finding:
    """Every crossing can be reached from every other; people of towns off the largest piece cannot reach the rest."""
    s, towns = city.streets, city.towns
    sizes = np.bincount(s.piece(), minlength=1)
    off = (
        s.piece()[s.nearest(towns.x, towns.y)] != sizes.argmax()
        if len(s.node)
        else np.ones(len(towns.code), bool)
    )
    found = f"{len(s.node)} / {(sizes > 0).sum()} / {towns.people[off].sum():,.0f}{_tail(_coded(towns.code, off))}"
    return Finding("streets_connected", (sizes > 0).sum() == 1, found)


def streets_sound(city: City, facts: Facts) -> Finding:
    """Streets have length, lanes, capacity and speed, none is shorter than the straight line or a loop."""
    s = city.streets
    begin = s.begin
    straight = np.hypot(s.x[begin] - s.x[s.end], s.y[begin] - s.y[s.end])
    good = (s.length > 0) & (s.length >= straight - 0.1) & (s.lanes >= 1) & (s.capacity > 0) & (s.speed > 0)
    good &= begin != s.end
    return _none(
        "streets_sound", [f"{s.node[a]}-{s.node[b]}" for a, b in zip(begin[~good], s.end[~good], strict=True)]
    )


def towns_on_streets(city: City, facts: Facts) -> Finding:
    """Every town has a crossing near its middle."""
    s, towns = city.streets, city.towns
    if not len(s.node):
        return Finding("towns_on_streets", False, "0")
    row = s.nearest(towns.x, towns.y)
    away = np.hypot(s.x[row] - towns.x, s.y[row] - towns.y)
    far = away > np.maximum(towns.radius, facts.number("city.check.to_street", _day(city)))
    return Finding("towns_on_streets", not far.any(), f"{away.max():.0f} m{_tail(_coded(towns.code, far))}")


def places_in_wards(city: City, facts: Facts) -> Finding:
    """Places lie in the city near the ward they name, and room for people is not negative."""
    near = facts.table("city.check.place_slack", _day(city))[city.tier]
    wards = shapely.buffer(city.boundaries("wards").geometry.to_numpy(), near)
    inside = shapely.intersects_xy(wards[city.places.ward], city.places.x, city.places.y)
    good = inside & ~(city.places.capacity < 0)
    return Finding(
        "places_in_wards", bool(good.all()), f"{len(good)}{_tail(_coded(city.places.code, ~good))}"
    )


def lines_serve(city: City, facts: Facts) -> Finding:
    """Every line of the public transport moves on, runs on a weekday and costs something; how much there is of it."""
    transit = supply(city, facts, _day(city))
    minutes, last = transit.minutes(city.streets.minutes), transit.start[1:] - 1
    on_the_way = np.ones(len(minutes), bool)
    on_the_way[last] = False
    good = np.ones(len(transit.code), bool)
    good[transit.line()[on_the_way & ~((minutes > 0) & (transit.metres > 0))]] = False
    good &= (transit.trips[:, DAYS.index("weekday")].sum(axis=1) > 0) & (np.diff(transit.start) > 1)
    found = " + ".join(
        f"{(transit.mode == row).sum()} {mode} {transit.vehicle_km('weekday', mode):,.0f} km"
        for row, mode in enumerate(MODES)
    )
    found = f"{found}, {len(transit.stops.code)}{_tail(_coded(transit.code, ~good))}"
    return Finding("lines_serve", bool(good.all()) and len(good) > 0, found)


CHECKS: tuple[Callable[[City, Facts], Finding], ...] = (
    six_wards, outlines_valid, in_place, ward_areas, wards_apart, ward_neighbours, towns_in_wards,
    areas_number, areas_size, areas_whole, names_unique, people_add_up, towns_have_size, stations_in_city,
    lines_run, lines_serve, streets_connected, streets_sound, towns_on_streets, places_in_wards,
)  # fmt: skip


def _day(city: City, what: str = "people_on") -> date:
    """The day the city's people were counted, or its stations."""
    return date.fromisoformat(about_of(city)[what])


def _coded(codes: Iterable[str], bad: np.ndarray) -> list[str]:
    return [code for code, is_bad in zip(codes, bad, strict=True) if is_bad]


def _none(name: str, bad: list[str]) -> Finding:
    return Finding(name, not bad, f"{len(bad)}{_tail(bad)}")


def _tail(bad: list[str]) -> str:
    more = " …" if len(bad) > MOST_NAMED else ""
    return f" ({', '.join(bad[:MOST_NAMED])}{more})" if bad else ""
