"""V-38, V-39, V-39b, V-70 to V-78: services spread between areas as the equations say, and every yen is kept.

The real process lives in :func:`twin.run.areas_alone.areas_alone`: the embedded city's sixty areas, a given
census, no citizens. A case switches off all it does not ask about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np

from twin.errors import InputError, StateError
from twin.facts import Change, Facts
from twin.inference.spread import SOUGHT, watch
from twin.model import CityTwin
from twin.processes.spread import Spread
from twin.processes.spread.city_os import break_even, direct_cost
from twin.processes.spread.events import replay
from twin.processes.spread.hazard import chance, log_rate, stacked
from twin.processes.spread.life import effects
from twin.processes.spread.money import IN, LINES, OUT, learned, setting_up
from twin.processes.spread.now import Now
from twin.processes.spread.numbers import numbers_of
from twin.processes.spread.reference import check_weights, weights
from twin.processes.spread.services import SERVICES, SPREADING
from twin.processes.spread.stages import ENDED, LIVE
from twin.run.areas_alone import AreasAlone, areas_alone, steady
from twin.units import month_number
from twin.verification.areas import (
    LEADING,
    LONG,
    PEOPLE,
    SHARES,
    accounts,
    happened,
    lived,
    spread_facts,
    usual,
)
from twin.verification.case import Check, Z, case, share
from twin.verification.worlds import city

MONEY_COMES = 6  # months from the census to the first April
FIRST = SERVICES.index("on_demand_transport")
_LIFE = 258  # months from the census to the end of FY2041
_SUCCESS = 0.05  # weighted success from which on there is somebody to copy


@case("V-38", "参照の重みは人口の平方根と距離で決まる", "Weights of reference follow people and distance")
def gravity() -> list[Check]:
    """Three areas of 10, 20 and 30 thousand people at 1, 2 and 3 km."""
    away = np.zeros((4, 4))
    away[0, 1:] = away[1:, 0] = [1.0, 2.0, 3.0]
    got = weights(np.array([1e4, 1e4, 2e4, 3e4]), away, np.zeros((4, 4)), 0.5, 4.0, 0.0)[0, 1:]
    wanted = (0.31727, 0.34943, 0.33330)
    return [
        Check("weight of the area at {km} km", w, float(g), 1e-5, {"km": km})
        for km, w, g in zip((1, 2, 3), wanted, got, strict=True)
    ]


@case("V-39", "8回目の導入費用は進歩率0.85で0.61413倍", "The 8th copy costs 0.61413 of the first")
def learning() -> list[Check]:
    """Three doublings at a progress ratio of 0.85."""
    yen = int(setting_up(np.array([100_000_000]), np.array([7]), 0.85)[0])
    return [
        Check("8th copy as a share of the first", 0.61413, float(learned(8, 0.85)), 1e-5),
        Check("yen of the 8th copy", 61_412_500, yen),
    ]


@case("V-39b", "都市OSの損益分岐", "From how many services on the city OS pays")
def os_break_even() -> list[Check]:
    """Four sets of costs: pair, hub link, hub."""
    cases = {(1, 1, 10): 7, (1, 1, 20): 9, (1, 0.5, 10): 6, (1, 2, 20): 10}
    return [
        Check("break-even at {costs}", n, break_even(*costs), named={"costs": costs})
        for costs, n in cases.items()
    ]


@case(
    "V-70",
    "参照も横並びもなければ、待ち時間は幾何分布",
    "Without reference or bandwagon, waiting is geometric",
)
def waiting() -> list[Check]:
    """Every service of every area, 8 seeds, at a rate of 0.1 a year: share begun after 1, 3 and 8 years."""
    free = np.flatnonzero(~SPREADING.after.any(axis=1)).tolist()
    facts = spread_facts({"base": dict.fromkeys(SERVICES, 0.1)})
    rate, begun, cells = 0.1, dict.fromkeys((12, 36, 96), 0), 0
    for seed in range(1, 9):
        model = lived(facts, MONEY_COMES + 96, seed)
        first = model.ledger.months[0] + MONEY_COMES
        cells += len(free) * len(model.areas)
        starts = _first_starts(model)
        for after in begun:
            begun[after] += sum(
                m < first + after for (_, s), m in starts.items() if SERVICES.index(s) in free
            )
    return [
        share("begun after {months} months", 1 - (1 - _monthly(rate)) ** n, begun[n] / cells, cells, named={"months": n})
        for n in begun
    ]  # fmt: skip


@case(
    "V-70b",
    "参照も横並びもなければ、成功の隣でも、エリアの内の条件だけで始まる",
    "Without reference or bandwagon, conditions inside alone decide, beside success too",
)
def no_copying() -> list[Check]:
    """The numbers as they stand but c5 = c6 = 0, 6 seeds: wishes to begin where others succeed, to those expected."""
    inside, copied = (_beside_success(off) for off in ({"reference": 0.0, "bandwagon": 0.0}, {}))
    within = [Z / expected**0.5 for _, expected in (inside, copied)]
    ratio = [begun / expected for begun, expected in (inside, copied)]
    return [
        Check("begun beside success to what conditions inside expect", 1.0, ratio[0], within[0]),
        Check("with copying it is more", True, ratio[1] > 1 + within[1]),
    ]


def _beside_success(values: Mapping[str, float]) -> tuple[int, float]:
    """Wishes to begin where the areas looked to succeed, and those that conditions inside alone expect."""
    begun, expected = 0, 0.0
    for seed in range(1, 7):
        facts = spread_facts(values, quiet=False)
        log = watch(areas_alone(city(), steady(city(), PEOPLE, SHARES), facts, seed), _LIFE)
        beside = log.sought[:, SOUGHT.index("reference")] > _SUCCESS
        begun += int(log.wish[beside].sum())
        expected += float(chance(log.known[beside]).sum())
    return begun, expected


def _monthly(rate: float) -> float:
    return float(chance(np.log(np.array([rate])))[0])


def _first_starts(model: CityTwin) -> dict[tuple[str, str], int]:
    starts: dict[tuple[str, str], int] = {}
    for month, area, service, _ in happened(model, "trial"):
        starts.setdefault((area, service), month)
    return starts


class _Given(Spread):
    """The real process with weights of reference that are given."""

    def __init__(self, weight: np.ndarray) -> None:
        self._weight = weight

    def _look(self, model: CityTwin):
        self.ground = seen = replace(super()._look(model), weight=self._weight)
        return seen


def _with_weights(weight: np.ndarray, facts: Facts, months: int, seed: int = 1) -> AreasAlone:
    model = areas_alone(city(), steady(city(), PEOPLE, SHARES), facts, seed, process=_Given(weight))
    model.live(months)
    return model


def _line(areas: int, broken: int | None) -> np.ndarray:
    """Everybody looks to the next on either side; one area may look to nobody and be looked to by nobody."""
    pull = np.zeros((areas, areas))
    for a in range(areas - 1):
        pull[a, a + 1] = pull[a + 1, a] = 1.0
    if broken is not None:
        pull[broken, :] = pull[:, broken] = 0.0
    total = pull.sum(axis=1, keepdims=True)
    return np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)


@case(
    "V-71",
    "一列のエリアを参照だけで伝わると、孤立したエリアは飛び越さない",
    "By reference alone a service never skips an area that looks to nobody",
)
def along_a_line() -> list[Check]:
    """One service, one first area, sixty areas in a row; then one of them alone."""
    codes, broken = city().areas.code, 8
    only = {service: 1e-9 if service == SERVICES[FIRST] else 0.0 for service in SERVICES}
    plan = {service: float(service == SERVICES[FIRST]) for service in SERVICES}
    leading = {code: float(code == codes[0]) for code in codes}
    values = {
        "base": only, "reference": 60.0, "plan": plan, "leading": leading, "pilots": 1.0, "trial_odds": 50.0,
        "users_hoped": dict.fromkeys(SERVICES, 0.0), "quality_start": 1.0, "patience": 200.0,
    }  # fmt: skip
    whole = _first_starts(_with_weights(_line(len(codes), None), spread_facts(values), LONG))
    months = [whole.get((code, SERVICES[FIRST]), 9999) for code in codes[:broken]]
    cut = {a for a, _ in _first_starts(_with_weights(_line(len(codes), broken), spread_facts(values), LONG))}
    return [
        Check("areas on the line that have it", True, len(whole) > broken + 1),
        Check("each after the one before", True, all(a < b for a, b in pairwise(months))),
        Check("areas from the lone one on", 0, len(cut & set(codes[broken:]))),
        Check("areas before it", broken, len(cut & set(codes[:broken]))),
    ]


@case("V-72", "参照の重みの行の和は1、離れ小島も扱える", "Rows of the weights sum to 1, an island is handled")
def rows_sum_to_one() -> list[Check]:
    """The city's own weights; three areas of which one sees nobody; weights that do not sum."""
    of_city = usual().spread.ground
    assert of_city is not None
    away = np.array([[0.0, 1.0, np.inf], [1.0, 0.0, np.inf], [np.inf, np.inf, 0.0]])
    with_island = weights(np.full(3, 1e4), away, np.zeros((3, 3)), 0.5, 4.0, 0.0)
    try:
        check_weights(with_island * 0.9)
        said = ""
    except InputError as problem:
        said = problem.key
    return [
        Check(
            "largest distance of a row sum from 1",
            0.0,
            float(np.abs(of_city.weight.sum(axis=1) - 1).max()),
            1e-12,
        ),
        Check("row sums with an island", [1.0, 1.0, 0.0], with_island.sum(axis=1).tolist()),
        Check("weights that do not sum are refused", "spread.weights", said),
    ]


