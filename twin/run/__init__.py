"""Running: one run, many runs, resuming."""

from twin.run.ensemble import open_city, run
from twin.run.plan import PROCESSES, Plan, couplings

__all__ = ["PROCESSES", "Plan", "couplings", "open_city", "run"]
