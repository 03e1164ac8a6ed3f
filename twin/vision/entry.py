"""One table of a catalogue file as a dataclass: pydantic checks it, we say what is wrong.

A dataclass declares each field with one of the types below and ``__pydantic_config__ = STRICT``. Everything
is strict: ``"0.5"`` is a text and not a share, an unknown key stops, a text needs both languages.
"""

from __future__ import annotations

import tomllib
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from twin import messages
from twin.errors import Problems, nearest
from twin.vision.words import LANGUAGES, VisionError, Words

STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)
OLDEST = 110  # years
MOST_YEN = 10**13  # larger than any budget of a city
Kind = TypeVar("Kind")


def _both(words: Words) -> Words:
    if set(words) != set(LANGUAGES) or not all(text.strip() for text in words.values()):
        raise PydanticCustomError("words", "both languages")
    return words


def _in_order(ages: tuple[int, int]) -> tuple[int, int]:
    if ages[0] > ages[1]:
        raise PydanticCustomError("ages", "youngest first")
    return ages


Text = Annotated[str, Field(pattern=r"\S")]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
BothWords = Annotated[Words, AfterValidator(_both)]
Whole = Annotated[int, Field(strict=True)]
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Yen = Annotated[int, Field(strict=True, ge=0, le=MOST_YEN)]
Age = Annotated[int, Field(strict=True, ge=0, le=OLDEST)]
Names = tuple[Text, ...]
Numbers = tuple[Whole, ...]
Ages = Annotated[tuple[Age, Age], AfterValidator(_in_order)]

_EXPECTED = {
    "string_type": "text",
    "string_pattern_mismatch": "name",
    "int_type": "whole",
    "int_from_float": "whole",
    "float_type": "number",
    "finite_number": "number",
    "tuple_type": "list",
    "list_type": "list",
    "dict_type": "table",
    "dataclass_type": "table",
    "words": "words",
    "ages": "ages",
    "missing": "ages",  # of a pair
    "too_long": "ages",
}


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as plain data.

    Raises
    ------
    VisionError
        The file is not TOML in UTF-8.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:  # both errors, of TOML and of UTF-8, are ValueErrors
        raise VisionError("services.toml", where=path.name, what=str(problem)) from problem


def read_entry(kind: type[Kind], table: Any, where: str) -> Kind:
    """A table as a dataclass of type ``kind``; ``where`` is put before every message.

    Raises
    ------
    VisionError, ManyProblems
        Every problem found: unknown or missing keys, wrong kinds, values outside their range.
    """
    try:
        return _adapter(kind).validate_python(table)  # type: ignore[arg-type]
    except ValidationError as refused:
        found = refused.errors(include_url=False)
        Problems(_problem(kind, dict(error), where) for error in found).stop_if_any()
        raise


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _problem(kind: type, error: dict[str, Any], where: str) -> VisionError:
    """One finding of pydantic as a sentence of ours."""
    path, found, limits = error["loc"], error["type"], error.get("ctx", {})
    key, value = ".".join(map(str, path)), repr(error["input"])[:60]
    if found == "unexpected_keyword_argument":
        keys = _keys(kind, path[:-1])
        near = nearest(str(path[-1]), keys) or ", ".join(keys)
        return VisionError("services.unknown_key", where=where, key=key, near=near)
    if found == "missing" and isinstance(path[-1], str):
        return VisionError("services.missing", where=where, key=key)
    if "ge" in limits:
        return VisionError("services.too_small", where=where, key=key, value=value, least=limits["ge"])
    if "le" in limits:
        return VisionError("services.too_large", where=where, key=key, value=value, most=limits["le"])
    name = _EXPECTED.get(found, "other")
    expected = {lang: messages.text(f"services.expected_{name}", lang) for lang in LANGUAGES}
    return VisionError("services.kind", where=where, key=key, value=value, expected=expected)


def _keys(kind: Any, path: tuple[Any, ...]) -> list[str]:
    """The keys allowed at a place inside a dataclass."""
    for step in path:
        kind = get_type_hints(kind).get(step)
    return [field.name for field in fields(kind)] if is_dataclass(kind) else []
