"""Is the network the one that was stated? Its moments beside the facts and the contact survey.

The check is printed with the population's fit report. Ties are not contacts of a day: the survey says
how unequal people are and that like meets like, not how many people somebody listens to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from twin import messages
from twin.facts import Facts
from twin.kernels.standing import BANDS, SCHOOL
from twin.network.ties import LABELS, Layer, Ties
from twin.units import MONTHS_A_YEAR, month_start

if TYPE_CHECKING:
    from twin.agents import Citizens
    from twin.city.city import City

INMATE = 4  # value of Citizens.role; agents stand on a higher floor (a test compares)
_KILOMETRE = 1000.0
_BEYOND = 5.0  # km
_SENIOR = 60  # years, as the friendship survey counts
STATED = {
    "mean.friends": "ties.mean[friends]", "mean.neighbours": "ties.mean[neighbours]",
    "mean.online": "ties.mean[online]", "mean.all": "ties.survey.mean",
    "median": "ties.survey.median", "variance": "ties.survey.variance", "shape": "ties.survey.shape",
    "friendless": "ties.survey.friendless",
}  # fmt: skip


def moments(ties: Ties, citizens: Citizens, city: City, month: int) -> dict[str, float]:
    """Moments of the network among those who are here.

    Returns
    -------
    By name: ``mean.<layer>`` ties per citizen and ``mean.placed`` work ties per person with a workplace
    or school; ``mean.all``, ``median``, ``variance`` and ``shape`` of all ties of a citizen, household
    included, institutions aside (shape = mean^2 / (variance - mean), inf without scatter beyond Poisson);
    ``same_age`` and ``same_age.chance``, share of friends in the own ten-year class and what chance
    alone would give; ``km.<layer>`` median distance, ``beyond.<layer>`` share beyond 5 km; ``mutual.<layer>``
    share of ties that are returned; ``friendless`` share of people of 60 and over without a friend;
    ``isolated`` share of citizens with nobody at all, household included.
    """
    here = citizens.here[: ties.rows]
    row, other, layer = _pairs(ties, citizens)
    mates = _mates(citizens.household[: ties.rows], here & (citizens.role != INMATE))
    count = np.bincount(row, minlength=ties.rows) + mates
    placed = here & ((citizens.day == SCHOOL) | (citizens.work >= 0))
    age = (month - citizens.born.astype(np.int32)) // MONTHS_A_YEAR
    found = {f"mean.{LABELS[k]}": (layer == k).sum() / max(here.sum(), 1) for k in Layer if k}
    found["mean.household"] = float(mates[here].mean())
    found["mean.placed"] = (placed[row] & (layer == Layer.WORK)).sum() / max(placed.sum(), 1)
    found |= _scatter(count[here])
    friend = layer == Layer.FRIENDS
    band = np.minimum(age // 10, BANDS - 1)
    found["same_age"] = float((band[row[friend]] == band[other[friend]]).mean())
    found["same_age.chance"] = float(((np.bincount(band[here]) / here.sum()) ** 2).sum())
    found |= _distances(row, other, layer, citizens, city)
    found |= {f"mutual.{LABELS[k]}": _mutual(row, other, layer == k, ties.rows) for k in Layer if k}
    senior = here & (age >= _SENIOR)
    lonely = np.bincount(row[friend], minlength=ties.rows)[senior] == 0
    found["friendless"] = float(lonely.mean()) if len(lonely) else 0.0
    found["isolated"] = float((count[here] == 0).mean())
    return found


def printed(found: dict[str, float], facts: Facts, month: int, lang: str) -> str:
    """The moments as lines of text, each with the value stated in the facts where there is one."""
    lines = [messages.text("ties.check.title", lang)]
    for name, value in found.items():
        kind, _, layer = name.partition(".")
        key = f"ties.check.{kind}" if layer in LABELS else f"ties.check.{name.replace('.', '_')}"
        label = messages.text(f"ties.layer.{layer}", lang) if layer in LABELS else ""
        said = messages.text(key, lang, layer=label)
        stated = _stated(name, facts, month)
        note = "" if stated is None else messages.text("ties.check.stated", lang, value=f"{stated:g}")
        lines.append(f"  {said}: {value:.3g}{note}")
    return "\n".join(lines)


def _stated(name: str, facts: Facts, month: int) -> float | None:
    if name not in STATED:
        return None
    key, _, label = STATED[name].rstrip("]").partition("[")
    day = month_start(month)
    return facts.table(key, day)[label] if label else facts.number(key, day)


def _pairs(ties: Ties, citizens: Citizens) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who listens to whom in which layer, among those who are here."""
    row = np.repeat(np.arange(ties.rows, dtype=np.int32), np.diff(ties.start))
    real = (ties.other >= 0) & citizens.here[row] & citizens.here[ties.other]
    return row[real], ties.other[real], ties.layer[real]


def _mates(household: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Other members of each citizen's household; those of institutions are not counted."""
    home = np.where(counted, household, -1)
    size = np.bincount(home + 1)
    return np.where(home >= 0, size[home + 1] - 1, 0)


def _scatter(count: np.ndarray) -> dict[str, float]:
    mean, variance = float(count.mean()), float(count.var())
    shape = mean**2 / (variance - mean) if variance > mean else np.inf
    return {"mean.all": mean, "median": float(np.median(count)), "variance": variance, "shape": shape}


def _distances(row, other, layer, citizens: Citizens, city: City) -> dict[str, float]:
    """Median distance and share beyond 5 km by layer, between town centres."""
    x, y = np.asarray(city.towns.x, np.float32), np.asarray(city.towns.y, np.float32)
    one, two = citizens.town[row], citizens.town[other]
    km = np.hypot(x[one] - x[two], y[one] - y[two]) / _KILOMETRE
    found = {}
    for k in (Layer.FRIENDS, Layer.WORK, Layer.NEIGHBOURS, Layer.ONLINE):
        of = km[layer == k]
        found[f"km.{LABELS[k]}"] = float(np.median(of)) if len(of) else 0.0
        found[f"beyond.{LABELS[k]}"] = float((of > _BEYOND).mean()) if len(of) else 0.0
    return found


def _mutual(row: np.ndarray, other: np.ndarray, of: np.ndarray, rows: int) -> float:
    """Share of the ties of one layer that are returned in it."""
    ties = csr_array((np.ones(of.sum(), np.int8), (row[of], other[of])), shape=(rows, rows))
    return float(ties.multiply(ties.T.tocsr()).sum() / max(of.sum(), 1))
