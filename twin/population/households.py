"""How many households of each kind stand in each ward, and who of what age plays which part in them.

City totals by kind, persons in general households, and people by ward, sex and age are counts of
the census and hold exactly. Kinds by ward and parts by age start from seeds (``people.households.kinds``,
``people.role.*``) that those totals correct.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np

from twin.chance import Chance
from twin.errors import MarginError
from twin.facts import Facts
from twin.population.ages import AGES, ELDERLY
from twin.population.fit import WHOLE, Margin, fit
from twin.population.rounding import controlled, whole


class Part(IntEnum):
    """The part a person plays in a household, finer than a citizen's role."""

    SINGLE = 0
    HUSBAND = 1
    WIFE = 2
    LONE = 3  # lives with children, without a partner
    CHILD = 4
    KIN_HEAD = 5  # head of a household of other kin or of people not related
    OTHER = 6  # parent, brother or sister, other relative
    INMATE = 7


@dataclass(frozen=True)
class Kind:
    """A kind of general household: who heads it, how many children and others live in it."""

    name: str
    head: Part
    children: int = 0
    others: int = 0

    @property
    def size(self) -> int:
        """Persons in a household of this kind."""
        return 1 + (self.head == Part.HUSBAND) + self.children + self.others


# fmt: off
KINDS = (
    Kind("single", Part.SINGLE),
    *(Kind("couple" if k == 0 else f"couple_{k}", Part.HUSBAND, k) for k in range(5)),
    *(Kind(f"elder_{k}", Part.HUSBAND, k, 1) for k in range(4)),   # three generations, one parent
    *(Kind(f"elders_{k}", Part.HUSBAND, k, 2) for k in (1, 2)),    # three generations, both parents
    *(Kind(f"lone_{k}", Part.LONE, k) for k in (1, 2, 3)),
    *(Kind(f"kin_{k + 1}", Part.KIN_HEAD, 0, k) for k in (1, 2)),
)
# fmt: on
SIZE = np.array([kind.size for kind in KINDS])
CHILDREN = np.array([kind.children for kind in KINDS])
OTHERS = np.array([kind.others for kind in KINDS])
HEAD = np.array([kind.head for kind in KINDS])
SINGLE = 0
COUPLE = 1
NUCLEAR = np.array([(k.head in (Part.HUSBAND, Part.LONE)) and k.others == 0 for k in KINDS])
_FAMILY = np.where(np.arange(len(KINDS)) == SINGLE, 0, np.where(NUCLEAR, 1, 2))  # as the census counts


@dataclass(frozen=True)
class Counts:
    """Whole-number household totals of a day, scaled to the wanted share of the city."""

    general: int
    members: int
    single: int
    elderly_single: int
    elderly_couple: int
    nuclear: int
    institutions: int
    inmates: int

    @classmethod
    def read(cls, facts: Facts, day: date, census_people: float, people: int, fraction: float) -> Counts:
        """Read the facts, stop where a part exceeds its whole, scale and round."""
        names = ("general", "all", "members", "single", "elderly_single", "elderly_couple", "nuclear")
        full = {name: facts.number(f"people.households.{name}", day) for name in names}
        _check_parts(full, census_people)
        scaled = {name: round(number * fraction) for name, number in full.items()}
        inmates = people - round(full["members"] / census_people * people)
        institutions = min(inmates, max(scaled["all"] - scaled["general"], int(inmates > 0)))
        return cls(
            scaled["general"], people - inmates, scaled["single"], scaled["elderly_single"],
            scaled["elderly_couple"], scaled["nuclear"], institutions, inmates,
        )  # fmt: skip


def _check_parts(full: dict[str, float], people: float) -> None:
    """Stop at the first part that is larger than its whole, both named with their totals."""
    sums = {**full, "people": people, "single + nuclear": full["single"] + full["nuclear"]}
    for part, total in (
        ("general", "all"), ("members", "people"), ("general", "members"), ("single", "general"),
        ("single + nuclear", "general"), ("elderly_single", "single"), ("elderly_couple", "nuclear"),
    ):  # fmt: skip
        if sums[part] > sums[total]:
            raise MarginError(
                "people.part_over", part=f"people.households.{part}", first=f"{sums[part]:,.0f}",
                whole=f"people.households.{total}" if total != "people" else "people.ward.total",
                second=f"{sums[total]:,.0f}",
            )  # fmt: skip


