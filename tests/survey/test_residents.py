"""Who can be reached, who answers, and how answers are heard, each against what the equations say."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from tests.survey.towns import CITIZENS, changed, plain, town, wave
from twin.chance import Chance
from twin.facts import Facts
from twin.survey import ask_residents
from twin.survey.answer import DONT_KNOW, NOT_HEARD, answer_chances
from twin.survey.question import questions


def asked(residents, states, facts, **about):
    return ask_residents(wave(**about), residents, states, facts, Chance(1))


def near(share, wanted, n):
    """Within four standard errors of a share."""
    return abs(share - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / n) + 1e-12


def test_adults_only_and_the_web_panel_only_internet_users_who_joined():
    residents = town()
    states = {"indicator_01": np.ones(len(residents.id))}
    mail = asked(residents, states, Facts.read(), n=5000)
    assert residents.age[mail.row].min() == 18
    assert not residents.online[mail.row].all()
    panel = asked(residents, states, changed(panel__share=0.2), n=1000, instrument="web")
    assert residents.online[panel.row].all()
    assert panel.web[panel.returned].all()
    assert residents.interest[panel.row].mean() > residents.interest.mean() + 0.03  # chooses itself
    again = asked(residents, states, changed(panel__share=0.2), n=1000, instrument="web", name="later")
    together = len(set(panel.row.tolist()) & set(again.row.tolist()))
    assert together > 1.5 * 1000 * 1000 / (residents.online & (residents.age >= 18)).sum()  # one panel


def test_response_by_age_is_the_fact_at_middling_interest():
    residents = town(40_000)
    even = town(40_000, interest=np.full(40_000, 0.5))
    states = {"indicator_01": np.ones(40_000)}
    back = asked(even, states, changed(response__women=0.0), n=25_000)
    age = residents.age[back.row]
    for low, high, share in ((18, 40, 0.25), (40, 65, 0.42), (65, 120, 0.60)):
        inside = (age >= low) & (age < high)
        assert near(back.returned[inside].mean(), share, inside.sum())


def test_interest_sex_and_instrument_move_response_by_their_log_points():
    people = 40_000
    states, facts = (
        {"indicator_01": np.ones(people)},
        changed(response__share={"18": 0.42}, response__instrument={"mail": 0.0, "web": 2.4, "mixed": 0.5}),
    )
    for interest, instrument, log_points in ((1.0, "mail", 0.15), (0.0, "mail", -0.15), (1.0, "mixed", 0.65)):
        residents = town(people, interest=np.full(people, interest))
        back = asked(residents, states, facts, n=25_000, instrument=instrument)
        for sex in (0, 1):
            inside = residents.sex[back.row] == sex
            wanted = expit(logit(0.42) + log_points + 0.2 * (sex - 0.5))
            assert near(back.returned[inside].mean(), wanted, inside.sum())


def test_paper_or_web_hangs_on_age_and_ability_and_needs_the_internet():
    residents = town(40_000)
    back = asked(residents, {"indicator_01": np.ones(40_000)}, Facts.read(), n=25_000, instrument="mixed")
    row, web = back.row[back.returned], back.web[back.returned]
    online, age, ability = residents.online[row], residents.age[row], residents.ability[row]
    assert not web[~online].any()
    assert web[online & (age < 40)].mean() > 1.5 * web[online & (age > 70)].mean()
    assert web[online & (ability > 1)].mean() > 1.5 * web[online & (ability < -1)].mean()
    band = online & (np.abs(age - 50) <= 3) & (np.abs(ability) < 0.2)
    assert near(web[band].mean(), 0.23, band.sum())
    assert not back.web[~back.returned].any()


def test_one_response_more_or_less_is_not_heard_by_others():
    """Whoever is asked in both instruments says the same, unless the mode itself leans."""
    residents = town(10_000)
    states = {"indicator_05": Chance(3).uniform("felt", 0, residents.id) - 0.2}
    mail = asked(residents, states, Facts.read(), n=4000, asked=("indicator_05",))
    mixed = asked(
        residents, states, changed(response__instrument={"mail": 0, "web": 2.4, "mixed": 0.8}),
        n=4000, instrument="mixed", asked=("indicator_05",),
    )  # fmt: skip
    assert mail.row.tolist() == mixed.row.tolist()
    assert mixed.returned[mail.returned].all()
    assert mixed.returned.sum() > mail.returned.sum()
    same = mail.returned
    assert (mail.levels["indicator_05"][same] == mixed.levels["indicator_05"][same]).all()


def test_answers_follow_the_logit_of_the_equation():
    question, n = questions()["indicator_05"], 200_000
    x = np.repeat([0.25, 0.3, 0.35], n // 3)
    web = np.arange(len(x)) % 2 == 1
    facts = changed(answer__web={**dict.fromkeys(questions(), 0.0), "indicator_05": -0.02})
    got = answer_chances(question, wave(asked=("indicator_05",)), x, web, facts)
    assert got.shape == (1, len(x))
    np.testing.assert_allclose(got[0], 1 / (1 + np.exp(-(x - 0.305 + 0.025 - 0.02 * web) / 0.03)), rtol=1e-12)


def test_heard_answers_come_as_often_as_their_chance_says():
    people = 40_000
    for state in (0.22, 0.28, 0.33):
        residents = town(people)
        back = asked(residents, {"indicator_05": np.full(people, state)}, Facts.read(), n=25_000,
                     asked=("indicator_05",))  # fmt: skip
        estimate = back.estimate("indicator_05")
        wanted = expit((state - 0.305 + 0.025) / 0.03)
        assert near(estimate.raw.value, wanted, estimate.raw.n)
        assert near(estimate.dont_know, 0.08, back.returned.sum())
        level = back.levels["indicator_05"]
        assert set(np.unique(level)) == {NOT_HEARD, DONT_KNOW, 0, 1}
        assert (level[~back.returned] == NOT_HEARD).all()


def test_plain_facts_are_misstated_by_one_in_150():
    people = 60_000
    facts = changed(response__share={"18": 1.0})
    for state, wanted in ((0.0, expit(-5)), (1.0, expit(5))):
        back = asked(town(people), {"indicator_02": np.full(people, state)}, facts, n=40_000,
                     asked=("indicator_02",))  # fmt: skip
        assert near(back.estimate("indicator_02").raw.value, wanted, 40_000)


def test_ten_points_of_acquiescence_at_the_cut():
    facts = Facts.read()
    sigma, leaning = (facts.table(f"survey.answer.{name}", wave().day) for name in ("sigma", "acquiescence"))
    felt = [id for id, q in questions().items() if q.number in (5, 6, 9, 10)]
    standards = facts.number("felt.standards", wave().day) * norm.ppf((np.arange(10_000) + 0.5) / 10_000)
    for id in felt:
        assert expit((leaning[id] - standards) / sigma[id]).mean() == pytest.approx(0.6, abs=0.005)


def test_three_levels_and_the_wording():
    people = 60_000
    residents = town(people)
    level = Chance(8).choice("trust", 0, residents.id, [0.2, 0.65, 0.15])
    back = asked(residents, {"indicator_03": level}, plain(), n=40_000, asked=("indicator_03",))
    truth = level[back.row]
    assert (back.levels["indicator_03"] == truth).all()  # without noise the answer is the level
    assert back.estimate("indicator_03").raw.value == (truth >= 1).mean()
    strict = back.estimate("indicator_03", counted_from=2)
    assert strict.raw.value == (truth == 2).mean()
    by_fact = asked(residents, {"indicator_03": level}, plain(wording={"indicator_03": 2}), n=40_000,
                    asked=("indicator_03",))  # fmt: skip
    assert by_fact.estimate("indicator_03") == strict


def test_bases_and_what_an_adult_survey_cannot_cover():
    residents = town()
    states = {id: np.ones(len(residents.id)) for id in CITIZENS}
    back = asked(residents, states, plain(), n=5000, asked=CITIZENS)
    for id, inside in (("indicator_06", residents.employed), ("indicator_09", residents.learner)):
        level = back.levels[id]
        assert ((level != NOT_HEARD) == inside[back.row]).all()
        assert back.estimate(id).raw.n == inside[back.row].sum()
    six, adult = residents.age >= 6, residents.age >= 18
    assert back.covered["indicator_02"] == pytest.approx(adult.sum() / six.sum())
    assert back.covered["indicator_05"] == 1.0
    online = asked(residents, states, plain(), n=5000, instrument="web", asked=("indicator_05",))
    assert online.covered["indicator_05"] == pytest.approx(residents.online[adult].mean())


def test_a_question_nobody_answers_has_no_value_but_the_widest_interval():
    residents = town(2000, learner=np.zeros(2000, bool))
    back = asked(residents, {"indicator_09": np.ones(2000)}, plain(), n=500, asked=("indicator_09",))
    estimate = back.estimate("indicator_09")
    assert np.isnan(estimate.raw.value)
    assert (estimate.weighted.low, estimate.weighted.high, estimate.raw.n) == (0.0, 1.0, 0)
    assert np.isnan(estimate.printed(0.001).weighted.value)
