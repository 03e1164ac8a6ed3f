"""Incidents with personal data: when they happen, and what they do to use for a while.

Incidents in the country come from a Poisson process of their own; those in the city from another, which
safeguards thin out. A draw belongs to a month and a seed, so better safeguards only ever take incidents
away, and nothing else changes. A scenario may add a leak on a date. Nothing is remembered here: all
follows from seed, month and facts.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import pdtr

from twin.results.census import TECHNOLOGIES
from twin.units import MONTHS_A_YEAR, month_start

if TYPE_CHECKING:
    from twin.model import CityTwin

FACTS = (
    "trust.incidents_country", "trust.incidents_city", "trust.safeguards", "trust.leak", "trust.failure",
    "trust.failure_half_life", "services.live",
)  # fmt: skip
REMEMBERED = 120  # months; what is older has faded
_MOST = 8  # incidents in a month that are told apart


def incidents(model: CityTwin, last: int, city: bool = True) -> np.ndarray:
    """Incidents in each of the REMEMBERED months up to ``last``, oldest first, in ordinary ones (f8).

    Without ``city`` only those in the country. None where no process of trust runs.
    """
    if "trust.base" not in model.citizens.columns or not model.on("trust.incidents"):
        return np.zeros(REMEMBERED)
    country, in_city, leak = _expected(model, last)
    found = _happened(model, "trust: incident in the country", last, country)
    return found + city * (_happened(model, "trust: incident in the city", last, in_city) + leak)


def failure(model: CityTwin, city: bool = True) -> np.ndarray:
    """What recent incidents add to the rate of stopping, (technologies,) log points; fades with the months."""
    past = incidents(model, model.month, city)
    if not past.any():
        return np.zeros(len(TECHNOLOGIES))
    left = 0.5 ** (np.arange(REMEMBERED)[::-1] / model.fact("trust.failure_half_life"))
    recent = (past * left).sum()
    return np.array([model.entry("trust.failure", name) for name in TECHNOLOGIES]) * recent


def _happened(model: CityTwin, purpose: str, last: int, at_most: np.ndarray) -> np.ndarray:
    """Numbers of a Poisson process by month; with the draw held, they fall when the rate falls."""
    draw = model.chance.uniform(purpose, 0, _until(last))
    return (draw[:, None] >= at_most).sum(axis=1).astype(float)


def _until(last: int) -> np.ndarray:
    return np.arange(last - REMEMBERED + 1, last + 1)


def _expected(model: CityTwin, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Chances of at most so many a month in the country and in the city, (months, numbers), and the leak, (months,)."""
    kept = model.facts.kept
    if ("incidents until", last) not in kept:
        for month in _until(last).tolist():
            if ("incidents", month) not in kept:
                kept["incidents", month] = _on(model, month_start(month))
        yearly = np.array([kept["incidents", month] for month in _until(last).tolist()])
        at_most = pdtr(np.arange(_MOST), yearly[:, :2, None] / MONTHS_A_YEAR)
        kept["incidents until", last] = at_most[:, 0], at_most[:, 1], yearly[:, 2]
    return kept["incidents until", last]


def _on(model: CityTwin, day: date) -> tuple[float, float, float]:
    """Yearly rate in the country, in the city, and the scenario's leak."""
    number = lambda word: model.facts.number(f"trust.{word}", day)  # noqa: E731
    kept = number("safeguards") * model.facts.table("services.live", day)["data_safeguards"]
    return number("incidents_country"), number("incidents_city") * (1 - kept), number("leak")
