"""Writing a built city: all files into a fresh folder beside the wanted one, then exchanged at once."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from twin.city.city import LEVELS, City
from twin.city.folder import METRES, Column, write_boundaries, write_sheet
from twin.errors import CityError


def write_city(
    out: Path, about: Mapping, tables: Mapping[str, Mapping[str, Column]],
    outlines: Mapping[str, np.ndarray], keep: Mapping[str, Path] | None = None,
) -> City:  # fmt: skip
    """Write a city's folder and open it.

    Parameters
    ----------
    out : the folder; an older city there is replaced as a whole
    about : what ``city.toml`` says
    tables : columns of each CSV file (:data:`twin.city.folder.HEADERS`)
    outlines : polygons of wards, areas and towns in metres, in order of rows
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
    for name, columns in tables.items():
        write_sheet(fresh, name, columns)
    for level in LEVELS:
        table = tables[f"{level}.csv"]
        names = {key: list(table[key]) for key in ("code", "name_ja", "name_en")}
        outline = geopandas.GeoDataFrame(names, geometry=list(outlines[level]), crs=METRES)
        write_boundaries(fresh, level, outline)
    for name, folder in (keep or {}).items():
        shutil.copytree(folder, fresh / name)
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    return City.open(out)


def _stop_if_other(out: Path) -> None:
    if out.is_dir() and not (out / "city.toml").is_file():
        if inside := sorted(path.name for path in out.iterdir()):
            raise CityError("city.not_empty", where=str(out), file=inside[0])
    elif out.exists() and not out.is_dir():
        raise CityError("city.not_empty", where=str(out.parent), file=out.name)


def _toml(about: Mapping) -> str:
    """A flat table of texts, then tables of texts by language."""

    def quoted(text: object) -> str:
        return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

    plain = [f"{key} = {quoted(value)}" for key, value in about.items() if not isinstance(value, Mapping)]
    for key, value in about.items():
        if isinstance(value, Mapping):
            plain += ["", f"[{key}]", *(f"{lang} = {quoted(text)}" for lang, text in value.items())]
    return "\n".join(plain) + "\n"
