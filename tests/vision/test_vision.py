"""The vision is whole, nothing hangs loose, and what it says can be seen."""

import dataclasses
import io
import subprocess
import sys
from datetime import date
from pathlib import Path

import networkx as nx
import pytest

from twin.vision import Vision, VisionError, as_table, show

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "vision"


@pytest.fixture(scope="module")
def vision():
    return Vision.read()


@pytest.fixture(scope="module")
def document():
    """The text of the document itself, spaces and line ends removed."""
    files = sorted(SHARED.glob("*.txt"))
    if not files:
        pytest.skip("the document is not beside the project")
    return "".join("".join(path.read_text(encoding="utf-8").split()) for path in files)


def every_text(node):
    """All two-language texts in a nest of dataclasses, tuples and dicts."""
    if isinstance(node, dict) and "ja" in node:
        yield node
    elif dataclasses.is_dataclass(node):
        for field in dataclasses.fields(node):
            yield from every_text(getattr(node, field.name))
    elif isinstance(node, tuple | dict):
        for child in node.values() if isinstance(node, dict) else node:
            yield from every_text(child)


def test_counts_are_those_of_the_document(vision):
    assert [len(smart.targets) for smart in vision.smarts] == [6, 3, 4, 6, 3]
    assert [smart.name["ja"] for smart in vision.smarts] == ["暮らし", "働き方", "学び", "まち", "市役所"]
    assert [i.number for i in vision.indicators] == list(range(1, 15))
    assert [len(cell.bullets) for cell in vision.cells] == [1, 1, 1, 1, 2, 1, 3, 3, 1]
    assert [step.number for step in vision.steps] == [1, 2, 3]


def test_kinds_are_as_printed_and_departures_are_noted(vision):
    subjective = {i.number for i in vision.indicators if i.subjective}
    assert subjective == {3, 5, 6, 9, 10}
    assert {i.number for i in vision.indicators if i.differs} == {1, 14}


def test_marks_are_the_ends_of_fiscal_years(vision):
    assert vision.year_0 == 2022
    assert {m.years: m.last_month for m in vision.milestones} == {
        5: date(2027, 3, 1),
        10: date(2032, 3, 1),
        20: date(2042, 3, 1),
    }


def test_no_target_state_hangs_loose(vision):
    for target in vision.targets:
        assert target.linked or (target.not_modelled or {}).get("ja"), target.id


def test_the_tree_reaches_everything_and_has_no_cycle(vision):
    graph = vision.tree()
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.descendants(graph, "vision") == set(graph) - {"vision"}
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    assert {k: kinds.count(k) for k in ("smart", "target", "service", "indicator", "cell")} == {
        "smart": 5,
        "target": 22,
        "service": 40,
        "indicator": 14,
        "cell": 9,
    }
    ours = {edge["kind"] for _, _, edge in graph.edges(data=True) if edge["ours"]}
    theirs = {edge["kind"] for _, _, edge in graph.edges(data=True) if not edge["ours"]}
    assert ours == {"told by", "served by", "moves", "contributes to"}
    assert theirs == {"has", "measured by"}


def test_every_text_is_in_both_languages(vision):
    texts = list(every_text(vision))
    assert len(texts) > 100
    for text in texts:
        assert set(text) == {"ja", "en"}
        assert text["ja"].strip()
        assert text["en"].isascii(), text["en"]
        assert not text["ja"].isascii(), text["ja"]


def test_quoted_terms_stand_in_the_document(vision, document):
    for target in vision.targets:
        for term in target.terms:
            assert term in document, (target.id, term)
    for named in vision.principles:
        for term in (named.name["ja"], *named.terms):
            assert "".join(term.split()) in document, term


def test_indicators_and_roadmap_are_word_for_word(vision, document):
    for indicator in vision.indicators:
        smart = {s.id: s.name["ja"] for s in vision.smarts} | {"overall": "総合"}
        row = [indicator.name["ja"], smart[indicator.smart], indicator.kind, indicator.obtained["ja"]]
        assert "".join([str(indicator.number), *row]) in document
    for cell in vision.cells:
        for bullet in cell.bullets:
            assert f"○{bullet['ja']}" in document
    for statement in vision.statements:
        assert statement.text["ja"] in document.replace("※2による", "による")


def test_prose_is_our_own(vision, document):
    for target in vision.targets:
        assert target.state["ja"] not in document, target.id
        assert target.direction["ja"] not in document, target.id
    for service in vision.catalogue.services:
        assert service.about["ja"] not in document, service.id


def test_a_loose_target_state_is_refused(vision):
    loose = dataclasses.replace(vision.smarts[0].targets[0], indicators=(), cells=(), not_modelled=None)
    smart = dataclasses.replace(vision.smarts[0], targets=(loose,))
    with pytest.raises(VisionError, match=r"living\.anywhere"):
        dataclasses.replace(vision, smarts=(smart, *vision.smarts[1:])).check()


@pytest.mark.parametrize("ask", [lambda v: v.target("town.mobilty"), lambda v: v.cell("data.year6")])
def test_a_wrong_name_gets_the_nearest(vision, ask):
    with pytest.raises(VisionError) as caught:
        ask(vision)
    assert "town.mobility" in caught.value.text("ja") or "data.year5" in caught.value.text("ja")


def test_reading_does_not_load_drawing_libraries():
    code = "import sys; from twin.vision import Vision; Vision.read(); print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_picture_has_every_glyph(vision, tmp_path, lang):
    """Warnings are errors here, so a missing glyph or font would stop the test."""
    path = show(vision, tmp_path / "vision.png", lang)
    assert path.stat().st_size > 50_000


def test_the_picture_is_the_same_every_time(vision, tmp_path):
    first, second = (show(vision, tmp_path / f"{n}.svg").read_bytes() for n in (1, 2))
    assert first == second


def test_a_pdf_has_its_pages_one_by_one(vision, tmp_path):
    made = show(vision, tmp_path / "vision.pdf").read_bytes()
    assert made.count(b"/Type /Page ") == 3


def test_an_unknown_picture_format_is_refused(vision, tmp_path):
    with pytest.raises(VisionError, match=r"\.gif"):
        show(vision, tmp_path / "vision.gif")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_tables_name_everything(vision, lang):
    text = as_table(vision, lang)
    for indicator in vision.indicators:
        assert indicator.name[lang] in text
    for target in vision.targets:
        assert target.state[lang] in text


def test_the_rich_table_prints(vision):
    from rich.console import Console

    console = Console(width=200, record=True, file=io.StringIO())
    console.print(as_table(vision, "ja", style="rich"))
    assert "マイナンバーカード取得率" in console.export_text()
