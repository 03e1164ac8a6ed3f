"""The roadmap over many runs: curves, chains, paired differences, waiting, and what is refused."""

from collections import Counter

import numpy as np
import pytest

from tests.analysis.made_up import Made
from tests.analysis.test_cells import OS, PLAIN, a5, a10, d5, p5, p10
from twin.analysis import CELLS, Roadmap, areas_alone_runs
from twin.analysis.roadmap import CHAINS, FEW
from twin.analysis.words import called, condition, number, reason, years
from twin.errors import FactError, InputError
from twin.facts import Facts
from twin.messages import LANGUAGES, table
from twin.run.areas_alone import areas_alone, steady
from twin.verification.worlds import city


def spread_of_steps(n):
    """Runs whose share of residents at STEP2 is 0, 1/6 ... 5/6 of the city in turn."""
    return [
        Made(noted=dict(OS)).happens("step", *range(seed % 6), value=2).run(2031, seed) for seed in range(n)
    ]


@pytest.fixture(scope="module")
def steps():
    return Roadmap(spread_of_steps(24), {"a10.ward": 0.0})


def test_a_curve_falls_as_its_threshold_rises_and_says_what_it_is_at(steps):
    found = steps.curve("a10.people")
    values = [chance.value for _, chance in found]
    assert values == sorted(values, reverse=True)
    assert found[0][0] == 0.1
    assert found[-1][0] == 1.0
    by_hand = [np.mean([k / 6 >= at for k in range(6)]) for at, _ in found]
    assert values == pytest.approx(by_hand)


def test_every_curve_of_a_least_threshold_falls():
    """Also those whose threshold is asked by another condition's number, as how many services is by their users."""
    runs = {"P5": p5(), "A5": a5(), "D5": d5()}
    for cell, made in runs.items():
        roadmap = Roadmap([made.run(2026, 1), Made(noted=dict(OS)).run(2026, 2)])
        names = [c.name for c in CELLS if c.id == cell for c in c.needed] + ["a5.months"] * (cell == "A5")
        for name in names:
            values = [chance.value for _, chance in roadmap.curve(name)]
            assert values == sorted(values, reverse=True), name
            most = 0.5 if name == "d5.months" else 0.0  # twelve of twelve months can be reached
            assert (values[0], values[-1]) == (0.5, most), name


def test_a_threshold_of_whole_things_moves_in_whole_steps():
    found = Roadmap([p5().run(2026)]).curve("p5.services")
    assert [at for at, _ in found] == list(range(1, 11))
    assert [chance.held for _, chance in found] == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]


def test_a_cell_that_is_not_evaluated_has_no_curve():
    assert Roadmap([p10().run(2031)]).curve("p10.areas") == []


def test_other_thresholds_change_the_answer_and_the_condition_says_so():
    made = a10().but(events=[]).happens("step", 0, 1, 2, 3, value=2)  # 40 of 55
    assert Roadmap([made.run(2031)]).outcome("A10").probability.held == 0
    lower = Roadmap([made.run(2031)], {"a10.people": 0.7, "a10.ward": 0.0}).outcome("A10")
    assert lower.probability.held == 1
    assert [part.limit for part in lower.parts] == [0.7, 0.0]


def test_which_condition_fails_most_is_told_of_the_runs_in_which_the_cell_fails():
    good, narrow = a10(), a10().but(residents=(20, 20, 20, 20, 3, 3))  # the last: the ward alone
    none = Made(noted=dict(OS))
    roadmap = Roadmap([m.run(2031, s) for s, m in enumerate([good, good, narrow, narrow, narrow, none])])
    people, ward = roadmap.outcome("A10").parts
    assert roadmap.outcome("A10").probability.value == pytest.approx(2 / 6)
    assert (people.failed, ward.failed) == (0.25, 1.0)
    assert (people.probability.held, ward.probability.held) == (5, 2)


# -- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "word"), [(7, "likely"), (6, "even"), (4, "even"), (3, "unlikely"), (0, "unlikely")]
)
def test_the_words_are_the_design_s(held, word):
    runs = [(a10() if seed < held else Made(noted=dict(OS))).run(2031, seed) for seed in range(10)]
    found = Roadmap(runs).outcome("A10")
    assert found.word == word
    assert called(found, "ja")[0].startswith(table()[f"roadmap.word.{word}"]["ja"])


