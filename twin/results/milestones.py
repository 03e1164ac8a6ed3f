"""Indicators at the roadmap's years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from twin.units import fiscal_year_end, month_start

if TYPE_CHECKING:
    from twin.results.results import Results

Band = tuple[float, float, float]
_NUMBERED = re.compile(r"indicator_(\d+)")
_NONE: Band = (float("nan"),) * 3


def at_milestones(results: Results, years: Sequence[int]) -> dict[tuple[int, str], list[Band]]:
    """Low, middle and high point of each indicator and scenario at the end of each fiscal year.

    Keys are (indicator number, scenario id); a year beyond the run gives three nans, and so does an
    indicator that a scenario does not count. Other readings of a number ("indicator_13_types") are left
    to the report.
    """
    found = (_NUMBERED.fullmatch(name) for name in sorted(results.table.indicator.cat.categories))
    return {
        (int(slug[1]), scenario): _at(results, slug[0], scenario, years)
        for slug in found if slug for scenario in results.scenarios
    }  # fmt: skip


def _at(results: Results, name: str, scenario: str, years: Sequence[int]) -> list[Band]:
    if not results.holds(name, scenario):
        return [_NONE] * len(years)
    band, found = results.band(name, scenario), []
    for year in years:
        day = pd.Timestamp(month_start(fiscal_year_end(year)))
        found.append(tuple(band.loc[day]) if day in band.index else _NONE)
    return found
