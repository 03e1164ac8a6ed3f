"""Private establishments: how many, how large, where. Synthetic: no row is a real firm.

Numbers and people engaged by industry are counts of the economic census and hold exactly. Sizes are
heavy-tailed inside an industry. Places are a model: between wards an industry follows the restaurants
(the only ward count at hand) as far as its ``centrality`` says and the residents for the rest; inside a
ward it follows the residents' weights, denser near stations:

    density(town) = people weight x (1 + pull x exp(-distance to the nearest station / reach))
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from twin.chance import Chance
from twin.city.city import City
from twin.errors import MarginError
from twin.facts import Facts
from twin.population.fit import Margin
from twin.population.rounding import controlled, whole
from twin.population.sizes import heavy_tailed


@dataclass(frozen=True)
class Establishments:
    """Establishments in canonical order: by area, town and industry.

    Attributes
    ----------
    industry : row of the industry, in the order of the letters of the classification
    employees : persons engaged
    town : town row
    """

    industry: np.ndarray
    employees: np.ndarray
    town: np.ndarray


def make_establishments(
    city: City, facts: Facts, day: date, chance: Chance, fraction: float = 1.0
) -> Establishments:
    """All private establishments of a day, scaled to a share of the city."""
    count, employees = industry_totals(facts, day, fraction)
    by_town = _by_town(city, facts, day, chance, count)
    industry = np.repeat(np.arange(len(count)), count)
    town = np.concatenate([np.repeat(np.arange(by_town.shape[1]), row) for row in by_town])
    spread = facts.number("businesses.size_spread", day)
    sizes = [heavy_tailed(n, total, spread) for n, total in zip(count, employees, strict=True)]
    shuffled = [
        size[np.argsort(chance.order("synthesis: establishment size", row, np.arange(len(size))))]
        for row, size in enumerate(sizes)
    ]
    order = np.lexsort((industry, town, city.towns.area[town]))
    return Establishments(industry[order], np.concatenate(shuffled)[order], town[order])


def industry_totals(facts: Facts, day: date, fraction: float) -> tuple[np.ndarray, np.ndarray]:
    """Establishments and persons engaged by industry, whole numbers, each establishment at least one."""
    table, persons = facts.table("businesses.establishments", day), facts.table("businesses.employees", day)
    for letter, number in table.items():
        if number > persons[letter]:
            raise MarginError(
                "people.part_over", part=f"businesses.establishments[{letter}]", first=f"{number:,.0f}",
                whole=f"businesses.employees[{letter}]", second=f"{persons[letter]:,.0f}",
            )  # fmt: skip
    count = np.array([table[letter] for letter in sorted(table)])
    engaged = np.array([persons[letter] for letter in sorted(table)])
    scaled = whole(count * fraction)
    more = np.where(scaled > 0, engaged - count, 0.0)
    total = max(round(engaged.sum() * fraction) - int(scaled.sum()), 0)
    return scaled, scaled + whole(more, total)


def _by_town(city: City, facts: Facts, day: date, chance: Chance, count: np.ndarray) -> np.ndarray:
    """Establishments by industry and town (i8)."""
    restaurants = facts.table("businesses.restaurants", day)
    residents = facts.table("people.ward.total", day)
    centre = facts.table("businesses.centrality", day)
    share = np.array([centre[letter] for letter in sorted(centre)])[:, None]
    pull, people = (
        np.array([table[code] for code in city.wards.code], float) for table in (restaurants, residents)
    )
    wards = count[:, None] * (share * pull / pull.sum() + (1 - share) * people / people.sum())
    draws = chance.uniform("synthesis: establishments by ward", 0, np.arange(wards.size))
    wards = controlled(wards, [Margin("establishments by industry", count, axes=(0,))], draws)
    density = town_density(city, facts, day)
    in_ward = np.bincount(city.towns.ward, weights=density, minlength=len(city.wards.code))
    towns = wards[:, city.towns.ward] * density / in_ward[city.towns.ward]
    group = np.arange(len(count))[:, None] * len(city.wards.code) + city.towns.ward[None, :].astype(int)
    margin = Margin("establishments by industry and ward", wards.ravel(), groups=group)
    draws = chance.uniform("synthesis: establishments by town", 0, np.arange(towns.size))
    return controlled(towns, [margin], draws)


def town_density(city: City, facts: Facts, day: date) -> np.ndarray:
    """Relative density of establishments by town (f8)."""
    x, y = _centres(city)
    distance = np.hypot(city.towns.x[:, None] - x, city.towns.y[:, None] - y).min(axis=1)
    near = np.exp(-distance / facts.number("businesses.station_reach", day))
    return city.towns.people * (1 + facts.number("businesses.station_pull", day) * near)


def _centres(city: City) -> tuple[np.ndarray, np.ndarray]:
    """Stations of the city, or the middle of each ward's people when the city has none."""
    stations = getattr(city, "stations", None)
    if stations is not None and len(stations.x):
        return np.asarray(stations.x), np.asarray(stations.y)
    ward, weight = city.towns.ward, city.towns.people
    total = np.bincount(ward, weights=weight)
    x, y = (np.bincount(ward, weights=weight * at) / total for at in (city.towns.x, city.towns.y))
    return x, y
