"""The facts of a period as the arithmetic wants them, and whether they fit the city and each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import InputError, Problems, suggestion
from twin.messages import LANGUAGES
from twin.processes.spread.hazard import EFFECTS
from twin.processes.spread.services import SERVICES, SPREADING

if TYPE_CHECKING:
    from datetime import date

    from twin.city.city import City
    from twin.facts import Facts

SINGLE = (
    *EFFECTS, "signal", "size_power", "reach", "likeness", "trial_months", "trial_reach", "trial_odds", "trial_maturity",
    "trial_match", "trial_use", "felt_effect", "success_pace", "floor", "patience", "rest", "failure_half_life",
    "quality_start", "quality_maturity", "pilots", "architects", "architect_stay", "architect_wait", "growth",
    "growth_architect", "rotation_years", "rotation_loss", "vacancy_loss", "revenue_pace", "substitute", "busy", "budget",
    "budget_factor", "usual_budget", "national_share", "trial_share", "progress_ratio", "partners", "backing", "contingency", "team_cost",
    "architect_cost", "city_os", "os_months", "os_setup", "os_yearly", "link_pair", "link_hub", "link_rate", "link_benefit",
    "link_users", "os_availability", "os_outages", "os_outage", "federation", "federation_rate", "federation_hub",
    "elsewhere",
)  # fmt: skip
BY_SERVICE = ("base", "need_old", "need_far", "need_dense", "users_hoped", "plan", "units", "fee", "uses")
BY_AREA = ("leading", "architect")
TABLES = ("alpha", "independent", "enough", "steps", "extent")
FACTS = tuple(f"spread.{name}" for name in (*SINGLE, *BY_SERVICE, *BY_AREA, *TABLES))


@dataclass(frozen=True)
class Numbers:
    """One period's numbers.

    Attributes
    ----------
    one : single numbers by name
    by : (services,) f8 by name
    at : (areas,) f8 by name
    table : tables by name
    """

    one: Mapping[str, float]
    by: Mapping[str, np.ndarray]
    at: Mapping[str, np.ndarray]
    table: Mapping[str, Mapping[str, float]]

    def __getitem__(self, name: str) -> float:
        return self.one[name]

    def yen(self, name: str, months: int = 1) -> int:
        """Whole yen of a single number, or of a part of it: ``months`` 12 for a month's part of a year's."""
        return round(self.one[name] / months)


def numbers_of(facts: Facts, city: City, day: date) -> Numbers:
    """The facts of a day.

    Raises
    ------
    InputError, ManyProblems
        An area the city does not have, two architects in one place, a service planned before the one it
        builds on.
    """
    problems = Problems()
    by = {name: _by_service(facts, day, name) for name in BY_SERVICE}
    at = {name: _by_area(facts, city, day, name, problems) for name in BY_AREA}
    _check_architects(city, at["architect"], problems)
    _check_plan(by["plan"], problems)
    problems.stop_if_any()
    return Numbers(
        {name: facts.number(f"spread.{name}", day) for name in SINGLE}, by, at,
        {name: facts.table(f"spread.{name}", day) for name in TABLES},
    )  # fmt: skip


def _by_service(facts: Facts, day: date, name: str) -> np.ndarray:
    table = facts.table(f"spread.{name}", day)
    return np.array([table[service] for service in SERVICES])


def _by_area(facts: Facts, city: City, day: date, name: str, problems: Problems) -> np.ndarray:
    """A table by area code in the city's order; areas it does not speak of have nought."""
    codes, found = city.areas.code, np.zeros(len(city.areas.code))
    for code, value in facts.table(f"spread.{name}", day).items():
        if code in codes:
            found[codes.index(code)] = value
        elif value:
            near = {lang: suggestion(code, codes, lang) for lang in LANGUAGES}
            problems.append(
                InputError("spread.area", where=f"spread.{name}", found=code, near=near, count=len(codes),
                           first=codes[0], last=codes[-1])
            )  # fmt: skip
    return found


def _check_architects(city: City, architects: np.ndarray, problems: Problems) -> None:
    for row in np.flatnonzero((architects != 0) & (architects != 1)):
        areas = city.areas
        name = {"ja": areas.name_ja[row], "en": areas.name_en[row]}
        problems.append(
            InputError("spread.architects", where=f"spread.architect[{areas.code[row]}]", name=name,
                       found=f"{architects[row]:g}")
        )  # fmt: skip


def _check_plan(plan: np.ndarray, problems: Problems) -> None:
    """A service may not be planned before the one it builds on."""
    for late, early in np.argwhere(SPREADING.after):
        if plan[late] and not 0 < plan[early] < plan[late]:
            problems.append(
                InputError("spread.order", where="spread.plan", service=SERVICES[late], before=SERVICES[early],
                           place=f"{plan[late]:g}", other=f"{plan[early]:g}")
            )  # fmt: skip
