"""Which rates of taking a My Number card give Chiba City's series and the nation's ages.

Shape by age: the hazard that carries the national share of each age along its cohort from the first
to the last date of a period. Level: the factor on that shape with which the model, in which people
are born, move and die, issues as many cards in the period as the city did. Prints the values for
``twin/facts/card.toml`` (fact ``card.hazard``).

    python experiments/fit_card.py --rounds 3 --fraction 0.1
"""

import argparse
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np

from twin.facts import Facts
from twin.verification import history

BREAKS = [date(2016, 1, 1), date(2017, 5, 15), date(2019, 11, 1), date(2020, 7, 1), date(2020, 12, 1),
          date(2021, 3, 1), date(2021, 8, 1), date(2021, 12, 1)]  # fmt: skip
AGES = np.array([0, 5, 10, 15, 20, 25, 30, 35, 40, 50, 60, 65, 70, 75, 80, 85, 90, 95])
LEAST = 0.002  # per year; the table's population base changes between dates and can hide all take-up


def national_shape(facts: Facts, since: date, until: date) -> np.ndarray:
    """Yearly hazard by age between two dates, from the national table, along cohorts."""
    years = (until - since).days / 365.25
    refusal = facts.number("card.refusal", since)
    before = np.zeros(len(AGES)) if since == BREAKS[0] else facts.curve("card.share_japan", since, AGES + 2.5)
    after = facts.curve("card.share_japan", until, AGES + 2.5 + years)
    left = np.clip((1 - refusal - after) / (1 - refusal - before), 1e-6, 1)
    return np.maximum(-np.log(left) / years, LEAST)


def issued(model, day: date) -> float:
    """The model's share issued, cumulative, interpolated to a day."""
    rows = history.cards_issued(model)
    days = [(d - BREAKS[0]).days for d, _, _ in rows]
    return float(np.interp((day - BREAKS[0]).days, [0, *days], [0.0, *(got for _, _, got in rows)]))


def main() -> None:
    """Fit level by level, a few rounds."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--fraction", type=float, default=0.1)
    args = ask.parse_args()
    facts = Facts.read()
    later = tuple(pair for pair in facts["card.hazard"].values if pair[0] >= BREAKS[-1])
    shapes = [national_shape(facts, a, b) for a, b in pairwise(BREAKS)]
    level = np.ones(len(shapes))
    goal = [0.0, *(facts.number("card.share_chiba", day) for day in BREAKS[1:])]
    for _ in range(args.rounds):
        dated = [
            (since.replace(day=1), {str(a): round(float(h), 4) for a, h in zip(AGES, k * shape, strict=True)})
            for since, shape, k in zip(BREAKS[:-1], shapes, level, strict=True)
        ]
        fact = replace(facts["card.hazard"], values=(*dated, *later))
        model = history.lived_again_with(
            Facts([*(f for f in facts.values() if f.key != fact.key), fact]), args.fraction
        )
        got = [0.0, *(issued(model, day) for day in BREAKS[1:])]
        print("missed at the breaks:", [f"{a - b:+.4f}" for a, b in zip(got[1:], goal[1:], strict=True)])
        level *= np.diff(goal) / np.diff(got)
    for since, table in dated:
        print(f"  {{ since = {since}, value = {{ {', '.join(f'{a} = {h}' for a, h in table.items())} }} }},")


if __name__ == "__main__":
    main()
