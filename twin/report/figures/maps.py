"""Maps of the areas: a key that names or numbers each, and shares in shades of one blue."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.report.figures.naming import area_names, ward_names
from twin.report.figures.outlines import Outlines, rings
from twin.report.figures.paper import HALO, INK, POINTS_A_MM, SMALL, SOFT, WIDTH, paper, svg

if TYPE_CHECKING:
    from markupsafe import Markup

SHADES = ("#e6eff6", "#c0d8ea", "#93bfdd", "#5b9bc8", "#2a74ad", "#0a4d84")
EMPTY, HATCHED, WARD_INK = "#f4f1ec", "#9aa3ab", "#5c7f9c"
NAME, WARD_NAME = 6.4, 9.5  # points
LEGEND, TITLE = 11.0, 6.0  # mm below and above maps


def key_map(
    name: str, alt: str, outlines: Outlines, names: Sequence[str], wards: Sequence[str]
) -> tuple[Markup, bool]:
    """The areas with their names; where a name has no room, its number stands instead.

    Returns
    -------
    the map, and whether any number stands on it
    """
    with paper(outlines.height(WIDTH) + 2) as figure:
        axes = _axes(figure, (0, 0, 1, 1), outlines)
        _fill(axes, outlines.areas, ["#f7f9fb"] * len(names), "#b4bec7", 0.5)
        _fill(axes, outlines.wards, ["none"] * len(wards), SOFT, 1.0)
        metres = (axes.get_xlim()[1] - axes.get_xlim()[0]) / (WIDTH * POINTS_A_MM)
        said, taken = area_names(outlines, names, NAME * metres)
        for (x, y), text in zip(outlines.area_points, said, strict=True):
            _haloed(axes, x, y, text, NAME, INK)
        points = ward_names(outlines, wards, WARD_NAME * metres, taken)
        for (x, y), ward in zip(points, wards, strict=True):
            _haloed(axes, x, y, ward, WARD_NAME, WARD_INK)
        _scale(axes)
        return svg(figure, name, alt), list(names) != said


def choropleths(
    name: str, alt: str, outlines: Outlines, maps: Sequence[tuple[str, Sequence[float | None]]],
    wards: Sequence[str], words: dict[str, str],
) -> Markup:  # fmt: skip
    """Maps side by side in one scale of colours.

    Parameters
    ----------
    maps : title and one share an area each; None is not shown
    words : ``scale`` (what the colours mean) and ``not_shown``
    """
    limits = class_limits([value for _, values in maps for value in values if value is not None])
    high = outlines.height(WIDTH / len(maps))
    whole = high + LEGEND + TITLE
    with paper(whole) as figure:
        for place, (title, values) in enumerate(maps):
            box = (place / len(maps) + 0.005, LEGEND / whole, 1 / len(maps) - 0.01, high / whole)
            axes = _axes(figure, box, outlines)
            shades = [EMPTY if value is None else SHADES[_class(value, limits)] for value in values]
            _fill(axes, outlines.areas, shades, "#8fa3b3", 0.3)
            _hatch(axes, outlines, values)
            _fill(axes, outlines.wards, ["none"] * len(wards), INK, 0.8)
            axes.set_title(title, size=SMALL + 1, color=INK, loc="left", pad=2)
            for (x, y), ward in zip(outlines.ward_points, wards, strict=True):
                _haloed(axes, x, y, ward, SMALL, INK)
        _legend(figure, limits, words, holes=any(v is None for _, values in maps for v in values))
        return svg(figure, name, alt)


def class_limits(values: Sequence[float]) -> list[int]:
    """Limits of the colour classes in per cent: whole steps of 1, 2, 5, 10 or 20 that hold all values.

    >>> class_limits([0.44, 0.52, 0.91])
    [40, 50, 60, 70, 80, 90, 100]
    >>> class_limits([0.871, 0.889])
    [87, 88, 89]
    """
    low, high = (min(values) * 100, max(values) * 100) if values else (0.0, 100.0)
    for step in (1, 2, 5, 10, 20):
        first = floor(low / step) * step
        last = max(ceil(high / step) * step, first + step)
        if (last - first) / step <= len(SHADES):
            break
    return list(range(first, last + step, step))


def _class(share: float, limits: Sequence[int]) -> int:
    found = int(np.searchsorted(limits, share * 100, side="right")) - 1
    return _shade(min(found, len(limits) - 2), len(limits) - 1)


def _shade(place: int, classes: int) -> int:
    """Few classes still span light to dark."""
    return round(place * (len(SHADES) - 1) / (classes - 1)) if classes > 1 else len(SHADES) // 2


def _axes(figure, box, outlines: Outlines):
    west, south, east, north = outlines.frame
    room = 0.01 * (east - west)
    axes = figure.add_axes(box)
    axes.set(xlim=(west - room, east + room), ylim=(south - room, north + room), aspect="equal")
    axes.axis("off")
    return axes


def _fill(axes, shapes: Sequence, colours: Sequence[str], edge: str, width: float) -> None:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    paths = [Path.make_compound_path(*(Path(ring, closed=True) for ring in rings(shape))) for shape in shapes]
    drawn = PathCollection(paths, facecolors=colours, edgecolors=edge, linewidths=width, joinstyle="round")
    axes.add_collection(drawn, autolim=False)


def _hatch(axes, outlines: Outlines, values: Sequence[float | None]) -> None:
    """Areas not shown are hatched, so that they are not taken for a low value."""
    from matplotlib.patches import Polygon

    for shape, value in zip(outlines.areas, values, strict=True):
        for ring in rings(shape) if value is None else ():
            axes.add_patch(Polygon(ring, facecolor="none", edgecolor=HATCHED, hatch="////", linewidth=0))


def _haloed(axes, x: float, y: float, text: str, size: float, colour: str) -> None:
    """A name with a white rim; the style sheet draws the rim, so that the name stays text."""
    axes.text(x, y, text, size=size, color=colour, ha="center", va="center_baseline", zorder=5, gid=HALO)


def _scale(axes: Any) -> None:
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    x, y = west + 0.03 * (east - west), south + 0.03 * (north - south)
    axes.plot([x, x + 5000], [y, y], color=SOFT, linewidth=1.2, solid_capstyle="butt")
    axes.text(x + 2500, y + 0.008 * (north - south), "5 km", size=SMALL, color=SOFT, ha="center")


def _legend(figure, limits: Sequence[int], words: dict[str, str], holes: bool) -> None:
    """The colour classes as a row of boxes below the maps."""
    from matplotlib.patches import Rectangle

    axes = figure.add_axes((0, 0, 1, LEGEND / (figure.get_size_inches()[1] * 25.4)))
    axes.set(xlim=(0, WIDTH), ylim=(0, LEGEND))
    axes.axis("off")
    axes.text(2, 6.8, words["scale"], size=SMALL, color=SOFT, va="center")
    boxes = [(SHADES[_shade(k, len(limits) - 1)], f"{a}–{b}%") for k, (a, b) in enumerate(pairwise(limits))]
    boxes += [(EMPTY, words["not_shown"])] if holes else []
    for place, (shade, said) in enumerate(boxes):
        look: dict[str, Any] = (
            {"hatch": "////", "edgecolor": HATCHED} if shade == EMPTY else {"edgecolor": SOFT}
        )
        axes.add_patch(Rectangle((2 + 23 * place, 1.4), 5, 2.8, facecolor=shade, linewidth=0.3, **look))
        axes.text(8 + 23 * place, 2.8, said, size=SMALL, color=INK, va="center_baseline")
