"""What getting around leaves in the ledger: counts of every month, and each March the last solved days.

Persons (subscribers, cars, licences) are simulated ones, as all counts of persons are; trips, rides, kilometres and
yen are those of the whole city.
"""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

import numpy as np

from twin.processes.mobility.drivers import HOLDS
from twin.travel.choice import MODES
from twin.units import FISCAL_YEAR_STARTS

if TYPE_CHECKING:
    from twin.model import CityTwin
    from twin.processes.mobility.days import Days
    from twin.processes.mobility.offered import Offered
    from twin.processes.mobility.process import Mobility

AGES = {"0-14": 0, "15-64": 15, "65-74": 65, "75+": 75}  # groups trips are told of, by their first year
PLACES = ("station", "hospital", "city hall")  # minutes to the nearest
WAYS = ("without a car", "car")
RIDES = ("rides_asked", "rides_served", "rides_refused")
BY_AREA = ("fleet", "fleet_subscribers", "fleet_served", "fleet_refused")  # rides of a year
_DAYS = 365
TOTALS = ("vehicle_km", "energy_kwh", "co2_kg", "yen_paid")  # a day, by mode


def monthly(life: Mobility, model: CityTwin, now: Offered) -> None:
    """The month's counts: subscribers, cars, licences, vehicles, rides."""
    people, areas = model.citizens, len(model.areas)
    holds = life.licence == HOLDS
    for name, who in (("subscribers", life.subscribed), ("cars", life.car), ("licences", holds)):
        model.tally(name, np.bincount(people.area[people.here & who], minlength=areas))
    model.tally("on_demand_vehicles", now.vehicles)
    lived = monthrange(model.day.year, model.day.month)[1]
    for name, a_day in zip(RIDES, life.days.rides.T, strict=False):  # type: ignore[union-attr]
        model.tally(name, np.rint(a_day * lived))
    if model.day.month == FISCAL_YEAR_STARTS - 1:
        subscribed = np.bincount(people.area[people.here & life.subscribed], minlength=areas)
        yearly(life.days, model, now.vehicles, subscribed / model.fraction)  # type: ignore[arg-type]


def yearly(days: Days, model: CityTwin, vehicles: np.ndarray, subscribers: np.ndarray) -> None:
    """Notes of the last solved days, of the city, the wards and the areas, by age and mode; fleets by area.

    Parameters
    ----------
    vehicles, subscribers : (areas,) of the whole city
    """
    city, ledger = model.city, model.ledger
    ward = np.arange(len(city.wards.code))[:, None] == city.areas.ward
    sums = np.concatenate([np.ones((1, len(city.areas.code))), ward, np.eye(len(city.areas.code))])
    codes = (city.code, *city.wards.code, *city.areas.code)
    note = lambda name, code, group, value: ledger.note(model.month, name, code, group, float(value), "count")  # noqa: E731
    trips, people, worth = (
        np.einsum("pa,a...->p...", sums, part) for part in (days.trips, days.people, days.worth)
    )
    minutes = np.einsum("pa,a...->p...", sums, days.minutes * days.people.sum(axis=1)[:, None, None])
    asked, waited = sums @ days.rides[:, 1], sums @ (days.rides[:, 1] * days.rides[:, 3])
    for p, code in enumerate(codes):
        for g, group in enumerate(("all", *AGES)):
            of = slice(None) if g == 0 else slice(g - 1, g)
            for m, mode in enumerate(MODES):
                note(f"trips_{mode}", code, group, trips[p, of, m].sum())
            if people[p, of].sum() > 0:
                note("getting_around", code, group, worth[p, of].sum() / people[p, of].sum())
        for k, place in enumerate(PLACES):
            for w, way in enumerate(WAYS):
                if people[p].sum() > 0 and np.isfinite(minutes[p, k, w]):
                    note(f"minutes_{place}", code, way, minutes[p, k, w] / people[p].sum())
        if asked[p] > 0:
            note("rides_wait", code, "all", waited[p] / asked[p])
    of_areas = (vehicles, subscribers, days.rides[:, 1] * _DAYS, days.rides[:, 2] * _DAYS)
    for name, by_area in zip(BY_AREA, of_areas, strict=True):
        for row in np.flatnonzero(by_area):
            note(name, city.areas.code[row], "all", by_area[row])
    for k, name in enumerate(TOTALS):
        for m, mode in enumerate(MODES):
            note(name, city.code, mode, days.totals[m, k])
