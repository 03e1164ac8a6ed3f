"""Shares by age group at the start and at the last mark: one panel an indicator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from twin.report.figures.paper import INK, SMALL, SOFT, guide, paper, strand, svg
from twin.report.reading import Missing, Spread

if TYPE_CHECKING:
    from markupsafe import Markup

HEIGHT = 62.0  # mm
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
    with paper(HEIGHT) as figure:
        for place, (title, start, later) in enumerate(panels):
            axes = figure.add_subplot(1, len(panels), place + 1)
            guide(axes)
            _dots(axes, start, SOFT, hollow=True)
            _dots(axes, later, colour, hollow=False)
            axes.set(ylim=(-3, 103), xlim=(-0.6, len(groups) - 0.4))
            axes.set_xticks(range(len(groups)), [group.replace("-", "–") for group in groups], rotation=90)
            axes.set_title(title, size=SMALL + 0.5, color=INK, loc="left")
            if place == 0:
                axes.set_ylabel(words["share"])
        figure.supxlabel(words["age"], size=SMALL, color=SOFT, y=0.01)
        figure.subplots_adjust(left=0.07, right=0.995, bottom=0.26, top=0.91, wspace=0.16)
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
