"""The adoption facts of a month as the arrays the kernel reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from twin.kernels import hazards as kernel
from twin.processes.offer import Offer, offer_of
from twin.results.census import TECHNOLOGIES
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin

DEVICE, NET, EGOV, LEARNING, ALERTS, MAAS, HEALTH, CARD = range(len(TECHNOLOGIES))
# what a technology needs somewhere in the household
NEEDS = {"net": DEVICE, "egov": NET, "learning": NET, "alerts": DEVICE, "maas": NET, "health": NET}
AGES = np.arange(kernel.OLDEST + 1)
PUPILS = (6, 15)  # ages at which the school gives the device
_OLD = 65  # from here on ability falls and stopping rises
_CHILD = 12


@dataclass(frozen=True)
class Rates:
    """One month's rates.

    Attributes
    ----------
    rate : (technologies, columns) f8, monthly hazards and factors, columns as in the kernel
    curve : (technologies, 4, 121) f8, by age: access, start factor, pulse, stop
    place : (technologies, areas) f8, availability in each area, times what a better offer there does
    settled : (technologies, 121) f8, benefit felt by those of mean ability who have used it for long
    offer : what the services make of each technology
    """

    rate: np.ndarray
    curve: np.ndarray
    place: np.ndarray
    settled: np.ndarray
    offer: Offer

    def shaken(self, failure: np.ndarray) -> Rates:
        """The same with stopping raised by (technologies,) log points after incidents."""
        curve = self.curve.copy()
        curve[:, kernel.STOP_AT] *= np.exp(failure)[:, None]
        return replace(self, curve=curve)


def rates_of(model: CityTwin, first: Offer | None = None) -> Rates:
    """Read the facts that hold this month, with the scenario's changes and switched-off couplings.

    ``first`` is what was on offer when the run began: quality and benefit act by their difference to it.
    """
    offer = offer_of(model, TECHNOLOGIES)
    first = first or offer
    rate = np.zeros((len(TECHNOLOGIES), kernel.COLUMNS))
    curve = np.zeros((len(TECHNOLOGIES), 4, len(AGES)))
    place = place_of(model, offer)
    settled, before = settled_benefit(model, offer), settled_benefit(model, first)
    for k, name in enumerate(TECHNOLOGIES):
        _read_row(model, name, rate[k], offer)
        if name == "card":
            _read_card(model, rate[k], curve[k])
        else:
            better = model.entry("adoption.quality_effect", name) * (offer.quality[k] - first.quality[k])
            _read_curves(model, name, rate[k], curve[k], offer, better * model.on("adoption.quality"))
        curve[k, kernel.STOP_AT] *= np.exp(rate[k, kernel.STOP_BENEFIT] * before[k])
    return Rates(rate, curve, place, settled, offer)


def place_of(model: CityTwin, offer: Offer) -> np.ndarray:
    """How readily a technology is taken up in each area, (technologies, areas): how far it is there, and how good.

    A better offer than the city's raises the rate of starting as ``adoption.quality_effect`` says; what the
    city's own services do stands in the curves by age.
    """
    effect = np.array([model.entry("adoption.quality_effect", name) for name in TECHNOLOGIES])
    better = effect[:, None] * (offer.local - offer.quality[:, None]) * model.on("adoption.quality")
    return offer.available * np.exp(better)


def settled_benefit(model: CityTwin, offer: Offer) -> np.ndarray:
    """Benefit felt after long use at mean ability, (technologies, 121); nought where nobody feels any."""
    if "felt.benefit" not in model.citizens.columns:
        return np.zeros((len(TECHNOLOGIES), len(AGES)))
    loss = model.fact("adoption.ability_loss") * np.maximum(0, AGES - _OLD) / 10
    friction = 1 / (1 + np.exp(-model.fact("felt.friction") * loss))
    quality = offer.quality[:, None] * (1 - offer.effort[:, None] * friction)
    return (1 - model.fact("felt.habit") * model.on("felt.habit")) * quality


def _read_row(model: CityTwin, name: str, row: np.ndarray, offer: Offer) -> None:
    """What does not hang on age."""
    monthly, peers_on = 1.0 / MONTHS_A_YEAR, model.on("adoption.peers")
    told = 1 + model.fact("adoption.publicity_effect") * offer.live["publicity"]
    row[kernel.HEAR] = model.entry("adoption.hear", name) * monthly * told
    if name == "egov":
        row[kernel.HEAR] += _notices(model, offer) * monthly
    row[kernel.HEAR_PEERS] = model.entry("adoption.hear_peers", name) * monthly * peers_on
    row[kernel.HEAR_PLACE] = model.entry("adoption.hear_place", name) * monthly
    row[kernel.FORGET] = model.entry("adoption.forget", name) * monthly
    row[kernel.CROWD] = model.entry("adoption.crowd", name) * monthly * model.on("adoption.crowd")
    row[kernel.AT_HOME] = model.entry("adoption.at_home", name) if model.on("adoption.at_home") else 1.0
    row[kernel.NEEDS] = NEEDS.get(name, -1)
    row[kernel.EFFECT] = model.entry("adoption.ability_effect", name)
    row[kernel.TRUST] = model.entry("adoption.trust_effect", name) * model.on("adoption.trust")
    felt = "felt.benefit" in model.citizens.columns and model.on("adoption.benefit")
    row[kernel.STOP_BENEFIT] = model.entry("adoption.stop_benefit", name) * felt


def _notices(model: CityTwin, offer: Offer) -> float:
    """Yearly rate of hearing of the city's online services from its notices, beside media."""
    reach = offer.live["push_notices"] * model.on("city_hall.notices")
    return model.fact("procedures.notice_rate") * reach


