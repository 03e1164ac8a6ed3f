"""From counts to families: who is whose partner, child or parent.

People and households exist as counts (see :mod:`twin.population.households`). Here every person is
given a household: couples by rank of age, children by the age their mother had at their birth, parents
of the head likewise. Matching is by rank inside a ward, so nobody is left over; a person's draws hang
on the place in the list of the census people, which is the same in every run of a seed.
"""

from __future__ import annotations

import numpy as np

from twin.population.ages import AGES
from twin.population.couples import place_couples, wanted_daughters, wanted_mothers
from twin.population.homes import INSTITUTION, Given, Homes, birth_age_limits
from twin.population.households import CHILDREN, HEAD, OTHERS, Counts, Part
from twin.population.sizes import heavy_tailed

_PARENTS = np.where(HEAD == Part.HUSBAND, OTHERS, 0)  # places for parents of the head, by kind
_KIN = np.where(HEAD == Part.KIN_HEAD, OTHERS, 0)


def make_homes(
    parts: np.ndarray, kinds: np.ndarray, institutions: np.ndarray, counts: Counts, given: Given
) -> Homes:
    """Give every counted person a household.

    Parameters
    ----------
    parts : people by ward, sex, age and part
    kinds : general households by ward and kind
    institutions : institutional households by ward
    """
    homes, wards = Homes.from_counts(parts, kinds), len(kinds)
    mothers = wanted_mothers(homes, wards, given)
    elders = _parents_among_others(homes, wards)
    daughters = wanted_daughters(homes, elders, wards, given)
    _place_heads(homes, Part.SINGLE, np.zeros(len(homes.ward)))
    kin_order = given.chance.uniform("synthesis: kin heads", 0, np.arange(len(homes.ward)))
    _place_heads(homes, Part.KIN_HEAD, kin_order)
    answered = _place_lone_parents(homes, mothers, given)
    place_couples(homes, kinds, counts.elderly_couple, mothers - answered, daughters, given)
    _match(homes, homes.people(Part.CHILD), CHILDREN, +1, "synthesis: age at birth", given)
    _match(homes, elders, _PARENTS, -1, "synthesis: parent of the head", given)
    _place_kin(homes, given)
    _place_inmates(homes, institutions, given)
    return homes


def _place_heads(homes: Homes, part: Part, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Put heads of one part into that part's households of their ward; return heads and households."""
    heads = homes.by_ward_and(homes.people(part), order)
    seats = np.flatnonzero(homes.households(np.equal(HEAD, part)))
    homes.household[heads] = seats
    return heads, seats


def _place_lone_parents(homes: Homes, mothers: np.ndarray, given: Given) -> np.ndarray:
    """Lone parents, more children where children of their age are looking for a parent.

    Returns
    -------
    children placed so far, by ward and the mother's age (f8, (wards, ages))
    """
    wards, lone = len(mothers), homes.people(Part.LONE)
    older = given.number("father_older") * (homes.sex == 0)
    as_mother = np.clip(homes.age - older, 0, len(AGES) - 1).astype(np.int64)
    women = homes.by_ward_and_age(homes.people(Part.WIFE), wards) + homes.by_ward_and_age(lone, wards)
    asked = mothers / np.maximum(women, 1)
    draws = given.chance.uniform("synthesis: lone parents", 0, np.arange(len(homes.ward)))
    order = np.zeros(len(homes.ward))  # weighted order: households of few children come first
    order[lone] = np.log(draws[lone] + 2.0**-54) / (asked[homes.ward[lone], as_mother[lone]] + 1e-9)
    heads, seats = _place_heads(homes, Part.LONE, order)
    homes.parent_age[seats] = as_mother[heads] + draws[heads]
    cell = homes.ward[heads] * len(AGES) + as_mother[heads]
    children = CHILDREN[homes.kind[seats]]
    return np.bincount(cell, weights=children, minlength=mothers.size).reshape(mothers.shape)


def _match(
    homes: Homes, people: np.ndarray, places: np.ndarray, sign: int, purpose: str, given: Given
) -> None:
    """Fill household places with people a generation younger (+1) or older (-1) than the mother there.

    People stand by the age she should have, places by the age she has: rank to rank inside the ward.
    """
    gap = given.curve("birth_age", homes.age[people])
    gap = gap + given.number("birth_age_spread") * given.chance.normal(purpose, 0, people)
    youngest, oldest = birth_age_limits(given.facts, given.day)
    gap = np.clip(gap, youngest + 0.5, oldest - 0.5)
    wanted = homes.age[people] + 0.5 + sign * gap
    people = people[np.lexsort((wanted, homes.ward[people]))]
    seats = np.repeat(np.arange(len(homes.kind)), homes.households(places))
    seats = seats[np.lexsort((homes.parent_age[seats], homes.household_ward[seats]))]
    homes.household[people] = seats


def _parents_among_others(homes: Homes, wards: int) -> np.ndarray:
    """The oldest others of each ward, as many as households have places for parents of the head."""
    places = homes.households(_PARENTS)
    wanted = np.bincount(homes.household_ward, weights=places, minlength=wards).astype(np.int64)
    others = homes.by_ward_and(homes.people(Part.OTHER), -homes.age)
    rank = np.arange(len(others)) - np.searchsorted(homes.ward[others], homes.ward[others])
    return others[rank < wanted[homes.ward[others]]]


def _place_kin(homes: Homes, given: Given) -> None:
    """The others left live with kin or friends, in any order."""
    rest = np.flatnonzero((homes.part == Part.OTHER) & (homes.household < 0))
    draws = given.chance.uniform("synthesis: kin", 0, np.arange(len(homes.ward)))
    homes.household[homes.by_ward_and(rest, draws)] = np.repeat(
        np.arange(len(homes.kind)), homes.households(_KIN)
    )


def _place_inmates(homes: Homes, institutions: np.ndarray, given: Given) -> None:
    """Institutions of heavy-tailed size; people of like age live together (dormitory, care home)."""
    inmates = homes.people(Part.INMATE)
    by_ward = np.bincount(homes.ward[inmates], minlength=len(institutions))
    mixing = given.facts.number("people.institution.age_spread", given.day)
    mixed = homes.age + mixing * given.chance.normal("synthesis: institutions", 0, np.arange(len(homes.ward)))
    inmates = homes.by_ward_and(inmates, mixed)
    spread = given.facts.number("people.institution.size_spread", given.day)
    sizes = [heavy_tailed(n, total, spread) for n, total in zip(institutions, by_ward, strict=True)]
    order = [
        given.chance.order("synthesis: institution", ward, np.arange(len(s))) for ward, s in enumerate(sizes)
    ]
    size = np.concatenate([s[np.argsort(o)] for s, o in zip(sizes, order, strict=True)])
    homes.household[inmates] = len(homes.kind) + np.repeat(np.arange(len(size)), size)
    ward = np.repeat(np.arange(len(institutions)), institutions)
    homes.kind = np.concatenate([homes.kind, np.full(len(size), INSTITUTION)])
    homes.household_ward = np.concatenate([homes.household_ward, ward])
    homes.parent_age = np.concatenate([homes.parent_age, np.zeros(len(size))])
