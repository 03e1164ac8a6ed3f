"""The adoption facts of a month as the arrays the kernel reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.kernels import hazards as kernel
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin

TECHNOLOGIES = ("device", "net", "card")
DEVICE, NET, CARD = range(3)
NEEDS = {"net": DEVICE}  # internet services need a device somewhere in the household
AGES = np.arange(kernel.OLDEST + 1)
_OLD = 65  # from here on ability falls and stopping rises
_CHILD = 12


@dataclass(frozen=True)
class Rates:
    """One month's rates.

    Attributes
    ----------
    rate : (technologies, 12) f8, monthly hazards and factors, columns as in the kernel
    curve : (technologies, 4, 121) f8, by age: access, start factor, pulse, stop
    place : (technologies, areas) f8, availability 0..1 in each area
    """

    rate: np.ndarray
    curve: np.ndarray
    place: np.ndarray


def rates_of(model: CityTwin) -> Rates:
    """Read the facts that hold this month, with the scenario's changes and switched-off couplings."""
    rate = np.zeros((len(TECHNOLOGIES), 12))
    curve = np.zeros((len(TECHNOLOGIES), 4, len(AGES)))
    monthly = 1.0 / MONTHS_A_YEAR
    peers_on, crowd_on = model.on("adoption.peers"), model.on("adoption.crowd")
    over = np.maximum(0, AGES - _OLD) / 10
    youth = model.curve("adoption.youth", AGES)
    for k, name in enumerate(TECHNOLOGIES):
        row = rate[k]
        row[kernel.HEAR] = model.entry("adoption.hear", name) * monthly
        row[kernel.HEAR_PEERS] = model.entry("adoption.hear_peers", name) * monthly * peers_on
        row[kernel.HEAR_PLACE] = model.entry("adoption.hear_place", name) * monthly
        row[kernel.FORGET] = model.entry("adoption.forget", name) * monthly
        row[kernel.CROWD] = model.entry("adoption.crowd", name) * monthly * crowd_on
        row[kernel.AT_HOME] = model.entry("adoption.at_home", name) if model.on("adoption.at_home") else 1.0
        row[kernel.NEEDS] = NEEDS.get(name, -1)
        row[kernel.EFFECT] = model.entry("adoption.ability_effect", name)
        curve[k, kernel.GET_AT] = model.entry("adoption.get", name) * monthly
        if name == "card":
            row[kernel.PEERS] = model.fact("card.peers") * monthly * peers_on
            row[kernel.AGAIN] = model.fact("card.return_factor")
            curve[k, kernel.START_AT] = 1.0
            curve[k, kernel.PULSE_AT] = model.curve("card.hazard", AGES) * monthly * model.on("card.hazard")
            continue
        row[kernel.ALONE] = model.entry("adoption.alone", name) * monthly
        row[kernel.PEERS] = model.entry("adoption.peers", name) * monthly * peers_on
        row[kernel.AGAIN] = model.entry("adoption.again", name)
        row[kernel.STOP_PEERS] = model.entry("adoption.stop_peers", name) * peers_on
        loss = row[kernel.EFFECT] * model.fact("adoption.ability_loss")
        early = np.where(AGES < _CHILD, model.entry("adoption.early", name), 1.0)
        curve[k, kernel.START_AT] = youth * early * np.exp(-loss * over * model.on("adoption.ability_loss"))
        ageing = model.entry("adoption.stop_ageing", name)
        curve[k, kernel.STOP_AT] = model.entry("adoption.stop", name) * monthly * np.exp(ageing * over)
        curve[k, kernel.STOP_AT] *= model.on("adoption.stop")
    return Rates(rate, curve, np.ones((len(TECHNOLOGIES), len(model.city.areas.code))))
