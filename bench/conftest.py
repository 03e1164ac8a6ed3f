"""The closing table of ``make bench``, printed after the timings."""

import os

import pytest

from bench.goals import FINDINGS


@pytest.fixture(scope="session")
def findings():
    """Where every benchmark writes what it found."""
    return FINDINGS


def pytest_terminal_summary(terminalreporter):
    """Print what was found against the goals, and how busy the machine was."""
    if FINDINGS.rows:
        terminalreporter.section("goals")
        terminalreporter.write_line(FINDINGS.text())
        busy = (
            f", load of the last quarter hour {os.getloadavg()[2]:.1f}" if hasattr(os, "getloadavg") else ""
        )
        terminalreporter.write_line(f"{os.cpu_count()} processors{busy}")
