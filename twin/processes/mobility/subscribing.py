"""Who subscribes to the bundle: once in a while people think it over, and decide by what it saves them.

    log odds = level + value (gain - fee) / 1000 + peers x share of ties who subscribe + app x uses the mobility app

A citizen's own inclination stays for life, so that whoever subscribes at some price does at any lower one. The
level is such that at the fee of the survey as many would as :mod:`twin.travel.maas` expects.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from twin.facts import Facts
from twin.kernels.hazards import USES
from twin.network.circles import LABELS
from twin.processes.rates import MAAS
from twin.travel.maas import Subscribing, level_for, subscribe_odds
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.model import CityTwin


def level(model: CityTwin, gain: np.ndarray) -> float:
    """The level at which, with the bundle open to all at the fee of the survey, as many subscribe as is to be expected.

    Parameters
    ----------
    gain : (citizens,) yen a month the bundle saves each
    """
    rows = np.flatnonzero(_of_age(model))
    asked = Facts(
        [replace(model.facts["travel.subscription.fee"], changes=())]
    )  # whatever a scenario makes of it
    fee = asked.number("travel.subscription.fee", model.day)
    share = model.fact("travel.subscription.realised")
    peers = share * model.on("mobility.peers")
    odds = subscribe_odds(_moved(model), 0.0, gain[rows], fee, peers, _app(model, rows))
    return level_for(share, odds) if len(rows) else 0.0


def reached(model: CityTwin, open_to: np.ndarray) -> np.ndarray:
    """Who can subscribe (yes/no): of age, and among those of the area the bundle is open to, the same first ones."""
    people = model.citizens
    share = open_to[people.area]
    found = _of_age(model) & (share > 0)
    rows = np.flatnonzero(found & (share < 1))
    found[rows] = model.chance.uniform("mobility: reached by the bundle", 0, people.id[rows]) < share[rows]
    return found


def decide(
    model: CityTwin, can: np.ndarray, subscribed: np.ndarray, gain: np.ndarray, at: float
) -> np.ndarray:
    """Who subscribes after this month (citizens,) yes/no: those who think it over decide, others stay, none who cannot.

    Parameters
    ----------
    can : (citizens,) who can subscribe
    subscribed : (citizens,) who does so far
    gain : (citizens,) yen a month
    at : level of the log odds
    """
    people, found = model.citizens, subscribed & can
    rows = np.flatnonzero(can)
    thinks = model.chance.uniform("mobility: thinks it over", model.month, people.id[rows])
    rows = rows[thinks < model.fact("mobility.review")]
    peers = _around(model, rows, found) if model.on("mobility.peers") else 0.0
    fee = model.fact("travel.subscription.fee")
    odds = subscribe_odds(_moved(model), at, gain[rows], fee, peers, _app(model, rows))
    found[rows] = model.chance.uniform("mobility: inclination", 0, people.id[rows]) < expit(odds)
    return found


def _of_age(model: CityTwin) -> np.ndarray:
    people, youngest = model.citizens, round(model.fact("mobility.youngest")) * MONTHS_A_YEAR
    return people.here & (people.born <= model.month - youngest)


def _moved(model: CityTwin) -> Subscribing:
    return Subscribing.read(model.facts, model.day)


def _app(model: CityTwin, rows: np.ndarray) -> np.ndarray:
    """Who of the rows uses the mobility app (yes/no); nobody with the switch off."""
    return (model.state["citizens.adoption.stage"][rows, MAAS] == USES) & model.on("mobility.app")


def _around(model: CityTwin, rows: np.ndarray, subscribed: np.ndarray) -> np.ndarray:
    """Weighted share of the ties of each row who subscribe, household included; 0 without ties."""
    people, ties, table = model.citizens, model.ties, model.table("ties.weight")
    weight = np.array([table[label] for label in LABELS], np.int64)
    start, many = ties.start[rows], np.diff(ties.start)[rows]
    slot = np.repeat(start - np.cumsum(many) + many, many) + np.arange(many.sum())
    of, other = np.repeat(np.arange(len(rows)), many), ties.other[slot]
    real = (other >= 0) & people.here[other]
    of, other, w = of[real], other[real], weight[ties.layer[slot[real]]]
    # whole numbers: exact in whatever order they are added
    known, use = np.bincount(of, w, len(rows)), np.bincount(of, w * subscribed[other], len(rows))
    home, here = people.household, people.here
    living = np.bincount(home[here], minlength=model.households.rows)
    using = np.bincount(home[here & subscribed], minlength=model.households.rows)
    known += weight[0] * (living[home[rows]] - 1)
    use += weight[0] * (using[home[rows]] - subscribed[rows])
    return np.divide(use, known, out=np.zeros(len(rows)), where=known > 0)
