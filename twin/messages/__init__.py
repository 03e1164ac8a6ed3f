"""The one table of everything a user reads, Japanese and English side by side.

The table is the ``*.toml`` files of this folder, one per theme; each entry is
``key = { ja = "...", en = "..." }`` with ``{placeholders}``. A key may stand only once.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("ja", "en")


@cache
def table() -> dict[str, dict[str, str]]:
    """All messages by dotted key, each with one text per language."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        with path.open("rb") as file:
            _flatten("", tomllib.load(file), found, path.name)
    return found


def _flatten(prefix: str, node: dict, found: dict[str, dict[str, str]], file: str) -> None:
    for name, value in node.items():
        key = f"{prefix}{name}"
        if set(value) == set(LANGUAGES) and all(isinstance(v, str) for v in value.values()):
            if key in found:
                raise KeyError(f"message {key!r} stands twice, the second time in {file}")
            found[key] = value
        else:
            _flatten(f"{key}.", value, found, file)


def text(key: str, /, lang: str, **values: object) -> str:
    """One message in one language with its placeholders filled.

    A value that is a dict of languages is itself resolved, so that names inside a sentence
    come out in the sentence's language.
    """
    resolved = {name: v[lang] if isinstance(v, dict) and lang in v else v for name, v in values.items()}
    return table()[key][lang].format(**resolved)


def both(key: str, /, **values: object) -> str:
    """Japanese first, English second, on one line each."""
    return f"{text(key, 'ja', **values)}\n{text(key, 'en', **values)}"
