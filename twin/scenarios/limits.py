"""What a run may be asked for: seeds, fractions, years, ids. One rule each, for files and command line.

>>> check_seed("7"), check_years(20), check_fraction(0.01)[0]
(7, 20, 0.01)
>>> check_id("ageing_faster")
'ageing_faster'
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from twin import messages
from twin.errors import ScenarioError
from twin.scenarios.remark import Remark

DEFAULT_SEED = 1
LARGEST_SEED = 2**63 - 1  # what twin.chance takes
MOST_YEARS = 60
SMALLEST_FRACTION = 1e-4  # about a hundred of a million people
FEWEST_IN_A_WARD = 30  # fewer synthetic people than this say nothing about a ward
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WINDOWS_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
_WHOLE = re.compile(r"-?[0-9]{1,30}")
_NUMBER = re.compile(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?")


def check_seed(seed: Any, where: str = "seed") -> int:
    """The seed as a whole number from 0 to 2**63 - 1, or a :class:`ScenarioError`."""
    return _whole(seed, 0, LARGEST_SEED, where)


def check_years(years: Any, where: str = "years") -> int:
    """Length of a run in whole years, 1 to 60, or a :class:`ScenarioError`."""
    return _whole(years, 1, MOST_YEARS, where)


def check_fraction(
    fraction: Any, wards: Mapping[str, int] | None = None, where: str = "fraction"
) -> tuple[float, tuple[Remark, ...]]:
    """The share of the people that is simulated, with a remark for each ward left too empty.

    Parameters
    ----------
    fraction : above 0 up to 1, at least 0.0001
    wards : people by ward name; a ward with fewer than 30 simulated people is remarked and its own
        results are to be suppressed

    Raises
    ------
    ScenarioError
        Not a number, or outside the limits.
    """
    value = _number(fraction, where)
    if not SMALLEST_FRACTION <= value <= 1:
        hint = "hint_percent" if 1 < value <= 100 else "hint_none"
        raise ScenarioError(
            "scenario.fraction",
            where=where,
            value=fraction,
            low=SMALLEST_FRACTION,
            hint=_both(hint, share=f"{value / 100:g}"),
        )
    few = {name: round(people * value) for name, people in (wards or {}).items()}
    remarks = tuple(
        Remark("scenario.few_in_ward", where, {"ward": name, "count": count, "least": FEWEST_IN_A_WARD})
        for name, count in few.items()
        if count < FEWEST_IN_A_WARD
    )
    return value, remarks


def check_id(name: str, where: str = "id") -> str:
    """An id that is a safe file name everywhere: ``[A-Za-z0-9_-]{1,64}``, no device name of Windows."""
    if not _ID.fullmatch(name) or name.lower() in _WINDOWS_DEVICES:
        raise ScenarioError("scenario.bad_id", where=where, name=shown(name))
    return name


def shown(value: Any) -> str:
    """A value as a message shows it: short, on one line."""
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except ValueError:  # an integer of thousands of digits
        return "..."
    return text if len(text) <= 60 else text[:57] + "..."


def _both(key: str, **values: object) -> dict[str, str]:
    return {lang: messages.text(f"scenario.{key}", lang, **values) for lang in messages.LANGUAGES}


def _whole(value: Any, low: int, high: int, where: str) -> int:
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and _WHOLE.fullmatch(text):
        text = int(text)
    if isinstance(text, bool) or not isinstance(text, int):
        raise ScenarioError("scenario.not_whole", where=where, value=shown(value), low=low, high=high)
    if not low <= text <= high:
        raise ScenarioError("scenario.outside", where=where, value=shown(value), low=low, high=high, hint="")
    return text


def _number(value: Any, where: str) -> float:
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and _NUMBER.fullmatch(text):
        text = float(text)
    if isinstance(text, bool) or not isinstance(text, int | float) or not math.isfinite(text):
        raise ScenarioError("scenario.not_number", where=where, value=shown(value), hint=_both("hint_number"))
    return float(text)
