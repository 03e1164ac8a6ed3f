"""Getting around: who drives, who subscribes, what a day takes and costs.

Begin with ``process.py``. ``offered`` is what there is to get around by, ``days`` a weekday and a holiday solved,
``drivers`` licences and cars, ``subscribing`` the bundle, ``record`` what is written down.
"""

from twin.processes.mobility.process import Mobility

__all__ = ["Mobility"]
