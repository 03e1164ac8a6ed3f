"""The service catalogue in panels, one per smart: target states, services, what each service can move.

A curve leads from a target state to each service that serves it; a service at home in another smart has
that smart's colour. A mark in the grid says that the service can move the indicator (circle) or
contributes to the roadmap cell (square). Every link is this project's reading.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from twin import messages
from twin.vision.pen import COLOURS, FAINT, INK, PAGE, PAPER, SHADE, box, curve
from twin.vision.services import Service
from twin.vision.vision import Smart, Vision

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMART_X, _TARGET_X, _SERVICE_X, _GRID_X = (10, 22), (26, 83), (103, 196), (202, 287)  # mm
_TOP, _BOTTOM = 52.0, 200.0  # of the room for panels, mm
_ROW, _GAP = 4.0, 5.5  # row height, gap between panels, mm
_APART = 3.0  # between the indicators' columns and the cells', mm


def panels(vision: Vision, lang: str) -> list[Callable[[Axes], None]]:
    """The pages, each with as many panels as fit."""
    pages: list[list[tuple[Smart, float]]] = []
    top = PAGE[1]
    for smart in vision.smarts:
        height = _height(vision, smart)
        if top + height > _BOTTOM:
            pages.append([])
            top = _TOP
        pages[-1].append((smart, top))
        top += height + _GAP
    return [partial(_page, vision=vision, lang=lang, placed=placed) for placed in pages]


def _height(vision: Vision, smart: Smart) -> float:
    return _ROW * max(len(smart.targets), len(_services(vision, smart)))


def _services(vision: Vision, smart: Smart) -> list[Service]:
    """The services that serve a smart's target states, beside the states they serve."""
    order = {target.id: place for place, target in enumerate(smart.targets)}

    def middle(service: Service) -> float:
        served = [order[name] for name in service.targets if name in order]
        return sum(served) / len(served)

    serving = [s for s in vision.catalogue.services if not order.keys().isdisjoint(s.targets)]
    return sorted(serving, key=middle)


def _page(axes: Axes, vision: Vision, lang: str, placed: list[tuple[Smart, float]]) -> None:
    count = len(vision.catalogue.services)
    axes.text(10, 10.5, messages.text("services.title", lang, count=count), size=15, color=INK, va="center")
    for x, key in ((_TARGET_X[0], "vision.targets"), (_SERVICE_X[0], "services.services")):
        axes.text(x, _TOP - 4, messages.text(key, lang), size=8, color=FAINT, va="center")
    note = messages.text("services.tags", lang)
    axes.text(_SERVICE_X[1] - 1.5, _TOP - 4, note, size=5.5, color=FAINT, va="center", ha="right")
    _column_heads(axes, vision, lang)
    for smart, top in placed:
        _panel(axes, vision, smart, top, lang)
    axes.text(10, 205, messages.text("services.legend", lang), size=6, color=FAINT, va="center")


def _columns(vision: Vision) -> dict[int | str, float]:
    """Where each indicator's and each cell's column stands."""
    left, right = _GRID_X
    keys: list[int | str] = [*(i.number for i in vision.indicators), *(c.id for c in vision.cells)]
    width = (right - left - _APART) / len(keys)
    first = len(vision.indicators)
    return {key: left + width * (n + 0.5) + _APART * (n >= first) for n, key in enumerate(keys)}


def _column_heads(axes: Axes, vision: Vision, lang: str) -> None:
    at = _columns(vision)
    heads = [(at[i.number], f"{i.number}  {i.short[lang]}", COLOURS[i.smart]) for i in vision.indicators]
    for cell in vision.cells:
        words = f"{vision.rows[cell.row][lang]}  {vision.columns[cell.column][lang]}"
        heads.append((at[cell.id], words, INK))
    for x, words, colour in heads:
        axes.text(x, _TOP - 5, words, size=6.5, color=colour, rotation=90, ha="center", va="bottom")


def _panel(axes: Axes, vision: Vision, smart: Smart, top: float, lang: str) -> None:
    height, colour = _height(vision, smart), COLOURS[smart.id]
    box(axes, _SMART_X[0], top, _SMART_X[1] - _SMART_X[0], height, colour, colour)
    name = smart.name[lang].replace(" ", "\n")
    axes.text(sum(_SMART_X) / 2, top + height / 2, name, size=7.5, color=PAPER, ha="center", va="center")
    states = {}
    for place, target in enumerate(smart.targets):
        states[target.id] = y = top + height * (place + 0.5) / len(smart.targets)
        axes.plot([_SMART_X[1], _TARGET_X[0]], [y, y], color=colour, lw=0.8)
        _named(axes, _TARGET_X, y, target.short[lang], colour)
    _grid(axes, vision, top, height)
    services = _services(vision, smart)
    for place, service in enumerate(services):
        y = top + height * (place + 0.5) / len(services)
        for served in filter(states.__contains__, service.targets):
            curve(axes, _TARGET_X[1], states[served], _SERVICE_X[0], y, colour)
        _service(axes, vision, service, y, lang)


def _named(axes: Axes, sides: tuple[int, int], y: float, words: str, colour: str) -> None:
    box(axes, sides[0], y - _ROW / 2 + 0.3, sides[1] - sides[0], _ROW - 0.6, PAPER, colour)
    axes.text(sides[0] + 1.5, y, words, size=7, color=INK, va="center")


def _grid(axes: Axes, vision: Vision, top: float, height: float) -> None:
    """Faint columns with the indicators' numbers and the cells' years above them."""
    at = _columns(vision)
    marks = {i.number: str(i.number) for i in vision.indicators} | {c.id: str(c.year) for c in vision.cells}
    for key, x in at.items():
        axes.plot([x, x], [top, top + height], color=SHADE, lw=2.5, zorder=0)
        axes.text(x, top - 1.6, marks[key], size=5.5, color=FAINT, ha="center", va="center")


def _service(axes: Axes, vision: Vision, service: Service, y: float, lang: str) -> None:
    """A service's box and its row of the grid."""
    _named(axes, _SERVICE_X, y, service.name[lang], COLOURS[service.smart])
    words = vision.catalogue.words
    tags = [words.groups[service.group][lang]] if service.group else []
    if service.needs:
        tags.append(("・" if lang == "ja" else ", ").join(words.needs[need][lang] for need in service.needs))
    said = ("｜" if lang == "ja" else " | ").join(tags)
    axes.text(_SERVICE_X[1] - 1.5, y, said, size=5.5, color=FAINT, va="center", ha="right")
    axes.plot([_SERVICE_X[1], _GRID_X[1]], [y, y], color="#dde3e8", lw=0.5, zorder=0)
    at = _columns(vision)
    for indicator in (vision.indicator(number) for number in service.indicators):
        axes.plot(at[indicator.number], y, "o", color=COLOURS[indicator.smart], markersize=4.5)
    axes.plot([at[cell] for cell in service.cells], [y] * len(service.cells), "s", color=INK, markersize=3.8)
