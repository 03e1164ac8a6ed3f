"""City: what does not change while people live: wards, areas, towns, streets, stations, places.

A city is a folder of small text files (see ``geodata/README.md``) read once, checked, and frozen.
Coordinates ``x``, ``y`` are metres east and north in JGD2011 plane rectangular zone IX (EPSG:6677).
Rows are ordered by code, so a row number means the same in every run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Wards:
    """The six wards, ordered by code."""

    code: tuple[str, ...]
    name_ja: tuple[str, ...]
    name_en: tuple[str, ...]


@dataclass(frozen=True)
class Areas:
    """Contiguous groups of towns inside a ward, 10 to 30 thousand people each."""

    code: tuple[str, ...]
    name_ja: tuple[str, ...]
    name_en: tuple[str, ...]
    ward: np.ndarray  # u1, ward row
    x: np.ndarray  # f8, metres
    y: np.ndarray


@dataclass(frozen=True)
class Towns:
    """Towns (町丁), the finest place a citizen lives in."""

    code: tuple[str, ...]
    name_ja: tuple[str, ...]
    name_en: tuple[str, ...]
    ward: np.ndarray  # u1, ward row
    area: np.ndarray  # u1, area row
    x: np.ndarray  # f8, metres
    y: np.ndarray
    people: np.ndarray  # f8, relative number of people: a weight within the ward, not a count
    radius: np.ndarray  # f8, metres, of a circle as large as the town


@dataclass(frozen=True)
class City:
    """One city, ready to be lived in."""

    name_ja: str
    name_en: str
    code: str  # "12100"
    tier: str  # "embedded" (approximate outlines) or "official"
    wards: Wards
    areas: Areas
    towns: Towns
    sha256: str  # of all files of the folder
