"""How many people of each age and sex live in each ward.

Ward and sex totals and the city's age bands are counts of the census and hold exactly. Inside a
band the shape is Japan's register by five-year groups, made smooth over single years; how ages
differ between wards is only a seed (see the grades of ``people.ward.*_share``).

Ages follow the engine's clock: a person born in month b is ``(month - b) // 12`` years old.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from twin.chance import Chance
from twin.errors import MarginError
from twin.facts import Facts
from twin.population.fit import WHOLE, Margin, fit
from twin.population.rounding import controlled, whole

BANDS = ("0-14", "15-64", "65-74", "75+")
BAND_STARTS = (0, 15, 65, 75)
OLDEST = 109
AGES = np.arange(OLDEST + 1)
BAND_OF_AGE = np.searchsorted(BAND_STARTS, AGES, side="right") - 1
ELDERLY = 65
_GROUP_YEARS = 5
_LAST_GROUP = 100


def people_by_age(
    wards: Sequence[str], facts: Facts, day: date, chance: Chance, fraction: float = 1.0
) -> np.ndarray:
    """People by ward, sex (0 men, 1 women) and single year of age, whole numbers.

    Parameters
    ----------
    wards : ward codes in order
    facts, day : whose totals, on which day
    chance : leans the rounding
    fraction : share of the people wanted

    Returns
    -------
    array (wards, 2, OLDEST + 1) of i8
    """
    by_sex = ward_sex_totals(wards, facts, day)
    people = round(by_sex.sum() * fraction)
    ward_sex = whole(by_sex * fraction, people)
    bands = whole(band_totals(facts, day, by_sex.sum()) * fraction, people)
    shape = single_years(facts, day)
    ages = np.zeros(len(AGES), np.int64)
    for band, total in enumerate(bands):
        inside = band == BAND_OF_AGE
        ages[inside] = whole(shape[inside], total)
    margins = [
        Margin("people by ward and sex", ward_sex, axes=(0, 1)),
        Margin("people by age", ages, axes=(2,)),
    ]
    fitted = fit(age_seed(wards, facts, day), margins, enough=WHOLE)
    return controlled(fitted, margins, chance.uniform("synthesis: round ages", 0, np.arange(fitted.size)))


def ward_sex_totals(wards: Sequence[str], facts: Facts, day: date) -> np.ndarray:
    """People by ward and sex (f8, (wards, 2)): the ward's total split as men and women were counted."""
    total, men, women = (
        _by_ward(facts, f"people.ward.{name}", wards, day) for name in ("total", "men", "women")
    )
    share = men / (men + women)
    return np.stack([total * share, total * (1 - share)], axis=1)


def band_totals(facts: Facts, day: date, people: float) -> np.ndarray:
    """City totals of the four age bands (f8), people of unknown age given to bands as the census does.

    The band 75+ is published only without the unknown; it keeps its share of 65+.
    """
    counted, unknown = facts.table("people.age.counted", day), facts.table("people.age.unknown", day)
    if counted["75+"] > counted["65+"]:
        raise MarginError(
            "people.part_over", part="people.age.counted[75+]", first=f"{counted['75+']:,.0f}",
            whole="people.age.counted[65+]", second=f"{counted['65+']:,.0f}",
        )  # fmt: skip
    wide = np.array([counted[b] for b in ("0-14", "15-64", "65+")], float)
    if wide.sum() > people:
        raise MarginError(
            "people.part_over", part="people.age.counted", first=f"{wide.sum():,.0f}",
            whole="people.ward.total", second=f"{people:,.0f}",
        )  # fmt: skip
    shares = np.array([unknown[b] for b in ("0-14", "15-64", "65+")], float)
    wide += shares / shares.sum() * (people - wide.sum())
    oldest = wide[2] * counted["75+"] / counted["65+"]
    return np.array([wide[0], wide[1], wide[2] - oldest, oldest])


def single_years(facts: Facts, day: date) -> np.ndarray:
    """Japan's people by single year of age (f8, sums to 1): a smooth curve through five-year groups.

    The cumulative count is interpolated without overshooting (PCHIP), so each five-year group keeps
    its total; bumps inside a group (the cohort of 1966) are not in the source and not invented.
    """
    from scipy.interpolate import PchipInterpolator

    table = facts.table("people.age.japan", day)
    starts = sorted(int(label) for label in table)
    ends = [*starts[1:], OLDEST + 1]
    cumulative = np.concatenate([[0.0], np.cumsum([table[str(start)] for start in starts])])
    curve = PchipInterpolator([0, *ends], cumulative)
    years = np.diff(curve(np.arange(OLDEST + 2)))
    years[_LAST_GROUP:] = table[str(_LAST_GROUP)] * _oldest_shape(years)
    return years / years.sum()


def _oldest_shape(years: np.ndarray) -> np.ndarray:
    """Ages 100 and over thin out by the same factor each year as the groups before them do."""
    before, after = years[_LAST_GROUP - 2 * _GROUP_YEARS], years[_LAST_GROUP - _GROUP_YEARS]
    factor = (after / before) ** (1 / _GROUP_YEARS)
    shape = factor ** np.arange(OLDEST + 1 - _LAST_GROUP)
    return shape / shape.sum()


def age_seed(wards: Sequence[str], facts: Facts, day: date) -> np.ndarray:
    """Likely people by ward, sex and age (f8): before any total is met."""
    shape = single_years(facts, day)
    total = _by_ward(facts, "people.ward.total", wards, day)
    young = _by_ward(facts, "people.ward.children_share", wards, day)
    old = _by_ward(facts, "people.ward.elderly_share", wards, day)
    wide = np.minimum(BAND_OF_AGE, 2)
    wide_shape = np.bincount(wide, weights=shape)
    ward_band = np.stack([young, 1 - young - old, old], axis=1) / wide_shape
    men = facts.curve("people.age.men_share", day, AGES + 0.5)
    men = _with_local_sexes(facts, day, men, shape, wide)
    seed = total[:, None] * ward_band[:, wide] * shape
    return np.stack([seed * men, seed * (1 - men)], axis=1)


def _with_local_sexes(
    facts: Facts, day: date, men: np.ndarray, shape: np.ndarray, wide: np.ndarray
) -> np.ndarray:
    """Shift the share of men inside each wide band so that its odds are the city's own."""
    counted, women = facts.table("people.age.men", day), facts.table("people.age.women", day)
    odds = men / (1 - men)
    for band, label in enumerate(("0-14", "15-64", "65+")):
        inside = wide == band
        here = counted[label] / women[label]
        now = (shape * men)[inside].sum() / (shape * (1 - men))[inside].sum()
        odds[inside] *= here / now
    return odds / (1 + odds)


def _by_ward(facts: Facts, key: str, wards: Sequence[str], day: date) -> np.ndarray:
    """A table by ward code as an array in the city's order of wards."""
    table = facts.table(key, day)
    if set(table) != set(wards):
        raise MarginError("people.wards", where=key, found=", ".join(wards), expected=", ".join(table))
    return np.array([table[code] for code in wards], float)
