"""Synthetic people and businesses of a census day, made from published totals alone.

:func:`synthesise` is the one entry; :mod:`twin.population.fit` and :mod:`twin.population.rounding` are
the two ideas behind it (meet totals; keep them in whole numbers).
"""

from twin.population.fit import Margin, fit
from twin.population.report import FitReport, FitRow
from twin.population.rounding import controlled, whole
from twin.population.synthesis import People, synthesise

__all__ = ["FitReport", "FitRow", "Margin", "People", "controlled", "fit", "synthesise", "whole"]
