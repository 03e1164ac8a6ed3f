"""Shares by age group at the start and at the last mark: one panel an indicator, three in a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from twin.report.figures.paper import INK, SMALL, SOFT, guide, paper, strand, svg
from twin.report.reading import Missing, Spread

if TYPE_CHECKING:
    from markupsafe import Markup

HEIGHT, GAP, EDGE = 40.0, 22.0, 6.0  # mm: of a panel, below it for its ages, above the first row
COLUMNS = 3
Values = Sequence[Spread | Missing]


def ages(
    name: str,
    alt: str,
    panels: Sequence[tuple[str, Values, Values]],
    groups: Sequence[str],
    words: dict[str, str],
) -> Markup:
    """Draw one panel for each indicator.

    Parameters
    ----------
    panels : title, values at the start and values at the last mark by age group
    groups : names of the age groups, youngest first
    words : texts of the axes, ``age`` and ``share``
    """
    colour, _ = strand(0)
    columns = min(len(panels), COLUMNS)
    rows = -(-len(panels) // columns)
    height = rows * (HEIGHT + GAP)
    with paper(height) as figure:
        for place, (title, start, later) in enumerate(panels):
            axes = figure.add_subplot(rows, columns, place + 1)
            guide(axes)
            _dots(axes, start, SOFT, hollow=True)
            _dots(axes, later, colour, hollow=False)
            axes.set(ylim=(-3, 103), xlim=(-0.6, len(groups) - 0.4))
            axes.set_xticks(range(len(groups)), [group.replace("-", "–") for group in groups], rotation=90)
            axes.set_title(title, size=SMALL + 0.5, color=INK, loc="left")
            if place % columns == 0:
                axes.set_ylabel(words["share"])
        figure.supxlabel(words["age"], size=SMALL, color=SOFT, y=0.6 / height)
        figure.subplots_adjust(
            left=0.07, right=0.995, bottom=(GAP - EDGE) / height, top=1 - EDGE / height, wspace=0.16,
            hspace=GAP / HEIGHT,
        )  # fmt: skip
        return svg(figure, name, alt)


def _dots(axes, values: Values, colour: str, hollow: bool) -> None:
    """Median as a dot, range over seeds as a bar through it; groups without a value are left out."""
    seen = [(place, value) for place, value in enumerate(values) if isinstance(value, Spread)]
    if not seen:
        return
    x = [place for place, _ in seen]
    axes.vlines(
        x, [v.low * 100 for _, v in seen], [v.high * 100 for _, v in seen], color=colour, alpha=0.45, lw=3
    )
    axes.plot(
        x, [v.mid * 100 for _, v in seen], "o", color=colour, markersize=4, markeredgewidth=0.9,
        markerfacecolor="white" if hollow else colour,
    )  # fmt: skip
