"""Feeling beside fact: which two indicators are read together.

The vision prints about as many subjective as objective indicators so that what citizens feel can be held
against what is the case; it does not print pairs. These are ours: each feeling, or knowing, with the use or
possession it is most about.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Two names of the results table.

    Attributes
    ----------
    felt : an indicator
    fact : another, or a count of people, read as their share of the people of ``group``
    group : of the fact
    """

    felt: str
    fact: str
    group: str = "all"


# the vision prints 1 and 14 as objective; both ask what a person has heard of, so they stand on the felt side
PAIRS = (
    Pair("indicator_01", "indicator_02"),
    Pair("indicator_03", "indicator_04"),
    Pair("indicator_05", "indicator_04"),
    Pair("indicator_06", "indicator_07"),
    Pair("indicator_09", "indicator_08"),
    Pair("indicator_10", "alerts_users", "18+"),
    Pair("indicator_14", "indicator_13"),
)
