"""Constants of modes that give the shares of the Tokyo area (``trips.target.share``, from memory).

Solves a weekday, moves each constant by the logarithm of wanted over found share, the ways of that day kept, until
shares fit, and solves anew. Walking is nought; rides on demand are held to be as good as the bus. Prints the table
for ``trips.constant`` and how well shares fit. Chiba City's own shares are not known.

    python experiments/fit_modes.py --fraction 0.1 --rounds 3
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from twin.facts import Facts
from twin.travel.cells import utilities
from twin.travel.choice import MODES, nested
from twin.travel.day import Offer, SolvedDay, solve_day
from twin.verification.travel import Town, town_of_travellers
from twin.verification.worlds import with_values

DAY = date(2018, 10, 1)
CAR = ("drive", "passenger", "taxi")


def wanted(facts: Facts) -> np.ndarray:
    """Shares of modes to be met, (modes,); nought for rides on demand."""
    share = facts.table("trips.target.share", DAY)
    by, taxi = (facts.number(f"trips.target.{name}", DAY) for name in ("passenger", "taxi"))
    split = {"drive": 1 - by - taxi, "passenger": by, "taxi": taxi}
    found = np.array([share["car"] * split[mode] if mode in CAR else share.get(mode, 0.0) for mode in MODES])
    return found / found.sum()


def fitted(solved: SolvedDay, target: np.ndarray, rounds: int = 60) -> dict[str, float]:
    """Constants that give the target on the ways of a solved day."""
    constant, cells, fits = solved.prices.constant.copy(), solved.cells, target > 0
    for _ in range(rounds):
        worth = utilities(cells, solved.skims, replace(solved.prices, constant=constant))
        share = (nested(worth, solved.nests).share * cells.residents).sum(axis=1) / cells.residents.sum()
        constant[fits] += 0.8 * np.log(target[fits] / share[fits])
        constant -= constant[MODES.index("walk")]
    found = dict(zip(MODES, constant.round(2).tolist(), strict=True))
    return {**found, "on_demand": found["bus"]}


def shares(solved: SolvedDay) -> Mapping[str, float]:
    """Expected shares of residents' trips."""
    share = (solved.share * solved.cells.residents).sum(axis=1) / solved.cells.residents.sum()
    return dict(zip(MODES, share.round(4).tolist(), strict=True))


def main() -> None:
    """Fit, a few rounds."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--fraction", type=float, default=0.1)
    args = ask.parse_args()
    town: Town = town_of_travellers(args.fraction)
    facts, target = town.facts, wanted(town.facts)
    print("wanted", dict(zip(MODES, target.round(4).tolist(), strict=True)))
    for _ in range(args.rounds):
        solved = solve_day(town.ways, town.tours(), Offer(), facts, town.on, town.chance)
        print("found ", shares(solved), f"rounds {len(solved.gaps)}, gap {solved.roads.gap:.1e}", flush=True)
        constants = fitted(solved, target)
        print("constants", constants, flush=True)
        facts = with_values(facts, {"trips.constant": constants})


if __name__ == "__main__":
    main()
