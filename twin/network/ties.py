"""Ties: who listens to whom, how the ties are made and how they are kept up.

The household is not stored: it is the clique of ``Citizens.household`` and exact at all times. The
other layers - friends and kin, work or school, neighbours, online - are slots of one CSR network:
citizen i listens to ``other[start[i]:start[i + 1]]``, -1 where nobody has been found. Ties have a
direction; who is listened to need not listen.

How many ties a citizen has hangs on the id and the age, whom they lead to on the id, the month and the
ring of those who could be drawn (:mod:`twin.kernels.rings`). One citizen more or fewer therefore
changes only the ties that touch that citizen, and two scenarios differ only where they must.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import gammaincinv, pdtr

from twin.chance import Chance
from twin.errors import StateError
from twin.facts import Facts
from twin.kernels import draws, rings
from twin.kernels import ties as kernel
from twin.kernels.draws import Choice, Teams
from twin.kernels.rings import ROUND, Pools
from twin.kernels.standing import People
from twin.kernels.ties import Removal
from twin.network.circles import LABELS, TieFacts, build, frozen, listeners

if TYPE_CHECKING:
    from twin.agents import Citizens
    from twin.city.city import City

_SPARE = 0.08  # room for a year's newcomers, so that a month copies nothing
_QUANTILES, _NUMBERS = 4096, 2048  # steps of quantiles: of the sociability, of a number of slots
Slots = tuple[np.ndarray, np.ndarray]  # other (i4) and layer (u1)


class Layer(IntEnum):
    """Layers of the network, closest first; the names of ``LABELS`` stand in the facts."""

    HOUSEHOLD = 0
    FRIENDS = kernel.FRIENDS
    WORK = kernel.WORK
    NEIGHBOURS = kernel.NEIGHBOURS
    ONLINE = kernel.ONLINE


class Ties:
    """The social network without households.

    Attributes
    ----------
    start : (rows + 1,) i8, first slot of each citizen
    other : (slots,) i4, row of the citizen listened to, -1 for an empty slot
    layer : (slots,) u1, :class:`Layer` of the slot, rising within a citizen
    weight : (5,) u1, weight of a tie by layer, tenths
    nature : randomness of what stays for life - sociability, place on the ring, being heard - kept from
        the making of the network, so that runs with different seeds live with the same people
    """

    def __init__(self) -> None:
        self._rows = 0
        self._removal: Removal | None = None  # rows removed since the slots were last written
        self.nature: Chance | None = None
        self.weight = np.zeros(len(LABELS), np.uint8)
        self.pools: Pools | None = None
        self.choice: Choice | None = None
        self._start = np.zeros(1, np.int64)
        self._other, self._layer = _no_slots()
        self._old = _no_slots()

    @property
    def rows(self) -> int:
        """Number of citizen rows the network knows."""
        self._settle()
        return self._rows

    @property
    def start(self) -> np.ndarray:
        """First slot of each citizen, and the end (rows + 1, i8)."""
        self._settle()
        return self._start[: self._rows + 1]

    @property
    def slots(self) -> int:
        """Number of slots, empty ones included."""
        return int(self.start[-1])

    @property
    def other(self) -> np.ndarray:
        """Row of the citizen listened to (slots, i4), -1 for an empty slot."""
        return self._other[: self.slots]

    @property
    def layer(self) -> np.ndarray:
        """Layer of each slot (slots, u1)."""
        return self._layer[: self.slots]

    def renew(self, citizens: Citizens, city: City, facts: TieFacts, chance: Chance, month: int) -> None:
        """The yearly round: new rings, new numbers of ties, ended ties dropped, empty slots filled."""
        self.nature = self.nature or chance
        people = listeners(citizens, slice(0, citizens.rows), self.nature, month, len(city.areas.code))
        here = frozen(citizens.here)
        self.pools, self.choice = build(facts, citizens, people, city, self.nature, self.pools)
        self.weight = facts.weight
        teams = draws.teams(people, self.pools, self.choice)
        degree = _degrees(facts, self.nature, people, here, np.maximum(teams.size - 1, 0))
        new = kernel.starts(degree)
        kept, kinds = self._room(new[-1])
        removal, self._removal = self._removal or _nothing_removed(self._rows), None
        wanting = kernel.carry(
            _keys(chance, "given up", month), round(facts.turnover * ROUND), people, here,
            self.choice.beside, removal, self.start, self.other, self.layer, degree, new, kept, kinds,
        )  # fmt: skip
        self._become(citizens.rows, new, kept, kinds)
        self._fill(people, wanting, teams, citizens, chance, month)

    def extend(self, citizens: Citizens, city: City, facts: TieFacts, chance: Chance, month: int) -> None:
        """Slots for the rows appended since the last call, filled from the rings of last April."""
        if self.nature is None or self.pools is None or self.choice is None:
            self.renew(citizens, city, facts, chance, month)
            return
        if citizens.rows == self.rows:
            return
        rows = slice(self.rows, citizens.rows)
        people = listeners(citizens, rows, self.nature, month, len(city.areas.code))
        here = frozen(citizens.here[rows])
        teams = draws.teams(people, self.pools, self.choice)  # those of last April, the newcomers not in them
        degree = _degrees(facts, self.nature, people, here, teams.size)
        self._append(degree)
        self._fill(people, np.full(len(degree), 0xFF, np.uint8), teams, citizens, chance, month)

    def remap(self, moved: np.ndarray) -> None:
        """Follow :meth:`State.compact`: drop removed rows and re-address whom the others listen to.

        Parameters
        ----------
        moved : (old rows,) i4, new row of each old row, -1 where it was removed

        Notes
        -----
        Rows the network has not met yet have no slots until the next April. The slots themselves are
        written by the next renewal, which passes over them anyway, or by the next look at them.
        """
        if len(moved) < self.rows:
            raise StateError("ties.rows", known=self.rows, given=len(moved))
        order = np.flatnonzero(moved >= 0)
        address = moved[order]
        if (address[1:] < address[:-1]).any():
            order = order[np.argsort(address)]
        self._removal = Removal(order, frozen(moved))
        if self.pools is not None:
            rings.readdress(self.pools.row, moved)

    def _settle(self) -> None:
        """Write the slots anew when rows were removed."""
        removal, self._removal = self._removal, None
        if removal is not None:
            start, other, layer = self.start, self.other, self.layer
            new = kernel.places(removal.order, start)
            kept, kinds = self._room(new[-1])
            kernel.move(removal, start, other, layer, new, kept, kinds)
            self._become(len(removal.order), new, kept, kinds)

    def _room(self, slots: int) -> Slots:
        """Arrays for slots, with some to spare: those of last time where they are large enough.

        Memory the system has to hand out anew costs more than all that is written to it.
        """
        (other, layer), self._old = self._old, _no_slots()
        if len(other) >= slots:
            return other, layer
        room = int(slots * (1 + _SPARE)) + 1
        return np.empty(room, np.int32), np.empty(room, np.uint8)

    def _become(self, rows: int, start: np.ndarray, other: np.ndarray, layer: np.ndarray) -> None:
        """Take new slots and keep the room of the old."""
        self._old = self._other, self._layer
        self._rows, self._start, self._other, self._layer = rows, start, other, layer

    def network(self, citizens: Citizens) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All five layers among those who are here, as one CSR.

        Returns
        -------
        start (rows + 1, i8), other (ties, i4), weight (ties, u1, tenths); a citizen's household first
        """
        here, household = citizens.here, citizens.household
        rows = np.repeat(np.arange(self.rows), np.diff(self.start))
        real = self.other >= 0
        real &= here[self.other] & here[rows]
        home_rows, home_other = _cliques(np.where(here, household, -1))
        row = np.concatenate([home_rows, rows[real]])
        other = np.concatenate([home_other, self.other[real]])
        layer = np.concatenate([np.zeros(len(home_rows), np.uint8), self.layer[real]])
        order = np.argsort(row, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=self.rows))])
        return start, other[order].astype(np.int32), self.weight[layer[order]]

    def memory(self) -> dict[str, np.ndarray]:
        """Everything the network carries from month to month, rings included, for checkpoints."""
        kept = {"start": self.start, "other": self.other, "layer": self.layer, "weight": self.weight}
        if self.nature is not None:
            kept["seed"] = np.array(self.nature.seed, np.uint64)
        for name, group in (("pools", self.pools), ("choice", self.choice)):
            if group is not None:
                kept |= {f"{name}.{field}": np.asarray(value) for field, value in group._asdict().items()}
        return kept

    def remember(self, memory: dict[str, Any]) -> None:
        """Take back what :meth:`memory` gave."""
        self._start, self.weight = np.array(memory["start"]), np.array(memory["weight"])
        self._rows, self._removal = len(self._start) - 1, None
        self._other, self._layer = self._room(self.slots)
        self.other[:], self.layer[:] = memory["other"], memory["layer"]
        self.nature = Chance(int(memory["seed"])) if "seed" in memory else None
        self.pools = _restored(Pools, "pools", memory)
        self.choice = _restored(Choice, "choice", memory)

    def _append(self, degree: np.ndarray) -> None:
        """Empty slots for new rows at the end."""
        first, starts = self.slots, kernel.starts(degree)
        rows = self.rows + len(degree)
        if rows >= len(self._start):
            start = np.empty(int(rows * (1 + _SPARE)) + 1, np.int64)
            start[: self.rows + 1] = self.start
            self._start = start
        self._start[self.rows : rows + 1] = first + starts
        self._rows = rows
        if self.slots > len(self._other):
            other, layer = self._room(self.slots)
            other[:first], layer[:first] = self._other[:first], self._layer[:first]
            self._become(rows, self._start, other, layer)
        self._other[first : self.slots] = -1
        kinds = np.tile(np.arange(1, len(LABELS), dtype=np.uint8), len(degree))
        self._layer[first : self.slots] = np.repeat(kinds, degree.ravel())

    def _fill(
        self,
        people: People,
        wanting: np.ndarray,
        teams: Teams,
        citizens: Citizens,
        chance: Chance,
        month: int,
    ) -> None:
        draws.fill(
            _keys(chance, "who", month), people, wanting, frozen(citizens.here), self.pools, self.choice,
            teams, self.start, self.other, self.layer,
        )  # fmt: skip


