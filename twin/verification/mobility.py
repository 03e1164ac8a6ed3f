"""Getting around in a small whole city: a coupling switched off is as if its mechanism were absent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from twin.facts import Change, Facts
from twin.model import CityTwin
from twin.run.command import known
from twin.run.plan import PROCESSES, model_of
from twin.scenarios import Scenario
from twin.verification.case import Check, case
from twin.verification.engine import beginning, fingerprint
from twin.verification.worlds import city, with_values

FRACTION = 0.005
_MONTHS = {"mobility.cars": 14}  # over the second October, in which cars change hands
_FEW = 3  # months in which all else shows
_AFTER = date(2020, 11, 1)
# facts without which a mechanism is absent; services that are live elsewhere have none of their own
_ABSENT = {
    "mobility.peers": "travel.subscription.peers", "mobility.app": "travel.subscription.app",
    "mobility.cars": "travel.car.gain", "mobility.awareness": "mobility.tells",
    "mobility.convenience": "mobility.convenience", "mobility.acts": "mobility.acts", "mobility.staff": "mobility.staff",
}  # fmt: skip


@cache
def getting_around() -> Scenario:
    """The packaged scenario that works trips out."""
    return Scenario.read("getting_around", Facts.read(), known())


def moving_city(
    seed: int = 1, off: Iterable[str] = (), changes: Iterable[Change] = (), fraction: float = FRACTION,
    facts: Facts | None = None, months: int = 0,
) -> CityTwin:  # fmt: skip
    """A small whole city that gets around, after some months, with switches off, changes or other facts."""
    scenario = replace(getting_around(), off=tuple(off))
    facts = (facts or Facts.read()).changed(changes)
    model = model_of(city(), beginning(fraction), scenario, facts, seed, fraction)
    model.start()
    model.live(months)
    return model


@case(
    "V-45d",
    "移動の結びつきを切るのは、そのしくみがないのと同じ",
    "A coupling of getting around switched off is as if its mechanism were absent",
    long=True,
)
def switches() -> list[Check]:
    """Each switch against facts that leave the mechanism out, whole memory; and against the usual run."""
    checks = []
    for switch in PROCESSES["mobility"].couplings:
        months = _MONTHS.get(switch, _FEW)
        plain, off = fingerprint(_lived(months)), fingerprint(_lived(months, off=(switch,)))
        checks.append(
            Check("something differs without {switch}", True, off != plain, named={"switch": switch})
        )
        if switch in _ABSENT:
            without = fingerprint(_lived(months, {_ABSENT[switch]: 0.0}))
            checks.append(Check("without {switch}", without, off, named={"switch": switch}))
    return checks


def _lived(months: int, values: dict[str, float] | None = None, off: Iterable[str] = ()) -> CityTwin:
    """More and free rides, and bundles for all from the second month on, in a city where many think them over."""
    facts = with_values(
        Facts.read(), {"mobility.review": 0.5, "travel.subscription.fee": 1000.0, **(values or {})}
    )
    codes = city().areas.code
    changes = [
        Change("mobility.bundle", dict.fromkeys(codes, 1.0), since=_AFTER),
        Change("mobility.frequency", {"rail": 2.0, "bus": 2.0}, since=_AFTER),
        Change("services.live", 0.5, since=_AFTER, label="on_demand_transport"),
    ]
    return moving_city(off=off, changes=changes, facts=facts, months=months)
