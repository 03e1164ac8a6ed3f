"""The same adoption rule three ways: the twin, Mesa with NumPy and SciPy, Mesa with an object a citizen.

All competitors run on one thread and are timed in processor seconds, so that other work on the machine
touches all of them little and alike. Everybody starts from the same people, stages and parameters, and
must arrive at the same shares.
"""

from time import process_time

import numpy as np
import pytest

from bench.mesa_agents import AgentCity
from bench.mesa_numpy import ArrayCity
from bench.world import MARKS, MONTHS, TEN_THOUSAND, World

TWIN_SEEDS, ARRAY_SEEDS = 24, 12
FULL_MONTHS = 12  # months of the full-size comparison, the first ones for both
SHUFFLED_MONTHS = 6
FULL_APART = 0.003  # of shares at full size: a binomial share of everybody has a spread of 0.0005 at most
MOST_ERRORS = 4.5  # standard errors; 9 comparisons of two runs go beyond by chance once in 10 000


def lived(city, months=MARKS):
    """Shares at the marks and processor seconds in between."""
    shares, seconds, last = [], 0.0, 0
    for mark in months:
        begun = process_time()
        city.live(mark - last)
        seconds += process_time() - begun
        last = mark
        shares.append(city.shares())
    return np.array(shares), seconds


@pytest.fixture(scope="module")
def world():
    """Ten thousand people."""
    return World(TEN_THOUSAND)


@pytest.fixture(scope="module")
def start(world):
    """What the competitors get."""
    return world.start()


@pytest.fixture(scope="module")
def twin(world):
    """The twin's runs: shares by seed, processor seconds by seed, those of the country outside."""
    outside = _Clock(world.adoption)
    found = []
    for seed in range(TWIN_SEEDS):
        world.begin(seed)
        outside.watch()
        found.append((*lived(world), outside.seconds))
    shares, seconds, elsewhere = (np.array(part) for part in zip(*found, strict=True))
    return shares, float(np.median(seconds)), float(np.median(elsewhere))


class _Clock:
    """Seconds the process spends on the country outside the city, which competitors do not have."""

    def __init__(self, adoption):
        self.adoption, self.seconds = adoption, 0.0

    def watch(self):
        """Begin at nought with the reference the process has now."""
        self.seconds, step = 0.0, self.adoption.reference.step

        def timed(rates):
            begun = process_time()
            step(rates)
            self.seconds += process_time() - begun

        self.adoption.reference.step = timed


def agree(shares, others):
    """Stop when mean shares differ by more than chance; the spread is the twin's own."""
    spread = shares.std(axis=0, ddof=1)
    error = spread * np.sqrt(1 / len(shares) + 1 / len(others))
    apart = (others.mean(axis=0) - shares.mean(axis=0)) / error
    assert np.abs(apart).max() < MOST_ERRORS, (
        f"standard errors apart by mark and technology:\n{apart.round(2)}"
    )
    return float(np.abs(apart).max())


def test_twin_at_ten_thousand(benchmark, world, twin):
    """The twin alone; seeds must matter."""

    def again():
        world.begin(1)
        world.live(MONTHS)

    benchmark.pedantic(again, rounds=5, warmup_rounds=1)
    assert twin[0].std(axis=0).min() > 0


def test_mesa_agents_at_ten_thousand(benchmark, start, twin, findings):
    """Every month of all years, one object a citizen."""
    shares, seconds, outside = twin
    city = AgentCity(start, seed=1)
    found, mesa_seconds = benchmark.pedantic(lived, args=(city,), rounds=1)
    apart = agree(shares, found[None])
    note = f"{MONTHS} of {MONTHS} months, {mesa_seconds:.1f} s against {seconds:.3f} s"
    findings.put(
        "Adoption process, 10 000 citizens, against Mesa agents", mesa_seconds / seconds, "x", ">= 200", note
    )
    rule = seconds - outside
    findings.put("The rule alone, without the country outside", mesa_seconds / rule, "x", "", f"{rule:.3f} s")
    findings.put("Largest distance of shares, twin and Mesa agents", apart, "standard errors")


