"""Services spread from area to area; teams mature; the city OS links; every yen is kept.

In a month: the money of running services, what ends, trials that are judged, what begins, links, architects,
then teams and records. Rules stand in the files beside this one; see ``docs/spread.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, SupportsInt

import numpy as np

from twin.agents.team import Architect, CityHall, ReviewTeam, present
from twin.city.adjacency import neighbours
from twin.errors import StateError
from twin.processes.process import Process
from twin.processes.spread import life, linking, team, yearly
from twin.processes.spread.city_os import CityOS
from twin.processes.spread.events import FLAGS, HERE, PREFIX, VACANT, Event, apply, replay
from twin.processes.spread.hazard import Asked
from twin.processes.spread.money import Account
from twin.processes.spread.now import Now
from twin.processes.spread.numbers import FACTS, Numbers, numbers_of
from twin.processes.spread.reference import check_weights
from twin.processes.spread.services import SERVICES
from twin.processes.spread.stages import LIVE, TRIAL, copies, extent, largest_piece, steps
from twin.processes.spread.surroundings import Ground, around, ground
from twin.state import Column
from twin.units import FISCAL_YEAR_STARTS, MONTHS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.city.city import City
    from twin.facts import Facts
    from twin.model import CityTwin


class Spread(Process):
    """The spread of services, teams, the city OS and their money."""

    name = "spread"
    table = "areas"
    facts: ClassVar[tuple[str, ...]] = (
        *FACTS, "services.met", "businesses.establishments", "people.day.outside_men", "people.day.outside_women",
    )  # fmt: skip
    couplings: ClassVar[tuple[str, ...]] = (
        "spread.citizens", "spread.supply", "spread.reference", "spread.bandwagon", "spread.quality", "spread.city_os",
        "spread.outages", "spread.rotation", "spread.elsewhere",
    )  # fmt: skip

    levers: ClassVar[dict[str, tuple[int, ...]]] = {
        "spread.budget": (4, 5, 10), "spread.leading": (3, 5, 11), "spread.pilots": (5,), "spread.architects": (5,),
    }  # fmt: skip

    # fmt: off
    stage       = Column("u1", "stage of a service", "0 never begun, 1 on trial, 2 live, 3 ended", low=0, high=3, each=SERVICES)
    since       = Column("i2", "month number", "month in which the stage began, 0 never", each=SERVICES)
    record      = Column("f4", "-1 to 1", "how well the service does in the eyes of others; a failure is -1 and fades", low=-1, high=1, each=SERVICES)
    gap         = Column("u1", "months", "months in a row without enough money or users", low=0, each=SERVICES)
    origin      = Column("i2", "area row", "area the service was copied from, -1 none", low=-1, start=-1, each=SERVICES)
    linked      = Column("?",  "yes/no", "shares data with the area's other linked services", each=SERVICES)
    fit         = Column("f4", "0 to 1", "how well the stakeholders of the project fit", low=0, high=1, each=SERVICES)
    partners    = Column("u1", "kinds of stakeholders", "kinds of stakeholders in the project, as bits in their order", each=SERVICES)
    there       = Column("f4", "0 to 1", "share of residents the area's own service is open to", low=0, high=1, each=SERVICES)
    worth       = Column("f4", "0 to 1", "quality of the area's own service against the catalogue's benefit", low=0, high=1, each=SERVICES)
    before      = Column("f4", "0 to 1", "share of residents using the service's technology at the census", low=0, high=1, each=SERVICES)
    maturity    = Column("f4", "0 to 1", "maturity of the review team", low=0, high=1)
    alpha       = Column("f4", "0 to 1", "administration's share of the team's work and money", low=0, high=1)
    own         = Column("f4", "0 to 1", "own revenue as a share of the team's costs", low=0, high=1)
    cash        = Column("i8", "yen", "money the team holds", low=0)
    standing    = Column("u2", "months", "months in a row in which the team met the conditions of an area management body")
    independent = Column("?",  "yes/no", "the team is an area management body")
    reached     = Column("u1", "step", "STEP0 to STEP3 of the vision's small start", low=0, high=3)
    architect   = Column("u1", "post", "0 no architect yet, 1 here, 2 vacant", low=0, high=2)
    posted      = Column("i2", "month number", "month in which the architect came or left, 0 never")
    federated   = Column("?",  "yes/no", "the area's city OS is linked with those of other areas")
    piloted     = Column("u1", "pilots", "pilots city hall opened here this fiscal year")
    # fmt: on

    _period = -1
    # notes replayed so far, and the flags they led to
    _heard: tuple[int, dict[str, np.ndarray] | None] = (0, None)
    ground: Ground | None = None  # not seen yet
    teams: Sequence[ReviewTeam] = ()  # not met yet
    asked: Asked  # who could begin what in the last month, and who wished to; for looking at only

    @classmethod
    def check(cls, facts: Facts, city: City) -> None:
        """Stop when areas, architects or the plan do not fit the city or each other on any day."""
        days = {day for key in FACTS for day in facts[key].days()}
        for day in sorted(days):
            numbers_of(facts, city, day)

    def start(self, model: CityTwin) -> None:
        """Nothing runs yet; meet those who will act."""
        self._meet(model)
        self.account = Account()
        self.copied = np.zeros(len(SERVICES), np.int64)  # areas in which each service ever went live
        self.os = CityOS()
        self.monthly = 0  # yen a month city hall reckons with for what runs
        self.alpha[:] = team.alpha_of(self.maturity, self._numbers(model).table["alpha"])

    def step(self, model: CityTwin) -> None:
        """Live one month."""
        if not self.teams:  # a run that is taken up again has not started
            self._meet(model)
        numbers, april = self._numbers(model), model.day.month == FISCAL_YEAR_STARTS
        seen = self.ground
        if seen is None:  # the first month: now there is a census
            self.before[:] = around(model).use
        if seen is None or april:
            seen = self._look(model)
        if april:
            self._check_log(model)
            yearly.open_year(self, Now(self, model, numbers, seen))
        now = Now(self, model, numbers, seen)
        life.pay(self, now)
        life.end(self, now)
        life.judge(self, now)
        life.begin(self, now)
        linking.link(self, now)
        linking.run_city_os(self, now)
        linking.federate(self, now)
        yearly.post_architects(self, now)
        self._learn(now)
        self._show(now)
        if model.day.month == FISCAL_YEAR_STARTS - 1:
            yearly.close_year(self, now)

    # -- what the parts ask ----------------------------------------------------------------------

    def happen(
        self, now: Now, kind: str, area: SupportsInt = -1, service: SupportsInt = -1, value: float = 0.0
    ) -> None:
        """Write an event down and let it change the flags it speaks of; the only way they change."""
        event = Event(now.model.month, kind, int(area), int(service), float(value))
        city = now.model.city
        code = city.areas.code[event.area] if event.area >= 0 else city.code
        group = SERVICES[event.service] if event.service >= 0 else "all"
        now.model.ledger.note(event.month, PREFIX + kind, code, group, event.value, "event")
        apply(lambda name: getattr(self, name), event)

    def room(self, now: Now) -> int:
        """Yen city hall is free to spend on what is new."""
        left = (FISCAL_YEAR_STARTS - 1 - now.model.day.month) % MONTHS_A_YEAR
        budget = round(now.numbers["budget"] * now.numbers["budget_factor"])
        return self.hall.room(self.account.cash, self.monthly, left, budget)

    # -- the month -------------------------------------------------------------------------------

    def _meet(self, model: CityTwin) -> None:
        rows = list(range(len(model.areas)))
        self.hall = CityHall(model)
        self.teams = list(ReviewTeam.create_agents(model, len(rows), rows))
        self.architects = list(Architect.create_agents(model, len(rows), rows))

    def _numbers(self, model: CityTwin) -> Numbers:
        if self._period != model.period:
            self._period, self._read = model.period, numbers_of(model.facts, model.city, model.day)
        return self._read

    def _look(self, model: CityTwin) -> Ground:
        """See the city anew: needs, whom areas look to, who could join a team."""
        seen = ground(model)
        if self.ground is not None and not model.on("spread.citizens"):
            seen = replace(seen, both=self.ground.both, elsewhere=self.ground.elsewhere)
        self.ground = seen
        check_weights(seen.weight)
        self.present = present(seen.counts, self._read.table["enough"])
        return seen

    def _learn(self, now: Now) -> None:
        """Teams mature, records follow the users, own revenue follows the accounts."""
        n, live = now.numbers, (self.stage == LIVE).sum(axis=1)
        rate = n["growth"] * np.where(self.architect == HERE, n["growth_architect"], 1.0)
        losing = np.where(self.architect == VACANT, n["vacancy_loss"], 0.0)
        linked = (self.linked & (self.stage == LIVE)).sum(axis=1)
        self.maturity[:] = team.grown(self.maturity, live, linked, rate, losing)
        self.alpha[:] = team.alpha_of(self.maturity, n.table["alpha"])
        self.record[:] = life.records(self, now)
        self._judge_independence(now)

    def _judge_independence(self, now: Now) -> None:
        rule = now.numbers.table["independent"]
        meets = team.meets(self.maturity, self.alpha, self.own, rule) & (self.stage == LIVE).any(axis=1)
        self.standing[:] = np.where(meets, np.minimum(self.standing + 1, 9999), 0)
        for row in np.flatnonzero((self.standing >= rule["months"]) & ~self.independent):
            self.happen(now, "independent", row)
        for row in np.flatnonzero(self.independent & ~meets):
            self.happen(now, "dependent", row)

    def _show(self, now: Now) -> None:
        """What citizens get from now on, how far areas have come, and the month's counts."""
        n = now.numbers
        self.there[:] = np.where(
            self.stage == LIVE, 1.0, np.where(self.stage == TRIAL, n["trial_reach"], 0.0)
        )
        self.worth[:] = life.worth(self, now)
        live, age = self.stage == LIVE, now.model.month - self.since
        links = linking.in_use(self, now)
        rule = n.table["steps"]
        now_at = steps(live.sum(axis=1), links, copies(self.origin, live, age, rule["months"]), rule)
        for row in np.flatnonzero(now_at != self.reached):
            self.happen(now, "step", row, value=now_at[row])
        self._tally(now, live, links)

    def _tally(self, now: Now, live: np.ndarray, links: np.ndarray) -> None:
        tally, uses = now.model.tally, now.numbers.by["uses"]
        own, elsewhere = (np.rint(who @ uses) for who in (now.users, now.guests))
        for name, by_area in {
            "services_trial": (self.stage == TRIAL).sum(axis=1), "services_live": live.sum(axis=1),
            "services_linked": self.linked.sum(axis=1), "links_in_use": links, "architects": self.architect == HERE,
            "areas_independent": self.independent, "areas_federated": self.federated,
            "uses_all": own + elsewhere, "uses_elsewhere": elsewhere,
            **{f"areas_step{k}": self.reached == k for k in range(4)},
            **{f"people_step{k}": np.where(self.reached == k, np.rint(now.around.people), 0) for k in range(4)},
        }.items():  # fmt: skip
            tally(name, by_area)
        for name, group, value in linking.monthly(self, now):
            now.model.ledger.note(now.model.month, name, now.model.city.code, group, value, "count")
        if now.model.day.month == FISCAL_YEAR_STARTS - 1:
            share = largest_piece(neighbours(now.model.city), self.linked & live, now.around.people)
            name = extent(share, now.numbers.table["extent"])
            now.model.ledger.note(now.model.month, "largest_piece", now.model.city.code, name, share, "count")

    def _check_log(self, model: CityTwin) -> None:
        """Stop if a flag is not what the written events say."""
        notes, (read, before) = model.ledger.notes, self._heard
        said = replay(notes[read:], model.city.areas.code, before)
        self._heard = len(notes), said
        for name in FLAGS:
            if (said[name] != getattr(self, name)).any():
                raise StateError("spread.not_logged", column=name)

    # -- remembering -----------------------------------------------------------------------------

    def memory(self) -> dict[str, Any]:
        """City hall's account, the city OS, what was copied how often, and the ground of the fiscal year."""
        kept = {
            "account": self.account.memory(),
            "copied": self.copied,
            "os": self.os.memory(),
            "monthly": np.int64(self.monthly),
        }
        if self.ground is None:
            return kept
        seen = self.ground
        return kept | {
            "present": self.present,
            "need": seen.need,
            "weight": seen.weight,
            "both": seen.both,
            "elsewhere": seen.elsewhere,
        }

    def remember(self, memory: dict[str, Any]) -> None:
        """Take back what :meth:`memory` gave."""
        self._heard = (0, None)
        self.account = Account()
        self.account.remember(memory["account"])
        self.copied, self.os = memory["copied"].copy(), CityOS.of(memory["os"])
        self.monthly, self.ground = int(memory["monthly"]), None
        if "weight" in memory:
            self.present = memory["present"]
            self.ground = Ground(memory["need"], memory["weight"], {}, memory["both"], memory["elsewhere"])
