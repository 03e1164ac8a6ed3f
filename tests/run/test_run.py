"""Running: same bytes for any number of workers, resumable, refused where results would be lost."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from twin.errors import Interrupted, ResultsError
from twin.facts import Facts
from twin.indicators import REGISTER
from twin.results import Results
from twin.results.milestones import at_milestones
from twin.run import Plan, run, single
from twin.run.command import known
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
    assert set(table.kind.unique()) == {"count", "objective", "subjective"}
    shares = table[table.kind != "count"].value
    assert shares.between(0, 1).all()
    monthly = table[table.indicator != "people_by_age"]  # pyramids are of the first of April
    assert monthly.date.min() == pd.Timestamp("2020-10-01")
    assert monthly.date.max() == pd.Timestamp("2023-03-01")


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
