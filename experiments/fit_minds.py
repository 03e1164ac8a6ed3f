"""Which level of acts for the environment and which rate of media meet the two published shares.

The odds of doing an act are scaled, the same at every age, until the share of adults who act is
``environment.share`` when the run starts in October 2015. The media rate is scaled until 58 % of adults
have heard of the smart city in December 2024: a proxy from five metropolitan areas, not the city.
Prints the values for ``twin/facts/environment.toml`` and ``twin/facts/awareness.toml``.

    python experiments/fit_minds.py --rounds 4 --fraction 0.05
"""

import argparse
from dataclasses import replace
from datetime import date

from twin.facts import Facts
from twin.model import CityTwin
from twin.results.census import groups_in
from twin.run.beginning import begin
from twin.run.plan import model_of
from twin.units import month_number
from twin.verification.engine import baseline
from twin.verification.history import CENSUS_2015
from twin.verification.worlds import city, with_values

PROXY, PROXY_DAY = 0.58, date(2024, 12, 1)  # KPMGジャパン 2024-12
ADULTS = groups_in("18+")


def adults(model: CityTwin, mark: str) -> float:
    """Share of adults with a mark."""
    counted, people = (table[:, ADULTS].sum() for table in (model.census.users(mark), model.census.people))
    return float(counted / people)


def started(facts: Facts, census: date, fraction: float) -> CityTwin:
    """The baseline on its first day, from some census."""
    scenario = replace(baseline(), census=census)
    model = model_of(city(), begin(city(), scenario, facts, fraction), scenario, facts, 1, fraction)
    model.start()
    return model


def main() -> None:
    """Fit both, a few rounds each."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rounds", type=int, default=4)
    ask.add_argument("--fraction", type=float, default=0.05)
    args = ask.parse_args()
    facts = Facts.read()
    wanted = facts.number("environment.share", CENSUS_2015)
    table = facts.table("environment.acts_done", CENSUS_2015)
    for _ in range(args.rounds):
        got = adults(started(facts, CENSUS_2015, args.fraction), "green")
        print(f"act for the environment, October 2015: {got:.4f}")
        factor = (
            wanted / (1 - wanted) * (1 - got) / got
        ) ** 0.5  # the share of people moves about twice as fast
        table = {age: p * factor / (1 - p + p * factor) for age, p in table.items()}
        facts = with_values(facts, {"environment.acts_done": table})
    print({age: round(p, 3) for age, p in table.items()})
    media = facts.number("awareness.media", PROXY_DAY)
    for _ in range(args.rounds):
        model = started(facts, baseline().census, args.fraction)
        model.live(month_number(PROXY_DAY) + 1 - model.month)
        got = adults(model, "aware_city")
        print(f"heard of the smart city, end of December 2024: {got:.4f} at media {media:.4f}")
        media *= (PROXY / (1 - PROXY) * (1 - got) / got) ** 2  # a part of hearing alone
        facts = with_values(facts, {"awareness.media": media})
    print(f"{media:.4f}")


if __name__ == "__main__":
    main()
