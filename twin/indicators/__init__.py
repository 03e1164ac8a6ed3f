"""The city's indicators, each a pure function of what was counted.

An indicator answers a :class:`~twin.results.census.Census` with two whole-number tables by area and
age group: those counted and those asked. Shares of any place or group follow by adding up first.
Measures of equity (:mod:`twin.indicators.equity`) are made of such answers or of one value per person;
what may be shown of few people is decided in one place (:mod:`twin.indicators.small_cells`).
"""

from twin.indicators.indicator import REGISTER, Indicator
from twin.indicators.technology import connected_device, internet_services, my_number_card

__all__ = ["REGISTER", "Indicator", "connected_device", "internet_services", "my_number_card"]
