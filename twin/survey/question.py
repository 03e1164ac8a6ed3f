"""The questions: wording in both languages, who is asked, which answers there are.

>>> questions()["indicator_09"].base
'learners'
>>> [answer["en"] for answer in questions()["indicator_03"].answers]
['I do not accept it', 'I accept it under conditions', 'I accept it']
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Words = dict[str, str]
FIRMS = "firms"
_FILE = Path(__file__).parent / "questions.toml"


@dataclass(frozen=True)
class Question:
    """One question of a sheet.

    Attributes
    ----------
    id : the indicator's name in the results table, "indicator_05"
    number : the vision's number of the indicator
    base : who is asked: "18+" or "6+" (years of age), "employed", "learners" or "firms"
    text : the wording
    answers : from least to most, two (no, yes) or more
    state : what the state x means that the answer is heard through
    """

    id: str
    number: int
    base: str
    text: Words
    answers: tuple[Words, ...]
    state: Words

    @property
    def of_firms(self) -> bool:
        """Whether companies are asked, not residents."""
        return self.base == FIRMS


@cache
def questions() -> dict[str, Question]:
    """All questions by id, in order of the indicators."""
    with _FILE.open("rb") as file:
        read = tomllib.load(file)
    found = (
        Question(
            id=f"indicator_{entry['number']:02d}",
            answers=tuple(read["answers"][entry["answers"]]),
            **{name: entry[name] for name in ("number", "base", "text", "state")},
        )
        for entry in read["question"]
    )
    return {question.id: question for question in found}
