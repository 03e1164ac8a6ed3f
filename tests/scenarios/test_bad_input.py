"""Rows 1 to 30 of the table of bad input: each is refused, or warned of, or mended, and said so.

A refusal is an InputError (exit code 2) with a message in Japanese and English; nothing is written.
"""

import os
import re
import time
from datetime import date
from pathlib import Path

import pytest

from twin.errors import InputError, ManyProblems
from twin.facts import Fact, Facts
from twin.run import PROCESSES
from twin.scenarios import (
    Known,
    Scenario,
    check_fraction,
    check_id,
    check_seed,
    check_together,
    check_years,
    library,
)

TITLES = """title = { ja = "試し", en = "trial" }
question = { ja = "どうなるか", en = "What happens?" }
"""
HEAD = f'id = "trial"\n{TITLES}based_on = "baseline"\n'
WHY = 'why = { ja = "理由", en = "reason" }\nsource = "test"\n'
PAST = "until = 2012-04-01\n"
THIRDS = "{ low = 0.3333333, middle = 0.3333333, high = 0.3333333 }"
KNOWN = Known(
    processes=tuple(PROCESSES),
    couplings=("peers to use", "trust to consent"),
)


def made(key, value, low, high, axis=""):
    return Fact(key, ((date.min, value),), "share", "about", "説明", "test", "assumed", low, high, axis)


@pytest.fixture(scope="module")
def facts():
    return Facts(
        [
            made("adoption.peers", 0.3, 0, 1),
            made("adoption.crowd", 0, -1, 1),
            made("adoption.ward", {"12101": 0.2, "12102": 0.3}, 0, 0.9, "ward"),
            made("people.band", {"low": 0.25, "middle": 0.5, "high": 0.25}, 0, 1, "band"),
        ]
    )


