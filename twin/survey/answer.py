"""Hearing an answer: the state of a person, through a cut, a leaning and noise.

P(answer at least k) = 1 / (1 + exp(-(x - cut_k + mode + acquiescence) / sigma)), with cut_k = cut + k - 1:
a yes-no question has one cut; a question with three answers has two, one apart, because its state
counts the answers (0, 1, 2). One draw per person decides, so answers rise with the state.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from twin.chance import Chance
from twin.facts import Facts
from twin.survey.question import Question
from twin.survey.wave import Wave

DONT_KNOW, NOT_HEARD = -1, -2  # in place of an answer's number


def answer_chances(
    question: Question, wave: Wave, state: np.ndarray, web: np.ndarray, facts: Facts
) -> np.ndarray:
    """Chance of an answer of at least 1, 2, ... among those who answer, (answers - 1, people) f8.

    Parameters
    ----------
    state : x of each respondent
    web : yes/no, answers on the web
    """

    def of(name: str) -> float:
        return facts.table(f"survey.answer.{name}", wave.day)[question.id]

    leaning = of("acquiescence") + of("web") * web
    steps = np.arange(len(question.answers) - 1)[:, None]
    return expit((state - of("cut") - steps + leaning) / of("sigma"))


def answers(
    question: Question, wave: Wave, id: np.ndarray, state: np.ndarray, web: np.ndarray,
    facts: Facts, chance: Chance,
) -> np.ndarray:  # fmt: skip
    """The answer of each respondent: its number from 0, or DONT_KNOW (i1)."""
    purpose = wave.purpose(question.id)
    heard = chance.uniform(purpose, wave.step, id)
    unsure = chance.uniform(f"{purpose}, does not know", wave.step, id)
    number = (heard < answer_chances(question, wave, state, web, facts)).sum(axis=0)
    dont_know = facts.table("survey.answer.dont_know", wave.day)[question.id]
    return np.where(unsure < dont_know, DONT_KNOW, number).astype(np.int8)