def make_ties(citizens: Citizens, city: City, facts: Facts, chance: Chance, month: int) -> Ties:
    """The network of a freshly made population.

    Parameters
    ----------
    citizens : the people; id, here, born, town, area, day and work are read
    city : towns with their place and weight
    facts : the ``ties.*`` facts as they hold in ``month``
    chance : randomness of the run
    month : month number
    """
    ties = Ties()
    ties.renew(citizens, city, TieFacts.on(facts, month), chance, month)
    return ties


def _degrees(
    facts: TieFacts, nature: Chance, people: People, here: np.ndarray, others: np.ndarray
) -> np.ndarray:
    """Slots per citizen and layer (rows, 4) u1; the draws are for life, so ties grow and shrink with age."""
    return kernel.degrees(
        _keys(nature, "how many", 0), people, here, others, facts.mean, _sociability(facts.shape),
        _number(facts.most), facts.by_age,
    )  # fmt: skip


@lru_cache(maxsize=4)
def _sociability(shape: float) -> np.ndarray:
    """Quantiles of the sociability, mean 1, at even steps."""
    at = (np.arange(_QUANTILES + 1) / _QUANTILES).clip(max=1 - 0.5 / _QUANTILES)  # the top stays finite
    return gammaincinv(shape, at) / shape


