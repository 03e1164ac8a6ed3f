"""Refusing a run that would not fit into memory, before it starts."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from twin.errors import MachineError

# measured on a run of all people (bench/): what the interpreter and libraries take, and each citizen
_MEMINFO = Path("/proc/meminfo")  # Linux has it
_BASE_MIB = 330
_BYTES_A_CITIZEN = 700
_PEOPLE = 1_000_000


def check_memory(fraction: float, workers: int) -> None:
    """Stop when an estimate of the run is above the memory that is free; silent where unknown."""
    need = workers * (_BASE_MIB + fraction * _PEOPLE * _BYTES_A_CITIZEN / 2**20)
    free = _free_mib()
    if free is not None and need > free:
        raise MachineError("memory.too_little", need=round(need), free=round(free))


def _free_mib() -> float | None:
    """Memory that a new process can have; pages that merely cache files count as free where the system says so."""
    with suppress(OSError, LookupError, ValueError):
        lines = dict(line.split(":", 1) for line in _MEMINFO.read_text(encoding="ascii").splitlines())
        return int(lines["MemAvailable"].split()[0]) / 2**10
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**20
    return None
