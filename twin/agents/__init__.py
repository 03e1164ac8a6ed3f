"""Who lives and works in the city, and where: citizens, households, businesses and areas as columns."""

from twin.agents.areas import Areas
from twin.agents.businesses import Businesses
from twin.agents.citizens import Citizens, Households

__all__ = ["Areas", "Businesses", "Citizens", "Households"]
