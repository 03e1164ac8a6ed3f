"""A fan: the range over seeds as a band, the median as a thin line, surveys as dots, the marks as labelled lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.report.figures.naming import Box, box, overlap
from twin.report.figures.paper import (
    BAND,
    INK,
    POINTS_A_MM,
    SMALL,
    WIDTH,
    Survey,
    dashes,
    guide,
    mark_surveys,
    paper,
    strand,
    svg,
    years_of,
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

LEAST_SPAN = 0.10  # of a share: a smaller axis would make noise look like change
HEIGHT = 46.0  # mm, on paper of full width
LOW = 38.0  # on narrower paper
LEFT, RIGHT = 8.0, 1.8  # mm beside the axes
ROOM_FOR_A_MARK = 0.2  # years after the last month, so that the last survey is whole
ROOM = 0.08  # above and below the data, of the span


@dataclass(frozen=True)
class Strand:
    """One scenario of a fan: its place in the list and its band by month (low, mid, high)."""

    place: int
    band: pd.DataFrame


def fan(
    name: str, alt: str, strands: Sequence[Strand], marks: Sequence[tuple[pd.Timestamp, str]], factor: float,
    share: bool, surveys: Sequence[Survey] = (), width: float = WIDTH,
) -> Markup:  # fmt: skip
    """Draw bands over time.

    Parameters
    ----------
    marks : days and labels of the points in time drawn as lines, those first that must have their label
    factor : values are multiplied by it
    share : the values are shares, never below 0 or above 1
    surveys : estimates drawn over the bands
    width : of the paper, in mm
    """
    from matplotlib.ticker import MaxNLocator

    with paper(HEIGHT if width == WIDTH else LOW, width) as figure:
        wide = width - LEFT - RIGHT
        axes = figure.add_axes((LEFT / width, 0.115, wide / width, 0.79))
        guide(axes)
        for one in reversed(strands):
            colour, pattern = strand(one.place)
            years = years_of(one.band.index)
            axes.fill_between(
                years, one.band.low * factor, one.band.high * factor, color=colour, alpha=BAND, linewidth=0
            )
            axes.plot(years, one.band.mid * factor, color=colour, linewidth=0.9, linestyle=dashes(pattern))
        mark_surveys(axes, surveys, factor)
        low, high = _span(strands, surveys, factor, share)
        axes.set_ylim(low, high)
        axes.set_xlim(
            min(years_of(s.band.index).min() for s in strands),
            max(years_of(s.band.index).max() for s in strands) + ROOM_FOR_A_MARK * bool(surveys),
        )
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10], integer=True))
        axes.xaxis.set_major_formatter("{x:.0f}")
        _marks(axes, marks, wide)
        return svg(figure, name, alt)


def _span(
    strands: Sequence[Strand], surveys: Sequence[Survey], factor: float, share: bool
) -> tuple[float, float]:
    """From below the lowest band or survey to above the highest, at least ten points for shares."""
    low = min(*(s.band.low.min() for s in strands), *(s.low for s in surveys), np.inf) * factor
    high = max(*(s.band.high.max() for s in strands), *(s.high for s in surveys), -np.inf) * factor
    least = LEAST_SPAN * factor if share else 0.02 * high or 1.0  # where all is nought, an axis to one
    short = max(0.0, least - (high - low)) / 2
    room = ROOM * max(high - low, least)
    low, high = low - short - room, high + short + room
    return (max(low, 0.0), min(high, factor)) if share else (max(low, 0.0), high)


def _marks(axes, marks: Sequence[tuple[pd.Timestamp, str]], wide: float) -> None:
    """Upright lines at the marks, their labels above the axes, on the paper; one without room is left out."""
    first, last = axes.get_xlim()
    letter = SMALL * (last - first) / (wide * POINTS_A_MM)
    taken: list[Box] = []
    for day, label in marks:
        x = day.year + day.month / 12
        if not first <= x <= last + 0.01:
            continue
        axes.axvline(x, color=INK, linewidth=0.6, dashes=(2, 2), zorder=1.5)
        side = "right" if x > last - 0.08 * (last - first) else "left" if x < first + 2 else "center"
        half = box(0.0, 0.0, label, letter)[2]
        mine = box(x + {"right": -half, "left": half, "center": 0.0}[side], 0.0, label, letter)
        if any(overlap(mine, other) for other in taken):
            continue
        taken.append(mine)
        axes.annotate(
            label, (x, 1), (0, 3), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha=side, va="bottom", size=SMALL, color=INK,
        )  # fmt: skip
