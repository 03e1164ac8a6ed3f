"""The pages: each listed in the README in both languages, links that lead somewhere, what every process page holds."""

import re
from pathlib import Path

import pytest

from twin.run import PROCESSES

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_listed_in_both_halves_of_the_readme(page):
    assert README.count(f"](docs/{page.name})") >= 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_begins_with_an_overview_in_japanese(page):
    assert page.read_text(encoding="utf-8").splitlines()[2].startswith("**概要（日本語）**")


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_page_has_question_picture_equations_facts_and_limits(name):
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    for part in ("Question", "Equations", "Facts", "Limits"):
        assert re.search(rf"^(## |\*\*){part}", text, re.MULTILINE), part
    assert "```" in text or "![" in text, "no picture"
    assert re.search(r"`twin/facts/\w+\.toml`", text), "no file of facts named"
