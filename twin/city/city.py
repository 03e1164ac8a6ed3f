"""City: what does not change while people live: wards, areas, towns, streets, stations, places.

A city is a folder of small text files (see ``geodata/README.md``) read once and frozen;
:mod:`twin.city.check` says whether it fits together. Coordinates ``x``, ``y`` are metres east and north in
JGD2011 plane rectangular zone IX (EPSG:6677). Rows are ordered by code, so a row number means the same
in every run.

>>> city = City.embedded()
>>> city.name_en, len(city.wards.code), len(city.towns.code)
('Chiba City', 6, 500)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twin.network.streets import Streets

if TYPE_CHECKING:
    import geopandas

LEVELS = ("wards", "areas", "towns")


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
class Stations:
    """Railway stations; those one stop beyond the city limit have ward -1."""

    code: tuple[str, ...] = ()
    name_ja: tuple[str, ...] = ()
    name_en: tuple[str, ...] = ()
    ward: np.ndarray = field(default_factory=lambda: np.zeros(0, "i1"))
    x: np.ndarray = field(default_factory=lambda: np.zeros(0))  # f8, metres
    y: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Lines:
    """Railway lines, each with the station rows it calls at, in order."""

    code: tuple[str, ...] = ()
    name_ja: tuple[str, ...] = ()
    name_en: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    stations: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Places:
    """Places people go to: offices of the city, schools, shelters."""

    code: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    name_ja: tuple[str, ...] = ()
    ward: np.ndarray = field(default_factory=lambda: np.zeros(0, "u1"))
    x: np.ndarray = field(default_factory=lambda: np.zeros(0))  # f8, metres
    y: np.ndarray = field(default_factory=lambda: np.zeros(0))
    capacity: np.ndarray = field(default_factory=lambda: np.zeros(0))  # f8, people; nan when unknown


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
    stations: Stations = field(default_factory=Stations)
    lines: Lines = field(default_factory=Lines)
    places: Places = field(default_factory=Places)
    streets: Streets = field(default_factory=Streets.none)
    folder: Path | None = None  # where it was read from; None for a city made by hand

    @classmethod
    def open(cls, folder: Path) -> City:
        """The city in a folder.

        Raises
        ------
        CityError : the folder holds no city, or a file of it cannot be read; says which, where, why
        """
        from twin.city.folder import read

        return read(Path(folder))

    @classmethod
    def embedded(cls) -> City:
        """Chiba City as it ships with the package: real towns and stations, approximate outlines."""
        return cls.open(embedded_folder())

    def boundaries(self, level: str) -> geopandas.GeoDataFrame:
        """Outlines of ``"wards"``, ``"areas"`` or ``"towns"`` in row order, EPSG:6677.

        Columns code, name_ja, name_en, geometry. Approximate when ``tier`` is ``"embedded"``.
        """
        from twin.city.folder import read_boundaries

        return read_boundaries(self, level)


def embedded_folder() -> Path:
    """Where the embedded city lies: inside an installed package, or in ``geodata`` of a checkout."""
    inside = Path(__file__).parent / "embedded"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "geodata" / "embedded"
