"""The embedded city's travellers, ready for a day: what checks and fits of getting around stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from twin.agents.travellers import pull_of, travellers_of
from twin.chance import Chance
from twin.city.city import City
from twin.city.supply import supply
from twin.facts import Facts
from twin.population.synthesis import synthesise
from twin.travel.demand import Pull, Tours, Travellers, tours_of
from twin.travel.skims import by_road
from twin.travel.ways import Ways

_CENSUS = date(2020, 10, 1)


@dataclass(frozen=True)
class Town:
    """The embedded city with a share of its people, ready for a day."""

    city: City
    facts: Facts
    ways: Ways
    travellers: Travellers
    pull: Pull
    on: date
    chance: Chance

    def tours(self, day: str = "weekday") -> Tours:
        """Tours of a weekday or holiday."""
        km = by_road(self.ways, self.ways.streets.minutes)["drive"].km
        return tours_of(
            self.travellers, self.pull, self.ways.zones, km, self.facts, self.on, self.chance, day=day
        )


@cache
def town_of_travellers(fraction: float) -> Town:
    """The embedded city at the census of 2020 with a share of its people, each standing for the others."""
    city, facts, chance = City.embedded(), Facts.read(), Chance(1)
    people = synthesise(city, facts, chance, _CENSUS, fraction)
    ways = Ways.of(city, supply(city, facts, _CENSUS), facts, _CENSUS)
    who = travellers_of(
        people.citizens, people.households, people.businesses, facts, _CENSUS, chance, each=1 / fraction
    )
    pull = pull_of(people.citizens, people.businesses, facts, _CENSUS, len(city.towns.code))
    return Town(city, facts, ways, who, pull, _CENSUS, chance)
