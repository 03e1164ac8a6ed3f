"""The households something happens to this month: a working copy, changed step by step, written once.

Only some thousands of people are touched in a month. They are copied out with everyone who lives
with them, the steps of the month change the copy in their order, and :meth:`Touched.write` puts the
result back and counts deaths, departures and moves from what was before and what is after, so the
balance of every area holds by construction.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from twin.agents.citizens import Role
from twin.kernels import demography as kernel
from twin.processes.demography.places import Places, Ring
from twin.processes.demography.rates import PERSONAL, Event


class Touched:
    """People of the touched households, and of institutions those with an event of their own.

    Attributes
    ----------
    row, id, age, sex, born, area : (people,) as in the table, before this month
    what : (people,) u2, their events as bits
    home : (people,) number of the household in this working copy
    role, income : (people,) as they change
    dead, gone : (people,) who died, who left the city
    home_row, home_town : (homes,) household row and town row; new homes are added at the end
    """

    def __init__(self, model: Any, places: Places, rows: np.ndarray, what: np.ndarray) -> None:
        self.model, self.places, self.month, self.chance = model, places, model.month, model.chance
        self.adult_age = model.fact("demography.households.adult_age")
        self._gather(rows, what)
        self.dead, self.gone = np.zeros(len(self.row), bool), np.zeros(len(self.row), bool)
        self.mothers = np.empty(0, np.int64)
        self.first_new = model.households.rows
        self.new_homes: list[np.ndarray] = []  # ids of new households, in the order of their rows

    def _gather(self, rows: np.ndarray, what: np.ndarray) -> None:
        people, homes = self.model.citizens, self.model.households
        personal = (what & PERSONAL) != 0
        rows, what = rows[personal], what[personal]
        marked = np.zeros(homes.rows, bool)
        marked[people.household[rows[people.role[rows] != Role.INMATE]]] = True
        alone = people.role[rows] == Role.INMATE
        living_with, events = kernel.members(  # never inmates
            marked, people.household, people.here, rows[~alone], what[~alone]
        )
        every, events = np.concatenate([living_with, rows[alone]]), np.concatenate([events, what[alone]])
        home = people.household[every]
        order = np.argsort(home, kind="stable")
        self.row, self.what, home = every[order], events[order], home[order]
        self.id, self.sex, self.born, self.area = (
            column[self.row] for column in (people.id, people.sex, people.born, people.area)
        )
        self.role, self.income = people.role[self.row], people.income[self.row]
        self.age = (self.month - self.born.astype(np.int64)) // 12
        first = np.ones(len(home), bool)
        first[1:] = home[1:] != home[:-1]
        self.home_row, self.home = home[first], np.cumsum(first) - 1
        self.home_town = homes.town[self.home_row]
        self._before = [values.copy() for values in self._as_it_is()]

    def _as_it_is(self) -> tuple[np.ndarray, ...]:
        """What of everybody may change: household, role, town, income."""
        return self.home, self.role, self.home_town[self.home], self.income

    # --- asking

    @property
    def here(self) -> np.ndarray:
        """Who still lives in the city at this point of the month."""
        return ~(self.dead | self.gone)

    def happens(self, event: Event) -> np.ndarray:
        """Who drew an event and is still here."""
        return self.here & ((self.what & (1 << event)) != 0)

    def homes_with(self, who: np.ndarray) -> np.ndarray:
        """How many of the given people live in each home."""
        return np.bincount(self.home[who], minlength=len(self.home_row))

    def minors_of(self, homes: np.ndarray, goes_to: np.ndarray) -> None:
        """Take the minor children of some homes to other homes."""
        target = np.full(len(self.home_row), -1)
        target[homes] = goes_to
        child = self.here & (self.role == Role.CHILD) & (self.age < self.adult_age)
        child &= target[self.home] >= 0
        self.home[child] = target[self.home[child]]

    def uniform(self, purpose: str, who: np.ndarray) -> np.ndarray:
        """A uniform number of this month for each of the given people."""
        return self.chance.uniform(f"demography: {purpose}", self.month, self.id[who])

    def place_near(self, purpose: str, who: np.ndarray) -> np.ndarray:
        """A town for each of the given people, drawn by pull and distance from where they live."""
        area = self.model.city.towns.area[self.home_town[self.home[who]]]
        draws = (self.uniform(f"{purpose}, {what}", who) for what in ("area", "town"))
        return self.places.from_area(area, *draws)

    def new_home(self, purpose: str, who: np.ndarray) -> np.ndarray:
        """Found a household for each of the given people; return their numbers here."""
        towns = self.place_near(purpose, who)
        ids = self.chance.new_ids(f"household: {purpose}", self.month, self.id[who])
        first = self.first_new + sum(len(new) for new in self.new_homes)
        self.new_homes.append(ids)
        return self._add_homes(np.arange(first, first + len(ids)), towns)

    def _add_homes(self, rows: np.ndarray, towns: np.ndarray) -> np.ndarray:
        first = len(self.home_row)
        self.home_row = np.concatenate([self.home_row, rows])
        self.home_town = np.concatenate([self.home_town, towns.astype(self.home_town.dtype)])
        return np.arange(first, len(self.home_row))

    # --- the steps of a month, in their order

    def die(self) -> None:
        """Deaths come first: the dead neither bear, leave nor move."""
        self.dead = self.happens(Event.DEATH)

    def bear(self) -> None:
        """Note who bears a child; the child's place is where the mother is at the month's end."""
        self.mothers = np.flatnonzero(self.happens(Event.BIRTH))

    def leave_city(self) -> None:
        """Households leave with all their members when the head decides so; some people leave alone."""
        heads = self.happens(Event.LEAVES_WITH_ALL)
        self.gone = self.here & (self.homes_with(heads)[self.home] > 0) & (self.role != Role.INMATE)
        self.gone |= self.happens(Event.LEAVES_ALONE)

    def move(self) -> None:
        """Whole households move inside the city."""
        heads = np.flatnonzero(self.happens(Event.MOVES) & (self.role == Role.HEAD))
        self.home_town[self.home[heads]] = self.place_near("move", heads)

    def leave_home(self) -> None:
        """Grown children, relatives and people in dormitories take a dwelling of their own."""
        who = np.flatnonzero(self.happens(Event.LEAVES_HOME))
        self.home[who] = self.new_home("leaves home", who)
        self.role[who] = Role.HEAD

    def separate(self) -> None:
        """Partners part: the partner of the head moves out; minors stay with one of the two."""
        has_head = self.homes_with(self.here & (self.role == Role.HEAD)) > 0
        who = np.flatnonzero(
            self.happens(Event.SEPARATES) & (self.role == Role.PARTNER) & has_head[self.home]
        )
        left = self.home[who]
        self.home[who], self.role[who] = self.new_home("separates", who), Role.HEAD
        share = self.model.fact("demography.households.with_mother")
        with_mother = self.uniform("children stay with mother", who) < share
        take = with_mother == (self.sex[who] == 1)
        self.minors_of(left[take], self.home[who[take]])

    def take_into_care(self) -> None:
        """Very old people move into an institution near their home, when the city has any."""
        homes = self.model.households
        places = np.flatnonzero(homes.institution)
        who = np.flatnonzero(self.happens(Event.NEEDS_CARE) & (self.role != Role.INMATE))
        if not len(places) or not len(who):
            return
        area = self.model.city.towns.area
        words = self.chance.order("demography: institutions", 0, homes.id[places])
        wanted = self.chance.order("demography: care", self.month, self.id[who])
        ring = Ring(area[homes.town[places]], words)
        chosen = places[ring.pick(area[self.place_near("care", who)], wanted)]
        self.home[who], self.role[who] = self._add_homes(chosen, homes.town[chosen]), Role.INMATE

    def settle(self) -> None:
        """Give every household that lost its head a new one; no minor is left alone.

        The partner follows as head, else the eldest adult. Then children of the same generation
        count as other relatives. Minors without any adult join another household, see
        :meth:`_take_in`.
        """
        lives = self.here & (self.role != Role.INMATE)
        headless = lives & (self.homes_with(lives & (self.role == Role.HEAD)) == 0)[self.home]
        adults = np.flatnonzero(headless & (self.age >= self.adult_age))
        first_partner = self.role[adults] != Role.PARTNER
        order = np.lexsort((self.id[adults], self.born[adults], first_partner, self.home[adults]))
        homes, first = np.unique(self.home[adults[order]], return_index=True)
        heads = adults[order[first]]
        was_partner = self.role[heads] == Role.PARTNER
        self.role[heads] = Role.HEAD
        oldest_child = np.full(len(self.home_row), np.iinfo(np.int64).max)
        oldest_child[homes[~was_partner]] = self.age[heads[~was_partner]] - self.adult_age
        sibling = lives & (self.role == Role.CHILD) & (self.age > oldest_child[self.home])
        self.role[sibling] = Role.OTHER
        self._take_in(headless & (self.homes_with(adults) == 0)[self.home])

    def _take_in(self, orphans: np.ndarray) -> None:
        """Orphans of one home together join the next household clockwise in their town.

        No kin outside the household is known, so a neighbour stands for the nearest relative. If no
        household of the town is untouched this month, one of the whole city is taken.
        """
        if not orphans.any():
            return
        people = self.model.citizens
        for home in np.unique(self.home[orphans]):
            who = np.flatnonzero(orphans & (self.home == home))
            hosts = self._hosts(np.flatnonzero(people.town == self.home_town[home]))
            hosts = hosts if len(hosts) else self._hosts(np.arange(people.rows))
            if not len(hosts):
                continue  # nobody untouched is left in the city: the children stay where they are
            ring = Ring(np.zeros(len(hosts)), self.chance.order("demography: hosts", 0, people.id[hosts]))
            eldest = who[np.lexsort((self.id[who], self.born[who]))[:1]]
            point = self.chance.order("demography: orphans", self.month, self.id[eldest])
            host = people.household[hosts[ring.pick(np.zeros(1), point)]]
            self.home[who], self.role[who] = (
                self._add_homes(host, self.model.households.town[host]),
                Role.OTHER,
            )

    def _hosts(self, rows: np.ndarray) -> np.ndarray:
        """Grown heads of households among some citizens that nothing happens to this month."""
        people = self.model.citizens
        rows = rows[people.here[rows] & (people.role[rows] == Role.HEAD)]
        rows = rows[self.month - people.born[rows].astype(np.int32) >= 12 * int(self.adult_age)]
        untouched = np.ones(people.rows, bool)
        untouched[self.row] = False
        return rows[untouched[rows]]

    # --- back into the tables

    def write(self) -> None:
        """Put the result into the tables and count the flows of every area."""
        model, people, homes = self.model, self.model.citizens, self.model.households
        town = self.home_town[self.home]
        self.new_area = model.city.towns.area[town]
        moved = self.here & (self.new_area != self.area)
        flows = {"deaths": self.area[self.dead], "departures": self.area[self.gone]}
        flows |= {"moved_out": self.area[moved], "moved_in": self.new_area[moved]}
        for name, areas in flows.items():
            model.count(name, areas)
        people.here[self.row[~self.here]] = False
        new = np.logical_or.reduce([a != b for a, b in zip(self._before, self._as_it_is(), strict=True)])
        new &= self.here
        for name, values in (("household", self.home_row[self.home]), ("role", self.role), ("town", town),
                             ("area", self.new_area), ("income", self.income)):  # fmt: skip
            getattr(people, name)[self.row[new]] = values[new]
        self._write_homes(homes)

    def _write_homes(self, homes: Any) -> None:
        if self.new_homes:
            rows = homes.append(sum(len(new) for new in self.new_homes))
            homes.id[rows] = np.concatenate(self.new_homes)
        homes.town[self.home_row] = self.home_town
