"""What a way of going is worth to somebody: minutes, transfers and yen, weighed by taste.

    V = constant + time (in vehicle + w_wait wait + w_walk walk + w_transfer transfers) + cost (1 - discount) fare

Walking and cycling count their own minutes as walk and in vehicle. See ``docs/mode_choice.md``.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from twin.facts import Facts


class Tastes(NamedTuple):
    """What people weigh.

    time : utility of a minute in a vehicle, below 0
    wait, walk : how many minutes in a vehicle a minute of it is worth
    transfer : minutes in a vehicle that a transfer is worth
    cost : utility of a yen, below 0
    """

    time: float
    wait: float
    walk: float
    transfer: float
    cost: float

    @classmethod
    def read(cls, facts: Facts, day: date) -> Tastes:
        """The tastes that hold on a day."""
        return cls(*(facts.number(f"travel.taste.{name}", day) for name in cls._fields))

    @property
    def value_of_time(self) -> float:
        """Yen a minute in a vehicle."""
        return self.time / self.cost


class Offered(NamedTuple):
    """What each mode offers on each trip: alternatives first, choosers behind; numbers stand for all.

    ride, wait, walk : minutes
    transfers : number
    yen : fare, or what driving costs
    """

    ride: ArrayLike
    wait: ArrayLike = 0.0
    walk: ArrayLike = 0.0
    transfers: ArrayLike = 0.0
    yen: ArrayLike = 0.0


def utility(
    offered: Offered, tastes: Tastes, constant: ArrayLike = 0.0, discount: ArrayLike = 0.0
) -> np.ndarray:
    """Utility of each alternative to each chooser, in the shape the arrays give together.

    Parameters
    ----------
    constant : (alternatives, ...) what a mode is worth beyond its minutes and yen
    discount : (alternatives, ...) share of the fare a person does not pay
    """
    ride, wait, walk, transfers, yen = (np.asarray(part, float) for part in offered)
    minutes = ride + tastes.wait * wait + tastes.walk * walk + tastes.transfer * transfers
    return (
        np.asarray(constant, float) + tastes.time * minutes + tastes.cost * (1 - np.asarray(discount)) * yen
    )


def revenue(
    share: np.ndarray, offered: Offered, trips: ArrayLike = 1.0, discount: ArrayLike = 0.0
) -> np.ndarray:
    """Yen paid for each alternative: what each trip pays times the trips that take it (alternatives,)."""
    paid = share * (1 - np.asarray(discount)) * np.asarray(offered.yen, float) * np.asarray(trips)
    return paid.reshape(len(share), -1).sum(axis=1)
