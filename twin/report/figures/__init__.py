"""The report's figures, one a file, each an inline SVG whose text stays text in the page's font."""

from twin.report.figures.ages import ages
from twin.report.figures.behind import behind
from twin.report.figures.fan import Strand, fan
from twin.report.figures.gaps import Panel, gaps
from twin.report.figures.maps import choropleths, key_map
from twin.report.figures.paper import BAR, INK, SURVEYS, WIDTH, Key, Survey, strand
from twin.report.figures.pyramid import pyramid

__all__ = [
    "BAR",
    "INK",
    "SURVEYS",
    "WIDTH",
    "Key",
    "Panel",
    "Strand",
    "Survey",
    "ages",
    "behind",
    "choropleths",
    "fan",
    "gaps",
    "key_map",
    "pyramid",
    "strand",
]
