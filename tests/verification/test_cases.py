"""Every verification case holds; the long ones run with ``make test-all``."""

import ast
import json
from pathlib import Path

import pytest

from twin import messages, verification
from twin.verification import CASES, register, run_cases, verdict_of
from twin.verification.case import Case, Check

register()
CASE_IDS = {
    f"V-{n:02d}"
    for n in (*range(1, 15), 20, 21, 22, 23, 25, 28, 29, 30, 31, 32, 40, 42, 43, 44, 45, 46, 48, 49)
}
CASE_IDS |= {
    "V-20b",
    "V-21b",
    "V-23b",
    "V-24",
    "V-28b",
    "V-45b",
    "V-33",
    "V-33b",
    "V-33c",
    "V-R1",
    "V-R2",
    "F-01",
    "F-02",
    "H-03",
    "H-04",
    "H-05",
}
CASE_IDS |= {f"T-{n:02d}" for n in range(1, 6)}


def marked(name):
    return pytest.param(name, marks=pytest.mark.slow) if CASES[name].long else name


@pytest.mark.parametrize("name", [marked(name) for name in sorted(CASES)])
def test_case_holds(name):
    verdict = verdict_of(name)
    if verdict.skipped:
        pytest.skip(f"not beside the project: {', '.join(verdict.missing)}")
    assert verdict.checks
    assert verdict.holds, [c for c in verdict.checks if not c.holds]
    assert not any(check.told("ja").isascii() for check in verdict.checks)


def test_all_cases_of_the_list_are_there():
    assert set(CASES) >= CASE_IDS


def test_every_check_is_told_in_both_languages():
    """Of the cases that are long or lack their files too: their words are read off the source."""
    words = set()
    for path in Path(verification.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Check", "share", "_among"):
                words |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    assert len(words) > 80
    assert [what for what in sorted(words) if f"check.{what}" not in messages.table()] == []


def test_a_wrong_answer_is_told(monkeypatch):
    said = []
    monkeypatch.setitem(
        CASES, "V-00", Case("V-00", {"ja": "誤", "en": "wrong"}, lambda: [Check("the value", 1, 2)], False)
    )
    verdicts = run_cases(["V-00"], "en", False, said.append)
    assert not verdicts[0].holds
    assert said[0].startswith("NO")


def test_a_case_without_its_files_is_skipped_and_nothing_fails(monkeypatch, tmp_path):
    asked = []
    needs = (tmp_path / "there.csv", tmp_path / "gone.csv")
    needs[0].touch()
    lacking = Case(
        "V-00",
        {"ja": "欠", "en": "lacking"},
        lambda: asked.append(1) or [Check("the value", 1, 1)],
        False,
        needs,
    )
    monkeypatch.setitem(CASES, "V-00", lacking)
    said = []
    verdicts = run_cases(["V-00"], "en", False, said.append)
    assert not asked
    assert verdicts[0].skipped
    assert not verdicts[0].holds
    assert said == [
        "--  V-00   lacking: skipped (not there: gone.csv)",
        "0 of 0 cases give the known answer.",
        "1 more were skipped, because the files they need are not there.",
    ]
    run_cases(["V-00"], "en", True, said.append)
    told = json.loads(said[-1])[0]
    assert (told["holds"], told["skipped"], told["missing"], told["checks"]) == (None, True, ["gone.csv"], [])
    needs[1].touch()
    assert run_cases(["V-00"], "ja", False, said.append)[0].holds
    assert asked
