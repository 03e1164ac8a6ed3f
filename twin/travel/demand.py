"""Who goes where on a day, and for what: tours from home to one place and back.

A person makes at most one tour a day for each purpose, with the chance of the person's kind (``trips.tours.*``),
less what telework or a service online replaces. Two trips a tour: out and home by the same mode. Chains of several
places are not modelled. Places of work and school are those the citizens hold where known; all others are drawn from
gravity between towns, doubly constrained by the size of what draws:

    T_od = A_o B_d O_o D_d exp(-km_od / reach),   sum over d = O_o,  sum over o = D_d

All draws hang on the person, so a person nothing has changed for travels the same in two scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

import numpy as np

from twin.chance import Chance
from twin.errors import InputError
from twin.facts import Facts
from twin.travel.zones import GATE, PLACE, TOWN, Zones

PURPOSES = ("work", "school", "business", "shopping", "hospital", "private")
KINDS = ("cared", "pupil", "worker", "home", "home_65", "home_75", "home_85")
FAR = ("work", "school", "business")  # tours that may lead beyond the neighbouring cities
UNKNOWN = -1  # a town of work or school nobody has said
_ROUNDS, _CLOSE = 200, 1e-6  # of the two constraints of gravity
_OLD = (65, 75, 85)


class Does(IntEnum):
    """Where a person spends the working day; the numbers of the citizens' column ``day``."""

    HOME = 0
    WORK = 1
    WORK_OUTSIDE = 2
    SCHOOL = 3


@dataclass(frozen=True)
class Travellers:
    """Everybody who may travel, one row each.

    Attributes
    ----------
    id : (people,) u8, what draws hang on
    town : town row of the home
    age : years
    does : :class:`Does`
    place : town row of workplace or school in the city, :data:`UNKNOWN` where not known
    telework : share of working days worked from home, 0 to 1
    drives : has a licence and a car to drive
    lift : somebody of the household could drive the person
    bike : has a bicycle and rides it
    bundle : pays a monthly fee for ``Offer.bundle``
    cared : makes no trips of the own: a small child, or in a care home
    replaced : by purpose, share of tours that a service online makes needless, (people,) or one number
    each : people one row stands for
    """

    id: np.ndarray
    town: np.ndarray
    age: np.ndarray
    does: np.ndarray
    place: np.ndarray
    telework: np.ndarray
    drives: np.ndarray
    lift: np.ndarray
    bike: np.ndarray
    bundle: np.ndarray
    cared: np.ndarray
    replaced: Mapping[str, np.ndarray | float] = field(default_factory=dict)
    each: float = 1.0


@dataclass(frozen=True)
class Pull:
    """What draws people to each town of the city, by purpose (:data:`PURPOSES`), in any unit: (towns,) each.

    visitors : people from outside who work in each town, in the unit of the travellers
    """

    size: Mapping[str, np.ndarray]
    visitors: np.ndarray


@dataclass(frozen=True)
class Tours:
    """Tours of a day from home to one place and back, one row each, by person and purpose.

    Attributes
    ----------
    travellers : whose they are
    person : (tours,) row of the traveller
    purpose : row of :data:`PURPOSES` (u1)
    origin, target : zone rows of home and place
    visitors : (zones, zones) tours of people from outside to work in the city, not drawn
    day : ``"weekday"`` or ``"holiday"``
    """

    travellers: Travellers
    person: np.ndarray
    purpose: np.ndarray
    origin: np.ndarray
    target: np.ndarray
    visitors: np.ndarray
    day: str


def kinds(travellers: Travellers) -> np.ndarray:
    """Row of :data:`KINDS` of each traveller (u1)."""
    at_home = KINDS.index("home") + np.searchsorted(_OLD, travellers.age, side="right")
    works = (travellers.does == Does.WORK) | (travellers.does == Does.WORK_OUTSIDE)
    found = np.where(works, KINDS.index("worker"), at_home)
    found = np.where(travellers.does == Does.SCHOOL, KINDS.index("pupil"), found)
    return np.where(travellers.cared, KINDS.index("cared"), found).astype("u1")


