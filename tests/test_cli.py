"""The commands as a user meets them: exit codes, help instead of tracebacks, nothing written."""

import dataclasses
import json
import re
import subprocess
import sys

import pytest

from twin import cli


def call(*words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["twin", *words])
    code = cli._guarded()
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "basline"], "baseline"),
        (["run", "--fraction", "2"], "fraction"),
        (["run", "--fraction", "0"], "fraction"),
        (["run", "--seeds", "0"], "--seeds"),
        (["run", "--seeds", "abc"], "整数"),
        (["run", "--seeds"], "値の書き方"),
        (["run", "--fraction", "x"], "a number"),
        (["run", "--resume=3"], "--resume"),
        (["run", ""], "id"),
        (["scenario", "explain"], "scenario がありません"),
        (["describe", "facts", "more"], "more"),
        (["run", "--years", "10000"], "10000"),
        (["run", "--threads", "-1"], "--threads"),
        (["run", "--lang", "fr"], "fr"),
        (["run", "--fractoin", "0.1"], "--fraction"),
        (["run", "--city", "no/such/folder"], "no/such/folder"),
        (["rnu"], "rnu"),
        (["report", "no/such/folder"], "COMPLETE"),
        (["report", "no/such/folder", "--out", "page.pdf"], ".html"),
        (["vision", "show", "--out", "x.bmp"], ".png"),
        (["city", "show", "--out", "x.gif"], ".png"),
        (["describe", "stat"], "state"),
        (["verify", "--only", "V-99"], "V-99"),
        (["scenario", "explain", "no_such"], "no_such"),
        (["city", "check", "no/such/folder"], "no/such/folder"),
        (["city", "build", "--from", "no/such/folder", "--out", "x"], "no/such/folder"),
    ],
)
def test_bad_input_is_help_in_two_languages(words, said, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, _, err = call(*words, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert any("ぁ" <= c <= "ヿ" for c in err), "no Japanese"
    assert any("a" <= c <= "z" for c in err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["state", "facts", "processes", "services", "indicators"])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_describe(what, lang, monkeypatch, capsys):
    code, out, _ = call("describe", what, "--lang", lang, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    assert len(out.splitlines()) > 5


@pytest.mark.parametrize(
    "words",
    [("describe", what) for what in ("state", "facts", "processes", "services")]
    + [("vision", "show"), ("scenario", "list"), ("scenario", "explain", "baseline"), ("city", "check"),
       ("verify", "--only", "V-07,V-24,V-32,V-33,V-49")],
    ids=" ".join,
)  # fmt: skip
def test_what_a_japanese_reader_sees_holds_no_english_sentence(words, monkeypatch, capsys):
    """Names and titles of publications have capitals; a run of small words is prose somebody forgot."""
    code, out, _ = call(*words, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    assert re.findall(r"\b(?:[a-z]+[ ,;]+){3,}[a-z]+\b", re.sub(r"[^（|]*, doi \S+", "", out)) == []


def test_scenarios_are_listed_checked_and_explained(monkeypatch, capsys):
    code, out, _ = call("scenario", "list", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    names = [line.split()[0] for line in out.splitlines()]
    assert "baseline" in names
    code, out, _ = call("scenario", "check", *names, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    for name in names:
        code, out, _ = call(
            "scenario", "explain", name, "--lang", "en", monkeypatch=monkeypatch, capsys=capsys
        )
        assert code == 0
        assert len(out) > 50


def test_embedded_city_passes_its_checks(monkeypatch, capsys):
    code, out, _ = call("city", "check", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    assert len(out.splitlines()) > 10


def test_a_case_that_fails_is_an_exit_code(monkeypatch, capsys):
    failed = type("Verdict", (), {"holds": False})()
    monkeypatch.setattr("twin.verification.run_cases", lambda *given: [failed])
    code, _, _ = call("verify", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 1


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_ctrl_c_anywhere_is_exit_code_4(end, monkeypatch, capsys):
    def ends(*given):
        raise end

    monkeypatch.setattr("twin.run.command.run", ends)
    code, _, err = call("run", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 4
    assert "--resume" in err


def test_an_installation_without_a_cache_is_an_environment_problem(monkeypatch, capsys):
    def fails(*given):
        raise RuntimeError("cannot cache function 'bits': no locator available for file 'chance.py'")

    monkeypatch.setattr("twin.run.command.run", fails)
    code, _, err = call("run", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 3
    assert "NUMBA_CACHE_DIR" in err


def test_results_are_never_written_among_other_files(monkeypatch, capsys, tmp_path):
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "mine").write_text("mine")
    monkeypatch.chdir(tmp_path)
    for out in ("", ".", "checkpoints", "checkpoints/mine"):
        words = ["run", "--fraction", "0.001", "--seeds", "1", "--years", "1", "--out", out]
        code, _, err = call(*words, monkeypatch=monkeypatch, capsys=capsys)
        assert code == 2
        assert "--out" in err
        assert [path.name for path in tmp_path.rglob("*")] == ["checkpoints", "mine"]


def test_verify_as_json(monkeypatch, capsys):
    code, out, _ = call("verify", "--json", "--only", "V-07,V-32", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    verdicts = json.loads(out)
    assert [v["id"] for v in verdicts] == ["V-07", "V-32"]
    assert all(v["holds"] for v in verdicts)


def test_verify_is_content_when_a_case_is_skipped(monkeypatch, capsys, tmp_path):
    from twin.verification import CASES, real_diffusion

    without = dataclasses.replace(CASES["V-R1"], needs=(tmp_path / "gone.csv",))
    monkeypatch.setitem(CASES, "V-R1", without)
    code, out, _ = call("verify", "--only", "V-R1,V-07", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    assert "gone.csv" in out
    assert real_diffusion.doctors is without.ask


def test_help_is_quick_to_import():
    """``twin --help`` must not load the scientific stack."""
    heavy = "numpy", "pandas", "numba", "matplotlib", "geopandas", "mesa"
    code = f"import sys, twin.cli; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
