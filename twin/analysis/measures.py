"""The numbers behind the roadmap's conditions: each a function of a run's log and the thresholds, month by month.

A number looks back twelve months from the end of each month, (months,); nan where there is none yet. Thresholds
matter to a few of them: the users of the third best service are asked for because three services are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from twin.analysis.log import Log, NotLogged, best, over_year
from twin.processes.spread.services import SERVICES
from twin.processes.spread.stages import LIVE, TRIAL
from twin.units import MONTHS_A_YEAR
from twin.vision import Vision

Limits = Mapping[str, float]
Measure = Callable[[Log, Limits], np.ndarray]

# -- P: problems solved ------------------------------------------------------------------------


def fields() -> np.ndarray:
    """Number of the smart each spreading service is at home in, (services,)."""
    home = [Vision.read().catalogue.service(service).smart for service in SERVICES]
    return np.unique(home, return_inverse=True)[1]


_FIELDS = fields()


def _crossing(log: Log) -> np.ndarray:
    """Which services are live and share data with one of another field in some area, (months, services)."""
    joined = (log.flags["linked"] & (log.flags["stage"] == LIVE)).astype(np.int32)
    other = (_FIELDS[:, None] != _FIELDS).astype(np.int32)
    return ((joined > 0) & (joined @ other > 0)).any(axis=1)


def crossing(log: Log, limits: Limits) -> np.ndarray:
    """Services across fields, in the month of the year with the fewest."""
    return over_year(_crossing(log).sum(axis=1), "min")


def users(log: Log, limits: Limits) -> np.ndarray:
    """Share of its target group using the last of the services asked for, in the month with the least."""
    found = log.noted("service_users"), log.noted("service_target")
    none = np.zeros(len(log.months))
    using, asked = (np.stack([part.get(s, none) for s in SERVICES], axis=1) for part in found)
    part = np.where(_crossing(log), _ratio(using, asked), np.nan)
    return over_year(best(part, limits["p5.services"]), "min")


def independent(log: Log) -> np.ndarray:
    """Which areas' teams were area management bodies in each of twelve months, (months, areas)."""
    return over_year(log.flags["independent"], "min") == 1


def bodies(log: Log, limits: Limits) -> np.ndarray:
    """Areas whose team stood on its own throughout the year."""
    return _after_a_year(independent(log).sum(axis=1))


def better(log: Log, limits: Limits) -> np.ndarray:
    """How much more is felt in the last of the areas asked for than without its services, a part of the latter."""
    alone = independent(log)
    if log.plain is None:
        raise NotLogged("no_plain")
    with_them, without = (over_year(run.of_areas("indicator_05"), "mean") for run in (log, log.plain))
    return best(np.where(alone, _ratio(with_them, without) - 1, np.nan), limits["p10.areas"])


def share(indicator: str) -> Measure:
    """A year's mean of an indicator of the city."""
    return lambda log, limits: over_year(log.of_city(indicator), "mean")


def aged(log: Log, limits: Limits) -> np.ndarray:
    """Those aged 75 and over against everybody, in the worse of the two indicators asked of all adults."""
    found = [
        _ratio(over_year(log.of_city(name, "75+"), "mean"), over_year(log.of_city(name), "mean"))
        for name in ("indicator_05", "indicator_10")
    ]
    return np.minimum(*found)


# -- A: area by area ---------------------------------------------------------------------------


def leading(log: Log, limits: Limits) -> np.ndarray:
    """The step of the leading area that is farthest, in the month of the year in which it was lowest."""
    return over_year(np.where(log.leads, log.flags["reached"], 0).max(axis=1), "min")


def _tried(log: Log, limits: Limits) -> np.ndarray:
    """Which other areas had, within twelve months, a trial old enough or a live service, (months, areas)."""
    stage = log.flags["stage"]
    age = np.zeros(stage.shape[1:], np.int64)
    found = (stage == LIVE).any(axis=2)
    for month, now in enumerate(stage):
        age = np.where(now == TRIAL, age + 1, 0)
        found[month] |= (age >= limits["a5.months"]).any(axis=1)
    return (over_year(found, "max") == 1) & ~log.leads


def areas(log: Log, limits: Limits) -> np.ndarray:
    """Other areas with a trial or service."""
    return _after_a_year(_tried(log, limits).sum(axis=1))


def wards(log: Log, limits: Limits) -> np.ndarray:
    """Other wards than the leading areas' with such an area."""
    inside = log.places.members[1:].T
    return _after_a_year(((_tried(log, limits) @ inside > 0) & (log.leads @ inside == 0)).sum(axis=1))


