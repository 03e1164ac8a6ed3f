"""One run: from a beginning or its last checkpoint to its long table on disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba

from twin.errors import Interrupted
from twin.indicators import measures
from twin.results.census import TECHNOLOGIES
from twin.results.ledger import Places
from twin.results.store import load_arrays, run_file, save_arrays, write_atomically
from twin.units import FISCAL_YEAR_STARTS

if TYPE_CHECKING:
    from twin.city.city import City
    from twin.model import CityTwin
    from twin.scenarios import Scenario

CHECKPOINT_SECONDS = 60.0  # of the wall clock; results do not depend on when it is taken


def checkpoint_file(folder: Path, scenario: str, seed: int) -> Path:
    """Where a run's checkpoint lies while it is under way."""
    return folder / "checkpoints" / f"{scenario}.seed-{seed}.npz"


def live(
    model: CityTwin, scenario: Scenario, seed: int, months: int, folder: Path, same: dict[str, Any],
    threads: int, told: Callable[[int], None] = lambda months: None,
    stop: Callable[[], bool] = lambda: False, resume: bool = False,
) -> dict[str, float]:  # fmt: skip
    """Live a run to its end and write its long table; return the seconds of each process.

    Parameters
    ----------
    told : called with the months lived so far
    stop : asked after each month; when it says yes, the run is kept in a checkpoint and given up
    same : what a checkpoint must agree with to be continued
    resume : continue from the checkpoint when there is one
    """
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))  # type: ignore[attr-defined]
    checkpoint = checkpoint_file(folder, scenario.id, seed)
    about = {**same, "scenario": scenario.id, "seed": seed}
    end = model.month + months
    begun = model.month
    if resume and checkpoint.is_file():
        model.remember(load_arrays(checkpoint, about))
    else:
        model.start()
    last = time.monotonic()
    while model.month < end:
        model.step()
        told(model.month - begun)
        if stop():
            save_arrays(checkpoint, model.memory(), about)
            raise Interrupted("run.interrupted", where=str(folder))
        if model.day.month == FISCAL_YEAR_STARTS and time.monotonic() - last > CHECKPOINT_SECONDS:
            save_arrays(checkpoint, model.memory(), about)
            last = time.monotonic()
    write_table(model, scenario.id, seed, run_file(folder, scenario.id, seed))
    checkpoint.unlink(missing_ok=True)
    return dict(model.seconds)


def write_table(model: CityTwin, scenario: str, seed: int, path: Path) -> None:
    """Write a run's long table as Parquet."""
    places, names = places_of(model.city), counted(model)
    table = model.ledger.table(
        {"scenario": scenario, "draw": 0, "seed": seed}, places, measures(names), names
    )
    write_atomically(path, lambda file: table.to_parquet(file, index=False, compression="zstd"))


def counted(model: CityTwin) -> set[str]:
    """Technologies, marks and flows that the run's processes gave: what its indicators may be made of."""
    found = set(model.ledger.flows)
    for process in model.processes:
        found |= process.mark(model).keys()
    return found | set(TECHNOLOGIES if "adoption.stage" in model.citizens.columns else ())


def places_of(city: City) -> Places:
    """Codes of a city's places for the ledger."""
    return Places(city.code, city.wards.code, city.areas.code, city.areas.ward)
