"""Every number of the model: dated, with unit, range, source and grade.

The numbers stand in the ``*.toml`` files of this folder; a file's name is the first word of its
facts. One entry serves the model, the checker, the sensitivity study and the report's list of
assumptions. Grades: *published* (a statistic or a law), *estimated* (derived or fitted from
published figures; ``fitted`` says to what), *assumed* (a modelling prior).

>>> from datetime import date
>>> facts = Facts.read()
>>> facts.number("demography.births.sex_ratio", date(2022, 4, 1))
1.05
"""

from twin.facts.fact import FOLDER, GRADES, Change, Fact, Facts

__all__ = ["FOLDER", "GRADES", "Change", "Fact", "Facts"]