@lru_cache(maxsize=4)
def _number(most: int) -> np.ndarray:
    """Quantiles of a Poisson number up to ``most``, by level of the expected number (levels, steps) u1."""
    root = np.arange(int(np.sqrt(most) * kernel.ROOTS) + 1) / kernel.ROOTS
    at = (np.arange(_NUMBERS) + 0.5) / _NUMBERS
    return np.stack([np.searchsorted(pdtr(np.arange(most), r**2), at) for r in root]).astype(np.uint8)


def _keys(chance: Chance, purpose: str, month: int) -> np.ndarray:
    """One key a layer; the first is for what concerns all layers."""
    return np.array([chance.key(f"ties: {purpose}: {label}", month) for label in ("all", *LABELS[1:])])


def _nothing_removed(rows: int) -> Removal:
    row = np.arange(rows)
    return Removal(row, frozen(row.astype(np.int32)))


def _no_slots() -> Slots:
    return np.empty(0, np.int32), np.empty(0, np.uint8)


def _cliques(household: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ordered pairs of different members of the same household; -1 is no household."""
    order = np.argsort(household, kind="stable")
    order = order[household[order] >= 0]
    _, first, size = np.unique(household[order], return_index=True, return_counts=True)
    mates = np.repeat(size, size)
    begin = np.repeat(first, size)
    one = np.repeat(order, mates)
    step = np.arange(mates.sum()) - np.repeat(np.cumsum(mates) - mates, mates)
    two = order[np.repeat(begin, mates) + step]
    return one[one != two], two[one != two]


def _restored(kind: Any, name: str, memory: dict[str, Any]) -> Any:
    """A named tuple of arrays and whole numbers from a checkpoint."""
    if f"{name}.{kind._fields[0]}" not in memory:
        return None
    values = [np.asarray(memory[f"{name}.{field}"]) for field in kind._fields]
    return kind(*(value if value.ndim else int(value) for value in values))
