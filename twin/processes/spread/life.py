"""The life of a service in an area: what it costs, whether it goes on, when it begins, how well it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.processes.spread import team
from twin.processes.spread.city_os import FULL, with_links
from twin.processes.spread.events import HERE
from twin.processes.spread.hazard import EFFECTS, Asked, chance, log_rate, stacked
from twin.processes.spread.money import run_month, setting_up
from twin.processes.spread.services import SERVICES, SPREADING
from twin.processes.spread.stages import ENDED, LIVE, TRIAL
from twin.units import MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.processes.spread.now import Now
    from twin.processes.spread.process import Spread

_ROOM_FOR = 64  # services that have a name of their own in every area
_BAD, _LONGEST = -1.0, 255


def names(areas: int) -> np.ndarray:
    """Stable ids of services in areas, (areas, services), for draws."""
    return np.arange(areas)[:, None] * _ROOM_FOR + np.arange(len(SERVICES))


def pay(it: Spread, now: Now) -> None:
    """Users and members bring money, city hall grants, teams pay what runs; count months without enough."""
    n, running = now.numbers, (it.stage == TRIAL) | (it.stage == LIVE)
    units = n.by["units"]
    bill = np.where(running, np.rint(SPREADING.yearly * units / MONTHS_A_YEAR), 0).astype(np.int64)
    crew = np.where(running.any(axis=1), n.yen("team_cost", MONTHS_A_YEAR), 0).astype(np.int64)
    fees = np.floor((now.users + now.guests) * n.by["fee"] / MONTHS_A_YEAR).sum(axis=1).astype(np.int64)
    cost = bill.sum(axis=1) + crew
    members = np.floor((1 - it.alpha) * n["partners"] * cost).astype(np.int64)
    month = run_month(
        bill, crew, fees + members, it.alpha, n["backing"], it.cash, it.account.cash, it.record
    )  # fmt: skip
    granted = int(month.granted.sum())
    it.account.cash -= granted
    it.monthly = round((granted + _promised(it, now)) * (1 + n["contingency"]))
    for line, yen in (("fees", fees.sum()), ("members", members.sum()), ("services", month.services), ("teams", month.teams)):  # fmt: skip
        it.account.add(line, yen)
    it.cash[:] = month.cash
    it.own[:] = team.revenue(it.own, fees + members, cost, n["revenue_pace"])
    short = running & ~month.paid
    few = (it.stage == LIVE) & (it.record < n["floor"])
    it.gap[:] = np.where(short | few, np.minimum(it.gap.astype(int) + 1, _LONGEST), 0)
    for name, by_area in (("yen_granted", month.granted), ("yen_fees", fees), ("yen_members", members), ("yen_running", cost)):  # fmt: skip
        now.model.tally(name, by_area)


def end(it: Spread, now: Now) -> None:
    """End what has been short of money or users for too long; the others see it."""
    over = ((it.stage == TRIAL) | (it.stage == LIVE)) & (it.gap >= now.numbers["patience"])
    for area, service in np.argwhere(over):
        few = it.stage[area, service] == LIVE and it.record[area, service] < now.numbers["floor"]
        finish(it, now, "ended_users" if few else "ended_money", area, service)


def finish(it: Spread, now: Now, kind: str, area: int, service: int) -> None:
    """One service ends."""
    it.happen(now, kind, area, service)
    it.since[area, service] = now.model.month
    it.record[area, service], it.gap[area, service], it.partners[area, service] = _BAD, 0, 0


def judge(it: Spread, now: Now) -> None:
    """Trials whose time is up go live, if they went well and the rest of setting up can be paid, or end."""
    n = now.numbers
    due = (it.stage == TRIAL) & (now.model.month - it.since >= n["trial_months"])
    if not due.any():
        return
    odds = (
        n["trial_odds"] + n["trial_maturity"] * it.maturity[:, None] + n["trial_match"] * (it.fit - 0.5)
        + n["trial_use"] * it.record
    )  # fmt: skip
    good = 1 / (1 + np.exp(-odds))
    for area, service in np.argwhere(due):
        begun = int(it.since[area, service])
        draw = now.model.chance.uniform("spread: trial judged", begun, [area * _ROOM_FOR + service])[0]
        if draw >= good[area, service]:
            finish(it, now, "failed", area, service)
        elif _buy(it, now, "setup", _set_up(it, now)[service] - _first_part(it, now)[service]):
            it.happen(now, "live", area, service)
            it.since[area, service], it.copied[service] = now.model.month, it.copied[service] + 1
        elif now.model.month - begun >= n["trial_months"] + n["patience"]:
            finish(it, now, "ended_money", area, service)
        else:
            now.model.count("postponed", np.array([area]))


def begin(it: Spread, now: Now) -> None:
    """What city hall planned and what areas wish to try begins, as far as the money goes."""
    terms = stacked(it.stage.shape, now.terms)
    log_rates = log_rate(now.numbers.by["base"], effects(now), terms)
    u = now.model.chance.uniform("spread: wish to try", now.model.month, names(len(it.stage)).ravel())
    may = _may_begin(it, now)
    wish = may & (u.reshape(may.shape) < chance(log_rates))
    it.asked = Asked(terms, may, wish)
    planned = _planned(it, now, may)
    asked = [tuple(cell) for cell in planned]
    willing = np.argwhere(wish)
    order = np.lexsort((names(len(it.stage))[wish], -log_rates[wish]))
    asked += [tuple(cell) for cell in willing[order] if tuple(cell) not in set(asked)]
    if not asked:
        return
    first, year = _first_part(it, now), np.rint(SPREADING.yearly * now.numbers.by["units"]).astype(np.int64)
    costs = np.array([first[service] for _, service in asked])
    claims = costs + np.array([year[service] for _, service in asked])  # what it takes to begin and to go on
    granted = it.hall.choose(claims, it.room(now)) if it.account.cash > 0 else np.zeros(len(asked), bool)
    for (area, service), cost, yes in zip(asked, costs, granted, strict=True):
        if yes and _buy(it, now, "trials", int(cost)):
            _try(it, now, area, service)
        else:
            now.model.count("postponed", np.array([area]))
    done = {cell for cell, yes in zip(asked, granted, strict=True) if yes}
    for area, service in planned:
        it.piloted[area] += (area, service) in done


def effects(now: Now) -> np.ndarray:
    """One number for each term of the rate."""
    return np.array([now.numbers[name] for name in EFFECTS])


def records(it: Spread, now: Now) -> np.ndarray:
    """Records a month later: services follow their users and what people feel, failures fade."""
    n = now.numbers
    hoped, reached = n.by["users_hoped"], now.around.use * now.meet / np.maximum(it.there, 1e-9)
    of_users = np.clip(reached / np.where(hoped > 0, hoped, 1.0), 0, 2) - 1
    of_users = of_users + n["felt_effect"] * (now.around.felt - 0.5)[:, None]
    target = np.clip(np.where(hoped > 0, of_users, 2 * it.worth - 1), -1, 1)
    at_work = (it.stage == TRIAL) | (it.stage == LIVE)
    after = np.where(at_work, it.record + n["success_pace"] * (target - it.record), it.record)
    faded = it.record * 0.5 ** (1 / n["failure_half_life"])
    return np.where(it.stage == ENDED, faded, after)


def worth(it: Spread, now: Now) -> np.ndarray:
    """Quality of the areas' own services: more with maturity and links, less when the city OS is down."""
    n, on = now.numbers, now.model.on
    grown = n["quality_maturity"] * it.maturity[:, None] * on("spread.quality")
    linked, brought = it.linked & (it.stage == LIVE), np.zeros(it.stage.shape)
    if len(now.linking):
        brought[now.linking] = n["link_benefit"] * with_links(linked[now.linking], now.joint)
    works = np.where(linked & it.os.works, it.os.available / FULL if on("spread.city_os") else 1.0, 1.0)
    return np.where(it.stage > 0, np.clip((n["quality_start"] + grown) * (1 + brought), 0, 1) * works, 0.0)


