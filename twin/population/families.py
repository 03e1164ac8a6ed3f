"""From counts to families: who is whose partner, child or parent.

People and households exist as counts (see :mod:`twin.population.households`). Here every person is
given a household: couples by rank of age, children by the age their mother had at their birth, parents
of the head likewise. Matching is by rank inside a ward, so nobody is left over; the draws of a person
hang on the place in the list of the census people, which is the same in every run of a seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.chance import Chance
from twin.facts import Facts
from twin.population.ages import AGES, ELDERLY
from twin.population.fit import Margin, fit
from twin.population.households import CHILDREN, COUPLE, HEAD, KINDS, OTHERS, SIZE, Counts, Part
from twin.population.rounding import controlled, whole
from twin.population.sizes import heavy_tailed

YOUNGEST_MOTHER, OLDEST_MOTHER = 16, 48  # age at birth
ELDERLY_WIFE = 60  # the census's elderly couple: husband 65 or over, wife 60 or over
INSTITUTION = -1
_MOST_CHILDREN_MEAN = 2.4  # of couples of one age, so that the fit stays possible
_AGE_DRIFT = 6.0  # years by which ages mix inside one institution


@dataclass
class Homes:
    """People and the households they live in, row by row.

    Attributes
    ----------
    ward, sex, age, part : of each person (i8); part as :class:`~twin.population.households.Part`
    household : number of the person's household
    kind : of each household, index into KINDS, -1 for an institution
    household_ward : ward of each household
    """

    ward: np.ndarray
    sex: np.ndarray
    age: np.ndarray
    part: np.ndarray
    household: np.ndarray
    kind: np.ndarray
    household_ward: np.ndarray


def make_homes(
    parts: np.ndarray, kinds: np.ndarray, counts: Counts, facts: Facts, day: date, chance: Chance
) -> Homes:
    """Give every counted person a household.

    Parameters
    ----------
    parts : people by ward, sex, age and part
    kinds : general households by ward and kind
    """
    ward, sex, age, part = (
        axis.astype(np.int64)
        for axis in np.unravel_index(np.repeat(np.arange(parts.size), parts.ravel()), parts.shape)
    )
    kind = np.concatenate([np.repeat(np.arange(len(KINDS)), row) for row in kinds])
    household_ward = np.repeat(np.arange(len(kinds)), kinds.sum(axis=1))
    homes = Homes(ward, sex, age, part, np.full(len(ward), -1), kind, household_ward)
    parent_age = np.zeros(len(kind))
    _place_alike(homes, Part.SINGLE)
    _place_alike(homes, Part.KIN_HEAD, order=chance.uniform("synthesis: kin heads", 0, np.arange(len(ward))))
    _place_lone_parents(homes, facts, day, chance, parent_age)
    _place_couples(homes, counts, kinds, facts, day, chance, parent_age)
    _place_children(homes, facts, day, chance, parent_age)
    _place_others(homes, facts, day, chance, parent_age)
    _place_inmates(homes, counts, facts, day, chance)
    return homes


def _place_alike(homes: Homes, part: Part, order: np.ndarray | None = None) -> np.ndarray:
    """Put heads of one part into that part's households of their ward; return head and household."""
    heads = np.flatnonzero(homes.part == part)
    if order is not None:
        heads = heads[np.lexsort((order[heads], homes.ward[heads]))]
    seats = np.flatnonzero(part == HEAD[homes.kind])
    homes.household[heads] = seats
    return np.stack([heads, seats])


def _place_lone_parents(
    homes: Homes, facts: Facts, day: date, chance: Chance, parent_age: np.ndarray
) -> None:
    draws = chance.uniform("synthesis: lone parents", 0, np.arange(len(homes.ward)))
    heads, seats = _place_alike(homes, Part.LONE, order=draws)
    older = facts.number("people.family.father_older", day) * (homes.sex[heads] == 0)
    parent_age[seats] = homes.age[heads] - older + draws[heads]


