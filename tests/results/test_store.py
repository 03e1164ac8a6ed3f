"""The store keeps old results whole, refuses what is unfinished or changed, and has one writer."""

import os

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
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(CheckpointError, match="damaged"):
        store.load_arrays(path, {"seed": 1})


def test_a_pickle_is_never_loaded(tmp_path):
    path = tmp_path / "a.npz"
    store.save_arrays(path, {"x": np.array([{"a": 1}], dtype=object)}, {})
    with pytest.raises(CheckpointError, match="damaged"):
        store.load_arrays(path, {})


def test_a_second_writer_is_refused_and_a_dead_one_replaced(tmp_path):
    (tmp_path / ".lock").write_text("1")  # process 1 lives on every machine
    with pytest.raises(MachineError, match="1"), store.only_writer(tmp_path):
        pass
    dead = os.fork() if hasattr(os, "fork") else None
    if dead == 0:
        os._exit(0)
    if dead:
        os.waitpid(dead, 0)
        (tmp_path / ".lock").write_text(str(dead))
    else:
        (tmp_path / ".lock").unlink()
    with store.only_writer(tmp_path):
        assert (tmp_path / ".lock").read_text() == str(os.getpid())
    assert not (tmp_path / ".lock").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(MachineError), store.only_writer(blocked / "results"):
        pass