def _may_begin(it: Spread, now: Now) -> np.ndarray:
    """Where a service is not there, has rested since it ended, and what it builds on is live."""
    free = it.stage == 0
    rested = (it.stage == ENDED) & (now.model.month - it.since >= now.numbers["rest"])
    lacks = (~(it.stage == LIVE)).astype(int) @ SPREADING.after.T.astype(int)
    return (free | rested) & (lacks == 0)


def _planned(it: Spread, now: Now, may: np.ndarray) -> list[tuple[int, int]]:
    """The next pilots of the plan in each leading area, as many as are still due this fiscal year."""
    plan, found = now.numbers.by["plan"], []
    for area in np.flatnonzero(now.numbers.at["leading"] > 0):
        due = round(now.numbers["pilots"]) - int(it.piloted[area])
        open_ones = [s for s in np.argsort(plan, kind="stable") if plan[s] > 0 and may[area, s]]
        found += [(int(area), int(s)) for s in open_ones[: max(due, 0)]]
    return found


def _try(it: Spread, now: Now, area: int, service: int) -> None:
    """A trial begins: stakeholders are matched, and who was looked to most is remembered."""
    n = now.numbers
    bits, fit = it.teams[area].match(SPREADING.runners[service], it.present[area], n["substitute"], n["busy"])
    seen = now.ground.weight[area] * now.success[:, service]
    it.happen(now, "trial", area, service, value=fit)
    if seen.max() > 0:
        it.happen(now, "copied", area, service, value=int(seen.argmax()))
    elif it.origin[area, service] >= 0:
        it.happen(now, "copied", area, service, value=-1)
    it.monthly += round(SPREADING.yearly[service] * n.by["units"][service] / MONTHS_A_YEAR)
    it.since[area, service] = now.model.month
    it.fit[area, service], it.partners[area, service] = fit, bits
    it.record[area, service], it.gap[area, service] = 0.0, 0


def _set_up(it: Spread, now: Now) -> np.ndarray:
    """Yen to set each service up in one more area."""
    n = now.numbers
    return setting_up(SPREADING.setup * n.by["units"], it.copied, n["progress_ratio"])


def _promised(it: Spread, now: Now) -> int:
    """Yen a month for architects and the city OS."""
    n = now.numbers
    building = it.os.built > 0 and n["city_os"] > 0
    os = (
        n.yen("os_yearly", MONTHS_A_YEAR) if it.os.works else building * round(n["os_setup"] / n["os_months"])
    )
    return int((it.architect == HERE).sum()) * n.yen("architect_cost", MONTHS_A_YEAR) + os


def _first_part(it: Spread, now: Now) -> np.ndarray:
    """Yen of it that a trial takes."""
    return np.rint(_set_up(it, now) * now.numbers["trial_share"]).astype(np.int64)


def _buy(it: Spread, now: Now, line: str, cost: int) -> bool:
    """Pay for something new; the nation pays its part. False, and nothing paid, if there is no room."""
    part = int(cost * now.numbers["national_share"] * now.numbers["signal"])
    if int(cost) - part > it.room(now) or it.account.cash <= 0:
        return False
    it.account.take("nation", part)
    it.account.take(line, int(cost))
    return True
