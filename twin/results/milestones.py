"""Indicators at the roadmap's years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from twin.units import fiscal_year_end, month_start

if TYPE_CHECKING:
    from twin.results.results import Results

Band = tuple[float, float, float]
_NONE: Band = (float("nan"),) * 3


def at_milestones(results: Results, years: Sequence[int]) -> dict[tuple[int, str], list[Band]]:
    """Low, middle and high point of each indicator and scenario at the end of each fiscal year.

    Keys are (indicator number, scenario id); a year beyond the run gives three nans.
    """
    names = results.table.indicator.cat.categories
    slugs = sorted(name for name in names if name.removeprefix("indicator_").isdigit())
    return {
        (int(slug.removeprefix("indicator_")), scenario): _at(results.band(slug, scenario), years)
        for slug in slugs for scenario in results.scenarios
    }  # fmt: skip


def _at(band: pd.DataFrame, years: Sequence[int]) -> list[Band]:
    found = []
    for year in years:
        day = pd.Timestamp(month_start(fiscal_year_end(year)))
        found.append(tuple(band.loc[day]) if day in band.index else _NONE)
    return found
