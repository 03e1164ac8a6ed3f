"""Money in whole yen: every yen that is opened, granted, earned and spent in a fiscal year.

    opening + budget + nation + fees + members - spending - returned = closing

Opening and closing are what city hall's programme and the areas' teams hold together; a grant to a team only
moves yen between the two. What the programme has not spent by March goes back; teams keep theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

IN = ("budget", "nation", "fees", "members")
OUT = ("trials", "setup", "services", "teams", "architects", "links", "city_os", "returned")
LINES = ("opening", *IN, *OUT, "closing")


class Account:
    """City hall's programme: yen in hand and the lines of the fiscal year so far."""

    def __init__(self) -> None:
        self.cash = 0
        self.opening = 0
        self.lines = dict.fromkeys((*IN, *OUT), 0)

    def add(self, line: str, yen: int) -> None:
        """Write yen under a line: those of IN come, those of OUT go. Cash is moved by :meth:`take`."""
        self.lines[line] += int(yen)

    def take(self, line: str, yen: int) -> None:
        """Book a line and move the programme's cash with it."""
        self.add(line, yen)
        self.cash += int(yen) if line in IN else -int(yen)

    def close(self, in_areas: int) -> dict[str, int]:
        """End the fiscal year: what is left goes back; the year's lines with opening and closing."""
        self.take("returned", self.cash)
        year = {"opening": self.opening, **self.lines, "closing": self.cash + int(in_areas)}
        self.opening, self.lines = year["closing"], dict.fromkeys((*IN, *OUT), 0)
        return year

    def memory(self) -> np.ndarray:
        """Everything as whole numbers (i8)."""
        return np.array([self.cash, self.opening, *self.lines.values()], np.int64)

    def remember(self, memory: np.ndarray) -> None:
        """Take back what :meth:`memory` gave."""
        self.cash, self.opening = int(memory[0]), int(memory[1])
        self.lines = dict(zip(self.lines, (int(yen) for yen in memory[2:]), strict=True))


@dataclass(frozen=True)
class Month:
    """What a month of running cost, and who paid it.

    Attributes
    ----------
    granted : (areas,) yen from city hall
    paid : (areas, services) which bills were paid
    cash : (areas,) what teams hold afterwards
    services, teams : yen paid for each
    """

    granted: np.ndarray
    paid: np.ndarray
    cash: np.ndarray
    services: int
    teams: int


def run_month(
    bill: np.ndarray, team: np.ndarray, own: np.ndarray, alpha: np.ndarray, backing: float, cash: np.ndarray, purse: int,
    record: np.ndarray,
) -> Month:  # fmt: skip
    """Pay a month's running costs.

    City hall is asked for the administration's share and for a part of what is then still missing; when its
    purse does not hold all that, everybody gets the same part. A team pays itself first, then the
    services with the best record, as long as its money lasts.

    Parameters
    ----------
    bill : (areas, services) i8 yen
    team : (areas,) i8 yen
    own : (areas,) i8 yen of fees and members
    alpha : (areas,) administration's share
    backing : part of the rest that city hall covers
    cash : (areas,) i8 yen the teams hold
    purse : yen city hall can give
    record : (areas, services) record of each service
    """
    cost = bill.sum(axis=1) + team
    share = np.floor(alpha * cost).astype(np.int64)
    missing = np.maximum(cost - share - own - cash, 0)
    asked = share + np.floor(backing * missing).astype(np.int64)
    granted = asked if asked.sum() <= purse else asked * purse // max(int(asked.sum()), 1)
    holds = cash + own + granted
    team_paid = np.minimum(team, holds)
    order = np.argsort(-record, axis=1, kind="stable")
    running = np.cumsum(np.take_along_axis(bill, order, axis=1), axis=1)
    paid = np.zeros(bill.shape, bool)
    np.put_along_axis(paid, order, running <= (holds - team_paid)[:, None], axis=1)
    spent = np.where(paid, bill, 0).sum(axis=1)
    return Month(granted, paid, holds - team_paid - spent, int(spent.sum()), int(team_paid.sum()))


def setting_up(first: np.ndarray, done: np.ndarray, progress: float) -> np.ndarray:
    """Yen to set up the next copy of a service: the first's cost times n to the power log2(progress), n = done + 1."""
    return np.rint(first * learned(done + 1, progress)).astype(np.int64)


def learned(n: np.ndarray | int, progress: float) -> np.ndarray:
    """Cost of the n-th copy as a share of the first: ``progress`` at every doubling."""
    return np.asarray(n, float) ** np.log2(progress)