def households_by_kind(
    wards: Sequence[str], facts: Facts, day: date, chance: Chance, counts: Counts, members: np.ndarray
) -> np.ndarray:
    """General households by ward and kind, whole numbers (i8, (wards, kinds)).

    Parameters
    ----------
    counts : city totals
    members : persons in general households by ward, whole numbers with the city's total
    """
    shares = facts.table("people.households.ward", day)
    by_ward = whole([shares[code] for code in wards], counts.general)
    seeds = facts.table("people.households.kinds", day)
    single = counts.single / counts.general
    seed = by_ward[:, None] * np.array([seeds.get(kind.name, single) for kind in KINDS])
    other = counts.general - counts.single - counts.nuclear
    margins = [
        Margin("households by ward", by_ward, axes=(0,)),
        Margin("households by family type", [counts.single, counts.nuclear, other], groups=_FAMILY),
        Margin("persons in general households by ward", members, axes=(0,), weight=SIZE),
    ]
    draws = chance.uniform("synthesis: round households", 0, np.arange(seed.size))
    return controlled(fit(seed, margins, enough=WHOLE), margins, draws)


def parts_by_age(
    facts: Facts, day: date, chance: Chance, counts: Counts, people: np.ndarray, kinds: np.ndarray,
    inmates: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """People by ward, sex, age and part, whole numbers (i8, (wards, 2, ages, parts)).

    Parameters
    ----------
    people : by ward, sex, age
    kinds : households by ward and kind
    inmates : people in institutional households by ward
    """
    by_part = part_totals(kinds, inmates)
    seed = people[..., None] * part_seed(facts, day)
    fitted = fit(
        seed,
        _part_margins(people, by_part, counts.elderly_single, AGES >= ELDERLY),
        tolerance=1e-6,
        enough=WHOLE,
    )
    young = int(np.searchsorted(AGES, ELDERLY))
    coarse = np.add.reduceat(fitted, [0, young], axis=2)
    coarse = controlled(
        coarse,
        _part_margins(
            np.add.reduceat(people, [0, young], axis=2),
            by_part,
            counts.elderly_single,
            np.array([False, True]),
        ),
        chance.uniform("synthesis: round parts", 0, np.arange(coarse.size)),
    )
    block = np.arange(coarse.size).reshape(coarse.shape)[:, :, (AGES >= ELDERLY).astype(int)]
    fine = [
        Margin("people by ward, sex and age", people, axes=(0, 1, 2)),
        Margin("people by ward, sex, part and under or over 65", coarse.ravel(), groups=block),
    ]
    return controlled(
        fitted, fine, chance.uniform("synthesis: round parts by age", 0, np.arange(fitted.size))
    )


def _part_margins(
    people: np.ndarray, by_part: np.ndarray, elderly_single: int, elderly: np.ndarray
) -> list[Margin]:
    alone = np.full((*people.shape, len(Part)), -1)
    alone[:, :, elderly, Part.SINGLE] = 0
    return [
        Margin("people by ward, sex and age", people, axes=(0, 1, 2)),
        Margin("people by ward and part in the household", by_part, axes=(0, 3)),
        Margin("people of 65 and over living alone", [elderly_single], groups=alone),
    ]


def part_totals(kinds: np.ndarray, inmates: np.ndarray) -> np.ndarray:
    """People by ward and part that the households hold (i8, (wards, parts))."""
    totals = np.zeros((len(kinds), len(Part)), np.int64)
    for part in (Part.SINGLE, Part.HUSBAND, Part.LONE, Part.KIN_HEAD):
        totals[:, part] = kinds[:, part == HEAD].sum(axis=1)
    totals[:, Part.WIFE] = totals[:, Part.HUSBAND]
    totals[:, Part.CHILD] = kinds @ CHILDREN
    totals[:, Part.OTHER] = kinds @ OTHERS
    totals[:, Part.INMATE] = inmates
    return totals


def part_seed(facts: Facts, day: date) -> np.ndarray:
    """Likely share of each part by sex and age (f8, (2, ages, parts)); the husband is the head."""
    # fmt: off
    keys = {
        Part.SINGLE:   ("single", "single_women"),
        Part.HUSBAND:  ("husband", None),
        Part.WIFE:     (None, "wife"),
        Part.LONE:     ("father_alone", "mother_alone"),
        Part.CHILD:    ("son", "daughter"),
        Part.KIN_HEAD: ("kin_head", "kin_head"),
        Part.OTHER:    ("other", "other"),
        Part.INMATE:   ("inmate", "inmate"),
    }
    # fmt: on
    seed = np.zeros((2, len(AGES), len(Part)))
    for part, by_sex in keys.items():
        for sex, key in enumerate(by_sex):
            if key is not None:
                seed[sex, :, part] = facts.curve(f"people.role.{key}", day, AGES)
    return seed
