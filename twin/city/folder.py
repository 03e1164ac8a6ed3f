"""The folder of a city: reading and writing its small text files.

===================  ==================================================================================
``city.toml``        name, code, tier, notice and attribution in both languages
``wards.csv``        code, names
``areas.csv``        code, names, ward, point
``towns.csv``        code, names, ward, area, point, expected people, radius
``stations.csv``     code, names, point; ``lines.csv``: stations in order
``places.csv``       offices, schools, shelters
``timetable.csv``    trips of lines by the minute, where there is a timetable
``crossings.csv``    street crossings; ``streets.csv``: streets between them, both directions alike
``*.geojson``        outlines of wards, areas, towns (longitude, latitude)
===================  ==================================================================================

Points are given in metres (x, y), so that a city is read without any map projection.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from twin.city.city import LEVELS, Areas, City, Lines, Places, Stations, Towns, Wards
from twin.errors import CityError, Problems
from twin.network.streets import LEVELS as KINDS
from twin.network.streets import Streets

if TYPE_CHECKING:
    import geopandas

Texts: TypeAlias = tuple[str, ...]
Column: TypeAlias = Sequence[Any] | np.ndarray  # of a table: one value a row, to be written as text

METRES, DEGREES = "EPSG:6677", "EPSG:4326"
TIMETABLE = "timetable.csv"  # the one table a city may be without
DECIMALS_OF_DEGREES = 7  # about a centimetre

# fmt: off
HEADERS = {
    "wards.csv":     ("code", "name_ja", "name_en"),
    "areas.csv":     ("code", "name_ja", "name_en", "ward", "x", "y"),
    "towns.csv":     ("code", "name_ja", "name_en", "ward", "area", "x", "y", "people", "radius"),
    "stations.csv":  ("code", "name_ja", "name_en", "ward", "x", "y"),
    "lines.csv":     ("code", "name_ja", "name_en", "operator", "stations"),
    "places.csv":    ("code", "kind", "name_ja", "ward", "x", "y", "capacity"),
    "crossings.csv": ("code", "x", "y"),
    "streets.csv":   ("first", "second", "length", "lanes", "capacity", "speed", "level"),
    TIMETABLE:       ("line", "day", "trip", "place", "stop", "arrive", "depart"),
}
# fmt: on


class Sheet:
    """One CSV file as columns of text, with errors that name file, line and column."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise CityError("city.no_file", where=str(path.parent), file=path.name)
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                self.header, *self.rows = list(csv.reader(file)) or [[]]
        except UnicodeDecodeError as error:
            raise CityError("city.not_utf8", where=str(path)) from error
        wanted = HEADERS[path.name]
        if tuple(self.header) != wanted:
            raise CityError(
                "city.header", where=str(path), wanted=",".join(wanted), found=",".join(self.header)
            )
        for line, row in enumerate(self.rows, start=2):
            if len(row) != len(wanted):
                raise CityError("city.row_length", where=f"{path}:{line}", wanted=len(wanted), found=len(row))

    def text(self, column: str) -> Texts:
        """A column as it stands."""
        at = self.header.index(column)
        return tuple(row[at] for row in self.rows)

    def number(self, column: str, dtype: str = "f8", empty: float | None = None) -> np.ndarray:
        """A column of finite numbers; an empty field gives ``empty`` where that is allowed."""
        values = []
        for line, text in enumerate(self.text(column), start=2):
            if not text and empty is not None:
                values.append(empty)
                continue
            try:
                values.append(float(text))
            except ValueError:
                values.append(np.inf)
            if not np.isfinite(values[-1]):
                raise CityError("city.not_a_number", where=f"{self.path}:{line}", column=column, found=text)
        return frozen(np.array(values, "f8").astype(dtype))

    def rows_of(self, column: str, codes: Sequence[str], dtype: str, outside: bool = False) -> np.ndarray:
        """A column of codes as row numbers of another table; empty is -1 where ``outside`` is allowed."""
        row = {code: number for number, code in enumerate(codes)}
        if outside:
            row[""] = -1
        for line, code in enumerate(self.text(column), start=2):
            if code not in row:
                raise CityError("city.unknown_code", where=f"{self.path}:{line}", column=column, found=code)
        return frozen(np.array([row[code] for code in self.text(column)], dtype))


