"""Who moves together with whom.

Women who wish a union, and women who bear a child without living with a partner, look for a man
among those open to one this month: about the usual number of years older, the next one on the ring.
If two women come to the same man, a fixed order of their hashes decides and the other looks further;
that is the deferred acceptance of Gale and Shapley (1962), whose result does not depend on the order
in which people are listed.
"""

from __future__ import annotations

import numpy as np

from twin.agents.citizens import Role
from twin.kernels.matching import match
from twin.processes.demography.places import Ring
from twin.processes.demography.rates import AGES, Event
from twin.processes.demography.touched import Touched

_CARE_AGE = 60  # younger inmates live in dormitories and may move together with someone


def unite(touched: Touched) -> None:
    """Find the couples of the month and give each a common home."""
    free = singles(touched)
    wishes = touched.happens(Event.WISHES_UNION)
    wishes[expecting(touched, free)] = True
    women = np.flatnonzero(free & wishes & (touched.sex == 1))
    men = np.flatnonzero(free & touched.happens(Event.OPEN_TO_UNION))
    if len(women) and len(men):
        man_of = couples(touched, women, men)
        found = man_of >= 0
        share_a_home(touched, women[found], men[man_of[found]])
    _leave_dormitory(touched)


def singles(touched: Touched) -> np.ndarray:
    """Adults who live without a partner."""
    alone = touched.homes_with(touched.here & (touched.role == Role.PARTNER)) == 0
    role = touched.role
    free = (role == Role.CHILD) | (role == Role.OTHER) | ((role == Role.HEAD) & alone[touched.home])
    free |= (role == Role.INMATE) & (touched.age < _CARE_AGE)
    return free & touched.here & (touched.age >= touched.adult_age)


def expecting(touched: Touched, free: np.ndarray) -> np.ndarray:
    """Mothers of this month who look for a partner, but for the share that stays without."""
    mothers = touched.mothers[free[touched.mothers]]
    stays_alone = touched.model.fact("demography.births.without_union")
    return mothers[touched.uniform("birth without union", mothers) >= stays_alone]


def couples(touched: Touched, women: np.ndarray, men: np.ndarray) -> np.ndarray:
    """The man (position in ``men``) of each woman, -1 for none."""
    model, chance, month = touched.model, touched.chance, touched.month
    gap = model.fact("demography.households.age_gap") + model.fact(
        "demography.households.age_gap_spread"
    ) * chance.normal("demography: age gap", month, touched.id[women])
    wanted = np.rint(touched.age[women] + gap).clip(touched.adult_age, AGES - 1).astype(np.int64)
    ring = Ring(touched.age[men], chance.order("demography: union, man", month, touched.id[men]))
    point = chance.order("demography: union, woman", month, touched.id[women])
    widest = model.fact("demography.households.widest_gap")
    men = men[ring.order]
    of = match(ring.at(wanted, point), point, wanted, touched.age[men], widest,
               touched.home[women], touched.home[men])  # fmt: skip
    return np.where(of >= 0, ring.order[of], -1)


def share_a_home(touched: Touched, women: np.ndarray, men: np.ndarray) -> None:
    """Move couples together: to the one who heads a home without other adults, else to a new home.

    Minor children of whoever moves come along. In a new home the older of the two is the head.
    """
    adults = touched.homes_with(touched.here & (touched.age >= touched.adult_age))
    hosts = [(touched.role[who] == Role.HEAD) & (adults[touched.home[who]] == 1) for who in (women, men)]
    to_woman, to_man = hosts[0], hosts[1] & ~hosts[0]
    new = ~(to_woman | to_man)
    target = np.where(to_woman, touched.home[women], touched.home[men])
    target[new] = touched.new_home("union", women[new])
    woman_heads = to_woman | (new & (touched.born[women] < touched.born[men]))
    for who, stays in ((women, to_woman), (men, to_man)):
        leads = ~stays & (touched.role[who] == Role.HEAD)
        touched.minors_of(touched.home[who[leads]], target[leads])
    heads, partners = np.where(woman_heads, women, men), np.where(woman_heads, men, women)
    touched.home[women], touched.home[men] = target, target
    touched.role[heads], touched.role[partners] = Role.HEAD, Role.PARTNER
    touched.income[partners] = touched.income[heads]


def _leave_dormitory(touched: Touched) -> None:
    """A mother who is still in an institution takes a dwelling of her own."""
    mothers = touched.mothers[touched.here[touched.mothers]]
    who = mothers[touched.role[mothers] == Role.INMATE]
    touched.home[who] = touched.new_home("leaves dormitory", who)
    touched.role[who] = Role.HEAD