def test_shuffled_mesa_agents(benchmark, start, twin, findings):
    """The same objects deciding in random order."""
    city = AgentCity(start, seed=2, shuffled=True)
    _, seconds = benchmark.pedantic(lived, args=(city, (SHUFFLED_MONTHS,)), rounds=1)
    ratio = seconds / SHUFFLED_MONTHS / (twin[1] / MONTHS)
    findings.put("Against Mesa agents in shuffled order", ratio, "x", "", f"{SHUFFLED_MONTHS} months")


def test_mesa_numpy_at_ten_thousand(benchmark, start, twin, findings):
    """Several seeds of the columns, for the agreement of means."""
    shares, seconds, _ = twin
    runs = benchmark.pedantic(
        lambda: [lived(ArrayCity(start, seed)) for seed in range(ARRAY_SEEDS)], rounds=1
    )  # fmt: skip
    apart = agree(shares, np.array([found for found, _ in runs]))
    ratio = float(np.median([took for _, took in runs])) / seconds
    findings.put("Adoption process, 10 000 citizens, against Mesa + NumPy/SciPy", ratio, "x")
    findings.put("Largest distance of shares, twin and Mesa + NumPy/SciPy", apart, "standard errors")


@pytest.fixture(scope="module")
def full():
    """Everybody."""
    return World(1.0)


def test_full_size_against_mesa_numpy(benchmark, full, findings):
    """Everybody, the cost of a month."""
    city = ArrayCity(full.start(FULL_MONTHS), seed=1)
    array_shares, array_seconds = lived(city, (FULL_MONTHS,))
    del city
    full.begin(seed=1)
    full.live(1)  # first touch of fresh arrays, for both sides outside the count
    full.begin(seed=1)
    shares, seconds = benchmark.pedantic(lived, args=(full, (FULL_MONTHS,)), rounds=1)
    assert np.abs(shares - array_shares).max() < FULL_APART
    note = f"first {FULL_MONTHS} months, one thread, {array_seconds / FULL_MONTHS:.3f} s a month against {seconds / FULL_MONTHS:.4f} s"
    findings.put(
        "Adoption process, everybody, against Mesa + NumPy/SciPy", array_seconds / seconds, "x", ">= 7", note
    )
    per = seconds / FULL_MONTHS / full.people * 1e9
    findings.put("Adoption process, everybody, one thread", per, "ns a citizen and month")


def test_limits(benchmark, full, findings):
    """Random looks at bytes, beside a recount of all ties."""
    from bench.limits import gather_seconds, recount_seconds
    from twin.processes.adoption import _weights

    model = full.begin(seed=1, threads=2)
    weight, ties = _weights(model), len(model.ties.other)
    took = {n: recount_seconds(model, full.adoption, weight, n) for n in (1, 2)}
    limit = {n: gather_seconds(full.people, ties, n) for n in (1, 2)}
    benchmark.extra_info["looks"] = ties
    benchmark.pedantic(gather_seconds, args=(full.people, ties, 1), rounds=1)
    for n, name in ((1, "one thread"), (2, "two threads")):
        findings.put(f"Limit: a random byte and a table, {name}", limit[n] * 1e9, "ns a look")
        findings.put(f"Recount of all ties, all technologies, {name}", took[n] / ties * 1e9, "ns a tie")
        findings.put(f"Share of the limit, {name}", 100 * limit[n] * ties / took[n], "%")


def test_who_looks_at_peers(benchmark, full, findings):
    """How many citizens are close enough to a change for their peers to matter."""
    from twin.kernels import adoption as kernel

    looked, live_month = [], kernel.live_month

    def counted(*given):
        lived = live_month(*given)
        looked.append(lived.looked)
        return lived

    full.begin(seed=1, threads=2)
    kernel.live_month = counted
    try:
        benchmark.pedantic(full.live, args=(FULL_MONTHS,), rounds=1)
    finally:
        kernel.live_month = live_month
    share = 100 * np.mean(looked) / full.people
    findings.put(
        "Citizens whose peers the kernel looks at, a month", share, "%", "", f"first {FULL_MONTHS} months"
    )