@pytest.fixture
def read(facts, tmp_path):
    """Write a file, read it, and make sure that reading left the folder as it was."""

    def reading(content, name="trial.toml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        before = sorted(tmp_path.iterdir())
        try:
            return Scenario.read(path, facts, KNOWN)
        finally:
            assert sorted(tmp_path.iterdir()) == before
            assert path.read_bytes() == (content if isinstance(content, bytes) else content.encode())

    return reading


def change(value="0.5", fact="adoption.peers", since="2025-04-01", more=""):
    return f'[[change]]\nfact = "{fact}"\nvalue = {value}\nsince = {since}\n{more}{WHY}'


def refusal(call):
    """The refusal of a call as (Japanese, English), checked for what every refusal has."""
    with pytest.raises(InputError) as caught:
        call()
    error = caught.value
    assert error.exit_code == 2
    ja, en = error.text("ja"), error.text("en")
    assert not ja.isascii()
    for text in (ja, en):
        assert "Traceback" not in text
        assert "pydantic" not in text
        assert not re.search(r"\{[a-z_]+\}", text)
    return ja, en


# row, file, words that both messages hold, words of the Japanese, words of the English
REFUSED = {
    "1 empty": ("", [], "空", "empty"),
    "1 only comments": ("# nothing\n\n# here\n", [], "空", "empty"),
    "2 unknown key": (HEAD + 'polcy = "x"\n' + change(), ["polcy", "trial.toml:5"], "キー", "Known keys"),
    "2 near key": (HEAD + 'processs = ["card"]\n' + change(), ["processes"], "ことですか", "Did you mean"),
    "2 in a change": (
        HEAD + change(more="untill = 2026-04-01\n"),
        ["until", "trial.toml:9"],
        "ことですか",
        "Did you",
    ),
    "2 in a text": (HEAD.replace("en =", "eng =") + change(), ["eng"], "ことですか", "Did you"),
    "3 twice": (HEAD + 'id = "other"\n', ["id", "trial.toml:5"], "1 行目と 5 行目", "lines 1 and 5"),
    "3 twice in a change": (HEAD + change(more="value = 1\n"), ["value", "7", "9"], "2回", "twice"),
    "3 table twice": (HEAD + "[off]\na = 1\n[off]\nb = 1\n", ["off", "5", "7"], "2回", "twice"),
    "4 zero in front": (HEAD + "years = 012\n", ["trial.toml:5", "012"], "引用符", "quote"),
    "4 bare time": (HEAD + "years = 1:30\n", ["trial.toml:5", "1:30"], "引用符", "Quote"),
    "4 real time": (HEAD + "years = 01:30:00\n", ["trial.toml:5"], "整数", "whole number"),
    "4 no": (HEAD + "off = no\n", ["trial.toml:5", "off = no"], "true", "true"),
    "4 colon": (HEAD + "start: 012\n", ["trial.toml:5"], "「=」", "'='"),
    "5 number as text": (
        HEAD + change('"0.1 "'),
        ["trial.toml:7", "0.1"],
        "引用符を取って",
        "without quotes",
    ),
    "5 number as text e": (HEAD + change('"1e-1"'), ["0.1"], "引用符を取って", "without quotes"),
    "5 years as text": (HEAD + 'years = "20"\n', ["years = 20"], "引用符を取って", "without quotes"),
    "5 full width": (HEAD + change("０.５"), ["trial.toml:7"], "半角", "plain digits"),
    "6 nan": (HEAD + change("nan"), ["nan", "trial.toml:7"], "有限", "finite"),
    "6 inf": (HEAD + change("-inf"), ["inf"], "有限", "finite"),
    "6 1e400": (HEAD + change("1e400"), ["inf"], "有限", "finite"),
    "6 whole 10^400": (HEAD + change("1" + "0" * 400), [], "有限", "finite"),
    "6 hex of 9000 digits": (HEAD + change("0x" + "f" * 9000), [], "有限", "finite"),
    "6 9000 digits": (HEAD + change("9" * 9000), ["trial.toml:7"], "桁", "digits"),
    "7 above one": (HEAD + change("1.2"), ["1.2", "adoption.peers"], "範囲（0 から 1", "outside 0 to 1"),
    "7 below zero": (HEAD + change("-0.1"), ["-0.1"], "範囲（0 から 1", "outside 0 to 1"),
    "7 percent sign": (HEAD + change("120 %"), ["trial.toml:7"], "割合", "share"),
    "7 percent text": (HEAD + change('"30 %"'), ["0.3"], "割合", "share"),
    "7 yes/no": (HEAD + change("true"), ["True"], "数ではありません", "not a number"),
    "8 percent for share": (HEAD + change("30"), ["0.3", "30"], "ことではありませんか", "did you mean 0.3"),
    "9 until before since": (
        HEAD + change(more="until = 2024-04-01\n"),
        ["trial.toml:9"],
        "後では",
        "not later",
    ),
    "9 no years": (HEAD + "years = 0\n", ["[1, 60]", "years"], "範囲", "outside"),
    "9 ten thousand years": (HEAD + "years = 10000\n", ["[1, 60]"], "範囲", "outside"),
    "9 start before census": (HEAD + "start = 2015-04-01\n", ["2020-10-01"], "より前", "before"),
    "9 far start": (HEAD + "start = 9999-12-01\n", ["2150-01-01"], "遅すぎ", "too late"),
    "9 late end": (HEAD + "start = 2140-04-01\nyears = 60\n", ["2150-01-01"], "遅すぎ", "too late"),
    "9 old census": (HEAD + "census = 0001-01-01\n", ["1990"], "早すぎ", "too early"),
    "10 half a year": (HEAD + "start = 2022.5\n", ["trial.toml:5", "2022.5"], "日付", "a date"),
    "10 year alone": (HEAD + "start = 2022\n", ["start"], "日付", "a date"),
    "10 30 February": (HEAD + "start = 2022-02-30\n", ["trial.toml:5", "2022-02-30"], "日", "date"),
    "10 month 13": (HEAD + "start = 2022-13-01\n", ["trial.toml:5"], "この日付はありません", "no such date"),
    "10 with a time": (HEAD + "start = 2022-04-01T09:00:00\n", ["start"], "日付", "a date"),
    "10 within a month": (HEAD + "start = 2022-04-15\n", ["2022-04-15"], "初日", "first day"),
    "11 only lever after the end": (
        HEAD + change(since="2050-04-01"),
        [],
        "効果がありません",
        "no effect|has any effect",
    ),
    "11 only lever before the census": (
        HEAD + change(since="2010-04-01", more="until = 2012-04-01\n"),
        [],
        "効果がありません",
        "has any effect",
    ),
    "11 no difference": (HEAD, [], "違いがありません", "does not differ"),
    "11 same value": (HEAD + change("0.3"), [], "効果がありません", "has any effect"),
    "12 seed below zero": (HEAD + "population_seed = -1\n", ["-1", "9223372036854775807"], "範囲", "outside"),
    "12 seed too large": (HEAD + f"population_seed = {2**70}\n", [str(2**70)], "範囲", "outside"),
    "12 seed as text": (HEAD + 'population_seed = "abc"\n', ["abc"], "整数", "whole number"),
    "15 unknown fact": (
        HEAD + change(fact="adoption.peer"),
        ["adoption.peers"],
        "ことですか",
        "Did you mean",
    ),
    "15 unknown area": (
        HEAD + change(fact="adoption.ward", more='label = "12107"\n'),
        ["12107", "12101, 12102"],
        "あるもの",
        "There are",
    ),
    "15 area of a single number": (
        HEAD + change(more='label = "12101"\n'),
        ["12101"],
        "表ではない",
        "not a table",
    ),
    "15 unknown process": (HEAD + 'processes = ["cards"]\n', ["card", "ties"], "あるもの", "There are"),
    "15 process twice": (HEAD + 'processes = ["card", "card"]\n', ["card"], "2回", "twice"),
    "15 unknown switch": (
        HEAD + 'off = ["peers to uses"]\n',
        ["peers to use,"],
        "ことですか",
        "Did you mean",
    ),
    "15 table for a number": (HEAD + change("{ a = 1 }"), ["adoption.peers"], "一つの数", "one number"),
    "15 number for a table": (HEAD + change("0.5", "adoption.ward"), ["12101, 12102"], "label", "label"),
    "15 table lacks an entry": (
        HEAD + change("{ 12101 = 0.5 }", "adoption.ward"),
        ["12102"],
        "ありません",
        "lacks",
    ),
    "16 missing parent": (
        HEAD.replace("baseline", "basline") + change(),
        ["baseline"],
        "ことですか",
        "Did you mean",
    ),
    "16 own parent": (HEAD.replace("baseline", "trial") + change(), ["trial → trial"], "めぐって", "circle"),
    "17 weights": (
        HEAD + change("{ low = 0.3, middle = 0.5, high = 0.3 }", "people.band"),
        ["1.1"],
        "合計",
        "sum",
    ),
    "17 all zero": (HEAD + change("{ low = 0, middle = 0, high = 0 }", "people.band"), ["0"], "合計", "sum"),
    "17 one share alone": (
        HEAD + change("0.3", "people.band", more='label = "low"\n'),
        ["low"],
        "合計",
        "sum",
    ),
    "20 brackets": (HEAD + "off = " + "[" * 3000 + "]" * 3000, ["trial.toml:5"], "深く", "nested"),
    "20 tables": (HEAD + "off = " + "{a=" * 3000 + "1" + "}" * 3000, ["trial.toml:5"], "深く", "nested"),
    "20 dotted": (HEAD + ".".join("a" * 3000) + " = 1\n", ["trial.toml:5"], "深く", "nested"),
    "21 python tag": (
        "!!python/object/apply:os.system ['true']\n",
        ["YAML"],
        "実行せず",
        "nothing was executed",
    ),
    "21 python tag within": (
        HEAD + "off = !!python/object/apply:os.system\n",
        ["trial.toml:5"],
        "引用符",
        "Quote",
    ),
    "21 YAML": ("id: trial\ntitle: x\n", ["YAML"], "TOML", "TOML"),
    "21 JSON": ('{"id": "trial"}', ["JSON"], "TOML", "TOML"),
    "23 UTF-16": (HEAD.encode("utf-16"), ["UTF-16", "UTF-8"], "文字コード", "encoding"),
    "23 UTF-16 bare": (HEAD.encode("utf-16-le"), ["UTF-16"], "文字コード", "encoding"),
    "23 UTF-32": (HEAD.encode("utf-32"), ["UTF-32"], "文字コード", "encoding"),
    "23 Shift_JIS": (HEAD.encode("cp932"), ["Shift_JIS"], "文字コード", "encoding"),
    "23 EUC-JP": (HEAD.encode("euc_jp"), ["EUC-JP"], "文字コード", "encoding"),
    "23 ISO-2022-JP": (HEAD.encode("iso2022_jp"), ["U+001B"], "制御文字", "control character"),
    "23 Latin-1": (
        HEAD.replace("trial", "Évolution").encode("latin-1", "ignore"),
        ["Latin-1"],
        "文字コード",
        "encoding",
    ),
    "24 NUL": (HEAD + "\x00", ["U+0000", "trial.toml:5"], "制御文字", "control character"),
    "24 bell": (
        HEAD.replace("trial", "tr\x07ial"),
        ["U+0007", "trial.toml:1"],
        "制御文字",
        "control character",
    ),
    "24 bare CR": (HEAD.replace("\n", "\r"), ["U+000D"], "制御文字", "control character"),
    "24 escaped": (
        HEAD.replace('en = "trial"', 'en = "\\u001b[31m"'),
        ["U+001B"],
        "制御文字",
        "control character",
    ),
    "24 right to left": (
        HEAD.replace('en = "trial"', 'en = "\\u202e"'),
        ["U+202E"],
        "制御文字",
        "control character",
    ),
    "30 packaged id": (HEAD.replace('"trial"', '"baseline"', 1), ["baseline"], "備え付け", "packaged"),
    "30 packaged id in capitals": (
        HEAD.replace('"trial"', '"Baseline"', 1),
        ["baseline"],
        "大文字",
        "capitals",
    ),
    "missing fields": ('id = "trial"\n', ["title", "question"], "ありません", "missing"),
    "root without frame": (
        f'id = "trial"\n{TITLES}',
        ["years", "processes", "based_on"],
        "ありません",
        "missing",
    ),
    "blank text": (HEAD + change().replace('"reason"', '"  "'), ["why.en"], "空", "empty"),
    "long title": (HEAD.replace("試し", "長" * 201) + change(), ["title.ja", "200"], "長すぎ", "too long"),
    "cost below zero": (HEAD + change(more="cost_yen = -1\n"), ["-1", "cost_yen"], "範囲", "outside"),
    "title not in two": (
        HEAD.replace('{ ja = "試し", en = "trial" }', '"trial"') + change(),
        ["title"],
        "表",
        "table",
    ),
    "change as a table": (HEAD + "[change]\nfact = 'a'\n", ["change"], "並び", "list"),
    "same change twice": (HEAD + change() + change("0.6"), ["adoption.peers", "2025-04-01"], "2回", "twice"),
    "unclosed quote": (HEAD + 'off = ["a]\n', ["trial.toml"], "TOML", "TOML"),
    "no equals": (HEAD + "years 20\n", ["trial.toml:5"], "キー = 値", "key = value"),
    "comma": (HEAD + change("0,5"), ["trial.toml:7"], "コンマ", "comma"),
}


@pytest.mark.parametrize("row", REFUSED)
def test_refused(row, read):
    content, both, japanese, english = REFUSED[row]
    ja, en = refusal(lambda: read(content))
    for words in both:
        assert words in ja
        assert words in en
    assert japanese in ja
    assert any(words in en for words in english.split("|"))
    assert "trial.toml" in en


@pytest.mark.parametrize(
    "name", ["trial.yaml", "trial.yml", "trial.json", "trial.py", "trial.toml.txt", "trial"]
)
def test_other_formats_are_refused_by_name(name, read):
    """Rows 18, 20, 21: an alias bomb or a python tag is never opened."""
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    began = time.perf_counter()
    _, en = refusal(lambda: read(bomb, name))
    assert "TOML" in en
    assert time.perf_counter() - began < 1


def test_alias_bomb_in_a_toml_file(read):
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    began = time.perf_counter()
    ja, _ = refusal(lambda: read(bomb))
    assert "YAML" in ja
    assert time.perf_counter() - began < 1


SLOW = {
    "dots": HEAD + "a." * 500_000 + "a = 1",
    "brackets": HEAD + "off = " + "[" * 1_000_000,
    "unclosed triple": HEAD + 'off = """' + '\\"""' * 250_000,
    "escapes": HEAD + 'off = "' + "\\u0041" * 170_000 + '"',
    "letters": HEAD + "off = " + "a" * 1_000_000,
    "keys": HEAD + "".join(f"k{n} = 1\n" for n in range(70_000)),
    "tables": HEAD + "".join(f"[t{n}]\n" for n in range(90_000)),
    "changes": HEAD + "[[change]]\n" * 90_000,
    "blanks": HEAD + " " * 1_000_000 + "x",
    "list": HEAD + "off = [" + "1," * 500_000 + "]",
}


@pytest.mark.parametrize("kind", SLOW)
def test_a_full_megabyte_of_evil_is_refused_in_seconds(kind, read):
    began = time.process_time()
    refusal(lambda: read(SLOW[kind]))
    assert time.process_time() - began < 8


def test_two_gigabytes_are_refused_unread(facts, tmp_path):
    """Row 22: the size is asked before the file is opened; a hole on disk stands for the bytes."""
    path = tmp_path / "trial.toml"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 2 << 30)
    began = time.perf_counter()
    ja, en = refusal(lambda: Scenario.read(path, facts, KNOWN))
    assert str(2 << 30) in ja
    assert "was not read" in en
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/x",
        "/abs",
        "C:\\x",
        "a/b",
        "..",
        ".",
        "",
        "CON",
        "com1",
        "a" * 300,
        "a.",
        "a ",
        " a",
        "ａ",
        "日本",
        "a\n",
    ],
)
def test_names_that_are_no_ids(name, read):
    """Row 25, as the id, the parent and the argument."""
    for call in (
        lambda: check_id(name),
        lambda: read(f"id = {toml(name)}\n{TITLES}based_on = 'baseline'\n{change()}"),
        lambda: read(f'id = "trial"\n{TITLES}based_on = {toml(name)}\n{change()}'),
    ):
        refusal(call)


