"""Ward outlines: 国土数値情報 行政区域データ (N03), any edition, or an extract of it with ``ward_code``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely

from twin.city.sources.layer import find, read_layer
from twin.errors import CityError

NAMES = ("wards", "N03-20240101_12", "N03-23_12_230101", "N03")


def read_wards(folder: Path, codes: Sequence[str]) -> np.ndarray:
    """Outline of each ward in the order of ``codes``, metres; rows of one code are joined.

    Wards are found by code, never by name: the columns of names moved in 2024.

    Raises
    ------
    CityError : no file, a broken outline, or a ward without one
    """
    path = find(folder, NAMES)
    try:
        rows, column = read_layer(path, ["N03_007"], ("Polygon", "MultiPolygon"), "N03_007"), "N03_007"
    except CityError as error:
        if error.key != "city_source.columns":
            raise
        rows, column = read_layer(path, ["ward_code"], ("Polygon", "MultiPolygon"), "ward_code"), "ward_code"
    code = rows[column].astype(str).to_numpy()
    if missing := [ward for ward in codes if ward not in code]:
        raise CityError("city_source.no_ward", where=path.name, codes=", ".join(missing))
    shapes = rows.geometry.to_numpy()
    return np.array([shapely.union_all(shapes[code == ward]) for ward in codes])
