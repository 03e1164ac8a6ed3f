"""The same seeds with and without a change: the difference and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import numpy as np
from scipy.stats import t as student

from twin.facts import Change
from twin.indicators.indicator import Function
from twin.model import CityTwin
from twin.results.census import groups_in
from twin.verification.engine import baseline, city_model

ADULTS = groups_in("18+")
AFTER = date(2020, 11, 1)  # the month after the census


def share(model: CityTwin, mark: str) -> float:
    """Share of adults with a mark."""
    census = model.census
    return census.users(mark)[:, ADULTS].sum() / census.people[:, ADULTS].sum()


def differences(
    change: Iterable[Change], asked: Callable[[CityTwin], float], months: int, seeds: int = 6, off: tuple[str, ...] = (),
    fraction: float = 0.005,
) -> np.ndarray:  # fmt: skip
    """``asked`` of the changed city less that of the plain one, one entry a seed."""
    alike = {"months": months, "off": off, "fraction": fraction}
    return np.array([
        asked(city_model(seed=seed, changes=tuple(change), **alike)) - asked(city_model(seed=seed, **alike))
        for seed in range(1, seeds + 1)
    ])  # fmt: skip


def interval(found: np.ndarray, level: float = 0.99) -> tuple[float, float]:
    """Interval of the mean difference over seeds."""
    half = student.ppf((1 + level) / 2, len(found) - 1) * found.std(ddof=1) / len(found) ** 0.5
    return found.mean() - half, found.mean() + half


def live(service: str, value: float) -> Change:
    """A service of the catalogue set to some extent from the first month on."""
    return Change("services.live", value, since=baseline().census, label=service)


def last_year(model: CityTwin, indicator: Function) -> float:
    """An indicator of the whole city over the last twelve months."""
    answers = [indicator(census) for census in model.ledger.censuses()[-12:]]
    counted, asked = (sum(answer[side].sum() for answer in answers) for side in (0, 1))
    return counted / asked