@pytest.mark.parametrize(
    "name", ["../../etc/x", "/abs", "C:\\x", "a/b", "..", ".", "", "CON", "a" * 300, "no\x00"]
)
def test_arguments_that_are_no_scenarios(name, facts):
    refusal(lambda: Scenario.read(name, facts, KNOWN))


def toml(text):
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n") + '"'


@pytest.mark.parametrize("seed", [-1, 2**70, "abc", "", None, 1.5, True, "1_000", "１２", float("nan")])
def test_seeds(seed):
    ja, en = refusal(lambda: check_seed(seed))
    assert str(2**63 - 1) in ja
    assert str(2**63 - 1) in en


@pytest.mark.parametrize(
    "fraction", [0, 2, 1e-9, -0.0, -1, float("nan"), float("inf"), "x", None, True, "1_0", 30]
)
def test_fractions(fraction):
    refusal(lambda: check_fraction(fraction))


def test_a_percentage_for_a_fraction_gets_a_hint():
    ja, en = refusal(lambda: check_fraction(10))
    assert "0.1" in ja
    assert "did you mean 0.1" in en


@pytest.mark.parametrize("years", [0, -1, 10_000, "x", 1.5, None, True])
def test_years(years):
    ja, en = refusal(lambda: check_years(years))
    assert "60" in ja
    assert "60" in en


