"""Mean waits: in a queue before several servers, and for the nearest of scattered vehicles.

    M/M/c   Erlang's C: every service length is drawn anew
    M/D/c   every service takes equally long; exact, from the roots of z^c = exp(c rho (z - 1))
    M/G/c   between the two by the squared coefficient of variation; exact for one server

Waits are in units of the mean service time. See ``docs/on_demand.md``.

>>> round(float(wait_mmc(0.8, 2)), 4), round(float(wait_mdc(0.8, 2)), 5)
(1.7778, 0.90328)
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import lambertw

NEAREST = {"grid": math.sqrt(math.pi / 8), "straight": 0.5}  # mean distance to the nearest, spacing 1


def wait_chance(load: float, servers: int) -> float:
    """Chance to have to wait in M/M/c (Erlang C); 1 from a load of 1 on.

    Parameters
    ----------
    load : rho, work that comes in over work that can be done
    """
    if load >= 1:
        return 1.0
    offered, blocked = load * servers, 1.0
    for n in range(1, servers + 1):  # Erlang B by recursion: no factorials, no overflow
        blocked = offered * blocked / (n + offered * blocked)
    return blocked / (1 - load * (1 - blocked))


def wait_mmc(load: float, servers: int) -> float:
    """Mean wait in M/M/c in mean service times; infinite from a load of 1 on."""
    return wait_chance(load, servers) / (servers * (1 - load)) if load < 1 else math.inf


def wait_mdc(load: float, servers: int) -> float:
    """Mean wait in M/D/c in service times; infinite from a load of 1 on.

    One service time apart, the number in the system is a discrete bulk queue: all who were there, less
    c, plus a Poisson number. Its mean follows from the roots within the unit circle, which Lambert's W
    gives (Crommelin 1932; Janssen & van Leeuwaarden 2005).
    """
    if load >= 1:
        return math.inf
    if load == 0:
        return 0.0
    coming = load * servers
    turns = np.exp(2j * np.pi * np.arange(1, servers) / servers)
    roots = -lambertw(-load * math.exp(-load) * turns) / load
    inside = (coming / (servers - coming) + coming - servers + 1) / 2 + (1 / (1 - roots)).real.sum()
    return float(max(inside / coming - 1, 0.0))


def wait_mgc(load: float, servers: int, variation: float) -> float:
    """Mean wait in M/G/c in mean service times, approximate for more than one server.

    Parameters
    ----------
    variation : standard deviation of service over its mean, squared; 0 is M/D/c, 1 is M/M/c
    """
    if load >= 1:
        return math.inf
    return variation * wait_mmc(load, servers) + (1 - variation) * wait_mdc(load, servers)


def nearest(area: float, vehicles: float, metric: str = "grid") -> float:
    """Mean distance to the nearest of vehicles scattered at random (Poisson), without an edge.

    Parameters
    ----------
    area : square kilometres; the distance is in kilometres
    vehicles : mean number in the area
    metric : one of ``NEAREST``, along a grid of streets or straight
    """
    return NEAREST[metric] * math.sqrt(area / vehicles) if vehicles > 0 else math.inf
