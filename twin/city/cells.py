"""Approximate outlines: Voronoi cells of town centroids, cut at the sea.

No open package carries town or ward boundaries, but every town's centroid is known, and so are those of
the towns around the city. A town's cell is the ground nearer to its centroid than to any other; the
neighbours' cells end the city. On the sea side a cell would run on, so land is taken to end at a
distance from the nearest centroid, solved for each coastal ward so that its area is the official one.

These are not administrative boundaries. ``docs/city.md`` says how far they are off.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy.optimize import brentq
from shapely import MultiPoint, Polygon

NARROW = 1500.0  # metres: a harbour basin narrower than twice this is drawn as land
GRID = 0.1  # metres: corners are put on this grid so that neighbours share them exactly


def voronoi_cells(x: np.ndarray, y: np.ndarray, frame: Polygon) -> np.ndarray:
    """Cell of every point inside a frame.

    Parameters
    ----------
    x, y : metres; all points inside the frame
    frame : where outer cells end

    Returns
    -------
    polygons in the order of the points
    """
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(np.column_stack([x, y])), extend_to=frame))
    tree = shapely.STRtree(cells)
    point, cell = tree.query(shapely.points(x, y), predicate="within")
    return shapely.intersection(cells[cell[np.argsort(point)]], frame)


def cut_at_sea(
    cells: np.ndarray, x: np.ndarray, y: np.ndarray, ward: np.ndarray, official: dict[int, float]
) -> tuple[np.ndarray, dict[int, float]]:
    """Cells of coastal wards cut where the sea begins.

    Parameters
    ----------
    cells : polygons of the city's towns
    x, y : metres, centroids of the city's towns and of their neighbours, the city's first
    ward : ward row of each cell
    official : official area in square metres by coastal ward row

    Returns
    -------
    cells, and the distance found for each coastal ward, metres
    """
    points = shapely.points(x, y)
    cut, reach = np.array(cells), {}
    for row, area in official.items():
        mine = ward == row
        whole = shapely.union_all(cells[mine])

        def too_large(distance: float, whole=whole, area=area) -> float:
            return shapely.intersection(whole, land(points, distance)).area - area

        reach[row] = round(brentq(too_large, 200.0, 5000.0, xtol=0.01), 2)
        cut[mine] = shapely.intersection(cells[mine], land(points, reach[row]))
    return np.array([largest_part(cell) for cell in cut]), reach


def land(points: np.ndarray, distance: float) -> shapely.Geometry:
    """Everything within a distance of a centroid, and bays narrower than twice :data:`NARROW`."""
    discs = shapely.union_all(shapely.buffer(points, distance + NARROW, quad_segs=16))
    return shapely.buffer(discs, -NARROW, quad_segs=16)


def on_grid(cells: np.ndarray) -> np.ndarray:
    """Cells with corners on a 0.1 m grid and every shared corner present on both sides.

    The corners of all cells are first joined into one set of lines, so a corner in the middle of a
    neighbour's edge becomes the neighbour's corner too; faces of those lines are the cells again.
    """
    lines = shapely.union_all(shapely.boundary(np.asarray(cells)), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inside = shapely.point_on_surface(faces)
    tree = shapely.STRtree(cells)
    face, cell = tree.query(inside, predicate="within")
    merged = [shapely.union_all(faces[face[cell == row]], grid_size=GRID) for row in range(len(cells))]
    return np.array([largest_part(part) for part in merged])


def largest_part(shape: shapely.Geometry) -> Polygon:
    """The largest polygon of a shape: slivers that a cut left elsewhere fall away."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area)


def outlines(cells: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Union of the cells of each group, in group order."""
    return np.array([shapely.union_all(cells[group == row], grid_size=GRID) for row in range(groups)])


def shared_borders(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of cells that share a border, first < second, and the border's length in metres.

    Cells that meet in a point only are not neighbours.
    """
    first, second = shapely.STRtree(cells).query(cells, predicate="intersects")
    once = first < second
    order = np.lexsort((second[once], first[once]))
    first, second = first[once][order], second[once][order]
    length = shapely.length(shapely.intersection(cells[first], cells[second]))
    long_enough = length > 1.0
    return first[long_enough], second[long_enough], length[long_enough]
