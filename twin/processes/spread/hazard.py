"""When a service begins in an area: a rate of conditions inside, neighbours' success and signals.

    log rate = log base + c1 need + c2 budget + c3 maturity + c4 adoption       conditions inside
             + c5 reference                                                      success of areas looked to
             + c6 bandwagon                                                      share that has it x signal
             + c7 city OS - c8 load + c9 architect
    chance in a month = 1 - exp(-rate / 12)

The order of the terms is :data:`TERMS`; the likelihood of an event log (``twin/inference/spread.py``) reads
the same arrays. After Ito Shuichiro's dynamic interdependence of municipalities: conditions inside,
mutual reference, and the race once the centre moves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from twin.units import MONTHS_A_YEAR, share_per_step

TERMS = (
    "need", "budget", "maturity", "adoption", "reference", "bandwagon", "city_os", "load", "architect",
)  # fmt: skip
EFFECTS = (
    "need_effect", "budget_effect", "maturity_effect", "adoption_effect", "reference", "bandwagon", "city_os_effect",
    "load_effect", "architect_effect",
)  # fmt: skip
LESS = TERMS.index("load")  # the one that takes away
Terms = dict[str, np.ndarray | float]


class Asked(NamedTuple):
    """Who could ask to begin in a month, and who did; what a likelihood needs.

    Attributes
    ----------
    terms : (terms, areas, services) conditions
    may : (areas, services) where a service could begin
    wish : (areas, services) where an area asked to begin it, whether or not there was money
    """

    terms: np.ndarray
    may: np.ndarray
    wish: np.ndarray


def log_rate(base: np.ndarray, effect: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """Logarithm of the yearly rate, (areas, services).

    Parameters
    ----------
    base : (services,) yearly rate under average conditions; 0 gives minus infinity
    effect : (terms,) one number for each of TERMS
    terms : (terms, areas, services) conditions
    """
    signed = np.where(np.arange(len(TERMS)) == LESS, -effect, effect)
    with np.errstate(divide="ignore"):
        return np.log(base) + np.tensordot(signed, terms, axes=1)


def chance(log_rates: np.ndarray) -> np.ndarray:
    """Chance of beginning within a month."""
    return share_per_step(np.exp(log_rates), 1 / MONTHS_A_YEAR)


def stacked(shape: tuple[int, int], terms: Terms) -> np.ndarray:
    """Terms of any fitting shape as one array, (terms, areas, services) f8."""
    return np.stack([np.broadcast_to(np.asarray(terms[name], float), shape) for name in TERMS])
