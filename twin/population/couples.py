"""Couples: who lives with whom, and which couples have children or parents with them.

Partners are matched by rank of age, with noise, inside a ward. How many children a couple has at home
follows from the children there are: each child asks for a mother of a likely age, and couples of that
age answer (:func:`couples_by_kind`). Elderly couples alone are a count of the census.
"""

from __future__ import annotations

import numpy as np

from twin.population.ages import AGES, ELDERLY
from twin.population.fit import WHOLE, Margin, fit
from twin.population.homes import Given, Homes, birth_ages
from twin.population.households import CHILDREN, COUPLE, HEAD, OTHERS, Part
from twin.population.rounding import controlled

ELDERLY_WIFE = 60  # the census's elderly couple: husband 65 or over, wife 60 or over
_MOST_CHILDREN = 2.4  # mean of couples of one age that the fit may reach; kinds go up to four
_FEWEST_CHILDREN = 0.01
_KINDS = np.flatnonzero(HEAD == Part.HUSBAND)


def place_couples(
    homes: Homes,
    kinds: np.ndarray,
    elderly_couples: int,
    wanted: np.ndarray,
    parents: np.ndarray,
    given: Given,
) -> None:
    """Match husbands and wives and give each couple its kind of household.

    Parameters
    ----------
    kinds : general households by ward and kind
    elderly_couples : couples alone, husband 65 or over and wife 60 or over, in the city
    wanted : children that ask for a mother of each age in a couple, by ward (f8)
    parents : parents that ask for a wife of each age to live with, by ward (f8)
    """
    everyone = np.arange(len(homes.ward))
    noise = given.chance.normal("synthesis: partners", 0, everyone)
    blurred = homes.age + given.number("age_gap_spread") / np.sqrt(2) * noise
    husbands, wives = (homes.by_ward_and(homes.people(p), blurred) for p in (Part.HUSBAND, Part.WIFE))
    elderly = (homes.age[husbands] >= ELDERLY) & (homes.age[wives] >= ELDERLY_WIFE)
    cell = (homes.ward[wives] * 2 + elderly) * len(AGES) + homes.age[wives]
    couples = np.bincount(cell, minlength=len(kinds) * 2 * len(AGES)).reshape(len(kinds), 2, len(AGES))
    table = couples_by_kind(couples, kinds, elderly_couples, wanted, parents, given)
    draws = given.chance.uniform("synthesis: kind of couple", 0, wives)
    order = np.lexsort((draws, cell))
    kind = np.repeat(np.tile(_KINDS, couples.size), table.ravel())
    order = order[np.lexsort((kind, homes.ward[wives][order]))]
    seats = np.flatnonzero(homes.households(HEAD == Part.HUSBAND))
    homes.household[husbands[order]] = homes.household[wives[order]] = seats
    homes.parent_age[seats] = homes.age[wives[order]] + draws[order]


def couples_by_kind(
    couples: np.ndarray, kinds: np.ndarray, elderly_couples: int, wanted: np.ndarray, parents: np.ndarray,
    given: Given,
) -> np.ndarray:  # fmt: skip
    """Couples by ward, elderly or not, wife's age and kind, whole numbers (i8)."""
    seed = _with_children(couples, kinds, wanted, parents)
    alone = np.full(seed.shape, -1)
    alone[:, 1, :, _KINDS == COUPLE] = 0
    target = min(elderly_couples, int(couples[:, 1].sum()))
    by_age = Margin("couples by ward and wife's age", couples, axes=(0, 1, 2))
    by_kind = Margin("couples by ward and kind", kinds[:, _KINDS], axes=(0, 3))
    margins = [by_age, by_kind, Margin("elderly couples", [target], groups=alone)]
    fitted = fit(seed, margins, tolerance=1e-5, enough=WHOLE)
    coarse = fitted.sum(axis=2)
    coarse = controlled(
        coarse,
        [
            Margin("couples by ward", couples.sum(axis=2), axes=(0, 1)),
            Margin("couples by ward and kind", kinds[:, _KINDS], axes=(0, 2)),
            Margin("elderly couples", [target], groups=alone[:, :, 0]),
        ],
        given.chance.uniform("synthesis: round couples", 0, np.arange(coarse.size)),
    )
    by_kind = Margin("couples by ward, elderly or not, and kind", coarse, axes=(0, 1, 3))
    draws = given.chance.uniform("synthesis: round couples by age", 0, np.arange(fitted.size))
    return controlled(fitted, [by_age, by_kind], draws)


def _with_children(
    couples: np.ndarray, kinds: np.ndarray, wanted: np.ndarray, parents: np.ndarray
) -> np.ndarray:
    """Likely couples by ward, elderly or not, wife's age and kind (f8): children and parents as asked for."""
    by_age = couples.sum(axis=1)
    seed = couples[..., None] * kinds[:, None, None, _KINDS].astype(float)
    pull = np.divide(parents, by_age, out=np.zeros(by_age.shape), where=by_age > 0)[:, None, :, None]
    least = 1e-4  # so that a household kind is never impossible at an age
    seed *= np.where(OTHERS[_KINDS] > 0, pull + least, 1.0)
    children = np.clip(wanted, _FEWEST_CHILDREN * by_age, _MOST_CHILDREN * by_age)
    group = np.broadcast_to(np.arange(by_age.size).reshape(len(kinds), 1, -1, 1), seed.shape)
    margins = [
        Margin("couples by ward and wife's age", couples, axes=(0, 1, 2)),
        Margin("children of couples", children, groups=group, weight=CHILDREN[_KINDS]),
    ]
    return fit(seed, margins, tolerance=1e-4, enough=WHOLE)


def wanted_mothers(homes: Homes, wards: int, given: Given) -> np.ndarray:
    """Children by ward and the age their mother is likely to have (f8, (wards, ages))."""
    return homes.by_ward_and_age(homes.people(Part.CHILD), wards) @ birth_ages(given.facts, given.day)


def wanted_daughters(homes: Homes, others: np.ndarray, wards: int, given: Given) -> np.ndarray:
    """Parents of heads by ward and the age the wife they live with is likely to have (f8)."""
    chance = birth_ages(given.facts, given.day).T
    chance = chance / np.maximum(chance.sum(axis=1, keepdims=True), 1e-300)
    return homes.by_ward_and_age(others, wards) @ chance