def test_good_limits_pass():
    assert check_seed(0) == 0
    assert check_seed(str(2**63 - 1)) == 2**63 - 1
    assert check_years(" 60 ") == 60
    assert check_fraction("1") == (1.0, ())


def test_a_nearly_empty_ward_is_remarked():
    """Row 14."""
    value, remarks = check_fraction(0.0002, {"緑区": 129_421, "中央区": 211_736})
    assert value == 0.0002
    (remark,) = remarks
    assert "26" in remark.text("ja")
    assert "緑区" in remark.text("ja")
    assert "26" in remark.text("en")


def test_a_circle_and_an_endless_chain(read, tmp_path, facts):
    """Row 16."""
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.toml").write_text(f'id = "{name}"\n{TITLES}based_on = "{parent}"\n' + change())
    _, en = refusal(lambda: Scenario.read(tmp_path / "a.toml", facts, KNOWN))
    assert "a → b → c → a" in en
    for number in range(200):
        text = f'id = "s{number}"\n{TITLES}based_on = "s{number + 1}"\n' + change()
        (tmp_path / f"s{number}.toml").write_text(text)
    _, en = refusal(lambda: Scenario.read(tmp_path / "s0.toml", facts, KNOWN))
    assert "more than 20" in en


def test_a_chain_of_twenty_parents_is_read(tmp_path, facts):
    for number in range(19):
        parent = f"s{number + 1}" if number < 18 else "baseline"
        text = f'id = "s{number}"\n{TITLES}based_on = "{parent}"\n' + change(f"0.{10 + number}")
        (tmp_path / f"s{number}.toml").write_text(text)
    scenario = Scenario.read(tmp_path / "s0.toml", facts, KNOWN)
    assert len(scenario.all_changes) == 19
    assert scenario.facts(facts).number("adoption.peers", date(2030, 1, 1)) == 0.10


