"""The house rules a machine can check: sizes, randomness, messages, facts, public texts."""

import re
from pathlib import Path
from string import Formatter

import pytest

from twin import messages
from twin.facts import GRADES, Facts

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "twin").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_file_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_randomness_only_by_purpose():
    banned = re.compile(
        r"np\.random|numpy\.random|model\.random|self\.random|self\.rng|random\.seed|import random"
    )
    found = [p.name for p in SOURCES if banned.search(p.read_text(encoding="utf-8"))]
    assert found == []


def test_words_we_do_not_use():
    found = [p.name for p in SOURCES if re.search(r"manager|utils", p.name)]
    assert found == []


def test_every_message_speaks_both_languages_with_the_same_placeholders():
    for key, texts in messages.table().items():
        assert set(texts) == {"ja", "en"}, key
        if key.startswith("report."):
            continue  # running text: a language may name what the other leaves to the context
        fields = [{f for _, f, _, _ in Formatter().parse(t) if f} for t in texts.values()]
        assert fields[0] == fields[1], key


def test_every_message_named_in_the_code_exists():
    named = re.compile(
        r'(?:Error|Interrupted|messages\.text|messages\.both|Remark)\(\s*"([a-z_]+\.[a-z_.]+)"'
    )
    known = messages.table()
    missing = {
        (p.name, key)
        for p in SOURCES
        for key in named.findall(p.read_text(encoding="utf-8"))
        if key not in known
    }
    assert missing == set()


def test_every_fact_is_sourced_graded_and_within_its_range():
    facts = Facts.read()
    assert len(facts) > 50
    for fact in facts.values():
        assert fact.grade in GRADES
        assert fact.source.strip()
        assert fact.about.strip()
        assert fact.about_ja.strip()
        assert fact.low < fact.high or fact.low == fact.high == fact.values[0][1]


def test_a_japanese_reader_is_told_every_source_unit_and_kind_of_table():
    prose = re.compile(r"\b[a-z]{3,} [a-z]{2,}\b|^[A-Z][a-z]+ [a-z]+$")
    for fact in Facts.read().values():
        for what in ("source", "fitted"):
            said = fact.told(what, "ja")
            if not re.fullmatch(r"[^（]*, doi \S+", said):  # the title of a publication, as it is
                assert not prose.search(said), (fact.key, said)
        assert f"unit.{fact.unit}" in messages.table(), fact.key
        assert not fact.axis or f"axis.{fact.axis}" in messages.table(), fact.key


def test_every_column_is_told_in_both_languages_as_declared():
    from twin.agents import Areas, Businesses, Citizens, Households
    from twin.run import PROCESSES
    from twin.state import State

    tables = {table.name: table for table in (Citizens(), Households(), Businesses(), Areas())}
    for process in PROCESSES.values():
        process().attach(tables)
    rows = State(tables.values()).describe()
    declared = {f"column.{row['table']}.{row['column']}": row["about"] for row in rows}
    told = {key: texts["en"] for key, texts in messages.table().items() if key.startswith("column.")}
    assert told == declared
    assert {f"column_unit.{row['unit']}" for row in rows} == {
        key for key in messages.table() if key.startswith("column_unit.")
    }


def test_every_fact_a_process_reads_exists():
    from twin.run import PROCESSES

    facts = Facts.read()
    for process in PROCESSES.values():
        assert [key for key in process.facts if key not in facts] == []
        assert f"process_name.{process.name}" in messages.table()
        assert [name for name in process.couplings if f"coupling.{name}" not in messages.table()] == []


def test_public_names_are_what_they_say():
    import twin

    for name in twin.__all__:
        assert getattr(twin, name).__name__ == name
    with pytest.raises(AttributeError, match="Scenario"):
        _ = twin.Scenaro
