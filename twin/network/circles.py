"""The circles ties are drawn from: whole city, age classes, online levels, towns, schools, firms.

Circles are rings of people (:mod:`twin.kernels.rings`), rebuilt every April from those who are here.
What does not come from people - distances, shares, sizes - is read from facts and the city.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from twin.chance import Chance
from twin.facts import Facts
from twin.kernels import rings
from twin.kernels.draws import Choice
from twin.kernels.rings import ROUND, Pools
from twin.kernels.standing import BANDS, COHORTS, OLDEST, People, memberships, standing
from twin.units import month_start

if TYPE_CHECKING:
    from twin.agents import Citizens
    from twin.city.city import City

_KILOMETRE = 1000.0
_ON_RING = "ties: place on the ring"
_STEPS = 4  # steps in which the people of an area are counted: 2**(1/4) is a fifth more


@dataclass(frozen=True)
class TieFacts:
    """The facts of ``facts/ties.toml`` on one day, as numbers and arrays.

    Attributes
    ----------
    weight : (5,) u1, tenths, by layer from the household on
    mean : (4,) f8, persons, by layer from friends on
    by_age : (121,) f8, relative number of ties by age in years
    same, near : (9,) f8, share of friends of the own class, of the own or the next, by age class
    """

    weight: np.ndarray
    mean: np.ndarray
    most: int
    shape: float
    by_age: np.ndarray
    same: np.ndarray
    near: np.ndarray
    reach: float
    far: float
    beside: float
    tail: float
    levels: int
    team: tuple[int, int]
    school: tuple[int, int]
    turnover: float

    KEYS = (
        "ties.weight", "ties.mean", "ties.most", "ties.sociability.shape", "ties.sociability.by_age",
        "ties.friends.same_age", "ties.friends.next_age", "ties.friends.reach", "ties.friends.far",
        "ties.neighbours.reach", "ties.online.tail", "ties.online.levels", "ties.work.team",
        "ties.school.team", "ties.turnover",
    )  # fmt: skip

    @classmethod
    def read(cls, number: Callable, table: Callable, curve: Callable) -> TieFacts:
        """Read by ``number(key)``, ``table(key)`` and ``curve(key, ages)``, as a model offers them."""
        weight, mean = table("ties.weight"), table("ties.mean")
        middle = (np.arange(BANDS) + 0.5) * 10  # years: the middle of each age class
        same = curve("ties.friends.same_age", middle)
        bounds = [table("ties.work.team"), table("ties.school.team")]
        team, school = ((int(b["smallest"]), int(b["largest"])) for b in bounds)
        return cls(
            weight=np.array([weight[k] for k in LABELS], np.uint8),
            mean=np.array([mean[k] for k in LABELS[1:]]),
            most=int(number("ties.most")), shape=number("ties.sociability.shape"),
            by_age=curve("ties.sociability.by_age", np.arange(OLDEST + 1)),
            same=same, near=np.minimum(same + curve("ties.friends.next_age", middle), 1.0),
            reach=number("ties.friends.reach"), far=number("ties.friends.far"),
            beside=number("ties.neighbours.reach"), tail=number("ties.online.tail"),
            levels=int(number("ties.online.levels")), team=team, school=school,
            turnover=number("ties.turnover"),
        )  # fmt: skip

    @classmethod
    def on(cls, facts: Facts, month: int) -> TieFacts:
        """The facts as they hold in a month."""
        day = month_start(month)
        return cls.read(
            partial(facts.number, day=day), partial(facts.table, day=day),
            lambda key, at: facts.curve(key, day, at),
        )  # fmt: skip


LABELS = ("household", "friends", "work", "neighbours", "online")


def listeners(citizens: Citizens, rows: slice, nature: Chance, month: int, areas: int) -> People:
    """Citizens of some rows as those who listen."""
    c = citizens
    born, day, work, area = (frozen(column[rows]) for column in (c.born, c.day, c.work, c.area))
    age, band, place = standing(month, born, day, work, area, areas)
    ids, town = frozen(c.id[rows]), frozen(c.town[rows])
    return People(rows.start, nature.key(_ON_RING), ids, age, band, place, town)


def build(
    facts: TieFacts, citizens: Citizens, people: People, city: City, nature: Chance, old: Pools | None = None
) -> tuple[Pools, Choice]:
    """Rings of everybody who is here, and the chances by which one of them is drawn.

    The ring of the whole city is last year's, ``old``, without the gone and with the newcomers; only they
    are sorted. All other rings are parts of it.
    """
    areas, area = len(city.areas.code), np.asarray(city.towns.area, np.int64)
    row, point = _everyone(frozen(citizens.here), people, nature, old)
    kinds = {
        "all": 1, "circles": areas * BANDS, "areas": areas, "levels": facts.levels,
        "towns": len(city.towns.code),
        "places": 1 + areas * COHORTS + int(citizens.work.max(initial=-1)) + 1,
    }  # fmt: skip
    first = np.cumsum([0, *kinds.values()])
    pool = memberships(nature.key("ties: heard online"), facts.levels, row, people, area)
    pools = rings.by_pool(pool, row, point, first[1:])
    begins = dict(zip(kinds, first.tolist(), strict=False))
    weight = _steps(np.diff(pools.first[begins["areas"] : begins["levels"] + 1]))
    return pools, _choice(facts, city, weight, begins)


def _everyone(
    here: np.ndarray, people: People, nature: Chance, old: Pools | None
) -> tuple[np.ndarray, np.ndarray]:
    """The ring of the whole city: rows and points."""
    row, point = np.empty(0, np.int32), np.empty(0, np.uint32)
    if old is not None:
        row, point = old.row[: old.first[1]], old.point[: old.first[1]]
    fresh = rings.newcomers(here, row)
    words = nature.order(_ON_RING, 0, people.id[fresh])
    turn = np.argsort(words)
    return rings.merge(people.ring, people.id, here, row, point, fresh[turn], words[turn])


def _steps(people: np.ndarray) -> np.ndarray:
    """People of an area in steps of about a fifth.

    One citizen more then leaves everybody's choice of an area as it was, but for the rare one who
    crosses a step.
    """
    return np.exp2(np.floor(np.log2(np.maximum(people, 0.5)) * _STEPS) / _STEPS)


def _choice(facts: TieFacts, city: City, weight: np.ndarray, first: Mapping[str, int]) -> Choice:
    """Chances and distances as whole numbers, so that no rounding decides differently elsewhere."""
    x, y = np.asarray(city.areas.x), np.asarray(city.areas.y)
    metres = np.hypot(x[:, None] - x, y[:, None] - y)
    closeness = np.exp(-metres / (facts.reach * _KILOMETRE))
    pull = np.cumsum(weight * np.vstack([closeness, np.ones(len(x))]), axis=1)
    schools = first["places"] + 1
    towns = city.towns
    beside, round_town, round_to = _rounds(*map(tuple, (towns.x, towns.y, towns.people)), facts.beside)
    return Choice(
        same=_chances(facts.same), near=_chances(facts.near), far=int(_chances(np.array(facts.far))),
        area=np.asarray(city.towns.area, np.int64), reach=_chances(pull / pull[:, -1:]), beside=beside,
        round_first=np.concatenate([[0], np.cumsum(beside.sum(axis=1))]),
        round_town=round_town, round_to=round_to,
        level=_chances(heard_online(facts.tail, facts.levels)),
        circles=first["circles"], areas=first["areas"], levels=first["levels"], towns=first["towns"],
        places=first["places"], schools=schools, works=schools + len(x) * COHORTS,
        class_size=np.array(facts.school), team_size=np.array(facts.team),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _rounds(
    x: tuple[float, ...], y: tuple[float, ...], people: tuple[float, ...], reach: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which towns are neighbours; for each town those towns and their rising chances by people."""
    east, north = np.asarray(x), np.asarray(y)
    metres = np.hypot(east[:, None] - east, north[:, None] - north)
    beside = (metres <= reach) | np.eye(len(east), dtype=bool)
    weight = np.where(beside, np.maximum(people, np.finfo(np.float32).tiny), 0.0)
    rising = np.cumsum(weight, axis=1)
    return beside, np.nonzero(beside)[1], _chances(rising / rising[:, -1:])[beside]


def heard_online(tail: float, levels: int) -> np.ndarray:
    """Rising chances of the level of an online voice.

    Half of all people are at level 0, a quarter at level 1 and so on. Choosing level k with a chance
    proportional to r**k makes a person of level k be heard (2r)**k times as often, so the number of
    listeners has a power law with exponent ``tail`` when 2r = 2**(1 / (tail - 1)).
    """
    r = 0.5 * 2.0 ** (1.0 / (tail - 1.0))
    share = r ** np.arange(levels)
    share[-1] *= 2.0  # the top level holds everybody above it too
    return np.cumsum(share) / share.sum()


def _chances(share: np.ndarray) -> np.ndarray:
    """Shares as whole numbers out of 2**32 (i8)."""
    return np.rint(np.asarray(share) * ROUND).astype(np.int64)


def frozen(values: np.ndarray) -> np.ndarray:
    """The same values, read-only: compiled code then has one form, whoever calls."""
    view = values.view()
    view.flags.writeable = False
    return view
