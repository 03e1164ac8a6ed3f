"""V-01 to V-14: spread of one technology, asked of the real adoption process."""

from __future__ import annotations

import math

import numpy as np

from twin.kernels import adoption as kernel
from twin.units import share_per_step
from twin.verification.case import Check, Z, case, share
from twin.verification.worlds import (
    poisson_graphs,
    probe_facts,
    recursion,
    share_after,
    users,
    world,
)

P, Q = 0.03, 0.38
_SURE = 1e9  # a hazard so large that the event is certain within the month


@case("V-01", "バスモデル（完全ネットワーク、月ごと）", "Bass model on the complete network, monthly step")
def bass_monthly() -> list[Check]:
    """The recursion to 1e-5, and 100,000 citizens in one household within their spread."""
    facts, expected = probe_facts(alone=P, peers=Q), (0.32417, 0.80634, 0.99609)
    checks = [
        Check("recursion, F({years} y)", e, round(f, 6), 1e-5, {"years": y})
        for y, e, f in zip((5, 10, 20), expected, recursion(facts, [5, 10, 20]), strict=True)
    ]
    people = 100_000
    model = world(people, facts, household_size=people)
    checks.append(
        share("citizens, F({years} y)", expected[0], share_after(model, 60), people, 0.97, {"years": 5})
    )
    checks.append(
        share("citizens, F({years} y)", expected[1], share_after(model, 60), people, 0.77, {"years": 10})
    )
    return checks


@case(
    "V-02",
    "月ごとの刻みは連続時間の解と0.7ポイント異なる",
    "A monthly step differs from the closed form by 0.7 points",
)
def bass_continuous() -> list[Check]:
    """The closed form, and that the monthly model is not it."""

    def closed(t: float) -> float:
        e = math.exp(-(P + Q) * t)
        return (1 - e) / (1 + Q / P * e)

    monthly = recursion(probe_facts(alone=P, peers=Q), [5])[0]
    weekly = recursion(probe_facts(alone=P, peers=Q), [5, 10], steps_a_year=52)
    return [
        Check("closed form, F({years} y)", 0.33120, round(closed(5), 5), 1e-5, {"years": 5}),
        Check("closed form, F({years} y)", 0.81280, round(closed(10), 5), 1e-5, {"years": 10}),
        Check("closed form minus monthly, F(5 y)", 0.00703, round(closed(5) - monthly, 5), 1e-5),
        Check("weekly, F({years} y)", 0.32955, round(weekly[0], 5), 1e-4, {"years": 5}),
        Check("weekly, F({years} y)", 0.81132, round(weekly[1], 5), 1e-4, {"years": 10}),
    ]


@case("V-03", "年ごとの刻みでは値が変わる", "A yearly step gives other values")
def bass_yearly() -> list[Check]:
    """Why the step length stands in every result file."""
    found = recursion(probe_facts(alone=P, peers=Q), [5, 10, 20], steps_a_year=1)
    return [
        Check("yearly, F({years} y)", e, round(f, 5), 1e-5, {"years": y})
        for y, e, f in zip((5, 10, 20), (0.26107, 0.72984, 0.99369), found, strict=True)
    ]


@case("V-04", "1,000人の小さな世界を2,000個", "Two thousand worlds of a thousand people", long=True)
def bass_finite() -> list[Check]:
    """A thousand people take up a little more slowly than endless many, with a known spread."""
    worlds, people = 2000, 1000
    model = world(worlds * people, probe_facts(alone=P, peers=Q), household_size=people)
    model.live(120)
    shares = users(model).reshape(worlds, people).mean(axis=1)
    return [
        Check("mean F(10 y)", 0.8044, round(float(shares.mean()), 5), Z * 0.024 / worlds**0.5),
        Check(
            "sd between worlds", 0.024, round(float(shares.std(ddof=1)), 5), Z * 0.024 / (2 * worlds) ** 0.5
        ),
    ]


@case("V-05", "きっかけも利用者もなければ何も起きない", "No outside push and no users: nothing ever happens")
def nothing() -> list[Check]:
    """Peers alone cannot start what nobody has."""
    model = world(2000, probe_facts(peers=Q), household_size=100)
    return [Check("users after 240 months", 0.0, share_after(model, 240))]


@case("V-06", "周囲の影響なし", "No peers: exponential take-up")
def alone() -> list[Check]:
    """1 - exp(-pt)."""
    facts = probe_facts(alone=P)
    people = 50_000
    return [
        Check("recursion, F({years} y)", 0.45119, round(recursion(facts, [20])[0], 6), 1e-5, {"years": 20}),
        share(
            "citizens, F({years} y)",
            0.45119,
            share_after(world(people, facts), 240),
            people,
            named={"years": 20},
        ),
    ]


@case("V-07", "刻みを変えても率の意味は変わらない", "A rate means the same whatever the step")
def step_invariance() -> list[Check]:
    """H = 0.24 a year: twelve months or one year."""
    facts = probe_facts(alone=0.24)
    months, year = recursion(facts, [1])[0], recursion(facts, [1], steps_a_year=1)[0]
    direct = float(share_per_step(0.24, 1.0))
    return [
        Check("twelve months", direct, months, 1e-12),
        Check("one year", direct, year, 1e-12),
        Check("the value", 0.213372, round(direct, 6), 1e-6),
    ]


