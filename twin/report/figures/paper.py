"""What all figures share: paper, colours, and the way to SVG.

Two colours that colour-blind readers tell apart (Okabe and Ito) carry the first two scenarios, shades of
one blue the maps. Text stays text (``svg.fonttype`` none), so it can be searched; ids are the same
for the same figure, so that the page is the same bytes for the same results.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from twin.report.fonts import FAMILY

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 180.0  # mm, the text width of an A4 page
MM_PER_INCH = 25.4
POINTS_A_MM = 72 / MM_PER_INCH
INK, SOFT, RULE, PAPER = "#1f2a33", "#55626d", "#d5dbe0", "#ffffff"
# colour and dashes of the scenarios, in order; the sixth begins again
STRANDS = (
    ("#0072b2", ""), ("#d55e00", "5 2"), ("#007a5a", "1.5 1.5"),
    ("#9c4f86", "6 2 1.5 2"), ("#4d4d4d", "3 1.5"),
)  # fmt: skip
SURVEYS = "osD^"  # marks of the instruments, in the order they are asked
APART = 0.2  # years between instruments that ask in the same month, lest their bars hide each other
BAND, BAR = 0.20, 0.35  # how dense bands and bars are
SMALL, TEXT = 7.5, 8.0  # points on A4
HALO = "halo"  # mark of text the style sheet gives a white rim

_LOOK: Any = {
    "font.family": [FAMILY], "font.size": TEXT, "text.color": INK, "text.parse_math": False,
    "axes.edgecolor": RULE, "axes.linewidth": 0.8, "axes.labelcolor": SOFT, "axes.labelsize": SMALL,
    "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": True,
    "xtick.color": RULE, "ytick.color": RULE, "xtick.labelcolor": SOFT, "ytick.labelcolor": SOFT,
    "xtick.labelsize": SMALL, "ytick.labelsize": SMALL, "xtick.major.width": 0.6, "ytick.major.width": 0.6,
    "svg.fonttype": "none", "svg.hashsalt": "twin report", "path.simplify": True, "hatch.linewidth": 0.4,
}  # fmt: skip


@dataclass(frozen=True)
class Key:
    """One entry of a figure's legend, which stands as text above the figure.

    Attributes
    ----------
    fill : density of the filled box, 0 for none
    line : whether a line is drawn, with ``dashes``
    dot : shape of a survey's mark on an upright bar instead: one of SURVEYS
    """

    label: str
    colour: str
    dashes: str = ""
    fill: float = BAND
    line: bool = True
    dot: str = ""


@dataclass(frozen=True)
class Survey:
    """A number a survey gave on a day, with its interval; ``place`` tells instruments apart."""

    day: pd.Timestamp
    value: float
    low: float
    high: float
    place: int = 0


@contextmanager
def paper(height: float, width: float = WIDTH) -> Iterator[Figure]:
    """A blank figure, in millimetres, with the report's look."""
    import matplotlib
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    from twin.report.fonts import font_file

    font_manager.fontManager.addfont(str(font_file()))
    with matplotlib.rc_context(_LOOK):
        yield Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH))


def strand(place: int) -> tuple[str, str]:
    """Colour and dashes of the scenario at a place in the list."""
    return STRANDS[place % len(STRANDS)]


def dashes(pattern: str) -> tuple[float, ...] | str:
    """A dash pattern as matplotlib takes it."""
    return (0, tuple(float(part) for part in pattern.split())) if pattern else "-"  # type: ignore[return-value]


def svg(figure: Figure, name: str, alt: str) -> Markup:
    """The figure as SVG for the page: named for screen readers, ids of its own, no size but its shape."""
    from markupsafe import Markup, escape

    out = io.StringIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # the reader's machine has it
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(out, format="svg", transparent=True, metadata=nothing)
    text = out.getvalue()
    text = text[text.index("<svg") :]
    inside = text[text.index(">") + 1 :]
    box = re.search(r'viewBox="([^"]+)"', text).group(1)  # type: ignore[union-attr]
    inside = inside.replace(f'id="{HALO}"', f'class="{HALO}"')
    inside = re.sub(r'\bid="', f'id="{name}-', inside)
    inside = re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", inside)
    inside = re.sub(r"\n\s*", "\n", inside)
    return Markup(f'<svg class="figure" role="img" aria-label="{escape(alt)}" viewBox="{box}">{inside}')


def years_of(days: Any) -> Any:
    """The ends of months as years with a fraction; one day or many."""
    return days.year + days.month / 12


def mark_surveys(axes: Axes, surveys: Sequence[Survey], factor: float = 1.0) -> None:
    """Draw each survey as a mark of its instrument with its interval as a thin bar."""
    for one in surveys:
        x = years_of(one.day) - APART * one.place
        axes.vlines(x, one.low * factor, one.high * factor, color=INK, linewidth=0.7, zorder=3)
        axes.plot(
            x, one.value * factor, SURVEYS[one.place % len(SURVEYS)], color=INK, markersize=3,
            markerfacecolor="white", markeredgewidth=0.7, zorder=3.1,
        )  # fmt: skip


def guide(axes: Axes, axis: Literal["x", "y"] = "y") -> None:
    """Faint lines to read values by."""
    axes.grid(axis=axis, color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
