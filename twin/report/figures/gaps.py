"""Feeling against fact: one small panel a pair, nought as the line on which both stand level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.report.figures.fan import Strand
from twin.report.figures.paper import (
    BAND,
    HALO,
    INK,
    SMALL,
    SOFT,
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

HEIGHT, GAP, EDGE = 36.0, 14.0, 9.0  # mm: of a panel, between rows, above the first for its title
COLUMNS = 3
LEAST, MOST = 1.0, 3.0  # the scale reaches at least and at most so far from nought: 3 is 99.9 against 50 %


@dataclass(frozen=True)
class Panel:
    """One pair: the two lines of its title, its bands by month, its surveys."""

    title: tuple[str, str]
    strands: Sequence[Strand]
    surveys: Sequence[Survey]


def gaps(
    name: str, alt: str, panels: Sequence[Panel], marks: Sequence[pd.Timestamp], words: dict[str, str]
) -> Markup:
    """Draw one panel for each pair, all on one scale.

    Parameters
    ----------
    marks : days drawn as upright lines
    words : ``ahead`` and ``behind``, what it means to stand above and below nought
    """
    columns = min(len(panels), COLUMNS)
    rows = -(-len(panels) // columns)
    height = EDGE + rows * HEIGHT + (rows - 1) * GAP + 5
    reach, years = _reach(panels), _years(panels)
    with paper(height) as figure:
        for place, panel in enumerate(panels):
            axes = figure.add_subplot(rows, columns, place + 1)
            guide(axes)
            axes.axhline(0, color=INK, linewidth=0.8)
            for day in marks:
                axes.axvline(years_of(day), color=SOFT, linewidth=0.5, dashes=(2, 2))
            for one in reversed(panel.strands):
                _band(axes, one)
            mark_surveys(axes, panel.surveys)
            axes.set(ylim=(-reach, reach), xlim=years)
            axes.xaxis.set_major_formatter("{x:.0f}")
            axes.locator_params(axis="x", nbins=5, steps=[1, 5, 10], integer=True)
            axes.locator_params(axis="y", nbins=6, steps=[1, 5, 10])
            axes.set_title("\n".join(panel.title), size=SMALL, color=INK, loc="left", linespacing=1.25)
            for edge, said, align in ((0.97, "ahead", "top"), (0.03, "behind", "bottom")):
                axes.text(
                    0.02,
                    edge,
                    words[said],
                    transform=axes.transAxes,
                    size=SMALL - 1,
                    color=SOFT,
                    va=align,
                    gid=HALO,
                )
        figure.subplots_adjust(
            left=0.035, right=0.992, bottom=5 / height, top=1 - EDGE / height, wspace=0.13,
            hspace=GAP / HEIGHT,
        )  # fmt: skip
        return svg(figure, name, alt)


def _band(axes, one: Strand) -> None:
    colour, pattern = strand(one.place)
    years = years_of(one.band.index)
    axes.fill_between(years, one.band.low, one.band.high, color=colour, alpha=BAND, linewidth=0)
    axes.plot(years, one.band.mid, color=colour, linewidth=0.9, linestyle=dashes(pattern))


def _years(panels: Sequence[Panel]) -> tuple[float, float]:
    """From the first month of any panel to a little after the last, so that the last survey is whole."""
    every = [years_of(one.band.index) for panel in panels for one in panel.strands]
    return min(years.min() for years in every), max(years.max() for years in every) + 0.4


def _reach(panels: Sequence[Panel]) -> float:
    """How far from nought the scale reaches, up and down alike."""
    found = [abs(one.band.to_numpy()).ravel() for panel in panels for one in panel.strands]
    found += [np.abs([one.low, one.high]) for panel in panels for one in panel.surveys]
    every = np.concatenate(found) if found else np.zeros(1)
    return float(np.clip(1.08 * every[np.isfinite(every)].max(initial=0.0), LEAST, MOST))
