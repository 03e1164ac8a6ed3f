"""Whether the city that lived from 2015 to 2022 looks like the registers of those years.

Prints Markdown tables of people and cards against the published series, and shares of card holders
by age beside the national table; draws both as a picture. ``docs/history.md`` shows its output.

    python experiments/history.py --fraction 1.0 --out results/history.png
"""

import argparse
from datetime import date
from pathlib import Path

import matplotlib_fontja  # noqa: F401  (Japanese glyphs in figures)
import numpy as np
from matplotlib import pyplot as plt

from twin.facts import Facts
from twin.results.census import GROUPS
from twin.run.describe import table
from twin.verification import history

MIDDLES = {"0-5": 3, "6-12": 9.5, "13-14": 14, "15-17": 16, "18-19": 18.5, "20-29": 25, "30-39": 35, "40-49": 45, "50-59": 55,
           "60-64": 62.5, "65-69": 67.5, "70-74": 72.5, "75-79": 77.5, "80+": 86}  # fmt: skip
LAST = date(2021, 12, 1)


def people_rows(model) -> list[tuple]:
    """Published and lived population on each 1 January."""
    rows = []
    for day, published in model.facts[history.REGISTER].values:
        lived = history.people_on(model, day).sum()
        rows.append((day, f"{published:,.0f}", f"{lived:,.0f}", f"{lived / published - 1:+.2%}"))
    return rows


def age_rows(model) -> list[tuple]:
    """Share of holders by age when the run ends, beside the nation's of December 2021."""
    nation = model.facts.curve("card.share_japan", LAST, np.array([MIDDLES[g] for g in GROUPS]))
    month = model.ledger.months.index((LAST.year - 1900) * 12 + LAST.month - 2)
    counts = model.ledger.counts[month].sum(axis=0)
    return [
        (group, f"{japan:.1%}", f"{counts[g, history.CARD] / counts[g, 0]:.1%}")
        for g, (group, japan) in enumerate(zip(GROUPS, nation, strict=True))
    ]


def draw(model, cards: list[tuple], out: Path) -> None:
    """Cards against the series, and by age against the nation."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    days = [day for day, _, _ in cards]
    left.plot(days, [p for _, p, _ in cards], "k.", label="公表値 published")
    left.plot(days, [g for _, _, g in cards], color="#1f77b4", label="モデル model")
    left.set_title("千葉市のカード交付枚数率（累計） / cards issued")
    left.yaxis.set_major_formatter("{x:.0%}")
    left.legend()
    rows = age_rows(model)
    right.plot(
        [r[0] for r in rows], [float(r[1][:-1]) for r in rows], "k.--", label="全国（交付） Japan, issued"
    )
    right.plot(
        [r[0] for r in rows],
        [float(r[2][:-1]) for r in rows],
        color="#1f77b4",
        label="モデル・千葉市（保有） model, held",
    )
    right.set_title("年齢別 2021年12月 / by age (%)")
    right.tick_params(axis="x", rotation=60)
    right.legend()
    figure.savefig(out, dpi=120)


def main() -> None:
    """Live the years once and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--fraction", type=float, default=0.2)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--out", type=Path, default=Path("results/history.png"))
    args = ask.parse_args()
    model = history.lived_again_with(Facts.read(), args.fraction, args.seed)
    cards = [row for row in history.cards_issued(model) if row[0] <= date(2021, 12, 31)]
    print(table(("1 January", "register", "model", "difference"), people_rows(model)), "\n")
    chosen = [row for n, row in enumerate(cards) if n % 4 == 0 or row[0] == LAST]
    print(
        table(
            ("day", "issued, published", "issued, model"), [(d, f"{p:.1%}", f"{g:.1%}") for d, p, g in chosen]
        )
    )
    worst = max(cards, key=lambda row: abs(row[1] - row[2]))
    print(f"\nlargest miss of {len(cards)} dates: {100 * (worst[2] - worst[1]):+.2f} points on {worst[0]}\n")
    print(table(("age", "Japan, issued, December 2021", "model, Chiba City, held"), age_rows(model)))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    draw(model, cards, args.out)


if __name__ == "__main__":
    main()