def _place_couples(
    homes: Homes,
    counts: Counts,
    kinds: np.ndarray,
    facts: Facts,
    day: date,
    chance: Chance,
    parent_age: np.ndarray,
) -> None:
    """Match husbands and wives by rank of age with noise, then give each couple its kind of household."""
    spread = facts.number("people.family.age_gap_spread", day) / np.sqrt(2)
    blurred = homes.age + spread * chance.normal("synthesis: partners", 0, np.arange(len(homes.ward)))
    husbands, wives = (
        _by_ward_and(homes, np.flatnonzero(homes.part == p), blurred) for p in (Part.HUSBAND, Part.WIFE)
    )
    elderly = (homes.age[husbands] >= ELDERLY) & (homes.age[wives] >= ELDERLY_WIFE)
    table = _couples_by_kind(homes, wives, elderly, counts, kinds, facts, day, chance)
    draws = chance.uniform("synthesis: kind of couple", 0, wives)
    order = np.lexsort((draws, homes.age[wives], elderly, homes.ward[wives]))
    kind = np.repeat(np.tile(np.flatnonzero(HEAD == Part.HUSBAND), table[..., 0].size), table.ravel())
    order = order[np.lexsort((kind, homes.ward[wives][order]))]
    seats = np.flatnonzero(HEAD[homes.kind] == Part.HUSBAND)
    homes.household[husbands[order]] = homes.household[wives[order]] = seats
    parent_age[seats] = homes.age[wives[order]] + draws[order]


def _couples_by_kind(
    homes: Homes, wives: np.ndarray, elderly: np.ndarray, counts: Counts, kinds: np.ndarray, facts: Facts,
    day: date, chance: Chance,
) -> np.ndarray:  # fmt: skip
    """Couples by ward, elderly or not, wife's age and kind (i8), children as their ages ask for."""
    wards, couple_kinds = len(kinds), np.flatnonzero(HEAD == Part.HUSBAND)
    couples = np.zeros((wards, 2, len(AGES)), np.int64)
    np.add.at(couples, (homes.ward[wives], elderly.astype(int), homes.age[wives]), 1)
    by_age = couples.sum(axis=1)
    children, parents = _wanted_of_couples(homes, by_age, kinds, facts, day)
    seed = couples[..., None] * kinds[:, None, None, couple_kinds].astype(float)
    pull = np.divide(parents, by_age, out=np.zeros_like(parents), where=by_age > 0)[:, None, :, None]
    seed *= np.where(OTHERS[couple_kinds] > 0, pull + 1e-4, 1.0)
    by_ward_age = np.broadcast_to(np.arange(by_age.size).reshape(wards, 1, -1, 1), seed.shape)
    seed = fit(
        seed,
        [
            Margin("couples by ward and wife's age", couples, axes=(0, 1, 2)),
            Margin("children of couples", children, groups=by_ward_age, weight=CHILDREN[couple_kinds]),
        ],
        tolerance=1e-4,
    )
    alone = np.full((wards, 2, len(AGES), len(couple_kinds)), -1)
    alone[:, 1, :, couple_kinds == COUPLE] = 0
    by_kind = Margin("couples by ward and kind", kinds[:, couple_kinds], axes=(0, 3))
    exact = [Margin("couples by ward and wife's age", couples, axes=(0, 1, 2)), by_kind]
    elderly_alone = min(counts.elderly_couple, couples[:, 1].sum())
    fitted = fit(seed, [*exact, Margin("elderly couples", [elderly_alone], groups=alone)], tolerance=1e-5)
    return _round_couples(fitted, couples, by_kind, elderly_alone, couple_kinds == COUPLE, chance)


