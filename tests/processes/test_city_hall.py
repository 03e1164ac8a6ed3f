"""The city hall on a small whole city: what comes up, what is filed online, and what moves it."""

from datetime import date

import numpy as np
import pytest

from tests.processes.paired import last_year
from twin.facts import Change, Facts
from twin.indicators import awareness_of_online_services, online_procedures, online_types
from twin.kernels.hazards import HEAR
from twin.processes.city_hall import procedures_of
from twin.processes.rates import EGOV, rates_of
from twin.results.census import GROUPS, Census, groups_in
from twin.units import month_number
from twin.verification.engine import baseline, city_model, fingerprint
from twin.verification.worlds import with_values

MONTHS = 24
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def lived():
    return city_model(months=MONTHS)


def flow(model, name):
    """(months, areas) of a flow."""
    return np.array(model.ledger.flows[name])


def types(model):
    return [name.removeprefix("filed_") for name in model.ledger.flows if name.startswith("filed_")]


def level(service, value):
    return Change("services.live", value, since=baseline().census, label=service)


def paired(indicator, more, less, **asked):
    """More less the other, seed by seed."""
    runs = [[city_model(s, changes=c, months=MONTHS, **asked) for c in (more, less)] for s in SEEDS]
    return np.array([last_year(a, indicator) - last_year(b, indicator) for a, b in runs])


# -- what comes up -----------------------------------------------------------------------------


def test_online_is_never_more_than_filed_in_any_area_month_and_type(lived):
    assert len(types(lived)) == 17
    for name in types(lived):
        filed, online = flow(lived, f"filed_{name}"), flow(lived, f"online_{name}")
        assert (online >= 0).all(), name
        assert (online <= filed).all(), name
        assert filed.sum() > 0, name


def test_types_add_up_to_the_totals(lived):
    for part, whole in (("filed_", "procedures"), ("online_", "procedures_online")):
        added = sum(flow(lived, part + name) for name in types(lived))
        np.testing.assert_array_equal(added, flow(lived, whole))


def test_time_at_the_counters_is_that_of_what_is_not_filed_online(lived):
    minutes = Facts.read().table("procedures.minutes", baseline().start)
    by_hand = sum(
        (flow(lived, f"filed_{name}") - flow(lived, f"online_{name}")) * minutes[name]
        for name in types(lived)
    )
    np.testing.assert_array_equal(by_hand, flow(lived, "window_minutes"))


def test_rounding_leaves_the_expected_number(lived):
    volume = Facts.read().table("procedures.volume", baseline().start)
    people = lived.ledger.counts[:-1]
    for name, base in (("certificates", "18+"), ("school", slice(1, 3)), ("care", "75+")):
        ages = groups_in(base) if isinstance(base, str) else base
        wanted = sum(counts[:, ages, 0].sum() for counts in people) * volume[name] / 12
        got = flow(lived, f"filed_{name}")[1:].sum()
        cells = len(people) * lived.ledger.areas
        assert got == pytest.approx(wanted, abs=4.5 * 0.5 * cells**0.5)  # of a rounded cell: sd at most 1/2


def test_six_million_a_year_four_fifths_of_them_on_offer_at_the_end_of_fiscal_2021():
    model = city_model(months=month_number(date(2022, 4, 1)) - month_number(baseline().census))
    now = procedures_of(model)
    volume = (model.census.people @ now.causes.T * now.volume).sum(axis=0)
    assert 5.5e6 < 12 * volume.sum() / model.fraction < 6.5e6
    said = Facts.read().number("history.online_procedures_offered", date(2022, 3, 31))
    assert (volume * now.offered).sum() / volume.sum() == pytest.approx(said, abs=0.01)


# -- what moves it -----------------------------------------------------------------------------


def test_more_procedures_online_raise_indicator_13_in_every_seed():
    more, less = [level("online_procedures", 1.0)], [level("online_procedures", 0.4)]
    assert (paired(online_procedures, more, less) > 0.03).all()


