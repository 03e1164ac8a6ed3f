"""Utility, revenue, subscription and cars given up: by hand, and the anchors of the survey."""

from datetime import date

import numpy as np
import pytest
from scipy.special import expit

from twin.facts import Facts
from twin.travel.choice import MODES, nested, nests_of
from twin.travel.maas import (
    GivingUp,
    Subscribing,
    consumer_surplus,
    gives_up_car,
    level_for,
    realised,
    subscribe_odds,
)
from twin.travel.utility import Offered, Tastes, revenue, utility

DAY, FACTS = date(2022, 4, 1), Facts.read()
TASTES = Tastes.read(FACTS, DAY)


def test_utility_by_hand():
    offered = Offered(ride=20.0, wait=5.0, walk=10.0, transfers=1.0, yen=200.0)
    minutes = 20 + 2 * 5 + 1.8 * 10 + 8
    assert utility(offered, TASTES, constant=0.4) == pytest.approx(0.4 - 0.045 * minutes - 0.0015 * 200)
    assert utility(offered, TASTES, discount=0.5) == pytest.approx(-0.045 * minutes - 0.0015 * 100)
    assert TASTES.value_of_time == pytest.approx(FACTS.number("travel.value_of_time", DAY))


def test_an_endless_wait_is_as_good_as_not_available():
    offered = Offered(ride=np.full(8, 10.0), wait=np.where(np.array(MODES) == "on_demand", np.inf, 0.0))
    share = nested(utility(offered, TASTES), nests_of(FACTS.table("travel.theta", DAY))).share
    assert share[MODES.index("on_demand")] == 0


def test_revenue_is_fares_times_trips():
    share = np.array([[0.25, 1.0], [0.75, 0.0]])
    fare = np.array([[200.0], [500.0]])
    assert revenue(
        share, Offered(0.0, yen=fare), trips=np.array([4, 3]), discount=[[0.5], [0.0]]
    ).tolist() == [
        0.5 * 200 * (1 + 3),
        500 * 3,
    ]


def test_a_fare_made_free_is_worth_the_area_under_demand():
    """Gain by logsums against the fare integrated over the share that rides."""
    nests, fares = nests_of(FACTS.table("travel.theta", DAY)), np.linspace(0, 400, 4001)
    bus = (np.array(MODES) == "bus")[:, None]
    at = nested(utility(Offered(np.full((8, 1), 15.0), yen=bus * fares), TASTES), nests)
    gain = consumer_surplus(at.logsum[:1], at.logsum[-1:], TASTES.cost, np.array([0]), 1)
    assert gain[0] == pytest.approx(np.trapezoid(at.share[MODES.index("bus")], fares), rel=1e-6)


def test_gains_are_summed_by_person_and_month():
    gain = consumer_surplus(
        np.array([1.0, 2.0, 3.0]),
        np.array([0.5, 2.0, 2.7]),
        -0.001,
        np.array([2, 0, 2]),
        4,
        times=[20, 8, 10],
    )
    assert gain == pytest.approx([0, 0, 500 * 20 + 300 * 10, 0])


def test_subscription_by_hand_and_what_moves_it():
    moved = Subscribing(value=0.5, peers=1.0, app=0.7)
    odds = subscribe_odds(moved, -3.0, gain=[6000, 10_000], fee=8000, peers=[0.0, 0.3], app=[False, True])
    assert odds == pytest.approx([-3 - 1, -3 + 1 + 0.3 + 0.7])
    real = Subscribing.read(FACTS, DAY)
    assert min(real) > 0
    cheaper = subscribe_odds(real, -3.0, 6000, fee=5000, peers=0.1, app=True)
    assert cheaper > subscribe_odds(real, -3.0, 6000, fee=8000, peers=0.1, app=True)


def test_the_level_meets_a_known_share():
    odds = np.random.default_rng(1).normal(scale=2, size=2000)
    for share in (0.001, 0.05, 0.9):
        assert expit(level_for(share, odds) + odds).mean() == pytest.approx(share, rel=1e-9)


def test_stated_answers_become_the_prior_of_the_notes():
    stated = np.array(list(FACTS.table("travel.subscription.stated", DAY).values()))
    real = np.array(list(FACTS.table("travel.subscription.real", DAY).values()))
    prior = FACTS["travel.subscription.realised"]
    assert realised(stated, real) == pytest.approx(
        FACTS.number("travel.subscription.realised", DAY), abs=5e-4
    )
    assert realised(stated, np.array([0.1, 0.0])) == pytest.approx(prior.low, abs=5e-4)
    assert realised(stated, np.array([0.6, 0.15])) == pytest.approx(prior.high, abs=2e-3)


def test_cars_given_up_by_hand_and_at_the_survey_s_anchor():
    moved = GivingUp(rate=0.02, gain=0.28, age=0.3, licence=1.5)
    chance = gives_up_car(moved, gain=[0, 1000, 0, 0], age=[40, 40, 85, 85], returned=[0, 0, 0, 1])
    rate = [0.02, 0.02 * np.exp(0.28), 0.02 * np.exp(0.6), 0.02 * np.exp(0.6) + 1.5]
    assert chance == pytest.approx(1 - np.exp(-np.array(rate)))
    real = GivingUp.read(FACTS, DAY)
    keen = FACTS.table("travel.car.stated", DAY)["one"] * FACTS.table("travel.subscription.real", DAY)["very"]
    assert gives_up_car(real, 8000, 40, False) == pytest.approx(keen, abs=0.005)
