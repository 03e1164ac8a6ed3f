"""``twin roadmap`` from end to end: a small start lived beside the same city without it, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest

from twin import cli
from twin.analysis import CELLS, Roadmap, runs_of
from twin.analysis.runs import plain_of
from twin.facts import Facts
from twin.results import Results
from twin.run import Plan, run
from twin.run.command import known
from twin.scenarios import Scenario

SCENARIOS = ("baseline", "without_small_start", "less_money")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Five years of 2,000 people, two seeds: the 5-year column ends with the run."""
    place = tmp_path_factory.mktemp("roadmap") / "results"
    scenarios = tuple(Scenario.read(name, Facts.read(), known()) for name in SCENARIOS)
    run(Plan(scenarios, (1, 2), None, 0.002, 5), place)
    return place


@pytest.fixture
def command(monkeypatch, capsys):
    def call(*words):
        monkeypatch.setenv("COLUMNS", "160")
        monkeypatch.setattr("sys.argv", ["twin", "roadmap", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out = capsys.readouterr()
        return ended.value.code or 0, out.out, out.err

    return call


def test_the_matched_run_is_the_one_that_differs_in_the_spread_alone(folder):
    results = Results.open(folder)
    assert plain_of(results, "baseline") == "without_small_start"
    assert plain_of(results, "less_money") == "without_small_start"
    assert plain_of(results, "without_small_start") == ""


def test_a_log_read_from_disk_is_what_the_run_wrote(folder):
    results = Results.open(folder)
    log = runs_of(results, "baseline")[1].log
    assert log.plain is not None
    for name, group in (("indicator_05", "75+"), ("people", "all"), ("procedures_online", "all")):
        kept = results.values(name, "baseline", group=group)[2].to_numpy()
        assert np.array_equal(log.of_city(name, group), kept), name
    live = (log.flags["stage"] == 2).sum(axis=(1, 2))
    assert live.tolist() == log.of_city("services_live").tolist()
    assert live[-1] > 0
    gone = results.table.query("scenario == 'baseline' and seed == 2 and indicator == 'event_trial'")
    assert len(gone) == sum(note[1] == "event_trial" for note in log.events) > 3


def test_the_five_year_column_is_evaluated_and_the_later_ones_are_not(folder):
    found = {o.id: o for o in Roadmap(runs_of(Results.open(folder), "baseline")).outcomes}
    for cell in ("P5", "A5", "D5"):
        assert found[cell].probability.runs == 2
        assert found[cell].word == "few"
        assert found[cell].waiting is not None
    assert {found[cell.id].reason for cell in CELLS if cell.years > 5} <= {
        "after_end",
        "no_archive",
        "not_logged",
    }
    without = {part.name: part.middle for part in found["D5"].parts}
    assert 0 < without["d5.months"] < 12  # the city OS is begun in April 2025 and takes eighteen months


def test_the_table_is_the_document_s(folder, command):
    code, out, _ = command(folder)
    assert code == 0
    for words in (
        "テクノロジー活用",
        "テクノロジー実証",
        "データ連携",
        "5年後（2026年度末）",
        "20年後（2041年度末）",
        "Society5.0の実現",
    ):
        assert words in out, words
    assert "計算が少なく言えない" in out
    assert "モデルによる試算であり、予測ではありません" in out
    assert "定義しだい" in out
    assert "「基準」との差" in out
    code, out, _ = command(folder, "--lang", "en")
    assert "Use of technology" in out
    assert "not evaluated: the runs end before" in out


def test_one_cell_with_its_curves(folder, command):
    code, out, _ = command(folder, "--cell", "a5", "--limit", "a5.areas=1", "--lang", "en")
    said = " ".join(out.split())
    assert code == 0
    assert "other areas with a trial or service ≥ 1" in said
    assert "Probability against the threshold: A5 step of the" in said
    assert "D5" not in said


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_the_tidy_table_holds_every_number(folder, command, tmp_path, suffix):
    path = tmp_path / f"roadmap.{suffix}"
    code, out, _ = command(folder, "--out", path)
    assert code == 0
    assert str(path) in out.replace("\n", "")
    table = (
        pd.read_csv(path) if suffix == "csv" else pd.DataFrame(json.loads(path.read_text(encoding="utf-8")))
    )
    assert set(table.what) >= {"cell", "condition", "number", "waiting", "curve", "difference"}
    cells = table[table.what == "cell"]
    assert cells.groupby("scenario").cell.apply(list).to_dict() == {
        name: [c.id for c in CELLS] for name in SCENARIOS
    }
    known_ones = cells[cells.value.notna()]
    assert (known_ones.low <= known_ones.value).all()
    assert (known_ones.value <= known_ones.high).all()
    assert cells[cells.value.isna()].note.notna().all()  # what is not evaluated says why


def test_what_the_command_refuses(folder, command, tmp_path):
    for words, said in {
        (folder, "--cell", "P7"): "ロードマップに「P7」という枠はありません",
        (folder, "--limit", "a5.areas=0.5"): "roadmap.a5.areas",
        (folder, "--limit", "a5.ares=3"): "a5.areas",
        (folder, "--limit", "a5.areas"): "名前=数値",
        (folder, "--out", tmp_path / "table.xlsx"): ".csv と .json",
        (tmp_path,): "COMPLETE",
        (folder, "--lang", "fr"): "fr",
    }.items():
        code, _, err = command(*words)
        assert code == 2, words
        assert said in err, (words, err)
    assert not (tmp_path / "table.xlsx").exists()