def _step2(log: Log) -> np.ndarray:
    """Share of residents in areas at STEP2 or more, (months, city and wards)."""
    people, members = log.of_areas("people"), log.places.members.T
    there = np.where(log.flags["reached"] >= 2, people, 0.0)
    return _ratio(there @ members, people @ members)


def rolled_out(log: Log, limits: Limits) -> np.ndarray:
    """Share of residents in areas at STEP2 or more, in the month with the least."""
    return over_year(_step2(log)[:, 0], "min")


def lowest_ward(log: Log, limits: Limits) -> np.ndarray:
    """The same in the ward with the least."""
    return over_year(_step2(log)[:, 1:].min(axis=1), "min")


def online(group: str) -> Measure:
    """Share of a group using the city's online services, a year's mean."""
    return lambda log, limits: over_year(
        _ratio(log.of_city("egov_users", group), log.of_city("people", group)), "mean"
    )


def continuity(log: Log, limits: Limits) -> np.ndarray:
    """Availability of the city OS over the year; nought while there is none."""
    return over_year(log.of_city("os_available"), "mean")


def counter(log: Log, limits: Limits) -> np.ndarray:
    """Share of the year's procedures that came to a counter."""
    online, every = (over_year(log.of_city(name), "sum") for name in ("procedures_online", "procedures"))
    return 1 - _ratio(online, every)


# -- D: data -----------------------------------------------------------------------------------


def linked_pairs(log: Log, limits: Limits) -> np.ndarray:
    """Pairs of services linked somewhere and used together, in the month with the fewest."""
    return over_year(_link_users(log).astype(bool).sum(axis=1), "min")


def link_users(log: Log, limits: Limits) -> np.ndarray:
    """Residents using both ends of the last of the links asked for, in the month with the fewest."""
    return over_year(np.nan_to_num(best(_link_users(log), limits["d5.links"])), "min")


def _link_users(log: Log) -> np.ndarray:
    pairs = list(log.noted("link_users").values())
    return np.stack(pairs, axis=1) if pairs else np.zeros((len(log.months), 0))


def os_months(log: Log, limits: Limits) -> np.ndarray:
    """Months of the year in which the city OS ran."""
    return over_year(log.of_city("os_available") > 0, "sum")


def os_available(log: Log, limits: Limits) -> np.ndarray:
    """Its availability in those months."""
    total, months = over_year(log.of_city("os_available"), "sum"), os_months(log, limits)
    return _ratio(total, months)


def saving(log: Log, limits: Limits) -> np.ndarray:
    """Yen saved by the hub against links pair by pair, as last written down within the year."""
    direct, hub = (log.of_city(f"link_cost_{way}") for way in ("direct", "hub"))
    found = direct - hub
    for month in range(1, len(found)):
        recent = found[max(month - MONTHS_A_YEAR + 1, 0) : month + 1]
        known = recent[~np.isnan(direct[max(month - MONTHS_A_YEAR + 1, 0) : month + 1])]
        found[month] = known[-1] if len(known) else np.nan
    return found


def federated(log: Log, limits: Limits) -> np.ndarray:
    """Areas with linked services whose city OS is joined with others', in the month with the fewest."""
    return over_year((log.flags["federated"] & _on_os(log)).sum(axis=1), "min")


def federated_people(log: Log, limits: Limits) -> np.ndarray:
    """Their residents as a part of those in all areas with linked services, in the month with the least."""
    people, on = log.of_areas("people"), _on_os(log)
    joined, every = (np.where(rows, people, 0.0).sum(axis=1) for rows in (log.flags["federated"] & on, on))
    return over_year(_ratio(joined, every), "min")


def _on_os(log: Log) -> np.ndarray:
    """Areas with linked services while the city OS runs, (months, areas)."""
    return log.flags["linked"].any(axis=2) & (log.of_city("os_available") > 0)[:, None]


def elsewhere(log: Log, limits: Limits) -> np.ndarray:
    """Uses by residents of other areas as a part of all the year's uses of areas' services."""
    away, every = (over_year(log.of_city(name), "sum") for name in ("uses_elsewhere", "uses_all"))
    return _ratio(away, every)


def archive(log: Log, limits: Limits) -> np.ndarray:
    """No run can tell: forecasts must have been kept and laid beside what came."""
    raise NotLogged("no_archive")


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """One by the other; nan where there is nothing to divide by."""
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def _after_a_year(counted: np.ndarray) -> np.ndarray:
    """Counts made of yes or no over a year: nan before there is a year."""
    found = counted.astype(float)
    found[: MONTHS_A_YEAR - 1] = np.nan
    return found