def test_the_problem_of_a_parent_is_told_with_its_file(tmp_path, facts):
    (tmp_path / "parent.toml").write_text(f'id = "parent"\n{TITLES}based_on = "baseline"\n' + change("7"))
    (tmp_path / "child.toml").write_text(f'id = "child"\n{TITLES}based_on = "parent"\n' + change("0.7"))
    _, en = refusal(lambda: Scenario.read(tmp_path / "child.toml", facts, KNOWN))
    assert "parent.toml:7" in en


def test_many_problems_at_once_and_at_most_fifty(read):
    with pytest.raises(ManyProblems) as caught:
        read(HEAD + "years = 0\npopulation_seed = -1\nstart = 5\nfoo = 1\n" + change().replace('"test"', "5"))
    assert len(caught.value.problems) == 5
    with pytest.raises(ManyProblems) as caught:
        read(HEAD + "".join(change(str(n)) for n in range(2, 202)))
    assert len(caught.value.problems) == 50
    assert caught.value.left_out > 0


def test_two_scenarios_of_one_name(read, tmp_path, facts):
    """Row 30."""
    first = read(HEAD + change())
    second = read(HEAD.replace('"trial"', '"Trial"', 1) + change(), "other.toml")
    third = read(HEAD.replace('"trial"', '"third"', 1) + change(), "third.toml")
    check_together([first, third])
    for pair in ([first, second], [first, first]):
        ja, en = refusal(lambda pair=pair: check_together(pair))
        assert "trial" in ja
        assert "capitals" in en


