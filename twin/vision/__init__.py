"""The city's vision as data: what the whole model is measured against.

The document is 千葉市スマートシティ推進ビジョン. Its five smarts, 22 target states with directions, 14
indicators, way of promotion, 3 x 3 roadmap and 20-year picture stand in the ``*.toml`` files of this
folder: names and table cells as printed, prose in our own short words, everything in Japanese and English.
The services that could bring the target states about are this project's own, in ``catalogue/``.

>>> vision = Vision.read()
>>> len(vision.smarts), len(vision.targets), len(vision.indicators), len(vision.cells)
(5, 22, 14, 9)
>>> vision.mark(5).last_month
datetime.date(2027, 3, 1)
"""

from twin.vision.services import Catalogue, Service
from twin.vision.vision import Cell, Indicator, Mark, Smart, Target, Vision
from twin.vision.words import VisionError

__all__ = [
    "Catalogue",
    "Cell",
    "Indicator",
    "Mark",
    "Service",
    "Smart",
    "Target",
    "Vision",
    "VisionError",
    "as_table",
    "show",
]


def __getattr__(name: str):
    """Load the drawing part on first use: it needs matplotlib and rich, the data does not."""
    if name in ("as_table", "show"):
        from twin.vision import drawing, table

        return {"show": drawing.show, "as_table": table.as_table}[name]
    raise AttributeError(name)
