"""Citizens as those who travel: the plain columns that :mod:`twin.travel.demand` asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from twin.agents.businesses import Businesses
from twin.agents.citizens import Citizens, Day, Households
from twin.chance import Chance
from twin.facts import Facts
from twin.travel.cars import vehicles
from twin.travel.demand import UNKNOWN, Pull, Travellers
from twin.units import MONTHS_A_YEAR, month_number

INDUSTRY = {"school": "O", "shopping": "I", "hospital": "P"}  # of the economic census
_OUT = "MN"  # restaurants and lodging; services of living and leisure
_OLD = 65


def travellers_of(
    citizens: Citizens, households: Households, businesses: Businesses, facts: Facts, day: date, chance: Chance, *,
    telework: np.ndarray | float = 0.0, bundle: np.ndarray | bool = False, cars: np.ndarray | None = None,
    replaced: Mapping[str, np.ndarray | float] | None = None, each: float = 1.0,
) -> Travellers:  # fmt: skip
    """Everybody who lives here on a day, in the order of the citizens' rows with ``here``.

    Parameters
    ----------
    telework, bundle, replaced : one number, or one for each of them
    cars : number of cars of each household; drawn for life if left out
    each : people one citizen stands for
    """
    row = np.flatnonzero(citizens.here)
    ids, home = citizens.id[row], citizens.household[row]
    age = np.maximum((month_number(day) - citizens.born[row].astype(np.int64)) // MONTHS_A_YEAR, 0)
    can = vehicles(
        ids, age, citizens.sex[row], home, households.id, households.institution, facts, day, chance, cars
    )  # fmt: skip
    inmate = (home >= 0) & households.institution[home]
    work = citizens.work[row]
    place = np.where((citizens.day[row] == Day.WORK_IN_CITY) & (work >= 0), businesses.town[work], UNKNOWN)
    size = len(row)
    return Travellers(
        ids, citizens.town[row], age, citizens.day[row], place, np.broadcast_to(telework, size), can.drives, can.lift,
        can.bike, np.broadcast_to(bundle, size),
        cared=(age < facts.number("trips.cared", day)) | (inmate & (age >= _OLD)), replaced=replaced or {}, each=each,
    )  # fmt: skip


def pull_of(citizens: Citizens, businesses: Businesses, facts: Facts, day: date, towns: int) -> Pull:
    """What draws people to each town: people engaged there, by what they do, and residents to be visited."""
    letters = np.array(sorted(facts.table("businesses.employees", day)))
    people = np.where(businesses.here, businesses.employees, 0).astype(float)

    def engaged(industries: str) -> np.ndarray:
        mine = np.isin(letters[businesses.industry], list(industries))
        return np.bincount(businesses.town, people * mine, towns)

    jobs = np.bincount(businesses.town, people, towns)
    held = citizens.here & (citizens.work >= 0) & (citizens.day == Day.WORK_IN_CITY)
    taken = np.bincount(businesses.town[citizens.work[held]], minlength=towns)
    homes = np.bincount(citizens.town[citizens.here], minlength=towns)
    size = {purpose: engaged(letter) for purpose, letter in INDUSTRY.items()}
    private = engaged(_OUT) / max(engaged(_OUT).sum(), 1.0) + homes / max(homes.sum(), 1)
    return Pull({**size, "work": jobs, "business": jobs, "private": private}, np.maximum(jobs - taken, 0.0))
