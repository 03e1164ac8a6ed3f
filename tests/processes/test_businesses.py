"""Businesses in a small world and in a small whole city: what a month does to whom."""

from dataclasses import replace
from datetime import date

import numba
import numpy as np
import pytest

from twin.agents.citizens import Day
from twin.facts import Facts
from twin.indicators.businesses import SIZES, raised_productivity
from twin.processes.businesses import citizens_telework, may_telework
from twin.processes.businesses.partners import SLOTS, share_using
from twin.run.plan import model_of
from twin.units import month_number
from twin.verification import engine
from twin.verification.firms import CENSUS, establishments, firms_world, in_business, logit_slopes
from twin.verification.worlds import city, with_values

NEWCOMER = 2**62 + 1
LETTERS = "ABCDEFGHIJKLMNOPQR"
Z = 4.5


def small_city(off=(), months=0, facts=None, fraction=0.01, businesses=True):
    """The baseline of a small whole city with the businesses' process in its list."""
    names = ("demography", "ties", *(("businesses",) if businesses else ()), "adoption", "card")
    scenario = replace(engine.baseline(), processes=names, off=tuple(off))
    facts = facts or Facts.read()
    model = model_of(city(), engine.beginning(fraction), scenario, facts, 1, fraction)
    model.start()
    model.live(months)
    return model


def some_firms(facts=None, off=(), months=0, extra=False, seed=1, copies=1):
    """The city's establishments, one citizen; with one business more when asked."""
    facts = facts or Facts.read()
    employees, industry = establishments(facts, CENSUS, copies)
    employees, industry = employees[::4], industry[::4]
    if extra:
        employees, industry = np.append(employees, 9), np.append(industry, 8)
    model = firms_world(employees, industry, facts, off=off, seed=seed)
    if extra:
        with model.state.writing_all():
            model.businesses.id[-1] = NEWCOMER
        model.start()
    model.live(months)
    return model


def column(model, name):
    return model.businesses.array(f"businesses.{name}")


def by_id(model, name):
    """A column by the business's id; partners as ids, so that rows do not matter."""
    ids, values = model.businesses.id, column(model, name)
    if name == "partners":
        values = np.where(values >= 0, ids[values], 0)
    keep = model.businesses.here
    return dict(zip(ids[keep].tolist(), values[keep].tolist(), strict=True))


# --- opening, growth, closing


@pytest.fixture(scope="module")
def lived():
    return small_city(months=20)


def test_as_many_open_and_close_as_the_rates_say():
    model = some_firms(months=12)
    firms = 27_826 / 4
    for name, rate in (("businesses_opened", 0.04), ("businesses_closed", 0.04)):
        found = np.sum(model.ledger.flows[name])
        wanted = firms * -np.expm1(-rate)
        assert found == pytest.approx(wanted, abs=Z * wanted**0.5), name
    opened, closed = (np.sum(model.ledger.flows[f"businesses_{w}"]) for w in ("opened", "closed"))
    assert model.businesses.here.sum() == 6957 + opened - closed


def test_small_businesses_close_more_often():
    model = some_firms()
    before = dict(zip(model.businesses.id.tolist(), model.businesses.employees.tolist(), strict=True))
    model.live(36)
    left = set(model.businesses.id[model.businesses.here].tolist())
    gone = {
        size: np.mean([i not in left for i, n in before.items() if size <= n < 5 * size]) for size in (1, 50)
    }
    assert gone[1] > 1.5 * gone[50] > 0


def test_whoever_loses_the_workplace_has_another_next_month(lived):
    people, firms = lived.citizens, lived.businesses
    works = people.here & (people.day == Day.WORK_IN_CITY)
    looking = np.flatnonzero(works & (people.work < 0))
    assert (people.here & (people.work >= 0) & (people.day != Day.WORK_IN_CITY)).sum() == 0
    assert firms.here[people.work[works & (people.work >= 0)]].all()
    ids = people.id[looking]
    lived.step()
    people = lived.citizens
    rows = np.flatnonzero(np.isin(people.id, ids) & people.here & (people.day != Day.HOME))
    found = people.work[rows]
    assert len(found) > 0
    assert (found >= 0).mean() > 0.8  # some of the new ones may close again, some find no free place
    assert (people.day[rows[found < 0]] == Day.WORK_OUTSIDE).all() or (found >= 0).all()


