"""Refusing a run that would not fit into memory, before it starts."""

from __future__ import annotations

import os

from twin.errors import MachineError

# measured on a run of all people (bench/): what the interpreter and libraries take, and each citizen
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
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (ValueError, OSError, AttributeError):
        return None
