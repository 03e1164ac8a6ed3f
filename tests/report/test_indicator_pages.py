"""The pages of the 14 indicators: one row each, truth beside survey, what is missing said, nothing in the wrong language."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pandas as pd
import pytest

from tests.report.small_results import make_results
from tests.report.test_page import Outline
from twin import messages
from twin.indicators import REGISTER
from twin.indicators.small_cells import Rule
from twin.report import write_report
from twin.report.page import Page
from twin.report.reading import Missing, Reading
from twin.report.surveys import Heard, Surveys
from twin.report.tables import Table
from twin.results import Results
from twin.results.store import complete
from twin.vision import Vision

# Japanese people read these as they stand
LATIN = {"Web", "ICT", "My", "MICE", "GIGA", "AI"}


@pytest.fixture(scope="module")
def results(results_folder) -> Results:
    return Results.open(results_folder)


@pytest.fixture(scope="module")
def sections(pages):
    """The text of each section by language and id."""
    return {
        (lang, name): Outline(re.search(rf'<section id="{name}">.*?</section>', html, re.DOTALL).group()).text
        for lang, html in pages.items()
        for name in ("indicators", "gaps", "groups")
    }


@pytest.mark.parametrize("lang", messages.LANGUAGES)
class TestRows:
    def test_every_indicator_of_the_document_has_its_row_in_order(self, pages, lang):
        rows = re.findall(r'<article class="row">.*?</article>', pages[lang], re.DOTALL)
        printed = Vision.read().indicators
        assert len(rows) == len(printed) == 14
        for row, indicator in zip(rows, printed, strict=True):
            text = Outline(row).text
            for said in (indicator.name[lang], indicator.obtained[lang]):
                assert said in text, (indicator.number, said)
            entry = REGISTER[indicator.number]
            base = entry.base_ja if lang == "ja" else entry.base
            assert text.count(base) >= 3, indicator.number  # out of what, on the axis and above the table
            kind = "subjective" if indicator.subjective else "objective"
            assert re.search(
                rf'class="kind( subjective)?">{messages.text(f"report.indicator.{kind}", lang)}<', row
            )
            assert ('class="kind subjective"' in row) == indicator.subjective

    def test_every_picture_says_that_it_is_modelled(self, pages, lang):
        figures = re.findall(r"<figure>.*?</figure>", pages[lang], re.DOTALL)
        mark = f'<span class="modelled">{messages.text("report.modelled", lang)}</span>'
        assert figures
        assert all(mark in figure for figure in figures)
        assert pages[lang].count('<svg class="figure"') == len(figures)

    def test_a_survey_stands_beside_the_truth_with_interval_and_sheets(self, pages, lang):
        row = re.findall(r'<article class="row">.*?</article>', pages[lang], re.DOTALL)[4]
        text = Outline(row).text
        seen = ("43%（40〜47）", "63%（60〜67）") if lang == "ja" else ("43% (40–47)", "63% (60–67)")
        assert [text.count(one) for one in seen] == [2, 2]  # at the start and the end, in two scenarios
        worth = "1,300（1,002）" if lang == "ja" else "1,300 (1,002)"
        assert text.count(worth) == 4 * 2

    def test_a_survey_with_few_on_one_side_is_not_shown(self, pages, lang):
        row = re.findall(r'<article class="row">.*?</article>', pages[lang], re.DOTALL)[6]
        few = messages.text("report.missing.few", lang)
        assert Outline(row).text.count(few) == 4 * 2  # 3 of 60 firms: four moments of two scenarios

    def test_records_need_no_survey(self, sections, lang):
        overview = sections[lang, "indicators"]
        assert overview.count(messages.text("report.overview.record", lang)) >= 2


def test_japanese_pages_hold_no_english(sections):
    for name in ("indicators", "gaps", "groups"):
        found = set(re.findall(r"[A-Za-z]{2,}", sections["ja", name])) - LATIN
        assert found == set(), name
    assert not re.search(r"[ぁ-んァ-ヶ一-龠]", sections["en", "gaps"])


# -- surveys ------------------------------------------------------------------------------------------


@pytest.fixture
def surveys(results) -> Surveys:
    return Surveys(Reading(results, Vision.read()))


def test_a_wave_is_the_median_over_seeds_of_its_parts(results, surveys):
    last, table = surveys.reading.last, results.table
    rows = table[(table.date == last.day) & (table.scenario == "baseline") & (table.area == "12100")]
    by_hand = {
        part: np.median(rows[rows.indicator == f"indicator_05.mixed{part}"].value)
        for part in ("", ".low", ".high", ".sent", ".returned", ".effective")
    }
    assert surveys.at("indicator_05", "mixed", "baseline", last) == Heard(last.day, *by_hand.values())
    assert surveys.instruments("indicator_05") == ["mixed"]
    assert surveys.instruments("indicator_12") == []
    waves = surveys.waves("indicator_05", "mixed", "baseline")
    assert [wave.day for wave in waves] == [
        pd.Timestamp(year, 3, 1) for year in (2022, 2027, 2032, 2037, 2042)
    ]


def test_a_wave_of_few_answers_is_hidden_by_the_one_rule(surveys):
    last = surveys.reading.last
    at = lambda: surveys.at("indicator_05", "mixed", "baseline", last)  # noqa: E731
    heard = at()
    yes = heard.value * heard.effective
    surveys.reading.rule = Rule(smallest=10, step=10, sample=heard.effective - 1)
    assert at() == heard
    for rule in (Rule(10, 10, heard.effective + 1), Rule(heard.effective - yes + 1, 10, 30)):
        surveys.reading.rule = rule
        assert at() == Missing("few")
    assert surveys.at("indicator_12", "mixed", "baseline", last) == Missing("no_survey")


def test_the_fan_draws_every_shown_wave(results, monkeypatch):
    page, drawn = Page(results, "ja"), {}

    def keep(name, alt, strands, marks, factor, share, surveys, width):
        drawn[name] = surveys
        return ""

    monkeypatch.setattr("twin.report.page.figures.fan", keep)
    page.whole()
    assert len(drawn["fan-indicator_05"]) == 5
    assert drawn["fan-indicator_07"] == []  # all waves of firms are hidden
    assert drawn["fan-indicator_12"] == []


def test_a_survey_outside_the_band_is_on_the_picture():
    from twin.report.figures.fan import Strand, _span
    from twin.report.figures.paper import Survey

    band = pd.DataFrame({"low": [0.5], "mid": [0.51], "high": [0.52]}, index=[pd.Timestamp("2030-03-01")])
    low, high = _span([Strand(0, band)], [Survey(band.index[0], 0.7, 0.66, 0.74)], 100.0, share=True)
    assert low < 50
    assert high > 74


# -- what is missing ----------------------------------------------------------------------------------


def without(folder, scenario: str, names: tuple[str, ...]):
    """Take indicators out of one scenario of sealed results, as a run without their processes leaves them."""
    (folder / "COMPLETE").unlink()
    for path in (folder / "runs").glob(f"{scenario}.*.parquet"):
        table = pd.read_parquet(path)
        table[~table.indicator.str.startswith(names)].to_parquet(path, index=False)
    complete(folder)
    return folder


@pytest.mark.parametrize("scenario", ["baseline", "ageing_faster"])
def test_an_indicator_one_scenario_does_not_count_is_missing_there_alone(results_folder, tmp_path, scenario):
    folder = shutil.copytree(results_folder, tmp_path / "part", ignore=shutil.ignore_patterns("*.html"))
    without(folder, scenario, ("indicator_05", "alerts_users"))
    html = write_report(folder, "en").read_text("utf-8")
    row = Outline(re.findall(r'<article class="row">.*?</article>', html, re.DOTALL)[4]).text
    reason = messages.text("report.missing.not_counted", "en")
    # four moments of the value, and of its difference from the first
    assert row.count(reason) == 8
    assert not re.search(r"\bnan\b", Outline(html).text)
    reading = Reading(Results.open(folder), Vision.read())
    for moment in reading.moments:
        assert reading.at("indicator_05", scenario, moment) == Missing("not_counted")


def test_an_indicator_no_scenario_counts_has_its_row_and_no_picture(tmp_path):
    folder = without(
        make_results(tmp_path / "none", {"baseline": {}}, last_year=2027), "baseline", ("indicator_05",)
    )
    page = Page(Results.open(folder), "ja").whole()
    rows = page["indicators"]["rows"]
    assert [n for n, row in enumerate(rows, start=1) if "missing" in row] == [5]
    assert "含まれていません" in rows[4]["missing"]
    overview: Table = page["indicators"]["overview"]
    assert all(cell.missing for cell in overview.rows[4][2:])
    assert not any(cell.missing for cell in overview.rows[3][2:4])
    assert page["gaps"]["absent"] == ["便利さの実感 / ネットサービスの利用"]


def test_the_verdict_counts_all_and_names_three(results):
    page = Page(results, "en")
    said = page.head()["verdict"][1]
    moved = {slug: page.reading.seeds(slug, "baseline", page.reading.last)
             - page.reading.seeds(slug, "baseline", page.reading.start) for slug in page.held}  # fmt: skip
    up = sum(np.quantile(change, 0.1) > 0.0005 for change in moved.values())
    assert f"Of 14 indicators, after 20 years {up} are projected higher" in said
    most = sorted(moved, key=lambda slug: -abs(np.median(moved[slug])))[:3]
    assert [f"'{page.held[slug]}'" in said for slug in moved] == [slug in most for slug in moved]
