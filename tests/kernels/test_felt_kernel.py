"""Felt benefit: the fast month against its plain meaning, and what habituation does."""

import numpy as np

from twin.kernels import felt as k
from twin.kernels.hazards import ACCESS, USES

PACE = np.array([0.05, 0.15, 0.03, 0.5])


def world(people=300, seed=1):
    rng = np.random.default_rng(seed)
    return {
        "here": rng.random(people) < 0.9, "born": rng.integers(300, 1470, people).astype(np.int16), "month": 1470,
        "area": rng.integers(0, 5, people).astype(np.uint8), "ability": rng.normal(size=people).astype(np.float32),
        "stage": rng.integers(0, 5, (people, 8)).astype(np.uint8), "quality": rng.random((8, 5)).astype(np.float32),
        "effort": rng.random(8).astype(np.float32), "friction": np.linspace(1, 0, 96, dtype=np.float32),
        "loss": 0.03, "pace": PACE, "benefit": rng.random((people, 8)).astype(np.float32),
        "used_to": rng.random((people, 8)).astype(np.float32),
    }  # fmt: skip


def lived(args, months=1):
    args = {**args, "benefit": args["benefit"].copy(), "used_to": args["used_to"].copy()}
    for _ in range(months):
        k.live_month(*args.values())
    return args["benefit"], args["used_to"]


def test_fast_month_equals_plain_month():
    args = world()
    for fast, plain in zip(lived(args), k.month_plain(*args.values()), strict=True):
        assert np.allclose(fast, plain, rtol=1e-6, atol=1e-7)
    assert not (lived(args)[0] == args["benefit"]).all()


def test_felt_together_equals_plain():
    benefit = world()["benefit"]
    found = k.together(benefit, (1, 2, 5, 6))
    assert np.allclose(found, k.together_plain(benefit, (1, 2, 5, 6)), rtol=1e-6)
    assert (found >= benefit[:, [1, 2, 5, 6]].max(axis=1) - 1e-6).all()


def test_those_who_left_feel_nothing_new():
    args = world()
    gone = ~args["here"]
    assert (lived(args)[0][gone] == args["benefit"][gone]).all()


def test_feeling_rises_above_and_settles_at_what_habit_leaves():
    args = world(50)
    args["here"][:], args["stage"][:], args["effort"][:] = True, USES, 0.0
    args["quality"][:], args["benefit"][:], args["used_to"][:] = 0.6, 0.0, 0.0
    path = [float(lived(args, months)[0].mean()) for months in (6, 24, 400)]
    assert path[1] > path[2] * 1.1  # the honeymoon
    assert abs(path[2] - (1 - PACE[3]) * 0.6) < 1e-3


def test_feeling_falls_faster_than_it_rises_and_fades_after_stopping():
    args = world(50)
    args["here"][:], args["stage"][:], args["effort"][:], args["used_to"][:] = True, USES, 0.0, 0.0
    args["pace"] = np.array([0.05, 0.15, 0.0, 0.0])
    args["quality"][:], args["benefit"][:] = 0.5, 0.0
    up = lived(args)[0].mean()
    args["quality"][:], args["benefit"][:] = 0.0, 0.5
    down = 0.5 - lived(args)[0].mean()
    assert abs(down / up - 3) < 1e-4
    args["quality"][:], args["stage"][:] = 0.9, ACCESS
    assert lived(args, 60)[0].max() < 0.01
