"""The areas alone, with all switched off that a case does not ask about: what verification and tests live in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from twin.facts import Facts
from twin.model import CityTwin
from twin.processes.spread.events import PREFIX
from twin.processes.spread.hazard import EFFECTS
from twin.processes.spread.services import SERVICES
from twin.run.areas_alone import AreasAlone, areas_alone, steady
from twin.verification.worlds import city, with_values

PEOPLE = 974_951  # residents, census of 2020
SHARES = {"net": 0.8, "maas": 0.1, "alerts": 0.4, "convenient": 0.5, "employed": 0.5}
LEADING = "12106A02"
LONG = 240
_RICH = 2e11  # yen: nothing is short of money


def spread_facts(values: Mapping[str, object], quiet: bool = True) -> Facts:
    """Facts with some of ``spread.*`` replaced; quiet ones have no effects, plans or architects besides."""
    calm: dict[str, object] = dict.fromkeys(EFFECTS, 0.0) if quiet else {}
    if quiet:
        calm |= {
            "pilots": 0.0,
            "architects": 0.0,
            "city_os": 0.0,
            "signal": 0.0,
            "link_rate": 0.0,
            "budget": _RICH,
        }
        calm |= {"base": dict.fromkeys(SERVICES, 0.0), "os_outages": 0.0}
    return with_values(Facts.read(), {f"spread.{name}": value for name, value in {**calm, **values}.items()})


def lived(facts: Facts, months: int = LONG, seed: int = 1, off: Iterable[str] = ()) -> AreasAlone:
    """The areas alone after some months."""
    model = areas_alone(city(), steady(city(), PEOPLE, SHARES), facts, seed, off=off)
    model.live(months)
    return model


@cache
def usual(seed: int = 1) -> AreasAlone:
    """The numbers as they stand, lived to the end of FY2041."""
    return lived(Facts.read(), 258, seed)


def happened(model: CityTwin, kind: str) -> list[tuple[int, str, str, float]]:
    """Month, area, service and value of the events of a kind."""
    return [(m, area, group, v) for m, name, area, group, v, _ in model.ledger.notes if name == PREFIX + kind]


def accounts(model: CityTwin) -> dict[str, dict[str, int]]:
    """Yen by fiscal year and line."""
    years: dict[str, dict[str, int]] = {}
    for _, name, _, year, value, kind in model.ledger.notes:
        if kind == "money":
            years.setdefault(year, {})[name.removeprefix("yen_")] = int(value)
    return years
