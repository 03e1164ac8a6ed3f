"""Bad input is help in two languages; the questions fit the vision and the facts."""

import numpy as np
import pytest

from tests.survey.towns import CITIZENS, DAY, plain, town, wave
from twin.chance import Chance
from twin.errors import FactError, ManyProblems
from twin.facts import Change, Facts
from twin.survey import INSTRUMENTS, SurveyError, Wave, ask_residents, interval, questions
from twin.vision import Vision


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"instrument": "mial"}, "mail"),
        ({"questions": ("indicator_5",)}, "indicator_05"),
        ({"questions": ("indicator_12",)}, "indicator_1"),  # a register, not a question
        ({"questions": ("indicator_05", "indicator_05")}, "indicator_05"),
        ({"questions": ()}, ""),
        ({"n": 0}, "0"),
        ({"n": 2.5}, "2.5"),
        ({"n": True}, "True"),
    ],
)
def test_a_bad_wave_is_refused_with_help_in_both_languages(bad, said):
    good = {"name": "2026", "day": DAY, "instrument": "mail", "n": 100, "questions": ("indicator_05",)}
    Wave(**good)
    with pytest.raises(SurveyError) as error:
        Wave(**{**good, **bad})
    assert error.value.exit_code == 2
    texts = [error.value.text(lang) for lang in ("ja", "en")]
    assert texts[0] != texts[1]
    assert all(said in text and text.startswith("2026: ") for text in texts)


def test_all_problems_of_a_wave_come_at_once():
    with pytest.raises(ManyProblems) as error:
        Wave("2026", DAY, "fax", -1, ("indicator_99", "indicator_05", "indicator_05"))
    assert len(error.value.problems) == 4


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({}, "indicator_05"),
        ({"indicator_05": np.zeros(7)}, "7"),
        ({"indicator_05": np.where(np.arange(500) == 3, np.nan, 0.0)}, "nan"),
    ],
)
def test_unfit_states_are_refused(states, said):
    residents = town(500, age=np.full(500, 40))
    with pytest.raises(SurveyError, match=said) as error:
        ask_residents(wave(20, asked=("indicator_05",)), residents, states, Facts.read(), Chance(1))
    assert said in error.value.text("ja")


def test_a_state_outside_the_base_may_be_unknown():
    residents = town(500)
    state = np.where(residents.employed, 1.0, np.nan)
    back = ask_residents(
        wave(100, asked=("indicator_06",)), residents, {"indicator_06": state}, plain(), Chance(1)
    )
    assert back.estimate("indicator_06").raw.value == 1.0


@pytest.mark.parametrize("interest", [1.2, -0.1, np.nan])
def test_a_share_outside_0_to_1_is_refused(interest):
    with pytest.raises(SurveyError, match="between 0 and 1"):
        town(50, interest=np.full(50, interest))


def test_a_share_above_1_is_refused_where_shares_come_in():
    with pytest.raises(SurveyError, match=r"1\.01") as error:
        interval(1.01, 100)
    assert "1.01" in error.value.text("ja")
    with pytest.raises(FactError, match="outside"):
        Facts.read().changed([Change("survey.response.share", 1.2, DAY, label="18")])


def test_residents_that_do_not_fit_together_are_refused():
    with pytest.raises(SurveyError, match="'age' has 49"):
        town(50, age=np.full(49, 30))
    with pytest.raises(SurveyError, match="6 wards"):
        town(50, ward=np.full(50, 6))


def test_an_estimate_of_a_question_not_asked_is_refused():
    residents = town(500)
    back = ask_residents(wave(50), residents, {"indicator_01": residents.interest}, plain(), Chance(1))
    with pytest.raises(SurveyError, match="indicator_01"):
        back.estimate("indicator_05")


def test_questions_are_those_the_vision_obtains_by_survey():
    ways = {f"indicator_{i.number:02d}": i.way for i in Vision.read().indicators}
    surveyed = {id for id, way in ways.items() if way in ("citizens", "companies")}
    assert set(questions()) == surveyed
    assert {id for id, q in questions().items() if q.of_firms} == {
        id for id, way in ways.items() if way == "companies"
    }
    assert len(CITIZENS) == 11


def test_every_question_speaks_both_languages_and_has_its_numbers():
    facts = Facts.read()
    for id, question in questions().items():
        for text in (question.text, question.state, *question.answers):
            assert set(text) == {"ja", "en"}
            assert all(text.values())
        for name in ("cut", "sigma", "acquiescence", "web", "dont_know"):
            assert id in facts.table(f"survey.answer.{name}", DAY)
    assert set(facts.table("survey.response.interest", DAY)) == set(INSTRUMENTS)
