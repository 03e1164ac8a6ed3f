"""What a log of beginnings says of reference and bandwagon, by maximum likelihood.

    log rate = level + known part + c5 x reference + c6 x bandwagon;  chance in a month = 1 - exp(-rate / 12)

Known are the base rates and the other effects but for one common level, which is estimated too. Intervals are of
the profile likelihood, cut at the range of the fact, which stands for a flat prior. An interval that fills
that range says nothing: posterior = prior. The log holds every wish to begin, whether or not city hall had
money for it: applications that were turned down are known to city hall.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.stats import chi2

from twin import messages
from twin.facts import Facts
from twin.processes.spread.hazard import EFFECTS, TERMS, Asked, log_rate
from twin.processes.spread.services import SERVICES
from twin.run.areas_alone import AreasAlone
from twin.units import MONTHS_A_YEAR, month_start

LEVEL = 0.9  # of the intervals
FULL = 0.9  # an interval of this share of the prior's range has learned nothing
SOUGHT = ("reference", "bandwagon")
_MOST_LEVEL = 3.0  # log points the level may lie off


@dataclass(frozen=True)
class Log:
    """Every cell in which a service could have begun, and whether an area asked for it.

    Attributes
    ----------
    known : (cells,) log rate without reference and bandwagon
    sought : (cells, 2) the two conditions
    wish : (cells,) yes/no
    area : (cells,) row of the area
    """

    known: np.ndarray
    sought: np.ndarray
    wish: np.ndarray
    area: np.ndarray

    @property
    def starts(self) -> int:
        """Number of wishes to begin."""
        return int(self.wish.sum())

    def of(self, area: int) -> Log:
        """What one area alone could have written down."""
        mine = self.area == area
        return Log(self.known[mine], self.sought[mine], self.wish[mine], self.area[mine])


@dataclass(frozen=True)
class Estimate:
    """One number, its interval, and the range it was sought in.

    Attributes
    ----------
    name : fact it is about, without ``spread.``
    value : most likely value
    low, high : 90 % interval of the profile likelihood within the range
    prior : range of the fact
    """

    name: str
    value: float
    low: float
    high: float
    prior: tuple[float, float]

    @property
    def learned(self) -> bool:
        """Whether the log says more than the range did."""
        return self.high - self.low < FULL * (self.prior[1] - self.prior[0])

    def holds(self, truth: float) -> bool:
        """Whether the interval holds a value."""
        return self.low <= truth <= self.high

    def told(self, lang: str) -> str:
        """The finding in words."""
        key = "inference.learned" if self.learned else "inference.not_learned"
        name = messages.text(f"inference.{self.name}", lang)
        low, high = self.prior
        return messages.text(
            key, lang, name=name, value=f"{self.value:.2f}", low=f"{self.low:.2f}", high=f"{self.high:.2f}", least=f"{low:g}",
            most=f"{high:g}",
        )  # fmt: skip


def watch(model: AreasAlone, months: int) -> Log:
    """Live some months and write down who could begin what, and who wished to."""
    parts = []
    for _ in range(months):
        model.step()
        parts.append(_cells(model, model.spread.asked))
    return Log(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _cells(model: AreasAlone, asked: Asked) -> tuple[np.ndarray, ...]:
    day = month_start(model.ledger.months[-1])
    effect = np.array(
        [0.0 if name in SOUGHT else model.facts.number(f"spread.{name}", day) for name in EFFECTS]
    )
    base = np.array([model.facts.table("spread.base", day)[service] for service in SERVICES])
    known = log_rate(base, effect, asked.terms)
    sought = np.stack([asked.terms[TERMS.index(name)] for name in SOUGHT], axis=-1)
    may = asked.may & np.isfinite(known)
    return known[may], sought[may], asked.wish[may], np.nonzero(may)[0]


def minus_log_likelihood(x: np.ndarray, log: Log) -> tuple[float, np.ndarray]:
    """Minus the log-likelihood at (level, c5, c6), and its gradient."""
    hazard = np.exp(log.known + x[0] + log.sought @ x[1:]) / MONTHS_A_YEAR
    begun = hazard[log.wish]
    value = hazard[~log.wish].sum() - np.log(-np.expm1(-begun)).sum()
    slope = np.where(log.wish, 0.0, hazard)
    slope[log.wish] = begun * np.exp(-begun) / np.expm1(-begun)
    return float(value), np.array([slope.sum(), *(slope @ log.sought)])


def fit(log: Log, facts: Facts) -> dict[str, Estimate]:
    """Reference and bandwagon with their intervals."""
    prior = [(facts[f"spread.{name}"].low, facts[f"spread.{name}"].high) for name in SOUGHT]
    box = [(-_MOST_LEVEL, _MOST_LEVEL), *prior]
    best = _least(log, box, np.array([0.0, *(np.mean(ends) for ends in prior)]))
    limit = best[0] + chi2.ppf(LEVEL, 1) / 2
    found = {}
    for place, name in enumerate(SOUGHT, start=1):
        low, high = (_edge(log, box, best[1], place, end, limit) for end in prior[place - 1])
        found[name] = Estimate(name, float(best[1][place]), low, high, prior[place - 1])
    return found


def _least(log: Log, box: Iterable[tuple[float, float]], first: np.ndarray) -> tuple[float, np.ndarray]:
    got = minimize(minus_log_likelihood, first, (log,), jac=True, method="L-BFGS-B", bounds=list(box))
    return float(got.fun), got.x


def _edge(
    log: Log, box: list[tuple[float, float]], best: np.ndarray, place: int, end: float, limit: float
) -> float:
    """Where the profile likelihood crosses the limit on the way from the best value to an end of the range."""

    def above(value: float) -> float:
        held = [*box]
        held[place] = (value, value)
        first = best.copy()
        first[place] = value
        return _least(log, held, first)[0] - limit

    if above(end) <= 0:
        return end
    return float(brentq(above, best[place], end, xtol=1e-3))
