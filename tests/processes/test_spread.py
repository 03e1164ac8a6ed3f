"""Spread of services between areas: parts by hand, the whole by what it may and may not change."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.toy_city import toy_city
from twin.agents.team import KINDS, RESIDENTS, CityHall
from twin.city.adjacency import neighbours
from twin.errors import InputError
from twin.facts import Change, Facts
from twin.processes.offer import offer_of, supply
from twin.processes.spread.city_os import (
    direct_cost,
    hub_cost,
    joint_users,
    links_used,
    next_link,
    with_links,
)
from twin.processes.spread.life import names, worth
from twin.processes.spread.money import Account, run_month
from twin.processes.spread.now import Now
from twin.processes.spread.reference import check_weights, shares
from twin.processes.spread.services import SERVICES, SPREADING
from twin.processes.spread.stages import copies, extent, largest_piece, steps
from twin.processes.spread.team import alpha_of, grown, meets, revenue, rotated, rotates
from twin.results.census import TECHNOLOGIES
from twin.run.areas_alone import areas_alone, steady
from twin.run.command import known
from twin.run.plan import model_of
from twin.scenarios import Scenario
from twin.verification.areas import (
    LEADING,
    PEOPLE,
    SHARES,
    accounts,
    happened,
    lived,
    spread_facts,
    usual,
)
from twin.verification.engine import baseline, beginning, fingerprint
from twin.verification.worlds import city

DAY = date(2022, 4, 1)
FACTS = Facts.read()
FRACTION = 0.005


def coupled(months=30, off=(), seed=1, name="baseline", changes=()):
    scenario = replace(Scenario.read(name, FACTS, known()), off=tuple(off))
    model = model_of(city(), beginning(FRACTION), scenario, FACTS.changed(changes), seed, FRACTION)
    model.start()
    model.live(months)
    return model


# -- what spreads ------------------------------------------------------------------------------


def test_services_of_areas_sites_and_area_teams_spread_and_no_others():
    assert set(SERVICES) == {
        "online_shopping", "vehicle_sharing", "telework", "digital_helpers", "maas_app", "on_demand_transport",
        "self_driving", "shelter_power", "infrastructure_monitoring", "visitor_guide",
    }  # fmt: skip
    late, early = np.argwhere(SPREADING.after)[0]
    assert (SERVICES[late], SERVICES[early]) == ("self_driving", "on_demand_transport")


@pytest.mark.parametrize(
    "name", ["base", "users_hoped", "plan", "units", "fee", "need_old", "need_far", "need_dense"]
)
def test_every_table_speaks_of_exactly_the_services_that_spread(name):
    assert set(FACTS.table(f"spread.{name}", DAY)) == set(SERVICES)


def test_ids_of_services_in_areas_are_their_own():
    ids = names(200)
    assert len(np.unique(ids)) == ids.size
    np.testing.assert_array_equal(names(60), ids[:60])  # more areas change nobody's name


# -- teams -------------------------------------------------------------------------------------


def test_the_administration_steps_back_with_maturity():
    alpha = alpha_of(np.linspace(0, 1, 101), FACTS.table("spread.alpha", DAY))
    assert (np.diff(alpha) < 0).all()
    assert 0.85 < alpha[0] <= 0.9
    assert 0.1 <= alpha[-1] < 0.12


def test_a_team_grows_with_work_only_and_loses_at_rotations_by_the_administrations_share():
    none = np.zeros(2)
    assert grown(np.array([0.3, 0.3]), np.array([0, 2]), none, 0.25, 0.0).tolist() == pytest.approx(
        [0.3, 0.3 + 0.25 * 0.7 * (2 / 3) / 12]
    )
    assert rotated(np.array([0.4, 0.4]), np.array([0.0, 1.0]), 0.25).tolist() == pytest.approx([0.4, 0.3])
    april = 12 * 122 + 3  # April 2022
    every = np.stack([rotates(april + 12 * year, 60, 3.0) for year in range(3)])
    assert (every.sum(axis=0) == 1).all()


@settings(deadline=None)
@given(st.floats(0, 1), st.integers(0, 10**9), st.integers(0, 10**9))
def test_own_revenue_moves_towards_the_share_covered_and_stays_a_share(before, own, cost):
    after = revenue(np.array([before]), np.array([own]), np.array([cost]), 0.5)[0]
    assert 0 <= after <= 1
    goal = min(own / cost, 1) if cost else before
    assert min(before, goal) - 1e-9 <= after <= max(before, goal) + 1e-9


def test_independence_asks_for_all_three():
    rule = FACTS.table("spread.independent", DAY)
    m, a, r = np.array([0.8, 0.6, 0.8, 0.8]), np.array([0.2, 0.2, 0.4, 0.2]), np.array([0.6, 0.6, 0.6, 0.4])
    assert meets(m, a, r, rule).tolist() == [True, False, False, False]


# -- stakeholders ------------------------------------------------------------------------------


def test_the_best_stakeholders_are_matched_and_residents_always_have_a_part():
    team = usual().spread.teams[0]
    everybody = np.ones(len(KINDS))
    with usual().state.writing_all():
        usual().spread.partners[0] = 0
    bits, fit = team.match(("transport", "area_team"), everybody, 0.4, 0.25)
    assert bits == 1 << KINDS.index("transport") | 1 << RESIDENTS
    assert fit == 1.0
    none = everybody.copy()
    none[KINDS.index("transport")] = 0.0
    bits, fit = team.match(("transport",), none, 0.4, 0.25)
    assert not bits >> KINDS.index("transport") & 1
    assert fit == pytest.approx(0.7)  # another in the place counts 0.4, residents 1
    usual.cache_clear()


def test_those_who_carry_much_already_do_less():
    model = lived(FACTS, 150)
    row = int(np.argmax((model.spread.partners > 0).sum(axis=1)))
    team = model.spread.teams[row]
    assert team.exists
    assert team.members
    busy, free = (team.match(("businesses",), np.ones(len(KINDS)), 0.0, b)[1] for b in (0.25, 0.0))
    assert busy < free == 1.0


def test_city_hall_keeps_what_runs_and_takes_requests_in_order():
    hall = CityHall(usual())
    assert hall.room(100, 5, 11, 1000) == 45
    assert hall.room(100, 10, 11, 1000) == 0
    assert hall.room(100, 5, 0, 70) == 10  # a year of running leaves no more of the budget
    assert hall.choose(np.array([60, 50, 30, 20]), 95).tolist() == [True, False, True, False]
    first, held = np.array([0, 0, 0, 1, 0], bool), np.array([0, 1, 0, 0, 0], bool)
    assert hall.posts(first, held, np.array([3, 1, 2, 0, 0]), 3).tolist() == [True, True, False, True, False]
    assert hall.posts(first, held, np.zeros(5), 5).sum() == 1  # nobody goes where nothing is at work


# -- money -------------------------------------------------------------------------------------

yen = st.integers(0, 50_000_000)


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.lists(yen, min_size=3, max_size=3), min_size=4, max_size=4), st.lists(yen, min_size=4, max_size=4),
    st.lists(yen, min_size=4, max_size=4), st.lists(yen, min_size=4, max_size=4), st.integers(0, 400_000_000),
    st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip
def test_a_month_of_running_keeps_every_yen(bill, team, own, cash, purse, alpha, backing):
    bill, team, own, cash = (np.array(x, np.int64) for x in (bill, team, own, cash))
    record = np.tile([0.5, -0.2, 0.9], (4, 1))
    month = run_month(bill, team, own, np.full(4, alpha), backing, cash, purse, record)
    assert month.granted.sum() <= purse
    assert (month.cash >= 0).all()
    spent = month.services + month.teams
    assert cash.sum() + own.sum() + month.granted.sum() - spent == month.cash.sum()
    assert month.services == np.where(month.paid, bill, 0).sum()
    unpaid_best = ~month.paid[:, 2] & (bill[:, 2] > 0)
    assert not (unpaid_best & month.paid[:, 0] & (bill[:, 0] > 0)).any()  # the best record is paid first


def test_an_account_opens_with_what_it_closed_with():
    account = Account()
    account.take("budget", 100)
    account.take("trials", 30)
    year = account.close(in_areas=7)
    assert year["returned"] == 70
    assert year["closing"] == 7
    again = Account()
    again.remember(account.memory())
    assert (again.cash, again.opening, again.lines) == (0, 7, account.lines)


def test_grants_to_areas_and_what_they_spend_agree_with_the_accounts():
    model = usual()
    flows = {name: np.array(model.ledger.flows[name]).sum() for name in ("yen_fees", "yen_members")}
    years = accounts(model).values()
    assert flows["yen_fees"] == sum(year["fees"] for year in years)
    assert flows["yen_members"] == sum(year["members"] for year in years)
    assert (
        sum(year["services"] + year["teams"] for year in years)
        <= np.array(model.ledger.flows["yen_running"]).sum()
    )


# -- links and stages --------------------------------------------------------------------------


def test_links_one_by_one_cost_what_all_together_cost():
    for n in range(8):
        assert sum(next_link(k, False, 7, 3) for k in range(n)) == direct_cost(n, 7)
        assert 11 + sum(next_link(k, True, 7, 3) for k in range(n)) == hub_cost(n, 11, 3)


def test_a_link_helps_only_those_who_use_both():
    technology = np.array([1, 1, 5, -1])
    use, meet = np.array([[0.8, 0.8, 0.1, 1.0]]), np.array([[0.5, 0.5, 1.0, 0.9]])
    both = np.zeros((1, len(TECHNOLOGIES), len(TECHNOLOGIES)))
    both[0, 1, 1], both[0, 5, 5], both[0, 1, 5], both[0, 5, 1] = 0.8, 0.1, 0.05, 0.05
    joint = joint_users(use, both, technology, meet)
    np.testing.assert_allclose(joint, joint.transpose(0, 2, 1))
    assert joint[0, 0, 0] == pytest.approx(0.4)  # one service's own users
    assert joint[0, 0, 1] == pytest.approx(0.8 * 0.25)
    assert joint[0, 0, 2] == pytest.approx(0.05 * 0.5)
    assert joint[0, 2, 3] == pytest.approx(0.1 * 0.9)
    linked = np.array([[True, True, True, False]])
    people = np.array([10_000.0])
    assert links_used(linked, joint, people, np.array([1000.0])).tolist() == [1]
    assert links_used(linked, joint, people, np.array([250.0])).tolist() == [3]
    brought = with_links(linked, joint)
    assert brought[0, 2] == pytest.approx((0.025 + 0.025) / 0.1)
    assert brought[0, 3] == 0


def test_steps_need_what_the_vision_says():
    rule = FACTS.table("spread.steps", DAY)
    live, links, copied = (
        np.array([0, 1, 3, 3, 3, 1]),
        np.array([0, 0, 1, 2, 2, 0]),
        np.array([0, 0, 0, 0, 1, 2]),
    )
    assert steps(live, links, copied, rule).tolist() == [0, 1, 1, 2, 3, 1]
    origin = np.array([[-1, 2], [2, 2], [-1, -1]])
    found = copies(
        origin, np.array([[0, 1], [1, 1], [1, 1]], bool), np.array([[0, 20], [5, 30], [40, 40]]), 12
    )
    assert found.tolist() == [0, 0, 2]


def test_point_line_and_plane_by_connected_areas_that_share_a_linked_service():
    adjacent = np.zeros((4, 4), bool)
    for a, b in ((0, 1), (1, 2), (2, 3)):
        adjacent[a, b] = adjacent[b, a] = True
    linked = np.array([[1, 0], [1, 1], [0, 0], [0, 1]], bool)
    people = np.array([10.0, 20.0, 30.0, 40.0])
    assert largest_piece(adjacent, linked, people) == pytest.approx(
        0.4
    )  # area 3 alone is larger than 0 and 1
    assert largest_piece(adjacent, np.zeros_like(linked), people) == 0
    rule = FACTS.table("spread.extent", DAY)
    assert [extent(x, rule) for x in (0.01, 0.05, 0.79, 0.8)] == ["point", "line", "line", "plane"]


def test_areas_that_touch_are_neighbours_both_ways():
    for place in (city(), toy_city()):
        near = neighbours(place)
        assert (near == near.T).all()
        assert not near.diagonal().any()
        assert (near.sum(axis=1) >= 1).all()


# -- the whole ---------------------------------------------------------------------------------


def test_the_leading_area_goes_ahead_others_follow_and_not_all_succeeds():
    ahead, trials, live, over = [], 0, 0, 0
    row = city().areas.code.index(LEADING)
    for seed in range(1, 7):
        model = usual(seed)
        step = sum(k * np.array(model.ledger.flows[f"areas_step{k}"]) for k in range(4))
        ahead.append(step[18 + 120 - 1, row] >= 2)
        trials += len(happened(model, "trial"))
        live += len(happened(model, "live"))
        over += sum(len(happened(model, kind)) for kind in ("failed", "ended_money", "ended_users"))
        assert happened(model, "trial")[0][1] == LEADING
        others = {area for _, area, _, _ in happened(model, "live")} - {LEADING}
        assert len(others) > 10
    assert np.mean(ahead) > 0.5
    assert over > 0.1 * trials
    assert live < trials


def test_without_reference_and_bandwagon_fewer_areas_begin():
    starts = {}
    rich = spread_facts({"budget_factor": 10.0, "budget_effect": 0.0}, quiet=False)  # money does not decide
    for off in ((), ("spread.reference", "spread.bandwagon")):
        starts[off] = np.array([len(happened(lived(rich, 258, seed, off), "trial")) for seed in (1, 2, 3)])
    more, fewer = starts.values()
    assert (fewer < 0.9 * more).all()


def test_a_pilot_in_one_area_leaves_the_others_as_they_were_when_nobody_looks():
    base = dict.fromkeys(SERVICES, 0.05)
    plain, led = (lived(spread_facts({"base": base, "pilots": pilots}), 60) for pilots in (0.0, 2.0))
    there = [[e for e in m.ledger.notes if e[5] == "event" and e[2] != LEADING] for m in (plain, led)]
    assert there[0] == there[1]
    assert len(there[0]) > 50
    assert happened(led, "trial") != happened(plain, "trial")


def test_a_run_of_the_areas_alone_can_be_taken_up_again():
    straight = fingerprint(lived(FACTS, 120))
    model = lived(FACTS, 70)
    memory = {name: array.copy() for name, array in model.memory().items()}
    again = areas_alone(city(), steady(city(), PEOPLE, SHARES), FACTS, 1)
    again.remember(memory)
    again.live(50)
    assert fingerprint(again) == straight


def test_other_seeds_live_otherwise():
    assert fingerprint(lived(FACTS, 60)) == fingerprint(lived(FACTS, 60))
    assert fingerprint(lived(FACTS, 60)) != fingerprint(lived(FACTS, 60, seed=2))


def test_it_lives_in_another_city():
    facts = spread_facts({
        "leading": {"12101-1": 1.0}, "architect": {"12101-1": 1.0}, "pilots": 2.0, "base": dict.fromkeys(SERVICES, 0.1)
    })  # fmt: skip
    model = areas_alone(toy_city(), steady(toy_city(), 300_000, SHARES), facts, 1)
    model.live(60)
    model.state.check()
    assert happened(model, "live")


def test_an_outage_of_the_city_os_hits_every_linked_service_in_every_area_at_once():
    down, up = (lived(FACTS, 160), lived(spread_facts({"os_outages": 500.0}, quiet=False), 160))
    calm, shaken = down.spread, up.spread
    assert not happened(down, "outage") or len(happened(down, "outage")) < len(happened(up, "outage"))
    assert shaken.os.available == 700_000
    linked = shaken.linked & (shaken.stage == 2)
    assert (linked.sum(axis=1) > 0).sum() >= 3
    fresh = shaken.worth[shaken.stage == 2]
    shaken.os.available = 1_000_000
    whole = worth(shaken, Now(shaken, up, shaken._read, shaken.ground))
    ratio = fresh / whole[shaken.stage == 2]
    np.testing.assert_allclose(ratio[linked[shaken.stage == 2]], 0.7, rtol=1e-2)
    np.testing.assert_allclose(ratio[~linked[shaken.stage == 2]], 1.0, rtol=1e-2)
    assert calm.os.works


def test_without_users_services_end_and_the_others_see_it():
    hoped = {service: float(service != "infrastructure_monitoring") for service in SERVICES}
    none = spread_facts({"users_hoped": hoped, "trial_odds": 50.0, "felt_effect": 0.0}, quiet=False)
    model = lived(none, 160)
    ended = happened(model, "ended_users")
    assert len(ended) > 5
    assert not {service for _, _, service, _ in ended} & {"infrastructure_monitoring"}
    row, service = city().areas.code.index(ended[-1][1]), SERVICES.index(ended[-1][2])
    assert model.spread.record[row, service] < 0


def test_independence_is_lost_with_what_it_rests_on():
    model = lived(FACTS, 250)
    rows = np.flatnonzero(model.spread.independent)
    assert len(rows)
    with model.state.writing_all():
        model.spread.maturity[rows[0]] = 0.3
    model.step()
    assert not model.spread.independent[rows[0]]
    assert happened(model, "dependent")[-1][1] == city().areas.code[rows[0]]
    assert model.spread.standing[rows[0]] == 0


def test_a_cut_late_in_life_leaves_the_past_as_it_was():
    cut = FACTS.changed([Change("spread.budget_factor", 0.7, since=date(2030, 4, 1))])
    before = (2030 - 1900) * 12 + 3
    lives = [[note for note in lived(facts, 150).ledger.notes if note[0] < before] for facts in (FACTS, cut)]
    assert lives[0] == lives[1]


def test_areas_and_teams_know_what_is_theirs():
    model = usual()
    area = model.areas[city().areas.code.index(LEADING)]
    assert area.step >= 2
    assert len(area.services(2)) >= 3
    assert set(area.services(2)) | set(area.services(1)) | set(area.services(3)) <= set(SERVICES)
    here = [post.here for post in model.spread.architects]
    assert 1 <= sum(here) <= FACTS.number("spread.architects", date(2041, 4, 1))


def test_a_year_ends_with_what_the_roadmap_asks_for():
    notes = usual().ledger.notes
    last = max(month for month, name, *_ in notes if name == "link_cost_hub")
    year = {(name, group): value for month, name, _, group, value, _ in notes if month == last}
    assert 0.5 < year["os_available", "all"] <= 0.995
    assert year["link_cost_direct", "all"] > 0
    users = {group: value for (name, group), value in year.items() if name == "service_users"}
    for (name, group), value in year.items():
        if name == "link_users":
            assert value <= min(users[service] for service in group.split("+")) + 1e-6


def test_columns_stay_within_their_ranges():
    usual().state.check()


# -- with citizens -----------------------------------------------------------------------------


def test_without_supply_citizens_live_as_if_areas_had_no_services():
    alone, plain = coupled(off=("spread.supply",)), coupled(name="without_small_start")
    keep = lambda name: "citizens." in name or "counts" in name  # noqa: E731
    assert fingerprint(alone, keep) == fingerprint(plain, keep)
    assert fingerprint(coupled(), keep) != fingerprint(plain, keep)


def test_what_an_area_has_of_its_own_raises_use_there():
    ours = (Change("spread.budget_factor", 4.0, since=DAY), Change("spread.pilots", 6.0, since=DAY))
    everywhere = (*ours, Change("spread.leading", dict.fromkeys(city().areas.code, 1.0), since=DAY))
    with_it, without = (coupled(90, off, changes=everywhere) for off in ((), ("spread.supply",)))
    users = [model.census.users("maas").sum() for model in (with_it, without)]
    assert users[0] > 1.1 * users[1]


def test_citizens_bear_on_services_unless_switched_off():
    def events(model):
        return [note for note in model.ledger.notes if note[5] == "event"]

    shares = ({**SHARES, "maas": 0.02}, {**SHARES, "maas": 0.4})
    for off, same in (((), False), (("spread.citizens",), True)):
        given = [[steady(city(), PEOPLE, SHARES)[0], steady(city(), PEOPLE, share)[0]] for share in shares]
        lives = []
        for censuses in given:
            model = areas_alone(city(), censuses, FACTS, 1, off=off)
            model.live(150)
            lives.append(events(model))
        assert (lives[0] == lives[1]) is same


def test_an_area_has_the_better_of_the_city_and_its_own():
    model = coupled(2)
    row, j = 7, SERVICES.index("on_demand_transport")
    before = offer_of(model, TECHNOLOGIES)
    assert not supply(model)
    with model.state.writing_all():
        model.state["areas.spread.there"][row, j], model.state["areas.spread.worth"][row, j] = 1.0, 0.8
    after, maas = offer_of(model, TECHNOLOGIES), TECHNOLOGIES.index("maas")
    others = np.arange(60) != row
    np.testing.assert_array_equal(after.available[:, others], before.available[:, others])
    np.testing.assert_allclose(after.local[:, others], before.local[:, others], atol=1e-15)
    assert after.available[maas, row] == 1.0
    live, met = model.entry("services.live", SERVICES[j]), model.fact("services.met")
    benefit = 0.6
    wanted = 1 - (1 - before.quality[maas]) * (1 - met * benefit * 0.8) / (1 - met * benefit * live)
    assert after.local[maas, row] == pytest.approx(wanted)
    assert after.local[maas, row] > before.local[maas, row]


def test_the_sieve_lets_through_what_areas_own_services_make_likely(monkeypatch):
    plain = fingerprint(coupled(45))
    monkeypatch.setattr("twin.processes.adoption.sieve", lambda rate, curve, place, *bounds: np.full((13, 16, len(rate), 8), 255, np.uint8))  # fmt: skip
    assert fingerprint(coupled(45)) == plain


def test_a_coupled_run_can_be_taken_up_again():
    straight, model = fingerprint(coupled(50)), coupled(33)
    memory = {name: array.copy() for name, array in model.memory().items()}
    again = coupled(0)
    again.remember(memory)
    again.live(17)
    assert fingerprint(again) == straight


# -- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"leading": {"12109A01": 1.0}}, "spread.area"),
        ({"architect": {"12106A2": 1.0}}, "spread.area"),
        ({"architect": {LEADING: 2.0}}, "spread.architects"),
        ({"plan": {s: float(s == "self_driving") for s in SERVICES}}, "spread.order"),
        ({"plan": {s: {"self_driving": 1.0, "on_demand_transport": 2.0}.get(s, 0.0) for s in SERVICES}}, "spread.order"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_city_or_itself_is_refused(values, key):
    with pytest.raises(InputError) as refused:
        lived(spread_facts(values), 0)
    assert refused.value.key == key
    for lang in ("ja", "en"):
        assert refused.value.text(lang)
    if key == "spread.area":
        assert "12106A02" in refused.value.text("en") or "12101A01" in refused.value.text("en")


def test_a_run_is_refused_before_anything_is_written(tmp_path):
    from twin.run import Plan, run

    file = tmp_path / "mine.toml"
    file.write_text(
        'id = "mine"\ntitle = { ja = "題", en = "title" }\nquestion = { ja = "問い。", en = "Question?" }\n'
        'based_on = "baseline"\n\n[[change]]\nfact = "spread.architect"\nlabel = "12106A03"\nvalue = 2.0\n'
        'since = 2025-04-01\nwhy = { ja = "理由", en = "why" }\nsource = "test"\ncost_yen = 0\n', encoding="utf-8",
    )  # fmt: skip
    plan = Plan((Scenario.read(file, FACTS, known()),), (1,), None, 0.002, 5)
    with pytest.raises(InputError, match="Isobe is given 2 architects"):
        run(plan, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_areas_a_table_does_not_use_may_be_unknown():
    lived(spread_facts({"leading": {"12109A01": 0.0, LEADING: 1.0}}), 0)


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("spread.budget", "-1.0", "-1"),
        ("spread.budget_factor", "-0.3", "-0.3"),
        ("spread.architects", "61.0", "61"),
    ],
)
def test_a_negative_budget_is_refused_by_name_and_line(tmp_path, fact, value, said):
    file = tmp_path / "mine.toml"
    file.write_text(
        'id = "mine"\ntitle = { ja = "題", en = "title" }\nquestion = { ja = "問い。", en = "Question?" }\n'
        f'based_on = "baseline"\n\n[[change]]\nfact = "{fact}"\nvalue = {value}\nsince = 2025-04-01\n'
        'why = { ja = "理由", en = "why" }\nsource = "test"\ncost_yen = 0\n', encoding="utf-8",
    )  # fmt: skip
    with pytest.raises(InputError) as refused:
        Scenario.read(file, FACTS, known())
    assert fact in refused.value.text("ja")
    assert said in refused.value.text("en")


def test_weights_that_do_not_sum_are_refused():
    good = shares(np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    check_weights(good)
    for bad in (good * 1.01, good - 0.1 * np.eye(3)):
        with pytest.raises(InputError, match="add up"):
            check_weights(bad)


def test_a_change_reaches_the_process_from_its_month_on():
    late = spread_facts({}).changed(
        [
            Change("spread.pilots", 0.0, since=date(2015, 10, 1)),
            Change("spread.pilots", 2.0, since=date(2026, 4, 1)),
        ]
    )
    model = lived(late, 120)
    mine = [m for m, area, _, _ in happened(model, "trial") if area == LEADING]
    first = (2026 - 1900) * 12 + 3
    assert mine.count(first) == 2
    assert baseline().id == "baseline"


# -- the log a reader can follow ---------------------------------------------------------------


def test_every_kind_of_event_can_be_told_in_both_languages():
    from twin.messages import table
    from twin.processes.spread.events import KINDS as EVENTS

    assert {f"event.{kind}" for kind in EVENTS} <= set(table())


def test_the_story_names_area_service_and_fiscal_year():
    from twin.run.story import story

    lines = list(story(usual().ledger.notes, city(), "en", areas=(LEADING,)))
    assert lines[0].startswith("FY2022: Kaihin-Makuhari: ")
    assert any(line == "FY2022: Kaihin-Makuhari: trial of Shared rides on demand began" for line in lines)
    assert list(story(usual().ledger.notes, city(), "ja", kinds=("os_live",))) == [
        "2026年度：都市OSが稼働した"
    ]
    whole = list(story(usual().ledger.notes, city(), "ja"))
    assert len(whole) > 200
    assert any("を参考にした" in line for line in whole)


def test_a_model_that_is_no_longer_used_is_freed():
    import gc
    import weakref

    model = lived(FACTS, 1)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
