"""What is on offer: the services of the catalogue that are live make a technology available and good.

A technology is offered by the market, by services of the catalogue, or both. Each live service adds
to its quality, the next one less than the last:

    quality = 1 - (1 - q_market) x product of (1 - met x benefit x live)
    available = max(market, live services);  effort = mean effort of the live services
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from twin.vision import Vision

if TYPE_CHECKING:
    from twin.model import CityTwin


@dataclass(frozen=True)
class Offer:
    """What is on offer in a month.

    Attributes
    ----------
    live : how far each service of the catalogue is there, 0 to 1, by its id
    available : (technologies, areas) f8, 0 to 1
    quality : (technologies,) f8, 0 to 1, what it is worth to a user without effort
    effort : (technologies,) f8, 0 to 1, what it asks of a user without ability
    """

    live: Mapping[str, float]
    available: np.ndarray
    quality: np.ndarray
    effort: np.ndarray


def offer_of(model: CityTwin, technologies: Sequence[str]) -> Offer:
    """Read what is live this month."""
    live, met = model.table("services.live"), model.fact("services.met")
    areas = len(model.city.areas.code)
    available, quality, effort = np.empty((len(technologies), areas)), [], []
    for k, name in enumerate(technologies):
        services = [(live.get(s, 0.0), benefit, ease) for s, benefit, ease in _group(name)]
        market = model.entry("services.market", name)
        here = max([market, *(is_live for is_live, _, _ in services)])
        left = np.prod([1 - met * benefit * is_live for is_live, benefit, _ in services])
        quality.append(1 - (1 - model.entry("services.market_quality", name) * market) * left)
        weight = [market, *(is_live for is_live, _, _ in services)]
        asked = [model.entry("services.market_effort", name), *(ease for _, _, ease in services)]
        effort.append(np.dot(weight, asked) / max(sum(weight), 1e-9))
        available[k] = here
    return Offer(live, available, np.array(quality), np.array(effort))


@cache
def _group(technology: str) -> tuple[tuple[str, float, float], ...]:
    """Id, benefit and effort of the services that carry a technology."""
    return tuple((s.id, s.benefit, s.effort) for s in Vision.read().catalogue.of(technology))
