"""The shape of a scenario file: which keys, of which kind. pydantic checks it, we say what is wrong.

Everything is strict: ``"20"`` is a text and not a number, ``2022.5`` is no date, an unknown key stops.
Whether the facts exist and the values are in range is the business of :mod:`twin.scenarios.checking`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from twin import messages
from twin.errors import MOST_PROBLEMS, Problems, ScenarioError, nearest
from twin.scenarios.document import Document
from twin.scenarios.limits import LARGEST_SEED, MOST_YEARS, check_id, shown

MOST_CHANGES = 500
MOST_COST = 10**13  # yen; larger than any budget of a city
Text = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class TitleWords(_Strict):
    """A title in both languages."""

    ja: Title
    en: Title


class TextWords(_Strict):
    """A sentence in both languages."""

    ja: Text
    en: Text


def _in_both(words: Any) -> Any:
    """One text for both languages, as names of publications often are; anything else as it is."""
    return {"ja": words, "en": words} if isinstance(words, str) else words


class ChangeShape(_Strict):
    """One ``[[change]]``."""

    fact: Text
    label: Text | None = None
    value: Any
    since: date
    until: date | None = None
    why: TextWords
    source: Annotated[TextWords, BeforeValidator(_in_both)]
    cost_yen: Annotated[int, Field(ge=0, le=MOST_COST)] | None = None


class FileShape(_Strict):
    """A whole scenario file; what is absent is taken from the parent."""

    id: Text
    title: TitleWords
    question: TextWords
    based_on: Text | None = None
    census: date | None = None
    start: date | None = None
    years: Annotated[int, Field(ge=1, le=MOST_YEARS)] | None = None
    population_seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None
    processes: Annotated[list[Text], Field(min_length=1, max_length=100)] | None = None
    off: Annotated[list[Text], Field(max_length=100)] | None = None
    change: Annotated[list[ChangeShape], Field(max_length=MOST_CHANGES)] = []


_EXPECTED = {
    "string_type": "text",
    "int_type": "whole",
    "int_from_float": "whole",
    "date_type": "date",
    "date_from_datetime_inexact": "date",
    "list_type": "list",
    "model_type": "table",
    "model_attributes_type": "table",
    "dict_type": "table",
}


def read_shape(document: Document) -> FileShape:
    """The file's content if its shape is right.

    Raises
    ------
    ScenarioError, ManyProblems
        Every problem found, each with file and line.
    """
    problems = Problems()
    try:
        shape: FileShape | None = FileShape.model_validate(document.data)
    except ValidationError as refused:
        shape = None
        for error in refused.errors(include_url=False, include_context=True):
            cheap = len(problems) >= MOST_PROBLEMS
            problems.append(_problem(document, dict(error), cheap))
    for key in ("id", "based_on"):
        name = document.data.get(key)
        if isinstance(name, str):
            try:
                check_id(name, document.where(key))
            except ScenarioError as problem:
                problems.append(problem)
    problems.stop_if_any()
    if shape is None:  # a refusal without a problem would be pydantic's mistake
        raise ScenarioError("scenario.refused", where=document.name, key="", value="")
    return shape


def _problem(document: Document, error: dict[str, Any], cheap: bool) -> ScenarioError:
    """One finding of pydantic as a sentence of ours."""
    path, kind = tuple(error["loc"]), error["type"]
    where, key = document.where(*path), ".".join(str(part) for part in path)
    limits = error.get("ctx", {})
    if kind == "extra_forbidden":
        return ScenarioError(
            "scenario.unknown_key",
            where=where,
            key=shown(path[-1]),
            near=_near(path, cheap),
            known=_known(path),
        )
    if kind == "missing":
        return ScenarioError("scenario.missing", where=where, key=key)
    if kind in _EXPECTED:
        return _wrong_kind(where, key, _EXPECTED[kind], error["input"])
    if kind in ("greater_than_equal", "less_than_equal"):
        low, high = _range(path)
        return ScenarioError(
            "scenario.outside",
            where=f"{where} {key}",
            value=shown(error["input"]),
            low=low,
            high=high,
            hint="",
        )
    if kind in ("string_too_short", "string_pattern_mismatch", "too_short"):
        return ScenarioError("scenario.blank", where=where, key=key)
    if kind in ("string_too_long", "too_long"):
        return ScenarioError("scenario.too_long", where=where, key=key, most=limits["max_length"])
    return ScenarioError("scenario.refused", where=where, key=key, value=shown(error["input"]))


def _wrong_kind(where: str, key: str, expected: str, found: Any) -> ScenarioError:
    hint = "hint_none"
    if isinstance(found, str) and expected in ("whole", "date"):
        hint = "hint_unquote"
    elif expected == "text":
        hint = "hint_quote"
    elif key == "start" or expected == "date":
        hint = "hint_date"
    return ScenarioError(
        "scenario.kind",
        where=where,
        key=key,
        expected=_both(f"kind_{expected}"),
        found=_both(_kind_of(found), value=shown(found)),
        hint=_both(hint, key=key.rpartition(".")[2], value=shown(found).strip("'\"")),
    )


def _kind_of(value: Any) -> str:
    names = {
        bool: "is_yes_no",
        int: "is_number",
        float: "is_number",
        str: "is_text",
        list: "is_list",
        dict: "is_table",
    }
    return names.get(type(value), "is_date")


def _both(key: str, /, **values: object) -> dict[str, str]:
    return {lang: messages.text(f"scenario.{key}", lang, **values) for lang in messages.LANGUAGES}


def _fields(path: tuple[Any, ...]) -> list[str]:
    if len(path) > 1 and path[-2] in ("title", "question", "why"):
        return list(TextWords.model_fields)
    shape = ChangeShape if path[0] == "change" else FileShape
    return list(shape.model_fields)


def _near(path: tuple[Any, ...], cheap: bool) -> dict[str, str] | str:
    found = "" if cheap else nearest(str(path[-1]), _fields(path))
    return (
        {lang: messages.text("did_you_mean", lang, name=found) for lang in messages.LANGUAGES}
        if found
        else ""
    )


def _known(path: tuple[Any, ...]) -> str:
    return ", ".join(_fields(path))


def _range(path: tuple[Any, ...]) -> tuple[int, int]:
    ranges = {"years": (1, MOST_YEARS), "population_seed": (0, LARGEST_SEED), "cost_yen": (0, MOST_COST)}
    return ranges[path[-1]]
