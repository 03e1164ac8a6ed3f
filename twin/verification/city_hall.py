"""V-49 and H-05: procedures worked out by hand, and the city's own figure."""

from __future__ import annotations

from datetime import date

import numpy as np

from twin.facts import Facts
from twin.model import CityTwin
from twin.processes.city_hall import procedures_of
from twin.results.census import GROUPS, QUANTITIES, Census
from twin.units import MONTHS_A_YEAR, month_number
from twin.verification.case import Check, case
from twin.verification.engine import city_model
from twin.verification.worlds import with_values

_FRACTION = 0.02
_BY_HAND = {
    "possible": 0.9, "own": 0.5, "effort": 0.2, "card": 0.5, "firms": 0.4,  # tables: the same for every type
    "eased": 0.5, "strange": 2.2, "firms_online": 0.62,
}  # fmt: skip


@case("V-49", "オンライン手続の割合、手計算と両極端", "Procedures online: by hand, all and none")
def online_by_hand() -> list[Check]:
    """One share for every type, worked out with a pencil; then a city where all is online, and none."""
    model = city_model(facts=_facts(_BY_HAND, services=0.8, skills=0.5))
    census = _census(model, egov=0.3, net=0.8, card=0.6, egov_card=0.2)
    shares = procedures_of(model).share_online(census)
    # trouble 0.15; able 0.3 x 0.85 + 0.5 x 0.67 = 0.59, with a card 0.2 x 0.85 + 0.3 x 0.67 = 0.371
    wanted = 0.9 * 0.9 * (0.4 * 0.62 + 0.6 * (0.5 * 0.59 + 0.5 * 0.371))
    easy = {"possible": 1.0, "own": 1.0, "effort": 0.0, "card": 1.0}
    everybody = dict.fromkeys(("egov", "net", "card", "egov_card"), 1.0)
    every = _month(city_model(facts=_facts(easy | {"firms_online": 1.0}, services=1.0)), everybody)
    no_service = _month(city_model(facts=_facts(easy, services=0.0)), everybody)
    nobody = _month(city_model(facts=_facts(easy | {"firms": 0.0}, services=1.0)), {})
    return [
        Check("least and greatest share of a type and area, by hand", wanted, float(shares.min()), 1e-12),
        Check("the same, greatest", wanted, float(shares.max()), 1e-12),
        Check("all can and do: filed less filed online", 0, every[0] - every[1]),
        Check("something is filed", True, every[0] > 0),
        Check("nothing is offered: filed online", 0, no_service[1]),
        Check("nobody uses the internet, no firms: filed online", 0, nobody[1]),
    ]


@case("H-05", "千葉市のオンライン手続の利用率（2023年度）", "Procedures of Chiba City filed online, FY2023")
def city_s_own_figure() -> list[Check]:
    """One number of the model was fitted to this figure (``procedures.strange``): a fit, not a test."""
    year, facts = date(2023, 4, 1), Facts.read()
    model = city_model(fraction=_FRACTION)
    model.live(month_number(year) + MONTHS_A_YEAR - model.month)
    filed, online = (
        sum(int(past.sum()) for past in model.ledger.flows[name][-MONTHS_A_YEAR:])
        for name in ("procedures", "procedures_online")
    )
    wanted = facts.number("history.online_procedures", year)
    return [Check("share filed online in FY2023 (fitted)", wanted, round(online / filed, 4), 0.01)]


def _facts(values: dict[str, float], services: float, skills: float = 0.0) -> Facts:
    """The packaged facts with one value for all types, and so much of the two services live."""
    facts = Facts.read()
    everywhere = {}
    for word, value in values.items():
        fact = facts[f"procedures.{word}"]
        everywhere[fact.key] = dict.fromkeys(facts.table(fact.key, date.max), value) if fact.axis else value
    live = facts.table("services.live", date.max) | {"online_procedures": services, "staff_skills": skills}
    return with_values(facts, {**everywhere, "services.live": live})


def _census(model: CityTwin, **shares: float) -> Census:
    """A hundred people in every area and age group, these shares of them with each quantity."""
    counts = np.zeros((len(model.areas), len(GROUPS), len(QUANTITIES)), np.int64)
    counts[:, :, 0] = 100
    for name, share in shares.items():
        counts[:, :, QUANTITIES.index(name)] = round(100 * share)
    return Census(model.month, counts)


def _month(model: CityTwin, shares: dict[str, float]) -> tuple[int, int]:
    """Procedures filed, and filed online, in the month after such a census."""
    model.census = _census(model, **shares)
    model.step()
    filed, online = (int(model.ledger.flows[name][-1].sum()) for name in ("procedures", "procedures_online"))
    return filed, online
