"""Paper, colours and strokes the vision's pages share. Lengths are millimetres from the upper left corner."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from twin.vision.vision import OVERALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE = (297.0, 210.0)  # mm, A4 landscape
INK, FAINT, PAPER = "#22303c", "#8b97a3", "#ffffff"
SHADE = "#eef2f5"
COLOURS = {
    OVERALL: "#4a5560",
    "living": "#c1503f",
    "working": "#b07d12",
    "learning": "#4c7a34",
    "town": "#20708f",
    "city_hall": "#65518f",
}


def wrapped(text: str, lang: str, wide: int, narrow: int) -> str:
    """Lines of at most ``wide`` Japanese or ``narrow`` Latin letters; continuation lines are indented.

    Japanese has no spaces: a line breaks before a bracket or after の, as a reader would pause.
    """
    if lang == "en":
        return "\n   ".join(wrap(text, narrow))
    lines = []
    while len(text) > wide:
        cut = max(text.rfind("（", 1, wide), text.rfind("の", 1, wide) + 1)
        cut = cut if cut > 1 else wide
        lines.append(text[:cut])
        text = text[cut:]
    return "\n　".join([*lines, text])


def box(axes: Axes, x: float, y: float, width: float, height: float, fill: str, edge: str) -> None:
    """A box with round corners."""
    from matplotlib.patches import FancyBboxPatch

    style = "round,pad=0,rounding_size=0.8"
    axes.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=style, fc=fill, ec=edge, lw=0.7))


def curve(axes: Axes, x0: float, y0: float, x1: float, y1: float, colour: str, dashed: bool = True) -> None:
    """A link that leaves and arrives level."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Line

    middle = (x0 + x1) / 2
    line = Line([(x0, y0), (middle, y0), (middle, y1), (x1, y1)], [1, 4, 4, 4])
    style: dict[str, Any] = {"ls": (0, (3, 2)), "lw": 0.7} if dashed else {"ls": "-", "lw": 0.8}
    axes.add_patch(PathPatch(line, fc="none", ec=colour, alpha=0.8, **style))
