"""Scenarios say what they change, inherit what they do not, and survive any damage to their files."""

import pickle
import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scenarios.test_bad_input import HEAD, KNOWN, TITLES, change, made
from twin.errors import InputError
from twin.facts import Facts
from twin.scenarios import Scenario, explain, library
from twin.scenarios.document import open_document
from twin.scenarios.lines import Lines, masked
from twin.scenarios.scenario import LIBRARY


@pytest.fixture(scope="module")
def packaged():
    return Facts.read()


@pytest.fixture(scope="module")
def facts():
    return Facts(
        [
            made("adoption.peers", 0.3, 0, 1),
            made("adoption.ward", {"12101": 0.2, "12102": 0.3}, 0, 0.9, "ward"),
        ]
    )


@pytest.fixture
def read(facts, tmp_path):
    def reading(text, name="trial.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return Scenario.read(tmp_path / name, facts, KNOWN)

    return reading


@pytest.mark.parametrize("name", library())
def test_packaged_scenarios_are_good_and_explained(name, packaged):
    scenario = Scenario.read(name, packaged)
    assert scenario.id == name
    assert scenario.warnings == ()
    if scenario.parent and scenario.processes == scenario.parent.processes:
        assert scenario.facts(packaged).sha256() != scenario.parent.facts(packaged).sha256()
    for lang in ("ja", "en"):
        said = explain(scenario, packaged, lang)
        assert scenario.title[lang] in said
        for one in scenario.changes:
            assert one.why[lang] in said
            assert one.source[lang] in said
            assert one.fact in said


def test_the_baseline_is_year_0_for_twenty_years(packaged):
    baseline = Scenario.read("baseline", packaged)
    assert (baseline.census, baseline.start, baseline.end) == (
        date(2020, 10, 1),
        date(2022, 4, 1),
        date(2042, 4, 1),
    )
    assert baseline.parent is None
    assert baseline.facts(packaged).sha256() == packaged.sha256()


def test_the_repeated_campaign_is_the_one_of_the_facts(packaged):
    """The scenario copies the pace of December 2021; it must stay the fact's own."""
    (campaign,) = Scenario.read("card_campaign", packaged).changes
    assert campaign.value == packaged.table("card.hazard", date(2021, 12, 1))


def test_a_child_takes_from_its_parent_what_it_does_not_say(read):
    parent = read(
        HEAD.replace("trial", "parent") + 'off = ["peers to use"]\nyears = 10\n' + change("0.4"),
        "parent.toml",
    )
    child = read(HEAD.replace("baseline", "parent") + "years = 5\n" + change("0.6", since="2030-04-01"))
    assert child.parent == parent
    assert (child.years, child.off, child.population_seed) == (5, ("peers to use",), 1)
    assert [c.value for c in child.all_changes] == [0.4, 0.6]


def test_without_effect_beyond_its_end_is_refused_but_a_longer_run_makes_it_good(read):
    with pytest.raises(InputError):
        read(HEAD + change("0.6", since="2045-04-01"))
    assert read(HEAD + "years = 40\n" + change("0.6", since="2045-04-01")).warnings == ()


def test_the_change_that_began_last_holds_and_one_that_ends_gives_way(read, facts):
    """Whatever the order in the file."""
    steps = [
        change("0.4", since="2025-04-01"),
        change("0.5", since="2030-04-01"),
        change("0.9", since="2027-04-01", more="until = 2028-04-01\n"),
    ]
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        changed = read(HEAD + "".join(steps[i] for i in order)).facts(facts)
        values = [
            changed.number("adoption.peers", date(year, 6, 1)) for year in (2024, 2026, 2027, 2029, 2031)
        ]
        assert values == [0.3, 0.4, 0.9, 0.4, 0.5]


def test_one_entry_of_a_table_changes_alone(read, facts):
    scenario = read(HEAD + change("0.8", "adoption.ward", more='label = "12102"\n'))
    changed = scenario.facts(facts)
    assert changed.table("adoption.ward", date(2030, 1, 1)) == {"12101": 0.2, "12102": 0.8}
    assert changed.table("adoption.ward", date(2024, 1, 1)) == {"12101": 0.2, "12102": 0.3}
    assert facts.table("adoption.ward", date(2030, 1, 1)) == {"12101": 0.2, "12102": 0.3}


def test_explaining_says_old_and_new_on_the_day_in_both_languages(read, facts):
    read(HEAD.replace("trial", "parent") + change("0.4", since="2024-04-01"), "parent.toml")
    scenario = read(
        HEAD.replace("baseline", "parent")
        + 'off = ["peers to use"]\n'
        + change("0.6", since="2030-04-01", more="until = 2032-04-01\ncost_yen = 30000000\n")
        + change("{ 12101 = 0.2, 12102 = 0.7 }", "adoption.ward")
    )
    ja, en = explain(scenario, facts, "ja"), explain(scenario, facts, "en")
    assert "2030年4月1日から2032年4月1日の前日まで、説明を0.4 (40 %)から0.6 (60 %)にします" in ja
    assert "From 1 April 2030 until the day before 1 April 2032, about: 0.4 (40 %) -> 0.6 (60 %)." in en
    assert "30,000,000" in ja
    assert "Hanamigawa ward: 0.3 (30 %) -> 0.7 (70 %)" in en
    assert "Chuo" not in en
    assert "off: none -> peers to use" in en
    assert "理由: 理由" in ja
    assert "Cost: not stated" in en


def test_a_scenario_travels_between_processes(read):
    scenario = read("\ufeff" + HEAD + change("-0.0"))
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert len(scenario.warnings) == 2


def test_lines_are_those_of_the_file():
    text = 'id = "a"\n# x = 1\nquestion = """\nid = 2\n"""\n"why" . en = 3\n'
    text += "[[change]]\nfact = [\n  1,\n]\n[[change]]\nq.b = 1\n"
    lines = Lines(text, masked(text))
    wanted = {("id",): 1, ("x",): 0, ("question",): 3, ("why", "en"): 6, ("change", 0, "fact"): 8}
    assert {path: lines.find(path) for path in wanted} == wanted
    assert lines.find(("change", 1, "q", "b", "c")) == 12
    assert lines.find(("change", 1, "absent")) == 11


def test_masking_moves_nothing():
    text = "a = \"[{#\" # ]\nb = '''\n[\n'''\nc = \"\\\"[\"\n"
    cover = masked(text)
    assert len(cover) == len(text)
    assert [len(line) for line in cover.split("\n")] == [len(line) for line in text.split("\n")]
    assert not set("[]{}#") & set(cover)


GOOD = (
    HEAD
    + 'years = 10\noff = ["peers to use"]\n'
    + change("0.4")
    + change("0.8", "adoption.ward", more='label = "12102"\nuntil = 2030-04-01\ncost_yen = 5\n')
    + change("{ 12101 = 0.5, 12102 = 0.5 }", "adoption.ward", since="2033-04-01")
)
PIECES = [
    *[
        "=",
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        '"""',
        "\n",
        "\r",
        "\\",
        ".",
        ",",
        "#",
        "-",
        ":",
        "%",
        "_",
        "0",
        "9" * 40,
    ],
    *[
        "nan",
        "inf",
        "1e400",
        "true",
        "yes",
        "2022-02-30",
        "9999-12-31",
        "0001-01-01",
        "[[change]]\n",
        "\x00",
        "\u202e",
    ],
    *[
        "𠮷",
        "１２",
        "label = 'x'\n",
        "[change]\n",
        "change = 1\n",
        "\\u0000",
        "0x",
        "07:00:00",
        "2022-04-01T00:00:00Z",
    ],
]


def mutated(seed):
    """A good file with one to four random wounds."""
    chance = random.Random(seed)
    text = GOOD
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        kind = chance.randrange(5)
        if kind == 0:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[min(end, at + chance.randint(1, 12)) :]
        elif kind == 2:
            text = text[:at] + text[at:end] * 2 + text[end:]
        elif kind == 3:
            lines = text.split("\n")
            chance.shuffle(lines)
            text = "\n".join(lines)
        else:
            text = (
                text[:at]
                + chr(chance.choice([chance.randrange(128), chance.randrange(0x3000)]))
                + text[at + 1 :]
            )
    return text


def outcome(path, facts):
    """Success or a refusal that can be said in both languages; anything else fails the test."""
    try:
        scenario = Scenario.read(path, facts, KNOWN)
    except InputError as refused:
        return not all(refused.text(lang) for lang in ("ja", "en"))
    for lang in ("ja", "en"):
        assert explain(scenario, facts, lang)
    return True


def test_six_hundred_wounded_files(facts, tmp_path):
    path = tmp_path / "trial.toml"
    good = 0
    for seed in range(600):
        path.write_bytes(mutated(seed).encode("utf-8", "surrogatepass"))
        good += outcome(path, facts)
        assert [p.name for p in tmp_path.iterdir()] == ["trial.toml"]
    assert 5 < good < 400  # the wounds neither always kill nor never


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes(facts, tmp_path, raw):
    path = tmp_path / "trial.toml"
    path.write_bytes(raw)
    assert not outcome(path, facts)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def as_toml(value):
    """A Python value as TOML; None becomes a word no parser takes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(k)} = {as_toml(v)}" for k, v in value.items()) + "}"
    return "nothing" if value is None else str(value)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["value", "since", "until", "label", "fact", "cost_yen", "years", "off", "title", "id"]),
    VALUES,
)
def test_any_value_in_any_place(facts, tmp_path, key, value):
    path = tmp_path / "trial.toml"
    if key in ("years", "off"):
        path.write_text(HEAD + f"{key} = {as_toml(value)}\n" + change())
    elif key in ("title", "id"):
        body = f'id = "trial"\n{TITLES}'.splitlines(keepends=True)
        kept = "".join(line for line in body if not line.startswith(key))
        path.write_text(kept + f'{key} = {as_toml(value)}\nbased_on = "baseline"\n' + change())
    else:
        body = change().splitlines(keepends=True)
        path.write_text(
            HEAD + "".join(line for line in body if not line.startswith(key)) + f"{key} = {as_toml(value)}\n"
        )
    outcome(path, facts)


def test_a_document_names_its_file_and_not_its_folder(tmp_path):
    path = tmp_path / "trial.toml"
    path.write_text(HEAD)
    assert open_document(path).where("based_on") == "trial.toml:4"


def test_library_files_carry_no_folder_of_any_machine():
    for path in LIBRARY.glob("*.toml"):
        assert "/work" not in path.read_text(encoding="utf-8")
        assert "/home" not in path.read_text(encoding="utf-8")