def _round_couples(
    fitted: np.ndarray,
    couples: np.ndarray,
    by_kind: Margin,
    elderly_alone: int,
    alone: np.ndarray,
    chance: Chance,
) -> np.ndarray:
    """Whole couples in two steps: by elderly or not and kind, then by wife's age inside those."""
    coarse = fitted.sum(axis=2)
    group = np.full(coarse.shape, -1)
    group[:, 1, alone] = 0
    coarse = controlled(
        coarse,
        [
            Margin("couples by ward", couples.sum(axis=2), axes=(0, 1)),
            Margin(by_kind.name, by_kind.target, axes=(0, 2)),
            Margin("elderly couples", [elderly_alone], groups=group),
        ],
        chance.uniform("synthesis: round couples", 0, np.arange(coarse.size)),
    )
    return controlled(
        fitted,
        [
            Margin("couples by ward and wife's age", couples, axes=(0, 1, 2)),
            Margin("couples by ward, elderly or not, and kind", coarse, axes=(0, 1, 3)),
        ],
        chance.uniform("synthesis: round couples by age", 0, np.arange(fitted.size)),
    )


def _wanted_of_couples(
    homes: Homes, by_age: np.ndarray, kinds: np.ndarray, facts: Facts, day: date
) -> tuple[np.ndarray, np.ndarray]:
    """Children, and parents of the couple, that couples should have by ward and wife's age (f8)."""
    wards = len(by_age)
    mothers = np.zeros((wards, len(AGES)))
    older = np.zeros((wards, len(AGES)))
    is_child = homes.part == Part.CHILD
    np.add.at(mothers, (homes.ward[is_child], homes.age[is_child]), 1)
    others = _parents_among_others(homes)
    np.add.at(older, (homes.ward[others], homes.age[others]), 1)
    birth = birth_ages(facts, day)
    mothers, generation = mothers @ birth, older @ birth.T
    lone = np.zeros((wards, len(AGES)))
    is_lone = homes.part == Part.LONE
    np.add.at(lone, (homes.ward[is_lone], homes.age[is_lone]), 1)
    per_lone = (kinds @ np.where(HEAD == Part.LONE, CHILDREN, 0)) / np.maximum(lone.sum(axis=1), 1)
    wanted = np.maximum(mothers - lone * per_lone[:, None], 0.0)
    wanted = np.minimum(wanted, _MOST_CHILDREN_MEAN * by_age)
    return np.where(by_age > 0, np.maximum(wanted, 0.01 * by_age), 0.0), generation


def birth_ages(facts: Facts, day: date) -> np.ndarray:
    """Chance of the mother's age today by the child's age (f8, (child's age, mother's age))."""
    from scipy.special import ndtr

    mean = facts.curve("people.family.birth_age", day, AGES)[:, None]
    spread = facts.number("people.family.birth_age_spread", day)
    at_birth = AGES[None, :] - AGES[:, None]
    chance = ndtr((at_birth + 0.5 - mean) / spread) - ndtr((at_birth - 0.5 - mean) / spread)
    chance *= (at_birth >= YOUNGEST_MOTHER) & (at_birth <= OLDEST_MOTHER)
    return chance / np.maximum(chance.sum(axis=1, keepdims=True), 1e-300)


def _place_children(homes: Homes, facts: Facts, day: date, chance: Chance, parent_age: np.ndarray) -> None:
    """Children by the age their mother would be, slots by the age the parent is: rank to rank."""
    children = np.flatnonzero(homes.part == Part.CHILD)
    _match_generations(
        homes, children, CHILDREN, +1, facts, day, chance, parent_age, "synthesis: age at birth"
    )


def _place_others(homes: Homes, facts: Facts, day: date, chance: Chance, parent_age: np.ndarray) -> None:
    """The oldest others are parents of a head; the rest live with kin or friends, in any order."""
    parents = _parents_among_others(homes)
    slots = np.where(HEAD == Part.HUSBAND, OTHERS, 0)
    _match_generations(homes, parents, slots, -1, facts, day, chance, parent_age, "synthesis: parent of head")
    rest = np.flatnonzero((homes.part == Part.OTHER) & (homes.household < 0))
    rest = _by_ward_and(homes, rest, chance.uniform("synthesis: kin", 0, np.arange(len(homes.ward))))
    kin = np.where(HEAD == Part.KIN_HEAD, OTHERS, 0)[homes.kind] * (homes.kind >= 0)
    homes.household[rest] = np.repeat(np.arange(len(homes.kind)), kin)


