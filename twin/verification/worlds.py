"""Small worlds in which the real processes meet textbook assumptions.

A world is a :class:`~twin.model.CityTwin` with the embedded city, hand-made people of one age, and
facts in which everything is switched off except what a case asks about. The probe is the first
technology (the device).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np

from twin.agents import Businesses, Citizens, Households
from twin.chance import Chance
from twin.city.city import City
from twin.facts import Fact, Facts
from twin.kernels import hazards as kernel
from twin.model import CityTwin
from twin.network.ties import Ties
from twin.processes.adoption import Adoption
from twin.processes.rates import TECHNOLOGIES, rates_of
from twin.processes.reference import STAGES, Reference
from twin.state import State

START = date(2022, 4, 1)
PROBE = TECHNOLOGIES[0]
_AGE_MONTHS = 30 * 12
_QUIET = (
    "hear", "hear_peers", "hear_place", "forget", "get", "alone", "peers", "crowd", "again", "stop",
    "stop_ageing", "stop_peers", "ability_effect", "trust_effect", "stop_benefit", "quality_effect", "start_stopped", "start_unaware",
)  # fmt: skip


@cache
def city() -> City:
    """The embedded city, read once."""
    return City.embedded()


def with_values(facts: Facts, values: Mapping[str, object]) -> Facts:
    """Facts with some values replaced for good, outside their range if the textbook wants it."""

    def put(fact: Fact) -> Fact:
        return replace(fact, values=((date.min, values[fact.key]),)) if fact.key in values else fact  # type: ignore[arg-type]

    return Facts(put(fact) for fact in facts.values())


def probe_facts(**rates: float) -> Facts:
    """Facts of a world where only the named rates of the probe act (yearly hazards)."""
    facts = Facts.read()
    ages = {"0": 1.0, "120": 1.0}
    values: dict[str, object] = {
        f"adoption.{word}": {t: rates.get(word, 0.0) if t == PROBE else 0.0 for t in TECHNOLOGIES}
        for word in _QUIET
    }
    values["adoption.at_home"] = dict.fromkeys(TECHNOLOGIES, 1.0)
    values["adoption.early"] = dict.fromkeys(TECHNOLOGIES, 1.0)
    values["services.market"] = dict.fromkeys(TECHNOLOGIES, 1.0)
    for technology in TECHNOLOGIES[:-1]:
        values[f"adoption.interest_{technology}"] = ages
        values[f"adoption.share_{technology}"] = {"0": 0.0, "120": 0.0}
    values["survey.sent"] = dict.fromkeys(facts.table("survey.sent", START), 0.0)
    values["adoption.school_pulse"] = values["adoption.publicity_effect"] = 0.0
    values["procedures.notice_rate"] = 0.0
    values["card.hazard"] = {"0": 0.0, "120": 0.0}
    values["card.share_chiba"] = 0.0
    return with_values(facts, values)


@dataclass(frozen=True)
class Graph:
    """Directed ties: start (rows + 1), other; all of one layer."""

    start: np.ndarray
    other: np.ndarray


def no_ties(people: int) -> Graph:
    """Nobody listens to anybody outside the household."""
    return Graph(np.zeros(people + 1, np.int64), np.zeros(0, np.int32))


def poisson_graphs(copies: int, people: int, degree: float, seed: int = 1) -> Graph:
    """Disjoint copies of a mutual random graph with Poisson degrees."""
    chance = Chance(seed)
    edges = round(people * degree / 2)
    ids = np.arange(copies * edges)
    offset = (ids // edges) * people
    a = offset + (chance.uniform("graph: one end", 0, ids) * people).astype(np.int64)
    b = offset + (chance.uniform("graph: other end", 0, ids) * people).astype(np.int64)
    a, b = a[a != b], b[a != b]
    ends, others = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.argsort(ends, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=copies * people))])
    return Graph(start.astype(np.int64), others[order].astype(np.int32))


def world(
    people: int, facts: Facts, *, household_size: int = 1, graph: Graph | None = None, users: np.ndarray | None = None,
    stage: int = kernel.ACCESS, threshold: int | None = None, seed: int = 1, order: np.ndarray | None = None,
) -> CityTwin:  # fmt: skip
    """A world of people of one age.

    Parameters
    ----------
    household_size : people to a household; ``people`` makes one complete network
    users : who uses the probe at the start (row numbers)
    stage : stage of everyone else
    threshold : one threshold for all, in ten-thousandths
    order : rows are laid out in this order of ids
    """
    ids = np.arange(people) if order is None else order
    citizens, households, businesses = Citizens(), Households(), Businesses()
    state = State([citizens, households, businesses])
    month = (START.year - 1900) * 12 + START.month - 1
    with state.writing_all():
        households.append(-(-people // household_size))
        citizens.append(people)
        citizens.id[:], citizens.here[:] = ids, True
        citizens.born[:] = month - _AGE_MONTHS
        citizens.household[:] = ids // household_size
    model = CityTwin(
        city(), _People(citizens, households, businesses), _ties(graph or no_ties(people), order), facts,
        [Adoption()], census=START, seed=seed,
    )  # fmt: skip
    model.start()
    with model.state.writing_all():
        columns = model.citizens
        columns.array("adoption.stage")[:] = kernel.UNAWARE
        columns.array("adoption.stage")[:, 0] = stage
        columns.array("adoption.refuses")[:] = 0
        if users is not None:
            columns.array("adoption.stage")[np.isin(ids, users), 0] = kernel.USES
        if threshold is not None:
            columns.array("adoption.threshold")[:] = threshold
    return model


@dataclass(frozen=True)
class _People:
    citizens: Citizens
    households: Households
    businesses: Businesses


def _ties(graph: Graph, order: np.ndarray | None) -> Ties:
    start, other = graph.start, graph.other
    if order is not None:
        row_of = np.argsort(order).astype(np.int32)
        degree = np.diff(start)[order]
        slots = np.repeat(start[order], degree) + _within(degree)
        start, other = np.concatenate([[0], np.cumsum(degree)]), row_of[other[slots]]
    ties = Ties()
    ties.remember({
        "start": start.astype(np.int64), "other": other.astype(np.int32),
        "layer": np.ones(len(other), np.uint8), "weight": np.ones(5, np.uint8),
    })  # fmt: skip
    return ties


def _within(degree: np.ndarray) -> np.ndarray:
    ends = np.cumsum(degree)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - degree, degree)


def users(model: CityTwin) -> np.ndarray:
    """Who uses the probe now, one yes/no per citizen row."""
    return model.citizens.array("adoption.stage")[:, 0] == kernel.USES


def share_after(model: CityTwin, months: int) -> float:
    """Share using the probe after some months."""
    model.live(months)
    return float(users(model).mean())


def recursion(
    facts: Facts, years: list[float], *, stage: int = kernel.ACCESS, steps_a_year: int = 12
) -> list[float]:
    """The process's own hazards in an endless, well-mixed population: shares using after some years."""
    model = world(1, facts)
    rates = rates_of(model)
    scale = 12 / steps_a_year
    rate = rates.rate.copy()
    hazards = [
        kernel.HEAR,
        kernel.HEAR_PEERS,
        kernel.HEAR_PLACE,
        kernel.FORGET,
        kernel.ALONE,
        kernel.PEERS,
        kernel.CROWD,
    ]
    rate[:, hazards] *= scale
    curve = rates.curve.copy()
    curve[:, [kernel.GET_AT, kernel.PULSE_AT, kernel.STOP_AT]] *= scale
    shares = np.zeros((len(TECHNOLOGIES), kernel.OLDEST + 1, STAGES))
    shares[:, :, stage] = 1.0
    reference = Reference(shares, 0.0, np.ones(len(TECHNOLOGIES)))
    found, step = [], 0
    for year in years:
        while step < round(year * steps_a_year):
            reference.step(replace(rates, rate=rate, curve=curve), ages=False)
            step += 1
        found.append(float(reference.users()[0, 30]))
    return found
