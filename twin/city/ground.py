"""The ground a city is built on: towns with outlines and people, railways and places.

Both ways of building a city, from packages and from official files, end in a :class:`Ground`; areas, streets
and all files are made from it by the same steps (:func:`finish`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from twin.city.city import City
from twin.city.folder import METRES, TIMETABLE, Column
from twin.city.writing import write_city
from twin.facts import Facts


@dataclass(frozen=True)
class Ground:
    """Towns and railways of a city, in metres (EPSG:6677).

    Attributes
    ----------
    ward_code, ward_ja, ward_en : the wards, ordered by code
    code, name_ja, name_en : the towns, ordered by code
    ward : ward row of each town
    cells : outline of each town
    people : expected number of people of each town
    x, y : a point in the middle of each town's homes, or its centroid
    stations : rows of ``stations.csv`` as columns code, name_ja, name_en, x, y, in_city (yes or no)
    lines : rows of ``lines.csv`` as columns; ``stations`` holds codes in order, one text a line
    places : rows of ``places.csv`` as columns
    timetable : rows of ``timetable.csv`` as columns, where there is one
    """

    ward_code: Sequence[str]
    ward_ja: Sequence[str]
    ward_en: Sequence[str]
    code: Sequence[str]
    name_ja: Sequence[str]
    name_en: Sequence[str]
    ward: np.ndarray
    cells: np.ndarray
    people: np.ndarray
    x: np.ndarray
    y: np.ndarray
    stations: Mapping[str, Column]
    lines: Mapping[str, Column]
    places: Mapping[str, Column]
    timetable: Mapping[str, Column] | None = None

    @property
    def station_points(self) -> np.ndarray:
        """Points of the stations, (stations, 2)."""
        return np.column_stack([self.stations["x"], self.stations["y"]])

    @property
    def calling_lines(self) -> np.ndarray:
        """How many lines call at each station."""
        calls = [code for text in self.lines["stations"] for code in text.split()]
        return np.array([calls.count(code) for code in self.stations["code"]])

    @property
    def hubs(self) -> np.ndarray:
        """Points main roads lead to: offices, stations of two lines, and stations outside the city."""
        points = self.station_points
        outside = np.array(self.stations["in_city"]) == "no"
        office = [kind.endswith(("hall", "office")) for kind in self.places["kind"]]
        offices = np.column_stack([self.places["x"], self.places["y"]])[office]
        return np.concatenate([points[(self.calling_lines > 1) | outside], offices])


def finish(
    out: Path, about: Mapping, ground: Ground, area: np.ndarray, areas: Mapping[str, Column],
    facts: Facts, day: date, *, ward_outlines: np.ndarray, keep: Mapping[str, Path] | None = None,
) -> City:  # fmt: skip
    """Make the streets, write all files of a city and open it.

    Parameters
    ----------
    out, about, keep : see :func:`twin.city.writing.write_city`
    area, areas : area row of each town, and the table of areas
    facts, day : parameters of the street recipe
    ward_outlines : outline of each ward, metres
    """
    from twin.city import cells as shapes
    from twin.city import roads

    crossings, streets = roads.streets_of(ground, np.column_stack([areas["x"], areas["y"]]), facts, day)
    towns = {
        "code": ground.code, "name_ja": ground.name_ja, "name_en": ground.name_en,
        "ward": [ground.ward_code[row] for row in ground.ward], "area": [areas["code"][row] for row in area],
        "x": np.round(ground.x, 1), "y": np.round(ground.y, 1), "people": np.round(ground.people, 1),
        "radius": np.sqrt(shapely.area(ground.cells) / np.pi).round(1),
    }  # fmt: skip
    tables = {
        "wards.csv": {"code": ground.ward_code, "name_ja": ground.ward_ja, "name_en": ground.ward_en},
        "areas.csv": areas,
        "towns.csv": towns,
        "stations.csv": {**ground.stations, "ward": _station_wards(ground, ward_outlines)},
        "lines.csv": ground.lines,
        "places.csv": ground.places,
        "crossings.csv": crossings,
        "streets.csv": streets,
        **({} if ground.timetable is None else {TIMETABLE: ground.timetable}),
    }
    outlines = {
        "wards": ward_outlines,
        "areas": shapes.outlines(ground.cells, area, len(areas["code"])),
        "towns": ground.cells,
    }
    return write_city(out, about, tables, outlines, keep)


def _station_wards(ground: Ground, outlines: np.ndarray) -> list[str]:
    """Code of the ward nearest to each station, which is the one it stands in; empty outside the city."""
    x, y = ground.station_points.T
    ward = nearest_outline(x, y, outlines)
    return [
        ground.ward_code[row] if here == "yes" else ""
        for row, here in zip(ward, ground.stations["in_city"], strict=True)
    ]


def nearest_outline(x: np.ndarray, y: np.ndarray, outlines: np.ndarray) -> np.ndarray:
    """Row of the outline each point lies in, or of the nearest one; the first of equals."""
    return np.argmin(shapely.distance(shapely.points(x, y)[:, None], outlines), axis=1)


def to_metres(lon: Sequence, lat: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (degrees) to metres in EPSG:6677."""
    from pyproj import Transformer

    change = Transformer.from_crs("EPSG:4326", METRES, always_xy=True)
    return change.transform(np.asarray(lon, float), np.asarray(lat, float))
