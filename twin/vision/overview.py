"""The logic tree on one page: smarts, target states, indicators, roadmap, 20-year picture.

Solid lines stand in the document; dashed ones, from target states to indicators, are this project's reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import messages
from twin.vision.pen import COLOURS, FAINT, INK, PAPER, SHADE, box, curve, wrapped
from twin.vision.table import cell_words, kind
from twin.vision.vision import OVERALL, Indicator, Smart, Target, Vision

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMART_X, _TARGET_X, _INDICATOR_X = (12, 27), (33, 98), (196, 287)  # left and right edge, mm
_TOP, _ROW, _GAP = 23.0, 4.35, 1.6  # first row, row height, gap between smarts, mm
_TAGS_END = 158.0  # where the words beside the target states end and the curves begin
_ROADMAP_TOP = 147.0


def overview(axes: Axes, vision: Vision, lang: str) -> None:
    """Draw the page."""
    _heading(axes, vision, lang)
    _tree(axes, vision, lang)
    _roadmap(axes, vision, lang)
    _picture(axes, vision, lang)
    axes.text(10, 205, messages.text("vision.links", lang), size=6, color=FAINT, va="center")


def _heading(axes: Axes, vision: Vision, lang: str) -> None:
    axes.text(10, 10.5, vision.name[lang], size=15, color=INK, va="center")
    heads = ((_TARGET_X[0], "targets"), (_INDICATOR_X[0], "indicators"))
    for x, key in heads:
        axes.text(x, 19, messages.text(f"vision.{key}", lang), size=8, color=FAINT, va="center")
    legend = [messages.text(f"vision.{key}_long", lang) for key in ("subjective", "objective")]
    axes.text(_INDICATOR_X[1], 19, "   ".join(legend), size=6.5, color=FAINT, va="center", ha="right")
    marks = ("・" if lang == "ja" else ", ").join(str(year) for year in vision.marks)
    note = messages.text("vision.year_0", lang, year=vision.year_0, marks=marks)
    axes.text(_INDICATOR_X[1], 10.5, note, size=6.5, color=FAINT, va="center", ha="right")


def _tree(axes: Axes, vision: Vision, lang: str) -> None:
    """All bands from top to bottom, then the links across them."""
    spots: dict[int, float] = {}
    states: list[tuple[Target, float]] = []
    ends = []
    top = _TOP
    for smart in (None, *vision.smarts):
        key = smart.id if smart else OVERALL
        measured = [i for i in vision.indicators if i.smart == key]
        rows = max(len(smart.targets) if smart else 0, len(measured))
        height = rows * _ROW
        ends.append(top + height / 2)
        _band(axes, smart.name[lang] if smart else vision.overall[lang], COLOURS[key], top, height)
        for place, indicator in enumerate(measured):
            spots[indicator.number] = top + height * (place + 0.5) / len(measured)
            _indicator(axes, indicator, spots[indicator.number], lang)
        if smart:
            states += _targets(axes, vision, smart, top, lang)
        else:
            _solid_links(axes, top, height, [spots[i.number] for i in measured])
        top += height + _GAP
    axes.plot([9, 9], [ends[0], ends[-1]], color=FAINT, lw=0.8)
    for y in ends:
        axes.plot([9, _SMART_X[0]], [y, y], color=FAINT, lw=0.8)
    for target, y in states:
        for number in target.indicators:
            curve(axes, _TAGS_END, y, _INDICATOR_X[0], spots[number], COLOURS[target.smart])


def _band(axes: Axes, name: str, colour: str, top: float, height: float) -> None:
    box(axes, _SMART_X[0], top + 0.3, _SMART_X[1] - _SMART_X[0], height - 0.6, colour, colour)
    axes.text(
        sum(_SMART_X) / 2, top + height / 2, name.replace(" ", "\n"), size=8.5, color=PAPER,
        ha="center", va="center",
    )  # fmt: skip


def _solid_links(axes: Axes, top: float, height: float, spots: list[float]) -> None:
    for y in spots:
        curve(axes, _SMART_X[1], top + height / 2, _INDICATOR_X[0], y, COLOURS[OVERALL], dashed=False)


def _targets(axes: Axes, vision: Vision, smart: Smart, top: float, lang: str) -> list[tuple[Target, float]]:
    placed = []
    for place, target in enumerate(smart.targets):
        y = top + (place + 0.5) * _ROW
        colour = COLOURS[smart.id]
        axes.plot([_SMART_X[1], _TARGET_X[0]], [y, y], color=colour, lw=0.8)
        edge = colour if target.linked else "#c9d0d6"
        width = _TARGET_X[1] - _TARGET_X[0]
        box(axes, _TARGET_X[0], y - _ROW / 2 + 0.35, width, _ROW - 0.7, PAPER, edge)
        axes.text(
            _TARGET_X[0] + 1.5,
            y,
            target.short[lang],
            size=7,
            va="center",
            color=INK if target.linked else FAINT,
        )
        tags = cell_words(vision, [vision.cell(name) for name in target.cells], lang)
        if not target.linked:
            tags = [messages.text("vision.not_modelled", lang)]
        axes.text(_TARGET_X[1] + 2, y, "　".join(tags), size=5.5, va="center", color=FAINT)
        if target.indicators:
            start = _TAGS_END - 13 if tags else _TARGET_X[1]
            axes.plot([start, _TAGS_END], [y, y], color=colour, lw=0.5, ls=(0, (3, 2)), alpha=0.7)
        placed.append((target, y))
    return placed


def _indicator(axes: Axes, indicator: Indicator, y: float, lang: str) -> None:
    colour, left = COLOURS[indicator.smart], _INDICATOR_X[0]
    box(axes, left, y - _ROW / 2 + 0.3, _INDICATOR_X[1] - left, _ROW - 0.6, "#f4f6f8", "#f4f6f8")
    axes.text(left + 4.5, y, str(indicator.number), size=7, color=colour, ha="right", va="center")
    axes.text(left + 6.5, y, indicator.short[lang], size=7, color=INK, va="center")
    filled = indicator.subjective
    axes.text(
        _INDICATOR_X[1] - 3, y, kind(indicator, lang), size=6, ha="center", va="center",
        color=PAPER if filled else colour,
        bbox={"boxstyle": "round,pad=0.22", "fc": colour if filled else PAPER, "ec": colour, "lw": 0.6},
    )  # fmt: skip
    way = indicator.obtained[lang]
    axes.text(_INDICATOR_X[1] - 7.5, y, way, size=5.5, color=FAINT, ha="right", va="center")


def _roadmap(axes: Axes, vision: Vision, lang: str) -> None:
    """The 3 x 3 table, columns in order of time."""
    left, label, width = 12.0, 27.0, 51.0
    heights = (10.0, 13.5, 18.0)
    axes.text(left, _ROADMAP_TOP, messages.text("vision.roadmap", lang), size=8, color=FAINT, va="center")
    for place, name in enumerate(vision.columns.values()):
        x = left + label + place * width
        axes.text(x + 1.5, _ROADMAP_TOP, name[lang].capitalize(), size=8, color=INK, va="center")
    top = _ROADMAP_TOP + 4
    for (row, name), height in zip(vision.rows.items(), heights, strict=True):
        lines = name[lang].replace("テクノロジー", "テクノロジー\n").replace(" of ", " of\n")
        axes.text(left, top + height / 2, lines, size=7, color=INK, va="center")
        cells = [cell for cell in vision.cells if cell.row == row]
        for place, cell in enumerate(cells):
            x = left + label + place * width
            box(axes, x, top + 0.5, width - 2, height - 1, SHADE, SHADE)
            text = "\n".join(wrapped(f"○ {bullet[lang]}", lang, 23, 43) for bullet in cell.bullets)
            axes.text(x + 1.5, top + height / 2, text, size=6, color=INK, va="center", linespacing=1.35)
        top += height


def _picture(axes: Axes, vision: Vision, lang: str) -> None:
    """The 20-year picture beside the roadmap, with its footnotes."""
    left, top, width, height = 196.0, _ROADMAP_TOP + 4.5, 91.0, 40.5
    axes.text(left, _ROADMAP_TOP, vision.picture[lang], size=8, color=INK, va="center")
    box(axes, left, top, width, height, "#e6edf3", "#e6edf3")
    said = "\n".join(wrapped(f"● {statement.text[lang]}", lang, 36, 62) for statement in vision.statements)
    axes.text(left + 2.5, top + 3, said, size=7, color=INK, va="top", linespacing=1.6)
    notes = [note for statement in vision.statements for note in statement.notes]
    small = "\n".join(wrapped(note[lang], lang, 46, 82) for note in notes)
    axes.text(left + 2.5, top + height - 2, small, size=5.5, color="#5d6a76", va="bottom", linespacing=1.4)
