"""Each cell by hand: it holds in a run made for it, and each of its conditions can fail alone."""

import numpy as np
import pytest

from tests.analysis.made_up import Made
from twin.analysis import CELLS, Roadmap
from twin.analysis.measures import fields
from twin.processes.spread.services import SERVICES

YEAR = {5: 2026, 10: 2031, 20: 2041}
JOINED = ("telework", "maas_app", "digital_helpers")  # of three fields: working, town, learning
OS = {("os_available", "all"): 0.9995}


def linked(made, area, *services):
    """Some services live and linked in an area throughout."""
    for service in services:
        made.happens("live", area, service=service).happens("linked", area, service=service)
    return made


def p5():
    noted = {**OS}
    for service in JOINED:
        noted |= {("service_users", service): 60.0, ("service_target", service): 1000.0}
    return linked(Made(noted=noted), 2, *JOINED)


def a5():
    made = Made(noted=dict(OS)).happens("step", 0, value=2)
    return made.happens("trial", 2, 3, 4, service="telework", before=8)


def d5():
    pairs = {("link_users", "telework+maas_app"): 1500.0, ("link_users", "telework+digital_helpers"): 1200.0}
    costs = {("link_cost_direct", "all"): 9e8, ("link_cost_hub", "all"): 4e8}
    return Made(noted={**OS, **pairs, **costs})


def p10():
    return Made(noted=dict(OS), shares={"convenient": 0.6}).happens("independent", 1, 2, 5)


PLAIN = Made(spreads=False, shares={"convenient": 0.5})


def a10():
    made = Made(noted=dict(OS), residents=(10, 10, 10, 10, 10, 5))
    return made.happens("step", 0, 1, 2, 3, 4, value=2)


def d10():
    made = Made(noted=dict(OS), flows={"uses_elsewhere": 6, "uses_all": 100})
    for area in (1, 2, 3, 4, 5):
        linked(made, area, "telework", "maas_app")
    return made.happens("federated", 1, 2, 3, 4)


def p20():
    return Made(
        shares={
            "convenient": 0.7,
            "employed": 0.6,
            "work_changed": 0.4,
            "learner": 0.5,
            "learning_better": 0.4,
            "informed": 0.7,
        }
    )


def a20():
    return Made(
        noted=dict(OS),
        shares={"egov": 0.8, "egov 75+": 0.6},
        flows={"procedures": 100, "procedures_online": 90},
    )


HOLDS = {"P5": p5, "A5": a5, "D5": d5, "P10": p10, "A10": a10, "D10": d10, "P20": p20, "A20": a20}


def few_users(made):
    return made.but(noted={**made.noted, ("service_users", "maas_app"): [60.0] * 12 + [40.0]})


def without(*kinds, area=None):
    """Take events away."""
    return lambda made: made.but(
        events=[e for e in made.events if e[1] not in kinds or (area is not None and e[2] != area)]
    )


def noting(**numbers):
    return lambda made: made.but(
        noted={**made.noted, **{(name, "all"): value for name, value in numbers.items()}}
    )


def sharing(**shares):
    return lambda made: made.but(
        shares={**made.shares, **{name.replace("_75", " 75+"): value for name, value in shares.items()}}
    )


def flowing(**flows):
    return lambda made: made.but(flows={**made.flows, **flows})


# what is done to a run that holds, and exactly which conditions then fail
SPOILERS = [
    ("P5", few_users, {"p5.users"}),
    ("P5", without("linked", area=None), {"p5.services", "p5.users"}),
    ("P5", lambda made: linked(made.but(events=[]), 2, "maas_app", "self_driving", "shelter_power"), {"p5.services", "p5.users"}),  # one field
    ("P5", lambda made: made.happens("ended_users", 2, service="telework", before=3), {"p5.services", "p5.users"}),
    ("A5", lambda made: made.happens("step", 0, value=1, before=5), {"a5.step"}),
    ("A5", without("trial", area=2), {"a5.areas"}),  # two areas of one other ward and of another stay: 3 in W1, 4 in W2
    ("A5", lambda made: made.but(events=[e for e in made.events if e[1] != "trial"]).happens("trial", 2, 3, 1, service="telework", before=8), {"a5.wards"}),
    ("A5", lambda made: made.but(events=[(min(b, 4) if k == "trial" else b, k, a, s, v) for b, k, a, s, v in made.events]), {"a5.areas", "a5.wards"}),
    ("D5", lambda made: made.but(noted={k: v for k, v in made.noted.items() if k[1] != "telework+digital_helpers"}), {"d5.links", "d5.uses"}),
    ("D5", lambda made: made.but(noted={**made.noted, ("link_users", "telework+digital_helpers"): [1200.0] * 6 + [900.0] + [1200.0] * 6}), {"d5.uses"}),
    ("D5", noting(os_available=[0.0] * 2 + [0.9995] * 11), {"d5.months"}),
    ("D5", noting(os_available=[0.9995] * 11 + [0.5, 0.9995]), {"d5.availability"}),
    ("P10", without("independent", area=5), {"p10.areas", "p10.better"}),
    ("P10", lambda made: made.happens("dependent", 5, before=4).happens("independent", 5, before=3), {"p10.areas", "p10.better"}),
    ("P10", lambda made: made.but(here={("convenient", 2): 0.54}), {"p10.better"}),
    ("A10", without("step", area=4), {"a10.people", "a10.ward"}),
    ("A10", lambda made: made.but(residents=(20, 20, 20, 20, 3, 3)), {"a10.ward"}),
    ("A10", lambda made: made.but(residents=(1, 1, 1, 1, 13, 8)).happens("step", 0, value=1, before=2), {"a10.people", "a10.ward"}),
    ("D10", without("federated", area=4), {"d10.people"}),
    ("D10", flowing(uses_elsewhere=4), {"d10.elsewhere"}),
    ("D10", lambda made: linked(made.but(events=[]), 1, "telework", "maas_app").happens("federated", 1), {"d10.areas"}),
    ("P20", sharing(convenient=0.59), {"p20.convenient"}),
    ("P20", sharing(work_changed=0.29), {"p20.work"}),
    ("P20", sharing(learning_better=0.29), {"p20.learning"}),
    ("P20", sharing(informed=0.59), {"p20.safety"}),
    ("P20", sharing(informed=0.8, informed_75=0.5), {"p20.aged"}),
    ("A20", sharing(egov=0.69), {"a20.people"}),
    ("A20", sharing(egov=0.85, egov_75=0.49), {"a20.aged"}),
    ("A20", noting(os_available=0.998), {"a20.continuity"}),
    ("A20", flowing(procedures_online=99), {"a20.counter"}),
]  # fmt: skip


