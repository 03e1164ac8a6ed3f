"""Trips that see the same choice, counted together: one row for each kind of traveller, origin and target.

Kinds of travellers differ in purpose and in what they can ride and pay with; what a mode offers hangs on the pair
of zones. Utilities are reckoned by cell, not by person: some hundred thousand cells stand for a million tours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from twin.facts import Facts
from twin.travel.choice import MODES
from twin.travel.demand import PURPOSES, Tours
from twin.travel.skim import Skim
from twin.travel.utility import Tastes
from twin.travel.zones import Zones

FLAGS = ("drives", "lift", "bike", "bundle")
PEAK = ("work", "school")  # tours that see the peak; all others see the day outside it
PERIODS = ("peak", "day")


@dataclass(frozen=True)
class Cells:
    """Tours by kind of traveller, origin and target.

    Attributes
    ----------
    purpose, origin, target : (cells,) rows
    drives, lift, bike, bundle : (cells,) yes/no, as of the travellers
    residents, visitors : (cells,) tours of people of the city and from outside
    of : (tours,) cell of each tour
    """

    purpose: np.ndarray
    origin: np.ndarray
    target: np.ndarray
    drives: np.ndarray
    lift: np.ndarray
    bike: np.ndarray
    bundle: np.ndarray
    residents: np.ndarray
    visitors: np.ndarray
    of: np.ndarray

    @property
    def tours(self) -> np.ndarray:
        """Of residents and visitors together."""
        return self.residents + self.visitors

    def with_flag(self, flag: str, value: bool) -> Cells:
        """The same cells, all with or all without something."""
        return replace(self, **{flag: np.full(len(self.purpose), value)})

    def table(self, amount: np.ndarray, zones: int) -> np.ndarray:
        """Amounts of cells as a table (zones, zones)."""
        return np.bincount(self.origin * zones + self.target, amount, zones * zones).reshape(zones, zones)


def cells_of(tours: Tours, zones: Zones, drives_in: float) -> Cells:
    """Cells of the tours of a day and of people from outside, of whom a share has a car with them."""
    who, count = tours.travellers, len(zones.code)
    kind = tours.purpose.astype(np.int64)
    for flag in FLAGS:
        kind = kind * 2 + getattr(who, flag)[tours.person]
    pair = tours.origin * count + tours.target
    origin, target = np.nonzero(tours.visitors)
    incoming = tours.visitors[origin, target]
    work = PURPOSES.index("work") << len(FLAGS)
    driving = work | 1 << (len(FLAGS) - 1)
    keys = np.concatenate(
        [kind * count * count + pair, *(k * count * count + origin * count + target for k in (work, driving))]
    )
    weight = np.concatenate([np.zeros(len(pair)), incoming * (1 - drives_in), incoming * drives_in])
    key, of = np.unique(keys, return_inverse=True)
    kinds, here = np.divmod(key, count * count)
    flags = {flag: (kinds >> bit & 1).astype(bool) for bit, flag in enumerate(reversed(FLAGS))}
    mine = of[: len(pair)]
    return Cells(
        (kinds >> len(FLAGS)).astype("u1"), *np.divmod(here, count), **flags,
        residents=who.each * np.bincount(mine, minlength=len(key)), visitors=np.bincount(of, weight, len(key)),
        of=mine,
    )  # fmt: skip


@dataclass(frozen=True)
class Prices:
    """What people weigh and pay.

    Attributes
    ----------
    tastes : of :mod:`twin.travel.utility`
    constant : (modes,) what a mode is worth beyond its minutes and yen
    others : (purposes, modes) share of the fare an employer or a pass pays
    bundle : (modes,) share of the fare those with a bundle do not pay
    fare : (modes,) times the fare of today
    parking : (zones,) yen for each trip by car to or from a zone
    """

    tastes: Tastes
    constant: np.ndarray
    others: np.ndarray
    bundle: np.ndarray
    fare: np.ndarray
    parking: np.ndarray

    @classmethod
    def read(
        cls, facts: Facts, day: date, zones: Zones, bundle: Mapping[str, float], fare: Mapping[str, float]
    ) -> Prices:
        """As ``travel.taste.*``, ``trips.constant``, ``trips.paid``, ``trips.parking`` say, and what is offered."""
        constant, paid = facts.table("trips.constant", day), facts.table("trips.paid", day)
        lots = facts.table("trips.parking", day)
        by_line = np.array([mode in ("rail", "bus") for mode in MODES], float)
        return cls(
            Tastes.read(facts, day),
            np.array([constant[mode] for mode in MODES]),
            np.array([paid.get(purpose, 0.0) for purpose in PURPOSES])[:, None] * by_line,
            np.array([bundle.get(mode, 0.0) for mode in MODES]),
            np.array([fare.get(mode, 1.0) for mode in MODES]),
            np.array([lots["town"], lots["gate"], lots["place"]])[zones.kind],
        )


def utilities(cells: Cells, ways: Mapping[str, Mapping[str, Skim]], prices: Prices) -> np.ndarray:
    """Utility of each mode in each cell, minus infinity where it is not there (modes, cells).

    Parameters
    ----------
    ways : by period, then by mode: what each pair of zones offers
    """
    found = np.full((len(MODES), len(cells.purpose)), -np.inf)
    peak = np.isin(cells.purpose, [PURPOSES.index(name) for name in PEAK])
    can = {"drive": cells.drives, "passenger": cells.lift, "bike": cells.bike}
    for row, mode in enumerate(MODES):
        for period, mine in zip(PERIODS, (peak, ~peak), strict=True):
            if mode in ways[period]:
                rows = np.flatnonzero(mine & can.get(mode, True))
                found[row, rows] = _worth(cells, rows, row, ways[period][mode], prices)
    return found


def _worth(cells: Cells, rows: np.ndarray, mode: int, skim: Skim, prices: Prices) -> np.ndarray:
    o, d, taste = cells.origin[rows], cells.target[rows], prices.tastes
    minutes = (
        skim.ride + taste.wait * skim.wait + taste.walk * skim.walk + taste.transfer * skim.transfers
    )[o, d]  # fmt: skip
    there = np.isfinite(minutes)
    fare = np.where(there, skim.fare[o, d], 0.0) * prices.fare[mode]
    fare = (
        fare * (1 - prices.others[cells.purpose[rows], mode]) * (1 - prices.bundle[mode] * cells.bundle[rows])
    )
    if MODES[mode] == "drive":
        fare = fare + prices.parking[d]
    worth = prices.constant[mode] + taste.time * np.where(there, minutes, 0.0) + taste.cost * fare
    return np.where(there, worth, -np.inf)