@case(
    "V-73",
    "行政の関与は成熟とともに下がり、異動のあとに上がる",
    "The administration's share falls with maturity and rises after a rotation",
)
def administration() -> list[Check]:
    """The leading area month by month, without and with rotation of staff."""
    facts = spread_facts({"pilots": 2.0, "trial_odds": 50.0})
    row, found = city().areas.code.index(LEADING), {}
    for off in (("spread.rotation",), ()):
        model = lived(facts, 0, off=off)
        path = []
        for _ in range(150):
            model.step()
            path.append((model.ledger.months[-1] % 12, float(model.spread.alpha[row])))
        found[off] = path
    still = np.diff([alpha for _, alpha in found["spread.rotation",]])
    moved = found[()]
    rises = [m for (_, a), (m, b) in pairwise(moved) if b > a + 1e-6]
    return [
        Check("largest rise without rotation", 0.0, max(float(still.max()), 0.0), 1e-7),
        Check("it falls", True, float(still.sum()) < -0.1),
        Check("it rises with rotation, in April only", {3}, set(rises)),
    ]


@case(
    "V-74",
    "予算が0なら新しいサービスは始まらず、あるものは蓄えのあと終わる",
    "Without a budget nothing begins, and what runs ends after its reserve",
)
def no_budget() -> list[Check]:
    """The usual numbers; the budget stops in April 2030."""
    stop = date(2030, 4, 1)
    facts = Facts.read().changed(
        [Change("spread.budget", 0.0, since=stop), Change("spread.backing", 0.0, since=stop)]
    )
    none = Facts.read().changed([Change("spread.budget", 0.0, since=date(2015, 10, 1))])
    model, never = lived(facts, 258), lived(none, 120)
    late = [m for kind in ("trial", "live") for m, *_ in happened(model, kind) if m >= month_number(stop)]
    flows = model.ledger.flows
    before = flows["services_live"][month_number(stop) - model.ledger.months[0] - 1].sum()
    unpaid = (model.spread.stage == LIVE).sum(axis=1) > 0
    paid = (model.spread.own[unpaid] + model.spread.cash[unpaid] > 0).all()
    return [
        Check("begun or gone live without money", 0, len(late)),
        Check("live before", True, bool(before > 20)),
        Check("ended for want of money", True, bool(len(happened(model, "ended_money")) > 0.5 * before)),
        Check("what is still live pays for itself", True, bool(paid)),
        Check("begun where there never was a budget", 0, len(happened(never, "trial"))),
    ]


