"""How many people a town is expected to hold, where no count of towns may be shipped.

Ward totals are the census; inside a ward people are spread by a stated model: a town's people grow
with its cell's area (less than in proportion, since small towns are dense ones), fall with the distance
to the nearest station, and towns known to be harbour, industry, offices or parks hold hardly any.
These are weights, never census counts of towns; ``docs/city.md`` tells how far off they are.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from twin.facts import Facts


def expected_people(
    facts: Facts, day: date, ward_people: np.ndarray, *,
    ward: np.ndarray, area: np.ndarray, station_distance: np.ndarray, few_homes: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Expected number of people of each town (f8), summing to the ward's total.

    Parameters
    ----------
    facts, day : parameters ``city.town_people.*`` on a day
    ward_people : people of each ward
    ward : ward row of each town
    area : square metres of each town's cell
    station_distance : metres from the centroid to the nearest station
    few_homes : yes/no, hardly anybody lives there
    """

    def number(name: str) -> float:
        return facts.number(f"city.town_people.{name}", day)

    weight = (area / 1e6) ** number("area_exponent")
    weight = weight * np.exp(-number("per_station_km") * station_distance / 1000.0)
    weight = np.where(few_homes, weight * number("few_homes"), weight)
    total = np.bincount(ward, weight, minlength=len(ward_people))
    return weight * (np.asarray(ward_people, float) / total)[ward]
