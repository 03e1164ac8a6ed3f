"""Links between an area's services, the city OS they may go through, and areas linked with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.processes.spread.city_os import FULL, direct_cost, hub_cost, links_used, next_link
from twin.processes.spread.life import names
from twin.processes.spread.services import SERVICES, SPREADING, TARGET
from twin.processes.spread.stages import LIVE
from twin.units import MONTHS_A_YEAR, share_per_step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin.processes.spread.now import Now
    from twin.processes.spread.process import Spread


def link(it: Spread, now: Now) -> None:
    """Live services of an area are linked one by one, by mature teams sooner."""
    live, n = it.stage == LIVE, now.numbers
    chance = share_per_step(n["link_rate"] * (0.5 + it.maturity[:, None]), 1 / MONTHS_A_YEAR)
    may = live & ~it.linked & (live.sum(axis=1) >= 2)[:, None]
    if not may.any():
        return
    u = now.model.chance.uniform("spread: link", now.model.month, names(len(live)).ravel()).reshape(
        live.shape
    )
    for area, service in np.argwhere(may & (u < chance)):
        linked = int(it.linked[area].sum())
        cost = next_link(linked, it.os.works, n.yen("link_pair"), n.yen("link_hub"))
        if cost <= it.room(now):
            it.account.take("links", cost)
            it.happen(now, "linked", area, service)


def run_city_os(it: Spread, now: Now) -> None:
    """Build the city OS month by month from the day it is wanted, then run it; now and then it fails."""
    n, wanted = now.numbers, now.numbers["city_os"] > 0 and now.model.on("spread.city_os")
    it.os.available = round(n["os_availability"] * FULL)
    if not wanted:
        if it.os.works:
            it.happen(now, "os_down")
        it.os.works = False
        return
    if it.os.works:
        _run(it, now)
        return
    months = max(round(n["os_months"]), 1)
    part = n.yen("os_setup", months)
    if part <= it.account.cash:
        if it.os.built == 0:
            it.happen(now, "os_begun")
        it.account.take("city_os", part)
        it.os.built += 1
        if it.os.built >= months:
            it.os.works = True
            it.happen(now, "os_live")


def _run(it: Spread, now: Now) -> None:
    """A month of running: it is paid for, or it stands still; a long outage hits all at once."""
    n = now.numbers
    cost = n.yen("os_yearly", MONTHS_A_YEAR)
    if cost > it.account.cash:
        it.os.available = 0
        it.happen(now, "os_down")
        return
    it.account.take("city_os", cost)
    u = now.model.chance.uniform("spread: outage of the city OS", now.model.month, [0])[0]
    if now.model.on("spread.outages") and u < share_per_step(n["os_outages"], 1 / MONTHS_A_YEAR):
        it.os.available = round(n["os_outage"] * FULL)
        it.happen(now, "outage")


def federate(it: Spread, now: Now) -> None:
    """Areas whose services run through the city OS link it with those of other areas."""
    n = now.numbers
    may = it.linked.any(axis=1) & ~it.federated & (it.os.works and n["federation"] > 0)
    if not may.any():
        return
    u = now.model.chance.uniform("spread: federation", now.model.month, np.arange(len(may)))
    cost = n.yen("federation_hub")
    for area in np.flatnonzero(may & (u < share_per_step(n["federation_rate"], 1 / MONTHS_A_YEAR))):
        if cost <= it.room(now):
            it.account.take("links", cost)
            it.happen(now, "federated", area)


def monthly(it: Spread, now: Now) -> Iterator[tuple[str, str, float]]:
    """Name, group and value of what a month ends with, for the city as a whole.

    ``service_users`` and ``service_target``: those of the ages a service is for who use it, and all of them, in the
    areas where it is live, by service; ``link_users``: residents using both services of a link, by pair;
    ``os_available``: share of the month the city OS worked, nought while there is none.
    """
    yield "os_available", "all", it.os.available / FULL * it.os.works
    live = it.stage == LIVE
    rows, each = np.flatnonzero(live.any(axis=1)), np.flatnonzero(live.any(axis=0))
    counts, of_each = (
        now.model.census.counts[rows],
        SPREADING.technology[each] + 1,
    )  # 0, people, for what serves all
    asked = (counts[:, :, 0] @ TARGET[each].T) * live[np.ix_(rows, each)]
    using = (
        np.einsum("agj,jg->aj", counts[:, :, of_each], TARGET[each]) * (live * now.meet)[np.ix_(rows, each)]
    )
    for name, people in (("service_users", using), ("service_target", asked)):
        for j, number in zip(each.tolist(), (people.sum(axis=0) / now.model.fraction).tolist(), strict=True):
            yield name, SERVICES[j], number
    if len(now.linking):
        linked = (it.linked & live)[now.linking]
        ends = np.where(linked[:, :, None] & linked[:, None, :], now.joint, 0.0)
        both = np.triu(np.einsum("ajk,a->jk", ends, now.around.people[now.linking]), 1).tolist()
        pairs = ((j, k, number) for j, row in enumerate(both) for k, number in enumerate(row) if number > 0)
        yield from (("link_users", f"{SERVICES[j]}+{SERVICES[k]}", number) for j, k, number in pairs)


def yearly(it: Spread, now: Now) -> Iterator[tuple[str, float]]:
    """Yen that today's links cost pair by pair, and through a hub: one for the whole city."""
    linked = (it.linked & (it.stage == LIVE))[now.linking]
    count, n = linked.sum(axis=1).tolist(), now.numbers
    yield "link_cost_direct", float(sum(direct_cost(c, n.yen("link_pair")) for c in count))
    yield "link_cost_hub", float(hub_cost(sum(count), n.yen("os_setup"), n.yen("link_hub")))


def in_use(it: Spread, now: Now) -> np.ndarray:
    """Links in use in each area; one bad month does not end a step, so from STEP2 on half the users keep a link."""
    found, rows = np.zeros(len(it.linked), np.int64), now.linking
    if len(rows):
        linked = (it.linked & (it.stage == LIVE))[rows]
        least = np.where(it.reached[rows] >= 2, 0.5, 1.0) * now.numbers["link_users"]
        found[rows] = links_used(linked, now.joint, now.around.people[rows], least)
    return found
