"""Businesses open, grow, close and take up digital tools; see ``docs/businesses.md``."""

from twin.processes.businesses.process import BusinessLife
from twin.processes.businesses.telework import citizens_telework, may_telework
from twin.processes.businesses.work import Work

__all__ = ["BusinessLife", "Work", "citizens_telework", "may_telework"]
