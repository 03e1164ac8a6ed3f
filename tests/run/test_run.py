"""Running: same bytes for any number of workers, resumable, refused where results would be lost."""

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from twin.city.city import City
from twin.errors import Interrupted, MachineError, ResultsError
from twin.facts import Facts
from twin.indicators import REGISTER
from twin.results import Results, store
from twin.results.milestones import at_milestones
from twin.run import Plan, run, single
from twin.run.beginning import begin
from twin.run.command import known
from twin.run.ensemble import _nothing_to_keep, _raise_worst, _stop_asked
from twin.run.memory import check_memory
from twin.run.plan import NEEDS, ORDER, PROCESSES, model_of
from twin.scenarios import Scenario

FRACTION = 0.002


@pytest.fixture(scope="module")
def plan():
    facts = Facts.read()
    scenarios = tuple(Scenario.read(name, facts, known()) for name in ("baseline", "ageing_faster"))
    return Plan(scenarios, (1, 2), None, FRACTION, 1)


@pytest.fixture(scope="module")
def done(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results") / "done"
    return run(plan, folder)


def bytes_of(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted((folder / "runs").iterdir())}


def test_results_say_how_they_were_made(done):
    made = done.made
    assert made["seeds"] == [1, 2]
    assert made["fraction"] == FRACTION
    assert {s["id"] for s in made["scenarios"]} == {"baseline", "ageing_faster"}
    assert made["city"]["sha256"]
    assert "千葉市" in made["fit"]["ja"] or made["fit"]["ja"]


def test_the_long_table_is_whole(done):
    table = done.table
    assert list(table.columns) == [
        "scenario", "draw", "seed", "date", "indicator", "kind", "area", "group", "value",
    ]  # fmt: skip
    assert set(table.kind.unique()) == {
        "count", "objective", "subjective", "survey", "event", "money", "team",
    }  # fmt: skip
    shares = table[table.kind.isin(["objective", "subjective"])].value
    assert shares.between(0, 1).all()
    monthly = table[table.indicator != "people_by_age"]  # pyramids are of the first of April
    assert monthly.date.min() == pd.Timestamp("2020-10-01")
    assert monthly.date.max() == pd.Timestamp("2023-03-01")


def test_only_the_recorded_and_sealed_runs_are_read(done, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(done.folder, folder)
    runs = folder / "runs"
    shutil.copy(runs / "baseline.seed-1.parquet", runs / "baseline.seed-3.parquet")
    shutil.copy(runs / "baseline.seed-1.parquet", runs / "other.parquet")
    pd.testing.assert_frame_equal(Results.open(folder).table, done.table)
    store.complete(folder)  # sealed by whoever put them there, and still not in the record
    pd.testing.assert_frame_equal(Results.open(folder).table, done.table)
    (runs / "ageing_faster.seed-2.parquet").unlink()
    store.complete(folder)
    with pytest.raises(ResultsError, match=r"ageing_faster\.seed-2"):
        _ = Results.open(folder).table


def test_numbers_that_are_not_those_of_the_record_are_refused(done, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(done.folder, folder)
    assert dict(Results.open(folder).facts) == dict(done.facts)
    (folder / "facts" / "more.toml").write_text((folder / "facts" / "card.toml").read_text(encoding="utf-8"))
    with pytest.raises(ResultsError, match="facts/"):
        _ = Results.open(folder).facts


def test_wards_add_up_to_the_city(done):
    people = done.table[(done.table.indicator == "people") & (done.table.group == "all")]
    wide = people[(people.scenario == "baseline") & (people.seed == 1)].pivot_table(
        index="date", columns="area", values="value", observed=True
    )
    wards = [c for c in wide.columns if str(c).startswith("1210") and c != "12100"]
    wards = [c for c in wards if len(str(c)) == 5]
    assert (wide[wards].sum(axis=1) == wide["12100"]).all()


def test_milestones_are_those_of_the_vision_s_numbers(done):
    found = at_milestones(done, [2022, 2041])
    assert {number for number, _ in found} == set(REGISTER)
    low, mid, high = found[13, "baseline"][0]
    assert 0 < low <= mid <= high < 1
    assert all(np.isnan(found[number, "baseline"][1]).all() for number in REGISTER)


def test_a_process_left_out_takes_its_indicators_along(plan, tmp_path):
    whole = plan.scenarios[0]
    kept = tuple(name for name in whole.processes if name not in ("felt", "work", "city_hall"))
    part = replace(whole, id="part", processes=kept)
    results = run(replace(plan, scenarios=(whole, part), seeds=(1,)), tmp_path / "part")
    lost = {f"indicator_{number:02d}" for number in (5, 6, 9, 10, 13)} | {"indicator_13_types"}
    for name in (*lost, *(f"indicator_{number:02d}" for number in set(REGISTER) - {5, 6, 9, 10, 13})):
        assert results.holds(name, "baseline"), name
        assert results.holds(name, "part") == (name not in lost), name
    part_names = results.table[results.table.scenario == "part"].indicator.astype(str)
    assert not part_names.str.startswith(
        ("indicator_05", "indicator_06", "indicator_09")
    ).any()  # nor surveys
    found = at_milestones(results, [2022])
    assert np.isnan(found[5, "part"]).all()
    assert np.isfinite([found[5, "baseline"], found[4, "part"]]).all()


def test_two_workers_give_the_same_bytes(plan, done, tmp_path):
    run(plan, tmp_path / "two", threads=2)
    assert bytes_of(tmp_path / "two") == bytes_of(done.folder)


def test_an_interrupted_run_continues_to_the_same_bytes(plan, done, tmp_path, monkeypatch):
    lived = []
    real = single.save_arrays
    monkeypatch.setattr("twin.run.ensemble._stop_asked", _asked_after(lived, 25))
    with pytest.raises(Interrupted):
        run(plan, tmp_path / "broken", told=lambda months, of: lived.append(months))
    assert not (tmp_path / "broken" / "COMPLETE").exists()
    assert list((tmp_path / "broken" / "checkpoints").glob("*.npz"))
    monkeypatch.undo()
    assert single.save_arrays is real
    run(plan, tmp_path / "broken", resume=True)
    assert bytes_of(tmp_path / "broken") == bytes_of(done.folder)


def _asked_after(lived, months):
    from contextlib import contextmanager

    @contextmanager
    def asked():
        yield lambda: len(lived) >= months

    return asked


def test_results_are_not_overwritten(plan, done):
    before = bytes_of(done.folder)
    with pytest.raises(ResultsError, match="already"):
        run(plan, done.folder)
    assert bytes_of(done.folder) == before
    assert isinstance(run(plan, done.folder, resume=True), Results)


def test_another_plan_cannot_be_continued_here(plan, done):
    with pytest.raises(ResultsError, match="seeds"):
        run(replace(plan, seeds=(1, 2, 3)), done.folder, resume=True)


def test_no_host_or_user_in_results(done):
    import getpass
    import platform

    text = json.dumps(done.made, ensure_ascii=False)
    assert platform.node() not in text or not platform.node()
    assert f'"{getpass.getuser()}"' not in text


def test_a_killed_worker_is_said_and_the_run_continues_to_the_same_bytes(plan, done, tmp_path):
    def kill(lived, of):
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(MachineError, match="--resume"):
        run(plan, tmp_path / "killed", threads=2, told=kill)
    run(plan, tmp_path / "killed", resume=True)
    assert bytes_of(tmp_path / "killed") == bytes_of(done.folder)


class Odd(Exception):
    pass


def test_the_run_that_failed_is_named_not_those_stopped_for_it():
    stopped, broken = Interrupted("run.interrupted"), BrokenProcessPool()
    with pytest.raises(Odd):
        _raise_worst([None, stopped, Odd()], asked=False)
    with pytest.raises(Interrupted):
        _raise_worst([stopped, None], asked=True)
    with pytest.raises(MachineError):
        _raise_worst([broken, broken], asked=False)
    with pytest.raises(Interrupted):
        _raise_worst([broken, broken], asked=True)
    _raise_worst([None, None], asked=True)


def press_ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)


@pytest.mark.skipif(os.name != "posix", reason="sends itself a signal")
def test_ctrl_c_ends_at_once_where_nothing_is_lost_and_the_second_time():
    with _stop_asked(), pytest.raises(KeyboardInterrupt):
        press_ctrl_c()
    with _stop_asked() as asked:
        asked.keeps = True
        assert not asked()
        press_ctrl_c()
        assert asked()
        with pytest.raises(KeyboardInterrupt):
            press_ctrl_c()


def test_only_runs_with_months_behind_them_are_waited_for():
    starting, living, ended = Future(), Future(), Future()
    ended.set_result({})
    assert not _nothing_to_keep([starting, living, ended], [0, 3, 12])
    living.set_exception(Interrupted("run.interrupted"))  # its checkpoint is written
    assert _nothing_to_keep([starting, living, ended], [0, 3, 12])


@pytest.mark.skipif(os.name != "posix", reason="sends itself a signal")
@pytest.mark.parametrize("months", [0, 1])
def test_a_stop_leaves_no_worker_and_what_continues(months, plan, done, tmp_path):
    def press(lived, of):
        if lived >= months and not pressed:
            pressed.append(lived)
            press_ctrl_c()

    pressed = []
    with pytest.raises(Interrupted):
        run(plan, tmp_path / "out", threads=2, told=press)
    assert multiprocessing.active_children() == []
    run(plan, tmp_path / "out", resume=True)
    assert bytes_of(tmp_path / "out") == bytes_of(done.folder)


RUN = """
import sys
from twin.cli import main
sys.argv = ["twin", "run", "baseline", "ageing_faster", "--fraction", "0.002", "--seeds", "2", "--years", "1",
            "--threads", "2", "--out", sys.argv[1]]
main()
"""


@pytest.fixture
def started(tmp_path):
    """A run with two workers in a process group of its own, caught while its workers start."""
    out = tmp_path / "out"
    log = (tmp_path / "log").open("w+")
    parent = subprocess.Popen(
        [sys.executable, "-c", RUN, out], stdout=log, stderr=log, start_new_session=True
    )  # fmt: skip
    while parent.poll() is None and not list(out.glob("beginnings/*.npz")):
        time.sleep(0.02)
    time.sleep(0.3)
    yield parent, out, log
    parent.kill()
    parent.wait()
    log.close()


@pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_reaches_all_processes_and_ends_cleanly(number, started, plan, done):
    parent, out, log = started
    os.killpg(parent.pid, number)
    assert parent.wait(timeout=60) == 4
    log.seek(0)
    said = log.read()
    assert "--resume" in said
    assert "Traceback" not in said
    run(plan, out, resume=True)
    assert bytes_of(out) == bytes_of(done.folder)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the process table of Linux")
def test_workers_do_not_outlive_a_killed_parent(started, plan, done):
    parent, out, _ = started
    workers = _of_group(parent.pid) - {parent.pid}
    assert len(workers) >= 2
    parent.kill()
    parent.wait()
    until = time.monotonic() + 60
    while _of_group(parent.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _of_group(parent.pid)
    run(plan, out, resume=True)
    assert bytes_of(out) == bytes_of(done.folder)


def _of_group(group):
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.add(int(stat.parent.name))
    return found


def test_memory_that_caches_files_counts_as_free(tmp_path, monkeypatch):
    (tmp_path / "meminfo").write_text("MemTotal: 8000000 kB\nMemFree: 1000 kB\nMemAvailable: 2048000 kB\n")
    monkeypatch.setattr("twin.run.memory._MEMINFO", tmp_path / "meminfo")
    check_memory(0.1, 1)
    with pytest.raises(MachineError, match="2000"):
        check_memory(1.0, 3)


def test_what_processes_need_is_what_their_list_gives():
    names = list(PROCESSES)
    assert [name for name in ORDER if name in names] == [name for name in names if name in ORDER]
    for name, others in NEEDS.items():
        assert all(other in names for other in (name, *others))
    assert set(known().censuses) == {date(2015, 10, 1), date(2020, 10, 1)}


def test_processes_declare_every_fact_they_read(plan, monkeypatch):
    """A scenario may change what is declared, and only that."""
    facts, city = Facts.read(), City.embedded()
    scenario = plan.scenarios[0]
    model = model_of(city, begin(city, scenario, facts, FRACTION), scenario, facts, 1, FRACTION)
    read, get = set(), Facts.__getitem__
    monkeypatch.setattr(Facts, "__getitem__", lambda self, key: read.add(key) or get(self, key))
    model.start()
    for _ in range(14):
        model.step()
    assert read - set(known().levers) == set()
    assert len(read) > 90
