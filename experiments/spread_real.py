"""Real spreads of digital services laid beside simulated ones of services nearest in kind.

    python experiments/spread_real.py [seeds] [figure]

Prints, for each published series, how fast it grew between its points, and how fast the like service of the
small start grows over as many years from its first area on; draws both. Nothing is fitted. Real series count
municipalities of Japan, simulated ones areas of one city: growth can be compared, levels cannot.
"""

from __future__ import annotations

import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import matplotlib_fontja
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.ticker import MultipleLocator

from twin.facts import Facts
from twin.processes.spread.services import SERVICES
from twin.run.areas_alone import AreasAlone, areas_alone, recorded
from twin.run.describe import table
from twin.verification.areas import happened
from twin.verification.engine import city_model
from twin.verification.worlds import city
from twin.vision import Vision

FRACTION, MONTHS, TODAY = 0.02, 258, date(2024, 4, 1)
# a series, what it is called, and the service that is nearest to it in kind and cost
LIKE = {
    "real_on_demand": ("チョイソコ", "on_demand_transport"),
    "real_line": ("LINE公式アカウント", "online_shopping"),
    "real_reports": ("My City Report", "digital_helpers"),
}
ENDS = ("live", "failed", "ended_money", "ended_users")


def path(model: AreasAlone, service: str) -> np.ndarray:
    """Areas in which a service is live, month by month from the first on."""
    past: list[int] = []
    on: set[str] = set()
    events = sorted(
        (m, kind, area) for kind in ENDS for m, area, s, _ in happened(model, kind) if s == service
    )
    for month in model.ledger.months:
        for when, kind, area in events:
            if when == month:
                (on.add if kind == "live" else on.discard)(area)
        past.append(len(on))
    found = np.array(past)
    return found[np.argmax(found > 0) :] if found.any() else np.zeros(1, int)


def growth(first: float, last: float, years: float) -> float:
    """Log points a year."""
    return float(np.log(last / first) / years)


def rows(facts: Facts, paths: dict[str, list[np.ndarray]]) -> list[tuple]:
    """One line for each pair of published points."""
    found = []
    for key, (name, service) in LIKE.items():
        points = sorted((float(year), count) for year, count in facts.table(f"spread.{key}", TODAY).items())
        for (y0, n0), (y1, n1) in pairwise(points):
            start, end = (round(12 * (y - points[0][0])) for y in (y0, y1))
            ours = [
                growth(p[start], p[end], y1 - y0)
                for p in paths[service]
                if len(p) > end and p[start] and p[end]
            ]
            low, mid, high = np.quantile(ours, [0.1, 0.5, 0.9]) if ours else (np.nan,) * 3
            found.append((
                name, f"{y0:.1f} – {y1:.1f}", f"{n0:.0f} → {n1:.0f}", f"{growth(n0, n1, y1 - y0):.2f}", service,
                f"{mid:.2f} [{low:.2f}, {high:.2f}]", len(ours),
            ))  # fmt: skip
    return found


def draw(facts: Facts, paths: dict[str, list[np.ndarray]], out: Path) -> None:
    """Real points and simulated bands, as multiples of the first count, on a log scale."""
    matplotlib_fontja.japanize()
    names = Vision.read().catalogue
    figure, axes = plt.subplots(1, len(LIKE), figsize=(11, 3.6), sharey=True, constrained_layout=True)
    for axis, (key, (name, service)) in zip(axes, LIKE.items(), strict=True):
        points = sorted((float(year), count) for year, count in facts.table(f"spread.{key}", TODAY).items())
        longest = int(np.quantile([len(p) for p in paths[service]], 0.1))  # as long as nine of ten seeds tell
        grid = np.full((len(paths[service]), longest), np.nan)
        for line, p in zip(grid, paths[service], strict=True):
            line[: len(p)] = np.maximum(p[:longest], 0.5)  # none left: below the axis
        low, mid, high = np.nanquantile(grid, [0.1, 0.5, 0.9], axis=0)
        t = np.arange(longest) / 12
        axis.fill_between(t, low, high, color="#9db7d1", alpha=0.6, label="モデル 10〜90 %")
        axis.plot(t, mid, color="#274c77")
        axis.plot(
            [y - points[0][0] for y, _ in points],
            [n / points[0][1] for _, n in points],
            "o-",
            color="#c1440e",
            label="実績",
        )
        axis.set_yscale("log")
        axis.set_ylim(0.8, 100)
        axis.set_yticks([1, 2, 5, 10, 20, 50, 100])
        axis.minorticks_off()
        axis.yaxis.set_major_formatter("{x:g}")
        axis.set_title(f"実績：{name}\nモデル：{names.service(service).name['ja']}", fontsize=9)
        axis.xaxis.set_major_locator(MultipleLocator(5))
        axis.set_xlabel("最初からの年数")
        axis.legend(fontsize=8, frameon=False)
    axes[0].set_ylabel("最初を1とする導入数")
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=150)


def main(seeds: int = 30, out: str = "results/spread_real.png") -> None:
    """Live, print, draw."""
    facts = Facts.read()
    given = recorded(city_model(fraction=FRACTION, months=MONTHS, off=("spread.supply",)))
    paths: dict[str, list[np.ndarray]] = {service: [] for _, service in LIKE.values()}
    for seed in range(1, seeds + 1):
        model = areas_alone(city(), given, facts, seed)
        model.live(MONTHS)
        for service, found in paths.items():
            found.append(path(model, service))
    head = (
        "series",
        "years",
        "real",
        "growth a year",
        "service",
        "simulated growth: median [10 %, 90 %]",
        "seeds",
    )
    print(table(head, rows(facts, paths)))
    share = [
        facts.table("spread.real_line", TODAY)[y] / facts.number("spread.municipalities", TODAY)
        for y in ("2019.25", "2022.83")
    ]
    print(f"\nLINE: {share[0]:.0%} to {share[1]:.0%} of municipalities")
    draw(facts, paths, Path(out))


if __name__ == "__main__":
    assert {service for _, service in LIKE.values()} <= set(SERVICES)
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30, *sys.argv[2:3])
