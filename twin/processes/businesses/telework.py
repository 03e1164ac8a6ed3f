"""Telework: which businesses offer it, and which citizens may do it.

    P(offers) = 1 / (1 + exp(-(level(year) + logit of the industry + slope ln(n / 100) + effect x stage)))

A citizen may work from home when the business offers it and the job allows it. Of those who work outside
the city only the region's share is known, and it is drawn for both together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit, logit

from twin.kernels.work import telework_plain
from twin.processes.businesses.industries import by_industry

if TYPE_CHECKING:
    from twin.model import CityTwin
    from twin.processes.businesses.process import BusinessLife

JOB_ALLOWS = "businesses: job allows telework"  # purpose of the draw a citizen has for life
_HUNDRED = 100.0  # persons: the survey the level is fitted to asks firms from this size on


class Telework(NamedTuple):
    """What working citizens may do (yes/no each).

    offered : the place of work offers telework
    allowed : the job can be done from elsewhere
    """

    offered: np.ndarray
    allowed: np.ndarray


def offers(life: BusinessLife, model: CityTwin) -> np.ndarray:
    """Which businesses offer telework (yes/no); who offers it first offers it longest."""
    firms, share = model.businesses, by_industry(model, "firms.telework_industry")
    size = model.fact("firms.telework_size") * np.log(np.maximum(firms.employees, 1) / _HUNDRED)
    stage = model.fact("firms.telework_stage") * life.stage
    chance = expit(model.fact("firms.telework_level") + logit(share)[firms.industry] + size + stage)
    return firms.here & (model.chance.uniform("businesses: telework", 0, firms.id) < chance)


def may_telework(
    day: np.ndarray, work: np.ndarray, draw: np.ndarray, offers: np.ndarray, industry: np.ndarray,
    jobs: np.ndarray, outside: float,
) -> Telework:  # fmt: skip
    """Who may work from home, from arrays alone.

    Parameters
    ----------
    day, work : (people,) where the working day is spent (:class:`twin.agents.citizens.Day`) and the business row, -1 none
    draw : (people,) a number in [0, 1) each, for life
    offers, industry : (firms,) whether telework is offered, and the industry row
    jobs : (industries,) share of jobs that can be done from elsewhere
    outside : share of those who work outside the city that telework
    """
    return Telework(*telework_plain(day, work, draw, offers, jobs[industry], outside))


def citizens_telework(model: CityTwin) -> Telework:
    """:func:`may_telework` of every citizen row of a running model."""
    people, firms = model.citizens, model.businesses
    return may_telework(
        people.day, people.work, model.chance.uniform(JOB_ALLOWS, 0, people.id),
        firms.array("businesses.telework"), firms.industry, by_industry(model, "firms.telework_jobs"),
        model.fact("firms.telework_outside"),
    )  # fmt: skip
