"""Who lives and works in the city: citizens, households and businesses as columns."""

from twin.agents.businesses import Businesses
from twin.agents.citizens import Citizens, Households

__all__ = ["Businesses", "Citizens", "Households"]
