"""Feeling against fact, and who is left behind: every number worked out by hand from the long table."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from twin.indicators.pairs import PAIRS, Pair
from twin.indicators.small_cells import Rule
from twin.report import gaps
from twin.report.groups import between_seeds, gini_seeds, theil_seeds, ward_seeds
from twin.report.page import Page
from twin.report.reading import Missing, Reading, Spread
from twin.results import Results
from twin.results.census import GROUPS
from twin.vision import Vision

LAST = "2042-03-01"


@pytest.fixture(scope="module")
def results(results_folder) -> Results:
    return Results.open(results_folder)


@pytest.fixture
def reading(results) -> Reading:
    return Reading(results, Vision.read())


@pytest.fixture
def page(results) -> Page:
    return Page(results, "ja")


def seeds(results, name: str, area: str = "12100", group: str = "all") -> np.ndarray:
    table = results.table
    rows = table[
        (table.indicator == name) & (table.scenario == "baseline") & (table.area == area) & (table.group == group)
        & (table.date == pd.Timestamp(LAST))
    ]  # fmt: skip
    return rows.sort_values("seed")["value"].to_numpy()


# -- feeling and fact ---------------------------------------------------------------------------------


def test_every_subjective_indicator_of_the_document_has_its_pair():
    felt = {int(pair.felt[-2:]) for pair in PAIRS}
    assert {i.number for i in Vision.read().indicators if i.subjective} <= felt
    assert len({pair.felt for pair in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.felt[-2:]}-{pair.fact[-2:]}")
def test_the_distance_is_that_of_two_normal_scores(results, reading, pair):
    phi = NormalDist().inv_cdf
    fact = seeds(results, pair.fact, group=pair.group)
    if pair.fact == "alerts_users":
        fact = fact / seeds(results, "people", group="18+")
    by_hand = [phi(s) - phi(o) for s, o in zip(seeds(results, pair.felt), fact, strict=True)]
    np.testing.assert_allclose(gaps.gap_seeds(reading, pair, "baseline", reading.last), by_hand)
    band = gaps.gap_band(reading, pair, "baseline").loc[pd.Timestamp(LAST)]
    np.testing.assert_allclose(band[["low", "mid", "high"]], np.quantile(by_hand, [0.1, 0.5, 0.9]))


def test_the_fact_of_alerts_is_a_share_of_adults(results, reading):
    pair = next(pair for pair in PAIRS if pair.fact == "alerts_users")
    found = gaps.fact_seeds(reading, pair, "baseline", reading.last)
    np.testing.assert_allclose(
        found, seeds(results, "alerts_users", group="18+") / seeds(results, "people", group="18+")
    )
    assert (found < 1).all()


def test_where_a_share_is_nought_there_is_no_distance(reading, monkeypatch):
    shares = {"indicator_05": np.array([0.0, 0.2]), "indicator_04": np.array([0.8, 0.8])}
    monkeypatch.setattr(reading, "seeds", lambda name, *where, **which: shares[name])
    pair = Pair("indicator_05", "indicator_04")
    assert gaps.gap_seeds(reading, pair, "baseline", reading.last) == Missing("no_gap")


@pytest.mark.parametrize(
    ("then", "now", "side", "move"),
    [
        ([-1.0, -1.1], [-0.5, -0.6], "遅れる", "狭い"),
        ([0.3, 0.3], [0.8, 0.9], "先行", "広い"),
        ([-0.8, -0.8], [0.8, 0.81], "先行", "不明"),
        ([0.2, 0.2], [-0.1, 0.1], "どちらとも言えない", "狭い"),
    ],
)
def test_words_follow_the_sign_and_the_change(page, monkeypatch, then, now, side, move):
    at = {page.reading.start: np.array(then), page.reading.last: np.array(now)}
    monkeypatch.setattr(gaps, "gap_seeds", lambda reading, pair, scenario, moment: at[moment])
    said = gaps._said(page, PAIRS[0], "baseline")
    assert side in said.text
    assert move in said.below


def test_with_one_seed_no_side_is_named(page, monkeypatch):
    monkeypatch.setattr(page.words, "one_run", True)
    assert gaps._said(page, PAIRS[0], "baseline").missing


def test_the_survey_s_distance_is_made_of_surveys_or_of_a_register(page):
    phi = NormalDist().inv_cdf
    both = next(pair for pair in PAIRS if pair.felt == "indicator_05")
    found = gaps._surveys(page, both)
    assert [one.day.year for one in found] == [2022, 2027, 2032, 2037, 2042]
    assert found[-1].value == pytest.approx(phi(0.63) - phi(0.75))  # both as surveyed, not as in the model
    assert found[-1].low < found[-1].value < found[-1].high
    alone = gaps._surveys(page, Pair("indicator_05", "indicator_12"))
    cards = page.reading.results.values("indicator_12", "baseline").loc[pd.Timestamp(LAST)].mean()
    assert alone[-1].value == pytest.approx(phi(0.63) - phi(cards))
    assert alone[-1].high == pytest.approx(phi(0.67) - phi(cards))  # a register adds no width


# -- who is left behind -------------------------------------------------------------------------------


def test_ward_range_is_highest_less_lowest(results, reading):
    wards = np.array([seeds(results, "indicator_04", ward) for ward in reading.wards])
    found = ward_seeds(reading, "indicator_04", "baseline", reading.last)
    np.testing.assert_allclose(found, wards.max(axis=0) - wards.min(axis=0))
    assert (found > 0).all()


def cells(results, reading, least: float = 0):
    """Shares and people of every ward and age group within the base, one column a seed, and the wards."""
    found = []
    for number, ward in enumerate(reading.wards):
        for group in GROUPS[1:]:  # indicator 4 asks from 6 years on
            people = seeds(results, "people", ward, group)
            if people.min() >= least:
                found.append((seeds(results, "indicator_04", ward, group), people, number))
    shares, people, wards = zip(*found, strict=True)
    return np.array(shares), np.array(people), np.array(wards)


def gini_by_hand(x, w):
    return (w[:, None] * w * np.abs(x[:, None] - x)).sum() / (2 * w.sum() ** 2 * (w * x).sum() / w.sum())


def test_gini_and_theil_run_over_wards_and_ages(results, reading):
    shares, people, wards = cells(results, reading)
    where = ("indicator_04", "baseline", reading.last)
    by_hand = [gini_by_hand(x, w) for x, w in zip(shares.T, people.T, strict=True)]
    np.testing.assert_allclose(gini_seeds(reading, *where), by_hand)
    for seed, (x, w) in enumerate(zip(shares.T, people.T, strict=True)):
        mean = (w * x).sum() / w.sum()
        total = (w * x / mean * np.log(x / mean)).sum() / w.sum()
        means = np.array([(w * x)[wards == k].sum() / w[wards == k].sum() for k in range(6)])
        held = np.array([w[wards == k].sum() for k in range(6)])
        between = (held * means / mean * np.log(means / mean)).sum() / held.sum()
        assert theil_seeds(reading, *where)[seed] == pytest.approx(total)
        assert between_seeds(reading, *where)[seed] == pytest.approx(between / total)


def test_cells_of_few_people_do_not_pass_for_inequality(results, reading):
    shares, people, _ = cells(results, reading)
    least = np.quantile(people.min(axis=1), 0.5)
    kept, weight, _ = cells(results, reading, least)
    assert len(kept) < len(shares)
    reading.rule = Rule(smallest=10, step=10, sample=least)
    found = gini_seeds(reading, "indicator_04", "baseline", reading.last)
    np.testing.assert_allclose(found, [gini_by_hand(x, w) for x, w in zip(kept.T, weight.T, strict=True)])
    reading.rule = Rule(smallest=10, step=10, sample=1e9)
    assert isinstance(gini_seeds(reading, "indicator_04", "baseline", reading.last), Missing)


def test_a_ward_of_few_people_hides_the_range(reading):
    reading.rule = Rule(smallest=10, step=10, sample=1e9)
    assert ward_seeds(reading, "indicator_04", "baseline", reading.last) == Missing("few")


def test_what_nobody_has_cannot_be_unequal(reading, monkeypatch):
    nothing = np.zeros((3, 2)), np.ones((3, 2)), np.arange(3)
    monkeypatch.setattr(reading, "cells", lambda *where: nothing)
    assert gini_seeds(reading, "indicator_09", "baseline", reading.last) == Missing("no_value")


def test_every_measure_stands_for_every_indicator_and_scenario(page):
    tables = page.whole()["groups"]["measures"]
    ages, every = len(page.by_age), len(page.held)
    assert [len(table.rows) for table in tables] == [2 * n for n in (ages, every, ages, ages, ages)]
    first = tables[0].rows[0]
    value = Spread.of(page.reading.gap("indicator_01", "baseline", page.reading.start))
    assert first[1].text == page.words.distance(value).line
