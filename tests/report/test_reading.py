"""Numbers on the page against the same numbers worked out by hand from the long table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.report.small_results import FEW, FRACTION
from twin.city.city import City
from twin.indicators.small_cells import Rule
from twin.report.reading import Missing, Reading, Spread
from twin.report.verdict import LEAST, _clear, verdict
from twin.report.words import Words, rounded, signed
from twin.results import Results
from twin.vision import Vision


@pytest.fixture(scope="module")
def reading(results_folder) -> Reading:
    return Reading(Results.open(results_folder), Vision.read())


def _of(
    reading: Reading, name: str, day: str, scenario: str = "baseline", area: str = "12100", group: str = "all"
):
    table = reading.results.table
    rows = table[
        (table.indicator == name) & (table.scenario == scenario) & (table.area == area) & (table.group == group)
        & (table.date == pd.Timestamp(day))
    ]  # fmt: skip
    return rows.sort_values("seed")["value"].to_numpy()


def test_moments_are_the_start_and_the_marks(reading):
    assert [str(m.day.date()) for m in reading.moments] == [
        "2022-03-01",
        "2027-03-01",
        "2032-03-01",
        "2042-03-01",
    ]
    assert reading.last.years == 20
    assert reading.city == "12100"


def test_spread_is_the_quantiles_over_seeds(reading):
    values = _of(reading, "indicator_04", "2042-03-01")
    found = reading.at("indicator_04", "baseline", reading.last)
    assert found == Spread(*np.quantile(values, [0.1, 0.5, 0.9]))


def test_difference_is_taken_seed_by_seed(reading):
    one, other = (_of(reading, "people", "2042-03-01", s) for s in ("ageing_faster", "baseline"))
    assert reading.difference("people", "ageing_faster", reading.last) == Spread(
        *np.quantile(one - other, [0.1, 0.5, 0.9])
    )


def test_gap_is_users_among_people_on_both_sides(reading):
    users, people = (
        {g: _of(reading, n, "2042-03-01", group=g) for g in ("6+", "75+")} for n in ("net_users", "people")
    )
    young = (users["6+"] - users["75+"]) / (people["6+"] - people["75+"])
    by_hand = young - users["75+"] / people["75+"]
    np.testing.assert_allclose(reading.gap("indicator_04", "baseline", reading.last), by_hand)


def test_flow_is_added_up_over_the_fiscal_year(reading):
    areas = len(City.embedded().areas.code)
    np.testing.assert_array_equal(
        reading.fiscal_year("deaths", "baseline", reading.start), [24.0 * areas] * 2
    )
    assert reading.fiscal_year("deaths", "baseline", reading.last) == Missing("no_year")


def test_cell_with_few_people_is_missing(reading):
    code = City.embedded().areas.code[FEW]
    for name in ("people", "indicator_12"):
        assert reading.at(name, "baseline", reading.start, code) == Missing("few")
    assert reading.at("indicator_99", "baseline", reading.start) == Missing("not_counted")


def test_small_cells_are_those_of_the_program_s_one_rule(reading, monkeypatch):
    ward, group = reading.wards[0], "75+"
    at = lambda: reading.at("indicator_04", "baseline", reading.last, ward, group)  # noqa: E731
    share = _of(reading, "indicator_04", "2042-03-01", area=ward, group=group)
    people = _of(reading, "people", "2042-03-01", area=ward, group=group)
    part, rest = (share * people).min() / FRACTION, ((1 - share) * people).min() / FRACTION
    assert min(part, rest) > 20
    for smallest, sample, hidden in (
        (10, 30, False), (10, people.min() + 1, True), (min(part, rest) - 1, 30, False), (min(part, rest) + 1, 30, True),
    ):  # fmt: skip
        monkeypatch.setattr(reading, "rule", Rule(smallest, 10, sample))
        assert (at() == Missing("few")) == hidden


def test_verdict_of_few_runs_calls_no_difference(reading):
    titles = {"baseline": "A", "ageing_faster": "B"}
    said = verdict(reading, Words("en"), titles, {"indicator_04": "net"})[-1]
    assert said.startswith("With 2 seeds it cannot be said whether 'B' differs")


def test_verdict_calls_a_difference_only_when_its_range_leaves_zero(reading, monkeypatch):
    monkeypatch.setattr("twin.report.verdict.FEWEST", 2)
    words = Words("en")
    said = " ".join(verdict(reading, words, {"baseline": "A", "ageing_faster": "B"}, {"indicator_04": "net"}))
    people = reading.difference("people", "ageing_faster", reading.last)
    net = reading.difference("indicator_04", "ageing_faster", reading.last)
    assert people.high < 0
    assert f"{rounded(-people.mid / FRACTION, 3):,.0f}" in said
    assert ("'net' higher" in said or "'net' lower" in said) == net.beyond(LEAST["points"])
    assert ("no difference can be told from chance" in said) != net.beyond(LEAST["points"])


def test_verdict_tells_what_is_the_same_from_what_cannot_be_told(reading, monkeypatch):
    same, little = Spread(0.0, 0.0, 0.0), Spread(-0.001, 0.0, 0.001)
    found = {"people": same, "indicator_04": little}
    monkeypatch.setattr("twin.report.verdict.FEWEST", 2)
    monkeypatch.setattr(reading, "difference", lambda name, *where: found[name])
    said = verdict(reading, Words("ja"), {"baseline": "甲", "ageing_faster": "乙"}, {"indicator_04": "丙"})[
        -1
    ]
    assert "「乙」の人口は、どの種でも「甲」と同じです。" in said
    assert "「丙」については" in said
    assert "区別できる差は見られません" in said


@pytest.mark.parametrize(
    ("low", "mid", "high", "clear"),
    [(0.0006, 0.001, 0.002, True), (0.0004, 0.001, 0.002, False), (-0.002, -0.001, -0.0004, False)],
)
def test_a_difference_with_an_end_printed_as_zero_is_not_called_clear(low, mid, high, clear):
    words, spread = Words("ja"), Spread(low, mid, high)
    assert bool(_clear("points", "x", spread, words)) == clear
    assert ("0.0〜" in str(words.points(spread)) or "〜0.0" in str(words.points(spread))) == (not clear)


def test_a_difference_of_people_is_as_fine_as_the_people_it_is_between():
    words = Words("ja")
    assert words.people(Spread(919_000, 919_000, 919_000)).main == "919,000"
    assert words.more_people(Spread(-134_600, -134_600, -134_600)).main == "−135,000"


@pytest.mark.parametrize(
    ("x", "text"), [(0.0, "0.0"), (-0.04, "0.0"), (-1.25, "−1.2"), (9.96, "+10"), (-123, "−123")]
)
def test_signs(x, text):
    assert signed(x) == text


def test_a_narrow_range_is_not_written_as_two_equal_numbers():
    words = Words("en")
    assert str(words.share(Spread(0.871, 0.872, 0.873))) == "87% (range under 1 point)"
    assert words.distance(Spread(0.4161, 0.42, 0.4239)).beside == "range under 1 point"
    assert words.points(Spread(0.0121, 0.0123, 0.0124)).beside == "range under 0.1 points"
    assert str(words.share(Spread(0.5, 0.5, 0.5))) == "50% (same for all seeds)"
    alone = Words("en", one_run=True).share(Spread(0.5, 0.5, 0.5))
    assert str(alone) == alone.line == "50% (range unknown)"
    # on one line a range stands or is too narrow to show; almost all is not all
    assert words.share(Spread(0.871, 0.872, 0.873)).line == "87%"
    assert words.share(Spread(0.85, 0.872, 0.9)).line == "87% (85–90)"
    assert words.share(Spread(0.9942, 0.9953, 0.9961)).line == "99.5% (99.4–99.6)"