def test_folder_device_and_missing_file(tmp_path, facts):
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    for name in ("folder.toml", "zero.toml", "missing.toml"):
        _, en = refusal(lambda name=name: Scenario.read(tmp_path / name, facts, KNOWN))
        assert name in en
        assert str(tmp_path) not in en


# --- warned of or mended, and said so


@pytest.mark.parametrize(
    ("row", "content", "english"),
    [
        ("5 exponent", HEAD + change("1e-1"), None),
        ("6 minus zero", HEAD + change("-0.0"), "-0 was read as 0"),
        ("11 after the end", HEAD + change() + change("0.6", since="2050-04-01"), "no effect"),
        ("11 before the start", HEAD + change(since="2021-04-01"), "lies before the start"),
        ("11 gone before the census", HEAD + change() + change("1", since="2010-04-01", more=PAST),
         "no effect"),
        ("11 within a month", HEAD + change(since="2025-04-15"), "next month"),
        ("11 same value", HEAD + change() + change("0", "adoption.crowd"), "nothing changes"),
        ("17 rounding", HEAD + change(THIRDS, "people.band"), "scaled"),
        ("23 BOM", b"\xef\xbb\xbf" + (HEAD + change()).encode(), "byte order mark"),
        ("24 CRLF", (HEAD + change()).replace("\n", "\r\n"), None),
    ],
)  # fmt: skip
def test_accepted_with_a_remark(row, content, english, read):
    scenario = read(content)
    if english is None:
        assert scenario.warnings == ()
        return
    (remark,) = scenario.warnings
    assert english in remark.text("en")
    assert not remark.text("ja").isascii()
    assert "trial.toml" in remark.text("ja")