def tours_of(
    travellers: Travellers, pull: Pull, zones: Zones, km: np.ndarray, facts: Facts, on: date, chance: Chance, *,
    day: str = "weekday", step: int = 0,
) -> Tours:  # fmt: skip
    """Draw everybody's tours of a weekday or holiday.

    Parameters
    ----------
    zones, km : places trips begin and end, and kilometres along streets between them
    facts, on : ``trips.*`` of a date
    step : of the draws; the same step, the same tours

    Raises
    ------
    InputError : a home is no town, or a share of telework or of tours replaced is not between 0 and 1
    """
    _check(travellers, zones)
    kind, rows, purposes, targets = kinds(travellers), [], [], []
    for number, name in enumerate(PURPOSES):
        person = _who_goes(travellers, kind, name, facts, on, chance, day, step)
        rows.append(person)
        purposes.append(np.full(len(person), number, "u1"))
        targets.append(_where(travellers, person, name, pull, zones, km, facts, on, chance))
    person, purpose, target = (np.concatenate(parts) for parts in (rows, purposes, targets))
    order = np.lexsort((purpose, person))
    person = person[order]
    going = facts.table(f"trips.tours.work.{day}", on)["worker"]
    visitors = travellers.each * going * _from_outside(pull.visitors, zones, km, facts, on)
    return Tours(
        travellers,
        person,
        purpose[order],
        travellers.town[person].astype(np.int64),
        target[order],
        visitors,
        day,
    )


def _who_goes(
    travellers: Travellers, kind: np.ndarray, purpose: str, facts: Facts, on: date, chance: Chance, day: str, step: int
) -> np.ndarray:  # fmt: skip
    """Rows of those who make a tour for a purpose."""
    table = facts.table(f"trips.tours.{purpose}.{day}", on)
    rate = np.array([table[name] for name in KINDS])[kind]
    if purpose == "work":
        rate = rate * (1 - travellers.telework)
    rate = rate * (1 - np.asarray(travellers.replaced.get(purpose, 0.0)))
    return np.flatnonzero(chance.uniform(f"trips: {purpose}, {day}", step, travellers.id) < rate)


def _where(
    travellers: Travellers, person: np.ndarray, purpose: str, pull: Pull, zones: Zones, km: np.ndarray,
    facts: Facts, on: date, chance: Chance,
) -> np.ndarray:  # fmt: skip
    """Zone each of these persons goes to for a purpose; for life where it is work or school."""
    reach = facts.table("trips.reach", on)
    held = travellers.place[person].astype(np.int64)
    known = (held != UNKNOWN) if purpose in ("work", "school") else np.zeros(len(person), bool)
    target = np.where(known, held, UNKNOWN)
    outside = _goes_outside(travellers, person, purpose, facts, on, chance) & ~known
    for out, rows in ((False, np.flatnonzero(~known & ~outside)), (True, np.flatnonzero(outside))):
        home, ids = travellers.town[person[rows]].astype(np.int64), travellers.id[person[rows]]
        draw = chance.uniform(f"trips: {'place outside' if out else 'place'}, {purpose}", 0, ids)
        if out:
            share = facts.table("trips.outside_place" if purpose in FAR else "trips.near_place", on)
            flows = _by_nearness(zones, share, km, reach["outside"])
        else:
            people = np.bincount(home, minlength=len(zones.code))
            flows = gravity(people, _inside(pull.size[purpose], zones), km, reach[purpose])
        target[rows] = _drawn(flows, home, draw)
    return target


def _goes_outside(
    travellers: Travellers, person: np.ndarray, purpose: str, facts: Facts, on: date, chance: Chance
) -> np.ndarray:
    """Who leaves the city for a purpose: those who work outside, and a share of the others (yes/no)."""
    if purpose == "work":
        return travellers.does[person] == Does.WORK_OUTSIDE
    share = facts.table("trips.outside", on)[purpose]
    young = (travellers.age[person] < facts.number("trips.school_near", on)) & (purpose == "school")
    return (chance.uniform(f"trips: leaves the city, {purpose}", 0, travellers.id[person]) < share) & ~young


def _inside(size: np.ndarray, zones: Zones) -> np.ndarray:
    """Sizes of towns as sizes of zones."""
    return np.where(
        zones.kind == TOWN, np.pad(np.asarray(size, float), (0, len(zones.code) - len(size))), 0.0
    )


