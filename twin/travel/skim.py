"""Ways of one mode between all zones: what they take, cost and hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MODES = ("drive", "passenger", "taxi", "rail", "bus", "bike", "walk")


@dataclass(frozen=True)
class Skim:
    """Ways of one mode, each array (zones, zones) from row to column; infinite where there is no way.

    Attributes
    ----------
    ride : minutes moving by the mode itself; 0 on foot
    wait, walk : minutes waiting and on foot
    transfers : changes from one line to another
    fare : yen for one traveller; of a car the fuel
    km : kilometres
    """

    ride: np.ndarray
    wait: np.ndarray
    walk: np.ndarray
    transfers: np.ndarray
    fare: np.ndarray
    km: np.ndarray

    @property
    def minutes(self) -> np.ndarray:
        """Door to door; infinite where there is no way."""
        return self.ride + self.wait + self.walk

    @property
    def there(self) -> np.ndarray:
        """Where there is a way (yes/no)."""
        return np.isfinite(self.minutes)

    @property
    def cut_off(self) -> np.ndarray:
        """Zones (yes/no) from which no other can be reached by the mode; who lives there is to be counted and said."""
        others = self.there & ~np.eye(len(self.ride), dtype=bool)
        return ~others.any(axis=1)