def test_few_runs_are_given_no_word():
    found = Roadmap([Made(noted=dict(OS)).run(2031, seed) for seed in range(FEW - 1)]).outcome("A10")
    assert found.word == "few"
    assert called(found, "en") == ["too few runs to say: 0 of 9: below 29 %"]


def test_what_is_not_evaluated_says_why_and_what_it_could_be_at_most():
    roadmap = Roadmap([Made(noted=dict(OS)).run(2031, seed) for seed in range(20)])
    why, most = called(roadmap.outcome("P10"), "ja")
    assert why == "評価していない：エリアのサービスだけがない比較用シナリオの計算が結果にない"
    assert most == "ほかの条件だけでは 20 回中 0 回：14 % 未満（確率はこれ以下）"


def test_every_cell_condition_mark_and_reason_has_words_and_a_threshold():
    facts, roadmap = Facts.read(), Roadmap([a10().run(2031)])
    for cell in CELLS:
        for part, found in zip(cell.conditions, roadmap.outcome(cell.id).parts, strict=True):
            for lang in LANGUAGES:
                assert ("≤" if part.most else "≥") in condition(found, 0.5, facts, lang)
            fact = facts[f"roadmap.{part.name}"]
            assert fact.low <= fact.on(fact.values[0][0]) <= fact.high
            assert fact.grade == "assumed"
        assert {f"roadmap.mark.{mark}" for mark in cell.marks} <= set(table())
    assert number(float("nan"), "a10.people", facts) == "–"
    assert [cell.id for cell in CELLS if "definition" in cell.marks] == ["P20"]


def test_the_document_s_own_words_stand_in_the_cells():
    found = {o.id: [text["ja"] for text in o.text] for o in Roadmap([a10().run(2031)]).outcomes}
    assert found["A10"] == ["実装事例の横展開・全市展開"]
    assert found["A5"] == ["先行エリアにおける実装", "他エリアにおける実証・実装"]
    assert found["D20"] == ["デジタルツインによるリアルタイム課題解決、将来課題予測の実現"]
    assert Counter(o.row for o in Roadmap([a10().run(2031)]).outcomes) == {"use": 3, "trial": 3, "data": 3}


# -- times, chains, differences ----------------------------------------------------------------


def test_the_first_month_is_the_one_at_whose_end_a_whole_year_held():
    """STEP2 everywhere from April 2030: a whole year by March 2031, nine years after April 2022."""
    late = a10().but(events=[]).happens("step", *range(6), value=2, before=23)
    runs = [late.run(2031, seed, months=36) for seed in (1, 2)] + [
        Made(noted=dict(OS)).run(2031, 3, months=36)
    ]
    found = Roadmap(runs).outcome("A10").waiting
    assert (found.middle, found.reached, found.runs) == (9.0, 2, 3)
    assert years(found, "en").startswith("9 years")
    never = Roadmap(runs[2:]).outcome("A10").waiting
    assert years(never, "ja") == "半数が終わりまでに達しない"


def both(seed, d, a):
    """A run over six years in which D5 and A10 hold as asked."""
    made = d5() if d else Made(noted=dict(OS))
    if a:
        made.happens("step", *range(6), value=2, before=12)
    return made.run(2031, seed, months=73)


def test_a_chain_is_counted_where_its_first_cell_holds():
    asked = [(True, True)] * 6 + [(True, False)] * 2 + [(False, True)] * 1 + [(False, False)] * 3
    roadmap = Roadmap([both(seed, *ask) for seed, ask in enumerate(asked)])
    chain = roadmap.given("D5", "A10")
    assert (chain.joint.held, chain.joint.runs) == (6, 12)
    assert (chain.conditional.held, chain.conditional.runs, chain.conditional.value) == (6, 8, 0.75)
    assert chain.conditional.low < 0.75 < chain.conditional.high
    assert ("D5", "A10") in CHAINS


def test_a_chain_whose_first_cell_never_holds_or_is_not_evaluated_has_no_number():
    roadmap = Roadmap([both(seed, False, True) for seed in range(3)])
    assert roadmap.given("D5", "A10").conditional is None
    assert roadmap.given("D5", "A10").joint.held == 0
    assert roadmap.given("P10", "A10").joint is None


