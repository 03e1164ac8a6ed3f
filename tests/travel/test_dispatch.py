"""A fleet by hand, its limits, and what must hold on every day of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.chance import Chance
from twin.errors import StateError
from twin.travel.dispatch import Rules, simulate
from twin.travel.rides import HOUR, MINUTE, NONE, Event, Requests, check, depots, queues, random_requests

RULES = Rules(speed=30, dwell=30, seats=4, batch=0, most_wait=20, most_ride=1.5, slack=5)  # 2 minutes a km


def asks(*rides):
    """Requests from (minute, origin, target), points along a street in km."""
    at, origin, target = zip(*rides, strict=True)
    return Requests(
        np.array(at, np.int64) * MINUTE,
        np.column_stack([origin, np.zeros(len(at))]),
        np.column_stack([target, np.zeros(len(at))]),
    )


def at(*km):
    return np.column_stack([km, np.zeros(len(km))]).astype(float)


def minutes(times):
    return (times / MINUTE).tolist()


def test_one_ride_by_hand():
    day = simulate(asks((10, 3, 5)), at(1), RULES)
    assert minutes(day.fetched) == [10 + 4]  # 2 km
    assert minutes(day.brought) == [14 + 0.5 + 4]  # a stop and 2 km
    assert (day.driven, day.loaded) == (8 * MINUTE, 4.5 * MINUTE)
    assert [event.what for event in day.log] == ["asked", "fetched", "brought"]
    assert day.detour == pytest.approx(4.5 / 4)


def test_a_rider_on_the_way_is_taken_along():
    day = simulate(asks((0, 1, 9), (0, 3, 8)), at(0), RULES)
    assert [event.rider for event in day.log if event.what != "asked"] == [0, 1, 1, 0]
    assert minutes(day.fetched) == [2, 2 + 0.5 + 4]
    assert day.occupancy > 1.5


def test_with_one_seat_nobody_is_taken_along():
    day = simulate(asks((0, 1, 4), (0, 3, 4)), at(0), RULES._replace(seats=1))
    stops = [(event.what, event.rider) for event in day.log if event.what != "asked"]
    assert stops == [("fetched", 0), ("brought", 0), ("fetched", 1), ("brought", 1)]


def test_the_nearer_vehicle_comes_and_a_batch_is_decided_at_its_end():
    assert simulate(asks((1, 5, 6)), at(0, 6, 30), RULES).vehicle.tolist() == [1]
    day = simulate(asks((1, 5, 6)), at(0, 6, 30), RULES._replace(batch=120))
    assert minutes(day.decided) == [2]
    assert minutes(day.fetched) == [4]


def test_too_far_is_turned_away_and_counted():
    day = simulate(asks((0, 11, 12), (0, 9, 8)), at(0), RULES)
    assert day.vehicle.tolist() == [NONE, 0]
    assert day.refused == 1
    assert day.fetched[0] == day.brought[0] == NONE


def test_a_ride_is_not_made_longer_than_allowed():
    """Fetching the second first would take the first 12 km around: not within 1.5 times 2 minutes and 5 more."""
    day = simulate(asks((0, 1, 2), (0, 7, 1)), at(0), RULES)
    assert [event.rider for event in day.log if event.what != "asked"] == [0, 0, 1, 1]
    strict = simulate(asks((0, 1, 5), (0, 3, 4)), at(0), RULES._replace(most_ride=1, slack=0.6))
    assert (strict.brought - strict.fetched)[0] <= 8.6 * MINUTE


def test_nobody_asks_or_nothing_drives():
    empty = simulate(Requests(np.empty(0, np.int64), np.empty((0, 2)), np.empty((0, 2))), at(0), RULES)
    assert (empty.refused, empty.log, empty.driven) == (0, [], 0)
    parked = simulate(asks((0, 1, 2), (3, 4, 5)), np.empty((0, 2)), RULES)
    assert parked.refused == 2


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000), st.floats(1, 80), st.integers(0, 6), st.sampled_from([0, 30, 300]), st.integers(1, 5),
    st.floats(1, 40),
)  # fmt: skip
def test_nobody_is_lost_and_every_limit_is_kept(seed, rate, vehicles, batch, seats, most_wait):
    chance, rules = Chance(seed), RULES._replace(batch=batch, seats=seats, most_wait=most_wait)
    requests = random_requests(chance, rate, 2.0, 6.0)
    day = simulate(requests, depots(chance, vehicles, 6.0), rules)  # checks its own story and Little's law
    served = day.served
    assert served.sum() + day.refused == len(requests.at)
    assert (day.wait <= most_wait).all()
    ride = (day.brought - day.fetched)[served]
    assert (ride >= day.direct[served]).all()
    assert (ride <= rules.most_ride * day.direct[served] + rules.slack * MINUTE).all()
    assert all(queue.residual == 0 for end in (HOUR, None) for queue in queues(day, end).values())
    for vehicle in range(vehicles):  # never more aboard than seats, never in two places
        mine = [
            event
            for event in day.log
            if day.vehicle[event.rider] == vehicle and event.what in ("fetched", "brought")
        ]
        aboard = np.cumsum([1 if event.what == "fetched" else -1 for event in mine])
        assert aboard.size == 0 or (aboard.max() <= seats and aboard[-1] == 0)
        place = [
            (requests.origin if event.what == "fetched" else requests.target)[event.rider] for event in mine
        ]
        for k in range(1, len(mine)):
            way = np.abs(place[k] - place[k - 1]).sum() * 2 * MINUTE + 30_000
            assert mine[k].at - mine[k - 1].at >= way - 2


def test_the_same_seed_gives_the_same_day_and_a_higher_rate_the_same_people_sooner():
    slow, fast = (random_requests(Chance(5), rate, 4.0, 5.0) for rate in (20.0, 40.0))
    assert (fast.origin[: len(slow.at)] == slow.origin).all()
    assert np.abs(2 * fast.at[: len(slow.at)] - slow.at).max() <= 2
    days = [simulate(slow, depots(Chance(5), 3, 5.0), RULES) for _ in range(2)]
    assert days[0].log == days[1].log
    assert simulate(slow, depots(Chance(6), 3, 5.0), RULES).log != days[0].log


def test_requests_come_at_their_rate():
    counts = [len(random_requests(Chance(seed), 30.0, 4.0, 5.0).at) for seed in range(200)]
    assert np.mean(counts) == pytest.approx(120, abs=4.5 * (120 / 200) ** 0.5)
    assert np.var(counts) == pytest.approx(120, rel=0.45)


def test_more_vehicles_serve_more_and_sooner():
    requests, waits, refused = random_requests(Chance(2), 60.0, 6.0, 6.0), [], []
    for vehicles in (4, 8, 16):
        day = simulate(requests, depots(Chance(2), vehicles, 6.0), RULES)
        waits.append(day.wait.mean())
        refused.append(day.refused)
    assert waits == sorted(waits, reverse=True)
    assert refused == sorted(refused, reverse=True)
    assert refused[0] > 20


@pytest.mark.parametrize("wrong", ["lost", "doubled", "late"])
def test_a_day_that_does_not_add_up_is_an_error(wrong):
    day = simulate(random_requests(Chance(1), 30.0, 2.0, 5.0), depots(Chance(1), 3, 5.0), RULES)
    end = next(k for k, event in enumerate(day.log) if event.what == "brought")
    log = list(day.log)
    if wrong == "lost":
        del log[end]
    elif wrong == "doubled":
        log.insert(end, log[end])
    else:
        log[end] = Event(log[end].at + 1, "brought", log[end].rider)
    with pytest.raises(StateError) as told:
        check(day._replace(log=log))
    assert told.value.key == ("travel.little" if wrong == "late" else "travel.lost_rider")
