"""The pages on the roadmap and on the spread of services: every number and colour is what the log says.

The log is the real process's, of areas whose census stands still; what it says is read here from the long
table by other means than the page's.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from html import unescape
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from tests.report.small_results import make_results
from tests.report.test_page import Outline
from twin import messages
from twin.analysis import Roadmap, runs_of
from twin.analysis import words as told
from twin.city.city import City
from twin.processes.spread.money import LINES
from twin.report import write_report
from twin.report.figures.steps import SHARES, STEPS
from twin.results import Results
from twin.results.store import complete

SEEDS = (1, 2, 3)
YEARS = range(2022, 2042)
CITY, LEADING = "12100", "12106A02"


def march(year: int) -> pd.Timestamp:
    """The month in which a fiscal year ends."""
    return pd.Timestamp(year + 1, 3, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("spread")
    return make_results(home, {"baseline": {}, "ageing_faster": {}}, seeds=SEEDS, spread=("baseline",))


@pytest.fixture(scope="module")
def html(folder, tmp_path_factory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("spread_pages")
    return {
        lang: write_report(folder, lang, home / f"{lang}.html").read_text("utf-8")
        for lang in messages.LANGUAGES
    }


@pytest.fixture(scope="module")
def table(folder) -> pd.DataFrame:
    return Results.open(folder).table


@pytest.fixture(scope="module")
def nearest(table) -> int:
    """The run nearest to the median number of live services, by hand."""
    live = table[(table.indicator == "services_live") & (table.area == CITY) & (table.group == "all")]
    wide = live[live.date.isin([march(y) for y in YEARS])].pivot_table(
        index="date", columns="seed", values="value"
    )
    return int((wide.T - wide.T.median()).T.abs().sum().idxmin())


def section(html: str, name: str) -> str:
    """The HTML of a section."""
    return re.search(rf'<section id="{name}">.*?</section>', html, re.DOTALL).group()


def rows(html: str) -> list[list[str]]:
    """Texts of a table's rows, head first."""
    found = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    return [[text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in found]


def text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def steps(table: pd.DataFrame, seed: int, year: int) -> np.ndarray:
    """The last step each area was said to be at, by the end of a fiscal year."""
    codes = City.embedded().areas.code
    said = table[(table.indicator == "event_step") & (table.seed == seed) & (table.date <= march(year))]
    return said.groupby("area", observed=True)["value"].last().reindex(codes).fillna(0).astype(int).to_numpy()


def colours(svg: str) -> list[list[str]]:
    """Colours of the areas of every map of a figure, in the areas' order."""
    maps = []
    for one in re.findall(r'<g transform=.*?<use href="#shape-wards"/>', svg, re.DOTALL):
        found = {}
        for colour, inside in re.findall(r'<g fill="(#\w+)">(.*?)</g>', one):
            found |= dict.fromkeys(map(int, re.findall(r"#shape-(\d+)", inside)), colour)
        maps.append([found[row] for row in sorted(found)])
    return maps


def figure(html: str, name: str) -> str:
    return re.search(rf'<svg class="figure steps" id="{name}".*?</svg>', html, re.DOTALL).group()


# -- when the pages stand there -------------------------------------------------------------------


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_runs_without_spread_have_no_such_pages_and_sections_are_numbered_without_gaps(pages, html, lang):
    assert 'id="spread"' not in pages[lang]
    assert 'id="roadmap"' not in pages[lang]
    assert 'class="played"' not in pages[lang]
    for page, count in ((pages[lang], 8), (html[lang], 10)):
        heads = [text(head) for head in re.findall(r'<section id="\w+">\s*<h2>(.*?)</h2>', page)]
        assert [int(head.split(".")[0]) for head in heads] == list(range(1, count + 1))
        facts = next(
            head.split(".")[0] for head in heads if messages.text("report.section.facts", lang) in head
        )
        assert f"第{facts}節" in page if lang == "ja" else f"listed in section {facts}" in page


def test_both_languages_have_one_structure(html):
    blocks = {"section", "article", "h2", "h3", "h4", "table", "tr", "th", "td", "figure", "input", "dt", "dd", "details", "li"}  # fmt: skip
    ja, en = ([tag for tag in Outline(html[lang]).tags if tag in blocks] for lang in ("ja", "en"))
    assert ja == en


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_the_page_still_needs_nothing_and_runs_nothing(html, lang):
    outline = Outline(html[lang])
    assert "script" not in outline.tags
    ids = [attrs["id"] for _, attrs in outline.attributes if "id" in attrs]
    assert len(ids) == len(set(ids))
    borrowed = {attrs["href"][1:] for tag, attrs in outline.attributes if tag == "use" and "href" in attrs}
    assert "shape-0" in borrowed
    assert borrowed <= set(ids)
    assert len(html[lang].encode()) < 1_900_000


def test_same_results_same_bytes(folder, html, tmp_path):
    assert write_report(folder, "ja", tmp_path / "again.html").read_text("utf-8") == html["ja"]


# -- maps -----------------------------------------------------------------------------------------


def test_small_maps_show_the_step_at_least_half_of_the_runs_reach(html, table):
    drawn = colours(figure(section(html["ja"], "spread"), "steps-half"))
    assert len(drawn) == 4
    for shown, year in zip(drawn, (2026, 2031, 2036, 2041), strict=True):
        every = np.array([steps(table, seed, year) for seed in SEEDS])
        half = [
            max(k for k in range(4) if 2 * (every[:, area] >= k).sum() >= len(SEEDS)) for area in range(60)
        ]
        assert shown == [STEPS[k] for k in half]
    assert len(set(drawn[-1])) > 1


def test_small_maps_show_in_how_many_runs_services_are_linked(html, table):
    drawn = colours(figure(section(html["ja"], "spread"), "steps-share"))
    shade = {
        0: SHARES[0],
        1: SHARES[2],
        2: SHARES[3],
        3: SHARES[4],
    }  # of three runs: a third, two thirds, all
    for shown, year in zip(drawn, (2026, 2031, 2036, 2041), strict=True):
        linked = sum((steps(table, seed, year) >= 2).astype(int) for seed in SEEDS)
        assert shown == [shade[int(count)] for count in linked]


def test_the_years_of_one_run_follow_its_log(html, table, nearest):
    played = re.search(r'<article class="played">.*?</article>', html["ja"], re.DOTALL).group()
    drawn = colours(played)
    assert len(drawn) == len(YEARS)
    for shown, year in zip(drawn, YEARS, strict=True):
        assert shown == [STEPS[k] for k in steps(table, nearest, year)]
    assert any(one != other for one, other in pairwise(drawn))


def test_every_year_has_its_button_and_play_comes_before_them(html):
    played = re.search(r'<article class="played">.*?</article>', html["en"], re.DOTALL).group()
    buttons = re.findall(r'<input type="radio" name="year" id="(year-[\w-]+)"( checked)?><label for="\1">(.*?)</label>', played)  # fmt: skip
    assert [label for _, _, label in buttons[1:]] == [str(year) for year in YEARS]
    assert [bool(checked) for _, checked, _ in buttons] == [False] * len(YEARS) + [True]
    style = re.search(r"<style>(.*?)</style>", played).group(1)
    for place in range(len(YEARS)):
        assert f"#year-at-{place}:checked~svg #year-{place}" in style
        assert f"#year-play:checked~svg #year-{place}{{animation-delay:{place}s}}" in style
        assert f'<g class="frame" id="year-{place}">' in played


def test_point_line_and_plane_are_counted_under_the_maps(html, table):
    svg = figure(section(html["en"], "spread"), "steps-half")
    piece = table[table.indicator == "largest_piece"]
    for year in (2026, 2041):
        found = piece[piece.date == march(year)]["group"].astype(str).value_counts()
        said = ", ".join(f"{kind} in {found[kind]}" for kind in ("point", "line", "plane") if kind in found)
        assert f">{said}</text>" in svg


def test_areas_by_step_are_counted(html, table):
    spread = section(html["en"], "spread")
    counts = rows(re.search(r"<table.*?</table>", spread, re.DOTALL).group())
    for step, row in enumerate(counts[1:]):
        every = [(steps(table, seed, 2041) == step).sum() for seed in SEEDS]
        assert row[-1].split(" ")[0] == f"{np.median(every):.0f}"


# -- events ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_event_of_the_run_is_told_once_in_whole_sentences(html, table, nearest, lang):
    events = table[(table.kind == "event") & (table.seed == nearest)]
    events = events[~((events.indicator == "event_copied") & (events.value < 0))]
    part = re.search(r'<dl class="events">.*?</dl>', html[lang], re.DOTALL).group()
    said = [text(one) for one in re.findall(r"<dd>(?!<details).*?</dd>|<li>.*?</li>", part)]
    said = [one for one in said if one != messages.text("report.events.none", lang)]
    assert len(said) == len(events)
    years = [int(year) for year in re.findall(r"<dt>(?:FY)?(\d{4})", part)]
    assert years == sorted({day.year - (day.month < 4) for day in events.date})
    for one in said:
        assert not re.search(r"「」|^[:：「のがで]|\{|\}|nan|  ", one), one
        assert not one.endswith((" ", ":", "は", "の"))


def test_folded_events_are_counted(html):
    part = re.search(r'<dl class="events">.*?</dl>', html["en"], re.DOTALL).group()
    folded = re.findall(r"<summary>(\d+) more.*?</summary><ul>(.*?)</ul>", part)
    assert folded
    assert all(int(count) == inside.count("<li>") for count, inside in folded)


def test_what_is_new_to_the_city_is_told_as_such(html, table, nearest):
    events = table[(table.kind == "event") & (table.seed == nearest)]
    part = re.search(r'<dl class="events">.*?</dl>', html["en"], re.DOTALL).group()
    firsts = [text(one) for one in re.findall(r"<dd>.*?</dd>", part) if "(a first)" in one]
    for kind, said in (("live", "went live (a first)"), ("trial", "began (a first)")):
        groups = events[events.indicator == f"event_{kind}"].group.nunique()
        assert sum(one.endswith(said) and "city OS" not in one for one in firsts) == groups
    assert sum("STEP2 (a first)" in one for one in firsts) == 1


# -- teams and money ------------------------------------------------------------------------------


def test_the_leading_team_is_that_of_the_log(html, table):
    spread = section(html["en"], "spread")
    teams = re.search(r"<caption>The leading area&#39;s team.*?</table>", spread, re.DOTALL).group()
    found = rows("<tr></tr>" + teams)[2:]
    for name, row in zip(("alpha", "maturity", "own"), found, strict=False):
        at = table[(table.indicator == f"team_{name}") & (table.area == LEADING)]
        for cell, year in zip(row[1:], (2026, 2031, 2041), strict=True):
            seeds = at[at.date == march(year)].value
            assert len(seeds) == len(SEEDS)
            assert float(cell.split("%")[0]) == pytest.approx(100 * seeds.median(), abs=0.51)
    bodies = table[
        (table.indicator == "areas_independent") & (table.area == CITY) & (table.date == march(2041))
    ]
    assert found[3][-1].split(" ")[0] == f"{bodies.value.median():.0f}"


def money_rows(html: str) -> list[list[str]]:
    return rows(re.search(r'<table class="numbers money">.*?</table>', html, re.DOTALL).group())[1:]


def test_one_runs_money_is_the_ledgers_and_balances(html, table, nearest):
    kept = table[(table.kind == "money") & (table.seed == nearest)]
    wide = kept.pivot_table(index="date", columns="indicator", values="value", observed=True)
    found = money_rows(html["ja"])
    assert [int(row[0]) for row in found] == list(YEARS)
    for row, year in zip(found, YEARS, strict=True):
        yen = [wide.loc[march(year), f"yen_{line}"] for line in LINES]
        assert row[1:-1] == [f"{amount / 1e6:,.0f}" for amount in yen]
        assert row[-1] == "0"
    assert sum(float(row[2].replace(",", "")) for row in found) > 0


def test_a_yen_that_is_lost_shows(folder, nearest, tmp_path):
    home = shutil.copytree(folder, tmp_path / "lost")
    (home / "COMPLETE").unlink()
    path = home / "runs" / f"baseline.seed-{nearest}.parquet"
    run = pd.read_parquet(path)
    at = (run.indicator == "yen_fees") & (run.kind == "money") & (pd.to_datetime(run.date) == march(2030))
    assert at.sum() == 1
    run.loc[at, "value"] -= 7
    run.to_parquet(path, index=False)
    complete(home)
    left = {row[0]: row[-1] for row in money_rows(write_report(home, "en").read_text("utf-8"))}
    assert left.pop("2030") == "-7"
    assert set(left.values()) == {"0"}


def test_money_over_the_runs_is_the_median(html, table):
    spread = section(html["en"], "spread")
    found = rows(re.search(r"<caption>Amounts of a fiscal year.*?</table>", spread, re.DOTALL).group())[1:]
    for line, row in zip(LINES, found, strict=True):
        at = table[(table.indicator == f"yen_{line}") & (table.kind == "money") & (table.date == march(2041))]
        shown, middle = float(row[-1].split(" ")[0].replace(",", "")), at.value.median() / 1e6
        assert shown == pytest.approx(middle, rel=0.006, abs=0.51)


# -- the roadmap ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_the_roadmap_stands_as_the_document_draws_it(html, folder, lang):
    found = Roadmap(runs_of(Results.open(folder), "baseline"))
    part = section(html[lang], "roadmap")
    body = re.search(r'<table class="roadmap">.*?</table>', part, re.DOTALL).group()
    lines = re.findall(r"<tr>.*?</tr>", body, re.DOTALL)[1:]
    assert [text(re.search(r"<th.*?</th>", line).group()) for line in lines] == [row[lang] for row in found.vision.rows.values()]  # fmt: skip
    cells = [re.findall(r'<td class="(\w+)">(.*?)</td>', line, re.DOTALL) for line in lines]
    for row, name in enumerate(found.vision.rows):
        for column, years in enumerate((5, 10, 20)):
            outcome = next(one for one in found.outcomes if (one.row, one.years) == (name, years))
            kind, inside = cells[row][column]
            said = text(inside)
            assert all(bullet[lang] in said for bullet in outcome.text)
            assert all(told.text(f"mark.{mark}", lang) in said for mark in outcome.marks)
            if outcome.probability is None:
                assert kind == "missing"
                assert told.reason(outcome, lang) in said
            else:
                assert kind == outcome.word
                assert told.said(outcome.probability, lang) in said
                low = re.search(r'<rect x="([\d.]+)" width="([\d.]+)"', inside)
                assert float(low.group(1)) == pytest.approx(100 * outcome.probability.low, abs=0.06)
    conditions = rows(
        re.search(r'<table class="numbers dense conditions">.*?</table>', part, re.DOTALL).group()
    )
    assert len(conditions) - 1 == sum(len(outcome.parts) for outcome in found.outcomes)


def test_the_condition_named_is_the_one_that_fails_most(html, folder):
    found = Roadmap(runs_of(Results.open(folder), "baseline"))
    body = text(section(html["en"], "roadmap"))
    named = 0
    for outcome in found.outcomes:
        held = found.held(outcome.id)
        failed = {part.name: part.failed for part in outcome.parts if not part.told and part.failed > 0}
        if held is None or held.all() or not failed:
            continue
        worst = max(failed, key=failed.__getitem__)
        assert f"'{told.text(f'condition.{worst}', 'en')}'" in body
        named += 1
    assert named


def test_the_verdict_counts_the_cells(html, folder):
    found = Roadmap(runs_of(Results.open(folder), "baseline"))
    verdict = text(re.search(r'<div class="verdict">.*?</div>', html["en"], re.DOTALL).group())
    counts = Counter(outcome.word for outcome in found.outcomes)
    assert f"Not evaluated {counts.pop('')}" in verdict
    for word, count in counts.items():
        assert f"{told.text(f'word.{word}', 'en')} {count}" in verdict


# -- what is missing is said ----------------------------------------------------------------------


def test_without_a_city_the_maps_give_way_to_a_reason(folder, tmp_path):
    home = shutil.copytree(folder, tmp_path / "homeless")
    (home / "COMPLETE").unlink()
    shutil.rmtree(home / "city")
    complete(home)
    spread = section(write_report(home, "en").read_text("utf-8"), "spread")
    assert messages.text("report.missing.no_city", "en") in text(spread)
    assert "steps-half" not in spread
    assert len(money_rows(spread)) == len(YEARS)


@pytest.mark.parametrize("last_year", [2022, 2024])
def test_a_short_run_shows_what_it_has(tmp_path, last_year):
    folder = make_results(
        tmp_path / "short", {"baseline": {}}, seeds=(1,), last_year=last_year, spread=("baseline",)
    )
    page = write_report(folder, "en").read_text("utf-8")
    spread = section(page, "spread")
    assert not re.search(r"\bnan\b", text(page))
    if last_year == 2022:  # no fiscal year of the scenario has ended
        assert "not available" in spread
        return
    assert len(money_rows(spread)) == 2
    assert len(colours(figure(spread, "steps-half"))) == 2
    assert "steps-share" not in spread  # of a single run
