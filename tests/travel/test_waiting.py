"""Waits against queues lived through customer by customer, and Little's law on a day by hand."""

import math
from fractions import Fraction

import numpy as np
import pytest

from twin.travel.little import little
from twin.travel.waiting import nearest, wait_chance, wait_mdc, wait_mgc, wait_mmc


def lived(load, servers, service, customers=200_000, seed=1):
    """Mean wait in a queue with several servers, first come first served (Kiefer and Wolfowitz), and its error."""
    rng = np.random.default_rng(seed)
    gaps, works = rng.exponential(1 / (load * servers), customers), service(rng, customers)
    free, waits = [0.0] * servers, []
    for gap, work in zip(gaps.tolist(), works.tolist(), strict=True):
        waits.append(free[0])
        free[0] += work
        free = sorted(max(f - gap, 0.0) for f in free)
    means = np.array(waits).reshape(50, -1).mean(axis=1)
    return means.mean(), means.std(ddof=1) / math.sqrt(50)


SERVICES = {
    "M": (lambda rng, n: rng.exponential(1, n), 1.0),
    "D": (lambda rng, n: np.ones(n), 0.0),
    "Erlang 2": (lambda rng, n: rng.gamma(2, 1 / 2, n), 0.5),
}


@pytest.mark.parametrize(("load", "servers"), [(0.5, 1), (0.7, 3), (0.8, 8)])
@pytest.mark.parametrize("service", SERVICES)
def test_mean_waits_are_those_of_a_queue_lived_through(load, servers, service):
    draw, variation = SERVICES[service]
    mean, error = lived(load, servers, draw)
    assert abs(wait_mgc(load, servers, variation) - mean) < 4.5 * error + 0.01 * mean * (
        service == "Erlang 2"
    )
    assert 4.5 * error < 0.3 * mean


def test_one_server_is_pollaczek_and_khinchine():
    for load in (0.1, 0.5, 0.95):
        for variation in (0.0, 0.3, 1.0, 1.4):
            assert wait_mgc(load, 1, variation) == pytest.approx(
                (1 + variation) / 2 * load / (1 - load), rel=1e-9
            )


def test_many_servers_do_not_overflow_and_a_full_queue_never_ends():
    assert 0 < wait_mmc(0.9, 2000) < 1e-3
    assert 0 <= wait_mdc(0.9, 2000) < 1e-3
    assert wait_mmc(0.0, 3) == wait_mdc(0.0, 3) == 0
    for load in (1.0, 1.7):
        assert wait_mmc(load, 3) == wait_mdc(load, 3) == wait_mgc(load, 3, 0.5) == math.inf
        assert wait_chance(load, 3) == 1


def test_near_the_limit_constant_service_waits_half_as_long():
    assert wait_mdc(0.999, 30) / wait_mmc(0.999, 30) == pytest.approx(0.5, abs=0.002)


def test_distance_to_the_nearest_vehicle_needs_a_vehicle():
    assert nearest(30, 10) == pytest.approx(1.0854, abs=1e-4)
    assert nearest(30, 40, "straight") == pytest.approx(nearest(30, 10, "straight") / 2)
    assert nearest(30, 0) == math.inf


def test_little_s_law_by_hand_whole_and_cut_off():
    came, left = np.array([0, 2, 3]), np.array([4, 3, 9])
    changes = np.array([[0, 1], [2, 1], [3, -1], [3, 1], [4, -1], [9, -1]])
    whole, cut = little(changes, came, left, 9), little(changes, came, left, 5)
    assert (whole.number, whole.rate, whole.stay, whole.edge) == (11 / 9, 3 / 9, 11 / 3, 0)
    assert (cut.number, cut.rate, cut.stay, cut.edge) == (7 / 5, 3 / 5, 11 / 3, 4 / 5)
    assert whole.residual == cut.residual == 0
    assert little(changes[:-1], came, left, 12).residual == Fraction(3, 12)  # somebody never left the log
