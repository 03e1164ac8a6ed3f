"""A wave: one survey on one day, and the rules it must keep before anybody is asked.

>>> from datetime import date
>>> Wave("2026", date(2026, 10, 1), "mixed", 3000, ("indicator_05",)).step
1521
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.errors import InputError, Problems, nearest
from twin.survey.question import Question, questions
from twin.units import month_number

PANEL, FIRM_MAIL = "web", "companies"
INSTRUMENTS = ("mail", PANEL, "mixed", FIRM_MAIL)


class SurveyError(InputError):
    """A survey asks for something that cannot be."""


@dataclass(frozen=True)
class Wave:
    """One survey.

    Attributes
    ----------
    name : names the draws: two waves of one name and month ask the same people
    day : when; facts are read on this day
    instrument : "mail" (paper to residents), "web" (a panel of internet users who volunteered), "mixed"
        (a letter to residents, answered on paper or the web) or "companies" (paper to firms)
    n : people or firms asked
    questions : ids of questions

    Raises
    ------
    SurveyError
        an unknown instrument or question, a question twice or to the wrong respondents, n below 1
    """

    name: str
    day: date
    instrument: str
    n: int
    questions: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be asked, all problems at once."""
        problems = Problems()
        if self.instrument not in INSTRUMENTS:
            problems.append(self.problem("unknown_instrument", **_found(self.instrument, INSTRUMENTS)))
        if isinstance(self.n, bool) or not isinstance(self.n, int) or self.n < 1:
            problems.append(self.problem("number", found=self.n))
        if not self.questions:
            problems.append(self.problem("no_question"))
        for place, id in enumerate(self.questions):
            if id not in questions():
                problems.append(self.problem("unknown_question", **_found(id, questions())))
            elif id in self.questions[:place]:
                problems.append(self.problem("question_twice", question=id))
            elif self.instrument in INSTRUMENTS and questions()[id].of_firms != self.of_firms:
                problems.append(self.problem("wrong_respondents", question=id, instrument=self.instrument))
        problems.stop_if_any()

    @property
    def of_firms(self) -> bool:
        """Whether companies are asked."""
        return self.instrument == FIRM_MAIL

    @property
    def step(self) -> int:
        """Month number of the survey, the step of its draws."""
        return month_number(self.day)

    @property
    def asked(self) -> list[Question]:
        """The questions of the sheet."""
        return [questions()[id] for id in self.questions]

    def purpose(self, what: str) -> str:
        """Name of a draw of this wave."""
        return f"{'survey of firms' if self.of_firms else 'survey'} {self.name}: {what}"

    def problem(self, rule: str, /, **values: object) -> SurveyError:
        """An error about this wave."""
        return SurveyError(f"survey.{rule}", where=self.name, **values)


def checked_states(
    wave: Wave, states: Mapping[str, np.ndarray], base: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """The state of everybody for each question of the wave, in the type it has.

    Parameters
    ----------
    states : by question id, one number per person or firm
    base : by question id, who belongs to its base (yes/no); only they need a finite state

    Raises
    ------
    SurveyError
        a question without a state, one of another length, or one that is not a number
    """
    problems, found = Problems(), {}
    for id in wave.questions:
        if id not in states:
            problems.append(wave.problem("no_state", question=id))
            continue
        state = found[id] = np.asarray(states[id])
        if state.shape != base[id].shape:
            problems.append(
                wave.problem("length", what=id, found=len(np.atleast_1d(state)), wanted=len(base[id]))
            )
        elif state.dtype.kind == "f" and (odd := base[id] & ~np.isfinite(state)).any():
            row = int(np.argmax(odd))
            problems.append(wave.problem("not_finite", question=id, row=row, found=state[row]))
    problems.stop_if_any()
    return found


def _found(name: str, known: Iterable[str]) -> dict[str, object]:
    return {"found": name, "near": nearest(name, known) or ", ".join(known)}
