"""Whether businesses and telework from 2018 on look like the surveys of those years.

A world of the city's establishments lives from the census of 2015 for the shares of firms; a small whole
city lives the same years for what its citizens may do. Prints Markdown tables with the model's error and
says of each series whether it was fitted or predicted; draws them. ``docs/businesses.md`` shows its output.

    python experiments/firms_history.py --copies 4 --fraction 0.1 --out results/firms.png
"""

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path

import matplotlib_fontja  # noqa: F401  (Japanese glyphs in figures)
import numpy as np
from matplotlib import pyplot as plt

from twin.agents.citizens import Day
from twin.facts import Facts
from twin.processes.businesses import citizens_telework
from twin.run.beginning import begin
from twin.run.describe import table
from twin.run.plan import model_of
from twin.units import month_number
from twin.verification import firms
from twin.verification.engine import baseline
from twin.verification.history import CENSUS_2015
from twin.verification.worlds import city

SINCE, SMALL, LARGE = date(2018, 1, 1), 300, 100
WORKING, ALSO_CONSIDERING = "history.sme_working", "history.sme_working_or_considering"
FIRMS_TELEWORK, TOKYO, JAPAN = (f"history.telework_{who}" for who in ("firms", "tokyo_area", "japan"))
APRILS = [date(year, 4, 1) for year in range(2018, 2026)]


def published(facts: Facts, key: str) -> dict[date, float]:
    """A series from 2018 on."""
    return {day: float(value) for day, value in facts[key].values if day >= SINCE}


def of_firms(facts: Facts, copies: int) -> dict[str, dict[date, float]]:
    """Small firms that use digital tools and large ones that offer telework, on the surveys' days."""
    model = firms.firms_world(*firms.establishments(facts, CENSUS_2015, copies), facts, CENSUS_2015)
    found: dict[str, dict[date, float]] = {WORKING: {}, FIRMS_TELEWORK: {}}
    days = {*published(facts, WORKING), *published(facts, FIRMS_TELEWORK), *APRILS}
    for day in sorted(days):
        model.live(month_number(day) + 1 - model.month)  # as it stands when the month of the survey ends
        here, employees = model.businesses.here, model.businesses.employees
        uses, offers = (model.businesses.array(f"businesses.{name}") > 0 for name in ("stage", "telework"))
        found[WORKING][day] = float(uses[here & (employees <= SMALL)].mean())
        found[FIRMS_TELEWORK][day] = float(offers[here & (employees >= LARGE)].mean())
    return found


def of_people(facts: Facts, fraction: float) -> dict[str, dict[date, float]]:
    """Employed citizens who may telework: all, in the city, outside."""
    scenario = replace(baseline(), census=CENSUS_2015, processes=("demography", "businesses"))
    model = model_of(city(), begin(city(), scenario, facts, fraction), scenario, facts, 1, fraction)
    model.start()
    found: dict[str, dict[date, float]] = {"all": {}, "in the city": {}, "outside": {}}
    for day in sorted({*published(facts, JAPAN), *published(facts, TOKYO), *APRILS}):
        model.live(month_number(day) + 1 - model.month)
        people, may = model.citizens, citizens_telework(model)
        yes = may.offered & may.allowed
        in_city = people.here & (people.day == Day.WORK_IN_CITY)
        outside = people.here & (people.day == Day.WORK_OUTSIDE)
        for name, who in (("all", in_city | outside), ("in the city", in_city), ("outside", outside)):
            found[name][day] = float(yes[who].mean())
    return found


def considering(facts: Facts, working: dict[date, float]) -> dict[date, float]:
    """Those who also consider it: of those not working on it, always the share of the first survey."""
    first = min(published(facts, WORKING))
    part = published(facts, WORKING)[first]
    also = (published(facts, ALSO_CONSIDERING)[first] - part) / (1 - part)
    return {day: share + also * (1 - share) for day, share in working.items()}


def rows(facts: Facts, key: str, model: dict[date, float]) -> list[tuple]:
    """Day, published, model, error in points; April without a survey when there is none."""
    series = published(facts, key)
    days = sorted({*series, *(d for d in model if d in APRILS)})
    return [
        (day, f"{series[day]:.1%}", f"{model[day]:.1%}", f"{100 * (model[day] - series[day]):+.1f}")
        if day in series
        else (day, "", f"{model[day]:.1%}", "")
        for day in days
    ]


def main() -> None:
    """Live the years and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--copies", type=int, default=4)
    ask.add_argument("--fraction", type=float, default=0.1)
    ask.add_argument("--out", type=Path, default=Path("results/firms.png"))
    args = ask.parse_args()
    facts = Facts.read()
    of_firm, people = of_firms(facts, args.copies), of_people(facts, args.fraction)
    shown = [
        ("SMEs working on DX / 中小企業のDX（着手）: predicted", WORKING, of_firm[WORKING]),
        ("SMEs working on it or considering it / 検討中を含む: predicted, but for the share considering in 2022",
         ALSO_CONSIDERING, considering(facts, of_firm[WORKING])),
        ("Firms of 100 or more offering telework / テレワーク導入企業: fitted year by year",
         FIRMS_TELEWORK, of_firm[FIRMS_TELEWORK]),
        ("Telework of those who work in the city, beside Japan / 市内就業者: level of 2022 fitted, rest predicted",
         JAPAN, people["in the city"]),
        ("Telework of those who work outside, the Tokyo area / 市外就業者: it is the series",
         TOKYO, people["outside"]),
        ("Telework of all employed citizens, beside the Tokyo area / 就業市民: predicted, another population",
         TOKYO, people["all"]),
    ]  # fmt: skip
    for title, key, model in shown:
        print(
            f"{title}\n\n{table(('day', 'published', 'model', 'error, points'), rows(facts, key, model))}\n"
        )
    draw(facts, shown, args.out)


def draw(facts: Facts, shown: list[tuple], out: Path) -> None:
    """Each series with the model's line."""
    figure, axes = plt.subplots(2, 3, figsize=(13, 7), layout="constrained")
    for axis, (title, key, model) in zip(axes.flat, shown, strict=True):
        series, days = published(facts, key), sorted(model)
        axis.plot(days, [model[d] for d in days], color="#1f77b4", label="モデル model")
        axis.plot(list(series), list(series.values()), "k.", label="公表値 published")
        axis.set_title(title.replace(" / ", "\n").replace(": ", "\n"), fontsize=8)
        axis.yaxis.set_major_formatter("{x:.0%}")
        axis.set_ylim(0, max(0.6, *np.array(list(series.values())) * 1.1))
    axes.flat[0].legend()
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=110)


if __name__ == "__main__":
    main()
