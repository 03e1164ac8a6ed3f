"""The month of a city's businesses, in its order.

Each establishment decides as if it were a firm: it opens, changes its size, closes, trades with a few
others, starts with digital tools, climbs from stage to stage, raises its productivity by them, and
offers telework or not. What people of the establishments' city see of it is where they work and
whether they may work from home (:mod:`twin.processes.businesses.telework`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from twin.processes.businesses import digital, partners, telework, turnover
from twin.processes.businesses.industries import by_industry
from twin.processes.process import Process
from twin.state import Column
from twin.units import FISCAL_YEAR_STARTS

if TYPE_CHECKING:
    from twin.model import CityTwin

_READS = {
    "businesses": "employees",
    "firms": "entry entrant_size entrant_spread exit exit_size growth_spread start industry_peers partners"
    " same_industry size_slope shortage_effect shortage shortage_industry skill_effect subsidy"
    " subsidy_effect city_os city_os_effect training begun begun_stages climb result telework_level"
    " telework_industry telework_size telework_stage telework_jobs telework_outside",
}


class BusinessLife(Process):
    """Opening, growth and closing of businesses, their digital stage, productivity and telework.

    The order of a month: closing, staff, opening; in April contracts with trading partners; then the
    shortage of staff, digital stages as everybody stood when the month began, productivity, telework.
    Every draw hangs on a business's id, a purpose and the month.
    """

    name = "businesses"
    table = "businesses"
    facts = (
        *(f"{group}.{name}" for group, names in _READS.items() for name in names.split()),
        "mobility.staff",
    )
    writes = (
        *(f"businesses.{column}" for column in ("id", "here", "industry", "employees", "town", "area")),
        "citizens.work",
    )
    couplings: ClassVar[tuple[str, ...]] = (
        "businesses.turnover", "businesses.peers", "businesses.partners", "businesses.labour",
        "businesses.subsidy", "businesses.city_os",
    )  # fmt: skip
    levers: ClassVar[dict[str, tuple[int, ...]]] = {
        "firms.subsidy": (6, 7), "firms.city_os": (7,), "firms.telework_level": (6,),
    }  # fmt: skip

    # fmt: off
    stage    = Column("u1", "stage", "digital stage: 0 none, 1 trying, 2 digital records, 3 digital processes, 4 transformed", low=0, high=4)
    since    = Column("i2", "month number", "month in which the stage began, 0 when it was there before", low=0)
    skill    = Column("f4", "log factor", "the manager's digital skill; its exponential has mean 1 over managers")
    raised   = Column("i2", "month number", "month in which digital tools last raised productivity, 0 never", low=0)
    short    = Column("?",  "yes/no", "short of staff", start=False)
    telework = Column("?",  "yes/no", "offers telework", start=False)
    partners = Column("i4", "business row", "trading partners, -1 none", low=-1, start=-1, refers="businesses", each=partners.SLOTS)
    # fmt: on

    def start(self, model: CityTwin) -> None:
        """Give every establishment of the census a manager, a stage, partners and its offer of telework."""
        self.begun = by_industry(model, "firms.begun")
        self.first, self.growth = turnover.people_and_places(model), 0.0
        rows = np.arange(model.businesses.rows)
        digital.meet(self, model, rows)
        digital.as_at_start(self, model, rows)
        partners.make_contracts(self, model)
        self.telework[:] = telework.offers(self, model)

    def step(self, model: CityTwin) -> None:
        """Live one month."""
        april = model.day.month == FISCAL_YEAR_STARTS
        if model.on("businesses.turnover"):
            if april:
                self.growth = turnover.growth(model, self.first)
            turnover.close(model)
            turnover.staff(model, self.growth)
            digital.meet(self, model, turnover.open_new(model))
        if april:
            partners.make_contracts(self, model)
        self.short[:] = digital.short_of_staff(model)
        digital.live_month(self, model)
        self.telework[:] = telework.offers(self, model)
        self._tally(model)

    def _tally(self, model: CityTwin) -> None:
        """Write down by area how many businesses, and people in them, work on what technology can do."""
        firms, areas = model.businesses, len(model.city.areas.code)
        works = firms.here & (self.stage > 0)
        for name, who in (("firms", firms.here), ("firms_digital", works)):
            model.tally(name, np.bincount(firms.area[who], minlength=areas))
            staff = np.bincount(firms.area[who], firms.employees[who], areas)
            model.tally(name.replace("firms", "staff"), np.rint(staff))

    def memory(self) -> dict[str, Any]:
        """How far each industry has come, the city at the start, and this year's growth."""
        return {"begun": self.begun, "first": np.array(self.first), "growth": np.array(self.growth)}

    def remember(self, memory: dict[str, Any]) -> None:
        """Take back what :meth:`memory` gave."""
        people, places = memory["first"]
        self.begun, self.first = np.array(memory["begun"]), (int(people), int(places))
        self.growth = float(memory["growth"])
