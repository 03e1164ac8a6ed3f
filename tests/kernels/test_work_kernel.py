"""Working people's month: the fast form against its plain meaning."""

import numpy as np
import pytest

from twin.agents.citizens import Day
from twin.kernels import work as k

PACE = np.array([0.05, 0.15, 0.03, 0.5])


def world(people=2000, firms=40, seed=1):
    rng = np.random.default_rng(seed)
    used_to = rng.random(people).astype(np.float32)
    used_to[::7] = k.NOT_MET
    work = (
        rng.integers(-1, max(firms, 1), people).astype(np.int32) if firms else np.full(people, -1, np.int32)
    )
    return {
        "key": np.uint64(99), "ids": rng.integers(0, 2**62, people).astype(np.uint64),
        "day": rng.integers(0, 4, people).astype(np.uint8), "work": work, "offers": rng.random(firms) < 0.5,
        "jobs": rng.random(firms), "outside": 0.4, "digital": rng.random(firms).astype(np.float32),
        "elsewhere": 0.2, "remote": 0.3, "pace": PACE, "benefit": rng.random(people).astype(np.float32),
        "used_to": used_to,
    }  # fmt: skip


@pytest.mark.parametrize("firms", [40, 0])
def test_fast_month_equals_plain_month(firms):
    args = world(firms=firms)
    wanted = k.month_plain(*args.values())
    benefit, used_to = args["benefit"].copy(), args["used_to"].copy()
    k.live_month(*{**args, "benefit": benefit, "used_to": used_to}.values())
    assert np.allclose(benefit, wanted[0], rtol=1e-6, atol=1e-6)
    assert np.allclose(used_to, wanted[1], rtol=1e-6, atol=1e-6)
    assert not np.allclose(benefit, args["benefit"], atol=1e-3)


def test_days_are_those_of_the_citizens():
    assert (k.IN_CITY, k.OUTSIDE) == (Day.WORK_IN_CITY, Day.WORK_OUTSIDE)