def test_rows_are_freed_in_april_and_references_follow():
    model = small_city(months=5)  # the last month lived is February
    people, firms = model.citizens, model.businesses
    assert (~firms.here).any()
    assert (firms.employees[~firms.here] == 0).all()
    model.step()
    workplace = {int(i): int(firms.id[w]) for i, w in zip(people.id, people.work, strict=True) if w >= 0}
    gone = {int(i) for i in firms.id[~firms.here]}
    model.step()
    assert len(gone & {int(i) for i in firms.id}) == 0
    people, firms = model.citizens, model.businesses
    still = [
        workplace[int(i)] == int(firms.id[w])
        for i, w in zip(people.id, people.work, strict=True)
        if int(i) in workplace and w >= 0 and workplace[int(i)] not in gone
    ]
    assert np.mean(still) > 0.97  # the others changed their place of work
    partners = column(model, "partners")
    assert partners.max() < firms.rows
    model.state.check()


def test_sizes_stay_plausible_and_places_follow_the_people_for_twenty_years():
    model = some_firms()
    first, spread = model.businesses.employees.sum(), np.log(model.businesses.employees).std()
    model.live(240)
    employees = model.businesses.employees[model.businesses.here]
    assert employees.sum() == pytest.approx(first, rel=0.03)  # the one citizen stays of working age
    assert np.log(employees).std() == pytest.approx(spread, abs=0.15)
    assert 1 <= employees.min() <= np.median(employees) <= 8
    assert employees.max() < 5000
    assert model.businesses.here.sum() == pytest.approx(27_826 / 4, rel=0.15)


# --- one business more, couplings, switches


def test_one_business_more_changes_nobody_without_peers_and_partners():
    off = ("businesses.peers", "businesses.partners")
    plain, crowded = some_firms(off=off, months=14), some_firms(off=off, months=14, extra=True)
    of_newcomer = {
        int(plain.chance.new_ids("businesses: opening", month, [NEWCOMER])[0])
        for month in range(plain.month - 14, plain.month)
    }
    for name in ("stage", "since", "skill", "raised", "short", "telework"):
        a, b = by_id(plain, name), by_id(crowded, name)
        assert set(b) - set(a) <= {NEWCOMER} | of_newcomer
        assert all(b[i] == value for i, value in a.items()), name


def test_one_business_more_becomes_a_partner_of_few():
    plain, crowded = some_firms(), some_firms(extra=True)
    a, b = by_id(plain, "partners"), by_id(crowded, "partners")
    changed = [i for i in a if a[i] != b[i]]
    assert 0 < len(changed) < 30
    for i in changed:
        assert all(y in (x, NEWCOMER) for x, y in zip(a[i], b[i], strict=True))


def test_with_turnover_off_nobody_else_is_touched():
    """The process draws for its own purposes alone: all else of the run is the same to the bit."""
    without = small_city(businesses=False, months=engine.MONTHS)
    with_it = small_city(off=("businesses.turnover",), months=engine.MONTHS)
    own = (
        "state/businesses.businesses.",
        "process.businesses/",
        "ledger/flow.businesses_",
        "ledger/flow.firms",
        "ledger/flow.staff",
        "ledger/notes",
    )
    others = lambda name: not name.startswith(own)  # noqa: E731
    assert engine.fingerprint(without, others) == engine.fingerprint(with_it, others)


def test_turnover_moves_work_and_ties_but_nobody_s_life():
    without, with_it = (small_city(businesses=b, months=engine.MONTHS) for b in (False, True))
    for name in ("births", "deaths", "arrivals", "departures", "moved_in", "moved_out"):
        assert np.array_equal(without.ledger.flows[name], with_it.ledger.flows[name]), name
    assert not np.array_equal(without.citizens.work, with_it.citizens.work)


