"""From a file to plain data, safely: size, encoding, characters and depth are checked before parsing.

Nothing in a scenario file is ever executed. Only TOML is read; YAML and JSON are refused by name or by
their first line. Every place in the file keeps its line number, so a message can name it.
"""

from __future__ import annotations

import re
import stat
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin import messages
from twin.errors import ScenarioError
from twin.scenarios.lines import Lines, masked
from twin.scenarios.remark import Remark

MOST_BYTES = 1 << 20
DEEPEST = 10  # levels of brackets, and of parts in a dotted key
_BOMS = (
    (b"\xef\xbb\xbf", "UTF-8"),
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_INVISIBLE = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}
_OTHER_FORMATS = (
    (re.compile(r"\s*(%YAML|---|!!|[\w-]+:(\s|$))"), "YAML"),
    (re.compile(r"\s*\{"), "JSON"),
    (re.compile(r"\s*<"), "XML/HTML"),
)
_DIGITS = re.compile(r"\d{4301}")
# What a broken line of TOML most likely meant: pattern on the line, message.
_SLIPS = (
    (_DIGITS, "slip_digits"),
    (re.compile(r"^\s*[\w-]+\s*:"), "slip_colon"),
    (re.compile(r"=\s*[-+]?[\d.]+\s*[%％]"), "slip_percent"),
    (re.compile(r"=\s*[-+]?0\d"), "slip_zero"),
    (re.compile(r"=\s*\d{1,2}:\d"), "slip_time"),
    (re.compile(r"=\s*\d{4}[-/.年]"), "slip_date"),
    (re.compile(r"=\s*[-+]?\d+,\d"), "slip_comma"),
    (re.compile(r"=\s*(yes|no|on|off|none|null|True|False)\b", re.IGNORECASE), "slip_word"),
    (re.compile(r"=\s*[-+]?[０-９]"), "slip_wide"),
    (re.compile(r"=\s*[^\s\d\"'\[{+-]"), "slip_bare"),
    (re.compile(r"=\s*\"[^\"]*$|=\s*'[^']*$"), "slip_quote"),
    (re.compile(r"^[^=]*$"), "slip_no_equals"),
)


@dataclass(frozen=True)
class Document:
    """A scenario file as plain data.

    Attributes
    ----------
    name : file name without folder, for messages
    text : what the file says, without byte order mark
    data : the parsed tables
    lines : where each key stands
    remarks : what was repaired without loss
    """

    name: str
    text: str
    data: dict[str, Any]
    lines: Lines
    remarks: tuple[Remark, ...]

    def where(self, *path: str | int) -> str:
        """The place of a key as ``file:line``; the file alone when the key is not written anywhere."""
        line = self.lines.find(path)
        return f"{self.name}:{line}" if line else self.name


def open_document(path: Path) -> Document:
    """Read one scenario file.

    Raises
    ------
    ScenarioError
        Not a TOML file, too large, not UTF-8, forbidden characters, too deep, not valid TOML, or empty.
    """
    if path.suffix.lower() != ".toml":
        raise ScenarioError("scenario.not_toml", where=path.name, found=path.suffix or path.name)
    text, remarks = _decoded(path.name, _bytes(path))
    _check_characters(path.name, text)
    _check_format(path.name, text)
    cover = masked(text)
    _check_depth(path.name, cover)
    lines = Lines(text, cover)
    data = _parsed(path.name, text, lines)
    if not data:
        raise ScenarioError("scenario.empty", where=path.name)
    _check_strings(path.name, data, lines)
    return Document(path.name, text, data, lines, remarks)


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ScenarioError("scenario.not_file", where=path.name)
        if status.st_size > MOST_BYTES:
            raise ScenarioError("scenario.too_large", where=path.name, size=status.st_size, most=MOST_BYTES)
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except FileNotFoundError as problem:
        raise ScenarioError("scenario.no_file", where=path.name) from problem
    except (OSError, ValueError) as problem:  # no right to read, a name too long, a NUL in the name
        raise ScenarioError("scenario.unreadable", where=path.name, why=str(problem.args[-1])) from problem


