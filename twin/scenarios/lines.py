'''Where each key of a TOML text stands: the parser forgets line numbers, messages need them.

>>> text = """id = "a"
... [[change]]
... fact = "x"
... [[change]]
... fact = "y"
... """
>>> Lines(text, masked(text)).find(("change", 1, "fact"))
5
'''

from __future__ import annotations

import re
from collections.abc import Iterable

# Strings and comments; an unclosed one runs to the end, so the search stays linear.
_COVERED = re.compile(
    r'"""(?:\\.|[^\\]|\\\Z)*?(?:"""|\Z)'
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'[^'\n]*'?"
    r"|\#[^\n]*",
    re.DOTALL,
)
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]*)\]")


def masked(text: str) -> str:
    """The text with the inside of strings and comments covered by ``_``; every place stays the same."""
    return _COVERED.sub(lambda found: re.sub(r"[^\n]", "_", found[0]), text)


class Lines:
    """Line numbers of keys and tables."""

    def __init__(self, text: str, cover: str) -> None:
        self._at: dict[tuple[str | int, ...], list[int]] = {}
        self._on: dict[int, tuple[str | int, ...]] = {}
        table: tuple[str | int, ...] = ()
        arrays: dict[tuple[str | int, ...], int] = {}
        depth = 0
        for number, (line, plain) in enumerate(
            zip(text.split("\n"), cover.split("\n"), strict=True), start=1
        ):
            if depth == 0 and (header := _HEADER.match(plain)):
                table = _parts(line[header.start(2) : header.end(2)])
                if header[1] == "[[":
                    arrays[table] = arrays.get(table, -1) + 1
                    table = (*table, arrays[table])
                self._note(table, number)
                continue
            if depth == 0 and (equals := plain.find("=")) > 0:
                self._note((*table, *_parts(line[:equals].strip())), number)
            depth = max(0, depth + sum((c in "[{") - (c in "]}") for c in plain))

    def _note(self, path: tuple[str | int, ...], number: int) -> None:
        self._at.setdefault(path, []).append(number)
        self._on[number] = path

    def find(self, path: Iterable[str | int]) -> int:
        """Line of a key, or of the nearest thing around it; 0 when none is written."""
        wanted = tuple(path)
        while wanted and wanted not in self._at:
            wanted = wanted[:-1]
        return self._at[wanted][0] if wanted else 0

    def repeated(self, number: int) -> tuple[str, int, int] | None:
        """The key written twice at or just before a line, with its first and second line."""
        for line in (number, number - 1):
            path = self._on.get(line)
            if path and len(self._at[path]) > 1:
                return str(path[-1]), self._at[path][0], line
        return None


def _parts(written: str) -> tuple[str | int, ...]:
    found = re.findall(r'"([^"]*)"|\'([^\']*)\'|([^.\s"\']+)', written)
    return tuple(double or single or bare for double, single, bare in found)