def outcome(cell, made, **other):
    years = next(c.years for c in CELLS if c.id == cell)
    plain = {"plain": PLAIN} if cell == "P10" else {}
    return Roadmap([made.run(YEAR[years], **{**plain, **other})]).outcome(cell)


def failing(found):
    return {part.name for part in found.parts if part.probability.held == 0 and not part.told}


@pytest.mark.parametrize("cell", HOLDS)
def test_a_cell_holds_in_a_run_made_for_it(cell):
    found = outcome(cell, HOLDS[cell]())
    assert failing(found) == set()
    assert found.probability.held == 1
    assert found.reason == ""


@pytest.mark.parametrize(("cell", "spoil", "fails"), SPOILERS)
def test_a_condition_that_fails_takes_the_cell_with_it(cell, spoil, fails):
    found = outcome(cell, spoil(HOLDS[cell]()))
    assert failing(found) == fails
    assert found.probability.held == 0
    assert {part.name for part in found.parts if part.failed == 1 and not part.told} == fails


def test_every_condition_that_runs_can_tell_is_seen_failing():
    asked = {c.name for cell in CELLS for c in cell.needed if cell.id != "D20"}
    assert asked == set().union(*(fails for _, _, fails in SPOILERS))


def test_what_a_hub_saves_is_told_and_does_not_count():
    made = d5()
    made.noted["link_cost_hub", "all"] = 2e9
    found = outcome("D5", made)
    saving = found.parts[-1]
    assert (saving.name, saving.told, saving.middle, saving.probability.held) == (
        "d5.saving",
        True,
        -1.1e9,
        0,
    )
    assert found.probability.held == 1


def test_a_trial_counts_once_it_has_run_six_months_even_if_it_then_failed():
    made = a5().happens(
        "failed", 2, 3, 4, service="telework", before=1
    )  # begun 8 months before, ended 1 before
    assert outcome("A5", made).probability.held == 1
    short = a5().happens("failed", 2, 3, 4, service="telework", before=3)  # five months
    assert failing(outcome("A5", short)) == {"a5.areas", "a5.wards"}


def test_the_leading_area_and_its_ward_are_no_others():
    made = a5().but(leading=(4,)).happens("step", 4, value=2)
    assert failing(outcome("A5", made)) == {"a5.areas", "a5.wards"}  # 2 and 3 are left, in one ward


def test_fields_are_those_of_the_vision():
    assert len(set(fields().tolist())) == 4
    home = dict(zip(SERVICES, fields().tolist(), strict=True))
    assert home["maas_app"] == home["self_driving"] != home["telework"]


# -- what is missing ---------------------------------------------------------------------------


def test_without_a_matched_run_problems_solved_are_not_evaluated_and_bounded_by_the_rest():
    found = outcome("P10", p10(), plain=None)
    assert (found.probability, found.reason, found.word) == (None, "no_plain", "")
    assert found.at_most.held == 1
    assert found.waiting is None
    none = outcome("P10", Made(noted=dict(OS)), plain=None)
    assert none.at_most.held == 0


def test_without_counts_across_areas_linked_city_oss_are_not_evaluated():
    found = outcome("D10", d10().but(flows={}))
    assert (found.probability, found.reason, found.missing) == (None, "not_logged", "uses_elsewhere")
    assert [part.reason for part in found.parts] == ["", "", "not_logged"]


def test_a_scenario_without_areas_services_says_so():
    roadmap = Roadmap([PLAIN.run(2031)])
    for cell in ("P5", "A5", "D5", "P10", "A10", "D10"):
        assert roadmap.outcome(cell).reason == "no_spread"


def test_a_scenario_without_a_leading_area_says_so():
    assert outcome("A5", a5().but(leading=())).reason == "no_leading"


def test_the_twin_s_own_forecasts_are_never_evaluated_by_runs():
    found = Roadmap([a20().run(2041)]).outcome("D20")
    assert (found.probability, found.at_most, found.reason) == (None, None, "no_archive")


def test_runs_that_end_before_a_column_do_not_tell_of_it():
    roadmap = Roadmap([a10().run(2026)])
    assert roadmap.outcome("A10").reason == "after_end"
    assert roadmap.outcome("A10").parts[0].probability is None
    assert Roadmap([a10().run(2041)]).outcome("A10").reason == "before_begin"
    assert roadmap.held("A10") is None


def test_a_year_is_needed_before_anything_is_said():
    numbers = Roadmap([a10().run(2031)])._numbers(CELLS[4].conditions[0], Roadmap([a10().run(2031)]).limits)
    assert np.isnan(numbers[0, :11]).all()
    assert numbers[0, 12] == pytest.approx(50 / 55)
