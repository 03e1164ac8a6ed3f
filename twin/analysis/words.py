"""The roadmap in words: at most two significant digits, never a promise, and what none of n tells.

>>> print(said(Probability(0.3, 0.234, 0.3812, 30, 100, 100), "en"))
30 % (23 to 38 %)
>>> print(said(Probability(0.0, 0.0, 0.01487, 0, 200, 200), "ja"))
200 回中 0 回：1.5 % 未満
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, isnan, log10

from twin import messages
from twin.analysis.cells import Condition
from twin.analysis.outcome import Outcome, Part
from twin.analysis.probability import Difference, Probability
from twin.analysis.times import Waiting
from twin.facts import Facts

DIGITS = 2


def text(key: str, lang: str, /, **values: object) -> str:
    """A text of the roadmap."""
    return messages.text(f"roadmap.{key}", lang, **values)


def percent(share: float, to: Callable[[float], float] = round) -> str:
    """Per cent with two significant digits; some is never written as none, nor almost all as all.

    >>> percent(0.4561), percent(0.0123), percent(0.00234), percent(0.998), percent(1.0), percent(0.01487, ceil)
    ('46', '1.2', '0.23', '99', '100', '1.5')
    """
    whole = abs(share) * 100
    if whole == 0 or whole == 100:
        return f"{whole:.0f}"
    step = 10.0 ** min(floor(log10(whole)) - DIGITS + 1, 0)
    found = to(whole / step) * step
    decimals = max(-floor(log10(step)), 0)
    return "99" if whole < 100 <= found else f"{found:.{decimals}f}"


def said(chance: Probability, lang: str) -> str:
    """A probability with its interval, or what none or all of the runs tell."""
    if chance.held == 0:
        return text("said.none", lang, runs=chance.runs, high=percent(chance.high, ceil))
    if chance.held == chance.runs:
        return text("said.all", lang, runs=chance.runs, low=percent(chance.low, floor))
    value, low, high = map(percent, (chance.value, chance.low, chance.high))
    return text("said.share", lang, value=value, low=low, high=high)


def called(outcome: Outcome, lang: str) -> list[str]:
    """A cell's probability in words and number, or why there is none and the most it could be."""
    if outcome.probability is not None:
        word = text(f"word.{outcome.word}", lang)
        return [text("said.called", lang, word=word, said=said(outcome.probability, lang))]
    lines = [text("said.not_evaluated", lang, reason=reason(outcome, lang))]
    if outcome.at_most is not None:
        lines.append(text("said.at_most", lang, said=said(outcome.at_most, lang)))
    return lines


def reason(of: Outcome | Part, lang: str) -> str:
    """Why something was not evaluated."""
    return text(f"missing.{of.reason}", lang, name=of.missing)


def condition(part: Part | Condition, limit: float, facts: Facts, lang: str) -> str:
    """A condition with its threshold: "areas with a trial ≥ 3"."""
    name = text(f"condition.{part.name}", lang)
    return text(
        "said.most" if part.most else "said.least", lang, name=name, limit=number(limit, part.name, facts)
    )


def number(value: float, name: str, facts: Facts) -> str:
    """A condition's number or threshold as its unit wants it; a dash where there is none.

    >>> facts = Facts.read()
    >>> number(0.8, "a10.people", facts), number(3.0, "a5.areas", facts), number(0.995, "d5.availability", facts)
    ('80 %', '3', '99.5 %')
    """
    if isnan(value):
        return "–"
    unit = facts[f"roadmap.{name}"].unit
    shown = (
        f"{value * 100:.3g} %"
        if unit.startswith(("share", "relative"))
        else f"{value:,.4g}"
        if abs(value) < 1e4
        else f"{value:,.0f}"
    )
    return shown.replace("-", "−")


def years(wait: Waiting, lang: str) -> str:
    """When half of the runs have come so far, with its interval."""
    if isnan(wait.middle):
        return text("said.not_half", lang)
    ends = [text("said.beyond", lang) if isnan(end) else f"{end:.2g}" for end in (wait.low, wait.high)]
    return text("said.years", lang, value=f"{wait.middle:.2g}", low=ends[0], high=ends[1])


def apart(found: Difference | None, lang: str) -> str:
    """A difference of probabilities in percentage points."""
    if found is None:
        return text("said.nothing", lang)
    if found.moved == 0:
        return text("said.alike", lang, pairs=found.pairs, high=percent(found.high, ceil))
    value, low, high = (("−" if x < 0 else "+") + percent(x) for x in (found.value, found.low, found.high))
    return text("said.points", lang, value=value, low=low, high=high)
