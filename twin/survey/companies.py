"""Asking companies: large ones more densely, and two readings of one answer.

A share of firms and a share of the people engaged in them differ by a factor of two to three when large
firms are ahead: ``estimate(question)`` counts firms, ``estimate(question, by_size=True)`` counts employees.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import expit, logit

from twin.chance import Chance
from twin.facts import Facts
from twin.survey.people import Companies, by_class
from twin.survey.responses import Asked, Responses, hear
from twin.survey.sample import draw
from twin.survey.wave import FIRM_MAIL, Wave, checked_states


def ask_companies(
    wave: Wave, companies: Companies, states: Mapping[str, np.ndarray], facts: Facts, chance: Chance
) -> Responses:
    """Send the wave to companies, stratified by size, and take in what comes back.

    Parameters
    ----------
    states : by question id, the state x of every company

    Raises
    ------
    SurveyError
        a survey of residents, a missing or unfit state, more to ask than there are companies
    """
    if not wave.of_firms:
        raise wave.problem("instrument_for", instrument=wave.instrument, other="mail, web, mixed")
    everybody = np.ones(len(companies.id), dtype=bool)
    base = {question.id: everybody for question in wave.asked}
    states = checked_states(wave, states, base)
    size_class, density = by_class(facts.table("survey.firms.density", wave.day), companies.employees)
    row = draw(wave, companies.id, size_class, len(density), chance, density)
    id = companies.id[row]
    sends = chance.uniform(wave.purpose("sends it back"), wave.step, id)
    returned = sends < response_chances(wave, companies, row, facts)
    asked = Asked(
        row=row, id=id, returned=returned, web=np.zeros(len(row), dtype=bool), size=companies.employees[row],
        cell=size_class[row], people=np.bincount(size_class, minlength=len(density))[None, :],
    )  # fmt: skip
    return hear(wave, asked, states, base, everybody, facts, chance)


def response_chances(wave: Wave, companies: Companies, row: np.ndarray, facts: Facts) -> np.ndarray:
    """Chance that the sheet comes back, of the companies in ``row`` (f8).

    logit = logit(share at one employee) + size x ln(employees) + interest x (interest - 1/2).
    """
    share = logit(facts.number("survey.firms.share", wave.day))
    size = facts.number("survey.firms.size", wave.day) * np.log(companies.employees[row])
    interest = facts.table("survey.response.interest", wave.day)[FIRM_MAIL]
    return expit(share + size + interest * (companies.interest[row] - 0.5))
