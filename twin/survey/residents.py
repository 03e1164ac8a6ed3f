"""Asking residents: who can be reached, who sends the sheet back, on paper or on the web.

>>> from datetime import date
>>> n = 2000
>>> even = np.arange(n) % 2 == 0
>>> town = Residents(
...     id=np.arange(n, dtype=np.uint64), age=20 + np.arange(n) % 60, sex=np.arange(n) % 2, ward=np.arange(n) % 6,
...     ability=np.zeros(n), employed=even, learner=~even, online=even, interest=np.zeros(n), wards=6)
>>> wave = Wave("2026", date(2026, 10, 1), "mail", 500, ("indicator_04",))
>>> found = ask_residents(wave, town, {"indicator_04": even.astype(float)}, Facts.read(), Chance(1))
>>> found.estimate("indicator_04").sent
500
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import expit, logit

from twin.chance import Chance
from twin.facts import Facts
from twin.survey.people import AGE_CLASSES, Residents, by_class
from twin.survey.responses import Asked, Responses, hear
from twin.survey.sample import draw
from twin.survey.wave import FIRM_MAIL, PANEL, Wave, checked_states

_MIDDLE_AGE = 50.0  # years; the age at which survey.web.share holds


def ask_residents(
    wave: Wave, residents: Residents, states: Mapping[str, np.ndarray], facts: Facts, chance: Chance
) -> Responses:
    """Send the wave to residents and take in what comes back.

    Parameters
    ----------
    states : by question id, the state x of every resident (see the question's ``state``)

    Raises
    ------
    SurveyError
        a survey of companies, a missing or unfit state, more to ask than the frame holds
    """
    if wave.of_firms:
        raise wave.problem("instrument_for", instrument=wave.instrument, other=FIRM_MAIL)
    base = {question.id: residents.base(question) for question in wave.asked}
    states = checked_states(wave, states, base)
    reachable = adult = residents.age >= facts.number("survey.youngest", wave.day)
    if wave.instrument == PANEL:
        reachable = adult & residents.online.astype(bool)
        frame = np.flatnonzero(reachable & on_panel(wave, residents, facts, chance))
    else:
        frame = np.flatnonzero(reachable)
    ward = residents.ward.astype(np.int64)
    row = frame[draw(wave, residents.id[frame], ward[frame], residents.wards, chance)]
    id, cell = residents.id[row], ward * len(AGE_CLASSES) + residents.age_class
    sends = chance.uniform(wave.purpose("sends it back"), wave.step, id)
    returned = sends < response_chances(wave, residents, row, facts)
    on_web = chance.uniform(wave.purpose("paper or web"), wave.step, id)
    web = returned & (on_web < web_chances(wave, residents, row, facts))
    people = np.bincount(cell[adult], minlength=residents.wards * len(AGE_CLASSES))
    asked = Asked(
        row=row, id=id, returned=returned, web=web, size=np.ones(len(row), np.int64), cell=cell[row],
        people=people.reshape(residents.wards, len(AGE_CLASSES)),
    )  # fmt: skip
    return hear(wave, asked, states, base, reachable, facts, chance)


def on_panel(wave: Wave, residents: Residents, facts: Facts, chance: Chance) -> np.ndarray:
    """Who would volunteer for the web panel, yes/no; the same people in every wave."""
    share = facts.number("survey.panel.share", wave.day)
    eager = facts.number("survey.panel.interest", wave.day) * (residents.interest - 0.5)
    return chance.uniform("survey: joins the web panel", 0, residents.id) < expit(logit(share) + eager)


def response_chances(wave: Wave, residents: Residents, row: np.ndarray, facts: Facts) -> np.ndarray:
    """Chance that the sheet comes back, of the residents in ``row`` (f8).

    logit = logit(share of the age) + instrument + women x (sex - 1/2) + interest x (interest - 1/2).
    """
    row_of, share = by_class(facts.table("survey.response.share", wave.day), residents.age[row])
    instrument = facts.table("survey.response.instrument", wave.day)[wave.instrument]
    women = facts.number("survey.response.women", wave.day) * (residents.sex[row] - 0.5)
    interest = facts.table("survey.response.interest", wave.day)[wave.instrument]
    return expit(logit(share)[row_of] + instrument + women + interest * (residents.interest[row] - 0.5))


def web_chances(wave: Wave, residents: Residents, row: np.ndarray, facts: Facts) -> np.ndarray:
    """Chance to answer on the web, of the residents in ``row`` (f8); only the mixed survey gives a choice."""
    if wave.instrument != "mixed":
        return np.full(len(row), float(wave.instrument == PANEL))
    age = facts.number("survey.web.age", wave.day) * (residents.age[row] - _MIDDLE_AGE) / 10
    ability = facts.number("survey.web.ability", wave.day) * residents.ability[row]
    chosen = expit(logit(facts.number("survey.web.share", wave.day)) + age + ability)
    return np.where(residents.online[row], chosen, 0.0)
