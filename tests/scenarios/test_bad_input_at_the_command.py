"""Rows 1 to 30 of the table of bad input as a user meets them: exit code 2, help in two languages, nothing written.

What each message says is tested in ``test_bad_input``; here every row goes through ``twin run`` and
``twin scenario check`` with the packaged facts.
"""

import os
import sys

import pytest

from tests.scenarios.test_bad_input import HEAD, REFUSED, SLOW, TITLES, change, toml
from twin import cli

ROWS = set(range(1, 31)) - {19, 27, 28}  # the table has no such rows
NOT_REFUSED = {14, 26, 29}  # warned of, or kept as they are
NAMES = ("../../etc/x", "/abs", "C:\\x", "a/b", "..", ".", "", "CON", "a" * 300, "a.", "a ")
BOMB = "a: &a [x]\n" + "".join(
    f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

# row: words after ``twin``, with the files they name
COMMANDS = {
    "9 years": (["run", "--years", "0"], {}),
    "9 10,000 years": (["run", "--years", "10000"], {}),
    "9 half a year": (["run", "--years", "0.5"], {}),
    "12 no seed": (["run", "--seeds", "0"], {}),
    "12 seeds below zero": (["run", "--seeds", "-1"], {}),
    "12 too many seeds": (["run", "--seeds", str(2**70)], {}),
    "12 seeds in letters": (["run", "--seeds", "abc"], {}),
    **{
        f"13 fraction {f}": (["run", "--fraction", f], {})
        for f in ("0", "2", "1e-9", "nan", "-1", "30", "３割")
    },
    "16 a circle": (
        ["scenario", "check", "a.toml"],
        {
            f"{a}.toml": f'id = "{a}"\n{TITLES}based_on = "{b}"\n{change()}'
            for a, b in (("a", "b"), ("b", "a"))
        },
    ),
    "16 200 deep": (
        ["run", "s0.toml"],
        {f"s{n}.toml": f'id = "s{n}"\n{TITLES}based_on = "s{n + 1}"\n{change()}' for n in range(200)},
    ),
    "16 no parent": (
        ["scenario", "explain", "a.toml"],
        {"a.toml": HEAD.replace("baseline", "none") + change()},
    ),
    "18 bomb in TOML": (["run", "a.toml"], {"a.toml": BOMB}),
    "18 bomb in YAML": (["run", "a.yaml"], {"a.yaml": BOMB}),
    "20 JSON": (["run", "a.json"], {"a.json": "[" * 3000 + "]" * 3000}),
    "22 a megabyte": (["scenario", "check", "a.toml"], {"a.toml": SLOW["brackets"]}),
    **{f"25 id {n!r:.20}": (["run", "a.toml"], {"a.toml": f"id = {toml(n)}\n{TITLES}"}) for n in NAMES},
    **{f"25 argument {n!r:.20}": (["scenario", "check", n], {}) for n in NAMES},
    "30 the same twice": (["run", "baseline", "baseline"], {}),
    "30 but for capitals": (
        ["run", "a.toml", "b.toml"],
        {
            "a.toml": HEAD + change("{ low = 0.5 }", "people.band"),
            "b.toml": HEAD.replace("trial", "TRIAL", 1) + change(),
        },
    ),
}


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys):
    """Run a command in a folder with such files: what it says, checked for what every refusal has."""

    def refusing(words, files=None):
        for name, content in (files or {}).items():
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        before = sorted(tmp_path.rglob("*"))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["twin", *words])
        assert cli._guarded() == 2
        said = capsys.readouterr()
        assert sorted(tmp_path.rglob("*")) == before
        assert "Traceback" not in said.err + said.out
        assert any("ぁ" <= letter <= "ヿ" for letter in said.err), "no Japanese"
        assert any("a" <= letter <= "z" for letter in said.err), "no English"
        return said.err

    return refusing


@pytest.mark.parametrize("row", REFUSED)
@pytest.mark.parametrize("command", [["run"], ["scenario", "check"]], ids=" ".join)
def test_a_file_is_refused(command, row, refused):
    assert "trial.toml" in refused([*command, "trial.toml"], {"trial.toml": REFUSED[row][0]})


SMALL_START = {
    "unknown area": ("spread.leading", "12106A99", 1.0, ["12106A09"]),
    "two architects in one place": ("spread.architect", "12106A03", 2.0, ["磯辺", "Isobe"]),
    "service before its predecessor": ("spread.plan", "on_demand_transport", 6.0, ["self_driving"]),
    "negative budget": (
        "spread.budget",
        None,
        -5e6,
        ["-5,000,000", "20,000,000,000円/年度", "yen a fiscal year"],
    ),
}


@pytest.mark.parametrize("asked", SMALL_START)
@pytest.mark.parametrize("command", [["run"], ["scenario", "check"]], ids=" ".join)
def test_what_the_small_start_cannot_do_is_refused(command, asked, refused):
    fact, label, value, words = SMALL_START[asked]
    more = f'label = "{label}"\n' if label else ""
    said = refused([*command, "trial.toml"], {"trial.toml": HEAD + change(str(value), fact, more=more)})
    assert "trial" in said
    assert fact in said
    assert all(word in said for word in words)


def test_a_second_leading_area_is_no_share_of_a_whole(tmp_path, monkeypatch):
    second = change("1.0", "spread.leading", more='label = "12106A03"\n')
    (tmp_path / "trial.toml").write_text(HEAD + second, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["twin", "scenario", "check", str(tmp_path / "trial.toml")])
    assert cli._guarded() == 0


@pytest.mark.parametrize("row", COMMANDS)
def test_a_command_is_refused(row, refused):
    refused(*COMMANDS[row])


def test_two_gigabytes_are_refused_unread(refused, tmp_path):
    """Row 22; a hole on disk stands for the bytes."""
    with (tmp_path / "trial.toml").open("wb") as file:
        os.truncate(file.fileno(), 2 << 30)
    assert str(2 << 30) in refused(["run", "trial.toml"])


def test_every_row_of_the_table_is_asked():
    asked = {int(row.split()[0]) for row in (*REFUSED, *COMMANDS) if row[0].isdigit()}
    assert asked == ROWS - NOT_REFUSED


def test_nearly_empty_wards_are_warned_of_and_strange_titles_kept(tmp_path, monkeypatch, capsys):
    """Rows 14, 26 and 29."""
    title = "<script>alert(1)</script>{{7*7}}𠮷髙﨑"
    text = HEAD.replace('"試し"', toml(title)) + "years = 1\npopulation_seed = 2\n"
    (tmp_path / "trial.toml").write_text(text, encoding="utf-8")
    words = [
        "run",
        str(tmp_path / "trial.toml"),
        "--fraction",
        "0.0002",
        "--seeds",
        "1",
        "--out",
        str(tmp_path / "out"),
    ]
    monkeypatch.setattr(sys, "argv", ["twin", *words])
    assert cli._guarded() == 0
    said = capsys.readouterr().out
    assert "緑区" in said
    assert title in said
