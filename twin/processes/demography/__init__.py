"""Demography: births, deaths, moves, households, school and work, month by month.

A cohort-component model lived by individuals: every citizen meets the same yearly hazards that the
projection :func:`expected` adds up, and people come, go and move as households. What is published,
what was fitted to what, and what is assumed stands in ``docs/demography.md`` and with every fact.
"""

from twin.processes.demography.expect import Expectation, arriving, by_age, expected, leaving, leslie
from twin.processes.demography.process import Demography

__all__ = ["Demography", "Expectation", "arriving", "by_age", "expected", "leaving", "leslie"]
