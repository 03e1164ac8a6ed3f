"""Getting around: who uses which road, and how long it then takes."""

from twin.travel.assignment import Equilibrium, system_optimum, user_equilibrium
from twin.travel.roads import Roads, Trips

__all__ = ["Equilibrium", "Roads", "Trips", "system_optimum", "user_equilibrium"]
