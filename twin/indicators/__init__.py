"""The city's indicators, each a pure function of what was counted.

An indicator answers a :class:`~twin.results.census.Census` with two tables of numbers, those counted
and those asked: by area and age group where persons are asked, by area alone where they are not.
Shares of any place or group follow by adding up first. Measures of equity (:mod:`twin.indicators.equity`)
are made of such answers or of one value per person; what may be shown of few people is decided in one
place (:mod:`twin.indicators.small_cells`).
"""

from twin.indicators.city_hall import awareness_of_online_services, online_procedures, online_types
from twin.indicators.felt import better_learning, convenience, safety_information
from twin.indicators.indicator import READINGS, REGISTER, Indicator, measures
from twin.indicators.minds import accepts_data_use, acts_for_environment, aware_of_smart_city
from twin.indicators.technology import (
    connected_device,
    internet_services,
    learning_with_technology,
    my_number_card,
)
from twin.indicators.work import changed_work, digital_companies, staff_of_digital_companies

__all__ = [
    "READINGS",
    "REGISTER",
    "Indicator",
    "accepts_data_use",
    "acts_for_environment",
    "aware_of_smart_city",
    "awareness_of_online_services",
    "better_learning",
    "changed_work",
    "connected_device",
    "convenience",
    "digital_companies",
    "internet_services",
    "learning_with_technology",
    "measures",
    "my_number_card",
    "online_procedures",
    "online_types",
    "safety_information",
    "staff_of_digital_companies",
]
