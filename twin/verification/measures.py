"""V-24 and V-33 to V-33c: measures of inequality, and the questionnaire as an instrument."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from scipy.special import logit

from twin.chance import Chance
from twin.facts import Facts
from twin.indicators.equity import gini, theil
from twin.survey import Residents, Wave, ask_residents, estimated, interval, kish, questions, weights
from twin.verification.case import Check, Z, case, share
from twin.verification.worlds import with_values

_DAY = date(2026, 10, 1)
_ASKED = "indicator_05"
_AGES, _PEOPLE = np.array([30, 50, 70]), np.array([0.30, 0.40, 0.30])
_YES, _ANSWERS = np.array([0.55, 0.45, 0.25]), np.array([0.25, 0.42, 0.60])


@case("V-24", "ジニ係数とタイル指数", "Gini and Theil")
def inequality() -> list[Check]:
    """Equal, all to one, 1 to 4; and two wards, between and within."""
    checks = []
    for values, g, t in (
        ((1, 1, 1, 1), 0.0, 0.0), ((0, 0, 0, 1), 0.75, math.log(4)), ((1, 2, 3, 4), 0.25, 0.106440),
    ):  # fmt: skip
        checks.append(Check("Gini of {values}", g, gini(values), 1e-6, {"values": values}))
        checks.append(Check("Theil of {values}", t, theil(values).total, 1e-6, {"values": values}))
    wards = theil([1, 2, 3, 2, 4, 6], group=[0, 0, 0, 1, 1, 1])
    return [
        *checks,
        Check("two wards, total", 0.143841, wards.total, 1e-6),
        Check("two wards, between", 0.056633, wards.between, 1e-6),
        Check("two wards, within", 0.087208, wards.within, 1e-6),
    ]


@case("V-33", "回収率が年齢で異なる調査", "A survey whose response hangs on age")
def response_by_age() -> list[Check]:
    """True 42 %, raw 38.3 %, post-stratified 42 %: by exact counts, and through the whole instrument."""
    return [*_exact_counts(), *_whole_instrument()]


def _exact_counts() -> list[Check]:
    """The estimator on sheets in exactly the expected numbers."""
    sent = 60_000  # the least that makes all counts whole
    returned = np.rint(sent * _PEOPLE * _ANSWERS).astype(int)
    cell = np.repeat(np.arange(3), returned)
    yes = np.concatenate([np.arange(n) < round(n * p) for n, p in zip(returned, _YES, strict=True)])
    weight = weights(cell, 1e6 * _PEOPLE[None, :], smallest=5)
    deff = kish(weight)
    first = weight[np.concatenate([[0], np.cumsum(returned)[:-1]])]
    return [
        Check("true share", 0.42, float((_PEOPLE * _YES).sum()), 1e-12),
        Check("response rate", 0.423, len(cell) / sent, 1e-12),
        Check("raw share", 0.38262, round(estimated(yes, np.ones(len(yes))).value, 5), 1e-5),
        Check("post-stratified share", 0.42, estimated(yes, weight).value, 1e-12),
        *(
            Check("weight at {age}", w, round(float(got), 5), 1e-4, {"age": age})
            for age, w, got in zip(_AGES, (1.692, 1.00714, 0.705), first, strict=True)
        ),
        Check("Kish design effect", 1.12196, round(deff, 5), 1e-5),
        Check("effective answers of 3,000 sent", 1131.1, 3000 * len(cell) / sent / deff, 0.05),
    ]


def _whole_instrument() -> list[Check]:
    """Sample, response and answers drawn by chance."""
    people, n = 300_000, 120_000
    town = _town(people)
    yes = _YES[np.searchsorted(_AGES, town.age)]
    response = {str(age - 12): answers for age, answers in zip(_AGES, _ANSWERS, strict=True)}
    facts = _plain_facts({"survey.response.share": response})
    found = ask_residents(_wave("mail", n), town, {_ASKED: logit(yes)}, facts, Chance(1)).estimate(_ASKED)
    return [
        share("instrument: response rate", 0.423, found.response_rate, n),
        share("instrument: raw share", 0.382624, found.raw.value, found.raw.n),
        share(
            "instrument: post-stratified share", 0.42, found.weighted.value, round(found.weighted.effective_n)
        ),
        # the design effect moves by the class counts' spread, some 1/sqrt(answers)
        Check("instrument: Kish design effect", 1.12196, found.weighted.deff, Z / found.weighted.n**0.5),
    ]


@case(
    "V-33b",
    "Webモニターの偏りは年齢の補正では直らない",
    "Weighting by age does not cure a web panel's bias",
)
def panel_bias() -> list[Check]:
    """Internet users 98, 93, 62 % by age; others are 0.3 as likely to say yes; everybody of the panel answers."""
    people, users, fewer = 200_000, np.array([0.98, 0.93, 0.62]), 0.3
    town = _town(people, online=users)
    among_users = _YES / (users + fewer * (1 - users))
    yes = np.zeros(people)
    for age, p in zip(_AGES, among_users, strict=True):
        for online, likely in ((True, p), (False, fewer * p)):
            rows = np.flatnonzero((town.age == age) & (town.online == online))
            yes[rows[: round(likely * len(rows))]] = 1.0
    plain = _plain_facts({"survey.response.share": {"18": 1.0}})
    certain = 1000.0 * (yes - 0.5)  # far beyond the noise of an answer
    panel = ask_residents(_wave("web", int(town.online.sum())), town, {_ASKED: certain}, plain, Chance(1))
    everybody = ask_residents(_wave("mail", people), town, {_ASKED: certain}, plain, Chance(1))
    wanted = float((_PEOPLE * (among_users - _YES)).sum())
    return [
        Check("everybody asked: the truth", 0.42, everybody.estimate(_ASKED).weighted.value, 1e-5),
        Check("bias by hand", 0.0388, round(wanted, 6), 1e-4),
        Check("bias of the weighted panel", 0.0388, panel.estimate(_ASKED).weighted.value - 0.42, 1e-4),
    ]


@case("V-33c", "1,500人の回答の誤差", "The error of 1,500 answers")
def sampling_error() -> list[Check]:
    """Half of the 95 % interval in points, from the interval and from many surveys."""
    checks = []
    for p, points in ((0.5, 2.53), (0.1, 1.52)):
        low, high = interval(p, 1500)
        checks.append(
            Check("share {share}: half width, points", points, 50 * (high - low), 0.01, {"share": p})
        )
        checks.append(
            Check(
                "share {share}: 2 standard deviations of 400 surveys",
                points,
                _spread(p, 400),
                Z * points / 800**0.5,
                {"share": p},
            )
        )
    return checks


def _spread(p: float, surveys: int) -> float:
    """1.96 standard deviations of estimates from 1,500 answers each, in points."""
    people = 30_000
    town, state = _town(people), np.full(people, float(logit(p)))
    facts, chance = _plain_facts({"survey.response.share": {"18": 1.0}}), Chance(1)
    found = [
        ask_residents(_wave("mail", 1500, str(k)), town, {_ASKED: state}, facts, chance)
        .estimate(_ASKED)
        .raw.value
        for k in range(surveys)
    ]
    return float(196 * np.std(found, ddof=1))


def _town(people: int, online: np.ndarray | None = None) -> Residents:
    """Residents of three ages in exact proportions; ``online`` is the share of internet users by age."""
    counts = np.rint(people * _PEOPLE).astype(int)
    place = np.concatenate([np.arange(n) / n for n in counts])
    row = np.repeat(np.arange(3), counts)
    none = np.zeros(people)
    return Residents(
        id=np.arange(people, dtype=np.uint64), age=_AGES[row], sex=np.arange(people) % 2,
        ward=np.arange(people) % 6, ability=none, employed=none > 0, learner=none > 0,
        online=place + 1e-9 < (np.ones(3) if online is None else online)[row], interest=none + 0.5, wards=6,
    )  # fmt: skip


def _wave(instrument: str, n: int, name: str = "probe") -> Wave:
    return Wave(name, _DAY, instrument, n, (_ASKED,))


def _plain_facts(values: dict[str, object]) -> Facts:
    """Facts in which answers have no leaning (yes has chance 1 / (1 + exp(-x))) and everybody joins the panel."""
    every: dict[str, object] = {
        f"survey.answer.{name}": dict.fromkeys(questions(), value)
        for name, value in (
            ("cut", 0.0),
            ("sigma", 1.0),
            ("acquiescence", 0.0),
            ("web", 0.0),
            ("dont_know", 0.0),
        )
    }
    none = dict.fromkeys(("mail", "web", "mixed", "companies"), 0.0)
    quiet = {
        "survey.panel.share": 1.0, "survey.panel.interest": 0.0, "survey.response.instrument": none,
        "survey.response.interest": none, "survey.response.women": 0.0,
    }  # fmt: skip
    return with_values(Facts.read(), {**every, **quiet, **values})