@case(
    "V-75",
    "都市OSがなければ、連携の費用は n(n−1)/2 本分",
    "Without the city OS links cost n(n-1)/2 to the yen",
)
def links_without_os() -> list[Check]:
    """Services that never end, all linked sooner or later, pair by pair."""
    values = {
        "pilots": 2.0, "trial_odds": 50.0, "link_rate": 5.0, "link_pair": 1_234_567.0, "base": dict.fromkeys(SERVICES, 0.05),
        "patience": 255.0,
    }  # fmt: skip
    model = lived(spread_facts(values), 180)
    n = (model.spread.linked).sum(axis=1)
    paid = sum(year["links"] for year in accounts(model).values()) + model.spread.account.lines["links"]
    return [
        Check("most services linked in one area", True, bool(n.max() >= 4)),
        Check("services that ended", 0, int((model.spread.stage == ENDED).sum())),
        Check("yen paid for links", sum(direct_cost(int(k), 1_234_567) for k in n), paid),
    ]


@case("V-76", "STEPや連携の旗は、記録された出来事によってのみ立つ", "Flags are set by logged events only")
def flags_by_events() -> list[Check]:
    """Flags made again from the log alone; a flag set by hand is found out in April."""
    model = usual()
    said = replay(model.ledger.notes, model.city.areas.code)
    checks = [
        Check("flags of {column} that the log does not explain", 0, int((said[name] != getattr(model.spread, name)).sum()),
              named={"column": name})
        for name in said
    ]  # fmt: skip
    other = lived(Facts.read(), 30)
    with other.state.writing_all():
        other.spread.reached[5] = 2
    try:
        other.live(12)
        found = ""
    except StateError as problem:
        found = problem.key
    return [
        *checks, Check("something has happened", True, bool(said["reached"].max() >= 2)),
        Check("a step set by hand is refused", "spread.not_logged", found),
    ]  # fmt: skip


