"""Places: schools (国土数値情報 P29) and shelters with their room (the city's own list)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from twin.city.sources.layer import find, read_layer
from twin.errors import CityError

SCHOOLS = ("schools_p29_2013", "P29")
SHELTERS = ("shelters_city2020_capacity",)
SCHOOL_KINDS = {
    "16001": "primary school", "16002": "junior high school", "16003": "secondary school",
    "16004": "high school", "16005": "technical college", "16006": "junior college", "16007": "university",
    "16011": "kindergarten", "16012": "special school", "16013": "certified nursery",
    "16014": "compulsory school",
}  # fmt: skip


def read_places(folder: Path) -> dict[str, list]:
    """Schools and shelters as columns of ``places.csv``, ordered by code.

    Room of a shelter is its room for staying, of an evacuation site its room for an emergency; -1 in the
    list means unknown.

    Raises
    ------
    CityError : a file is missing or broken, or room is no number
    """
    places = [*_schools(find(folder, SCHOOLS)), *_shelters(find(folder, SHELTERS))]
    columns = ("code", "kind", "name_ja", "ward", "x", "y", "capacity")
    return {
        name: list(values) for name, values in zip(columns, zip(*sorted(places), strict=True), strict=True)
    }


def _schools(path: Path) -> list[tuple]:
    """Editions up to 2013 hold the class in P29_004 and the name in P29_005; later ones in 003 and 004."""
    columns = ["P29_001", "P29_003", "P29_004", "P29_005"]
    rows = read_layer(path, columns, ("Point",), "P29_005")
    old = rows.P29_004.astype(str).str.fullmatch(r"\d{5}").all()
    kind, name = ("P29_004", "P29_005") if old else ("P29_003", "P29_004")
    found = []
    for number, (_, row) in enumerate(rows.iterrows(), start=1):
        if str(row[kind]) not in SCHOOL_KINDS:
            raise CityError("city_source.school", where=f"{path.name}: {row[name]}", found=row[kind])
        point = (round(row.geometry.x, 1), round(row.geometry.y, 1))
        found.append(
            (
                f"school-{number:03d}",
                SCHOOL_KINDS[str(row[kind])],
                row[name],
                str(row.P29_001),
                *point,
                np.nan,
            )
        )
    return found


def _shelters(path: Path) -> list[tuple]:
    columns = ["id", "name", "ward_code", "cat_shelter", "cap_shelter", "cap_emergency"]
    rows = read_layer(path, columns, ("Point",), "name")
    found = []
    for row in rows.itertuples():
        stay = bool(row.cat_shelter)
        room = _room(path, row.name, row.cap_shelter if stay else row.cap_emergency)
        point = (round(row.geometry.x, 1), round(row.geometry.y, 1))
        kind = "shelter" if stay else "evacuation site"
        found.append((f"shelter-{int(row.id):03d}", kind, row.name, str(row.ward_code), *point, room))
    return found


def _room(path: Path, name: str, value: object) -> float:
    if value is None or value == -1:
        return np.nan
    try:
        room = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        room = -1.0
    if room < 0:
        raise CityError("city_source.room", where=f"{path.name}: {name}", found=value)
    return room
