"""Units and calendars: rates and shares, months, fiscal years.

All numbers in the engine are plain floats and integers; this file is the one place that knows
how a yearly rate becomes a monthly chance and how a date becomes a month number.

>>> from datetime import date
>>> month_number(date(2022, 4, 1)) - month_number(date(2020, 10, 1))
18
>>> round(float(share_per_step(0.24, years=1.0)), 6)
0.213372
>>> fiscal_year(month_number(date(2023, 3, 1)))
2022
"""

from datetime import date

import numpy as np

MONTHS_A_YEAR = 12
_EPOCH_YEAR = 1900
FISCAL_YEAR_STARTS = 4  # April, Local Autonomy Act article 208


def month_number(day: date) -> int:
    """Months from January 1900 to the month of ``day``: the clock of the engine."""
    return (day.year - _EPOCH_YEAR) * MONTHS_A_YEAR + day.month - 1


def month_start(month: int) -> date:
    """First day of a month number; the inverse of :func:`month_number`."""
    year, index = divmod(int(month), MONTHS_A_YEAR)
    return date(_EPOCH_YEAR + year, index + 1, 1)


def fiscal_year(month: int) -> int:
    """Japanese fiscal year (April to March) in which a month number lies."""
    return _EPOCH_YEAR + (int(month) - (FISCAL_YEAR_STARTS - 1)) // MONTHS_A_YEAR


def fiscal_year_end(year: int) -> int:
    """Month number of March, the last month of fiscal year ``year``."""
    return month_number(date(year + 1, 3, 1))


def share_per_step(rate, years):
    """Share that changes in a step of ``years`` at a constant yearly hazard ``rate``: 1 - exp(-h dt).

    Step lengths then do not change the meaning of a rate: twelve months of one twelfth give the
    same share as one year.
    """
    return -np.expm1(-np.asarray(rate, dtype=float) * years)


def rate_of_share(share, years):
    """Yearly hazard that moves ``share`` of the people in ``years``; inverse of share_per_step."""
    return -np.log1p(-np.asarray(share, dtype=float)) / years
