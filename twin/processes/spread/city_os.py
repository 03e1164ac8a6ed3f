"""The city OS: what links cost with and without it, when it pays, what a link brings, how it fails.

    direct: every pair is linked by itself, c_p n (n - 1) / 2;  hub: F + c_h n
    break-even: the least n at which direct costs more

A link brings something only to those who use both services, so its benefit grows with the overlap of users
and not with n squared. The hub adds one common way to fail.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FULL = 1_000_000  # availability is kept in millionths
MOST = 10_000  # services looked at for a break-even


@dataclass
class CityOS:
    """How far the city OS is built and how well it works.

    Attributes
    ----------
    built : months of building paid for
    works : built and running
    available : availability this month, millionths
    """

    built: int = 0
    works: bool = False
    available: int = 0

    def memory(self) -> np.ndarray:
        """Everything as whole numbers (i8)."""
        return np.array([self.built, self.works, self.available], np.int64)

    @classmethod
    def of(cls, memory: np.ndarray) -> CityOS:
        """What :meth:`memory` gave."""
        built, works, available = memory.tolist()
        return cls(built, bool(works), available)


def direct_cost(n: int, pair: int) -> int:
    """Yen for linking n services (or areas) pair by pair."""
    return pair * (n * (n - 1) // 2)


def hub_cost(n: int, setup: int, each: int) -> int:
    """Yen for linking n services through one hub."""
    return setup + each * n


def next_link(linked: int, hub: bool, pair: int, each: int) -> int:
    """Yen for one more link where ``linked`` services are linked already: one to the hub, or one to each."""
    return each if hub else pair * linked


def break_even(pair: float, each: float, setup: float) -> int | None:
    """The least n at which linking directly costs more than the hub; None if there is none."""
    n = np.arange(MOST)
    dearer = np.flatnonzero(n * (n - 1) / 2 * pair > setup + n * each)
    return int(dearer[0]) if len(dearer) else None


def joint_users(use: np.ndarray, both: np.ndarray, technology: np.ndarray, meet: np.ndarray) -> np.ndarray:
    """Share of residents who use two services, (areas, services, services); the diagonal is one service's users.

    Parameters
    ----------
    use : (areas, services) share using the technology that carries each service
    both : (areas, technologies, technologies) share using both technologies
    technology : (services,) row of each, -1 for what serves everybody
    meet : (areas, services) share of a technology's users who meet the service
    """
    t = np.maximum(technology, 0)
    pairs = both[:, t[:, None], t[None, :]]
    everybody = technology < 0
    pairs = np.where(
        everybody[:, None], use[:, None, :], np.where(everybody[None, :], use[:, :, None], pairs)
    )
    once = np.eye(len(technology), dtype=bool)
    return pairs * np.where(once, meet[:, :, None], meet[:, :, None] * meet[:, None, :])


def links_used(linked: np.ndarray, joint: np.ndarray, people: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Number of links in use in each area, (areas,) i8: both ends linked and enough residents use both."""
    used = linked[:, :, None] & linked[:, None, :] & (joint * people[:, None, None] >= least[:, None, None])
    return np.triu(used, 1).sum(axis=(1, 2))


def with_links(linked: np.ndarray, joint: np.ndarray) -> np.ndarray:
    """Share of a service's users who use another service it is linked with, (areas, services), at most 1."""
    own = np.einsum("ajj->aj", joint)
    others = np.where(linked[:, :, None] & linked[:, None, :], joint, 0.0).sum(axis=2) - np.where(
        linked, own, 0.0
    )
    return np.minimum(np.divide(others, own, out=np.zeros_like(own), where=own > 0), 1.0)
