"""Lives the demography process alone from a census on and prints what it gives beside the counts.

python -m tests.processes.demography_history 2015 0.05
python -m tests.processes.demography_history 2040 0.1
"""

from __future__ import annotations

import sys
from datetime import date

import numpy as np

from tests.processes.demography_model import FACTS, StandIn
from twin.agents.citizens import Role
from twin.chance import Chance
from twin.city.city import City
from twin.population import synthesise
from twin.units import month_number

# Register of 1 January (総務省「住民基本台帳」): people, and births and deaths of the year before.
REGISTER = {
    2017: (965607, 7199, 8192), 2018: (967832, 6829, 8697), 2019: (970049, 6580, 8840),
    2020: (972516, 6419, 9351), 2021: (974726, None, None), 2022: (976328, 6119, 9648),
}  # fmt: skip
REGISTER_WARDS_2022 = np.array([210715, 176706, 157888, 148468, 130272, 152279])
ESTIMATE_WARDS_2022 = np.array([212383, 176909, 160177, 146144, 129748, 151945])  # 千葉県「毎月常住人口調査」
EDITIONS_2040 = {"IPSS 2013": 886472, "IPSS 2018": 927177, "IPSS 2023": 929803, "city 2017": 870000}
WARDS_2040 = np.array([217034, 159383, 157171, 131496, 130186, 134533])  # IPSS 2023


def begin(census: date, fraction: float, seed: int, shocks: bool) -> StandIn:
    """The synthetic people of a census, ready to be lived with demography alone."""
    city = City.embedded()
    people = synthesise(city, FACTS, Chance(0), census, fraction)
    tables = people.citizens, people.households, people.businesses
    off = () if shocks else ("demography.housing_shocks",)
    return StandIn(tables, city, seed=seed, day=census, fraction=fraction, off=off)


def look(model: StandIn) -> dict[str, float]:
    """A year's figures at full size."""
    people, size = model.citizens, 1 / model.fraction
    ages, general = model.ages(), people.here & (people.role != Role.INMATE)
    homes = np.bincount(people.household[general])
    homes = homes[homes > 0]
    flows = {name: model.total(name, 12) * size for name in ("births", "deaths", "arrivals", "departures")}
    return flows | {
        "people": people.here.sum() * size,
        "under 15": (ages < 15).sum() * size,
        "65+": (ages >= 65).sum() * size,
        "households": len(homes) * size,
        "size": homes.mean(),
        "single": (homes == 1).mean(),
    }


Years = dict[int, dict[str, float]]


def history(fraction: float, seed: int = 1, shocks: bool = False) -> tuple[Years, np.ndarray]:
    """1 January figures from the census of 2015 to 2022, and the wards at the end, at full size."""
    model = begin(date(2015, 10, 1), fraction, seed, shocks)
    years = {}
    while model.month < month_number(date(2022, 1, 1)):
        model.run(1)
        if model.day.month == 1:
            years[model.day.year] = look(model)
    return years, model.people_by_ward() / fraction


def projection(fraction: float, seeds: int) -> np.ndarray:
    """Ward totals in October 2040 from the census of 2020, (seeds, wards), with housing shocks."""
    return np.array(
        [
            begin(date(2020, 10, 1), fraction, s, True).run(240).people_by_ward() / fraction
            for s in range(seeds)
        ]
    )


def main(what: str, fraction: float) -> None:
    """Print one of the two tables."""
    if what == "2015":
        years, wards = history(fraction)
        for year, row in years.items():
            print(
                year,
                " ".join(
                    f"{name} {value:,.3f}" if value < 10 else f"{name} {value:,.0f}"
                    for name, value in row.items()
                ),
            )
        print("register", {year: counted[0] for year, counted in REGISTER.items()})
        print("wards 2022", wards.round(), "to the register", (wards / REGISTER_WARDS_2022 - 1).round(4))
        print("to the estimate", (wards / ESTIMATE_WARDS_2022 - 1).round(4))
    else:
        wards = projection(fraction, 6)
        print("city 2040", wards.sum(axis=1).round(), "mean", wards.sum(axis=1).mean().round(), EDITIONS_2040)
        print(
            "wards mean",
            wards.mean(axis=0).round(),
            "spread",
            (wards.std(axis=0, ddof=1) / wards.mean(axis=0)).round(3),
        )
        print("IPSS 2023", WARDS_2040, (wards.mean(axis=0) / WARDS_2040 - 1).round(3))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
