"""The questionnaire as an instrument: what a survey would show of a state the model knows exactly.

A :class:`Wave` says when, by which instrument, to how many and with which questions. The instrument
then does what a survey does: it reaches only part of the people, draws a sample, gets some of the
sheets back, hears answers with their noise and their leanings, and makes estimates with intervals.
Input is plain arrays (:class:`Residents`, :class:`Companies` and a state per question), so the
instrument knows nothing of the model. The equations and their limits stand in ``docs/survey.md``.
"""

from twin.survey.companies import ask_companies
from twin.survey.estimate import Share, estimated, interval, kish, weights
from twin.survey.people import Companies, Residents
from twin.survey.question import Question, questions
from twin.survey.residents import ask_residents
from twin.survey.responses import Estimate, Responses
from twin.survey.wave import INSTRUMENTS, SurveyError, Wave

__all__ = [
    "INSTRUMENTS", "Companies", "Estimate", "Question", "Residents", "Responses", "Share", "SurveyError", "Wave",
    "ask_companies", "ask_residents", "estimated", "interval", "kish", "questions", "weights",
]  # fmt: skip
