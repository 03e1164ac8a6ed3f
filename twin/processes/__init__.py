"""Behaviours, one per file. Processes meet only through the state, never through each other."""

from twin.processes.process import Process

__all__ = ["Process"]
