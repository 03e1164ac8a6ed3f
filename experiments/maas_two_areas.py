"""MaaS and on-demand rides in two areas: who uses them, who gains and loses, what a further trip costs.

    python experiments/maas_two_areas.py [seeds] [fraction] [years] [workers]

Runs ``getting_around`` and ``maas_in_two_areas`` with the same seeds and prints what the second does beyond the
first in the last fiscal year, with 90 % intervals of the paired differences, as Markdown.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

import numpy as np
from scipy.stats import t as student

from twin.facts import Facts
from twin.indicators import REGISTER
from twin.model import CityTwin
from twin.processes.mobility.record import AGES
from twin.run.beginning import Beginning, begin
from twin.run.command import known
from twin.run.plan import model_of
from twin.scenarios import Scenario
from twin.travel.choice import MODES
from twin.units import MONTHS_A_YEAR, month_number
from twin.verification.worlds import city

PLAIN, MORE = "getting_around", "maas_in_two_areas"
INDICATORS = (5, 11, 14)
DAYS = 365.0
PUBLIC = ("rail", "bus", "on_demand")


def areas_served(scenario: Scenario, facts: Facts) -> list[str]:
    """Codes of the areas to which the scenario brings vehicles."""
    return [
        change.label for change in scenario.changes if change.fact == "mobility.vehicles" and change.label
    ]


def lives(name: str, fraction: float, years: int, seed: int) -> CityTwin:
    """One run to its end."""
    facts = Facts.read()
    scenario = Scenario.read(name, facts, known())
    model = model_of(city(), _beginning(fraction), scenario, facts, seed, fraction)
    model.start()
    model.live(month_number(scenario.start) - month_number(scenario.census) + years * MONTHS_A_YEAR)
    return model


def _beginning(fraction: float) -> Beginning:
    facts = Facts.read()
    return begin(city(), Scenario.read(PLAIN, facts, known()), facts, fraction)


def outcomes(name: str, fraction: float, years: int, seed: int) -> dict[str, float]:
    """What is asked of a run's last fiscal year, by name."""
    model = lives(name, fraction, years, seed)
    last = model.ledger.months[-1]
    notes = {
        (n, area, group): value for month, n, area, group, value, _ in model.ledger.notes if month == last
    }
    flows = {n: np.array(past)[-MONTHS_A_YEAR:] for n, past in model.ledger.flows.items()}
    found: dict[str, float] = {}
    for n in INDICATORS:
        answers = [REGISTER[n].answer(census) for census in model.ledger.censuses()[-MONTHS_A_YEAR:]]
        of = lambda side, area=None: sum(_of(a[side], area) for a in answers)  # noqa: E731, B023
        found[f"indicator {n} city"] = 100 * of(0) / of(1)
        for code in _served():
            row = model.city.areas.code.index(code)
            found[f"indicator {n} {code}"] = 100 * of(0, row) / of(1, row)
    for code in (model.city.code, *_served()):
        for group in ("all", *AGES):
            found[f"gain {code} {group}"] = notes.get(("getting_around", code, group), np.nan)
        row = slice(None) if code == model.city.code else [model.city.areas.code.index(code)]
        for flow in ("subscribers", "cars", "on_demand_vehicles"):
            scale = 1.0 if flow == "on_demand_vehicles" else 1 / model.fraction
            found[f"{flow} {code}"] = scale * flows[flow][-1][row].sum()
        for flow in ("rides_served", "rides_refused"):
            found[f"{flow} {code}"] = flows[flow][:, row].sum()
        found[f"wait {code}"] = notes.get(("rides_wait", code, "all"), np.nan)
        trips = {m: notes[f"trips_{m}", code, "all"] for m in MODES}
        found[f"trips a day {code}"] = sum(trips.values())
        found[f"public trips a day {code}"] = sum(trips[m] for m in PUBLIC)
        found[f"trips by car a day {code}"] = sum(trips[m] for m in ("drive", "passenger", "taxi"))
    for name_ in ("vehicle_km", "energy_kwh", "co2_kg", "yen_paid"):
        found[f"{name_} a day"] = sum(notes[name_, model.city.code, m] for m in MODES)
    fare = sum(notes["yen_paid", model.city.code, m] for m in ("on_demand",)) * DAYS
    day = model.day
    number = lambda key: model.facts.number(key, day)  # noqa: E731
    vehicles = flows["on_demand_vehicles"].mean(axis=0).sum()
    runs = vehicles * number("mobility.hours") * number("mobility.vehicle_hour") * DAYS
    sold = sum(model.facts.table("mobility.bundle", day).values()) * number("mobility.platform")
    fees = found[f"subscribers {model.city.code}"] * number("travel.subscription.fee") * MONTHS_A_YEAR
    found |= {"yen a year: vehicles": runs, "yen a year: bundle": sold, "yen a year: fares of rides": fare,
              "yen a year: fees": fees}  # fmt: skip
    return found


def _of(values: np.ndarray, area: int | None) -> float:
    return float(values.sum() if area is None else values[area].sum())


@cache
def _served() -> list[str]:
    facts = Facts.read()
    return areas_served(Scenario.read(MORE, facts, known()), facts)


def interval(found: np.ndarray) -> str:
    """Mean of paired differences with its 90 % interval."""
    half = (
        student.ppf(0.95, len(found) - 1) * found.std(ddof=1) / len(found) ** 0.5
        if len(found) > 1
        else np.nan
    )
    return f"{found.mean():+,.4g} [{found.mean() - half:+,.4g}, {found.mean() + half:+,.4g}]"


def main(seeds: int = 6, fraction: float = 0.02, years: int = 10, workers: int = 1) -> None:
    """Run the pairs and print the table."""
    with ProcessPoolExecutor(workers) as pool:
        runs = {
            name: list(pool.map(partial(outcomes, name, fraction, years), range(1, seeds + 1)))
            for name in (PLAIN, MORE)
        }
    column = lambda name, what: np.array([run[what] for run in runs[name]])  # noqa: E731
    print(f"{seeds} paired seeds at fraction {fraction:g}, fiscal year {2022 + years - 1}\n")
    print(f"| what | {PLAIN} | {MORE} | difference, 90 % interval |\n|---|---|---|---|")
    for what in runs[PLAIN][0]:
        plain, more = column(PLAIN, what), column(MORE, what)
        if np.isfinite(plain).all() and np.isfinite(more).all():
            print(f"| {what} | {plain.mean():,.4g} | {more.mean():,.4g} | {interval(more - plain)} |")
        elif np.isfinite(more).all():
            print(f"| {what} | - | {more.mean():,.4g} | |")
    code = city().code
    extra = DAYS * (column(MORE, f"public trips a day {code}") - column(PLAIN, f"public trips a day {code}"))
    spent = sum(
        sign * (column(MORE, f"yen a year: {line}") - column(PLAIN, f"yen a year: {line}"))
        for line, sign in (("vehicles", 1), ("bundle", 1), ("fares of rides", -1))
    )
    print(
        f"\nCost of a further trip by public transport, fares of rides taken off: {interval(spent / extra)} yen"
    )
    served = DAYS / DAYS * (column(MORE, f"rides_served {code}") - column(PLAIN, f"rides_served {code}"))
    print(f"Cost of a further ride served: {interval(spent / served)} yen")


if __name__ == "__main__":
    numbers = [float(word) for word in sys.argv[1:]]
    main(*(kind(x) for kind, x in zip((int, float, int, int), numbers, strict=False)))
