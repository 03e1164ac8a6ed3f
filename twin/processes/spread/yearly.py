"""The fiscal year: budget, rotation of staff, architects who come and go, the accounts in March."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.processes.spread import linking, team
from twin.processes.spread.events import HERE
from twin.processes.spread.stages import LIVE, TRIAL
from twin.units import MONTHS_A_YEAR, fiscal_year, share_per_step

if TYPE_CHECKING:
    from twin.processes.spread.now import Now
    from twin.processes.spread.process import Spread


def open_year(it: Spread, now: Now) -> None:
    """The council's money comes; in some areas the city's staff changes; who leads is written down."""
    n = now.numbers
    it.account.take("budget", round(n["budget"] * n["budget_factor"]))
    it.piloted[:] = 0
    for row in np.flatnonzero(n.at["leading"] > 0):
        now.model.ledger.note(now.model.month, "leading", now.model.city.areas.code[row], "all", 1.0, "count")
    if now.model.on("spread.rotation"):
        changes = team.rotates(now.model.month, len(it.maturity), n["rotation_years"])
        after = team.rotated(it.maturity, it.alpha, n["rotation_loss"])
        it.maturity[:] = np.where(changes, after, it.maturity)


def post_architects(it: Spread, now: Now) -> None:
    """Architects are paid, leave, and are replaced after a while; posts go to areas named, then to busy ones."""
    n, month = now.numbers, now.model.month
    at_work = ((it.stage == TRIAL) | (it.stage == LIVE)).sum(axis=1)
    posts = it.hall.posts(n.at["architect"] > 0, it.architect > 0, at_work, round(n["architects"]))
    cost = n.yen("architect_cost", MONTHS_A_YEAR)
    u = now.model.chance.uniform("spread: architect leaves", month, np.arange(len(posts)))
    leaves = u < share_per_step(1 / n["architect_stay"], 1 / MONTHS_A_YEAR)
    for row in np.flatnonzero(it.architect == HERE):
        if leaves[row] or not posts[row] or cost > it.account.cash:
            it.happen(now, "architect_left", row)
            it.posted[row] = month
        else:
            it.account.take("architects", cost)
    waited = (it.architect == 0) | (month - it.posted >= n["architect_wait"])
    for row in np.flatnonzero(posts & (it.architect != HERE) & waited):
        if n.yen("architect_cost") <= it.room(now):  # a year of the post
            it.account.take("architects", cost)
            it.monthly += cost
            it.happen(now, "architect_came", row)
            it.posted[row] = month


def close_year(it: Spread, now: Now) -> None:
    """Write down the year's money line by line, and how the teams stand."""
    ledger, model = now.model.ledger, now.model
    year = f"FY{fiscal_year(model.month)}"
    for line, yen in it.account.close(int(it.cash.sum())).items():
        ledger.note(model.month, f"yen_{line}", model.city.code, year, float(yen), "money")
    for name, cost in linking.yearly(it, now):
        ledger.note(model.month, name, model.city.code, "all", cost, "count")
    active = np.flatnonzero(it.stage.any(axis=1))
    for row in active:
        for name in ("maturity", "alpha", "own"):
            code = model.city.areas.code[row]
            ledger.note(model.month, f"team_{name}", code, "all", float(getattr(it, name)[row]), "team")
