"""Where names go on a map, so that none stands on another.

A name is a box: centre, half width, half height in metres. Names of areas stand at their area or give way
to a number; names of wards go where their ward is emptiest, or beside the city.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from twin.report.figures.outlines import Outlines

Box = tuple[float, float, float, float]  # west, south, east, north
MOSTLY = 0.9  # share of a ward's name that must lie on its ward
GRID = 41  # places tried for the name of a ward, across and up
LATIN, LINE = 0.60, 1.2  # width of a Latin letter and height of a line, of the font size


def box(x: float, y: float, text: str, size: float) -> Box:
    """The box of a text of a size in metres.

    >>> box(0.0, 0.0, "千葉", 100.0)
    (-100.0, -60.0, 100.0, 60.0)
    """
    wide = sum(1.0 if ord(letter) > 0x2E7F else LATIN for letter in text) * size / 2
    high = LINE * size / 2
    return x - wide, y - high, x + wide, y + high


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share ground."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def area_names(outlines: Outlines, names: Sequence[str], size: float) -> tuple[list[str], list[Box]]:
    """What stands at each area, its name or its number, and the boxes taken; large areas go first."""
    said = [str(row + 1) for row in range(len(names))]
    taken = [box(*point, text, size) for point, text in zip(outlines.area_points, said, strict=True)]
    for row in sorted(range(len(names)), key=lambda row: (-outlines.areas[row].area, row)):
        mine = box(*outlines.area_points[row], names[row], size)
        if not any(overlap(mine, other) for place, other in enumerate(taken) if place != row):
            said[row], taken[row] = names[row], mine
    return said, taken


def ward_names(
    outlines: Outlines, names: Sequence[str], size: float, taken: list[Box]
) -> list[tuple[float, float]]:
    """A point for the name of each ward: inside where it is emptiest, else beside the city, nearby."""
    import shapely

    city = shapely.union_all(outlines.wards)
    west, south, east, north = outlines.frame
    across, up = np.linspace(west, east, GRID), np.linspace(south, north, GRID)
    grid = np.stack(np.meshgrid(across, up, indexing="ij"), axis=-1).reshape(-1, 2)
    points = []
    for ward, home, name in zip(outlines.wards, outlines.ward_points, names, strict=True):
        half = np.array(box(0.0, 0.0, name, size)[2:])
        free = grid[_free(grid, half, np.array(taken))]
        found = _inside(ward, free, half, taken)
        found = _beside(city, ward, free, half, outlines) if found is None else found
        points.append(home if found is None else (float(found[0]), float(found[1])))
        taken.append(box(*points[-1], name, size))
    return points


def _free(grid: np.ndarray, half: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Which points of a grid leave a box of half sizes clear of all taken boxes."""
    low, high = grid[:, None] - half, grid[:, None] + half
    return ~((low < taken[None, :, 2:]) & (taken[None, :, :2] < high)).all(axis=2).any(axis=1)


def _boxes(points: np.ndarray, half: np.ndarray) -> np.ndarray:
    import shapely

    return shapely.box(*(points - half).T, *(points + half).T)


def _inside(ward: Any, free: np.ndarray, half: np.ndarray, taken: Sequence[Box]) -> np.ndarray | None:
    """The free point of a ward that is farthest from other names and from the border."""
    import shapely

    within = free[shapely.area(shapely.intersection(ward, _boxes(free, half))) >= MOSTLY * 4 * half.prod()]
    if not len(within):
        return None
    others = shapely.union_all([*(shapely.box(*other) for other in taken), ward.boundary])
    return within[np.argmax(shapely.distance(shapely.points(within), others))]


def _beside(
    city: Any, ward: Any, free: np.ndarray, half: np.ndarray, outlines: Outlines
) -> np.ndarray | None:
    """The free point outside the city but on the map that is nearest to the ward and to no other ward."""
    import shapely

    on_map = ((free - half >= outlines.frame[:2]) & (free + half <= outlines.frame[2:])).all(axis=1)
    outside = free[on_map & ~shapely.intersects(city, _boxes(free, half))]
    points = shapely.points(outside)
    to_ward, to_city = shapely.distance(points, ward), shapely.distance(points, city)
    near = to_ward <= to_city
    return outside[near][np.argmin(to_ward[near])] if near.any() else None
