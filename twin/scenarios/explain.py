"""A scenario in words: what it asks and how it differs from its parent, for a committee to read."""

from __future__ import annotations

from functools import partial

from twin import messages
from twin.facts import Fact, Facts
from twin.scenarios.scenario import DatedChange, Scenario
from twin.scenarios.words import amount, day_words, label_words, named
from twin.units import month_number, month_start

_MOST_ENTRIES = 12
_FIELDS = ("census", "start", "years", "population_seed", "processes", "off")


def explain(scenario: Scenario, facts: Facts, lang: str = "ja") -> str:
    """The scenario in sentences: old and new value on the change date, unit, why, source, cost.

    Parameters
    ----------
    facts : the packaged facts, before any scenario
    lang : "ja" or "en"
    """
    say = partial(messages.text, lang=lang)
    parent = scenario.parent
    lines = [
        say("scenario.explain.title", title=scenario.title[lang], id=scenario.id),
        say("scenario.explain.question", question=scenario.question[lang]),
        _origin(parent, lang),
        *_frame(scenario, lang),
    ]
    if parent:
        lines += ["", say("scenario.explain.differs"), *_fields(scenario, parent, lang)]
    before = parent.facts(facts) if parent else facts
    for place, change in enumerate(scenario.changes, start=1):
        lines += _change(place, change, before[change.fact], lang)
    if parent:
        if parent.all_changes:
            lines.append(say("scenario.explain.inherited", count=len(parent.all_changes)))
        lines.append(say("scenario.explain.rest", title=parent.title[lang]))
    lines += [say("scenario.explain.warning", said=remark.text(lang)) for remark in scenario.warnings]
    return "\n".join(lines)


def _origin(parent: Scenario | None, lang: str) -> str:
    if parent is None:
        return messages.text("scenario.explain.root", lang)
    return messages.text("scenario.explain.based_on", lang, title=parent.title[lang], id=parent.id)


def _frame(scenario: Scenario, lang: str) -> list[str]:
    last = month_start(month_number(scenario.end) - 1)
    said = [
        messages.text(
            "scenario.explain.clock", lang, start=day_words(scenario.start, lang), years=scenario.years,
            last=day_words(last, lang, with_day=False), census=day_words(scenario.census, lang),
        ),
        messages.text("scenario.explain.processes", lang, names=named(scenario.processes, lang)),
        messages.text("scenario.explain.seed", lang, seed=scenario.population_seed),
    ]  # fmt: skip
    if scenario.off:
        said.append(messages.text("scenario.explain.off", lang, names=named(scenario.off, lang)))
    return said


def _fields(scenario: Scenario, parent: Scenario, lang: str) -> list[str]:
    """The fields other than facts in which the scenario differs."""
    pairs = [(name, getattr(parent, name), getattr(scenario, name)) for name in _FIELDS]
    return [
        "   "
        + messages.text(
            "scenario.explain.field",
            lang,
            name=messages.text(f"scenario.field.{name}", lang),
            old=_plain(old, lang),
            new=_plain(new, lang),
        )
        for name, old, new in pairs
        if old != new
    ]


def _plain(value: object, lang: str) -> str:
    if isinstance(value, tuple):
        return named(value, lang) or messages.text("scenario.explain.none", lang)
    return str(value)


def _change(place: int, change: DatedChange, fact: Fact, lang: str) -> list[str]:
    """One change: the sentence, then fact, why, source and cost."""

    def say(key: str, /, **values: object) -> str:
        return messages.text(key, lang, **values)

    until = say("scenario.explain.until", day=day_words(change.until, lang)) if change.until else ""
    about = fact.told("about", lang)
    if change.label is not None:
        label = label_words(change.label, fact.axis, lang)
        about += f"（{label}）" if lang == "ja" else f" ({label})"
    common = {"place": place, "since": day_words(change.since, lang), "until": until, "about": about}
    old = fact.on(change.since)
    if isinstance(change.value, dict):
        lines = [say("scenario.explain.change_table", **common), *_entries(old, change.value, fact, lang)]
    else:
        old = old[change.label] if isinstance(old, dict) and change.label is not None else old
        said = {"old": amount(old, _brief(fact.unit), lang), "new": amount(change.value, fact.unit, lang)}
        lines = [say("scenario.explain.change", **common, **said)]
    cost = (
        say("scenario.explain.no_cost")
        if change.cost_yen is None
        else say("scenario.explain.cost", cost=f"{change.cost_yen:,}")
    )
    return lines + [
        "   " + line
        for line in (
            say("scenario.explain.why", why=change.why[lang]),
            say("scenario.explain.source", source=change.source[lang]),
            cost,
            say("scenario.explain.fact", key=change.fact, low=f"{fact.low:g}", high=f"{fact.high:g}"),
        )
    ]


def _entries(old: object, new: dict[str, float], fact: Fact, lang: str) -> list[str]:
    before = old if isinstance(old, dict) else {}
    differing = [label for label in new if before.get(label) != new[label]]
    lines = [
        "   "
        + messages.text(
            "scenario.explain.entry", lang, label=label_words(label, fact.axis, lang),
            old=amount(before.get(label), _brief(fact.unit), lang),
            new=amount(new[label], fact.unit, lang),
        )
        for label in differing[:_MOST_ENTRIES]
    ]  # fmt: skip
    if len(differing) > _MOST_ENTRIES:
        rest = len(differing) - _MOST_ENTRIES
        lines.append("   " + messages.text("scenario.explain.more", lang, count=rest))
    return lines


def _brief(unit: str) -> str:
    """The unit of an old value: only a share is spelled twice, other units stand after the new value."""
    return unit if unit.startswith("share") else ""
