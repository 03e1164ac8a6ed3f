"""What the vision's parts share: texts in two languages, looking up a name, the error."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from twin.errors import InputError, nearest

Words = dict[str, str]
LANGUAGES = ("ja", "en")


class VisionError(InputError):
    """The vision's files do not fit together."""


def find(name: Any, known: Mapping[Any, Any]) -> Any:
    """What is known under a name.

    Raises
    ------
    VisionError
        Nothing is; the message gives the nearest name.
    """
    if name not in known:
        raise unknown(name, known)
    return known[name]


def unknown(name: Any, known: Collection[Any], where: str = "") -> VisionError:
    """The error that says a name is not known and which one is nearest."""
    near = nearest(name, map(str, known)) if isinstance(name, str) else ""  # no number is like another
    near = near or ", ".join(str(key) for key in known)
    return VisionError("vision.unknown", where=where, name=name, near=near)