def test_scenarios_are_compared_pair_by_pair():
    base = Roadmap([(a10() if seed < 10 else Made(noted=dict(OS))).run(2031, seed) for seed in range(20)])
    other = Roadmap([(a10() if seed < 13 else Made(noted=dict(OS))).run(2031, seed) for seed in range(25)])
    found = other.against(base)
    assert (found["A10"].pairs, found["A10"].moved) == (20, 3)
    assert found["A10"].value == pytest.approx(0.15)
    assert 0 < found["A10"].low < 0.15 < found["A10"].high
    assert found["P10"] is None
    assert base.against(other)["A10"].value == pytest.approx(-0.15)


def test_over_draws_the_interval_is_of_draws():
    runs = [
        (a10() if draw < 4 else Made(noted=dict(OS))).run(2031, seed, draw)
        for draw in range(10)
        for seed in (1, 2)
    ]
    roadmap = Roadmap(runs)
    assert roadmap.of_draws
    assert roadmap.outcome("A10").probability.units == 10
    assert not Roadmap(runs[:2]).of_draws


# -- the areas alone ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def alone():
    given = steady(city(), people=974_951, share={"net": 0.8, "maas": 0.3, "alerts": 0.4, "convenient": 0.5})
    return given, areas_alone_runs(city(), given, Facts.read(), (1, 2), 140)


def test_the_flags_of_a_log_are_those_the_run_ended_with(alone):
    given, runs = alone
    model = areas_alone(city(), given, Facts.read(), 2)
    model.live(140)
    flags = runs[1].log.flags
    for name in ("stage", "linked", "reached", "independent", "federated"):
        assert (flags[name][-1] == getattr(model.spread, name)).all(), name
        assert (flags[name][0] == 0).all()
    live = np.array(model.ledger.flows["services_live"])
    assert (flags["stage"] == 2).sum(axis=2).tolist() == live.tolist()  # every month, not the last alone
    people = np.array(model.ledger.flows["people_step2"]) + np.array(model.ledger.flows["people_step3"])
    at_step2 = np.where(flags["reached"] >= 2, runs[1].log.of_areas("people"), 0)
    assert at_step2.sum() == people.sum() > 0


def test_of_the_areas_alone_what_citizens_feel_or_use_is_missing(alone):
    roadmap = Roadmap(alone[1])
    told = {o.id: o.reason for o in roadmap.outcomes}
    assert told["P5"] == told["A5"] == told["D5"] == told["A10"] == told["D10"] == ""
    assert told["P10"] == "no_plain"
    assert told["P20"] == told["A20"] == "not_logged"
    assert reason(roadmap.outcome("P20"), "en") == "no indicator_05 in the log"


def test_services_users_are_no_more_than_their_target(alone):
    log = alone[1][0].log
    users, target = log.noted("service_users"), log.noted("service_target")
    assert users.keys() == target.keys()
    assert len(users) > 3
    for service, using in users.items():
        assert (using <= target[service] + 1e-6).all()
        assert (target[service] <= 974_951 * 1.01).all()
    for pair, using in log.noted("link_users").items():
        for end in pair.split("+"):
            assert (using <= users[end] + 1e-6).all() or end in (
                "shelter_power",
                "infrastructure_monitoring",
            )


# -- refused -----------------------------------------------------------------------------------


def test_what_is_refused():
    run = a10().run(2031)
    with pytest.raises(InputError, match="no runs"):
        Roadmap([])
    with pytest.raises(InputError, match="same months"):
        Roadmap([run, a10().run(2031, 2, months=24)])
    with pytest.raises(InputError, match="no cell 'A11'; there are P5"):
        Roadmap([run]).outcome("A11")
    with pytest.raises(FactError, match=r"a10\.people"):
        Roadmap([run], {"a10.people": 1.5})
    with pytest.raises(InputError, match=r"no threshold 'a10\.peple'. Near it: a10\.people"):
        Roadmap([run], {"a10.peple": 0.5})
    with pytest.raises(InputError, match="share no draw and seed"):
        Roadmap([run]).against(Roadmap([a10().run(2031, 9)]))


def test_a_paired_run_is_only_needed_where_the_cell_asks_for_it():
    roadmap = Roadmap([p10().run(2031, plain=PLAIN)])
    assert roadmap.outcome("P10").probability.held == 1
    assert roadmap.outcome("A10").reason == ""
