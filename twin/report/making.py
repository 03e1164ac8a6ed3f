"""What stands behind the page: the numbers by grade, and how the results were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from twin.facts import GRADES, Fact, Facts
from twin.report.reading import Reading
from twin.report.tables import Cell, Table
from twin.report.words import Words
from twin.scenarios.words import amount, axis_words, named, unit_words


def assumptions(facts: Facts, day: date, words: Words) -> list[dict[str, Any]]:
    """All facts by grade, the least certain first; each grade with what it means and its table."""
    found = []
    for grade in reversed(GRADES):
        some = sorted((fact for fact in facts.values() if fact.grade == grade), key=lambda fact: fact.key)
        caption = words("facts.caption", grade=words(f"grade.{grade}"), count=len(some))
        head = [Cell(words(f"facts.{column}")) for column in ("about", "value", "range", "source")]
        rows = [_fact(fact, day, words) for fact in some]
        about = words(f"grade.{grade}_about")
        found.append({"about": about, "table": Table(caption, head, rows, kind="facts")})
    return found


def fitted(facts: Facts, words: Words) -> Table:
    """The facts that were fitted, and to what."""
    some = sorted((fact for fact in facts.values() if fact.fitted), key=lambda fact: fact.key)
    rows = [[_about(fact, words), Cell(fact.told("fitted", words.lang))] for fact in some]
    return Table(
        words("facts.fitted_caption", count=len(some)),
        [Cell(words("facts.about")), Cell(words("facts.fitted_to"))],
        rows,
        "facts two",
    )


def _fact(fact: Fact, day: date, words: Words) -> list[Cell]:
    unit = unit_words(fact.unit, words.lang)
    dated = words("facts.dated", count=len(fact.values)) if len(fact.values) > 1 else ""
    source = fact.told("source", words.lang)
    if fact.fitted:
        source += words("facts.fitted_mark", to=fact.told("fitted", words.lang))
    low, high = (f"{limit:,.8g}".replace("-", "−") for limit in (fact.low, fact.high))
    limits = words("facts.limits", low=low, high=high)
    return [
        _about(fact, words),
        Cell(_value(fact, day, unit, words) + dated),
        Cell(limits),
        Cell(source),
    ]


def _about(fact: Fact, words: Words) -> Cell:
    return Cell(fact.told("about", words.lang), fact.key)


def _value(fact: Fact, day: date, unit: str, words: Words) -> str:
    """One number with its unit; of a table its lowest and highest entry."""
    value = fact.on(day)
    if not isinstance(value, dict):
        return amount(value, unit, words.lang)
    numbers = list(value.values())
    axis = axis_words(fact.axis, words.lang)
    low, high = (f"{x:,.4g}" if abs(x) < 1000 else f"{x:,.0f}" for x in (min(numbers), max(numbers)))
    span = low if low == high else words("facts.limits", low=low, high=high)
    return words("facts.table", axis=axis, count=len(numbers), span=span.replace("-", "−"), unit=unit)


def record(made: dict[str, Any], years: float, words: Words) -> Table:
    """How the results were made, line by line; ``years`` is how long the run lived from its start."""
    program, city = made["program"], made["city"]
    place = city["name_ja"] if words.lang == "ja" else city["name_en"]
    lines = {
        "when": made["when"],
        "program": f"machitwin {program['machitwin']} ({program['commit']})",
        "libraries": ", ".join(f"{name} {version}" for name, version in sorted(made["libraries"].items())),
        "platform": ", ".join(made["platform"][key] for key in ("python", "system", "machine")),
        "city": f"{place} ({city['tier']}), SHA-256 {city['sha256']}",
        "facts": f"SHA-256 {made['facts']}",
        "scenarios": "; ".join(f"{s['id']}: SHA-256 {s['sha256']}" for s in made["scenarios"]),
        "processes": named(made["scenarios"][0]["processes"], words.lang),
        "seeds": ", ".join(map(str, made["seeds"])),
        "fraction": f"{made['fraction']:g}",
        "step": words("made.step_of", years=f"{years:g}"),
        "seconds": words(
            "made.seconds_of", seconds=f"{made['seconds']['whole']:,.0f}", threads=made["threads"]
        ),
    }
    rows = [[Cell(words(f"made.{key}")), Cell(value)] for key, value in lines.items()]
    return Table(
        words("made.caption"), [Cell(words("made.what")), Cell(words("made.value"))], rows, kind="record"
    )


def command(made: dict[str, Any], packaged: Sequence[str]) -> str:
    """The command that makes the same results again; own scenarios are read from the results folder."""
    names = [
        s["id"] if s["id"] in packaged else f"RESULTS/scenarios/{s['id']}.toml" for s in made["scenarios"]
    ]
    city = "" if made["city"]["tier"] == "embedded" else " --city RESULTS/city"
    years = "" if made["years"] is None else f" --years {made['years']}"
    size = f"--fraction {made['fraction']:g} --seeds {len(made['seeds'])}{years}"
    return f"twin run {' '.join(names)}{city} {size} --out NEW_RESULTS"


def warnings(made: dict[str, Any], reading: Reading, words: Words) -> list[str]:
    """What a reader must know about this very run."""
    said = [remark[words.lang] for scenario in made["scenarios"] for remark in scenario["warnings"]]
    if len(made["seeds"]) == 1:
        said.append(words("warning.one_seed"))
    elif len(made["seeds"]) < FEW_SEEDS:
        said.append(words("warning.few_seeds", count=len(made["seeds"])))
    if reading.fraction < 1:
        said.append(words("warning.fraction", percent=f"{reading.fraction * 100:g}"))
    if made["city"]["tier"] == "embedded":
        said.append(words("warning.embedded"))
    if made["program"]["commit"].endswith("+changes"):
        said.append(words("warning.changed_source"))
    for scenario in made["scenarios"]:
        if scenario["off"]:
            title = scenario["title"][words.lang]
            said.append(words("warning.off", title=title, names=named(scenario["off"], words.lang)))
    return said


FEW_SEEDS = 10  # with fewer, the 10 and 90 per cent points are little more than the lowest and highest seed
