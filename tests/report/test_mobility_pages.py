"""The page on getting around: its numbers are those of the notes, and runs without trips have no such page."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.report.small_results import make_results
from twin import messages
from twin.report import write_report


@pytest.fixture(scope="module")
def html(tmp_path_factory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("trips")
    names = {"getting_around": {}, "maas_in_two_areas": {}}
    folder = make_results(home / "results", names, trips=names)
    return {
        lang: write_report(folder, lang, home / f"{lang}.html").read_text("utf-8")
        for lang in messages.LANGUAGES
    }


def section(html: str) -> str:
    return re.search(r'<section id="mobility">.*?</section>', html, re.DOTALL).group()


def rows(html: str, caption: str) -> list[list[str]]:
    """Texts of the rows of the table with a caption."""
    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    found = next(table for table in tables if caption in table)
    text = lambda cell: unescape(re.sub(r"<[^>]+>", "", cell)).strip()  # noqa: E731
    return [
        [text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", found, re.DOTALL)
    ]


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_runs_without_trips_have_no_such_page(pages, html, lang):
    assert 'id="mobility"' not in pages[lang]
    assert 'id="mobility"' in html[lang]


def test_shares_are_those_of_the_trips(html):
    """Of 1,000 trips 200 by each mode but driving; after 20 years 100 fewer are driven."""
    table = rows(section(html["en"]), "Share of trips by ward")
    city = next(row for row in table if row[0] == "Whole city")
    driven = [300 - 5 * 20 + seed for seed in (1, 2)]
    car = [round(100 * (d + 200) / (d + 700)) for d in driven]
    assert city[1].startswith(f"{car[0]}%")
    assert city[2] == f"{round(100 * 100 / (driven[0] + 700))}%"


def test_minutes_rides_and_gains_are_those_of_the_notes(html):
    part = section(html["en"])
    minutes = rows(part, "Minutes to the nearest")
    assert next(row for row in minutes if row[0] == "Whole city: station")[1:] == ["20.0"] * 4
    assert "not available" in next(row for row in minutes if row[0] == "Whole city: hospital")[1]
    rides = rows(part, "On-demand rides in the year")[1]
    assert rides[2] == "3"
    assert rides[5] == "9.5"
    gains = rows(part, "Who gains, who loses")
    assert [row[1] for row in gains[1:]] == ["+50"] * (len(gains) - 1)


def test_the_map_and_the_panels_are_drawn_with_words_in_both_languages(html):
    for lang, page in html.items():
        part = section(page)
        assert part.count('<svg class="figure') == 2
        for mode in ("car", "rail", "bus", "on_demand", "bike", "walk"):
            assert messages.text(f"report.trips.{mode}", lang) in unescape(part)
