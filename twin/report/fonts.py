"""The page's font: the part of IPAexGothic that the page uses, as WOFF2 in base64.

A fresh machine may have no Japanese font, so the page brings its own (the font of matplotlib-fontja, IPA
Font License 1.0, which allows embedding in documents). Characters the font lacks, such as 𠮷, are left to
the reader's machine.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import printable

FAMILY = "IPAexGothic"  # the name figures and style sheet use


def font_file() -> Path:
    """Where the font lies in matplotlib-fontja."""
    import matplotlib_fontja

    return Path(matplotlib_fontja.__file__).parent / "fonts" / "ipaexg.ttf"


@cache
def characters() -> frozenset[str]:
    """All characters the font can draw."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file(), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def embedded(text: Iterable[str]) -> str:
    """The font with only the characters of a text and ASCII, WOFF2 in base64.

    The same characters in any order give the same bytes.
    """
    from fontTools import subset

    options = subset.Options(
        flavor="woff2", layout_features=["kern", "palt"], hinting=False, desubroutinize=True
    )
    options.name_IDs = [0, 13, 14]  # copyright and licence stay with the font
    maker = subset.Subsetter(options)
    maker.populate(unicodes=sorted(map(ord, {*text, *printable})))
    out = io.BytesIO()
    with subset.load_font(font_file(), options) as font:
        maker.subset(font)
        subset.save_font(font, out, options)
    return base64.b64encode(out.getvalue()).decode()