def _from_outside(visitors: np.ndarray, zones: Zones, km: np.ndarray, facts: Facts, on: date) -> np.ndarray:
    """People from outside who work in each town, by where they come from (zones, zones)."""
    share = facts.table("trips.inbound_place", on)
    return _by_nearness(zones, share, km, facts.table("trips.reach", on)["outside"]).T * _inside(
        visitors, zones
    )


def _outside(zones: Zones, share: Mapping[str, float]) -> np.ndarray:
    """Sizes of zones outside: of places beyond as given, the gates share the rest."""
    size = np.array(
        [share.get(code, 0.0) * (kind == PLACE) for code, kind in zip(zones.code, zones.kind, strict=True)]
    )
    gates = zones.kind == GATE
    return size + np.where(gates, (1 - size.sum()) / max(gates.sum(), 1), 0.0)


def _by_nearness(zones: Zones, share: Mapping[str, float], km: np.ndarray, reach: float) -> np.ndarray:
    """Shares of zones outside for each zone (rows): places beyond as given, gates the more the nearer."""
    size = _outside(zones, share)
    near = np.where(zones.kind == GATE, np.exp(-np.where(np.isfinite(km), km, np.inf) / reach), 0.0)
    gates = near * _over(np.full(len(near), size[zones.kind == GATE].sum()), near.sum(axis=1))[:, None]
    return gates + size * (zones.kind == PLACE)


def gravity(out: np.ndarray, size: np.ndarray, km: np.ndarray, reach: float) -> np.ndarray:
    """Flows from zone to zone: as many out of each as given, into each in proportion to its size.

    Parameters
    ----------
    out : (zones,) people who set out
    size : (zones,) what draws; scaled to as many people as set out
    km : (zones, zones)
    reach : km over which the pull falls to 1/e

    Raises
    ------
    InputError : people set out but nothing draws them, or the two constraints were not met in 200 rounds
    """
    if not out.sum():
        return np.zeros(km.shape)
    if not size.sum() > 0:
        raise InputError("travel.no_place", people=int(out.sum()))
    flows = size * np.exp(-np.where(np.isfinite(km), km, np.inf) / reach)
    into = size * out.sum() / size.sum()
    for _ in range(_ROUNDS):
        flows *= _over(into, flows.sum(axis=0))
        made = flows.sum(axis=1)
        flows *= _over(out, made)[:, None]
        if np.abs(flows.sum(axis=0) - into).max() <= _CLOSE * out.sum():
            return flows
    raise InputError("travel.no_gravity", rounds=_ROUNDS)


def _over(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.divide(wanted, found, out=np.zeros(len(found)), where=found > 0)


def _drawn(flows: np.ndarray, home: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """Target of each person by the shares of the home's row and a draw in [0, 1)."""
    if not len(home):
        return np.zeros(0, np.int64)
    share = flows / np.maximum(flows.sum(axis=1, keepdims=True), 1e-300)
    upto = np.minimum(np.cumsum(share, axis=1), 1.0)
    upto[:, -1] = 1.0
    ladder = (upto + np.arange(len(upto))[:, None]).ravel()
    target = np.searchsorted(ladder, home + draw, side="right") - home * len(upto)
    last = len(upto) - 1 - np.argmax(share[:, ::-1] > 0, axis=1)  # rounding may lead past the last that draws
    return np.minimum(target, last[home])


def _check(travellers: Travellers, zones: Zones) -> None:
    towns = int((zones.kind == TOWN).sum())
    for name, values, low in (("town", travellers.town, 0), ("place", travellers.place, UNKNOWN)):
        wrong = np.flatnonzero((values < low) | (values >= towns))
        if len(wrong):
            raise InputError(
                "travel.no_town", column=name, count=len(wrong), found=int(values[wrong[0]]), towns=towns
            )
    shares = {
        "telework": travellers.telework,
        **{f"replaced[{name}]": v for name, v in travellers.replaced.items()},
    }
    for name, given in shares.items():
        values = np.atleast_1d(np.asarray(given, float))
        wrong = np.flatnonzero(~((values >= 0) & (values <= 1)))
        if len(wrong):
            raise InputError("travel.share", column=name, count=len(wrong), found=float(values[wrong[0]]))
