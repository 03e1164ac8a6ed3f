"""What may be shown of few people: no cell below a smallest number of persons, counts rounded.

Every citizen of the model is synthetic, but a table of few people still reads like a table of
neighbours, and real tables will one day go through the same code.

>>> shown = Rule(smallest=10, step=10, sample=30).shown(counted=[3, 26, 480], asked=[40, 52, 960])
>>> shown.counted
array([ nan,  30., 480.])
>>> shown.share
array([nan, 0.5, 0.5])
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from twin.facts import Facts
from twin.indicators.equity import MeasureError


@dataclass(frozen=True)
class Shown:
    """A table as it may be shown, in persons of the whole city; nan where a cell is too small."""

    counted: np.ndarray
    asked: np.ndarray
    share: np.ndarray


@dataclass(frozen=True)
class Rule:
    """The rule for small cells.

    Attributes
    ----------
    smallest : persons of the whole city a cell needs to be shown
    step : counts are rounded to this
    sample : simulated people a cell needs, lest chance be read as a pattern
    """

    smallest: float
    step: float
    sample: float

    @classmethod
    def of(cls, facts: Facts, day: date) -> Rule:
        """The rule that holds on a day."""
        names = ("privacy.smallest_cell", "privacy.round_to", "privacy.smallest_sample")
        return cls(*(facts.number(name, day) for name in names))

    def few(self, people: ArrayLike, fraction: float = 1.0) -> np.ndarray:
        """Whether cells of so many simulated people are too small to be shown at all (yes/no)."""
        return np.isnan(self.count(people, fraction)) | (np.asarray(people, dtype=float) < self.sample)

    def count(self, people: ArrayLike, fraction: float = 1.0) -> np.ndarray:
        """Counts as they may be shown (f8): scaled to the whole city, rounded, nan below the smallest.

        Parameters
        ----------
        people : simulated people
        fraction : simulated for each real person, above 0 and at most 1
        """
        if not 0 < fraction <= 1:
            raise MeasureError("equity.fraction", found=fraction)
        real = np.asarray(people, dtype=float) / fraction
        return np.where(real < self.smallest, np.nan, np.rint(real / self.step) * self.step)

    def shown(self, counted: ArrayLike, asked: ArrayLike, fraction: float = 1.0) -> Shown:
        """Counts and shares as they may be shown.

        A share is hidden when its whole has few people, or its part or the rest of it too few to be
        counted: 3 of 500 tells of three people, and 497 of 500 of three others. Nobody and everybody
        are shown.

        Raises
        ------
        MeasureError
            more are counted than asked
        """
        part, whole = np.asarray(counted, dtype=float), np.asarray(asked, dtype=float)
        if (part > whole).any():
            place = np.unravel_index(int(np.argmax(part > whole)), part.shape)
            raise MeasureError("equity.counted", counted=part[place], asked=whole[place])
        people, yes, no = (self.count(table, fraction) for table in (whole, part, whole - part))
        told = (~np.isnan(yes) | (part == 0)) & (~np.isnan(no) | (part == whole))
        visible = told & ~self.few(whole, fraction)
        share = np.divide(part, whole, out=np.full(people.shape, np.nan), where=visible)
        return Shown(np.where(visible, np.nan_to_num(yes), np.nan), people, share)
