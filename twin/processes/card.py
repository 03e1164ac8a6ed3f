"""The My Number card's own life: when it expires and who renews it.

Taking a card is adoption (:mod:`twin.processes.adoption`); here cards end. A card expires on the
tenth birthday after its issue, the fifth for minors; some holders do not renew, so the share of
holders can fall. Runs after adoption in the month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from twin.kernels.hazards import STOPPED, USES
from twin.processes.process import Process
from twin.processes.rates import CARD
from twin.state import Column
from twin.units import month_number

if TYPE_CHECKING:
    from twin.model import CityTwin

_YEAR = 12
_NO_CARD = 0


class Card(Process):
    """Expiry and renewal of cards, and the register's count of cards issued."""

    name = "card"
    facts: ClassVar[tuple[str, ...]] = (
        "card.validity", "card.adult_age", "card.renewal", "card.share_chiba",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = ("citizens.adoption.stage", "citizens.adoption.since")
    couplings: ClassVar[tuple[str, ...]] = ("card.expiry",)
    levers: ClassVar[dict[str, tuple[int, ...]]] = {"card.renewal": (12,)}

    # fmt: off
    expires = Column("i2", "month number", "month in which the card expires, 0 without a card", low=0)
    # fmt: on

    def start(self, model: CityTwin) -> None:
        """Date the cards held at the census by the city's own series of issues."""
        self._date_cards(model)

    def step(self, model: CityTwin) -> None:
        """Date new cards, then let expiring ones be renewed or given up."""
        self._date_cards(model)
        if not model.on("card.expiry"):
            return
        due = np.flatnonzero((self.expires == model.month) & model.citizens.here)
        if not len(due):
            return
        people = model.citizens
        age = (model.month - people.born[due].astype(int)) // _YEAR
        renews = model.chance.uniform("card: renewal", model.month, people.id[due]) < model.curve(
            "card.renewal", age
        )
        self.expires[due[renews]] = self._expiry(model, due[renews], np.full(renews.sum(), model.month))
        gone = due[~renews]
        model.state["citizens.adoption.stage"][gone, CARD] = STOPPED
        model.state["citizens.adoption.since"][gone, CARD] = model.month
        self.expires[gone] = _NO_CARD
        model.count("cards_expired", people.area[gone])

    def _date_cards(self, model: CityTwin) -> None:
        """Give an expiry to cards that have none: issued here this month, or brought along."""
        rows = np.flatnonzero((self.expires == _NO_CARD) & model.citizens.here)
        rows = rows[model.state["citizens.adoption.stage"][rows, CARD] == USES]
        if not len(rows):
            return
        since = model.state["citizens.adoption.since"][rows, CARD].astype(int)
        issued = np.where(since > 0, since, self._issued_before(model, rows))
        expires = self._expiry(model, rows, issued)
        while (late := expires <= model.month).any():  # renewed before the holder came into view
            expires[late] = self._expiry(model, rows[late], expires[late])
        self.expires[rows] = expires

    def _issued_before(self, model: CityTwin, rows: np.ndarray) -> np.ndarray:
        """Month of issue of cards that came with their holder, drawn from the series of issues."""
        series = [(month_number(day), share) for day, share in model.facts["card.share_chiba"].values]
        months, shares = np.array(series).T
        reached = np.interp(model.month, months, shares)
        u = model.chance.uniform("card: issued before", 0, model.citizens.id[rows])
        return np.floor(np.interp(u * reached, shares, months)).astype(int)

    def _expiry(self, model: CityTwin, rows: np.ndarray, issued: np.ndarray) -> np.ndarray:
        """Month of the tenth (minors: fifth) birthday after the month of issue."""
        validity = model.table("card.validity")
        born = model.citizens.born[rows].astype(int)
        minor = (issued - born) // _YEAR < model.fact("card.adult_age")
        to_birthday = (born - issued) % _YEAR
        first = np.where(to_birthday == 0, _YEAR, to_birthday)
        birthdays = np.where(minor, validity["minor"], validity["adult"]).astype(int)
        return issued + first + _YEAR * (birthdays - 1)
