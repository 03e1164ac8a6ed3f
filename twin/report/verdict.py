"""The verdict: two or three plain sentences made from the numbers.

Every number comes with its range over seeds; a difference whose range, as the page rounds it, holds zero
is called none that could be told from chance.
"""

from __future__ import annotations

from twin.report.reading import Missing, Reading, Spread
from twin.report.words import Words

LEAST = {"points": 0.0005, "people": 0.5}  # what is smaller is printed as zero


def verdict(reading: Reading, words: Words, titles: dict[str, str], indicators: dict[str, str]) -> list[str]:
    """What the results say about the first scenario, then about each other one.

    Parameters
    ----------
    titles : scenario titles by id
    indicators : short names by slug, those the results hold
    """
    said = [_people(reading, words, titles), _indicators(reading, words, indicators)]
    said += [_other(reading, words, titles, indicators, other) for other in reading.others]
    return [sentence for sentence in said if sentence]


def _people(reading: Reading, words: Words, titles: dict[str, str]) -> str:
    now, later = (reading.at("people", reading.first, m) for m in (reading.start, reading.last))
    if isinstance(now, Missing) or isinstance(later, Missing):
        return ""
    real = 1 / reading.fraction
    return words(
        "verdict.people", title=titles[reading.first], years=reading.last.years,
        month=words.month(reading.last.day), later=words.people(later.times(real)),
        now=words.people(now.times(real)), start=words.month(reading.start.day),
    )  # fmt: skip


def _indicators(reading: Reading, words: Words, indicators: dict[str, str]) -> str:
    said = []
    for slug, name in indicators.items():
        now, later = (reading.at(slug, reading.first, m) for m in (reading.start, reading.last))
        if not isinstance(now, Missing) and not isinstance(later, Missing):
            named = words("verdict.named", name=name)
            said.append(
                words("verdict.indicator", name=named, now=words.share(now), later=words.share(later))
            )
    if not said:
        return ""
    return words("verdict.indicators", years=reading.last.years, all=words("verdict.joint").join(said))


def _other(
    reading: Reading, words: Words, titles: dict[str, str], indicators: dict[str, str], other: str
) -> str:
    """How another scenario differs at the last moment: what is clear, what is the same, what is neither."""
    names = {"title": titles[other], "first": titles[reading.first], "years": reading.last.years}
    if words.one_run:
        return words("verdict.one_run", **names)
    clear: list[str] = []
    same: list[str] = []
    unclear: list[str] = []
    for kind, series, name in (
        ("people", "people", words("people.residents")),
        *(("points", slug, words("verdict.named", name=name)) for slug, name in indicators.items()),
    ):
        difference = reading.difference(series, other, reading.last)
        if isinstance(difference, Missing):
            continue
        if kind == "people":
            difference = difference.times(1 / reading.fraction)
        if found := _clear(kind, name, difference, words):
            clear.append(found)
        else:
            (same if difference.low == difference.high == 0 else unclear).append(name)
    joint, both = words("verdict.joint"), words("verdict.and")
    parts = [words("verdict.differs", all=joint.join(clear), **names)] if clear else []
    parts += [words("verdict.same", all=both.join(same), **names)] if same else []
    if unclear:
        key = "verdict.rest_unclear" if parts else "verdict.unclear"
        parts.append(words(key, all=both.join(unclear), **names))
    return words("verdict.space").join(parts)


def _clear(kind: str, name: str, difference: Spread, words: Words) -> str:
    """The difference in words when its whole range, as printed, lies on one side of zero, else nothing."""
    if not difference.beyond(LEAST[kind]):
        return ""
    way = "more" if difference.mid > 0 else "less"
    size = difference if difference.mid > 0 else Spread(-difference.high, -difference.mid, -difference.low)
    by = words.distance(size) if kind == "points" else words.people(size)
    return words(f"verdict.{kind}_{way}", name=name, by=by)
