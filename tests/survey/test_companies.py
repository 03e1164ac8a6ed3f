"""Companies: dense sampling of the large, one answer read by firms and by employees."""

import numpy as np
import pytest

from tests.survey.towns import plain, wave
from twin.chance import Chance
from twin.facts import Facts
from twin.survey import Companies, SurveyError, ask_companies


def firms(count=8000):
    id = np.arange(count, dtype=np.uint64)
    employees = np.maximum(1, np.exp(1.5 + 1.3 * Chance(1).normal("size", 0, id))).astype(int)
    ahead = Chance(1).uniform("ahead", 0, id) < 1 / (1 + np.exp(2.2 - 0.45 * np.log(employees)))
    return Companies(id, employees, np.full(count, 0.5)), ahead.astype(float)


def ask(companies, state, facts, n=2000, name="test", seed=1):
    asked = wave(n, "companies", ("indicator_07",), name)
    return ask_companies(asked, companies, {"indicator_07": state}, facts, Chance(seed))


def test_asking_all_gives_both_readings_exactly():
    companies, state = firms()
    back = ask(companies, state, plain(), n=len(state))
    assert back.estimate("indicator_07").weighted.value == pytest.approx(state.mean())
    by_size = back.estimate("indicator_07", by_size=True)
    wanted = (state * companies.employees).sum() / companies.employees.sum()
    assert by_size.weighted.value == pytest.approx(wanted)
    assert wanted > 1.4 * state.mean()  # the two readings differ
    assert by_size.raw.deff > 3


def test_large_firms_are_asked_more_densely_and_weighting_undoes_it():
    companies, state = firms()
    size = companies.employees
    found = [ask(companies, state, Facts.read(), name=str(k)) for k in range(60)]
    for low, high, density in ((1, 10, 1), (10, 30, 2), (30, 100, 4)):
        inside = (size >= low) & (size < high)
        small = size < 10
        taken = (size[found[0].row] >= low) & (size[found[0].row] < high)
        base = (size[found[0].row] < 10).sum() / small.sum()
        assert taken.sum() / inside.sum() == pytest.approx(density * base, rel=0.02)
    raw, weighted = (
        [getattr(f.estimate("indicator_07"), kind).value for f in found] for kind in ("raw", "weighted")
    )
    assert np.mean(raw) > state.mean() + 0.03
    leaning = np.mean(weighted) - state.mean()  # noise and acquiescence of the answers are left
    expected = np.mean(state * _sure(1.0) + (1 - state) * _sure(0.0)) - state.mean()
    assert leaning == pytest.approx(expected, abs=4 * np.std(weighted) / np.sqrt(60))


def _sure(state):
    return 1 / (1 + np.exp(-(state - 0.5 + 0.05) / 0.2))


def test_intervals_by_employees_hold_what_they_promise():
    companies, state = firms()
    truth = (state * companies.employees).sum() / companies.employees.sum()
    found = [
        ask(companies, state, plain(firms__share=0.4), name=str(k)).estimate("indicator_07", by_size=True)
        for k in range(200)
    ]
    assert np.mean([e.weighted.value for e in found]) == pytest.approx(truth, abs=0.02)
    assert np.mean([e.weighted.low <= truth <= e.weighted.high for e in found]) >= 0.9


def test_residents_and_companies_are_not_mixed_up():
    companies, state = firms(50)
    with pytest.raises(SurveyError, match="companies"):
        wave(10, "mail", ("indicator_07",))
    with pytest.raises(SurveyError, match="mixed"):
        wave(10, "companies", ("indicator_05",))
    with pytest.raises(SurveyError, match="mail, web, mixed"):
        ask_companies(wave(10), companies, {"indicator_01": state}, Facts.read(), Chance(1))
    with pytest.raises(SurveyError, match="51"):
        ask(companies, state, Facts.read(), n=51)
    with pytest.raises(SurveyError, match="0 employees"):
        Companies(companies.id, np.zeros(50, int), companies.interest)
