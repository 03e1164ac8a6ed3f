"""The mean-field picture: how the same rules spread a technology through an endless population.

It is the country outside the city: people who move in, and children who are born, bring the
technology states of their age and cohort from here, so that a scenario of the city does not change
who its newcomers are. It is also the exact recursion the verification cases compare with.
"""

from __future__ import annotations

import numpy as np

from twin.kernels import hazards as kernel
from twin.kernels.mean_field import mean_months
from twin.processes.rates import AGES, Rates

STAGES = 5
_SPAN = 10  # ages on either side that count as the same age


class Reference:
    """Shares of people by technology, age in years and stage, moved month by month.

    Parameters
    ----------
    shares : (technologies, 121, 5) f8, each (technology, age) row sums to 1
    same_age : share of ties within ten years of age
    eager : share of people who would take each technology at all, (technologies,); the others
        stay where they could start
    """

    def __init__(self, shares: np.ndarray, same_age: float, eager: np.ndarray) -> None:
        self.shares, self.same_age, self.eager = shares, same_age, eager

    def users(self) -> np.ndarray:
        """Share of users by technology and age, (technologies, 121)."""
        return self.shares[:, :, kernel.USES]

    def peers(self) -> np.ndarray:
        """Share of users among the ties of each age, (technologies, 121)."""
        used = np.zeros((len(self.shares), len(AGES) + 1))
        np.cumsum(self.users(), axis=1, out=used[:, 1:])
        low = np.maximum(AGES - _SPAN, 0)
        high = np.minimum(AGES + _SPAN + 1, len(AGES))
        near = (used[:, high] - used[:, low]) / (high - low)
        overall = self.users()[:, :90].mean(axis=1, keepdims=True)
        return self.same_age * near + (1 - self.same_age) * overall

    def step(self, rates: Rates, *, ages: bool = True) -> None:
        """Live one month by the kernel's own hazards; ``ages=False`` keeps everyone's age."""
        s = self.peers()
        at_home = 1 + (rates.rate[:, kernel.AT_HOME] - 1) * s.mean(axis=1)
        mean_months(self.shares, s, at_home, self.eager, rates.settled, rates.rate, rates.curve)
        if ages:
            older = self.shares[:, :-1] - self.shares[:, 1:]
            self.shares[:, 1:] += older / 12


def shares_at_start(using: np.ndarray, stopped: np.ndarray, unaware: np.ndarray) -> np.ndarray:
    """Shares by stage from the share using, (technologies, 121), and how the others divide.

    ``stopped`` (technologies, 121) and ``unaware`` (technologies,) are shares of the non-users.
    """
    shares = np.zeros((*using.shape, STAGES))
    rest = 1 - using
    shares[:, :, kernel.USES] = using
    shares[:, :, kernel.STOPPED] = rest * stopped
    shares[:, :, kernel.UNAWARE] = rest * (1 - stopped) * unaware[:, None]
    shares[:, :, kernel.ACCESS] = 1 - shares.sum(axis=2)
    return shares


def stage_of(shares: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Stage of people with these shares, (people, 5), and this rank in [0, 1), the eager high (u1)."""
    order = [kernel.USES, kernel.STOPPED, kernel.ACCESS, kernel.AWARE, kernel.UNAWARE]
    top = np.cumsum(shares[:, order], axis=1)
    place = (1 - rank[:, None] > top).sum(axis=1).clip(max=STAGES - 1)
    return np.array(order, np.uint8)[place]
