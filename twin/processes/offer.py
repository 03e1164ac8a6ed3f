"""What is on offer: the services of the catalogue that are live make a technology available and good.

A technology is offered by the market, by services of the catalogue, or both. Each live service adds
to its quality, the next one less than the last:

    quality = 1 - (1 - q_market) x product of (1 - met x benefit x live)
    available = max(market, live services);  effort = mean effort of the live services

Where services spread from area to area (:mod:`twin.processes.spread`), an area has the better of the city's
and its own: its own counts as ``there`` for availability and as ``there x worth`` for quality.
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


Supply = dict[str, tuple[np.ndarray, np.ndarray]]
_STEPS = 20


@dataclass(frozen=True)
class Offer:
    """What is on offer in a month.

    Attributes
    ----------
    live : how far each service of the catalogue is there, 0 to 1, by its id
    available : (technologies, areas) f8, 0 to 1
    quality : (technologies,) f8, 0 to 1, what it is worth to a user without effort, with the city's services alone
    local : (technologies, areas) f8, the same with the area's own services
    effort : (technologies,) f8, 0 to 1, what it asks of a user without ability
    """

    live: Mapping[str, float]
    available: np.ndarray
    quality: np.ndarray
    local: np.ndarray
    effort: np.ndarray


def offer_of(model: CityTwin, technologies: Sequence[str]) -> Offer:
    """What is live this month."""
    own = supply(model)
    told = tuple((service, *(part.tobytes() for part in parts)) for service, parts in own.items())
    return model.kept(("offer", *technologies, told), lambda: _read(model, technologies, own))


def _read(model: CityTwin, technologies: Sequence[str], own: Supply) -> Offer:
    live, met = model.table("services.live"), model.fact("services.met")
    areas = len(model.city.areas.code)
    available, local = np.empty((len(technologies), areas)), np.empty((len(technologies), areas))
    quality, effort = [], []
    for k, name in enumerate(technologies):
        group = _group(name)
        services = [(live.get(s, 0.0), benefit, ease) for s, benefit, ease in group]
        market = model.entry("services.market", name)
        here = max([market, *(is_live for is_live, _, _ in services)])
        left = np.prod([1 - met * benefit * is_live for is_live, benefit, _ in services])
        quality.append(1 - (1 - model.entry("services.market_quality", name) * market) * left)
        weight = [market, *(is_live for is_live, _, _ in services)]
        asked = [model.entry("services.market_effort", name), *(ease for _, _, ease in services)]
        effort.append(np.dot(weight, asked) / max(sum(weight), 1e-9))
        available[k], local[k] = here, quality[k]
        mine = [(s, benefit) for s, benefit, _ in group if s in own]
        if mine:
            better = np.prod([_left(met * benefit, live.get(s, 0.0), *own[s]) for s, benefit in mine], axis=0)
            local[k] = 1 - (1 - quality[k]) * better
            available[k] = np.maximum(here, np.max([own[s][0] for s, _ in mine], axis=0))
    return Offer(live, available, np.array(quality), local, np.array(effort))


def supply(model: CityTwin) -> Supply:
    """The areas' own services: how far each is there, and that times its worth, (areas,) by id.

    In twentieths, so that what hangs on it is worked out anew only when it matters.
    """
    columns = model.state.tables["areas"].columns
    if "spread.there" not in columns or not model.on("spread.supply"):
        return {}
    there = model.state["areas.spread.there"].astype(float)
    worth = np.rint(there * model.state["areas.spread.worth"] * _STEPS) / _STEPS
    ids = columns["spread.there"].each
    return {s: (there[:, j], worth[:, j]) for j, s in enumerate(ids) if there[:, j].any()}


def _left(met_benefit: float, live: float, there: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """What is left to gain where the area's own service is the better one, against the city's, (areas,)."""
    return (1 - met_benefit * np.maximum(live, worth)) / (1 - met_benefit * live)


@cache
def _group(technology: str) -> tuple[tuple[str, float, float], ...]:
    """Id, benefit and effort of the services that carry a technology."""
    return tuple((s.id, s.benefit, s.effort) for s in Vision.read().catalogue.of(technology))
