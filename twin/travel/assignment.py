"""User equilibrium: nobody gets there sooner by another way (Wardrop 1952), given the trips of an hour.

Found path by path (:mod:`twin.kernels.assignment`) in rounds: search the quickest ways at today's minutes,
measure the gap, let flow move to them. The *relative gap* is the part of everybody's minutes that would be
saved if each took the quickest way at today's minutes: (sum of flow x minutes - sum of trips x quickest) / sum
of flow x minutes. Minutes rise with flow on each section alone, so flows of sections are unique (Beckmann 1956)
where minutes rise at all.

Searches of different origins run side by side; flows move pair by pair in one order. Same bits on any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from twin.errors import InputError
from twin.kernels import assignment as kernel
from twin.kernels.paths import quickest
from twin.travel.roads import Roads, Trips

SWEEPS = 10  # over all pairs in a round: searching costs as much as some sweeps


@dataclass(frozen=True)
class Equilibrium:
    """Where trips settle.

    Attributes
    ----------
    flow : (sections,) vehicles an hour
    minutes : (sections,) at that flow
    quickest : (pairs,) minutes of the quickest way of each pair of the trips, inf where no way leads
    gap : relative gap reached
    rounds : searches it took
    paths : paths in use
    cut_off : vehicles an hour that cannot reach their destination; they are on no section
    trips, ways : what was solved and the paths it settled on, from which nearly equal trips can begin
    """

    flow: np.ndarray
    minutes: np.ndarray
    quickest: np.ndarray
    gap: float
    rounds: int
    paths: int
    cut_off: float
    trips: Trips = field(repr=False)
    ways: kernel.Paths = field(repr=False)

    @property
    def total(self) -> float:
        """Minutes spent by all vehicles of an hour."""
        return float((self.flow * self.minutes).sum())


def user_equilibrium(
    roads: Roads, trips: Trips, gap: float, rounds: int = 1000, begun: Equilibrium | None = None
) -> Equilibrium:
    """Flows at which no trip would save time by another way, to a relative gap.

    Parameters
    ----------
    begun : equilibrium of other numbers of vehicles between the same pairs, to begin from its paths; anew if left out

    Raises
    ------
    InputError : a trip begins or ends at no node, or the gap was not reached in so many rounds
    """
    _check(trips, len(roads.start) - 1)
    origins, row = np.unique(trips.origin, return_inverse=True)
    paths, found = _begin(trips, begun), np.inf
    for round_ in range(rounds + 1):
        flow = kernel.load(paths, len(roads.end))
        minutes = kernel.minutes(roads.law, flow)[0]
        least, by = quickest(roads.start, roads.end, minutes, origins, roads.through)
        time = least[row, trips.destination]
        reached = np.isfinite(time)
        total = (flow * minutes).sum()
        if round_ and (found := _gap(total, trips.vehicles[reached], time[reached])) <= gap:
            used, cut_off = int((paths.flow > 0).sum()), float(trips.vehicles[~reached].sum())
            return Equilibrium(flow, minutes, time, found, round_, used, cut_off, trips, paths)
        paths = kernel.renewed(paths, row, trips.destination, by, roads.begin, trips.vehicles)
        kernel.shift(paths, kernel.load(paths, len(roads.end)), roads.law, SWEEPS)
    raise InputError("roads.no_equilibrium", rounds=rounds, wanted=f"{gap:.2g}", found=f"{found:.2g}")


def system_optimum(roads: Roads, trips: Trips, gap: float, rounds: int = 1000) -> Equilibrium:
    """Flows with the fewest minutes in all: the equilibrium of those who also feel what they cost others.

    ``minutes`` are those spent; ``quickest`` and ``gap`` those felt.
    """
    felt = user_equilibrium(roads.marginal(), trips, gap, rounds)
    return replace(felt, minutes=roads.minutes(felt.flow))


def _begin(trips: Trips, begun: Equilibrium | None) -> kernel.Paths:
    """Paths of an equilibrium with flows in proportion to today's trips; none where the pairs are others."""
    same = begun is not None and all(
        np.array_equal(getattr(trips, end), getattr(begun.trips, end)) for end in ("origin", "destination")
    )
    if begun is None or not same:
        return kernel.no_paths(len(trips.vehicles))
    times = np.repeat(trips.vehicles / begun.trips.vehicles, np.diff(begun.ways.of))
    return begun.ways._replace(flow=begun.ways.flow * times)


def _gap(total: float, vehicles: np.ndarray, quickest: np.ndarray) -> float:
    """Part of all minutes that the quickest ways would save; nought when nobody spends any."""
    return float((total - (vehicles * quickest).sum()) / total) if total > 0 else 0.0


def _check(trips: Trips, nodes: int) -> None:
    for ends in (trips.origin, trips.destination):
        for pair in np.flatnonzero((ends < 0) | (ends >= nodes))[:1]:
            raise InputError("trips.node", found=ends[pair], nodes=nodes)
