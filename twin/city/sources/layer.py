"""Reading one geographic file: finding it, its columns, its coordinates, and refusing what is broken.

Nothing is mended silently. A file may be GeoJSON, GeoPackage, Shapefile or a zip that holds one; columns are
found whatever their capitals; a projection that is missing is taken as JGD2011 (EPSG:6668).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from twin.city.folder import METRES
from twin.errors import CityError, Problems

if TYPE_CHECKING:
    import geopandas

ENDINGS = (".geojson", ".json", ".gpkg", ".shp", ".zip")
UNSTATED = "EPSG:6668"
LARGEST = 300_000_000  # bytes
NEAR_CHIBA = (
    139.0,
    34.5,
    141.5,
    36.5,
)  # west, south, east, north, degrees: outside this nothing belongs here


def find(folder: Path, names: Sequence[str]) -> Path:
    """The first file of a folder called like one of ``names`` (without ending).

    Raises
    ------
    CityError : no such file; names what was looked for
    """
    for name in names:
        for ending in ENDINGS:
            if (path := folder / f"{name}{ending}").is_file():
                return path
    raise CityError(
        "city_source.missing", where=str(folder), names=", ".join(names), endings=" ".join(ENDINGS)
    )


def read_layer(
    path: Path, columns: Sequence[str], kinds: Sequence[str], name: str | None = None
) -> geopandas.GeoDataFrame:
    """Rows of a layer in metres, checked.

    Parameters
    ----------
    path : file to read
    columns : columns it must have; they come back spelled so
    kinds : geometry types allowed, for example ``("Polygon", "MultiPolygon")``
    name : column by which a broken row is named; its place in the file otherwise

    Raises
    ------
    CityError, ManyProblems : what is wrong, with the row's name
    """
    import geopandas
    import pyogrio

    unreadable = (
        pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
        pyogrio.errors.GeometryError, shapely.errors.ShapelyError, ValueError,
    )  # fmt: skip
    if path.stat().st_size > LARGEST:
        raise CityError("city_source.too_large", where=str(path), limit=LARGEST // 1_000_000)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", RuntimeWarning
            )  # GDAL warns of an open ring; GEOS then refuses it
            rows = geopandas.read_file(path)
    except unreadable as error:
        raise CityError("city_source.unreadable", where=str(path), why=str(error).splitlines()[0]) from error
    if not len(rows) or not hasattr(rows, "geometry"):
        raise CityError("city_source.empty", where=str(path))
    known = {column.lower(): column for column in rows.columns}
    if missing := [column for column in columns if column.lower() not in known]:
        found = ", ".join(str(column) for column in rows.columns)
        raise CityError("city_source.columns", where=str(path), missing=", ".join(missing), found=found)
    rows = rows.rename(columns={known[column.lower()]: column for column in columns})
    rows = rows if rows.crs is not None else rows.set_crs(UNSTATED)
    labels = [str(value) for value in (rows[name] if name else range(1, len(rows) + 1))]
    _stop_if_broken(path, rows.geometry.to_numpy(), labels, kinds)
    _stop_if_elsewhere(path, rows.to_crs("EPSG:4326").geometry.to_numpy(), labels)
    rows = rows.to_crs(METRES)
    return rows.set_geometry(shapely.force_2d(rows.geometry.to_numpy()), crs=METRES)


def _stop_if_broken(path: Path, shapes: np.ndarray, labels: Sequence[str], kinds: Sequence[str]) -> None:
    """Refuse missing, empty, unclosed, self-crossing and wrong kinds of geometry, row by row."""
    problems = Problems()
    for shape, label in zip(shapes, labels, strict=True):
        where = f"{path.name}: {label}"
        if shape is None or shape.is_empty:
            problems.append(CityError("city_source.no_shape", where=where))
        elif not np.isfinite(shapely.get_coordinates(shape)).all():
            problems.append(CityError("city_source.not_finite", where=where))
        elif shape.geom_type not in kinds:
            problems.append(
                CityError("city_source.kind", where=where, found=shape.geom_type, wanted=" / ".join(kinds))
            )
        elif not shape.is_valid:
            reason = shapely.is_valid_reason(shape)
            problems.append(CityError("city_source.invalid", where=where, why=reason))
        elif "Polygon" in shape.geom_type and shape.area == 0:
            problems.append(CityError("city_source.invalid", where=where, why="zero area"))
    problems.stop_if_any()


def _stop_if_elsewhere(path: Path, shapes: np.ndarray, labels: Sequence[str]) -> None:
    """Refuse coordinates far from the city; longitude and latitude exchanged is the usual reason."""
    west, south, east, north = NEAR_CHIBA
    problems = Problems()
    for shape, label in zip(shapes, labels, strict=True):
        x0, y0, x1, y1 = shape.bounds
        if not (west <= x0 and x1 <= east and south <= y0 and y1 <= north):
            swapped = west <= y0 and y1 <= east and south <= x0 and x1 <= north
            key = "city_source.swapped" if swapped else "city_source.elsewhere"
            problems.append(CityError(key, where=f"{path.name}: {label}", x=round(x0, 3), y=round(y0, 3)))
    problems.stop_if_any()
