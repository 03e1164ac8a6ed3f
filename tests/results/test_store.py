"""The store keeps old results whole, refuses what is unfinished or changed, and has one writer."""

import os
import subprocess
import sys

import numpy as np
import pytest

from twin.errors import CheckpointError, MachineError, ResultsError
from twin.results import Results, store


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "table"
    store.write_atomically(path, lambda file: file.write(b"old"))

    def breaks(file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(MachineError) as problem:
        store.write_atomically(path, breaks)
    assert "No space left" in problem.value.text("en")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unsealed_folder_is_refused(tmp_path):
    with pytest.raises(ResultsError) as problem:
        Results.open(tmp_path)
    assert "COMPLETE" in problem.value.text("ja")


def test_a_changed_file_is_found(tmp_path):
    (tmp_path / "made.json").write_text("{}")
    store.complete(tmp_path)
    (tmp_path / "made.json").write_text('{"seeds": [1]}')
    with pytest.raises(ResultsError) as problem:
        Results.open(tmp_path)
    assert "made.json" in problem.value.text("en")


def test_checkpoint_of_another_run_or_edited_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    store.save_arrays(path, {"x": np.arange(3)}, {"seed": 1})
    assert (store.load_arrays(path, {"seed": 1})["x"] == np.arange(3)).all()
    with pytest.raises(CheckpointError, match="seed"):
        store.load_arrays(path, {"seed": 2})
    whole = path.read_bytes()
    middle = whole.index(np.arange(3).tobytes())
    for damaged in (whole[:-40], b"", b"text", whole[:middle] + b"?" + whole[middle + 1 :]):
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError, match="damaged"):
            store.load_arrays(path, {"seed": 1})


def test_an_edited_array_under_the_old_header_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    store.save_arrays(path, {"x": np.arange(3)}, {"seed": 1})
    with np.load(path) as saved:
        arrays = {**saved, "x": np.array([0, 1, 9])}
    np.savez(path, **arrays)
    with pytest.raises(CheckpointError, match="damaged"):
        store.load_arrays(path, {"seed": 1})


def test_a_checkpoint_is_one_file_so_that_a_kill_cannot_part_it(tmp_path):
    store.save_arrays(tmp_path / "a.npz", {"x": np.arange(3)}, {"seed": 1})
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_a_pickle_is_never_loaded(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, header=np.array("{}"), x=np.array([{"a": 1}], dtype=object))
    with pytest.raises(CheckpointError, match="damaged"):
        store.load_arrays(path, {})


HOLDS = """
import sys, time
from pathlib import Path
from twin.results.store import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_refused_and_a_killed_one_replaced(tmp_path):
    owner = subprocess.Popen([sys.executable, "-c", HOLDS, tmp_path], stdout=subprocess.PIPE, text=True)
    try:
        assert owner.stdout.readline() == "held\n"
        with pytest.raises(MachineError, match=str(owner.pid)), store.only_writer(tmp_path):
            pass
    finally:
        owner.kill()
        owner.wait()
        owner.stdout.close()
    assert (tmp_path / ".lock").exists()
    with store.only_writer(tmp_path):
        assert (tmp_path / ".lock").read_text() == str(os.getpid())
    assert list(tmp_path.iterdir()) == []


def test_a_number_of_a_living_process_in_a_left_over_lock_does_not_hold(tmp_path):
    """Process numbers come again, always so in containers; only a living hold counts."""
    (tmp_path / ".lock").write_text("1")
    with store.only_writer(tmp_path):
        pass


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultsError, match="not a folder"), store.only_writer(tmp_path / "file"):
        pass


@pytest.mark.parametrize("seal", ["", "{", "[]", "{}", "[1]", "null", "\x00"])
def test_a_broken_seal_is_refused(seal, tmp_path):
    (tmp_path / "COMPLETE").write_text(seal)
    with pytest.raises(ResultsError, match="COMPLETE"):
        Results.open(tmp_path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(MachineError), store.only_writer(blocked / "results"):
        pass
