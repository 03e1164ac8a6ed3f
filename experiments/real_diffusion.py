"""Whether the adoption process lives in real people on real ties.

Fits external, peer and threshold hazards to 125 doctors and to 647 women of 15 villages, kind of tie by
kind of tie, foretells each place from the others, and prints Markdown tables; draws the curves with their
bands as a picture. ``docs/real_diffusion.md`` shows its output. Needs ``../shared/facts/diffusion``.

    python experiments/real_diffusion.py --worlds 1000 --out results/real_diffusion.png
"""

import argparse
from datetime import date
from pathlib import Path

import matplotlib_fontja  # noqa: F401  (Japanese glyphs in figures)
import numpy as np
from matplotlib import pyplot as plt

from twin import inference
from twin.facts import Facts
from twin.inference import Adopters, Hazards, Outlook
from twin.run.describe import table

TITLES = {"doctors": "医師125人の新薬 / 125 doctors, a new drug", "korean_villages": "15村の女性647人 / 647 women, 15 villages"}  # fmt: skip
DRAWN = {"doctors": "advice", "korean_villages": "discusses family planning"}
STEP = {"doctors": "月 month", "korean_villages": "時期 period"}
ALONE, PEERS = ("alone",), ("alone", "peers")
COMMON = np.arange(1000, 10_000, 1000)  # thresholds common to all, ten-thousandths
BLUE, BASS, LOGISTIC = "#1f77b4", "#d62728", "#2ca02c"


def layers(people: Adopters) -> list[tuple[str, Adopters, np.ndarray]]:
    """Each kind of tie alone, all together, and no network: everybody of the place."""
    everybody = people.everybody()
    return [
        *((kind, people, people.weight(kind)) for kind in people.kinds),
        ("all three", people, people.weight()),
        ("everybody in the place", everybody, everybody.weight()),
    ]


def spoken(seen, best, name: str) -> str:
    """A hazard with its 95 % interval."""
    low, high = inference.interval(seen, best, name)
    return f"{getattr(best.hazards, name):.3f} [{low:.3f}, {high:.3f}]"


def fit_row(kind: str, people: Adopters, weight: np.ndarray, thresholds: np.ndarray) -> tuple:
    """What one kind of tie explains."""
    seen = inference.exposure(people, weight, thresholds)
    alone, peers, crowd = (inference.fit(seen, free) for free in (ALONE, PEERS, Hazards._fields))
    level, both = (inference.fit(seen, free, levels=True) for free in ((), ("peers",)))
    common = max(
        inference.fit(inference.exposure(people, weight, np.array([t], np.uint16)), Hazards._fields).loglik
        for t in COMMON
    )
    return (
        kind, spoken(seen, peers, "alone"), spoken(seen, peers, "peers"), f"{peers.loglik:.1f}", f"{peers.aic:.1f}",
        f"{peers.aic - alone.aic:+.1f}", spoken(seen, crowd, "crowd"), f"{crowd.aic - peers.aic:+.1f}",
        f"{common - peers.loglik:.1f}", f"{both.hazards.peers:.3f}", f"{abs(both.loglik - level.loglik):.1f}",
    )  # fmt: skip


def foretold_row(kind: str, people: Adopters, weight: np.ndarray, free, thresholds, worlds: int) -> tuple:
    """How well the process with one kind of tie gives the curve, and the places left out."""
    best = inference.fit(inference.exposure(people, weight, thresholds), free)
    whole = inference.outlook(people, weight, best.hazards, thresholds, worlds)
    places = inference.left_out(people, weight, free, thresholds, worlds)
    seen = inference.side_by_side([one.outlook for one in places])
    return (
        kind, f"{whole.rmse(whole.fact):.1f}", f"{whole.inside(whole.fact):.0%}", f"{whole.farther:.2f}",
        f"{seen.rmse(seen.fact):.2f}", f"{seen.inside(seen.fact):.0%}", f"{seen.farther:.2f}",
        f"{sum(one.loglik for one in places):.1f}",
    )  # fmt: skip


def curve_rows(people: Adopters, thresholds: np.ndarray) -> list[tuple]:
    """The same for curves that know no people."""
    counts = inference.curve(people.began, people.steps)
    places = inference.left_out(people, people.weight(), ALONE, thresholds, worlds=2)
    seen = inference.side_by_side([one.outlook for one in places])
    fits = {"Bass": inference.fit_bass(counts), "logistic": inference.fit_logistic(counts)}
    return [
        (f"{name} curve (ends at {fit.numbers[2]:.0f})", f"{fit.rmse:.1f}", "", "",
         f"{seen.off([getattr(one, name.lower()) for one in places]):.2f}", "", "", "")
        for name, fit in fits.items()
    ]  # fmt: skip