@case(
    "V-77", "失敗したサービスは、近隣のエリアが始める率を下げる", "A failed service lowers the rate next door"
)
def failure_deters() -> list[Check]:
    """One area's service has failed: the log rates elsewhere fall by the reference times the weight."""
    facts = Facts.read()
    model, day = lived(facts, 1), date(2022, 4, 1)
    rates = []
    for failed in (False, True):
        with model.state.writing_all():
            model.spread.stage[0, FIRST], model.spread.record[0, FIRST] = (
                (ENDED, -1.0) if failed else (0, 0.0)
            )
        assert model.spread.ground is not None
        now = Now(model.spread, model, numbers_of(model.facts, model.city, model.day), model.spread.ground)
        shape = model.spread.stage.shape
        rates.append(log_rate(np.full(len(SERVICES), 0.1), effects(now), stacked(shape, now.terms)))
    fell, weight = rates[1] - rates[0], now.ground.weight[:, 0]
    others = np.arange(len(weight)) != 0
    wanted = -facts.number("spread.reference", day) * weight[others]
    return [
        Check("largest difference from the reference times the weight", 0.0, float(np.abs(fell[others, FIRST] - wanted).max()), 1e-12),
        Check("it falls in every other area", True, bool((fell[others, FIRST] < 0).all())),
        Check("other services, largest change", 0.0, float(np.abs(np.delete(fell, FIRST, axis=1)).max()), 1e-12),
    ]  # fmt: skip


@case("V-78", "お金は毎年度1円まで合う", "Money is kept to the yen each fiscal year")
def money_is_kept() -> list[Check]:
    """Opening, what comes, what goes, closing; and each year opens with what the last closed with."""
    off, gaps, spent, closing = 0, 0, 0, 0
    for seed in (1, 2, 3):
        closing = 0
        for lines in accounts(usual(seed)).values():
            assert tuple(lines) == LINES
            into, out = sum(lines[x] for x in IN), sum(lines[x] for x in OUT)
            off = max(off, abs(lines["opening"] + into - out - lines["closing"]))
            gaps = max(gaps, abs(lines["opening"] - closing))
            closing, spent = lines["closing"], spent + out
        held = int(usual(seed).spread.cash.sum()) + usual(seed).spread.account.cash
        gaps = max(gaps, abs(held - closing))
    return [
        Check("yen that are not accounted for in any year", 0, off),
        Check("yen between a closing and the next opening", 0, gaps),
        Check("money was spent", True, spent > 0),
    ]
