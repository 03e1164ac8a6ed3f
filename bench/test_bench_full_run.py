"""The whole month for twenty years: everybody, a tenth, ten thousand; each in processes of their own."""

import numpy as np
import pytest

from bench.full_run import MONTHS, measure
from bench.world import TEN_THOUSAND

SIZES = {"10 thousand": TEN_THOUSAND, "a tenth": 0.1, "everybody": 1.0}
THREADS = 2


@pytest.fixture(scope="module")
def found():
    """What each size gave: making the people, living."""
    return {}


@pytest.mark.parametrize("size", SIZES)
def test_live(benchmark, found, size):
    """A whole run of one size; only its size and length are checked."""
    made, lived = found[size] = benchmark.pedantic(measure, args=(SIZES[size], THREADS), rounds=1)
    benchmark.extra_info.update(made=made, lived=lived)
    assert made["citizens"] == pytest.approx(SIZES[size] * 974_951, rel=0.01)
    assert lived["months"] == MONTHS


def test_goals(benchmark, found, findings):
    """Write down what the sizes gave."""
    benchmark.pedantic(_write, args=(found, findings), rounds=1)


def _write(found, findings):
    made, lived = found["everybody"]
    making = sum(made["seconds"].values())
    parts = ", ".join(f"{name} {s:.1f} s" for name, s in made["seconds"].items())
    findings.put("Making everybody and their ties", making, "s", "<= 30", parts)
    parts = ", ".join(f"{name} {s:.1f} s" for name, s in lived["by_process"].items())
    findings.put(
        f"Full-size run, {lived['months']} months, {THREADS} threads", lived["seconds"], "s", "<= 15", parts
    )
    findings.put("Months from the census to year 0, before it", lived["run_in_seconds"], "s")
    findings.put("The same run in processor seconds, all threads", lived["cpu"], "s")
    findings.put("Peak memory of the full-size run", lived["peak_mib"] / 1024, "GiB", "<= 1.2")
    findings.put("Peak memory of making everybody", made["peak_mib"] / 1024, "GiB")
    findings.put("A simulated year of everybody", lived["seconds"] / lived["months"] * 12, "s")
    findings.put("State and ties", lived["bytes_a_citizen"], "bytes a citizen")
    people = [run["citizens"] for _, run in found.values()]
    for name, part in (
        ("run", lambda run: run["seconds"]),
        ("adoption", lambda run: run["by_process"]["adoption"]),
    ):
        seconds = [part(run) for _, run in found.values()]
        slope = np.polyfit(np.log(people), np.log(seconds), 1)[0]
        steep = np.log(seconds[-1] / seconds[-2]) / np.log(people[-1] / people[-2])
        shown = ", ".join(f"{s:.1f} s" for s in seconds)
        findings.put(f"Scaling exponent of the {name}, 10 thousand to everybody", slope, "", "<= 1.1", shown)
        findings.put(f"Scaling exponent of the {name}, a tenth to everybody", steep)
