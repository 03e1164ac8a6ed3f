"""A folder of results that survives a crash: written aside, flushed, renamed; COMPLETE comes last.

OUT/made.json            what was run, with what, from what
OUT/plan.json            what a continued run must agree with
OUT/runs/*.parquet       the long table of each run; readers take those that made.json names, and no other
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
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from twin.errors import CheckpointError, MachineError, ResultsError

COMPLETE = "COMPLETE"
_LOCK, _ASIDE = ".lock", ".part"
_MADE = "made.json"
_HEADER = "header"  # the array that holds the header's text


def run_file(folder: Path, scenario: str, seed: int) -> Path:
    """Where a run's long table lies."""
    return folder / "runs" / f"{scenario}.seed-{seed}.parquet"


def write_atomically(path: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """Write a file so that a reader sees the old one or the whole new one, never half of it."""
    aside = path.with_name(path.name + _ASIDE)
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
        raise _cannot_write(path, problem) from problem


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
    """Save arrays in one file, with a header that says whose they are and a hash that shows damage."""
    header = np.array(json.dumps({**about, "sha256": _sha256_of_arrays(arrays)}))
    write_atomically(path, lambda file: np.savez(file, **{_HEADER: header}, **arrays))  # type: ignore[arg-type]


def load_arrays(path: Path, about: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Load what :func:`save_arrays` saved; stop when it is damaged or was saved for something else."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            arrays = {name: saved[name] for name in saved.files}
        header = json.loads(str(arrays.pop(_HEADER)))
    except (OSError, EOFError, ValueError, LookupError, zipfile.BadZipFile, zlib.error) as problem:
        raise CheckpointError("store.checkpoint_damaged", where=str(path)) from problem
    if header.pop("sha256", None) != _sha256_of_arrays(arrays):
        raise CheckpointError("store.checkpoint_damaged", where=str(path))
    other = [key for key, value in about.items() if header.get(key) != value]
    if other:
        raise CheckpointError("store.checkpoint_other", where=str(path), what=", ".join(other))
    return arrays


def _sha256_of_arrays(arrays: Mapping[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder for one process; a second is refused. The hold ends with its process, however that ends."""
    if folder.exists() and not folder.is_dir():
        raise ResultsError("store.not_folder", where=str(folder))
    path = folder / _LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = path.open("a+", encoding="utf-8")
    except OSError as problem:
        raise _cannot_write(folder, problem) from problem
    with lock:
        try:
            _hold(lock)
            if not os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                raise BlockingIOError  # the file was taken away between opening and holding: another is here
        except OSError as problem:
            raise MachineError("store.locked", where=str(folder), owner=_owner(path)) from problem
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            with suppress(OSError):  # Windows keeps a file that is open
                path.unlink()


def _owner(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(encoding="utf-8") or "?"
    return "?"


if sys.platform == "win32":
    import msvcrt

    def _hold(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def check_free(folder: Path) -> None:
    """Stop when a folder that is to hold new results holds things of somebody else's."""
    other = sorted(p.name for p in folder.iterdir() if p.name != _LOCK and p.suffix != _ASIDE)
    if other:
        raise ResultsError("store.not_empty", where=str(folder), file=other[0])


def complete(folder: Path) -> None:
    """Seal a finished folder with the hashes of everything in it."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in (COMPLETE, _LOCK))
    write_json(folder / COMPLETE, {p.relative_to(folder).as_posix(): sha256_of(p) for p in files})


def check_complete(folder: Path) -> dict[str, str]:
    """Files and hashes of a sealed folder; stop when it is not sealed or a file has changed."""
    seal = folder / COMPLETE
    if not seal.is_file():
        raise ResultsError("store.not_complete", where=str(folder))
    try:
        files: dict[str, str] = dict(json.loads(seal.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as problem:
        raise ResultsError("store.changed", where=str(folder), file=COMPLETE) from problem
    if _MADE not in files:
        raise ResultsError("store.changed", where=str(folder), file=COMPLETE)
    for name, digest in files.items():
        if not (folder / name).is_file() or sha256_of(folder / name) != digest:
            raise ResultsError("store.changed", where=str(folder), file=name)
    return files