def read(folder: Path) -> City:
    """Read a city's folder; see :meth:`twin.city.city.City.open`."""
    about = read_about(folder)
    sheet = {name: Sheet(folder / name) for name in HEADERS if name != TIMETABLE}
    for name in ("wards.csv", "areas.csv", "towns.csv", "stations.csv", "crossings.csv", "places.csv"):
        _codes_in_order(sheet[name])
    wards = Wards(*_names(sheet["wards.csv"]))
    areas = _areas(sheet["areas.csv"], wards)
    towns = _towns(sheet["towns.csv"], wards, areas)
    stations = _stations(sheet["stations.csv"], wards)
    places = _places(sheet["places.csv"], wards)
    return City(
        about["name_ja"], about["name_en"], about["code"], about["tier"], wards, areas, towns, sha256(folder),
        stations, _lines(sheet["lines.csv"], stations), places,
        _streets(sheet["crossings.csv"], sheet["streets.csv"]), folder,
    )  # fmt: skip


def read_about(folder: Path) -> dict:
    """The ``city.toml`` of a folder: names, code, tier, days of the figures, notice, attribution."""
    path = folder / "city.toml"
    if not path.is_file():
        raise CityError("city.no_city", where=str(folder))
    try:
        about = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CityError("city.bad_toml", where=str(path), why=error) from error
    for key in ("name_ja", "name_en", "code", "tier", "people_on", "stations_on", "notice", "attribution"):
        if key not in about:
            raise CityError("city.no_key", where=str(path), key=key)
    if about["tier"] not in ("embedded", "official"):
        raise CityError("city.tier", where=str(path), found=about["tier"])
    return about


def about_of(city: City) -> dict:
    """The ``city.toml`` of the folder a city was read from.

    Raises
    ------
    CityError : the city was made by hand, so it has no folder
    """
    if city.folder is None:
        raise CityError("city.no_city", where=city.name_en)
    return read_about(city.folder)


def read_boundaries(city: City, level: str) -> geopandas.GeoDataFrame:
    """Outlines of one level in row order; see :meth:`twin.city.city.City.boundaries`."""
    import geopandas

    if level not in LEVELS:
        raise CityError("city.level", found=level, known=", ".join(LEVELS))
    if city.folder is None or not (path := city.folder / f"{level}.geojson").is_file():
        raise CityError("city.no_file", where=str(city.folder), file=f"{level}.geojson")
    frame = geopandas.read_file(path).set_crs(DEGREES, allow_override=True).to_crs(METRES)
    if tuple(frame["code"]) != getattr(city, level).code:
        raise CityError("city.other_codes", where=str(path), level=level)
    return frame


def sha256(folder: Path) -> str:
    """Hash of all files of a folder: names and bytes, in order of names."""
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def write_sheet(folder: Path, name: str, columns: Mapping[str, Column]) -> None:
    """Write one CSV file with the columns its header asks for; numbers as they were rounded."""
    rows = zip(*(columns[column] for column in HEADERS[name]), strict=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADERS[name])
        writer.writerows([_as_text(value) for value in row] for row in rows)


def write_boundaries(folder: Path, level: str, table: geopandas.GeoDataFrame) -> None:
    """Write outlines given in metres as GeoJSON in degrees, rounded, one feature a line."""
    import json

    import shapely

    degrees = table.to_crs(DEGREES)
    lines = []
    for row in degrees.itertuples():
        shape = json.loads(shapely.to_geojson(shapely.normalize(row.geometry)))
        shape["coordinates"] = _rounded(shape["coordinates"])
        names = {"code": row.code, "name_ja": row.name_ja, "name_en": row.name_en}
        feature = {"type": "Feature", "properties": names, "geometry": shape}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (folder / f"{level}.geojson").write_bytes(text.encode())


