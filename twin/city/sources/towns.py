"""Town outlines and people: small areas of the census (e-Stat), one row a town, or an extract of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from twin.city.sources.layer import find, read_layer
from twin.errors import CityError

NAMES = ("towns_census",)
DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class CensusTowns:
    """Towns of the census, ordered by code."""

    code: list[str]
    name_ja: list[str]
    ward_code: list[str]
    people: np.ndarray
    cells: np.ndarray
    x: np.ndarray
    y: np.ndarray


def read_towns(folder: Path) -> CensusTowns:
    """Towns with outline and people, in metres.

    A town's code is its census key; a town without one gets its ward's code, a 9 and its place in the file.
    Its point is the centroid, or a point inside when the centroid lies outside the outline.

    Raises
    ------
    CityError : no file, a broken outline, or people that are no number
    """
    path = find(folder, NAMES)
    columns = ["ward_code", "town_ja", "key_codes_2015", "pop2015_total"]
    rows = read_layer(path, columns, ("Polygon", "MultiPolygon"), "town_ja")
    people = np.array([_count(path, row.town_ja, row.pop2015_total) for row in rows.itertuples()])
    code = [
        (row.key_codes_2015 or "").split(";")[0] or f"{row.ward_code}9{number:05d}"
        for number, row in enumerate(rows.itertuples(), start=1)
    ]
    if twice := sorted({one for one in code if code.count(one) > 1}):
        raise CityError("city_source.twice", where=path.name, codes=", ".join(twice[:5]))
    cells = rows.geometry.to_numpy()
    middle = shapely.centroid(cells)
    points = np.where(shapely.contains(cells, middle), middle, shapely.point_on_surface(cells))
    order = np.argsort(code)
    names = [town_name(name) for name in rows.town_ja]
    return CensusTowns(
        [code[row] for row in order], [names[row] for row in order], list(rows.ward_code.iloc[order]),
        people[order], cells[order], shapely.get_x(points)[order], shapely.get_y(points)[order],
    )  # fmt: skip


def town_name(text: str) -> str:
    """A town's name as addresses write it: 丁目 in Chinese numerals, ケ large.

    >>> town_name("中央１丁目"), town_name("朝日ヶ丘１２丁目")
    ('中央一丁目', '朝日ケ丘十二丁目')
    """
    plain = unicodedata.normalize("NFKC", text).replace("ヶ", "ケ")
    return re.sub(r"(\d+)丁目", lambda found: _numeral(int(found[1])) + "丁目", plain)


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones else "")


def _count(path: Path, town: str, value: object) -> float:
    try:
        count = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        count = -1.0
    if not (np.isfinite(count) and count >= 0):
        raise CityError("city_source.people", where=f"{path.name}: {town}", found=value)
    return count
