"""Getting around, month by month: who drives, who subscribes, and a day worked out when it has to be.

In October, and in any month in which the supply changes by more than ``mobility.moved``, one weekday and one
holiday are solved (:mod:`twin.processes.mobility.solving`); until then everybody gets around as on the last
solved day. Each October licences and cars change first; each month some think over their subscription. What
others feel of it stands in three columns: ``gain``, ``ease`` and ``driven``. See ``docs/mobility.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from twin.kernels.hazards import AWARE, UNAWARE
from twin.processes.mobility import drivers, record, solving, subscribing
from twin.processes.mobility.days import Days
from twin.processes.mobility.drivers import HOLDS, NEW, RETURNED
from twin.processes.mobility.offered import moved, offered, residents
from twin.processes.process import Process, not_met
from twin.processes.rates import EGOV
from twin.state import Column
from twin.units import share_per_step

if TYPE_CHECKING:
    from twin.model import CityTwin

OCTOBER = 10
_MONTH = 1 / 12  # of a year


class Mobility(Process):
    """Trips, subscriptions, licences and cars. Runs after adoption and before felt benefit."""

    name = "mobility"
    facts: ClassVar[tuple[str, ...]] = (
        *(f"mobility.{word}" for word in (
            "bundle", "discount", "vehicles", "fare", "fares", "frequency", "per_vehicle", "moved", "review", "youngest",
            "licence_men", "licence_women", "returned", "car", "car_far", "vehicle_hour", "hours", "platform", "tells",
        )),
        *(f"travel.subscription.{word}" for word in ("fee", "value", "peers", "app", "realised")),
        *(f"travel.car.{word}" for word in ("rate", "gain", "age", "licence")),
        "services.live", "ties.weight", *solving.FACTS,
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("citizens.adoption.stage", "citizens.adoption.since")
    couplings: ClassVar[tuple[str, ...]] = (
        "mobility.services", "mobility.peers", "mobility.app", "mobility.cars", "mobility.awareness",
        "mobility.convenience", "mobility.acts", "mobility.staff",
    )  # fmt: skip

    # fmt: off
    licence    = Column("u1", "stage of a licence", "driving licence: 0 none, 1 holds one, 2 returned; 9 not yet met", low=0, high=NEW, start=NEW)
    car        = Column("?",  "yes/no", "has a car to use, the own or the household's")
    subscribed = Column("?",  "yes/no", "subscribes to the bundle of all modes")
    gain       = Column("f4", "yen a month", "what the bundle would save a month, before its fee")
    ease       = Column("f4", "1,000 yen a month", "by how much getting around is better than when first worked out")
    driven     = Column("f4", "share of trips", "share of trips by car less that of the like when first worked out", low=-1, high=1)
    # fmt: on

    def start(self, model: CityTwin) -> None:
        """Licences and cars of the census; nobody subscribes yet, and no day is solved."""
        self.car_level = drivers.car_level(model, np.flatnonzero(drivers.holders(model, slice(None))))
        self.level = 0.0  # of subscribing; known with the first day
        self.supply = self.residents = np.zeros(0)  # that the last day was solved with, and those of October
        self.days: Days | None = None
        self._meet(model)

    def step(self, model: CityTwin) -> None:
        """Live one month."""
        new = self._meet(model)
        october, first = model.day.month == OCTOBER, self.days is None
        if october or first:  # fleets follow people once a year, lest they change with every birth
            self.residents = residents(model)
        now = offered(model, self.residents)
        if october and not first:
            self._licences_and_cars(model)
        if october or first or moved(now.numbers, self.supply) > model.fact("mobility.moved"):
            self._solve(model, now)
        elif new.start < new.stop:
            self._show(model, new)
        can = subscribing.reached(model, now.bundle)
        self.subscribed[:] = subscribing.decide(model, can, self.subscribed, self.gain, self.level)
        self._tell(model)
        record.monthly(self, model, now)

    # -- the month -------------------------------------------------------------------------------

    def _meet(self, model: CityTwin) -> slice:
        """Give new rows, which stand at the end, a licence and a car as people of their age and town have them."""
        new = not_met(self.licence, NEW)
        rows = np.arange(new.start, new.stop)
        self.licence[rows] = drivers.holders(model, rows)
        rows = rows[self.licence[rows] == HOLDS]
        self.car[rows] = drivers.has_car(model, rows, self.car_level)
        return new

    def _licences_and_cars(self, model: CityTwin) -> None:
        """The year's licences and cars."""
        gets, returns = drivers.licences_in_a_year(model, self.licence)
        self.licence[gets], self.licence[returns] = HOLDS, RETURNED
        going_without = self._going_without(model)
        lost, bought = drivers.cars_in_a_year(
            model, self.car, self.licence, returns, going_without, self.car_level
        )
        self.car[lost], self.car[bought] = False, True
        area = model.citizens.area
        for name, rows in (("licences_returned", returns), ("cars_given_up", lost), ("cars_bought", bought)):
            model.count(name, area[rows])

    def _going_without(self, model: CityTwin) -> np.ndarray:
        """Yen a month by which going without a car is better than when first worked out, (citizens,)."""
        if not model.on("mobility.cars"):
            return np.zeros(model.citizens.rows)
        saves = np.maximum(self.gain - model.fact("travel.subscription.fee"), 0) * self.subscribed
        return self.days.without_a_car(model) + saves  # type: ignore[union-attr]

    def _solve(self, model: CityTwin, now) -> None:
        """Work the days out anew and let everybody feel them."""
        first = self.days is None
        self.days = solving.solve(model, now, self, before=self.days)
        self.supply = now.numbers
        self._show(model, slice(0, model.citizens.rows))
        if first:
            self.level = subscribing.level(model, self.gain)

    def _show(self, model: CityTwin, rows: slice) -> None:
        """What the last solved days mean for people: the bundle's worth, ease, trips by car."""
        felt = self.days.felt(model, rows, self)  # type: ignore[union-attr]
        self.gain[rows], self.ease[rows], self.driven[rows] = felt

    def _tell(self, model: CityTwin) -> None:
        """Subscribers who have never heard of the city's online services may do so in the app."""
        if not model.on("mobility.awareness"):
            return
        stage, since = (model.state[f"citizens.adoption.{column}"] for column in ("stage", "since"))
        rows = np.flatnonzero(self.subscribed & (stage[:, EGOV] == UNAWARE))
        draw = model.chance.uniform(
            "mobility: hears of online services", model.month, model.citizens.id[rows]
        )
        hears = rows[draw < share_per_step(model.fact("mobility.tells"), _MONTH)]
        stage[hears, EGOV], since[hears, EGOV] = AWARE, model.month

    # -- remembering -----------------------------------------------------------------------------

    def memory(self) -> dict[str, Any]:
        """The levels, the supply of the last solved days and what they said."""
        kept = {
            "levels": np.array([self.car_level, self.level]),
            "supply": self.supply,
            "residents": self.residents,
        }
        return kept | (self.days.memory() if self.days else {})

    def remember(self, memory: dict[str, Any]) -> None:
        """Take back what :meth:`memory` gave."""
        self.car_level, self.level = (float(x) for x in memory["levels"])
        self.supply, self.residents = memory["supply"], memory["residents"]
        self.days = Days.of(memory) if len(self.supply) else None