def frozen(values: np.ndarray) -> np.ndarray:
    """The same array, read-only."""
    values.flags.writeable = False
    return values


def _names(sheet: Sheet) -> tuple[Texts, Texts, Texts]:
    return sheet.text("code"), sheet.text("name_ja"), sheet.text("name_en")


def _point(sheet: Sheet) -> tuple[np.ndarray, np.ndarray]:
    return sheet.number("x"), sheet.number("y")


def _areas(sheet: Sheet, wards: Wards) -> Areas:
    return Areas(*_names(sheet), sheet.rows_of("ward", wards.code, "u1"), *_point(sheet))


def _towns(sheet: Sheet, wards: Wards, areas: Areas) -> Towns:
    ward, area = sheet.rows_of("ward", wards.code, "u1"), sheet.rows_of("area", areas.code, "u1")
    return Towns(*_names(sheet), ward, area, *_point(sheet), sheet.number("people"), sheet.number("radius"))


def _stations(sheet: Sheet, wards: Wards) -> Stations:
    ward = sheet.rows_of("ward", wards.code, "i1", outside=True)
    return Stations(*_names(sheet), ward, *_point(sheet))


def _places(sheet: Sheet, wards: Wards) -> Places:
    return Places(
        sheet.text("code"), sheet.text("kind"), sheet.text("name_ja"),
        sheet.rows_of("ward", wards.code, "u1"), *_point(sheet), sheet.number("capacity", empty=np.nan),
    )  # fmt: skip


def _lines(sheet: Sheet, stations: Stations) -> Lines:
    row = {code: number for number, code in enumerate(stations.code)}
    called = []
    for line, text in enumerate(sheet.text("stations"), start=2):
        unknown = [code for code in text.split() if code not in row]
        if unknown:
            raise CityError(
                "city.unknown_code", where=f"{sheet.path}:{line}", column="stations", found=unknown[0]
            )
        called.append(tuple(row[code] for code in text.split()))
    return Lines(*_names(sheet), sheet.text("operator"), tuple(called))


def _streets(crossings: Sheet, streets: Sheet) -> Streets:
    code, first, second = crossings.text("code"), streets.text("first"), streets.text("second")
    for end in ("first", "second"):
        streets.rows_of(end, code, "i4")
    measures: dict[str, Any] = {
        name: streets.number(name) for name in ("length", "lanes", "capacity", "speed", "level")
    }
    rules = {
        "length": measures["length"] > 0,
        "lanes": np.isin(measures["lanes"], range(1, 256)),
        "capacity": measures["capacity"] > 0,
        "speed": measures["speed"] > 0,
        "level": np.isin(measures["level"], range(len(KINDS))),
        "loop": np.array([a != b for a, b in zip(first, second, strict=True)], bool),
    }
    problems = Problems()
    for column, holds in rules.items():
        for row in np.flatnonzero(~holds):
            found = f"{measures[column][row]:g}" if column in measures else first[row]
            about = {"where": f"{streets.path}:{row + 2}", "first": first[row], "second": second[row]}
            problems.append(CityError(f"city_street.{column}", **about, found=found))
    problems.stop_if_any()
    return Streets.of(code, *_point(crossings), first, second, **measures)


def _codes_in_order(sheet: Sheet) -> None:
    codes = sheet.text("code")
    for line, (before, code) in enumerate(pairwise(codes), start=3):
        if not before < code:
            raise CityError("city.order", where=f"{sheet.path}:{line}", before=before, found=code)


def _as_text(value: object) -> str:
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else np.format_float_positional(value, trim="-")
    return str(value)


def _rounded(nested: list) -> list:
    if isinstance(nested[0], list):
        return [_rounded(part) for part in nested]
    return [round(number, DECIMALS_OF_DEGREES) for number in nested]