@pytest.mark.parametrize(
    ("switch", "fact", "value"),
    [
        ("businesses.peers", None, None),
        ("businesses.partners", None, None),
        ("businesses.labour", None, None),
        ("businesses.subsidy", "firms.subsidy", 1.0),
        ("businesses.city_os", "firms.city_os", 1.0),
    ],
)
def test_each_coupling_speeds_digital_tools_up_and_its_switch_takes_it_back(switch, fact, value):
    base = Facts.read()
    facts = with_values(base, {fact: value}) if fact else base
    on, off = some_firms(facts, months=48), some_firms(facts, off=(switch,), months=48)
    users = [np.mean(in_business(model)[1]) for model in (on, off)]
    assert users[0] > users[1] + 0.004
    for name in ("id", "employees", "industry"):  # the businesses themselves are the same
        assert np.array_equal(on.businesses.array(name), off.businesses.array(name))
    if fact:
        assert np.array_equal(column(off, "stage"), column(some_firms(months=48), "stage"))


def test_measures_reach_the_same_first_ones_as_they_grow():
    facts = Facts.read()
    some, more = (some_firms(with_values(facts, {"firms.subsidy": s}), months=24) for s in (0.2, 0.6))
    a, b = by_id(some, "stage"), by_id(more, "stage")
    assert all(b[i] >= stage for i, stage in a.items())  # nobody is slower for others' subsidies


def test_training_and_city_data_raise_productivity():
    facts = Facts.read()
    found = []
    for values in ({}, {"firms.training": 1.0}, {"firms.city_os": 1.0}):
        model = some_firms(with_values(facts, values), off=("businesses.turnover",), months=48, copies=4)
        users = column(model, "stage") > 0
        found.append(np.mean(column(model, "raised")[users] > model.month - 13))
    assert found[1] > found[0] + 0.02
    assert found[2] > found[0] + 0.01  # less, as it also brings users who have just begun


# --- digital stages


def test_one_stage_a_month_at_most_and_none_is_lost():
    facts = with_values(Facts.read(), {
        "firms.start": 1e6, "firms.climb": {"1": 1e6, "2": 1e6, "3": 1e6},
    })  # fmt: skip
    model = some_firms(facts, off=("businesses.turnover",))
    before = column(model, "stage").copy()
    for month in range(1, 6):
        model.step()
        assert np.array_equal(column(model, "stage"), np.minimum(before + month, 4))
        began = column(model, "since") == model.month - 1
        assert np.array_equal(began, (before + month) <= 4)


def test_new_businesses_are_as_digital_as_their_like():
    model = some_firms(months=36, copies=4)
    firms = model.businesses
    young = firms.id >= 4 * 27_826  # those of the census are numbered, the others named by a hash
    design = np.column_stack([np.log(np.maximum(firms.employees, 1)), young])
    _, odds, _ = logit_slopes(design[firms.here], column(model, "stage")[firms.here] > 0)
    assert young[firms.here].sum() > 2500
    assert abs(odds) < 0.25


def test_peers_are_seen_as_they_were_when_the_month_began():
    partners = np.array([[1, 2, -1, -1], [-1, -1, -1, -1], [0, 1, 2, 0]], np.int32)
    uses = np.array([True, False, True])
    assert share_using(partners, uses) == pytest.approx([0.5, 0.0, 0.75])


def test_partners_are_of_the_own_industry_as_often_as_said_and_larger_than_most():
    model = some_firms()
    firms, partners = model.businesses, column(model, "partners")
    has = partners >= 0
    assert has.mean() > 0.99
    own = firms.industry[partners] == firms.industry[:, None]
    engaged = model.table("businesses.employees")
    share = np.array([engaged[letter] for letter in LETTERS]) / sum(engaged.values())
    by_chance = share[firms.industry].mean()
    same = model.fact("firms.same_industry")
    wanted = same + (1 - same) * by_chance
    assert own[has].mean() == pytest.approx(wanted, abs=Z * (wanted * (1 - wanted) / has.sum()) ** 0.5 + 0.01)
    assert np.median(firms.employees[partners[has]]) > 1.5 * np.median(firms.employees)
    assert not (partners == np.arange(firms.rows)[:, None]).any()
    assert partners.shape[1] == len(SLOTS)


# --- telework


