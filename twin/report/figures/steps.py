"""Maps of the areas year by year: small ones side by side, and one whose year the reader chooses.

The outlines stand on the page once and every map borrows them, which keeps it light. The year is chosen
with plain radio buttons that the style sheet listens to; nothing runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.report.figures.outlines import Outlines, rings
from twin.report.figures.paper import WIDTH

if TYPE_CHECKING:
    from markupsafe import Markup

STEPS = ("#f1f3f5", "#bcd6ea", "#5b9bc8", "#0a4d84")  # STEP0 to STEP3: shades of the maps' blue
SHARES = ("#f4f5f2", "#cde5d8", "#84bfa4", "#3c8f6d", "#00523a")  # of the runs, none to all
UNIT = 10.0  # metres: the grain of the outlines
ACROSS = 4  # small maps in a row
TITLE, LINE, GAP = 5.0, 3.6, 2.0  # mm: above a map, of a line below it, between maps
LETTER, SMALL = 2.75, 2.45  # mm: size of letters on paper
FRAME = 120.0  # mm: width of the map whose year is chosen
SECONDS = 1.0  # a year stands still when the years are played


@dataclass(frozen=True)
class Map:
    """One map: what stands above it, the colour of each area, lines below it."""

    title: str
    colours: Sequence[str]
    below: Sequence[str] = ()


def shapes(outlines: Outlines) -> Markup:
    """The outlines every map on the page borrows."""
    from markupsafe import Markup

    paths = [
        f'<path id="shape-{row}" d="{_path(area, outlines)}"/>' for row, area in enumerate(outlines.areas)
    ]
    wards = "".join(_path(ward, outlines) for ward in outlines.wards)
    inside = "".join(paths) + f'<path id="shape-wards" d="{wards}"/>'
    return Markup(f'<svg class="shapes" width="0" height="0" aria-hidden="true"><defs>{inside}</defs></svg>')


def small_maps(name: str, alt: str, outlines: Outlines, maps: Sequence[Map], ring: Sequence[int]) -> Markup:
    """Maps side by side.

    Parameters
    ----------
    ring : areas marked with a ring
    """
    from markupsafe import Markup, escape

    wide = WIDTH / ACROSS - GAP
    high = outlines.height(wide)
    row = TITLE + high + GAP + LINE * max(len(one.below) for one in maps)
    rows = -(-len(maps) // ACROSS)
    parts = []
    for place, one in enumerate(maps):
        x, y = place % ACROSS * (wide + GAP), place // ACROSS * row
        parts.append(_text(x, y + TITLE - 1.4, one.title, LETTER))
        parts.append(_map(x, y + TITLE, wide, outlines, one, ring))
        lines = enumerate(one.below, start=1)
        parts += [_text(x, y + TITLE + high + LINE * n, said, SMALL, "soft") for n, said in lines]
    return Markup(
        f'<svg class="figure steps" id="{name}" role="img" aria-label="{escape(alt)}" '
        f'viewBox="0 0 {WIDTH:g} {rows * row:.1f}">{"".join(parts)}</svg>'
    )


def frames(name: str, alt: str, outlines: Outlines, maps: Sequence[Map], ring: Sequence[int]) -> Markup:
    """One map of which one year at a time is seen; its style is :func:`frames_style`."""
    from markupsafe import Markup, escape

    high = outlines.height(FRAME)
    parts = []
    for place, one in enumerate(maps):
        said = [_text(0, TITLE - 1, one.title, 1.5 * LETTER)]
        said += [_text(0, TITLE + 4.2 * n, line, LETTER, "soft") for n, line in enumerate(one.below, start=1)]
        inside = "".join(said) + _map(WIDTH - FRAME, 0, FRAME, outlines, one, ring)
        parts.append(f'<g class="frame" id="{name}-{place}">{inside}</g>')
    return Markup(
        f'<svg class="figure steps" role="img" aria-label="{escape(alt)}" '
        f'viewBox="0 0 {WIDTH:g} {high:.1f}">{"".join(parts)}</svg>'
    )


def frames_style(name: str, count: int) -> Markup:
    """Which frame is seen with which button; the button before the first year's plays them all."""
    from markupsafe import Markup

    seen = ",".join(f"#{name}-at-{n}:checked~svg #{name}-{n}" for n in range(count))
    late = "".join(
        f"#{name}-play:checked~svg #{name}-{n}{{animation-delay:{n * SECONDS:g}s}}" for n in range(count)
    )
    return Markup(
        f"{seen}{{visibility:visible}}"
        f"@keyframes {name}{{0%{{visibility:visible}}{100 / count:.3f}%,100%{{visibility:hidden}}}}"
        f"#{name}-play:checked~svg .frame{{animation:{name} {count * SECONDS:g}s step-end infinite}}{late}"
    )


def _map(x: float, y: float, wide: float, outlines: Outlines, one: Map, ring: Sequence[int]) -> str:
    """One map in a corner: areas of a colour together, wards above them, rings on top."""
    west, _, east, north = outlines.frame
    scale = wide * UNIT / (east - west)
    together: dict[str, list[int]] = {}
    for row, colour in enumerate(one.colours):
        together.setdefault(colour, []).append(row)
    groups = [
        f'<g fill="{colour}">{"".join(_use(f"shape-{row}") for row in rows)}</g>'
        for colour, rows in sorted(together.items())
    ]
    radius = 1.7 / scale
    for row in ring:
        east_of, south_of = outlines.area_points[row][0] - west, north - outlines.area_points[row][1]
        groups.append(f'<circle cx="{east_of / UNIT:.0f}" cy="{south_of / UNIT:.0f}" r="{radius:.0f}"/>')
    inside = "".join([*groups[: len(together)], _use("shape-wards"), *groups[len(together) :]])
    return f'<g transform="translate({x:.2f} {y:.2f}) scale({scale:.5f})">{inside}</g>'


def _use(name: str) -> str:
    return f'<use href="#{name}"/>'


def _text(x: float, y: float, said: str, size: float, kind: str = "") -> str:
    from markupsafe import escape

    of = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}"{of}>{escape(said)}</text>'


def _path(shape: object, outlines: Outlines) -> str:
    """A shape's rings as steps in UNIT from the north-west corner, south down."""
    west, _, _, north = outlines.frame
    return "".join(_ring([(round((x - west) / UNIT), round((north - y) / UNIT)) for x, y in ring])
                   for ring in rings(shape))  # fmt: skip


def _ring(points: Sequence[tuple[int, int]]) -> str:
    return "".join(_moves(points)) + "z"


def _moves(points: Sequence[tuple[int, int]]) -> Iterator[str]:
    (x, y), *rest = points[:-1]  # the last is the first again
    yield f"M{x} {y}l"
    for other_x, other_y in rest:
        yield f"{other_x - x} {other_y - y} "
        x, y = other_x, other_y
