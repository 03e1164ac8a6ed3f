"""How a business takes up digital tools: technology, organisation, environment (TOE) as one hazard.

    P(start in a month) = 1 - exp(-ease x pull / 12)
    ease = (n / 10)^slope x exp(shortage + skill + subsidy + city OS)           what the business is
    pull = start + industry peers x share of its industry + partners x share of its trading partners

The manager's skill is the logarithm of a unit exponential draw. With it, without turnover and with the
same pull for everybody, the share that has started is exactly B ease / (1 + B ease), B the sum of the
pull so far: the hazard's factors are the odds ratios that surveys report (a frailty that makes
proportional hazards proportional odds). Those who use climb from stage to stage, and raise their
productivity within a year with a chance that grows with the stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from twin.processes.businesses.industries import by_industry, mean_by_industry
from twin.processes.businesses.partners import share_using
from twin.processes.businesses.turnover import TEN
from twin.units import MONTHS_A_YEAR, share_per_step

if TYPE_CHECKING:
    from twin.model import CityTwin
    from twin.processes.businesses.process import BusinessLife

_MONTH = 1 / MONTHS_A_YEAR
_HALF_A_BIT = 2.0**-54  # keeps a draw away from 0, of which there is no logarithm
_LAST = 4  # the highest stage


def meet(life: BusinessLife, model: CityTwin, rows: np.ndarray) -> None:
    """Give businesses a manager; they have started if their like would have by now.

    A new business is as far as one of its industry, size and manager that has lived here all along,
    but at the first stage: of those that had started longer ago only the census knows.
    """
    firms, chance = model.businesses, model.chance
    ids = firms.id[rows]
    draw = chance.uniform("businesses: manager's skill", 0, ids)
    life.skill[rows] = np.log(-np.log1p(-(draw + _HALF_A_BIT)))
    life.short[rows] = short_of_staff(model)[rows]
    so_far = life.begun[firms.industry[rows]] * ease(life, model)[rows]
    life.stage[rows] = chance.uniform("businesses: digital from the start", 0, ids) < -np.expm1(-so_far)


def as_at_start(life: BusinessLife, model: CityTwin, rows: np.ndarray) -> None:
    """Spread those that have started before the census over the stages, and their last results."""
    chance, mix = model.chance, model.table("firms.begun_stages")
    rows = rows[life.stage[rows] > 0]
    ids = model.businesses.id[rows]
    weights = [mix[str(stage)] for stage in range(1, _LAST + 1)]
    life.stage[rows] = 1 + chance.choice("businesses: stage at the start", 0, ids, weights)
    had = chance.uniform("businesses: result at the start", 0, ids) < results(life, model)[rows]
    ago = np.floor(MONTHS_A_YEAR * chance.uniform("businesses: months since the result", 0, ids))
    life.raised[rows[had]] = model.month - 1 - ago[had]


def live_month(life: BusinessLife, model: CityTwin) -> None:
    """Start, climb, raise productivity: everybody sees the others as they were when the month began."""
    firms, chance, month = model.businesses, model.chance, model.month
    here, before = firms.here, life.stage.copy()
    easy, pull = ease(life, model), pulls(life, model)
    draw = chance.uniform("businesses: digital", month, firms.id)
    starts = here & (before == 0) & (draw < share_per_step(easy * pull, _MONTH))
    climbs = here & (before > 0) & (draw < share_per_step(climb(model)[before] * push(model), _MONTH))
    life.stage[starts | climbs] += 1
    life.since[starts | climbs] = month
    model.count("businesses_start_digital", firms.area[starts])
    monthly = 1 - (1 - results(life, model)) ** _MONTH
    result = chance.uniform("businesses: productivity", month, firms.id) < monthly
    life.raised[here & (before > 0) & result] = month
    life.begun += mean_by_industry(firms.industry[here], pull[here], len(life.begun)) * _MONTH


def ease(life: BusinessLife, model: CityTwin) -> np.ndarray:
    """What multiplies a business's hazard, 1 for ten persons and the average manager (f8)."""
    size = model.fact("firms.size_slope") * np.log(np.maximum(model.businesses.employees, 1) / TEN)
    shortage = model.fact("firms.shortage_effect") * life.short * model.on("businesses.labour")
    return np.exp(size + shortage + model.fact("firms.skill_effect") * life.skill) * push(model)


def push(model: CityTwin) -> np.ndarray:
    """Factor of subsidies and of city data that a business can use (f8)."""
    subsidy = model.fact("firms.subsidy_effect") * reached(model, "subsidy")
    return np.exp(subsidy + model.fact("firms.city_os_effect") * reached(model, "city_os"))


def reached(model: CityTwin, measure: str) -> np.ndarray:
    """Which businesses a measure reaches: the same first ones as its share grows (yes/no)."""
    share = model.fact(f"firms.{measure}") * model.on(f"businesses.{measure}")
    return model.chance.uniform(f"businesses: reached by {measure}", 0, model.businesses.id) < share


def pulls(life: BusinessLife, model: CityTwin) -> np.ndarray:
    """Yearly hazard of a business of ten with the average manager (f8): alone, by industry, by partners."""
    firms = model.businesses
    uses = firms.here & (life.stage > 0)
    of_industry = mean_by_industry(firms.industry[firms.here], uses[firms.here], len(life.begun))
    peers = model.fact("firms.industry_peers") * model.on("businesses.peers")
    partners = model.fact("firms.partners") * model.on("businesses.partners")
    pull = model.fact("firms.start") + peers * of_industry[firms.industry]
    return pull + partners * share_using(life.partners, uses) if partners else pull


def climb(model: CityTwin) -> np.ndarray:
    """Yearly hazard of leaving each stage for the next (5,); none from 0, which is starting, and from the last."""
    rates = model.table("firms.climb")
    return np.array([rates.get(str(stage), 0.0) for stage in range(_LAST + 1)])


def results(life: BusinessLife, model: CityTwin) -> np.ndarray:
    """Chance that a user raises its productivity within twelve months (f8)."""
    term = model.table("firms.result")
    trained = model.chance.uniform("businesses: reached by training", 0, model.businesses.id)
    logit = term["base"] + term["stage"] * life.stage
    logit = logit + term["training"] * (trained < model.fact("firms.training"))
    return expit(logit + term["city_os"] * reached(model, "city_os"))


def short_of_staff(model: CityTwin) -> np.ndarray:
    """Who is short of staff (yes/no): the share of the industry and year; as it grows more join."""
    share = model.fact("firms.shortage") * by_industry(model, "firms.shortage_industry")
    rank = model.chance.uniform("businesses: short of staff", 0, model.businesses.id)
    return rank < share[model.businesses.industry] * reachable(model)


def reachable(model: CityTwin) -> np.ndarray | float:
    """Factor on the shortage of staff by how much more easily people of the business's area get around (f8)."""
    people, areas = model.citizens, len(model.city.areas.code)
    if "mobility.ease" not in people.columns or not model.on("mobility.staff"):
        return 1.0
    area = people.area[people.here]
    ease = np.bincount(area, people.array("mobility.ease")[people.here], areas)
    mean = ease / np.maximum(np.bincount(area, minlength=areas), 1)
    return np.exp(-model.fact("mobility.staff") * mean)[model.businesses.area]