def _decoded(name: str, raw: bytes) -> tuple[str, tuple[Remark, ...]]:
    mark = next((encoding for bom, encoding in _BOMS if raw.startswith(bom)), "")
    if mark not in ("", "UTF-8"):
        raise ScenarioError("scenario.encoding", where=name, found=mark)
    if b"\x00" in raw and raw.count(b"\x00") > len(raw) // 4:
        raise ScenarioError("scenario.encoding", where=name, found="UTF-16/UTF-32")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ScenarioError("scenario.encoding", where=name, found=_guess(raw)) from problem
    return text, (Remark("scenario.bom", name),) if mark else ()


def _guess(raw: bytes) -> str:
    """The encoding in which the bytes read as Japanese, or Latin-1."""
    scores = {}
    for encoding in ("cp932", "euc_jp"):
        try:
            odd = [c for c in raw.decode(encoding) if not c.isascii()]
        except UnicodeDecodeError:
            continue
        likely = sum("\u3041" <= c <= "\u30fe" or "\u4e00" <= c <= "\u9fff" for c in odd)
        kana = sum("\u3041" <= c <= "\u3096" for c in odd)
        if likely > len(odd) / 2:
            scores[encoding] = (kana, likely)
    if not scores:
        return "Latin-1 (ISO-8859-1 / Windows-1252)"
    return {"cp932": "Shift_JIS (cp932)", "euc_jp": "EUC-JP"}[max(scores, key=lambda name: scores[name])]


def _check_characters(name: str, text: str) -> None:
    for found in re.finditer(r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text):
        line = text.count("\n", 0, found.start()) + 1
        code = f"U+{ord(found[0][0]):04X}"
        raise ScenarioError("scenario.control", where=f"{name}:{line}", code=code)


def _check_format(name: str, text: str) -> None:
    first = next(
        (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), ""
    )
    for pattern, format_name in _OTHER_FORMATS:
        if pattern.match(first):
            raise ScenarioError("scenario.other_format", where=name, found=format_name)


def _check_depth(name: str, cover: str) -> None:
    """Refuse what would make the parser slow or run out of stack, before it is parsed."""
    depth = 0
    for found in re.finditer(r"[\[\]{}]", cover):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEEPEST:
            line = cover.count("\n", 0, found.start()) + 1
            raise ScenarioError("scenario.too_deep", where=f"{name}:{line}", most=DEEPEST)
    for number, line_text in enumerate(cover.split("\n"), start=1):
        if any(part.count(".") > DEEPEST for part in re.split(r"[=,\[\]{}#]", line_text)):
            raise ScenarioError("scenario.too_deep", where=f"{name}:{number}", most=DEEPEST)


def _parsed(name: str, text: str, lines: Lines) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        said = str(problem)
        at = re.search(r"\(at line (\d+), column", said)
        digits = _DIGITS.search(text)  # Python stops at 4300 digits and does not say where
        end = digits.start() if digits and not at else len(text)
        number = int(at[1]) if at else text.count("\n", 0, end) + 1
        twice = lines.repeated(number)
        if twice and ("overwrite" in said or "twice" in said or "mutate" in said or "redefine" in said):
            key, first, second = twice
            raise ScenarioError(
                "scenario.twice", where=f"{name}:{second}", key=key, first=first, second=second
            ) from problem
        slip = _slip(text, number)
        raise ScenarioError("scenario.syntax", where=f"{name}:{number}", hint=slip) from problem


def _slip(text: str, number: int) -> dict[str, str]:
    written = text.splitlines()
    line = written[number - 1] if 0 < number <= len(written) else ""
    key = next((key for pattern, key in _SLIPS if pattern.search(line)), "slip_other")
    cut = line.strip()[:60]
    return {lang: messages.text(f"scenario.{key}", lang, line=cut) for lang in messages.LANGUAGES}


def _check_strings(name: str, data: dict[str, Any], lines: Lines) -> None:
    """Texts may hold any letter of any script, but nothing invisible that could mislead a reader."""
    for path, text in _strings(data):
        for char in text:
            bad = unicodedata.category(char) == "Cc" and char not in "\n\t"
            if bad or char in _INVISIBLE:
                line = lines.find(path)
                raise ScenarioError("scenario.control", where=f"{name}:{line}", code=f"U+{ord(char):04X}")


def _strings(data: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, str):
            yield path, node
        elif isinstance(node, dict):
            for key, value in node.items():
                yield (*path, key), key
                waiting.append(((*path, key), value))
        elif isinstance(node, list):
            waiting += [((*path, place), value) for place, value in enumerate(node)]
