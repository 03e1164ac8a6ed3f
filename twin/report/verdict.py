"""The verdict: two or three plain sentences made from the numbers.

Every number comes with its range over seeds; a difference whose range, as the page rounds it, holds zero
is called none that could be told from chance.
"""

from __future__ import annotations

from math import inf

from twin.report.reading import Missing, Reading, Spread
from twin.report.words import Words

NAMED = 3  # so many are named one by one
FEWEST = 6  # runs of each scenario before a difference is called one: six signs agree by chance once in 32
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
    """How many indicators rise and fall by more than chance, and those that move most."""
    moves = {}
    for slug in indicators:
        now, later = (reading.seeds(slug, reading.first, m) for m in (reading.start, reading.last))
        if not isinstance(now, Missing) and not isinstance(later, Missing):
            moves[slug] = Spread.of(now), Spread.of(later), Spread.of(later - now)
    if not moves:
        return ""
    most = sorted(moves, key=lambda slug: -abs(moves[slug][2].mid))[:NAMED]
    said = [
        words(
            "verdict.indicator", name=words("verdict.named", name=indicators[slug]),
            now=words.share(moves[slug][0]), later=words.share(moves[slug][1]),
        )
        for slug in most
    ]  # fmt: skip
    clear = [move.mid for *_, move in moves.values() if not words.one_run and move.beyond(LEAST["points"])]
    counts = {
        "all": len(moves), "up": sum(x > 0 for x in clear), "down": sum(x < 0 for x in clear),
        "rest": len(moves) - len(clear),
    }  # fmt: skip
    parts = [] if words.one_run else [words("verdict.moves", years=reading.last.years, **counts)]
    parts.append(words("verdict.indicators", years=reading.last.years, all=words("verdict.joint").join(said)))
    return words("verdict.space").join(parts)


def _other(
    reading: Reading, words: Words, titles: dict[str, str], indicators: dict[str, str], other: str
) -> str:
    """How another scenario differs at the last moment: what is clear, what is the same, what is neither."""
    names = {"title": titles[other], "first": titles[reading.first], "years": reading.last.years}
    runs = len(reading.results.seeds)
    if runs < FEWEST:
        key = "verdict.one_run" if words.one_run else "verdict.few_runs"
        return words(key, runs=runs, fewest=FEWEST, **names)
    clear: list[tuple[float, str]] = []
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
            clear.append((-inf if kind == "people" else -abs(difference.mid), found))
        else:
            (same if difference.low == difference.high == 0 else unclear).append(name)
    joint = words("verdict.joint")
    differs = _listed([found for _, found in sorted(clear)], joint, words)
    parts = [words("verdict.differs", all=differs, **names)] if clear else []
    both = words("verdict.and")
    parts += [words("verdict.same", all=_listed(same, both, words), **names)] if same else []
    if unclear:
        key = "verdict.rest_unclear" if parts else "verdict.unclear"
        parts.append(words(key, all=_listed(unclear, both, words), **names))
    return words("verdict.space").join(parts)


def _listed(said: list[str], joint: str, words: Words) -> str:
    """The first few of a list, and how many more there are."""
    more = [words("verdict.others", count=len(said) - NAMED)] if len(said) > NAMED else []
    return joint.join(said[:NAMED] + more)


def _clear(kind: str, name: str, difference: Spread, words: Words) -> str:
    """The difference in words when its whole range, as printed, lies on one side of zero, else nothing."""
    if not difference.beyond(LEAST[kind]):
        return ""
    way = "more" if difference.mid > 0 else "less"
    size = difference if difference.mid > 0 else Spread(-difference.high, -difference.mid, -difference.low)
    by = words.distance(size) if kind == "points" else words.people(size)
    return words(f"verdict.{kind}_{way}", name=name, by=by)
