"""Outlines of areas and wards for small maps, simplified together so that neighbours share borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from twin.city.city import City

TOLERANCE = 60.0  # metres; under half a millimetre on paper


@dataclass(frozen=True)
class Outlines:
    """Shapes of areas and wards in metres (shapely), in row order, each with a point inside.

    Attributes
    ----------
    frame : west, south, east, north of all
    """

    areas: list[Any]
    wards: list[Any]
    area_points: list[tuple[float, float]]
    ward_points: list[tuple[float, float]]
    frame: tuple[float, float, float, float]

    @classmethod
    def of(cls, city: City) -> Outlines:
        """Outlines of a city."""
        import shapely

        areas, wards = (city.boundaries(level).geometry for level in ("areas", "wards"))
        area_points, ward_points = (
            [(p.x, p.y) for p in shapes.representative_point()] for shapes in (areas, wards)
        )
        simple = shapely.coverage_simplify(areas.to_numpy(), TOLERANCE)
        ward_of = np.asarray(city.areas.ward)
        joined = [shapely.union_all(simple[ward_of == ward]) for ward in range(len(city.wards.code))]
        frame = tuple(float(side) for side in shapely.total_bounds(simple))
        return cls(list(simple), joined, area_points, ward_points, frame)  # type: ignore[arg-type]

    def height(self, width: float) -> float:
        """How high a map of a width is."""
        west, south, east, north = self.frame
        return width * (north - south) / (east - west)


def rings(shape: Any) -> list[np.ndarray]:
    """The rings of a shape, to the whole metre."""
    import shapely

    return [
        np.round(shapely.get_coordinates(ring))
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
