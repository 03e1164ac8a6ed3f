"""A small sealed results folder for tests: the real city, two scenarios, two seeds, a few months.

The counts are made up but hang together: people fall a little, shares rise with time and fall with age.
They go through the real ledger, the real indicators and the real seal.
"""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from twin.chance import Chance
from twin.city.city import City, embedded_folder
from twin.facts import FOLDER as FACTS
from twin.facts import Facts
from twin.indicators import measures
from twin.processes.mobility.days import Days
from twin.processes.mobility.record import AGES, PLACES, TOTALS, WAYS, yearly
from twin.results.census import GROUPS, QUANTITIES, Census
from twin.results.ledger import FIVE_YEARS, Ledger, Places
from twin.results.store import complete
from twin.run.areas_alone import areas_alone, steady
from twin.scenarios import Scenario, library
from twin.travel.choice import MODES
from twin.units import month_number

FRACTION = 0.1
LAST_YEAR = 2042
SCENARIOS = ("baseline", "ageing_faster")
SEEDS = (1, 2)
# people of a small area by age group, before scaling; the sixth area has too few to be shown
PEOPLE = np.array([55, 60, 18, 27, 18, 110, 120, 140, 150, 60, 60, 70, 60, 90])
FEW = 5
START = dict.fromkeys(QUANTITIES, 0.3) | {
    "device": 0.86,
    "net": 0.82,
    "card": 0.45,
    "learner": 0.6,
    "employed": 0.7,
}
RISE = dict.fromkeys(QUANTITIES, 0.2) | {"device": 0.10, "net": 0.12, "card": 0.42}


def make_results(
    folder: Path,
    scenarios: dict[str, dict] | None = None,
    seeds=SEEDS,
    last_year=LAST_YEAR,
    spread=(),
    trips=(),
) -> Path:
    """Write and seal results; ``scenarios`` are ids with what to change in their record, ``spread`` those that
    lived with the spread of services, ``trips`` those that worked trips out."""
    scenarios = scenarios or {name: {} for name in SCENARIOS}
    city = City.embedded()
    for place, scenario in enumerate(scenarios):
        for seed in seeds:
            _write_run(folder, city, scenario, seed, place, last_year, scenario in spread, scenario in trips)
    record = _record(city, scenarios, seeds, last_year)
    (folder / "made.json").write_text(json.dumps(record, ensure_ascii=False))
    shutil.copytree(embedded_folder(), folder / "city", ignore=shutil.ignore_patterns("base"))
    shutil.copytree(FACTS, folder / "facts", ignore=shutil.ignore_patterns("*.py*", "__*"))
    complete(folder)
    return folder