def test_skilled_staff_raise_indicator_13_in_every_seed_unless_switched_off():
    more, less = [level("staff_skills", 1.0)], [level("staff_skills", 0.0)]
    assert (paired(online_procedures, more, less) > 0.03).all()
    assert (paired(online_procedures, more, less, off=("city_hall.skills",)) == 0).all()


def test_notices_raise_indicator_14_in_every_seed():
    # the same services on offer; only what is heard of them differs
    for seed in SEEDS:
        heard, quiet = (
            city_model(seed, off, [level("push_notices", 1.0)], months=MONTHS)
            for off in ((), ("city_hall.notices",))
        )
        aware, deaf = (last_year(m, awareness_of_online_services) for m in (heard, quiet))
        assert aware > deaf + 0.01


def test_notices_are_an_added_rate_of_hearing_of_the_city_s_online_services_only():
    plain = rates_of(city_model(changes=[level("push_notices", 0.0)])).rate[:, HEAR]
    told = rates_of(city_model(changes=[level("push_notices", 0.6)])).rate[:, HEAR]
    added = np.zeros(len(plain))
    added[EGOV] = 0.6 * Facts.read().number("procedures.notice_rate", baseline().census) / 12
    np.testing.assert_allclose(told - plain, added, atol=1e-15)


def test_without_notices_the_switch_changes_nothing():
    none = [level("push_notices", 0.0)]
    on, off = (city_model(changes=none, off=off, months=6) for off in ((), ("city_hall.notices",)))
    assert fingerprint(on) == fingerprint(off)


def test_cards_that_are_not_renewed_keep_off_the_net_what_needs_a_card_and_nothing_else():
    short = {"card.validity": {"adult": 1.0, "minor": 1.0}}
    kept, gone = (
        city_model(facts=with_values(Facts.read(), {**short, "card.renewal": {"0": share, "120": share}}),
                   off=("adoption.peers",), months=MONTHS)
        for share in (1.0, 0.0)
    )  # fmt: skip
    card = Facts.read().table("procedures.card", baseline().start)
    for name in types(kept):
        online, fewer = (flow(model, f"online_{name}")[-12:] for model in (kept, gone))
        assert (fewer <= online).all(), name
        assert (card[name] > 0) or (fewer == online).all(), name
    certificates = [flow(model, "online_certificates")[-12:].sum() for model in (gone, kept)]
    assert certificates[0] < 0.5 * certificates[1]
    assert last_year(gone, online_procedures) < last_year(kept, online_procedures) - 0.01


def test_without_the_condition_of_a_card_more_is_filed_online():
    with_card, without = (city_model(off=off, months=MONTHS) for off in ((), ("city_hall.card",)))
    assert flow(without, "online_certificates").sum() > 1.5 * flow(with_card, "online_certificates").sum()
    np.testing.assert_array_equal(flow(without, "online_library"), flow(with_card, "online_library"))


# -- the indicators ----------------------------------------------------------------------------


def test_indicator_13_by_volume_and_by_type_by_hand():
    people = np.zeros((2, len(GROUPS), 30), np.int64)
    flows = {
        "filed_big": np.array([80, 10]), "online_big": np.array([70, 2]),
        "filed_small": np.array([4, 6]), "online_small": np.array([1, 0]),
        "filed_none": np.array([0, 0]), "online_none": np.array([0, 0]),
        "procedures": np.array([84, 16]), "procedures_online": np.array([71, 2]),
    }  # fmt: skip
    census = Census(0, people, flows)
    counted, asked = online_procedures(census)
    assert counted.sum() / asked.sum() == 73 / 100
    counted, asked = online_types(census)
    assert asked.sum() == pytest.approx(2)
    assert counted.sum() / asked.sum() == pytest.approx((72 / 90 + 1 / 10) / 2)


def test_a_run_without_the_city_hall_has_no_indicator_13():
    census = Census(0, np.ones((2, len(GROUPS), 30), np.int64))
    for answer in (online_procedures, online_types):
        counted, asked = answer(census)
        assert counted.shape == asked.shape == (2,)
        assert asked.sum() == 0