def tell(name: str, people: Adopters, thresholds: np.ndarray, worlds: int) -> None:
    """Print the two tables of one data set."""
    seen = inference.exposure(people, people.weight(), thresholds)
    alone = inference.fit(seen, ALONE)
    nobody = ", ".join(
        f"{kind} {np.mean(people.other[people.layer == n] < 0):.0%}" for n, kind in enumerate(people.kinds, 1)
    )
    print(f"## {name}\n\nTies to people who were not interviewed: {nobody}.")
    print(f"External hazard alone: {spoken(seen, alone, 'alone')}, log-likelihood {alone.loglik:.1f}, AIC {alone.aic:.1f}.\n")  # fmt: skip
    head = ("ties", "p", "q", "log-likelihood", "AIC", "AIC against p alone", "q2 (personal thresholds)",
            "AIC against p + q", "gain of the best common threshold", "q with levels", "its gain")  # fmt: skip
    print(table(head, [fit_row(kind, who, w, thresholds) for kind, who, w in layers(people)]), "\n")
    head = ("hazards", "RMSE", "in the band", "worlds farther off", "left out: RMSE", "left out: in the band",
            "left out: worlds farther off", "left out: log-likelihood")  # fmt: skip
    rows = [foretold_row("p alone, no ties", people, people.weight(), ALONE, thresholds, worlds)]
    rows += [
        foretold_row(f"p + q: {kind}", who, w, PEERS, thresholds, worlds) for kind, who, w in layers(people)
    ]
    print(table(head, rows + curve_rows(people, thresholds)), "\n")


def draw_one(axes, seen: Outlook, bass: np.ndarray, logistic: np.ndarray) -> None:
    """Band, mean, fact and the two curves."""
    t = np.arange(1, len(seen.fact) + 1)
    axes.fill_between(t, *seen.band, color=BLUE, alpha=0.25, lw=0, label="過程の90%の幅 90 % band")
    axes.plot(t, seen.mean, color=BLUE, label="過程の平均 process, mean")
    axes.plot(t, bass, "--", color=BASS, lw=1, label="Bass")
    axes.plot(t, logistic, ":", color=LOGISTIC, lw=1.3, label="logistic")
    axes.plot(t, seen.fact, "k.", ms=5, label="事実 fact")
    axes.xaxis.get_major_locator().set_params(integer=True)


def draw(studies: dict[str, Adopters], thresholds: np.ndarray, worlds: int, out: Path) -> None:
    """Both data sets as a whole, and each village foretold from the others."""
    figure = plt.figure(figsize=(13, 7.5), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(1, 1.9))
    for axes, (name, people) in zip(left.subplots(2, 1), studies.items(), strict=True):
        weight = people.weight(DRAWN[name])
        best = inference.fit(inference.exposure(people, weight, thresholds), PEERS)
        seen = inference.outlook(people, weight, best.hazards, thresholds, worlds)
        draw_one(axes, seen, inference.fit_bass(seen.fact).values, inference.fit_logistic(seen.fact).values)
        axes.set_title(TITLES[name], fontsize=10)
        axes.set_xlabel(STEP[name])
        axes.set_ylabel("累計人数 people so far")
        axes.set_ylim(0)
    axes.legend(fontsize=8, loc="lower right")
    left.suptitle("全員への当てはめ / fitted to all")
    name, people = "korean_villages", studies["korean_villages"]
    places = inference.left_out(people, people.weight(DRAWN[name]), PEERS, thresholds, worlds)
    grid = right.subplots(3, 5, sharex=True, sharey=True)
    for axes, one in zip(grid.flat, places, strict=True):
        draw_one(axes, one.outlook, one.bass, one.logistic)
        axes.set_title(f"村 village {one.place} ({(people.place == one.place).sum()}人)", fontsize=9)
    grid[0, 0].set_ylim(0, max(one.outlook.band.max() for one in places) + 1)
    for axes in grid[-1]:
        axes.set_xlabel(STEP[name])
    right.suptitle("一村ずつ除き、残り14村から予測 / each village foretold from the other 14")
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=120)


def main() -> None:
    """Tables, then the picture."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--worlds", type=int, default=1000)
    ask.add_argument("--out", type=Path, default=Path("results/real_diffusion.png"))
    args = ask.parse_args()
    missing = [path.name for n in inference.SOURCES for path in inference.files(n) if not path.is_file()]
    if missing:
        print(f"省略: ファイルがありません / skipped, not there: {', '.join(missing)}")
        return
    studies = {name: inference.read(name) for name in inference.SOURCES}
    thresholds = inference.personal_thresholds(Facts.read(), date(2022, 4, 1))
    for name, people in studies.items():
        tell(name, people, thresholds, args.worlds)
    draw(studies, thresholds, args.worlds, args.out)


if __name__ == "__main__":
    main()
