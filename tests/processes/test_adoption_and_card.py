"""Adoption and the card on a small whole city: what a month does to whom."""

from datetime import date

import numpy as np
import pytest

from twin.facts import Facts
from twin.kernels.adoption import STOPPED, USES
from twin.processes.rates import CARD, DEVICE, NET
from twin.units import month_number
from twin.verification.engine import city_model
from twin.verification.worlds import with_values


@pytest.fixture(scope="module")
def lived():
    return city_model(months=20)


def stages(model):
    return model.citizens.array("adoption.stage")


def test_shares_at_the_census_are_those_of_the_facts():
    model = city_model(fraction=0.05)
    age = (model.month - model.citizens.born.astype(int)) // 12
    for technology, key in ((DEVICE, "adoption.share_device"), (NET, "adoption.share_net")):
        for low, high in ((30, 39), (60, 69), (80, 89)):
            group = (age >= low) & (age <= high)
            wanted = model.curve(key, age[group]).mean()
            got = (stages(model)[group, technology] == USES).mean()
            assert got == pytest.approx(wanted, abs=4.5 * (wanted * (1 - wanted) / group.sum()) ** 0.5)


def test_ability_goes_with_use_within_an_age():
    model = city_model(fraction=0.05)
    age = (model.month - model.citizens.born.astype(int)) // 12
    seventies = (age >= 70) & (age < 80)
    uses = stages(model)[:, NET] == USES
    ability = model.citizens.ability
    assert ability[seventies & uses].mean() > ability[seventies & ~uses].mean() + 0.2


def test_internet_services_need_a_device_at_home(lived):
    people = lived.citizens
    here = people.here
    with_device = np.zeros(lived.households.rows, bool)
    with_device[people.household[here & (stages(lived)[:, DEVICE] == USES)]] = True
    users = here & (stages(lived)[:, NET] == USES)
    # a device given up this month shows in its household next month
    assert with_device[people.household[users]].mean() > 0.999


def test_refusers_never_take_a_card(lived):
    refuses = (lived.citizens.array("adoption.refuses") >> CARD) & 1 == 1
    assert 0.06 < refuses.mean() < 0.10
    assert not (stages(lived)[refuses & lived.citizens.here, CARD] == USES).any()


def test_every_card_held_has_an_expiry_ahead(lived):
    people = lived.citizens
    holds = people.here & (stages(lived)[:, CARD] == USES)
    expires = people.array("card.expires")[holds]
    assert (expires >= lived.month).all()
    assert (expires <= lived.month + 120).all()
    born = people.born[holds].astype(int)
    assert ((expires - born) % 12 == 0).all()  # on a birthday
    assert (people.array("card.expires")[people.here & (stages(lived)[:, CARD] == STOPPED)] == 0).all()


def test_a_card_not_renewed_is_given_up():
    facts = with_values(Facts.read(), {"card.renewal": {"0": 0.0, "120": 0.0}})
    model = city_model(facts=facts)
    expires = model.citizens.array("card.expires")
    due = model.citizens.id[(expires > 0) & (expires == model.month + 1) & model.citizens.here]
    assert len(due) > 0
    model.live(2)
    people = model.citizens
    rows = np.flatnonzero(np.isin(people.id, due) & people.here)
    assert (stages(model)[rows, CARD] == STOPPED).all()
    flows = model.ledger.flows["cards_expired"]
    assert sum(int(flow.sum()) for flow in flows) >= len(rows)


def test_without_expiry_no_card_ends():
    model = city_model(off=("card.expiry",), months=6)
    assert "cards_expired" not in model.ledger.flows


def test_a_minor_s_card_lasts_five_birthdays(lived):
    people, card = lived.citizens, next(p for p in lived.processes if p.name == "card")
    month = month_number(date(2022, 6, 1))
    child = np.flatnonzero(people.here & (month - people.born.astype(int) < 10 * 12))[:20]
    adult = np.flatnonzero(people.here & (month - people.born.astype(int) > 30 * 12))[:20]
    for rows, birthdays in ((child, 5), (adult, 10)):
        expiry = card._expiry(lived, rows, np.full(len(rows), month))
        assert ((expiry - month > 12 * (birthdays - 1)) & (expiry - month <= 12 * birthdays)).all()


def test_areas_and_citizens_answer_as_mesa_agents_do(lived):
    assert sum(lived.areas.get("people")) == len(lived.select())
    busiest = lived.areas.select(lambda area: area.people == max(lived.areas.get("people")))
    assert len(busiest) == 1
    by_area = {area: len(part) for area, part in lived.select().groupby("area")}
    assert all(by_area[area.row] == area.people == len(area.rows) for area in lived.areas)
    assert 0.6 < busiest[0].share("net") < 1
