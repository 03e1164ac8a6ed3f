"""Surveys in the life of the model: when, how many, of whom, and after a restart."""

import pytest

from twin.facts import Change
from twin.results.store import load_arrays, save_arrays
from twin.units import month_start
from twin.verification.engine import baseline, city_model

FIRST = baseline().census
MONTHS = 8  # October 2020 to May 2021: one March


def notes(model, name):
    """(month, value) of the rows of a name for the whole city and all ages."""
    return [
        (month_start(month), value)
        for month, row, area, group, value, _ in model.ledger.notes
        if row == name and area == model.city.code and group == "all"
    ]


def months_of(model, instrument):
    return {month_start(month).month for month, row, *_ in model.ledger.notes if f".{instrument}" in row}


def sent(instrument, value):
    return Change("survey.sent", value, since=FIRST, label=instrument)


@pytest.fixture(scope="module")
def lived():
    return city_model(months=MONTHS)


def test_the_yearly_surveys_are_in_march(lived):
    assert months_of(lived, "mixed") == {3}
    assert months_of(lived, "companies") == {3}
    assert [day.isoformat() for day, _ in notes(lived, "indicator_05.mixed")] == ["2021-03-01"]


def test_a_change_of_the_month_moves_the_wave_and_asks_once():
    moved = city_model(months=MONTHS, changes=(Change("survey.month", 11.0, since=FIRST),))
    assert months_of(moved, "mixed") == {11}
    assert len(notes(moved, "indicator_05.mixed")) == 1


def test_a_scenario_schedules_drops_and_resizes_surveys(lived):
    everybody = Change("survey.panel.share", 1.0, since=FIRST)  # of the internet users, in the web panel
    changes = (everybody, sent("web", 500.0), sent("mixed", 0.0), sent("companies", 50.0))
    changed = city_model(months=MONTHS, changes=changes)
    assert months_of(changed, "web") == {3}
    assert months_of(changed, "mixed") == set()
    assert notes(changed, "indicator_02.web.sent") == [(month_start(changed.month - 3), 500.0)]
    assert notes(changed, "indicator_07.companies.sent")[0][1] == 50.0
    assert months_of(lived, "web") == set()


def test_of_a_small_model_at_most_half_is_asked(lived):
    adults = [c.people[:, 4:].sum() for c in lived.ledger.censuses() if month_start(c.month).month == 3]
    assert notes(lived, "indicator_05.mixed.sent")[0][1] == min(3000, adults[0] // 2)


def test_every_question_asked_has_an_estimate_inside_its_interval(lived):
    rows = {row for _, row, *_ in lived.ledger.notes}
    shown = {row for row in rows if row.count(".") == 1}
    assert {row.split(".")[0] for row in shown} == {f"indicator_{n:02d}" for n in (*range(1, 12), 14)}
    for row in shown:
        for (_, value), (_, low), (_, high) in zip(
            notes(lived, row), notes(lived, f"{row}.low"), notes(lived, f"{row}.high"), strict=True
        ):
            assert 0 <= low <= value <= high <= 1


def test_asking_changes_nobody():
    quiet = city_model(months=MONTHS, changes=(sent("mixed", 0.0), sent("companies", 0.0)))
    asked = city_model(months=MONTHS)
    state = lambda model: {n: a for n, a in model.memory().items() if n.startswith(("state/", "ties/"))}  # noqa: E731
    before, after = state(quiet), state(asked)
    assert before.keys() == after.keys()
    assert all(before[name].tobytes() == after[name].tobytes() for name in before)


def test_a_restart_just_before_the_wave_keeps_its_bytes(lived, tmp_path):
    model = city_model(months=5)  # to the end of February
    save_arrays(tmp_path / "half.npz", model.memory(), {"about": "fieldwork"})
    again = city_model()
    again.remember(load_arrays(tmp_path / "half.npz", {"about": "fieldwork"}))
    again.live(MONTHS - 5)
    assert again.ledger.notes == lived.ledger.notes
    straight, restarted = lived.memory(), again.memory()
    assert straight.keys() == restarted.keys()
    assert all(straight[name].tobytes() == restarted[name].tobytes() for name in straight)
