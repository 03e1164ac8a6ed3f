"""The map of a city: wards, areas, towns, streets by level, railways, on one A4 page.

Drawn with matplotlib; Japanese names come out on any machine, since the font ships with
matplotlib-fontja. An SVG is the same bytes every time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from twin import messages
from twin.city.city import LEVELS as OUTLINES
from twin.city.city import City
from twin.city.folder import about_of
from twin.errors import CityError
from twin.network.streets import LEVELS

PAPER = (11.69, 8.27)  # inches, A4 landscape
# left, bottom, width, height of the two maps, as shares of the page
WHOLE, CENTRE = (
    (0.012, 0.052, 0.618, 0.898),
    (0.640, 0.052, 0.348, 0.898),
)
CENTRE_HEIGHT = 9500.0  # metres shown of the centre, from bottom to top
WARD_COLOURS = ("#f6d9c4", "#dcebd0", "#f9edc5", "#d5e6ef", "#e6dbee", "#f4d5dc")
STREETS = {  # colour and width in points by level
    "trunk": ("#b4553c", 1.2), "arterial": ("#c98f5a", 0.75),
    "collector": ("#9a9a9a", 0.3), "local": ("#b5b5b5", 0.15),
}  # fmt: skip
RAIL, INK, OUTSIDE, NOTICE = "#2b3a67", "#22262b", "#f4f4f1", "#a03020"


def show(city: City, out: Path, lang: str = "ja") -> Path:
    """Draw a city to a ``.png`` or ``.svg`` file: the whole city, and its centre enlarged beside it.

    Parameters
    ----------
    city : a city read from a folder
    out : file to write; its ending chooses the format
    lang : ``"ja"`` or ``"en"``

    Returns
    -------
    the file written

    Raises
    ------
    CityError : the ending is neither ``.png`` nor ``.svg``, or the city has no outlines
    """
    kind = out.suffix.lower()
    if kind not in (".png", ".svg"):
        raise CityError("city.picture_format", where=str(out), found=out.suffix)
    import matplotlib
    import matplotlib_fontja
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "twin city map", "svg.fonttype": "path"}):
        matplotlib_fontja.japanize()
        figure = Figure(figsize=PAPER, dpi=200, facecolor="white")
        shapes = {level: city.boundaries(level) for level in OUTLINES}
        for place, frame, large in (
            (WHOLE, _whole(shapes), False),
            (CENTRE, _centre(city), True),
        ):
            axes = figure.add_axes(place, facecolor=OUTSIDE)
            _draw(axes, city, shapes, lang, frame, large)
        _texts(figure, city, lang)
        out.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(out, metadata={"Date": None} if kind == ".svg" else {"Software": None})
    return out


def _whole(shapes: dict) -> tuple[float, float, float, float]:
    """West, south, east, north around all wards, in the proportions of its place on the page."""
    west, south, east, north = shapes["wards"].total_bounds
    width, height = 1.06 * (east - west), 1.06 * (north - south)
    height = max(height, width / _proportion(WHOLE))
    return _around((west + east) / 2, (south + north) / 2, height, WHOLE)


def _centre(city: City) -> tuple[float, float, float, float]:
    """Around the great stations, or where most people live when there are none."""
    x, y = np.average([city.towns.x, city.towns.y], axis=1, weights=city.towns.people)
    if (lines := _calling_lines(city)).any():
        x, y = np.average([city.stations.x, city.stations.y], axis=1, weights=lines**3)
    return _around(x, y, CENTRE_HEIGHT, CENTRE)


def _around(x: float, y: float, height: float, place: tuple) -> tuple[float, float, float, float]:
    width = height * _proportion(place)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _proportion(place: tuple) -> float:
    return place[2] * PAPER[0] / (place[3] * PAPER[1])


def _draw(axes, city: City, shapes: dict, lang: str, frame: tuple, large: bool) -> None:
    """One of the two maps; the large one names every station and draws streets wider."""
    wards = shapes["wards"]
    wards.plot(ax=axes, color=[WARD_COLOURS[row % len(WARD_COLOURS)] for row in range(len(wards))], zorder=1)
    shapes["towns"].boundary.plot(ax=axes, color="white", linewidth=0.7 if large else 0.3, zorder=2)
    _streets(axes, city, 1.9 if large else 1.0)
    shapes["areas"].boundary.plot(ax=axes, color="#5d646d", linewidth=0.9 if large else 0.6, zorder=4)
    wards.boundary.plot(ax=axes, color="#3c4149", linewidth=1.8 if large else 1.2, zorder=6)
    west, south, east, north = frame
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], xlabel="", ylabel="")
    axes.set_aspect("equal")
    for side in axes.spines.values():
        side.set(color="#c8c8c4", linewidth=0.6)
    taken: list = []
    if not large:
        _ward_names(axes, city, wards, lang)
    _rails(axes, city, lang, large, taken)
    _area_names(axes, city, lang, large, taken)
    _scale(axes, 1000 if large else 5000)


def _streets(axes, city: City, wider: float) -> None:
    from matplotlib.collections import LineCollection

    streets = city.streets
    point = np.column_stack([streets.x, streets.y])
    once = streets.begin < streets.end
    for row, level in reversed(list(enumerate(LEVELS))):
        mine = once & (streets.level == row)
        lines = np.stack([point[streets.begin[mine]], point[streets.end[mine]]], axis=1)
        colour, width = STREETS[level]
        drawn = LineCollection(
            list(lines), colors=colour, linewidths=width * wider, zorder=3, capstyle="round"
        )
        axes.add_collection(drawn, autolim=False)


def _calling_lines(city: City) -> np.ndarray:
    """How many lines call at each station."""
    calls = [row for called in city.lines.stations for row in called]
    return np.bincount(np.array(calls, int), minlength=len(city.stations.code))


def _rails(axes, city: City, lang: str, large: bool, taken: list) -> None:
    stations = city.stations
    for called in city.lines.stations:
        x, y = stations.x[list(called)], stations.y[list(called)]
        axes.plot(x, y, color=RAIL, linewidth=2.6 if large else 1.7, zorder=7, solid_joinstyle="round")
        axes.plot(x, y, color="white", linewidth=1.3 if large else 0.8, zorder=7.1, dashes=(4, 4))
    lines = _calling_lines(city)
    size = np.where(lines > 1, 26, 14) if large else np.where(lines > 1, 11, 5)
    axes.scatter(stations.x, stations.y, s=size, color="white", edgecolor=RAIL, linewidth=0.8, zorder=8)
    names = stations.name_ja if lang == "ja" else stations.name_en
    for row in np.lexsort((np.arange(len(lines)), -lines)):
        if large or stations.ward[row] < 0:
            _label(axes, stations.x[row], stations.y[row], names[row], 6.6 if large else 6.0, RAIL, taken)


def _area_names(axes, city: City, lang: str, large: bool, taken: list) -> None:
    """Names of areas, those with most people first; one that would cover another is left out."""
    areas, people = city.areas, np.bincount(city.towns.area, city.towns.people, len(city.areas.code))
    names = areas.name_ja if lang == "ja" else areas.name_en
    for row in np.lexsort((np.arange(len(people)), -people)):
        _label(axes, areas.x[row], areas.y[row], names[row], 8.6 if large else 5.6, INK, taken)


def _ward_names(axes, city: City, wards, lang: str) -> None:
    names = city.wards.name_ja if lang == "ja" else city.wards.name_en
    size = 17 if lang == "ja" else 12
    for point, name in zip(wards.representative_point(), names, strict=True):
        axes.text(
            point.x, point.y, name, fontsize=size, color="#00000030", ha="center", va="center", zorder=5
        )


def _label(axes, x: float, y: float, name: str, size: float, colour: str, taken: list) -> None:
    """Write a name at a point, or a little above, below or beside it, where no name stands yet."""
    from matplotlib.patheffects import withStroke

    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    if not (west < x < east and south < y < north):
        return
    metres_a_point = (north - south) / (axes.get_position().height * PAPER[1] * 72)
    high = size * 1.15 * metres_a_point
    wide = sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in name) * size * metres_a_point
    moves = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1), (0, 2), (0, -2)]
    for across, up in moves if colour == RAIL else [(0, 0), *moves]:
        cx, cy = x + across * (wide / 2 + 0.5 * high), y + up * 0.85 * high
        box = (cx - wide / 2, cy - high / 2, cx + wide / 2, cy + high / 2)
        inside = west < box[0] and box[2] < east and south < box[1] and box[3] < north
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            halo = [withStroke(linewidth=1.6, foreground="#ffffffd8")]
            axes.text(
                cx,
                cy,
                name,
                fontsize=size,
                color=colour,
                ha="center",
                va="center",
                zorder=10,
                path_effects=halo,
            )
            return


def _overlap(one: tuple, other: tuple) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale(axes, metres: int) -> None:
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    x, y = east - 0.04 * (east - west) - metres, south + 0.025 * (north - south)
    axes.plot([x, x + metres], [y, y], color=INK, lw=2, zorder=11, solid_capstyle="butt")
    axes.text(
        x + metres / 2,
        y + 0.008 * (north - south),
        f"{metres // 1000} km",
        ha="center",
        fontsize=8,
        color=INK,
        zorder=11,
    )


def _texts(figure, city: City, lang: str) -> None:
    """Title, what is approximate, where the data come from, and the legend."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    about = about_of(city)
    title = messages.text("city.map_title", lang, name={"ja": city.name_ja, "en": city.name_en})
    figure.text(0.012, 0.966, title, fontsize=14, color=INK)
    figure.text(
        0.988, 0.967, messages.text(f"city.map_{city.tier}", lang), fontsize=9, color=NOTICE, ha="right"
    )
    figure.text(0.012, 0.029, about["notice"][lang], fontsize=6.4, color=INK)
    figure.text(0.012, 0.011, about["attribution"][lang], fontsize=5.0, color="#555555")
    marks: list = [
        Line2D([], [], color=STREETS[level][0], lw=max(0.7, 1.7 * STREETS[level][1])) for level in LEVELS
    ]
    marks += [Line2D([], [], color=RAIL, lw=2.0), Line2D([], [], color="#5d646d", lw=0.9)]
    marks += [Patch(facecolor=WARD_COLOURS[0], edgecolor="white", hatch="++", linewidth=0)]
    labels = [messages.text(f"city.map_{level}", lang) for level in (*LEVELS, "rail", "area", "town")]
    figure.axes[0].legend(
        marks, labels, loc="lower left", fontsize=7, framealpha=0.92, edgecolor="#cccccc"
    ).set_zorder(12)
