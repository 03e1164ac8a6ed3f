"""H-01 and H-02: the years 2015 to 2022 lived again and held against the registers.

Not cases with answers from theory: here the model meets what happened. What was fitted to which
series is said by each fact's ``fitted`` field and in ``docs/history.md``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from twin.facts import Facts
from twin.model import CityTwin
from twin.results.census import QUANTITIES, groups_in
from twin.run.beginning import begin
from twin.run.plan import model_of
from twin.units import month_number
from twin.verification.case import Check, case
from twin.verification.engine import baseline
from twin.verification.worlds import city

CENSUS_2015 = date(2015, 10, 1)
FRACTION = 0.2
REGISTER = "history.register_population"
CARD = QUANTITIES.index("card")
CASHLESS_FRACTION = 0.05
_POINTS, _CASHLESS_POINTS = 0.02, 0.04


@cache
def lived_again() -> CityTwin:
    """The city from the census of 2015 to April 2022, with the facts as they stand."""
    return lived_again_with(Facts.read(), FRACTION)


def lived_again_with(
    facts: Facts, fraction: float, seed: int = 1, until: date = date(2022, 4, 1)
) -> CityTwin:
    """The same years with other facts, or longer."""
    scenario = replace(baseline(), census=CENSUS_2015)
    model = model_of(city(), begin(city(), scenario, facts, fraction), scenario, facts, seed, fraction)
    model.start()
    model.live(month_number(until) - month_number(CENSUS_2015))
    return model


def people_on(model: CityTwin, day: date) -> np.ndarray:
    """People by area on the first of a month, scaled to the whole city."""
    at = model.ledger.months.index(month_number(day) - 1)
    return model.ledger.counts[at][:, :, 0].sum(axis=1) / model.fraction


def cards_issued(model: CityTwin) -> list[tuple[date, float, float]]:
    """Date, published share and the model's share of cards issued, cumulative, as the register counts."""
    issued = np.cumsum([flow.sum() for flow in model.ledger.flows["starts_card"]])
    people = np.array([counts[:, :, 0].sum() for counts in model.ledger.counts])
    rows = []
    series = [(day, float(value)) for day, value in model.facts["card.share_chiba"].values]  # type: ignore[arg-type]
    for day, published in series:
        month = month_number(day)
        if not published or month > model.ledger.months[-1]:
            continue
        last_january = month_number(date(day.year, 1, 1))
        base = people[max(0, model.ledger.months.index(last_january) - 1)]
        whole, part = issued[model.ledger.months.index(month - 1)], (day.day - 1) / 30
        within = issued[model.ledger.months.index(month)] - whole if month in model.ledger.months else 0
        rows.append((day, published, float((whole + part * within) / base)))
    return rows


@case(
    "H-01", "2015年国勢調査から2022年の登録人口へ", "From the 2015 census to the register of 2022", long=True
)
def register_population() -> list[Check]:
    """The city's total on 1 January 2022 within 1 % of the register population."""
    wanted = Facts.read().number(REGISTER, date(2022, 1, 1))
    got = float(people_on(lived_again(), date(2022, 1, 1)).sum())
    return [Check("people on {day}", wanted, got, 0.01 * wanted, {"day": "2022-01-01"})]


@case(
    "H-02",
    "マイナンバーカードの交付枚数率、2017年から2021年末",
    "Card series of Chiba City to the end of 2021",
    long=True,
)
def card_series() -> list[Check]:
    """Within two points at every published date."""
    rows = [row for row in cards_issued(lived_again()) if row[0] <= date(2021, 12, 31)]
    return [
        Check("share issued on {day}", published, round(got, 4), _POINTS, {"day": day})
        for day, published, got in rows
    ]


@case("H-04", "キャッシュレス決済の比率、2018年から2024年", "Cashless payments, 2018 to 2024", long=True)
def cashless() -> list[Check]:
    """Adults who mostly pay without cash, beside the cashless share of consumption, in December.

    The rates were set by hand to 2020 to 2022; 2018 and 2019 were not looked at, 2023 and 2024 are predicted.
    """
    model = lived_again_with(Facts.read(), CASHLESS_FRACTION, until=date(2025, 1, 1))
    adults, checks = groups_in("18+"), []
    for day, published in model.facts["history.cashless"].values:
        counts = model.ledger.counts[model.ledger.months.index(month_number(day))][:, adults].sum(axis=(0, 1))
        got = float(counts[QUANTITIES.index("health")] / counts[0])
        said = "share in {year}, fitted" if 2020 <= day.year <= 2022 else "share in {year}, predicted"
        checks.append(Check(said, published, round(got, 4), _CASHLESS_POINTS, {"year": day.year}))
    return checks
