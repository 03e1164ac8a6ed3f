"""Facts that grow year by year: steps each April, and what is refused."""

from datetime import date
from itertools import pairwise

import pytest

from twin.errors import FactError
from twin.facts import Change, Facts

FACT = """
[part]
grows = "{grows}"
values = [{{ since = 2020-10-01, value = {{ a = 0.0, b = 1.0 }} }}, {{ since = 2023-04-01, value = {{ a = 0.5, {label} = 0.0 }} }}]
unit = "share"
range = [0.0, 1.0]
axis = "service"
about = "a part"
about_ja = "割合"
source = "made up"
grade = "assumed"
"""


def read(tmp_path, grows="yearly", label="b"):
    (tmp_path / "made.toml").write_text(FACT.format(grows=grows, label=label), encoding="utf-8")
    return Facts.read(tmp_path)


@pytest.mark.parametrize(
    ("day", "a", "b"),
    [
        (date(2020, 10, 1), 0.0, 1.0),
        (date(2021, 3, 31), 0.0, 1.0),
        (date(2021, 4, 1), 0.1, 0.8),  # half a year of two and a half
        (date(2022, 4, 1), 0.3, 0.4),
        (date(2023, 3, 31), 0.3, 0.4),
        (date(2030, 1, 1), 0.5, 0.0),
    ],
)
def test_a_step_each_april_on_the_line_between_two_dates(tmp_path, day, a, b):
    assert read(tmp_path).table("made.part", day) == pytest.approx({"a": a, "b": b}, abs=0.002)


def test_a_period_of_steady_facts_ends_each_april(tmp_path):
    facts = read(tmp_path)
    days = [date(2020, 9, 1), date(2020, 10, 1), date(2021, 4, 1), date(2022, 4, 1), date(2023, 4, 1)]
    assert [facts.period(day) for day in days] == list(range(5))


def test_a_scenario_s_change_lies_on_top(tmp_path):
    change = Change("made.part", 0.9, since=date(2022, 1, 1), until=date(2022, 6, 1), label="a")
    facts = read(tmp_path).changed([change])
    found = [facts.table("made.part", date(2022, month, 1))["a"] for month in (1, 5, 6)]
    assert found == pytest.approx([0.9, 0.9, 0.3], abs=0.002)


@pytest.mark.parametrize("wrong", [{"grows": "monthly"}, {"label": "c"}])
def test_another_pace_or_other_labels_are_refused(tmp_path, wrong):
    with pytest.raises(FactError, match="grows"):
        read(tmp_path, **wrong)


def test_no_service_of_the_baseline_jumps():
    """School devices came within two years; nothing else moves by more than 0.35 in a year."""
    facts = Facts.read()
    live = [facts.table("services.live", date(year, 4, 1)) for year in range(2020, 2042)]
    steps = {
        name: max(abs(after[name] - before[name]) for before, after in pairwise(live)) for name in live[0]
    }
    assert steps.pop("school_devices") < 0.65
    assert max(steps.values()) < 0.36
