"""The population pyramid now and later in one figure: bars for later, a line for the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.report.figures.paper import BAR, INK, SMALL, SOFT, dashes, guide, paper, strand, svg
from twin.report.reading import Spread

if TYPE_CHECKING:
    from markupsafe import Markup

HEIGHT = 96.0  # mm
SEXES = ("male", "female")


@dataclass(frozen=True)
class Layer:
    """People by sex (male, female) and age group."""

    people: tuple[Sequence[Spread], Sequence[Spread]]


def pyramid(
    name: str, alt: str, start: Layer, later: Sequence[Layer], groups: Sequence[str], words: dict[str, str]
) -> Markup:
    """Draw men to the left, women to the right.

    Parameters
    ----------
    later : one layer a scenario; the first as bars with its range over seeds, others as outlines
    words : ``male``, ``female``, ``unit``
    """
    layers = [start, *later]
    widest = max(value.high for layer in layers for side in layer.people for value in side) * 1.06
    with paper(HEIGHT) as figure:
        sides = [figure.add_axes((0.015, 0.10, 0.445, 0.84)), figure.add_axes((0.54, 0.10, 0.445, 0.84))]
        for side, axes in enumerate(sides):
            guide(axes, "x")
            _side(axes, side, start, later, len(groups))
            axes.set_xlim((widest, 0) if side == 0 else (0, widest))
            axes.set(ylim=(-0.6, len(groups) - 0.4), yticks=[])
            axes.spines["left"].set_visible(False)
            axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
            axes.set_title(
                words[SEXES[side]], size=SMALL + 1, color=INK, loc="right" if side == 0 else "left"
            )
            axes.set_xlabel(words["unit"])
        for place, group in enumerate(groups):
            y = 0.10 + 0.84 * (place + 0.6) / (len(groups) + 0.2)
            figure.text(0.5, y, group.replace("-", "–"), ha="center", va="center", size=SMALL, color=SOFT)
        return svg(figure, name, alt)


def _side(axes, side: int, start: Layer, later: Sequence[Layer], groups: int) -> None:
    y = np.arange(groups)
    for place, layer in enumerate(later):
        colour, pattern = strand(place)
        people = layer.people[side]
        mid = [value.mid for value in people]
        if place == 0:
            axes.barh(y, mid, height=0.82, color=colour, alpha=BAR, linewidth=0)
            axes.hlines(y, [v.low for v in people], [v.high for v in people], color=colour, linewidth=2.2)
        else:
            _outline(axes, mid, color=colour, linewidth=1.0, linestyle=dashes(pattern))
    _outline(axes, [value.mid for value in start.people[side]], color=INK, linewidth=1.0)


def _outline(axes, people: Sequence[float], **look) -> None:
    axes.stairs(people, np.arange(len(people) + 1) - 0.5, orientation="horizontal", baseline=None, **look)
