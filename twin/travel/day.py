"""A day of the whole city, solved: choices, roads and on-demand rides that agree with each other.

    ways --> choice of mode --> car trips of the peak on the streets --> minutes by car and bus --+
     ^                     --> requests for on-demand rides --> wait ----------------------------+
     +-------------------------------------------------------------------------------------------+

Rounds go on until no share of a mode on any pair of zones moves by 1e-4 (:mod:`twin.travel.equilibrium`). Shares
are expected ones of cells; persons then choose once, each with tastes of the own (:func:`twin.travel.choice.unseen`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from twin.chance import Chance
from twin.facts import Facts
from twin.travel import assignment
from twin.travel.assignment import user_equilibrium
from twin.travel.cells import Cells, Prices, cells_of, utilities
from twin.travel.choice import MODES, Nests, choose, nested, nests_of, unseen
from twin.travel.demand import PURPOSES, Tours
from twin.travel.equilibrium import successive_averages
from twin.travel.fleet import Fleet, Service, serve
from twin.travel.roads import Roads, Trips
from twin.travel.skim import Skim
from twin.travel.skims import skims
from twin.travel.ways import Ways

ON_DEMAND = MODES.index("on_demand")


@dataclass(frozen=True)
class OnDemand:
    """Rides on demand between the towns of an area.

    Attributes
    ----------
    name : of the service
    towns : (towns,) where it fetches and brings (yes/no)
    vehicles : on the road
    fare : yen a ride
    hours : a day
    """

    name: str
    towns: np.ndarray
    vehicles: int
    fare: float
    hours: float


@dataclass(frozen=True)
class Offer:
    """What is offered beyond today's lines and roads.

    Attributes
    ----------
    on_demand : services; where two serve the same pair of towns the first does
    bundle : by mode, share of the fare that those with a monthly fee do not pay
    fare : by mode, times today's fare
    """

    on_demand: tuple[OnDemand, ...] = ()
    bundle: Mapping[str, float] = field(default_factory=dict)
    fare: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Served:
    """What became of one on-demand service: requests a day, of which refused, and what riders get in the mean."""

    name: str
    requests: float
    refused: float
    service: Service


@dataclass(frozen=True)
class SolvedDay:
    """A day at rest; sums, energy and stations are taken from it by :mod:`twin.travel.outcome`.

    Attributes
    ----------
    tours, cells, ways : what was solved
    mode : (tours,) row of :data:`twin.travel.choice.MODES` each person chose (u1)
    share : (modes, cells) expected shares
    logsum : (cells,) utility of the choice; its difference over the taste for cost is in yen a trip
    skims : by period ("peak", "day") and mode
    roads : flows and minutes of the streets in the busiest hour
    served : of each on-demand service
    prices, nests : what people weighed
    gaps : largest change of a share each round asked for
    seconds : spent on each part
    """

    tours: Tours
    cells: Cells
    ways: Ways
    mode: np.ndarray
    share: np.ndarray
    logsum: np.ndarray
    skims: Mapping[str, Mapping[str, Skim]]
    roads: assignment.Equilibrium
    served: tuple[Served, ...]
    prices: Prices
    nests: Nests
    gaps: tuple[float, ...]
    seconds: Mapping[str, float]


def solve_day(ways: Ways, tours: Tours, offer: Offer, facts: Facts, on: date, chance: Chance) -> SolvedDay:
    """Solve a weekday or holiday.

    Parameters
    ----------
    ways : zones and networks
    tours : of everybody (:func:`twin.travel.demand.tours_of`); say which day it is
    offer : services, bundle and fares of the scenario
    facts, on : ``travel.*``, ``trips.*`` and ``skims.*`` of a date
    chance : tastes of persons, by person and purpose

    Raises
    ------
    InputError : no equilibrium in 200 rounds, or somebody has no way at all to go
    """
    return _Solving(ways, tours, offer, facts, on, chance).solved()
