"""Writing a built city: all files into a fresh folder beside the wanted one, then exchanged at once."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from twin.city.city import LEVELS, City
from twin.city.folder import METRES, write_boundaries, write_sheet
from twin.errors import CityError


@dataclass(frozen=True)
class Parts:
    """What a city consists of: a table of columns for each CSV file, outlines in metres for each level."""

    tables: Mapping[str, Mapping[str, Sequence]]
    outlines: Mapping[str, np.ndarray]


def write_city(out: Path, about: Mapping, parts: Parts, keep: Mapping[str, Path] | None = None) -> City:
    """Write a city's folder and open it.

    Parameters
    ----------
    out : the folder; an older city there is replaced as a whole
    about : what ``city.toml`` says
    parts : tables and outlines
    keep : folders to copy into the city's folder, by name

    Raises
    ------
    CityError : ``out`` exists and holds something that is not a city
    """
    import geopandas

    _stop_if_other(out)
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    (fresh / "city.toml").write_bytes(_toml(about).encode())
    for name, columns in parts.tables.items():
        write_sheet(fresh, name, columns)
    for level in LEVELS:
        table = parts.tables[f"{level}.csv"]
        names = {key: list(table[key]) for key in ("code", "name_ja", "name_en")}
        outline = geopandas.GeoDataFrame(names, geometry=list(parts.outlines[level]), crs=METRES)
        write_boundaries(fresh, level, outline)
    for name, folder in (keep or {}).items():
        shutil.copytree(folder, fresh / name)
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    return City.open(out)


def ward_at(x: np.ndarray, y: np.ndarray, outlines: np.ndarray, codes: Sequence[str]) -> list[str]:
    """Code of the ward each point lies in, an empty text outside the city."""
    point, ward = shapely.STRtree(outlines).query(shapely.points(x, y), predicate="intersects")
    found = [""] * len(x)
    for row, code in sorted(zip(point, ward, strict=True), reverse=True):
        found[row] = codes[code]
    return found


def _stop_if_other(out: Path) -> None:
    if out.exists() and not (out / "city.toml").is_file():
        inside = sorted(path.name for path in out.iterdir()) if out.is_dir() else [out.name]
        if inside:
            raise CityError("city.not_empty", where=str(out), file=inside[0])


def _toml(about: Mapping) -> str:
    """A flat table of texts, then tables of texts by language."""

    def quoted(text: object) -> str:
        return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

    plain = [f"{key} = {quoted(value)}" for key, value in about.items() if not isinstance(value, Mapping)]
    for key, value in about.items():
        if isinstance(value, Mapping):
            plain += ["", f"[{key}]", *(f"{lang} = {quoted(text)}" for lang, text in value.items())]
    return "\n".join(plain) + "\n"
