"""Trading partners: a few other businesses of the city, by industry and size.

Contracts are made in April and last while both are in business. A partner is of the own industry with a
given chance, else of an industry drawn by people engaged at the census. Inside the industry it is the
next one clockwise of a point on a ring of hashed ids, on which a business stands once for every doubling
of its size; so one business more changes only whom it comes to trade with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.processes.businesses.industries import by_industry

if TYPE_CHECKING:
    from twin.model import CityTwin
    from twin.processes.businesses.process import BusinessLife

SLOTS = ("first", "second", "third", "fourth")
_INDUSTRY_BITS = np.uint64(58)  # the upper six bits of a place on the ring name the industry
_POINT_BITS = np.uint64(6)


def make_contracts(life: BusinessLife, model: CityTwin) -> None:
    """Fill the empty slots of those in business; ended ones were emptied when rows were freed."""
    firms, chance, month = model.businesses, model.chance, model.month
    ring, owner = _ring(model)
    for slot, name in enumerate(SLOTS):
        rows = np.flatnonzero(firms.here & (life.partners[:, slot] < 0))
        ids = firms.id[rows]
        draw = chance.uniform(f"businesses: industry of the {name} partner", month, ids)
        industry = _industry(model, firms.industry[rows], draw)
        point = chance.order(f"businesses: {name} partner", month, ids)
        found = _clockwise(ring, owner, industry, point)
        life.partners[rows, slot] = np.where(found == rows, -1, found)  # none rather than itself


def share_using(partners: np.ndarray, uses: np.ndarray) -> np.ndarray:
    """Share of each business's partners that use digital tools (f8); 0 without partners.

    Parameters
    ----------
    partners : (firms, slots) rows, -1 none
    uses : (firms,) yes/no
    """
    seen = np.append(uses, False).astype("u1")  # -1 looks at the end
    using, count = np.zeros(len(uses), "u1"), np.zeros(len(uses), "u1")
    for slot in np.ascontiguousarray(partners.T):
        using += seen[slot]
        count += slot >= 0
    return using / np.maximum(count, 1)


def _ring(model: CityTwin) -> tuple[np.ndarray, np.ndarray]:
    """Places on the ring in order, industry by industry, and the row that stands at each."""
    firms = model.businesses
    here = np.flatnonzero(firms.here)
    doublings = np.frexp(firms.employees[here])[1]  # 1 for one person, 2 for two or three, ...
    places, rows = [], []
    for turn in range(int(doublings.max(initial=0))):
        large = here[doublings > turn]
        point = model.chance.order("businesses: place on the ring", turn, firms.id[large])
        places.append(_place(firms.industry[large], point))
        rows.append(large)
    place = np.concatenate([*places, np.empty(0, np.uint64)])
    order = np.argsort(place)
    return place[order], np.concatenate([*rows, np.empty(0, np.int64)])[order]


def _place(industry: np.ndarray, point: np.ndarray) -> np.ndarray:
    return (industry.astype(np.uint64) << _INDUSTRY_BITS) | (point >> _POINT_BITS)


def _industry(model: CityTwin, own: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """Industry of a partner: the own one, or one by the people engaged in it."""
    rising = np.cumsum(by_industry(model, "businesses.employees"))
    same = model.fact("firms.same_industry")
    other = np.searchsorted(rising / rising[-1], (draw - same) / max(1 - same, 1e-12), side="right")
    return np.where(draw < same, own, np.minimum(other, len(rising) - 1))


def _clockwise(ring: np.ndarray, owner: np.ndarray, industry: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Row that stands next on the ring of an industry; -1 where the industry has nobody."""
    bounds = np.arange(int(industry.max(initial=0)) + 2, dtype=np.uint64) << _INDUSTRY_BITS
    first = np.searchsorted(ring, bounds)
    begins, ends = first[industry], first[industry + 1]
    at = np.searchsorted(ring, _place(industry, point))
    at = np.where(at < ends, at, begins)
    return np.where(begins < ends, np.append(owner, -1)[at], -1)
