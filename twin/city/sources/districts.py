"""Junior high school districts (国土数値情報 A32): the neighbourhoods of the official city."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from twin.city.sources.layer import find, read_layer

NAMES = ("school_districts_junior_a32_2013", "A32")


def district_of(folder: Path, cells: np.ndarray) -> np.ndarray:
    """Name of the district that covers most of each town; empty where none does.

    Parameters
    ----------
    folder : where the districts' file lies
    cells : outlines of the towns, metres

    Raises
    ------
    CityError : no file, or a broken outline
    """
    rows = read_layer(find(folder, NAMES), ["A32_003"], ("Polygon", "MultiPolygon"), "A32_003")
    shapes, school = rows.geometry.to_numpy(), rows.A32_003.to_numpy()
    town, district = shapely.STRtree(shapes).query(cells, predicate="intersects")
    shared = shapely.area(shapely.intersection(cells[town], shapes[district]))
    most: dict[int, dict[str, float]] = {}
    for row, name, area in zip(town, school[district], shared, strict=True):
        here = most.setdefault(int(row), {})
        here[name] = here.get(name, 0.0) + float(area)
    best = {row: max(sorted(found), key=found.__getitem__) for row, found in most.items()}
    return np.array([best.get(row, "") for row in range(len(cells))])
