"""The section on feeling and fact: a chart of every pair by month, a table that says what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from twin.indicators.equity import Interval, probit_distance, probit_gap
from twin.indicators.pairs import PAIRS, Pair
from twin.report import figures
from twin.report.reading import Missing, Moment, Reading, Spread, spread
from twin.report.surveys import Heard
from twin.report.tables import Cell, Table
from twin.results.results import band

if TYPE_CHECKING:
    import pandas as pd

    from twin.report.page import Page

LEAST = 0.05  # a distance nearer to nought is printed as 0.0 or 0.1 and called neither
FAR = 9.0  # an end of an interval beyond every share a survey can show


def gaps(page: Page) -> dict[str, Any]:
    """Everything the template prints about feeling and fact."""
    words, reading = page.words, page.reading
    pairs = [pair for pair in PAIRS if {pair.felt, pair.fact} <= reading.names]
    if not pairs:
        return {"missing": words.reason(Missing("not_counted"))}
    texts = {side: words(f"gaps.{side}") for side in ("ahead", "behind")}
    panels = [_panel(page, pair) for pair in pairs]
    alt = words("gaps.alt", pairs=words("verdict.and").join(" / ".join(panel.title) for panel in panels))
    keys = [figures.Key(title, *figures.strand(place)) for place, title in enumerate(page.titles.values())]
    if any(panel.surveys for panel in panels):
        keys.append(figures.Key(words("gaps.survey"), figures.INK, dot=figures.SURVEYS[0]))
    return {
        "figure": figures.gaps("gaps", alt, panels, [m.day for m in reading.moments], texts),
        "legend": keys,
        "table": _table(page, pairs),
        "absent": [" / ".join(_names(page, pair)) for pair in PAIRS if pair not in pairs],
    }


# -- numbers ------------------------------------------------------------------------------------------


def fact_seeds(reading: Reading, pair: Pair, scenario: str, moment: Moment) -> np.ndarray | Missing:
    """The fact's share, one per seed: an indicator as it is, a count as a part of its group's people."""
    found = reading.seeds(pair.fact, scenario, moment, group=pair.group)
    if isinstance(found, Missing) or pair.fact in reading.shares:
        return found
    people = reading.seeds("people", scenario, moment, group=pair.group)
    return people if isinstance(people, Missing) else found / people


def gap_seeds(reading: Reading, pair: Pair, scenario: str, moment: Moment) -> np.ndarray | Missing:
    """The distance of feeling from fact, one per seed; missing where a share is nought or the whole."""
    felt, fact = reading.seeds(pair.felt, scenario, moment), fact_seeds(reading, pair, scenario, moment)
    if isinstance(felt, Missing) or isinstance(fact, Missing):
        return felt if isinstance(felt, Missing) else fact
    found = probit_distance(felt, fact)
    return found if np.isfinite(found).all() else Missing("no_gap")


def gap_band(reading: Reading, pair: Pair, scenario: str) -> pd.DataFrame | None:
    """The distance by month: its 10, 50 and 90 per cent points over seeds."""
    results = reading.results
    if not (results.holds(pair.felt, scenario) and results.holds(pair.fact, scenario)):
        return None
    felt = results.values(pair.felt, scenario, reading.city)
    fact = results.values(pair.fact, scenario, reading.city, pair.group)
    if pair.fact not in reading.shares:
        fact = fact / results.values("people", scenario, reading.city, pair.group)
    felt, fact = felt.align(fact, join="inner")
    felt[:] = probit_distance(felt, fact)
    return band(felt)


# -- words and pictures -------------------------------------------------------------------------------


def _panel(page: Page, pair: Pair) -> figures.Panel:
    bands = ((place, gap_band(page.reading, pair, one)) for place, one in enumerate(page.titles))
    strands = [figures.Strand(place, band) for place, band in bands if band is not None]
    felt, fact = _names(page, pair)
    title = (page.words("gaps.felt", name=felt), page.words("gaps.fact", name=fact))
    return figures.Panel(title, strands, _surveys(page, pair))


def _surveys(page: Page, pair: Pair) -> list[figures.Survey]:
    """The first scenario's distance as surveys show it: the fact from a survey, or known without error."""
    surveys, first, reading = page.surveys, page.reading.first, page.reading
    instruments = surveys.instruments(pair.felt)
    if not instruments:
        return []
    found, asked = [], surveys.instruments(pair.fact)
    other = {w.day: w for i in asked[:1] for w in surveys.waves(pair.fact, i, first) if isinstance(w, Heard)}
    for wave in surveys.waves(pair.felt, instruments[0], first):
        if not isinstance(wave, Heard):
            continue
        fact = other.get(wave.day) if asked else _known(reading, pair, first, wave.day)
        if fact is None:
            continue
        gap = probit_gap(wave, fact)
        if np.isfinite(gap.value):
            low, high = np.clip([gap.low, gap.high], -FAR, FAR)
            found.append(figures.Survey(wave.day, gap.value, float(low), float(high)))
    return found


