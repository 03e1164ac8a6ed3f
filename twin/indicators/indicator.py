"""What an indicator is, and the register of all of them by the vision's number."""

from __future__ import annotations

from collections.abc import Callable
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
    answer : Census -> (counted, asked), whole numbers by area and age group
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


REGISTER: dict[int, Indicator] = {}


def indicator(number: int, kind: str, **words: str) -> Callable[[Function], Function]:
    """Enter a function into the register under the vision's number."""

    def enter(function: Function) -> Function:
        slug = f"indicator_{number:02d}"
        REGISTER[number] = Indicator(number, slug, kind, good=1, answer=function, **words)
        return function

    return enter


def counted(census: Census, quantity: str, base: str) -> Answer:
    """Users of a technology, or people with a mark, and people, both within the base groups only."""
    inside = np.zeros(len(GROUPS), np.int64)
    inside[groups_in(base)] = 1
    return census.users(quantity) * inside, census.people * inside
