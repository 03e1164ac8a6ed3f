"""Businesses close, hire, let places go and open.

    closing  hazard  exit (n / 10)^-slope, n persons engaged
    staff    once a year, in a month of its own:  n <- n exp(growth + spread z - spread^2 / 2)
    opening  every business has one of its industry open in its town with the hazard ``entry``

The city's places follow its people of working age: each April ``growth`` is what brings the ratio of
places to people back to that of the start, in whole percent, so that one citizen or firm more leaves
everybody's growth as it was. A business that shrinks lays nobody off: it engages nobody new until enough
have left. Employees of one that closes look for work next month (process ``demography``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.units import MONTHS_A_YEAR, share_per_step

if TYPE_CHECKING:
    from twin.model import CityTwin

TEN = 10.0  # persons engaged: rates are those of a business of ten
_MONTH = 1 / MONTHS_A_YEAR
_WORKING_AGE = (15, 65)  # years, as official statistics count
_PERCENT = 2  # decimals of the year's growth
_MOST_GROWTH = 0.1  # a year


def people_and_places(model: CityTwin) -> tuple[int, int]:
    """Citizens of working age and places of work in the city's businesses."""
    people = model.citizens
    youngest, oldest = (model.month - age * MONTHS_A_YEAR for age in _WORKING_AGE)
    working = people.here & (people.born <= youngest) & (people.born > oldest)
    return int(working.sum()), int(model.businesses.employees.sum())


def growth(model: CityTwin, first: tuple[int, int]) -> float:
    """The year's growth of a business in the mean, as a logarithm in whole percent."""
    (people_then, places_then), (people, places) = first, people_and_places(model)
    if not all((people_then, places_then, people, places)):
        return 0.0
    wanted = np.log(people / people_then) - np.log(places / places_then)
    return float(np.round(np.clip(wanted, -_MOST_GROWTH, _MOST_GROWTH), _PERCENT)) + 0.0  # never -0


def close(model: CityTwin) -> None:
    """Some close; those who worked there have no workplace."""
    firms, people = model.businesses, model.citizens
    size = np.maximum(firms.employees, 1) / TEN
    rate = model.fact("firms.exit") * size ** -model.fact("firms.exit_size")
    draw = model.chance.uniform("businesses: closing", model.month, firms.id)
    gone = firms.here & (draw < share_per_step(rate, _MONTH))
    if not gone.any():
        return
    model.count("businesses_closed", firms.area[gone])
    firms.here[gone], firms.employees[gone] = False, 0
    closed = np.append(gone, False)  # work -1 is none of them
    people.work[np.flatnonzero(closed[people.work] & people.here)] = -1


def staff(model: CityTwin, growth: float) -> None:
    """Those whose month it is change the number of their places, never below one."""
    firms, chance = model.businesses, model.chance
    turn = chance.order("businesses: month of the year", 0, firms.id) % np.uint64(MONTHS_A_YEAR)
    rows = np.flatnonzero(firms.here & (turn == model.month % MONTHS_A_YEAR))
    ids, spread = firms.id[rows], model.fact("firms.growth_spread")
    noise = spread * chance.normal("businesses: growth", model.month, ids)
    size = firms.employees[rows] * np.exp(growth + noise - spread**2 / 2)
    whole = np.floor(size + chance.uniform("businesses: whole places", model.month, ids))
    firms.employees[rows] = np.maximum(whole, 1)


def open_new(model: CityTwin) -> np.ndarray:
    """Rows of the businesses that open, each where one of its industry stands."""
    firms, chance = model.businesses, model.chance
    draw = chance.uniform("businesses: opening", model.month, firms.id)
    beside = np.flatnonzero(firms.here & (draw < share_per_step(model.fact("firms.entry"), _MONTH)))
    ids = chance.new_ids("businesses: opening", model.month, firms.id[beside])
    noise = chance.normal("businesses: size at opening", 0, ids)
    size = model.fact("firms.entrant_size") * np.exp(model.fact("firms.entrant_spread") * noise)
    new = firms.append(len(ids))
    firms.id[new], firms.here[new], firms.employees[new] = ids, True, np.maximum(np.rint(size), 1)
    for column in (firms.industry, firms.town, firms.area):
        column[new] = column[beside]
    model.count("businesses_opened", firms.area[new])
    return np.arange(new.start, new.stop)
