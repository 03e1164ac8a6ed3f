"""The areas alone: services, teams and money live on, residents are a given census.

    model = areas_alone(city, steady(city, people=974_951), facts, seed=1)
    model.live(240)

For verification and inference, which need hundreds of runs and no citizens: the real process, in a city whose
monthly census is handed in instead of counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from twin.agents import Businesses, Citizens, Households
from twin.city.city import City
from twin.facts import Facts
from twin.model import CityTwin
from twin.network.ties import Ties
from twin.processes.spread import Spread
from twin.results.census import GROUP_STARTS, GROUPS, QUANTITIES, Census
from twin.run.beginning import Beginning

CENSUS = date(2020, 10, 1)
_OLDEST = 100  # years: end of the last age group when residents are spread evenly over ages
_CONVENIENT = "convenient"


class AreasAlone(CityTwin):
    """A city whose census is given month by month; the last one goes on."""

    given: Sequence[np.ndarray]

    def _count(self) -> Census:
        lived = len(self.ledger.months)
        return Census(self.month, self.given[min(lived, len(self.given) - 1)])

    def _households_lived_in(self) -> int:
        return 0

    def _draw_pyramid(self) -> None:
        """Nobody is there to be drawn."""

    def _close_gaps(self) -> None:
        """Nobody leaves a gap."""

    @cached_property
    def spread(self) -> Spread:
        """The one process."""
        return next(process for process in self.processes if isinstance(process, Spread))


def areas_alone(
    city: City, given: Sequence[np.ndarray], facts: Facts, seed: int, *, off: Iterable[str] = (), census: date = CENSUS,
    process: Spread | None = None,
) -> AreasAlone:  # fmt: skip
    """A started model of the areas alone.

    Parameters
    ----------
    given : counts (areas, groups, quantities) of each month, of the whole city
    process : a process like :class:`Spread` in its place
    """
    nobody = Beginning(Citizens(), Households(), Businesses(), Ties(), {})
    model = AreasAlone(
        city, nobody, nobody.ties, facts, [process or Spread()], census=census, seed=seed, off=frozenset(off)
    )
    model.given = given
    model.start()
    return model


def recorded(model: CityTwin) -> list[np.ndarray]:
    """The census of every month a run has lived, scaled up to the whole city."""
    return [np.rint(counts / model.fraction).astype(np.int64) for counts in model.ledger.counts]


def steady(city: City, people: float, share: Mapping[str, float] | None = None) -> list[np.ndarray]:
    """One census for all months: residents by the weights of towns, spread evenly over ages.

    Parameters
    ----------
    people : residents of the city
    share : share of residents with a technology or mark, the same everywhere; nobody where none is said
    """
    areas = len(city.areas.code)
    weight = np.bincount(city.towns.area, city.towns.people, minlength=areas)
    years = np.diff([*GROUP_STARTS, _OLDEST])
    residents = np.rint(people * np.outer(weight / weight.sum(), years / _OLDEST))
    counts = np.zeros((areas, len(GROUPS), len(QUANTITIES)), np.int64)
    counts[:, :, 0] = residents
    for name, part in (share or {}).items():
        counts[:, :, QUANTITIES.index(name)] = np.rint(residents * part)
    return [counts]
