"""Numbers in words, by the vision's wording rules: ranges, few digits, never a promise.

Shares are whole per cents (one decimal within a point of 0 and 100), their differences have at most two significant digits, people three; a number
never stands without the range over seeds beside it.

>>> words = Words("en")
>>> print(words.share(Spread(0.8512, 0.8731, 0.8902)))
87% (85–89)
>>> print(words.points(Spread(-0.021, -0.0123, -0.004)))
−1.2 points (−2.1 to −0.4)
>>> print(Words("ja").people(Spread(931_200, 934_560, 936_000)))
935,000（931,000〜936,000）
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import floor, log10
from typing import TYPE_CHECKING

from twin import messages
from twin.report.reading import Missing, Moment, Spread
from twin.scenarios.words import day_words
from twin.units import FISCAL_YEAR_STARTS, MONTHS_A_YEAR

if TYPE_CHECKING:
    from twin.report.surveys import Heard

PEOPLE_DIGITS = 3
Value = Spread | Missing


@dataclass(frozen=True)
class Said:
    """A value in words: the number, what stands beside or below it, and both in one phrase."""

    main: str
    beside: str
    both: str
    ranged: bool = True  # whether what stands beside is a range or a reason, not that the range is too narrow

    @property
    def line(self) -> str:
        """On one line, where a table says that no range means a narrow one."""
        return self.both if self.ranged else self.main

    def __str__(self) -> str:
        return self.both


class Words:
    """The page's language.

    Parameters
    ----------
    lang : "ja" or "en"
    one_run : there is a single seed, so that no range can be given
    """

    def __init__(self, lang: str, one_run: bool = False) -> None:
        self.lang, self.one_run = lang, one_run

    def __call__(self, key: str, /, **values: object) -> str:
        """A text of the report."""
        return messages.text(f"report.{key}", self.lang, **values)

    # -- values with their range ------------------------------------------------------------------

    def share(self, value: Value) -> Said:
        """A share as per cent."""
        return self._said("share", value, percent)

    def points(self, value: Value) -> Said:
        """A difference of shares in percentage points, with its sign."""
        return self._said("points", value, lambda x: signed(x * 100))

    def distance(self, value: Value) -> Said:
        """A distance between shares in percentage points."""
        return self._said("points", value, lambda x: signed(x * 100).removeprefix("+"))

    def people(self, value: Value) -> Said:
        """A number of people or households."""
        return self._said("people", value, lambda x: f"{rounded(x, PEOPLE_DIGITS):,.0f}")

    def more_people(self, value: Value) -> Said:
        """A difference of numbers of people, with its sign."""
        return self._said("change", value, lambda x: true_sign(f"{rounded(x, PEOPLE_DIGITS):+,.0f}"))

    def index(self, value: Value) -> Said:
        """An index of inequality, 0 none: three decimals."""
        return self._said("index", value, lambda x: f"{x:.3f}")

    def decimal(self, value: Value) -> Said:
        """A number of minutes or the like: one decimal."""
        return self._said("index", value, lambda x: f"{x:.1f}")

    def distance_of(self, value: Value) -> Said:
        """How far feeling lies from fact, with its sign: one decimal."""
        return self._said("index", value, lambda x: true_sign(f"{x:+.1f}"))

    def estimate(self, heard: Heard | Missing) -> Said:
        """A survey's estimate in per cent with its 95 % interval."""
        if isinstance(heard, Missing):
            return Said(self("missing.none"), self(f"missing.{heard.reason}"), self.reason(heard))
        low, mid, high = map(percent, (heard.low, heard.value, heard.high))
        main, beside = self("value.share", mid=mid), self("value.range_share", low=low, high=high)
        return Said(main, beside, self("value.both", main=main, beside=beside))

    def reason(self, missing: Missing) -> str:
        """Not available, and why."""
        return self("missing.said", reason=self(f"missing.{missing.reason}"))

    def _said(self, kind: str, value: Value, write: Callable[[float], str]) -> Said:
        if isinstance(value, Missing):
            return Said(self("missing.none"), self(f"missing.{value.reason}"), self.reason(value))
        low, mid, high = map(write, (value.low, value.mid, value.high))
        main = self(f"value.{kind}", mid=mid)
        if self.one_run:
            beside = self("value.alone")
        elif low == high:
            beside = self("value.same" if value.low == value.high else f"value.{_narrow(kind, mid)}")
        else:
            beside = self(f"value.range_{kind}", low=low, high=high)
        return Said(main, beside, self("value.both", main=main, beside=beside), self.one_run or low != high)

    # -- times ------------------------------------------------------------------------------------

    def month(self, day: date, with_day: bool = False) -> str:
        """A month, or a day, in words."""
        return day_words(day, self.lang, with_day)

    def moment(self, moment: Moment) -> Said:
        """A moment as a heading: the start, or so many years on, and when that is."""
        main = self("moment.years", years=moment.years) if moment.years else self("moment.start")
        if moment.years and moment.day.month % MONTHS_A_YEAR + 1 == FISCAL_YEAR_STARTS:
            beside = self("moment.end_of_year", year=fiscal_year_of(moment))
        else:
            beside = self("moment.end_of_month", month=self.month(moment.day))
        return Said(main, beside, self("value.both", main=main, beside=beside))


def _narrow(kind: str, shown: str) -> str:
    """The text for a range that is too narrow for the digits shown."""
    if kind in ("people", "change", "index"):
        return "narrow_index" if kind == "index" else "narrow_people"
    return "narrow_tenth" if "." in shown else "narrow_whole"


def fiscal_year_of(moment: Moment) -> int:
    """The fiscal year in which a moment lies."""
    return moment.day.year - (moment.day.month < FISCAL_YEAR_STARTS)


def percent(share: float) -> str:
    """Whole per cents; one decimal within a point of none and all, lest almost all be read as all.

    >>> percent(0.874), percent(0.9953), percent(1.0), percent(0.004)
    ('87', '99.5', '100', '0.4')
    """
    return f"{share * 100:.1f}" if 0 < min(share, 1 - share) < 0.01 else f"{share * 100:.0f}"


def rounded(x: float, digits: int) -> float:
    """A number with so many significant digits, at least to the whole.

    >>> rounded(934_560, 3), rounded(0.0, 3), rounded(-48_512, 2)
    (935000.0, 0.0, -49000.0)
    """
    return float(round(x, min(0, digits - 1 - floor(log10(abs(x)))))) if x else 0.0


def signed(x: float) -> str:
    """One decimal below ten, whole above, with its sign.

    >>> signed(1.23), signed(-12.6), signed(0.04)
    ('+1.2', '−13', '0.0')
    """
    return true_sign(f"{x:+.1f}" if abs(x) < 9.95 else f"{x:+.0f}")


def true_sign(text: str) -> str:
    """A true minus sign, and no sign at zero."""
    return text[1:] if not text.strip("+-0.,") else text.replace("-", "−")
