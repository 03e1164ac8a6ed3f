"""The city hall's procedures: how many come up, what can be done online, and what is.

For each type of procedure and area, in a month, from the census of the month before:

    filed   = volume / 12 x people of the ages it is for
    offered = possible x (1 - own x (1 - online procedures live))
    trouble = effort x (1 - eased x staff skills live)
    able    = users x (1 - trouble) + guests x (1 - strange x trouble), among the ages that file it
    online  = filed x offered x (firms x firms online + (1 - firms) x able)

Users are shares who use the city's online services as a habit; guests use the internet but not these
as a habit. Where a card is needed, both hold one. Counts are floor(expected + u) with one uniform u
for each (area, type, month): unbiased, online never above filed, both rising with what is expected,
and less noisy in a small sample of the city than a draw for every procedure. See ``docs/city_hall.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from twin.processes.process import Process
from twin.results.census import GROUP_STARTS, Census
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin

_BY_TYPE = (
    "volume", "for_youngest", "for_oldest", "by_youngest", "by_oldest", "possible", "own", "effort", "card",
    "firms", "minutes",
)  # fmt: skip
_SINGLE = ("eased", "strange", "firms_online", "notice_rate")


class CityHall(Process):
    """Procedures filed and filed online. Owns no column: procedures are tallied by area."""

    name = "city_hall"
    facts: ClassVar[tuple[str, ...]] = (
        *(f"procedures.{word}" for word in (*_BY_TYPE, *_SINGLE)), "services.live",
    )  # fmt: skip
    couplings: ClassVar[tuple[str, ...]] = ("city_hall.notices", "city_hall.skills", "city_hall.card")
    levers: ClassVar[dict[str, tuple[int, ...]]] = {
        "services.live[online_procedures]": (13,), "services.live[staff_skills]": (13,),
    }  # fmt: skip

    def step(self, model: CityTwin) -> None:
        """File the month's procedures."""
        now = procedures_of(model)
        needed = model.census.people @ now.causes.T * now.volume
        online = needed * now.share_online(model.census)
        cells = np.arange(needed.size)
        u = model.chance.uniform("city hall: procedures", model.month, cells).reshape(needed.shape)
        filed, done = (np.floor(expected + u).astype(np.int64) for expected in (needed, online))
        for k, name in enumerate(now.names):
            model.tally(f"filed_{name}", filed[:, k])
            model.tally(f"online_{name}", done[:, k])
        model.tally("procedures", filed.sum(axis=1))
        model.tally("procedures_online", done.sum(axis=1))
        model.tally("window_minutes", np.rint((filed - done) @ now.minutes))


@dataclass(frozen=True)
class Procedures:
    """The city's procedures as they are in a month; arrays are by type.

    Attributes
    ----------
    names : in the order of the facts
    volume : procedures a month for each person a type is for
    causes, files : (types, groups) i8, 1 for the age groups a type is for, and for those that file it
    offered : share that can be done online
    user, guest : share of them that those used to the online services, and other users of the internet, do
        online in spite of the trouble
    card : share of them that asks for a card
    firms : share filed by firms and professionals
    firms_online : what of it these do online
    minutes : of staff for one not filed online
    """

    names: tuple[str, ...]
    volume: np.ndarray
    causes: np.ndarray
    files: np.ndarray
    offered: np.ndarray
    user: np.ndarray
    guest: np.ndarray
    card: np.ndarray
    firms: np.ndarray
    firms_online: float
    minutes: np.ndarray

    def share_online(self, census: Census) -> np.ndarray:
        """Share of the procedures of each area and type that is filed online, (areas, types)."""
        people, users = census.people, census.users("egov")
        guests = np.maximum(census.users("net") - users, 0)
        holders = census.users("card") / np.maximum(people, 1)
        free = self._able(people, users, guests)
        carded = self._able(people, census.users("egov_card"), guests * holders)
        residents = (1 - self.card) * free + self.card * carded
        return self.offered * (self.firms * self.firms_online + (1 - self.firms) * residents)

    def _able(self, people: np.ndarray, users: np.ndarray, guests: np.ndarray) -> np.ndarray:
        """Share of filers who do online what is offered, (areas, types), from (areas, groups)."""
        filers, by_habit, now_and_then = (
            np.einsum("ag,kg->ak", some, self.files) for some in (people, users, guests)
        )
        return (by_habit * self.user + now_and_then * self.guest) / np.maximum(filers, 1)


def procedures_of(model: CityTwin) -> Procedures:
    """Read the facts that hold this month."""
    names = tuple(model.table("procedures.volume"))
    by = {
        word: np.array([model.entry(f"procedures.{word}", name) for name in names], float)
        for word in _BY_TYPE
    }
    live = model.table("services.live")
    eased = model.fact("procedures.eased") * live["staff_skills"] * model.on("city_hall.skills")
    trouble = by["effort"] * (1 - eased)
    return Procedures(
        names, by["volume"] / MONTHS_A_YEAR,
        causes=_groups(by["for_youngest"], by["for_oldest"]), files=_groups(by["by_youngest"], by["by_oldest"]),
        offered=by["possible"] * (1 - by["own"] * (1 - live["online_procedures"])),
        user=1 - trouble, guest=np.maximum(1 - model.fact("procedures.strange") * trouble, 0),
        card=by["card"] * model.on("city_hall.card"), firms=by["firms"],
        firms_online=model.fact("procedures.firms_online"), minutes=by["minutes"],
    )  # fmt: skip


def _groups(youngest: np.ndarray, oldest: np.ndarray) -> np.ndarray:
    """Which age groups begin within given ages, (types, groups) i8."""
    starts = np.array(GROUP_STARTS)
    return ((youngest[:, None] <= starts) & (starts <= oldest[:, None])).astype(np.int64)
