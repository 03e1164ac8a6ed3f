"""V-13 and V-30 to V-32: generations, the Leslie projection, the balance of people, fitting margins."""

from __future__ import annotations

import numpy as np

from twin.errors import MarginError
from twin.facts import Facts
from twin.kernels.adoption import USES
from twin.population.fit import Margin, fit
from twin.processes.demography import arriving, by_age, expected, leaving, leslie
from twin.verification.case import Check, Z, case
from twin.verification.engine import city_model
from twin.verification.worlds import with_values

_STILL = (
    "hear", "hear_peers", "hear_place", "forget", "get", "alone", "peers", "crowd", "again", "stop",
)  # fmt: skip


@case(
    "V-13",
    "利用の率がすべて0なら、変化は世代の入れ替わりだけ",
    "All hazards zero: only generations move the share",
)
def generations() -> list[Check]:
    """Whoever was here keeps their state; newborns are unaware; the share is the cohorts' sum."""
    facts = Facts.read()
    zero = {f"adoption.{word}": dict.fromkeys(facts.table(f"adoption.{word}", _DAY), 0.0) for word in _STILL}
    model = city_model(
        facts=with_values(facts, {**zero, "card.hazard": {"0": 0.0, "120": 0.0}}),
        off=("card.expiry", "adoption.school", "training.classes", "city_hall.notices"),
    )
    people = model.citizens
    first = dict(zip(people.id.tolist(), people.array("adoption.stage").tolist(), strict=True))
    model.live(18)
    here = np.flatnonzero(people.here)
    old = [i for i in here if int(people.id[i]) in first]
    stage = people.array("adoption.stage")
    kept = sum(stage[i].tolist() == first[int(people.id[i])] for i in old)
    from_cohorts = sum(first[int(people.id[i])][1] == USES for i in old)
    brought = sum(int(stage[i, 1] == USES) for i in here if int(people.id[i]) not in first)
    return [
        Check("citizens of the census with their state of the start", len(old), kept),
        Check(
            "users counted are the cohorts' sum", from_cohorts + brought, int(model.census.users("net").sum())
        ),
    ]


_DAY = Facts.read()["adoption.alone"].values[0][0]


@case("V-30", "レスリー行列による推計と一致", "The Leslie projection comes out")
def leslie_projection() -> list[Check]:
    """Three groups by hand, the growth rate, and a small city against its own expectation."""
    people, expectations = np.array([100.0, 100.0, 100.0]), (
        (90, 95, 120), (93, 85.5, 124), (88.5, 88.35, 118), (88.41, 84.075, 117.88),
    )  # fmt: skip
    stays, bears = np.array([0.95, 0.8, 0.4]), np.array([0.0, 0.6, 0.3])
    checks = []
    for step, wanted in enumerate(expectations, 1):
        people = leslie(people, stays, bears)
        worst = float(np.abs(people - wanted).max())
        checks.append(Check("step {step}, largest difference", 0.0, round(worst, 9), 1e-6, {"step": step}))
    for _ in range(200):
        before, people = people, leslie(people, stays, bears)
    checks.append(Check("growth rate", 0.981025, round(float(people.sum() / before.sum()), 6), 1e-6))
    return checks + _city_against_expectation()


def _city_against_expectation() -> list[Check]:
    """Births, deaths and people after a year, process against projection from the same chances."""
    model = city_model(fraction=0.02, off=("demography.housing_shocks",))
    months = 12
    hopes = expected(
        model, model.month, by_age(model), leaving(model), months, arriving(model, model.month, 0.02)
    )
    model.live(months)
    flows = {name: float(np.sum(model.ledger.flows[name])) for name in ("births", "deaths")}
    return [
        Check("births in a year", hopes.births.sum(), flows["births"], Z * hopes.births.sum() ** 0.5),
        Check("deaths in a year", hopes.deaths.sum(), flows["deaths"], Z * hopes.deaths.sum() ** 0.5),
        Check(
            "people after a year", hopes.people.sum(), float(model.census.people.sum()),
            # households come and go together: their size makes the spread wider than that of people
            Z * (3.0 * (hopes.arrivals.sum() + hopes.departures.sum()) + hopes.births.sum() + hopes.deaths.sum()) ** 0.5,
        ),
    ]  # fmt: skip


@case("V-31", "毎月・区ごとに人口の収支が合う", "People balance every month in every ward")
def balance() -> list[Check]:
    """pop(t+1) = pop(t) + births - deaths + arrivals - departures + moved in - moved out."""
    model = city_model(fraction=0.02)
    ward = model.city.areas.ward
    before = model.census.people.sum(axis=1)
    worst = moved = 0
    for _ in range(18):
        model.step()
        flow = {name: past[-1] for name, past in model.ledger.flows.items()}
        nothing = np.zeros(len(ward), np.int64)
        gain = sum(flow.get(n, nothing) for n in ("births", "arrivals", "moved_in"))
        loss = sum(flow.get(n, nothing) for n in ("deaths", "departures", "moved_out"))
        after = model.census.people.sum(axis=1)
        odd = np.bincount(ward, np.abs(after - before - gain + loss))
        worst = max(worst, int(odd.max()))
        moved = max(
            moved, abs(int(flow.get("moved_in", nothing).sum() - flow.get("moved_out", nothing).sum()))
        )
        before = after
    return [Check("largest gap in a ward and month", 0, worst), Check("sum of moves", 0, moved)]


@case("V-32", "比例反復法（IPF）", "Iterative proportional fitting")
def proportional_fitting() -> list[Check]:
    """A 2 x 2 table, its odds ratio, a zero margin, and margins that contradict each other."""
    table = fit(np.array([[1.0, 2.0], [3.0, 4.0]]), _margins([40, 60], [50, 50]))
    wanted = np.array([[17.5765, 22.4235], [32.4235, 27.5765]])
    ratio = float(table[0, 0] * table[1, 1] / table[0, 1] / table[1, 0])
    empty = fit(np.ones((2, 2)), _margins([0, 60], [30, 30]))
    try:
        fit(np.ones((2, 2)), _margins([40, 60], [50, 40]))
        refused = ""
    except MarginError as error:
        refused = error.key
    return [
        Check("largest difference", 0.0, round(float(np.abs(table - wanted).max()), 6), 1e-4),
        Check("odds ratio", 2 / 3, ratio, 1e-6),
        Check("zero margin gives zeros", [0.0, 0.0], empty[0].tolist()),
        Check("different sums are refused", "people.margin_sums", refused),
    ]


def _margins(rows: list[float], columns: list[float]) -> list[Margin]:
    return [Margin("rows", rows, axes=(0,)), Margin("columns", columns, axes=(1,))]