def _match_generations(
    homes: Homes, people: np.ndarray, slots: np.ndarray, sign: int, facts: Facts, day: date, chance: Chance,
    parent_age: np.ndarray, purpose: str,
) -> None:  # fmt: skip
    """Fill household slots with people one generation younger (+1) or older (-1) than the parent there."""
    gap = facts.curve("people.family.birth_age", day, homes.age[people])
    gap = gap + facts.number("people.family.birth_age_spread", day) * chance.normal(purpose, 0, people)
    wanted = homes.age[people] + 0.5 + sign * np.clip(gap, YOUNGEST_MOTHER + 0.5, OLDEST_MOTHER - 0.5)
    people = people[np.lexsort((wanted, homes.ward[people]))]
    seats = np.repeat(np.arange(len(homes.kind)), slots[homes.kind] * (homes.kind >= 0))
    seats = seats[np.lexsort((parent_age[seats], homes.household_ward[seats]))]
    homes.household[people] = seats


def _parents_among_others(homes: Homes) -> np.ndarray:
    """The oldest others of each ward, as many as households have places for parents of the head."""
    places = np.where(HEAD == Part.HUSBAND, OTHERS, 0)[homes.kind] * (homes.kind >= 0)
    wards = int(homes.household_ward.max()) + 1
    wanted = np.bincount(homes.household_ward, weights=places, minlength=wards).astype(np.int64)
    others = _by_ward_and(homes, np.flatnonzero(homes.part == Part.OTHER), -homes.age.astype(float))
    rank = np.arange(len(others)) - np.searchsorted(homes.ward[others], homes.ward[others])
    return others[rank < wanted[homes.ward[others]]]


def _place_inmates(homes: Homes, counts: Counts, facts: Facts, day: date, chance: Chance) -> None:
    """Institutions of heavy-tailed size; people of like age live together (dormitory, care home)."""
    inmates = np.flatnonzero(homes.part == Part.INMATE)
    if not len(inmates):
        return
    by_ward = np.bincount(homes.ward[inmates])
    homes_by_ward = np.minimum(np.maximum(whole(by_ward, counts.institutions), by_ward > 0), by_ward)
    drift = _AGE_DRIFT * chance.normal("synthesis: institutions", 0, np.arange(len(homes.ward)))
    inmates = _by_ward_and(homes, inmates, homes.age + drift)
    spread = facts.number("people.institution.size_spread", day)
    sizes = [heavy_tailed(n, total, spread) for n, total in zip(homes_by_ward, by_ward, strict=True)]
    sizes = [
        s[np.argsort(chance.order("synthesis: institution", w, np.arange(len(s))))]
        for w, s in enumerate(sizes)
    ]
    first = len(homes.kind)
    homes.household[inmates] = first + np.repeat(np.arange(homes_by_ward.sum()), np.concatenate(sizes))
    homes.kind = np.concatenate([homes.kind, np.full(homes_by_ward.sum(), INSTITUTION)])
    homes.household_ward = np.concatenate(
        [homes.household_ward, np.repeat(np.arange(len(by_ward)), homes_by_ward)]
    )


def household_sizes(homes: Homes) -> np.ndarray:
    """Persons in each household (i8), counted from the people."""
    return np.bincount(homes.household, minlength=len(homes.kind))


def expected_sizes(homes: Homes) -> np.ndarray:
    """Persons a household of its kind must have; 0 for institutions (i8)."""
    return np.where(homes.kind >= 0, SIZE[homes.kind], 0)


def _by_ward_and(homes: Homes, people: np.ndarray, key: np.ndarray) -> np.ndarray:
    """People sorted by ward, then by a key given for everyone."""
    return people[np.lexsort((key[people], homes.ward[people]))]
