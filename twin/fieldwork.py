"""Surveys in the life of the model: when one is due, whom it asks, what is written down.

The calendar is facts: the month of the year and how many are asked by each instrument, so a scenario
schedules, enlarges or drops a survey by a dated change. What people would answer comes from the
processes (:meth:`twin.processes.process.Process.answers`) and the marks of the census.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.agents.citizens import Day
from twin.kernels.hazards import USES
from twin.results.census import GROUP_STARTS, TECHNOLOGIES, groups_in
from twin.survey import Companies, Residents, Responses, Wave, ask_companies, ask_residents, questions
from twin.survey.wave import FIRM_MAIL
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin

FACTS = (
    *(f"survey.{name}" for name in (
        "month", "sent", "youngest", "panel.share", "panel.interest", "response.share", "response.instrument",
        "response.women", "response.interest", "web.share", "web.age", "web.ability", "answer.cut", "answer.sigma",
        "answer.acquiescence", "answer.web", "answer.dont_know", "wording", "smallest_class", "rounding",
        "firms.density", "firms.share", "firms.size",
    )),
)  # fmt: skip
# questions whose state is a plain yes or no: a mark of the census, or a technology in use
MARKED = {"indicator_01": "aware_city", "indicator_14": "aware_egov"}
USED = {"indicator_02": "device", "indicator_04": "net", "indicator_08": "learning"}
_OLDEST = "75+"


def ask(model: CityTwin) -> None:
    """Carry out the surveys that are due this month and write their estimates into the ledger."""
    if model.day.month != round(model.fact("survey.month")):
        return
    for instrument, sent in model.table("survey.sent").items():
        if sent >= 1:
            (_ask_companies if instrument == FIRM_MAIL else _ask_residents)(model, instrument, round(sent))


def _ask_residents(model: CityTwin, instrument: str, sent: int) -> None:
    people = model.citizens
    if "adoption.stage" not in people.columns:
        return
    here = np.flatnonzero(people.here)
    states = {question: state[here] for question, state in _states(model).items()}
    residents = _residents(model, here)
    asked = tuple(q for q in questions() if q in states)
    wave = Wave(
        instrument, model.day, instrument, _scaled(model, sent, int((residents.age >= 18).sum())), asked
    )
    back = ask_residents(wave, residents, states, model.facts, model.chance)
    old = residents.age[back.row] >= GROUP_STARTS[groups_in(_OLDEST).start]
    ward = residents.ward[back.row]
    for question in asked:
        _write(model, back, question, model.city.code, "all")
        _write(model, back, question, model.city.code, _OLDEST, old)
        for row, code in enumerate(model.city.wards.code):
            _write(model, back, question, str(code), "all", ward == row)


def _ask_companies(model: CityTwin, instrument: str, sent: int) -> None:
    firms = model.businesses
    if "businesses.stage" not in firms.columns:
        return
    rows = np.flatnonzero(firms.here)
    companies = Companies(firms.id[rows], firms.employees[rows], np.full(len(rows), 0.5))
    wave = Wave(instrument, model.day, instrument, _scaled(model, sent, len(rows)), ("indicator_07",))
    states = {"indicator_07": (firms.array("businesses.stage")[rows] > 0).astype(float)}
    back = ask_companies(wave, companies, states, model.facts, model.chance)
    _write(model, back, "indicator_07", model.city.code, "all")


def _scaled(model: CityTwin, sent: int, frame: int) -> int:
    """How many are asked: all that were meant to, but of a small model of the city at most half of it.

    More than live in the real city is left as it is, and the survey refuses it.
    """
    return sent if sent > frame / model.fraction else min(sent, max(frame // 2, 1))


def _states(model: CityTwin) -> dict[str, np.ndarray]:
    """What every citizen's answer is heard through, by question."""
    found: dict[str, np.ndarray] = {}
    for process in model.processes:
        found |= process.answers(model)
        marks = process.mark(model)
        found |= {question: marks[name] for question, name in MARKED.items() if name in marks}
    stage = model.citizens.array("adoption.stage")
    return found | {q: stage[:, TECHNOLOGIES.index(name)] == USES for q, name in USED.items()}


def _residents(model: CityTwin, here: np.ndarray) -> Residents:
    people = model.citizens
    age, day = (model.month - people.born[here].astype(int)) // MONTHS_A_YEAR, people.day[here]
    loss = model.fact("adoption.ability_loss") * np.maximum(0, age - 65) / 10
    uses = people.array("adoption.stage")[here] == USES
    carried = range(2, len(TECHNOLOGIES) - 1)  # what is neither device, internet nor card
    services = sum((uses[:, k].astype(np.uint8) for k in carried), np.uint8(0)) / len(carried)
    return Residents(
        id=people.id[here], age=age, sex=people.sex[here], ward=model.city.areas.ward[people.area[here]],
        ability=people.ability[here] - loss, employed=(day == Day.WORK_IN_CITY) | (day == Day.WORK_OUTSIDE),
        learner=(day == Day.SCHOOL) | uses[:, TECHNOLOGIES.index("learning")],
        online=uses[:, TECHNOLOGIES.index("net")], interest=np.sqrt(services), wards=len(model.city.wards.code),
    )  # fmt: skip


def _write(
    model: CityTwin, back: Responses, question: str, area: str, group: str, where: np.ndarray | None = None
) -> None:
    """The estimate of one question and group as rows named ``<question>.<instrument>``, and its parts."""
    found = back.estimate(question, where=where)
    if not found.weighted.n:
        return
    shown, name = found.printed(back.rounding), f"{question}.{back.wave.instrument}"
    parts = {
        "": shown.weighted.value, ".low": shown.weighted.low, ".high": shown.weighted.high,
        ".raw": shown.raw.value, ".sent": found.sent, ".returned": found.returned,
        ".effective": found.weighted.effective_n,
    }  # fmt: skip
    for part, value in parts.items():
        model.ledger.note(model.month, name + part, area, group, float(value))
