"""The page as a committee gets it: self-contained, escaped, honest about what is missing, the same each time."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from html.parser import HTMLParser

import pytest

from tests.report.small_results import FEW, make_results
from twin import messages
from twin.city.city import City
from twin.errors import InputError, ResultsError
from twin.indicators import REGISTER
from twin.report import write_report
from twin.report.fonts import characters
from twin.results import Results
from twin.results.store import complete

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}} $x_1$ 𠮷野家 髙 﨑"
SOLITARY = {"meta", "line", "rect", "use", "path", "img", "br", "link", "input", "hr"}


class Outline(HTMLParser):
    """Tags in order, attributes by tag, headings, and the text a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict]] = []
        self.text = ""
        self.hidden = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        self.hidden += tag == "style"

    def handle_endtag(self, tag):
        self.hidden -= tag == "style"

    def handle_data(self, data):
        if not self.hidden:
            self.text += data


@pytest.fixture(scope="module")
def outlines(pages):
    return {lang: Outline(html) for lang, html in pages.items()}


@pytest.mark.parametrize("lang", messages.LANGUAGES)
class TestBoth:
    def test_needs_nothing_from_outside(self, outlines, pages, lang):
        for tag, attrs in outlines[lang].attributes:
            for name in ("src", "href", "xlink:href", "srcset", "action", "data"):
                assert attrs.get(name, "#").startswith("#"), (tag, name, attrs[name])
        assert re.findall(r"url\((?!#|data:font/woff2;base64,)", pages[lang]) == []
        assert "@import" not in pages[lang]

    def test_runs_nothing(self, outlines, lang):
        assert "script" not in outlines[lang].tags
        assert not [a for _, attrs in outlines[lang].attributes for a in attrs if a.startswith("on")]
        policy = next(
            a for t, a in outlines[lang].attributes if a.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy["content"].startswith("default-src 'none'")
        assert "script-src" not in policy["content"]

    def test_can_be_read_aloud(self, outlines, lang):
        seen = outlines[lang].attributes
        assert next(a for t, a in seen if t == "html")["lang"] == lang
        figures = [a for t, a in seen if t == "svg" and a.get("class") == "figure"]
        assert len(figures) == len(REGISTER) + 8  # indicators; gaps, 75+, ages, total, pyramid, key, two maps
        assert all(a["role"] == "img" and len(a["aria-label"]) > 20 for a in figures)
        assert all(a.get("scope") in ("col", "row") for t, a in seen if t == "th")
        assert outlines[lang].tags.count("caption") == outlines[lang].tags.count("table")

    def test_no_id_stands_twice(self, outlines, lang):
        ids = [a["id"] for _, a in outlines[lang].attributes if "id" in a]
        assert len(ids) == len(set(ids))

    def test_links_lead_somewhere(self, outlines, lang):
        seen = outlines[lang].attributes
        ids = {a["id"] for _, a in seen if "id" in a}
        assert {a["href"][1:] for t, a in seen if t == "a"} <= ids
        assert {a["xlink:href"][1:] for t, a in seen if "xlink:href" in a} <= ids

    def test_embedded_font_holds_every_character(self, outlines, pages, lang):
        from fontTools.ttLib import TTFont

        data = re.search(r"base64,([A-Za-z0-9+/=]+)\)", pages[lang]).group(1)
        with TTFont(io.BytesIO(base64.b64decode(data))) as font:
            held = set(map(chr, font.getBestCmap()))
        labels = "".join(a.get("aria-label", "") for _, a in outlines[lang].attributes)
        missing = set(outlines[lang].text + labels) - held - {"\n", "\t", "\r"}
        assert missing == set()

    def test_size(self, pages, lang):
        assert len(pages[lang].encode()) < 1_500_000

    def test_small_area_is_not_shown(self, outlines, lang):
        city = City.embedded()
        name = (city.areas.name_ja if lang == "ja" else city.areas.name_en)[FEW]
        row = re.search(rf"{FEW + 1}{re.escape(name)}.*?(?=\n)", outlines[lang].text).group()
        assert row.count(messages.text("report.missing.few", lang)) == 6
        assert "%" not in row

    def test_first_page_says_the_nine_things(self, outlines, lang):
        for key in ("model", "definitions", "left_out", "subjective", "use"):
            assert messages.text(f"report.mind.{key}", lang) in outlines[lang].text

    def test_every_fact_is_listed(self, outlines, lang):
        from twin.facts import Facts

        assert [key for key in Facts.read() if key not in outlines[lang].text] == []


def test_both_languages_have_one_structure(outlines):
    # the drawings inside figures differ with the words that fit on them
    blocks = {
        "section",
        "article",
        "h1",
        "h2",
        "h3",
        "table",
        "tr",
        "th",
        "td",
        "figure",
        "nav",
        "ol",
        "ul",
        "li",
    }
    ja, en = ([tag for tag in outlines[lang].tags if tag in blocks] for lang in ("ja", "en"))
    assert ja == en


def test_same_results_same_bytes_and_the_seal_stays_whole(results_folder, pages):
    path = write_report(results_folder)
    assert path == results_folder / "report.ja.html"
    assert path.read_text("utf-8") == pages["ja"]
    Results.open(results_folder)
    path.unlink()


def test_user_text_is_text_everywhere(tmp_path):
    words = {
        "title": {"ja": EVIL, "en": EVIL},
        "question": {"ja": EVIL, "en": EVIL},
        "explained": {"ja": EVIL, "en": EVIL},
    }
    folder = make_results(
        tmp_path / "evil", {"baseline": words, "other": words}, seeds=(1, 2), last_year=2023
    )
    html = write_report(folder, "ja").read_text("utf-8")
    outline = Outline(html)
    assert "script" not in outline.tags
    assert "img" not in outline.tags
    assert not [name for _, attrs in outline.attributes for name in attrs if name.startswith("on")]
    assert outline.text.count(EVIL) >= 6  # shown as typed, 𠮷 and dollars included
    assert "49" not in re.findall(r"alert\(1\)>(.{2})", outline.text)
    assert set(EVIL) - characters() == {"𠮷"}  # the one the reader's machine must draw


def test_short_run_says_what_it_does_not_reach(tmp_path):
    folder = make_results(tmp_path / "short", {"baseline": {}}, seeds=(1,), last_year=2027)
    text = Outline(write_report(folder, "en").read_text("utf-8")).text
    assert "after the end of the run" in text
    assert messages.text("report.warning.one_seed", "en") in text
    assert messages.text("report.value.alone", "en") in text
    assert not re.search(r"\bnan\b", text)


@pytest.mark.parametrize(("last_year", "years", "ends"), [(2025, 3, 2024), (2029, 7, 2028), (2048, 26, 2047)])
def test_a_run_that_ends_between_the_marks_speaks_of_its_own_end(last_year, years, ends, tmp_path):
    folder = make_results(tmp_path / "odd", {"baseline": {}}, seeds=(1, 2), last_year=last_year)
    ja, en = (Outline(write_report(folder, lang).read_text("utf-8")).text for lang in ("ja", "en"))
    assert f"市の人口は{years}年後（{ends + 1}年3月末）に" in ja
    assert f"{years}年後{ends}年度末" in ja
    assert f"people after {years} years (end of March {ends + 1})" in en
    assert not re.search(r"\b0 years|(?<!\d)0年後", ja + en)


def test_missing_indicator_pyramid_and_city_are_named_not_zero(tmp_path):
    import pandas as pd

    folder = make_results(tmp_path / "holes", {"baseline": {}}, seeds=(1, 2), last_year=2027)
    (folder / "COMPLETE").unlink()
    shutil.rmtree(folder / "city")
    for path in (folder / "runs").glob("*.parquet"):
        table = pd.read_parquet(path)
        table[~table.indicator.isin(["indicator_04", "people_by_age", "births"])].to_parquet(
            path, index=False
        )
    complete(folder)
    text = Outline(write_report(folder, "en").read_text("utf-8")).text
    for reason in ("not_counted", "no_city", "no_pyramid"):
        assert f"not available ({messages.text(f'report.missing.{reason}', 'en')})" in text
    births = re.search(r"Births a year(.*)", text).group(1)
    assert births.startswith("not available")


def test_bad_input_is_explained(results_folder, tmp_path):
    with pytest.raises(InputError):
        write_report(results_folder, "fr")
    with pytest.raises(ResultsError):
        write_report(tmp_path)


def test_record_leads_back_to_the_run(results_folder, pages):
    made = json.loads((results_folder / "made.json").read_text())
    for digest in (made["facts"], made["city"]["sha256"], *(s["sha256"] for s in made["scenarios"])):
        assert digest in pages["en"]
    assert (
        "twin run baseline ageing_faster --fraction 0.1 --seeds 2 --years 20 --out NEW_RESULTS" in pages["en"]
    )


def test_words_never_promise():
    for key, said in messages.table().items():
        if key.startswith("report."):
            assert not re.search(r"\b(will|shall|certain)\b", said["en"]), key
            assert not re.search(r"でしょう|になります|必ず", said["ja"]), key
