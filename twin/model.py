"""CityTwin: one city, one scenario, one seed, lived month by month.

    model = model_of(city, begin(city, scenario, facts, 0.01), scenario, facts, seed=1, fraction=0.01)
    model.start()
    model.live(months=240)
    model.ledger.counts[-1]

Areas are Mesa agents; what is followed of them, citizens, households and businesses are columns that
answer ``select``, ``agg`` and ``groupby``. A month: dated changes take effect by their date, the processes run in the
scenario's order, the month is counted, surveys that are due are carried out. Nothing that matters hides elsewhere: :meth:`memory` is the
whole of a run and gives the same bytes after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

import mesa
import numpy as np

from twin import fieldwork
from twin.agents import Areas, Businesses, Citizens, Households
from twin.agents.area import Area
from twin.agents.selection import Selection, select
from twin.chance import Chance
from twin.errors import FactError
from twin.kernels.adoption import public
from twin.kernels.count import census as count_census
from twin.kernels.count import lived_in, mark
from twin.processes import Process
from twin.results.census import GROUP_OF_AGE, GROUPS, QUANTITIES, TECHNOLOGIES, Census
from twin.results.ledger import FIVE_YEARS, Ledger
from twin.state import State
from twin.units import FISCAL_YEAR_STARTS, MONTHS_A_YEAR, month_number, month_start

if TYPE_CHECKING:
    from twin.city.city import City
    from twin.facts import Facts
    from twin.network.ties import Ties

_ROOM_FOR_A_YEAR = 1.09  # rows of those who come before the next April frees rows
_BIT_OF = {name: bit for bit, name in enumerate(QUANTITIES[1:])}
_ALL_AGES = np.arange(151)  # whole years at which curves are kept ready


class Peopled(Protocol):
    """Whatever holds the three tables of a beginning."""

    @property
    def citizens(self) -> Citizens: ...  # noqa: D102
    @property
    def households(self) -> Households: ...  # noqa: D102
    @property
    def businesses(self) -> Businesses: ...  # noqa: D102


class CityTwin(mesa.Model):
    """A running city.

    Parameters
    ----------
    city : the place
    people : citizens, households and businesses at the census (taken over, not copied)
    ties : who listens to whom
    facts : the numbers, a scenario's changes included
    processes : behaviours in the order of the month
    census : the day the people were counted; the first month lived is the one that begins then
    seed : names the run's randomness
    fraction : simulated people per real person
    off : couplings switched off
    """

    def __init__(
        self, city: City, people: Peopled, ties: Ties, facts: Facts, processes: Sequence[Process], *,
        census: date, seed: int, fraction: float = 1.0, off: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        super().__init__(seed=0)  # Mesa's own generator is never used; see twin.chance
        self.city, self.facts, self.ties = city, facts, ties
        self.citizens, self.households, self.businesses = (
            people.citizens,
            people.households,
            people.businesses,
        )
        self.processes, self.fraction, self.off = tuple(processes), fraction, off
        self.chance = Chance(seed)
        self.month = month_number(census)
        self.state = State([self.citizens, self.households, self.businesses, _areas_of(city)])
        self.ledger = Ledger(len(city.areas.code))
        self.seconds: dict[str, float] = dict.fromkeys((p.name for p in self.processes), 0.0)
        self._read: dict[object, Any] = {}
        self._reading = (-1, -1)  # month and period of what is read
        self.citizens.reserve(round(self.citizens.rows * _ROOM_FOR_A_YEAR))
        for process in self.processes:
            process.attach(self.state.tables)
            _have_facts(process, facts)
        self.areas = Area.create_agents(self, len(city.areas.code), list(range(len(city.areas.code))))

    def start(self) -> None:
        """Let every process set up its columns, and count the people as the census found them."""
        for process in self.processes:
            with self.state.writing(process.name, process.may_write()):
                process.start(self)
        self.census = self._count()
        self._draw_pyramid()

    # -- what a process asks -------------------------------------------------------------------

    @property
    def day(self) -> date:
        """First day of the current month."""
        return month_start(self.month)

    @property
    def period(self) -> int:
        """Number of the period of steady facts; what hangs on facts alone may be kept within it."""
        if self._reading[0] != self.month:
            self._reading = (self.month, self.facts.period(self.day))
        return self._reading[1]

    def on(self, coupling: str) -> bool:
        """Whether a coupling is switched on in this run."""
        return coupling not in self.off

    def fact(self, key: str) -> float:
        """A number of this month."""
        return self.kept(key, lambda: self.facts.number(key, self.day))

    def table(self, key: str) -> Mapping[str, float]:
        """A table of this month."""
        return self.kept(key, lambda: self.facts.table(key, self.day))

    def entry(self, key: str, label: str) -> float:
        """One entry of a table of this month."""
        table = self.table(key)
        if label not in table:
            raise FactError("facts.unknown", key=f"{key}[{label}]", near="")
        return table[label]

    def curve(self, key: str, at: np.ndarray) -> np.ndarray:
        """A table by age of this month, as a line read at the given ages."""
        found = self.kept(f"{key} as a curve", lambda: self.facts.curve(key, self.day, _ALL_AGES))
        whole = np.asarray(at)
        if whole.dtype.kind in "iu" and whole.size and whole.min() >= 0 and whole.max() < len(_ALL_AGES):
            return found[whole]
        return self.facts.curve(key, self.day, whole)

    def count(self, name: str, areas: np.ndarray) -> None:
        """Write down one event per entry of ``areas`` for this month."""
        self.ledger.add(name, areas)

    def tally(self, name: str, by_area: np.ndarray) -> None:
        """Write down whole numbers by area for this month, of what is no matter of persons."""
        self.ledger.tally(name, by_area)

    def select(self, rule: Callable[[Selection], np.ndarray] | None = None) -> Selection:
        """Citizens who live here, or those among them a rule picks; ``.agg``, ``.groupby`` follow."""
        return select(self.citizens, rule)

    def kept(self, key: object, look: Callable[[], Any]) -> Any:
        """What was worked out under a key, kept while no fact changes."""
        if self._read.get("") != self.period:
            self._read = {"": self.period}
        if key not in self._read:
            self._read[key] = look()
        return self._read[key]

    # -- living --------------------------------------------------------------------------------

    def step(self) -> None:
        """Live one month."""
        if self.day.month == FISCAL_YEAR_STARTS:
            self._close_gaps()
        for process in self.processes:
            begun = perf_counter()
            with self.state.writing(process.name, process.may_write()):
                process.step(self)
            self.seconds[process.name] += perf_counter() - begun
        self.census = self._count()
        fieldwork.ask(self)
        self.ledger.close(self.census, self._households_lived_in())
        self.month += 1
        if self.day.month == FISCAL_YEAR_STARTS:
            self._draw_pyramid()

    def live(self, months: int) -> None:
        """Live several months."""
        for _ in range(months):
            self.step()

    def _close_gaps(self) -> None:
        """Once a fiscal year, forget the rows of those who died or left, of empty households and closed firms."""
        people = self.citizens
        inhabited = lived_in(people.here, people.household, self.households.rows)
        moved = self.state.compact("citizens", np.flatnonzero(people.here))
        self.ties.remap(moved)
        self.state.compact("households", np.flatnonzero(inhabited))
        if not self.businesses.here.all():
            self.state.compact("businesses", np.flatnonzero(self.businesses.here))

    def _households_lived_in(self) -> int:
        people = self.citizens
        inhabited = lived_in(people.here, people.household, self.households.rows)
        return int((inhabited & ~self.households.institution).sum())

    def _count(self) -> Census:
        people = self.citizens
        seen = np.zeros(people.rows, np.uint32)
        if "adoption.stage" in people.columns:
            uses = public(people.here, people.array("adoption.stage"))
            np.bitwise_and(uses, (1 << len(TECHNOLOGIES)) - 1, out=seen)
        for process in self.processes:
            for name, carried in process.mark(self).items():
                mark(seen, carried, _BIT_OF[name])
        counts = count_census(
            people.here, people.born, self.month, people.area, seen, GROUP_OF_AGE, len(self.areas), len(GROUPS),
            len(QUANTITIES) - 1,
        )  # fmt: skip
        return Census(self.month, counts)

    def _draw_pyramid(self) -> None:
        people = self.citizens
        here = people.here
        age = np.clip(
            (self.month - people.born[here].astype(int)) // MONTHS_A_YEAR // 5, 0, len(FIVE_YEARS) - 1
        )
        ward = self.city.areas.ward[people.area[here]].astype(int)
        cell = (ward * 2 + people.sex[here]) * len(FIVE_YEARS) + age
        wards = len(self.city.wards.code)
        counts = np.bincount(cell, minlength=wards * 2 * len(FIVE_YEARS))
        self.ledger.pyramid(self.month, counts.reshape(wards, 2, len(FIVE_YEARS)))

    # -- remembering ---------------------------------------------------------------------------

    def memory(self) -> dict[str, np.ndarray]:
        """The whole run as arrays: columns, ties, what processes carry, what was written down."""
        parts = {"state": self.state.arrays(), "ties": self.ties.memory(), "ledger": self.ledger.arrays()}
        parts |= {f"process.{p.name}": p.memory() for p in self.processes}
        whole = {f"{part}/{name}": array for part, arrays in parts.items() for name, array in arrays.items()}
        return whole | {"month": np.array(self.month)}

    def remember(self, memory: Mapping[str, np.ndarray]) -> None:
        """Become the run that gave ``memory``."""
        parts: dict[str, dict[str, np.ndarray]] = {}
        for path, array in memory.items():
            part, _, name = path.partition("/")
            parts.setdefault(part, {})[name] = array
        self.month = int(memory["month"])
        self.state.restore(parts["state"])
        self.ties.remember(parts["ties"])
        self.ledger.restore(parts["ledger"])
        for process in self.processes:
            process.remember(parts.get(f"process.{process.name}", {}))
        self.census = (
            Census(self.ledger.months[-1], self.ledger.counts[-1]) if self.ledger.months else self._count()
        )


def _areas_of(city: City) -> Areas:
    """A row for each area of the city, in its order."""
    areas = Areas()
    with State([areas]).writing("city", {"areas.ward"}):
        areas.append(len(city.areas.code))
        areas.ward[:] = city.areas.ward
    return areas


def _have_facts(process: Process, facts: Facts) -> None:
    for key in process.facts:
        facts[key]
