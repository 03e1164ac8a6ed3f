"""Scenarios: the questions a run answers, each a difference to another, dated, reasoned, sourced, costed.

A scenario is a TOML file. ``library/`` holds the packaged ones; a file of one's own names its parent::

    id       = "more_classes"
    title    = { ja = "講座を増やす", en = "More classes" }
    question = { ja = "...", en = "..." }
    based_on = "baseline"

    [[change]]
    fact   = "..."
    value  = 2
    since  = 2025-04-01
    why    = { ja = "...", en = "..." }
    source = "council minute 2025-014"

>>> from twin.facts import Facts
>>> facts = Facts.read()
>>> Scenario.read("baseline", facts).years
20
"""

from twin.scenarios.checking import Known
from twin.scenarios.explain import explain
from twin.scenarios.limits import check_fraction, check_id, check_seed, check_years
from twin.scenarios.remark import Remark
from twin.scenarios.scenario import DatedChange, Scenario, check_together, library

__all__ = [
    "DatedChange",
    "Known",
    "Remark",
    "Scenario",
    "check_fraction",
    "check_id",
    "check_seed",
    "check_together",
    "check_years",
    "explain",
    "library",
]