@case("V-08", "一度きりの伝播の最終規模", "Final size of one-time passing on")
def final_size() -> list[Check]:
    """Users for one month who each pass it on to R0 others on average."""
    people, seeds = 100_000, 50
    checks = []
    for r0, expected in ((1.5, 0.58281), (2.0, 0.79681)):
        facts = probe_facts(peers=12 * r0, stop=_SURE)
        model = world(people, facts, household_size=people, users=np.arange(seeds))
        while users(model).any():
            model.live(1)
        reached = float((model.citizens.array("adoption.stage")[:, 0] == kernel.STOPPED).mean())
        checks.append(Check("final size at R0 = {r0}", expected, round(reached, 5), 0.01, {"r0": r0}))
    return checks


def _cascades(degree: float, threshold: int, copies: int, people: int = 10_000) -> np.ndarray:
    """Share reached from one seed in each of some random graphs, everyone with one threshold."""
    model = world(
        copies * people, probe_facts(crowd=_SURE), graph=poisson_graphs(copies, people, degree),
        users=np.arange(copies) * people, threshold=threshold,
    )  # fmt: skip
    before = -1
    while (reached := int(users(model).sum())) != before:
        before = reached
        model.live(1)
    return users(model).reshape(copies, people).mean(axis=1)


@case(
    "V-09",
    "しきい値モデルの連鎖が起きる範囲（Watts 2002）",
    "Cascade window of thresholds (Watts 2002)",
    long=True,
)
def watts_window() -> list[Check]:
    """Threshold 0.18 on Poisson graphs: no global cascades below degree 1 and above 5.8 to 6.5."""
    copies = 60
    found = {z: _cascades(z, 1800, copies) for z in (0.9, 2.0, 4.0, 6.5)}
    often = {z: float((shares > 0.1).mean()) for z, shares in found.items()}
    spread = Z * 0.5 / copies**0.5
    large = found[4.0][found[4.0] > 0.1]
    return [
        Check("z = {z}: share of global cascades", 0.0, often[0.9], 0.02, {"z": 0.9}),
        Check("z = {z}: share of global cascades", 0.66, often[2.0], spread, {"z": 2.0}),
        Check("z = {z}: share of global cascades", 0.86, often[4.0], spread, {"z": 4.0}),
        Check("z = {z}: share of global cascades", 0.0, often[6.5], 0.05, {"z": 6.5}),
        Check("z = 4.0: size of a global cascade", 0.98, round(float(large.mean()), 4), 0.01),
    ]


@case("V-10", "しきい値0.18と0.20は同じ結果", "Thresholds 0.18 and 0.20 give one result")
def threshold_edge() -> list[Check]:
    """One user among five neighbours reaches 0.20: whole numbers, no rounding of 1/5."""
    a, b = (_cascades(4.0, threshold, 5, 2000) for threshold in (1800, 2000))
    return [
        Check("shares reached", a.tolist(), b.tolist()),
        Check("something spread", True, bool(a.max() > 0.1)),
    ]


@case("V-11", "始める人とやめる人の釣り合い", "Starting and stopping in balance")
def use_and_stop() -> list[Check]:
    """Start 0.10 a year, stop 0.019 a year, monthly and synchronous."""
    facts = probe_facts(alone=0.10, stop=0.019, again=1.0)
    five, balance = recursion(facts, [5, 400])
    people = 50_000
    return [
        Check("recursion, F({years} y)", 0.37700, round(five, 6), 1e-5, {"years": 5}),
        Check("recursion, equilibrium", 0.83988, round(balance, 6), 1e-5),
        share(
            "citizens, F({years} y)",
            0.37700,
            share_after(world(people, facts), 60),
            people,
            named={"years": 5},
        ),
    ]


@case("V-12", "三段階の漏斗、月に一段まで", "A funnel of three stages, one a month at most")
def funnel() -> list[Check]:
    """Hear, get and start, each 0.5 a year."""
    facts = probe_facts(hear=0.5, get=0.5, alone=0.5)
    people = 50_000
    model = world(people, facts, stage=kernel.UNAWARE)
    return [
        Check(
            "recursion, F({years} y)",
            0.44536,
            round(recursion(facts, [5], stage=kernel.UNAWARE)[0], 6),
            1e-5,
            {"years": 5},
        ),
        share("citizens, F({years} y)", 0.44536, share_after(model, 60), people, named={"years": 5}),
    ]


@case("V-14", "市民の並び順によらない", "The order of citizens does not matter")
def order_invariance() -> list[Check]:
    """The same people laid out in another order live the same lives."""
    people = 4000
    facts = probe_facts(alone=P, peers=Q, stop=0.02, again=0.5, crowd=0.3)
    graph = poisson_graphs(1, people, 8.0)
    order = np.argsort((np.arange(people) * 2654435761) % 2**32)
    a = world(people, facts, household_size=3, graph=graph)
    b = world(people, facts, household_size=3, graph=graph, order=order)
    for model in (a, b):
        model.live(60)
    same = users(a)[order].tolist() == users(b).tolist()
    return [
        Check("every citizen's state", True, same),
        Check(
            "counts of every month", np.array(a.ledger.counts).tolist(), np.array(b.ledger.counts).tolist()
        ),
    ]
