"""A folder of results that survives a crash: written aside, flushed, renamed; COMPLETE comes last.

OUT/made.json            what was run, with what, from what
OUT/plan.json            what a continued run must agree with
OUT/runs/*.parquet       the long table of each run
OUT/scenarios/*.toml     the scenarios as given
OUT/facts/*.toml         the numbers the run began with
OUT/city/                the city, for maps
OUT/beginnings/, OUT/checkpoints/    only while running
OUT/COMPLETE             hashes of all of it; readers refuse a folder without
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from twin.errors import CheckpointError, MachineError, ResultsError

COMPLETE = "COMPLETE"
_LOCK = ".lock"


def write_atomically(path: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """Write a file so that a reader sees the old one or the whole new one, never half of it."""
    aside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        _flush_folder(path.parent)
    except OSError as problem:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise MachineError(
            "store.cannot_write", where=str(path), why=problem.strerror or str(problem)
        ) from problem


def _cannot_write(path: Path, problem: OSError) -> MachineError:
    return MachineError("store.cannot_write", where=str(path), why=problem.strerror or str(problem))


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_json(path: Path, value: Any) -> None:
    """Write a value as readable JSON, atomically."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True))


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, atomically."""
    write_atomically(path, lambda file: file.write(text.encode()))


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save_arrays(path: Path, arrays: Mapping[str, np.ndarray], about: Mapping[str, Any]) -> None:
    """Save arrays with a header that says whose they are and a hash that shows damage."""
    write_atomically(path, lambda file: np.savez(file, **arrays))  # type: ignore[arg-type]
    write_json(path.with_suffix(".json"), {**about, "sha256": sha256_of(path)})


def load_arrays(path: Path, about: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Load what :func:`save_arrays` saved; stop when it is damaged or was saved for something else."""
    try:
        header = json.loads(path.with_suffix(".json").read_text())
    except (OSError, ValueError) as problem:
        raise CheckpointError("store.checkpoint_header", where=str(path)) from problem
    if header.pop("sha256", None) != sha256_of(path):
        raise CheckpointError("store.checkpoint_damaged", where=str(path))
    other = [key for key, value in about.items() if header.get(key) != value]
    if other:
        raise CheckpointError("store.checkpoint_other", where=str(path), what=", ".join(other))
    try:
        with np.load(path, allow_pickle=False) as saved:
            return {name: saved[name] for name in saved.files}
    except ValueError as problem:
        raise CheckpointError("store.checkpoint_damaged", where=str(path)) from problem


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder for one process; a second is refused, a dead owner's lock is taken over."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = folder / _LOCK
        owner = _owner(lock)
        if owner is not None and _alive(owner):
            raise MachineError("store.locked", where=str(folder), owner=owner)
        lock.unlink(missing_ok=True)
        with lock.open("x") as file:
            file.write(str(os.getpid()))
    except FileExistsError as problem:
        raise MachineError("store.locked", where=str(folder), owner="?") from problem
    except OSError as problem:
        raise MachineError(
            "store.cannot_write", where=str(folder), why=problem.strerror or str(problem)
        ) from problem
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _owner(lock: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(lock.read_text())
    return None


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def complete(folder: Path) -> None:
    """Seal a finished folder with the hashes of everything in it."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in (COMPLETE, _LOCK))
    write_json(folder / COMPLETE, {p.relative_to(folder).as_posix(): sha256_of(p) for p in files})


def check_complete(folder: Path) -> dict[str, str]:
    """Files and hashes of a sealed folder; stop when it is not sealed or a file has changed."""
    seal = folder / COMPLETE
    if not seal.is_file():
        raise ResultsError("store.not_complete", where=str(folder))
    files: dict[str, str] = json.loads(seal.read_text())
    for name, digest in files.items():
        if not (folder / name).is_file() or sha256_of(folder / name) != digest:
            raise ResultsError("store.changed", where=str(folder), file=name)
    return files
