"""School, work, retirement: where citizens spend the working day from now on.

Children start school in April, leave it in some April, take up work in a business of the city with
a free place or outside the city, stop working and retire by hazards that keep the shares at work by
age as the facts give them. Whoever works in the city without a workplace, because it closed, looks for
another one there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from twin.agents.citizens import Day
from twin.kernels import demography as kernel
from twin.processes.demography.rates import Event, at_work

_TRIES = 4  # businesses looked at before someone works outside the city


def change_occupations(model: Any, rows: np.ndarray, what: np.ndarray, arrived: np.ndarray) -> None:
    """Apply the month's school and work events and find workplaces.

    Parameters
    ----------
    model : the running model
    rows, what : events of the month as found by the kernel
    arrived : rows of people who arrived this month; those who work look for a workplace
    """
    people = model.citizens
    stays = people.here[rows]
    rows, what = rows[stays], what[stays]
    happens = lambda event: rows[(what & (1 << event)) != 0]  # noqa: E731
    people.day[happens(Event.STARTS_SCHOOL)] = Day.SCHOOL
    for event in (Event.LEAVES_SCHOOL, Event.LEAVES_WORK):
        people.day[happens(event)], people.work[happens(event)] = Day.HOME, -1
    working = arrived[people.day[arrived] == Day.WORK_OUTSIDE]
    new = np.concatenate([happens(Event.STARTS_WORK), _from_school(model, happens), working])
    find_work(model, new, np.flatnonzero(people.here & (people.day == Day.WORK_IN_CITY) & (people.work < 0)))


def _from_school(model: Any, happens: Callable[[Event], np.ndarray]) -> np.ndarray:
    """Those who leave school and go straight to work, the share at work of their sex and age."""
    people = model.citizens
    rows = happens(Event.LEAVES_SCHOOL)
    age = (model.month - people.born[rows].astype(np.int64)) / 12
    draw = model.chance.uniform("demography: from school to work", model.month, people.id[rows])
    return rows[draw < at_work(model, people.sex[rows], age)]


def find_work(model: Any, new: np.ndarray, without: np.ndarray) -> None:
    """Give people a business of the city with a free place, or work outside.

    Whether new work lies outside is a draw by sex; those ``without`` their former workplace in the city
    look in the city. The business is drawn in proportion to its employees, and whoever finds no place in
    a few tries works outside too. A place that several want goes to the smaller random word.
    """
    people, chance, month = model.citizens, model.chance, model.month
    rows = np.concatenate([new, without])
    ids = people.id[rows]
    share = np.where(people.sex[new] == 0, *(model.fact(f"people.day.outside_{s}") for s in ("men", "women")))
    outside = np.zeros(len(rows), bool)
    outside[: len(new)] = chance.uniform("demography: work outside", month, people.id[new]) < share
    people.day[rows], people.work[rows] = Day.WORK_OUTSIDE, -1
    seekers = np.flatnonzero(~outside)
    businesses = model.businesses
    if not businesses.rows or not len(seekers):
        return
    free = businesses.employees - kernel.workers(people.work, people.here, businesses.rows)
    share_of = np.cumsum(businesses.employees.astype(np.int64))
    word = chance.order("demography: work, turn", month, ids)
    for attempt in range(_TRIES):
        draw = chance.uniform(f"demography: work, try {attempt}", month, ids[seekers])
        wanted = np.searchsorted(share_of, draw * share_of[-1], side="right").clip(max=businesses.rows - 1)
        order = np.lexsort((word[seekers], wanted))
        sorted_wanted = wanted[order]
        turn = np.arange(len(order)) - np.searchsorted(sorted_wanted, sorted_wanted)
        gets = np.zeros(len(seekers), bool)
        gets[order] = turn < free[sorted_wanted]
        chosen = rows[seekers[gets]]
        people.day[chosen], people.work[chosen] = Day.WORK_IN_CITY, wanted[gets]
        free -= np.bincount(wanted[gets], minlength=len(free))
        seekers = seekers[~gets]
