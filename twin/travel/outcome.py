"""What a solved day comes to: trips, minutes, yen, vehicles, energy, carbon dioxide, and what having a choice is worth.

Sums over persons count each person's chosen mode, two trips a tour, and every row for the people it stands for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from twin.facts import Facts
from twin.travel.cells import PEAK, PERIODS, Cells, Prices, utilities
from twin.travel.choice import MODES, nested
from twin.travel.day import TRIPS, SolvedDay
from twin.travel.demand import PURPOSES


def trips(solved: SolvedDay, group: np.ndarray, groups: int) -> np.ndarray:
    """Residents' trips by mode and group, (modes, groups).

    Parameters
    ----------
    group : (tours,) group of each tour: area of the person, age group, purpose
    """
    return _summed(solved, group, groups, np.ones(len(solved.mode)))


def by_trip(solved: SolvedDay, what: str) -> np.ndarray:
    """``"minutes"``, ``"fare"`` (yen to be paid before passes) or ``"km"`` of one trip of each tour by its mode (tours,)."""
    found = np.zeros(len(solved.mode))
    peak = np.isin(solved.tours.purpose, [PURPOSES.index(name) for name in PEAK])
    for row, mode in enumerate(MODES):
        for period, mine in zip(PERIODS, (peak, ~peak), strict=True):
            rows = np.flatnonzero(mine & (solved.mode == row))
            if len(rows):
                table = getattr(solved.skims[period][mode], what)
                found[rows] = table[solved.tours.origin[rows], solved.tours.target[rows]]
    return found


def totals(solved: SolvedDay, facts: Facts, on: date) -> dict[str, np.ndarray]:
    """Residents' day by mode, (modes,) each: trips, minutes, yen, person_km, vehicle_km, MJ, CO2 in kg."""
    one, each = np.zeros(len(solved.mode), int), (lambda what: by_trip(solved, what))
    sums = {name: _summed(solved, one, 1, values)[:, 0] for name, values in {
        "trips": np.ones(len(one)), "minutes": each("minutes"), "yen": each("fare"), "person_km": each("km"),
    }.items()}  # fmt: skip
    vehicles, energy, co2 = (
        np.array([facts.table(f"trips.{name}", on).get(mode, 0.0) for mode in MODES])
        for name in ("vehicles", "energy", "co2")
    )
    sums["vehicle_km"] = sums["person_km"] * vehicles
    driven = np.where(vehicles > 0, sums["vehicle_km"], sums["person_km"])
    return {**sums, "MJ": driven * energy, "CO2": driven * co2 / 1000.0}


def _summed(solved: SolvedDay, group: np.ndarray, groups: int, values: np.ndarray) -> np.ndarray:
    key = solved.mode.astype(np.int64) * groups + group
    found = np.bincount(key, values, len(MODES) * groups).reshape(len(MODES), groups)
    return TRIPS * solved.tours.travellers.each * found


def access(solved: SolvedDay, group: np.ndarray, groups: int) -> np.ndarray:
    """Mean logsum of a trip in each group of tours (groups,); nan where a group makes none."""
    count = np.bincount(group, minlength=groups)
    total = np.bincount(group, solved.logsum[solved.cells.of], groups)
    return np.divide(total, count, out=np.full(groups, np.nan), where=count > 0)


def bundle_gain(solved: SolvedDay, bundle: Mapping[str, float]) -> np.ndarray:
    """Yen a day each traveller would gain by paying so much less of each mode's fare, the fee not counted (people,)."""
    prices = replace(solved.prices, bundle=np.array([bundle.get(mode, 0.0) for mode in MODES]))
    there, without = (
        _logsum(solved, solved.cells.with_flag("bundle", has), prices) for has in (True, False)
    )  # fmt: skip
    return _yen(solved, there - without)


def car_gain(solved: SolvedDay) -> np.ndarray:
    """Yen a day that having a car to drive is worth to each traveller who has one; nought to others (people,)."""
    without = _logsum(solved, solved.cells.with_flag("drives", False), solved.prices)
    return _yen(solved, solved.logsum - without)


def _logsum(solved: SolvedDay, cells: Cells, prices: Prices) -> np.ndarray:
    return nested(utilities(cells, solved.skims, prices), solved.nests).logsum


def _yen(solved: SolvedDay, gain: np.ndarray) -> np.ndarray:
    """A gain in utility of each cell's trips as yen a day of each traveller."""
    yen = TRIPS * gain[solved.cells.of] / abs(solved.prices.tastes.cost)
    return np.bincount(solved.tours.person, yen, len(solved.tours.travellers.id))