def test_who_may_telework_by_hand():
    day = np.array(
        [Day.WORK_IN_CITY, Day.WORK_IN_CITY, Day.WORK_OUTSIDE, Day.WORK_OUTSIDE, Day.HOME, Day.WORK_IN_CITY]
    )
    work = np.array([0, 1, -1, -1, -1, -1])
    draw = np.array([0.5, 0.5, 0.3, 0.5, 0.0, 0.0])
    found = may_telework(
        day, work, draw, np.array([True, False]), np.array([1, 0]), np.array([0.9, 0.6]), outside=0.4
    )
    assert found.offered.tolist() == [True, False, True, False, False, False]
    assert found.allowed.tolist() == [True, True, True, False, False, False]


def test_telework_without_any_business():
    found = may_telework(
        np.array([Day.WORK_OUTSIDE]), np.array([-1]), np.array([0.1]), np.zeros(0, bool), np.zeros(0, int),
        np.array([0.5]), outside=0.4,
    )  # fmt: skip
    assert found.offered.tolist() == found.allowed.tolist() == [True]


def test_larger_and_more_digital_businesses_offer_telework(lived):
    firms = lived.businesses
    offers, stage = column(lived, "telework"), column(lived, "stage")
    here = firms.here
    assert offers[here & (firms.employees >= 50)].mean() > 2 * offers[here & (firms.employees < 10)].mean()
    assert offers[here & (stage > 0)].mean() > 1.5 * offers[here & (stage == 0)].mean()
    assert not offers[~here].any()


def test_outside_the_city_the_region_s_share_teleworks(lived):
    people = lived.citizens
    outside = people.here & (people.day == Day.WORK_OUTSIDE)
    found = citizens_telework(lived)
    wanted = lived.fact("firms.telework_outside")
    got = (found.offered & found.allowed)[outside].mean()
    assert got == pytest.approx(wanted, abs=Z * (wanted * (1 - wanted) / outside.sum()) ** 0.5)
    assert not found.offered[people.day == Day.HOME].any()


# --- indicator 7


def test_indicator_seven_by_hand():
    here = np.array([True, True, True, False, True])
    employees = np.array([5, 6, 2000, 40, 3])
    area = np.array([0, 0, 1, 1, 0])
    month = month_number(date(2026, 3, 1))
    raised = np.array([month - 11, month - 12, month, month, 0])
    counted, asked = raised_productivity(here, employees, area, raised, month, 2)
    assert counted.shape == asked.shape == (2, len(SIZES))
    assert (counted.sum(), asked.sum()) == (2, 4)
    assert (counted[0, 0], asked[0, 0], asked[0, 1], counted[1, -1]) == (1, 2, 1, 1)
    counted, asked = raised_productivity(here, employees, area, raised, month, 2, by_employees=True)
    assert (counted.sum(), asked.sum()) == (2005, 2014)


def test_by_employees_the_share_is_two_to_three_times_as_large():
    model = some_firms(months=33)
    firms = model.businesses
    shares = []
    for by_employees in (False, True):
        counted, asked = raised_productivity(
            firms.here, firms.employees, firms.area, column(model, "raised"), model.month - 1,
            len(model.areas), by_employees=by_employees,
        )  # fmt: skip
        shares.append(counted.sum() / asked.sum())
    assert 1.8 < shares[1] / shares[0] < 3.5


# --- memory and wrong facts


def test_a_restart_in_mid_year_changes_nothing():
    straight = some_firms(months=18)
    model = some_firms(months=9)
    again = some_firms()
    again.remember({name: np.array(values) for name, values in model.memory().items()})
    again.live(9)
    assert engine.fingerprint(straight) == engine.fingerprint(again)


def test_the_number_of_threads_does_not_matter():
    """More businesses than one thread draws for, so that others really join in."""
    found, most = [], numba.get_num_threads()
    for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
        numba.set_num_threads(threads)
        found.append(engine.fingerprint(some_firms(months=8, copies=6)))
    numba.set_num_threads(most)
    assert found[0] == found[1]


def test_a_share_above_one_is_refused():
    from twin.errors import FactError
    from twin.facts import Change

    with pytest.raises(FactError, match=r"firms\.subsidy"):
        Facts.read().changed([Change("firms.subsidy", 1.2, since=CENSUS)])