def _read_card(model: CityTwin, row: np.ndarray, curve: np.ndarray) -> None:
    """The card: hazards by age and period, no ability, no stopping but by expiry (card.toml)."""
    monthly = 1.0 / MONTHS_A_YEAR
    row[kernel.PEERS] = model.fact("card.peers") * monthly * model.on("adoption.peers")
    row[kernel.AGAIN] = model.fact("card.return_factor")
    curve[kernel.GET_AT] = model.entry("adoption.get", "card") * monthly
    curve[kernel.START_AT] = 1.0
    curve[kernel.PULSE_AT] = model.curve("card.hazard", AGES) * monthly * model.on("card.hazard")


def _read_curves(
    model: CityTwin, name: str, row: np.ndarray, curve: np.ndarray, offer: Offer, better: float
) -> None:
    """What hangs on age; ``better`` is how much the offer has improved, in log points."""
    monthly, over = 1.0 / MONTHS_A_YEAR, np.maximum(0, AGES - _OLD) / 10
    row[kernel.ALONE] = model.entry("adoption.alone", name) * monthly
    row[kernel.PEERS] = model.entry("adoption.peers", name) * monthly * model.on("adoption.peers")
    row[kernel.AGAIN] = model.entry("adoption.again", name)
    row[kernel.STOP_PEERS] = model.entry("adoption.stop_peers", name) * model.on("adoption.peers")
    loss = row[kernel.EFFECT] * model.fact("adoption.ability_loss") * model.on("adoption.ability_loss")
    eager = model.curve(f"adoption.interest_{name}", AGES)
    if name in ("device", "net"):
        eager = eager * np.where(AGES < _CHILD, model.entry("adoption.early", name), 1.0)
    curve[kernel.GET_AT] = model.entry("adoption.get", name) * monthly
    curve[kernel.START_AT] = eager * np.exp(better - loss * over)
    if name == "learning":
        at_school = (PUPILS[0] <= AGES) & (PUPILS[1] >= AGES)
        given = model.fact("adoption.school_pulse") * offer.live["school_devices"] * monthly
        curve[kernel.PULSE_AT] = given * at_school * model.on("adoption.school")
    ageing = model.entry("adoption.stop_ageing", name)
    curve[kernel.STOP_AT] = model.entry("adoption.stop", name) * monthly * np.exp(ageing * over)
    curve[kernel.STOP_AT] *= model.on("adoption.stop")
