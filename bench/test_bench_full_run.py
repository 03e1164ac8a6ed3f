"""Twenty years: everybody, a tenth, ten thousand; each run in processes of its own.

The foundation is people and what they take up: demography, ties, adoption, card. The whole month has
every process of the baseline.
"""

import numpy as np
import pytest

from bench.full_run import MONTHS, measure
from bench.world import TEN_THOUSAND

SIZES = {"10 thousand": TEN_THOUSAND, "a tenth": 0.1, "everybody": 1.0}
FOUNDATION = "demography,ties,adoption,card"
THREADS = 2
LARGEST = 3  # processes named as the costliest


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


@pytest.mark.parametrize("threads", [1, THREADS])
def test_foundation(benchmark, found, threads):
    """People, ties, adoption and card alone, everybody."""
    _, lived = found[threads] = benchmark.pedantic(measure, args=(1.0, threads, FOUNDATION), rounds=1)
    benchmark.extra_info.update(lived=lived)
    assert lived["months"] == MONTHS


def test_goals(benchmark, found, findings):
    """Write down what the sizes gave."""
    benchmark.pedantic(_write, args=(found, findings), rounds=1)


def _write(found, findings):
    made, lived = found["everybody"]
    making = sum(made["seconds"].values())
    findings.put("Making everybody and their ties", making, "s", "<= 30", _parts(made["seconds"]))
    findings.put("Peak memory of making everybody", made["peak_mib"] / 1024, "GiB")
    _, first = found[THREADS]
    _put_run(findings, f"Foundation, everybody, {MONTHS} months, {THREADS} threads", first, "<= 15")
    for threads, goal in ((1, "<= 8"), (THREADS, "<= 5")):
        seconds = found[threads][1]["by_process"]["adoption"]
        findings.put(f"Adoption of eight groups in it, threads: {threads}", seconds, "s", goal)
    _put_run(findings, f"Whole month, everybody, {MONTHS} months, {THREADS} threads", lived, "<= 30")
    parts = sorted(lived["by_process"].items(), key=lambda part: -part[1])
    findings.put(
        "Its costliest processes together",
        sum(s for _, s in parts[:LARGEST]),
        "s",
        "",
        _parts(dict(parts[:LARGEST])),
    )
    findings.put("Months from the census to year 0, before it", lived["run_in_seconds"], "s")
    findings.put("A simulated year of everybody", lived["seconds"] / lived["months"] * 12, "s")
    findings.put("State and ties", lived["bytes_a_citizen"], "bytes a citizen")
    _put_slopes(found, findings)


def _put_run(findings, name, lived, goal):
    findings.put(name, lived["seconds"], "s", goal, _parts(lived["by_process"]))
    findings.put("  the same in processor seconds, all threads", lived["cpu"], "s")
    findings.put("  its peak memory", lived["peak_mib"] / 1024, "GiB", "<= 1.2")


def _put_slopes(found, findings):
    runs = [found[size][1] for size in SIZES]
    people = [run["citizens"] for run in runs]
    for name, part in (
        ("run", lambda run: run["seconds"]),
        ("adoption", lambda run: run["by_process"]["adoption"]),
    ):
        seconds = [part(run) for run in runs]
        slope = np.polyfit(np.log(people), np.log(seconds), 1)[0]
        steep = np.log(seconds[-1] / seconds[-2]) / np.log(people[-1] / people[-2])
        shown = ", ".join(f"{s:.1f} s" for s in seconds)
        findings.put(f"Scaling exponent of the {name}, 10 thousand to everybody", slope, "", "<= 1.1", shown)
        findings.put(f"Scaling exponent of the {name}, a tenth to everybody", steep)


def _parts(seconds):
    return ", ".join(f"{name} {s:.1f} s" for name, s in seconds.items())
