"""The likelihood against a computation by hand and against the kernel; hazards put in come back."""

import math
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest

from tests.inference.people import crowd, tiny
from twin.facts import Facts
from twin.inference import (
    SOURCES,
    Hazards,
    exposure,
    files,
    fit,
    interval,
    live,
    log_likelihood,
    personal_thresholds,
    read,
)

HAZARDS = Hazards(alone=0.1, peers=0.5, crowd=0.8)
THRESHOLDS = np.array([3000, 5000, 10_000], np.uint16)
HISTORIES = list(product(range(1, 5), repeat=3))


def by_hand(began):
    """Chance that the three of ``tiny`` begin so, from the equation on paper."""
    names = {0: [1, 2], 1: [0], 2: [0]}
    whole = 1.0
    for person, circle in names.items():
        mean = 0.0
        for threshold in THRESHOLDS:
            chance = 1.0
            for step in (1, 2, 3):
                if began[person] < step:
                    break
                s = sum(began[other] < step for other in circle) / len(circle)
                h = 0.1 + 0.5 * s + 0.8 * s * (s * 10_000 >= threshold)
                chance *= 1 - math.exp(-h) if began[person] == step else math.exp(-h)
            mean += chance / len(THRESHOLDS)
        whole *= mean
    return whole


def chances(hazards=HAZARDS):
    people = tiny()
    return [
        math.exp(
            log_likelihood(exposure(replace(people, began=np.array(h)), people.weight(), THRESHOLDS), hazards)
        )
        for h in HISTORIES
    ]


def test_equals_a_computation_by_hand_for_every_history():
    assert np.allclose(chances(), [by_hand(h) for h in HISTORIES], rtol=1e-12, atol=0)


def test_all_histories_together_are_certain():
    assert sum(chances()) == pytest.approx(1, abs=1e-12)


def test_the_kernel_lives_histories_as_often_as_the_likelihood_says():
    worlds = 40_000
    lived = live(tiny().copies(worlds), tiny().weight(), HAZARDS, THRESHOLDS, seed=1).reshape(worlds, 3)
    found = np.bincount((lived - 1) @ [16, 4, 1], minlength=64)
    expected = worlds * np.array(chances())

    def chi2(wanted):
        return ((found - wanted) ** 2 / wanted)[wanted > 5].sum()

    assert chi2(expected) < 63 + 5 * math.sqrt(2 * 63)
    other = worlds * np.array(chances(HAZARDS._replace(crowd=0.6)))
    assert chi2(other) > 63 + 5 * math.sqrt(2 * 63)


def test_a_layer_alone_is_listened_to():
    people = tiny()
    near = exposure(people, people.weight("near"), THRESHOLDS).s
    far = exposure(people, people.weight("far"), THRESHOLDS).s
    assert near[1].tolist() == [0, 1, 0]  # in step 2 person 1 sees 0, who began in step 1
    assert far[1].tolist() == [0, 0, 1]
    assert near[2].tolist() == [1, 1, 0]


def lived_by(people, hazards, thresholds=THRESHOLDS, seed=1):
    return replace(people, began=live(people, people.weight(), hazards, thresholds, seed))


@pytest.mark.parametrize("hazards", [Hazards(0.05), Hazards(0.05, 0.2), Hazards(0.04, 0.1, 0.4)])
def test_hazards_put_in_come_back_on_a_made_network(hazards):
    seen = exposure(lived_by(crowd(), hazards), crowd().weight(), THRESHOLDS)
    best = fit(seen, Hazards._fields)
    assert 0 <= best.loglik - log_likelihood(seen, hazards) < 12
    for name in Hazards._fields:
        low, high = interval(seen, best, name, level=0.9999)
        assert low <= getattr(hazards, name) <= high
        assert high - low < 0.6


def test_the_threshold_part_shows_only_where_it_is():
    gains = []
    for crowded in (0.0, 0.6):
        seen = exposure(lived_by(crowd(), Hazards(0.05, 0.1, crowded)), crowd().weight(), THRESHOLDS)
        gains.append(fit(seen, ("alone", "peers")).aic - fit(seen, Hazards._fields).aic)
    assert gains[0] < 6
    assert gains[1] > 10


def test_external_hazard_alone_has_its_closed_form():
    seen = exposure(lived_by(crowd(), Hazards(0.07)), crowd().weight(), THRESHOLDS)
    best = fit(seen, ("alone",))
    begins, asked = seen.begins.sum(), (seen.begins | seen.waits).sum()
    assert best.hazards.alone == pytest.approx(-math.log1p(-begins / asked), abs=1e-6)
    for bound in interval(seen, best, "alone"):
        assert best.loglik - log_likelihood(seen, Hazards(bound)) == pytest.approx(1.9207, abs=0.1)


def test_what_moves_everybody_at_one_time_passes_for_peers_only_without_levels():
    people = crowd(people=500, places=4, steps=8).everybody()
    rng = np.random.default_rng(2)
    rising = np.linspace(0.02, 0.4, people.steps)  # nobody listens to anybody
    begins = rng.random((people.steps, len(people))) < 1 - np.exp(-rising[:, None])
    people = replace(people, began=np.where(begins.any(axis=0), begins.argmax(axis=0) + 1, people.steps + 1))
    seen = exposure(people, people.weight(), THRESHOLDS[:1])
    assert fit(seen, ("alone", "peers")).loglik - fit(seen, ("alone",)).loglik > 20
    assert fit(seen, ("peers",), levels=True).loglik - fit(seen, (), levels=True).loglik < 5


def test_thresholds_are_those_of_the_process():
    found = personal_thresholds(Facts.read(), date(2022, 4, 1))
    assert found.mean() == pytest.approx(2500, abs=15)  # a beta(2, 6) has mean 1/4, sd 0.1443
    assert found.std() == pytest.approx(1443, abs=40)


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("layer", range(3))
def test_hazards_put_in_come_back_on_real_ties(name, layer):
    if not all(path.is_file() for path in files(name)):
        pytest.skip("the people and ties are not beside the project")
    real = read(name)
    weight = real.weight(real.kinds[layer])
    people = real.copies(-(-1300 // len(real)))
    hazards = Hazards(0.05, 0.2, 0.3)
    people = replace(people, began=live(people, weight, hazards, THRESHOLDS, seed=layer))
    seen = exposure(people, weight, THRESHOLDS)
    assert 0 <= fit(seen, Hazards._fields).loglik - log_likelihood(seen, hazards) < 12
    assert fit(seen, ("alone",)).loglik < log_likelihood(seen, hazards) - 10
