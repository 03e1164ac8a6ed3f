"""The vision as a picture: the logic tree on one page, then the service catalogue in panels.

Pages are A4 landscape. A PDF has them one by one; a PNG or SVG has them one below the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from twin.vision.overview import overview
from twin.vision.panels import panels
from twin.vision.pen import PAGE, PAPER
from twin.vision.vision import Vision
from twin.vision.words import VisionError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Page = Callable[[Axes], None]

MM_PER_INCH = 25.4
_SUFFIXES = (".png", ".svg", ".pdf")


def show(vision: Vision, out: Path | str, lang: str = "ja") -> Path:
    """Draw the vision and save it.

    Parameters
    ----------
    out : file to write, ``.png``, ``.svg`` or ``.pdf``
    lang : "ja" or "en"

    Raises
    ------
    VisionError
        The file's suffix is none of the three.
    """
    path = Path(out)
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise VisionError("vision.suffix", where=path.name, name=path.suffix)
    import matplotlib.pyplot as plt
    import matplotlib_fontja
    from matplotlib.backends.backend_pdf import PdfPages

    pages: list[Page] = [partial(overview, vision=vision, lang=lang), *panels(vision, lang)]
    with plt.rc_context({"svg.hashsalt": "vision", "svg.fonttype": "path"}):
        matplotlib_fontja.japanize()
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix == ".pdf":
            with PdfPages(path, metadata={"CreationDate": None}) as file:
                for page in pages:
                    file.savefig(_figure([page]))
        else:
            _figure(pages).savefig(path, dpi=200, metadata={"Date": None} if suffix == ".svg" else {})
        plt.close("all")
    return path


def _figure(pages: Sequence[Page]) -> Figure:
    """Pages one below the other."""
    import matplotlib.pyplot as plt

    width, height = PAGE
    size = (width / MM_PER_INCH, height * len(pages) / MM_PER_INCH)
    figure = plt.figure(figsize=size, facecolor=PAPER)
    for place, page in enumerate(pages, start=1):
        axes = figure.add_axes((0, 1 - place / len(pages), 1, 1 / len(pages)))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        page(axes)
    return figure
