"""Who is left behind: people of 75 and over beside the rest, each indicator on a line of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from twin.report.figures.paper import INK, SMALL, SOFT, WIDTH, guide, paper, strand, svg
from twin.report.reading import Missing, Spread

if TYPE_CHECKING:
    from markupsafe import Markup

LINE, EDGE, NAMES = 7.0, 9.0, 50.0  # mm: a line's height, above and below all of them, beside them
APART = 0.17  # of a line: the start stands above its middle, the last moment below
Two = tuple[Spread | Missing, Spread | Missing]  # 75 and over, the rest


def behind(name: str, alt: str, lines: Sequence[tuple[str, Two, Two]], unit: str) -> Markup:
    """Draw the oldest and the rest at the start and at the last moment.

    Parameters
    ----------
    lines : name of the indicator, its two shares at the start, and at the last moment
    unit : said below the axis
    """
    height = len(lines) * LINE + 2 * EDGE
    with paper(height) as figure:
        axes = figure.add_axes(
            (NAMES / WIDTH, EDGE / height, 1 - (NAMES + 3) / WIDTH, 1 - 1.3 * EDGE / height)
        )
        guide(axes, "x")
        for row, (_, start, later) in enumerate(lines):
            _two(axes, row - APART, start, SOFT)
            _two(axes, row + APART, later, strand(0)[0])
        axes.set(xlim=(-1, 101), ylim=(len(lines) - 0.5, -0.5))
        axes.set_yticks(range(len(lines)), [name for name, _, _ in lines], color=INK, size=SMALL)
        axes.set_xlabel(unit)
        return svg(figure, name, alt)


def _two(axes, y: float, two: Two, colour: str) -> None:
    """A line from the oldest to the rest; a share that may not be shown is left out, and the line with it."""
    oldest, rest = two
    if isinstance(oldest, Spread) and isinstance(rest, Spread):
        axes.plot(
            [oldest.mid * 100, rest.mid * 100], [y, y], color=colour, linewidth=1.2, alpha=0.6, zorder=2
        )
    for share, face in ((oldest, colour), (rest, "white")):
        if isinstance(share, Spread):
            axes.plot(
                share.mid * 100, y, "o", color=colour, markersize=4.2, markerfacecolor=face,
                markeredgewidth=0.9, zorder=3,
            )  # fmt: skip
