"""Which services of the catalogue spread area by area, and what the catalogue says of them.

A service spreads when an area's team can run it or when its cost is for an area or a site; the rest of
the catalogue is the city's as a whole (``services.live``). The support of area teams is not a service.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.results.census import GROUP_STARTS, TECHNOLOGIES
from twin.vision import Vision
from twin.vision.entry import OLDEST

TEAMS = "area_teams"  # the catalogue's entry for what carries the spread itself


@dataclass(frozen=True)
class Spreading:
    """The services that spread, in the catalogue's order.

    Attributes
    ----------
    ids : their ids
    technology : row in TECHNOLOGIES of the funnel that carries each (i8), -1 where no resident uses it
    needs_os : whether the catalogue asks for a city OS (services,)
    after : which service cannot begin in an area without which, (services, services) yes/no
    setup, yearly : yen for one unit (services,) i8
    runners : who runs each
    """

    ids: tuple[str, ...]
    technology: np.ndarray
    needs_os: np.ndarray
    after: np.ndarray
    setup: np.ndarray
    yearly: np.ndarray
    runners: tuple[tuple[str, ...], ...]


def _spreading() -> Spreading:
    found = [
        s for s in Vision.read().catalogue.services
        if s.id != TEAMS and ("area_team" in s.run_by or s.cost.per in ("area", "site"))
    ]  # fmt: skip
    ids = tuple(s.id for s in found)
    return Spreading(
        ids,
        technology=np.array([TECHNOLOGIES.index(s.group) if s.group else -1 for s in found]),
        needs_os=np.array(["city_os" in s.needs for s in found]),
        after=np.array([[other in s.after for other in ids] for s in found]),
        setup=np.array([s.cost.setup for s in found], np.int64),
        yearly=np.array([s.cost.yearly for s in found], np.int64),
        runners=tuple(s.run_by for s in found),
    )


def _target() -> np.ndarray:
    """Which age groups of the census each service is for, (services, groups) yes/no: those that reach into its ages."""
    catalogue, ends = Vision.read().catalogue, (*GROUP_STARTS[1:], OLDEST + 1)
    ages = [catalogue.service(service).users.ages for service in SERVICES]
    return np.array(
        [
            [start <= last and end > first for start, end in zip(GROUP_STARTS, ends, strict=True)]
            for first, last in ages
        ]
    )


SPREADING = _spreading()
SERVICES = SPREADING.ids
TARGET = _target()