def test_minus_zero_is_zero(read):
    (made_change,) = read(HEAD + change("-0.0")).changes
    assert str(made_change.value) == "0.0"


def test_shares_within_rounding_sum_to_one(read):
    (made_change,) = read(HEAD + change(THIRDS, "people.band")).changes
    assert sum(made_change.value.values()) == pytest.approx(1, abs=1e-15)


def test_a_missing_seed_is_a_fixed_default_and_said(read):
    """Row 12."""
    text = f'id = "trial"\n{TITLES}census = 2020-10-01\nstart = 2022-04-01\nyears = 5\nprocesses = ["card"]\n'
    scenario = read(text)
    assert scenario.population_seed == 1
    assert "1 is used" in scenario.warnings[0].text("en")


@pytest.mark.parametrize(
    "title",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "{values}",
     "javascript:alert(1)", "𠮷野家と髙島屋と﨑陽軒", "[red]x[/red]", "%s %d"],
)  # fmt: skip
def test_titles_are_kept_as_they_are(title, read, facts):
    """Rows 26 and 29: a title is text and stays text; the page escapes it where it prints it."""
    scenario = read(HEAD.replace('"試し"', toml(title.replace('"', "'"))) + change())
    assert scenario.title["ja"] == title.replace('"', "'")
    assert title.replace('"', "'") in scenario.explain(facts, "ja")


def test_packaged_ids_differ_by_more_than_capitals():
    names = library()
    assert len({name.lower() for name in names}) == len(names)
    assert names[0] == "baseline"
    assert all(check_id(name) == name for name in names)
    assert all(Path(name).name == name for name in names)


STRICT = Known(
    processes=KNOWN.processes,
    needs={"adoption": ("ties",), "card": ("adoption",)},
    order=("demography", "ties", "adoption"),
    censuses=(date(2015, 10, 1), date(2020, 10, 1)),
    levers={"adoption.peers"},
)


def test_a_number_that_no_process_reads_is_no_lever(tmp_path, facts):
    path = tmp_path / "trial.toml"
    path.write_text(HEAD + change("0.6", "adoption.crowd"), encoding="utf-8")
    ja, en = refusal(lambda: Scenario.read(path, facts, STRICT))
    assert "adoption.crowd" in ja
    assert "has no effect" in en
    path.write_text(HEAD + change("0.6", "adoption.peers"), encoding="utf-8")
    assert len(Scenario.read(path, facts, STRICT).changes) == 1


@pytest.mark.parametrize(
    ("line", "both", "japanese", "english"),
    [
        ('processes = ["card"]', ["card", "adoption"], "加えて", "Add it"),
        ('processes = ["demography", "adoption"]', ["adoption", "ties"], "加えて", "Add it"),
        ('processes = ["adoption", "ties"]', ["ties", "adoption"], "後に並べて", "Put it after"),
        ('processes = ["ties", "demography"]', ["demography", "ties"], "後に並べて", "Put it after"),
        ("census = 2010-10-01", ["2010-10-01", "2015-10-01, 2020-10-01"], "ありません", "no people of a census"),
        ("census = 2021-10-01", ["2021-10-01"], "ありません", "no people of a census"),
    ],
)  # fmt: skip
def test_processes_and_censuses_that_cannot_be(line, both, japanese, english, tmp_path, facts):
    """Without ties for its newcomers adoption would read beyond the end of its arrays."""
    path = tmp_path / "trial.toml"
    path.write_text(f"{HEAD}{line}\n", encoding="utf-8")
    ja, en = refusal(lambda: Scenario.read(path, facts, STRICT))
    assert all(words in text for words in (*both, "trial.toml:5") for text in (ja, en))
    assert japanese in ja
    assert english in en


@pytest.mark.parametrize("names", ["demography", "ties", "demography ties", "demography ties card adoption"])
def test_processes_that_can_be(names, tmp_path, facts):
    path = tmp_path / "trial.toml"
    path.write_text(f"{HEAD}processes = {names.split()}\n", encoding="utf-8")
    assert Scenario.read(path, facts, STRICT).processes == tuple(names.split())
