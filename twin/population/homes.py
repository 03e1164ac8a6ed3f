"""People and the households they live in, as arrays while families are being formed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.chance import Chance
from twin.facts import Facts
from twin.population.ages import AGES
from twin.population.households import KINDS, Part

INSTITUTION = -1


@dataclass(frozen=True)
class Given:
    """Where numbers and chance come from while families are formed."""

    facts: Facts
    day: date
    chance: Chance

    def number(self, key: str) -> float:
        """A fact of the families on the day."""
        return self.facts.number(f"people.family.{key}", self.day)

    def curve(self, key: str, at: np.ndarray) -> np.ndarray:
        """A fact of the families by age on the day (f8)."""
        return self.facts.curve(f"people.family.{key}", self.day, at)


@dataclass
class Homes:
    """People and households, row by row; people stand by ward, sex, age and part.

    Attributes
    ----------
    ward, sex, age, part : of each person (i8); part as :class:`~twin.population.households.Part`
    household : number of the person's household, -1 not yet placed
    kind : of each household, index into KINDS, -1 for an institution
    household_ward : ward of each household
    parent_age : age of the mother in each household, or the age she would have beside the father
    """

    ward: np.ndarray
    sex: np.ndarray
    age: np.ndarray
    part: np.ndarray
    household: np.ndarray
    kind: np.ndarray
    household_ward: np.ndarray
    parent_age: np.ndarray

    @classmethod
    def from_counts(cls, parts: np.ndarray, kinds: np.ndarray) -> Homes:
        """Rows from people by (ward, sex, age, part) and general households by (ward, kind)."""
        cell = np.repeat(np.arange(parts.size), parts.ravel())
        ward, sex, age, part = (axis.astype(np.int64) for axis in np.unravel_index(cell, parts.shape))
        row = np.repeat(np.arange(kinds.size), kinds.ravel())
        household_ward, kind = np.divmod(row, len(KINDS))
        return cls(ward, sex, age, part, np.full(len(ward), -1), kind, household_ward, np.zeros(len(kind)))

    @property
    def sizes(self) -> np.ndarray:
        """Persons in each household (i8), counted from the people."""
        return np.bincount(self.household, minlength=len(self.kind))

    def people(self, part: Part) -> np.ndarray:
        """Rows of the people who play a part."""
        return np.flatnonzero(self.part == part)

    def households(self, value_by_kind: np.ndarray) -> np.ndarray:
        """A value given by kind, for every household; 0 for institutions."""
        return np.where(self.kind >= 0, value_by_kind[self.kind], 0)

    def by_ward_and_age(self, people: np.ndarray, wards: int) -> np.ndarray:
        """Number of the given people by ward and age (i8, (wards, ages))."""
        cell = self.ward[people] * len(AGES) + self.age[people]
        return np.bincount(cell, minlength=wards * len(AGES)).reshape(wards, -1)

    def by_ward_and(self, people: np.ndarray, key: np.ndarray) -> np.ndarray:
        """People sorted by ward, then by a key given for everyone."""
        return people[np.lexsort((key[people], self.ward[people]))]


def birth_ages(facts: Facts, day: date) -> np.ndarray:
    """Chance of the mother's age today by the child's age (f8, (child's age, mother's age))."""
    from scipy.special import ndtr

    mean = facts.curve("people.family.birth_age", day, AGES)[:, None]
    spread = facts.number("people.family.birth_age_spread", day)
    at_birth = AGES[None, :] - AGES[:, None]
    chance = ndtr((at_birth + 0.5 - mean) / spread) - ndtr((at_birth - 0.5 - mean) / spread)
    youngest, oldest = birth_age_limits(facts, day)
    chance *= (at_birth >= youngest) & (at_birth <= oldest)
    return chance / np.maximum(chance.sum(axis=1, keepdims=True), 1e-300)


def birth_age_limits(facts: Facts, day: date) -> tuple[float, float]:
    """Youngest and oldest age at a birth, in whole years."""
    return facts.number("people.family.youngest_mother", day), facts.number(
        "people.family.oldest_mother", day
    )
