"""Every verification case holds; the long ones run with ``make test-all``."""

import pytest

from twin.verification import CASES, register, run_cases, verdict_of

register()
CASE_IDS = {f"V-{n:02d}" for n in (*range(1, 15), 30, 31, 32, 40, 42, 43, 44, 45, 46, 48, 49)}
CASE_IDS |= {"V-24", "V-33", "V-33b", "V-33c"}


def marked(name):
    return pytest.param(name, marks=pytest.mark.slow) if CASES[name].long else name


@pytest.mark.parametrize("name", [marked(name) for name in sorted(CASES)])
def test_case_holds(name):
    verdict = verdict_of(name)
    assert verdict.checks
    assert verdict.holds, [c for c in verdict.checks if not c.holds]


def test_all_cases_of_the_list_are_there():
    assert set(CASES) >= CASE_IDS


def test_a_wrong_answer_is_told(monkeypatch):
    said = []
    from twin.verification.case import Case, Check

    monkeypatch.setitem(
        CASES, "V-00", Case("V-00", {"ja": "誤", "en": "wrong"}, lambda: [Check("one", 1, 2)], False)
    )
    verdicts = run_cases(["V-00"], "en", False, said.append)
    assert not verdicts[0].holds
    assert said[0].startswith("NO")