def _write_run(
    folder: Path, city: City, scenario: str, seed: int, place: int, last_year: int, spread: bool, trips: bool
) -> None:
    ledger = Ledger(len(city.areas.code))
    chance = Chance(seed)
    for month in _months(last_year):
        years = (month - month_number(date(2022, 3, 1))) / 12
        counts = _counts(city, month, years, place, chance)
        areas = np.arange(ledger.areas)
        for name, each in (("births", 1), ("deaths", 2), ("arrivals", 4 - place), ("departures", 3)):
            ledger.add(name, np.repeat(areas, each))
        for name, each in (("library", 60), ("tax", 40)):
            ledger.tally(f"filed_{name}", np.full(len(areas), each))
            ledger.tally(f"online_{name}", np.full(len(areas), each // 2))
        ledger.tally("procedures", np.full(len(areas), 100))
        ledger.tally("procedures_online", np.full(len(areas), 50 + place))
        ledger.tally("firms", np.full(len(areas), 40))
        ledger.tally("firms_digital", np.full(len(areas), 10 + place))
        if trips:
            _travel(ledger, city, month, years, place, seed)
        ledger.close(Census(month, counts), int(counts[:, :, 0].sum() / 2.1))
        if (month + 1) % 12 == 3:
            _ask(ledger, city, month, years, seed)
        if (month + 1) % 12 == 3:
            pyramid = np.full((len(city.wards.code), 2, len(FIVE_YEARS)), 400, np.int64)
            pyramid[:, :, -3:] = 20
            ledger.pyramid(month + 1, pyramid + int(5 * years))
    places = Places(city.code, city.wards.code, city.areas.code, city.areas.ward)
    table = ledger.table({"scenario": scenario, "draw": 0, "seed": seed}, places, measures())
    if spread:
        table = pd.concat([table, _spread(city, scenario, seed, last_year, set(table.indicator))])
    path = folder / "runs" / f"{scenario}.seed-{seed}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(path, index=False)


def _spread(city: City, scenario: str, seed: int, last_year: int, known: set[str]) -> pd.DataFrame:
    """What the real process writes down in areas whose census stands still, but for what is known already."""
    shares = dict.fromkeys(QUANTITIES[1:], 0.5)
    model = areas_alone(city, steady(city, 970_000, shares), Facts.read(), seed)
    model.live(month_number(date(last_year, 3, 1)) + 1 - model.month)
    places = Places(city.code, city.wards.code, city.areas.code, city.areas.ward)
    table = model.ledger.table({"scenario": scenario, "draw": 0, "seed": seed}, places, (), ())
    return table[~table.indicator.isin(known)]


def _travel(ledger: Ledger, city: City, month: int, years: float, place: int, seed: int) -> None:
    """Made-up solved days through the real record: less driving with time, one area served in the second scenario."""
    areas = len(city.areas.code)
    for name, each in (
        ("subscribers", 10 * place),
        ("cars", 400),
        ("licences", 700),
        ("on_demand_vehicles", 0),
    ):
        ledger.tally(
            name, np.full(areas, each) + 3 * place * (np.arange(areas) == 0) * (name == "on_demand_vehicles")
        )
    for name, each in (("rides_asked", 120), ("rides_served", 100), ("rides_refused", 20)):
        ledger.tally(name, each * place * (np.arange(areas) == 0))
    if (month + 1) % 12 == 3:
        vehicles = 3.0 * place * (np.arange(areas) == 0)
        model = SimpleNamespace(city=city, ledger=ledger, month=month)
        yearly(solved(areas, years, place, seed), model, vehicles, 7 * vehicles)


def solved(areas: int, years: float, place: int, seed: int) -> Days:
    """The days of a year, by hand."""
    trips = np.ones((areas, len(AGES), len(MODES))) * 100
    trips[:, :, 0] += 200 - 5 * years + seed  # driven
    people = np.full((areas, len(AGES)), 250.0)
    rides = np.zeros((areas, 4))
    rides[0] = np.array([4.0, 3.3, 0.7, 9.5]) * place
    minutes = np.full((areas, len(PLACES), len(WAYS)), 20.0) - place
    minutes[:, 1] = np.nan  # no hospital known
    nothing = np.zeros((1, 2))
    worth = people * (1000.0 + 50 * place)
    totals = np.full((len(MODES), len(TOTALS)), 1000.0)
    return Days(
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        trips,
        people,
        worth,
        rides,
        minutes,
        totals,
        np.ones(len(AGES)),
    )


def _ask(ledger: Ledger, city: City, month: int, years: float, seed: int) -> None:
    """Surveys of some indicators, one apart from seed to seed; of the firms too few say yes."""
    for name, value, returned, effective in (
        ("indicator_02.mixed", 0.80, 1300, 1100), ("indicator_04.mixed", 0.75, 1300, 1100),
        ("indicator_05.mixed", 0.40 + 0.01 * years + 0.02 * seed, 1300, 1000 + seed),
        ("indicator_07.companies", 0.05, 70, 60),
    ):  # fmt: skip
        parts = {
            "": value, ".low": value - 0.03, ".high": value + 0.04, ".raw": value + 0.02, ".sent": 3000,
            ".returned": returned, ".effective": effective,
        }  # fmt: skip
        for part, number in parts.items():
            ledger.note(month, name + part, city.code, "all", float(number))


def _months(last_year: int) -> list[int]:
    """The whole first fiscal year, a March every five years, and the last one."""
    marches = [month_number(date(year, 3, 1)) for year in (*range(2022, last_year, 5), last_year)]
    return sorted({*range(marches[0] - 11, marches[0] + 1), *marches})


def _counts(city: City, month: int, years: float, place: int, chance: Chance) -> np.ndarray:
    areas = len(city.areas.code)
    noise = (4 * chance.uniform("report test", month, np.arange(areas * len(GROUPS)))).astype(np.int64)
    counts = np.zeros((areas, len(GROUPS), len(QUANTITIES)), np.int64)
    size = 0.8 + 0.05 * (np.arange(areas) % 9)
    shrink = 1 - (0.003 + 0.002 * place) * max(years, 0)
    counts[:, :, 0] = np.rint(PEOPLE * size[:, None] * shrink) + noise.reshape(areas, len(GROUPS))
    counts[FEW, :, 0] = 1
    old = np.linspace(0, 0.3, len(GROUPS))
    for column, quantity in enumerate(QUANTITIES[1:], start=1):
        share = np.clip(START[quantity] + RISE[quantity] * max(years, 0) / 20 - old, 0.05, 0.99)
        counts[:, :, column] = np.rint(counts[:, :, 0] * share)
    return counts


def _record(city: City, scenarios: dict[str, dict], seeds, last_year: int) -> dict:
    facts = Facts.read()
    entries = []
    for name, other in scenarios.items():
        scenario = Scenario.read(name if name in library() else "baseline", facts)
        entries.append(
            {
                "id": name, "title": scenario.title, "question": scenario.question,
                "sha256": scenario.sha256(), "census": str(scenario.census), "start": str(scenario.start),
                "first_month": month_number(scenario.start), "processes": list(scenario.processes), "off": [],
                "explained": {lang: scenario.explain(facts, lang) for lang in ("ja", "en")}, "warnings": [],
            } | other
        )  # fmt: skip
    return {
        "program": {"machitwin": "0.1.0", "commit": "0123456789abcdef"},
        "libraries": {"numpy": "2.4"},
        "platform": {"python": "3.11", "system": "Linux", "machine": "x86_64"},
        "when": "2026-01-02 03:04 UTC",
        "city": {"name_ja": city.name_ja, "name_en": city.name_en, "tier": city.tier, "sha256": city.sha256},
        "facts": facts.sha256(), "scenarios": entries, "seeds": list(seeds), "fraction": FRACTION,
        "years": last_year - 2022, "threads": 1, "age_groups": list(GROUPS), "step": "1 month",
        "fit": {"ja": "人口合成の適合表", "en": "Fit of the synthetic people"},
        "seconds": {"whole": 1.0, "runs": {}},
    }  # fmt: skip
