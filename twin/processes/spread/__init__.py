"""From one area to the whole city: how services spread, and the teams, money and links behind it.

Begin with ``process.py``. The rules are small files beside it: ``hazard`` (when a service begins), ``reference``
(whom areas look to), ``life`` (money, trials, endings, records), ``team`` (maturity, the administration's
share, own revenue), ``city_os`` and ``linking`` (links), ``money`` (the accounts), ``stages`` (STEP, point, line,
plane) and ``events`` (the log by which flags change).
"""

from twin.processes.spread.process import Spread

__all__ = ["Spread"]
