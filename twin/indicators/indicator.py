"""What an indicator is, and the register of all of them by the vision's number."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from twin.results.census import GROUPS, Census, groups_in

Answer = tuple[np.ndarray, np.ndarray]
Function = Callable[[Census], Answer]


@dataclass(frozen=True)
class Indicator:
    """One of the vision's fourteen indicators.

    Attributes
    ----------
    number : the vision's number
    slug : name in the results table
    kind : "objective" or "subjective"
    base, base_ja : who is asked or counted
    about, about_ja : what the true value in the model is
    good : +1 more is better, -1 less is better
    answer : Census -> (counted, asked), numbers by area and age group, or by area alone
    needs : technologies, marks and flows of the census it is made of
    by_group : whether the answer is by age group; what is no matter of persons is by area alone
    """

    number: int
    slug: str
    kind: str
    base: str
    base_ja: str
    about: str
    about_ja: str
    good: int
    answer: Function
    needs: tuple[str, ...]
    by_group: bool = True


REGISTER: dict[int, Indicator] = {}
READINGS: dict[str, Indicator] = {}  # what a number also may be read as, by slug: "indicator_13_types"


def indicator(
    number: int, kind: str, *needs: str, reading: str = "", by_group: bool = True, **words: str
) -> Callable[[Function], Function]:
    """Enter a function into the register under the vision's number, or as another reading of it."""

    def enter(function: Function) -> Function:
        slug = f"indicator_{number:02d}" + (f"_{reading}" if reading else "")
        entry = Indicator(
            number, slug, kind, good=1, answer=function, needs=needs, by_group=by_group, **words
        )  # fmt: skip
        if reading:
            READINGS[slug] = entry
        else:
            REGISTER[number] = entry
        return function

    return enter


def measures(counted: Collection[str] | None = None) -> list[tuple[str, str, Function]]:
    """Slug, kind and function of every indicator and reading, as the ledger takes them.

    Parameters
    ----------
    counted : what a run counted; an indicator that needs more is left out, for nobody counted is not
        nobody there. None takes all.
    """
    every = (*REGISTER.values(), *READINGS.values())
    return [(i.slug, i.kind, i.answer) for i in every if counted is None or set(i.needs) <= set(counted)]


def among(census: Census, quantity: str, base: str) -> Answer:
    """Those with a quantity and the people, both within the base's age groups only."""
    inside = np.zeros(len(GROUPS), np.int64)
    inside[groups_in(base)] = 1
    return census.users(quantity) * inside, census.people * inside


def flow(census: Census, name: str) -> np.ndarray:
    """What was counted of a name this month, (areas,); noughts where nothing was."""
    return census.flows.get(name, np.zeros(len(census.people), np.int64))