def _known(reading: Reading, pair: Pair, scenario: str, day: pd.Timestamp) -> Interval | None:
    """A fact that no survey asks for, as records have it: its mean over seeds."""
    if not reading.results.holds(pair.fact, scenario):
        return None
    values = reading.results.values(pair.fact, scenario, reading.city, pair.group).loc[day]
    if pair.fact not in reading.shares:
        values = values / reading.results.values("people", scenario, reading.city, pair.group).loc[day]
    return Interval.exact(float(values.to_numpy().mean()))


def _table(page: Page, pairs: list[Pair]) -> Table:
    """Both shares and their distance at every moment, and in words what the last distance says."""
    words, reading = page.words, page.reading
    rows = []
    for pair in pairs:
        felt, fact = _names(page, pair)
        for scenario, title in page.titles.items():
            other = scenario != reading.first
            lead = words("table.other", title=title) if other else words("gaps.pair", felt=felt, fact=fact)
            rows.append([
                Cell(lead),
                *(_cell(page, pair, scenario, m) for m in reading.moments), _said(page, pair, scenario),
            ])  # fmt: skip
    last = words.moment(reading.last).main
    head = [Cell(words("gaps.of")), *page.tables.heads, Cell(words("gaps.reading", years=last))]
    return Table(words("gaps.caption"), head, rows, kind="numbers gaps", note=words("gaps.table_note"))


def _cell(page: Page, pair: Pair, scenario: str, moment: Moment) -> Cell:
    """Feeling and fact in per cent; below, how far they lie apart."""
    reading, words = page.reading, page.words
    shares = [
        spread(reading.seeds(pair.felt, scenario, moment)),
        spread(fact_seeds(reading, pair, scenario, moment)),
    ]
    if any(isinstance(share, Missing) for share in shares):
        return page.tables.cell(next(s for s in shares if isinstance(s, Missing)), words.share)
    felt, fact = (words.share(share).main for share in shares)
    gap = spread(gap_seeds(reading, pair, scenario, moment))
    below = words(f"missing.{gap.reason}") if isinstance(gap, Missing) else words.distance_of(gap).line
    return Cell(words("gaps.both", felt=felt, fact=fact), below)


def _said(page: Page, pair: Pair, scenario: str) -> Cell:
    """Which side is ahead at the last moment, and whether they drew nearer since the start."""
    reading, words = page.reading, page.words
    then, now = (gap_seeds(reading, pair, scenario, m) for m in (reading.start, reading.last))
    if isinstance(now, Missing):
        return Cell(words.reason(now), missing=True)
    if words.one_run:
        return Cell(words("gaps.one_run"), missing=True)
    last = Spread.of(now)
    side = "unclear" if not last.beyond(LEAST) else "is_ahead" if last.mid > 0 else "is_behind"
    if isinstance(then, Missing):
        return Cell(words(f"gaps.{side}"))
    change = Spread.of(abs(now) - abs(then))
    move = "kept" if not change.beyond(LEAST) else "wider" if change.mid > 0 else "nearer"
    return Cell(words(f"gaps.{side}"), words(f"gaps.{move}"))


def _names(page: Page, pair: Pair) -> tuple[str, str]:
    """What the two sides are called."""
    return tuple(page.indicators.get(name) or page.words(f"gaps.{name}") for name in (pair.felt, pair.fact))  # type: ignore[return-value]
