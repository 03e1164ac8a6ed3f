"""What goes on the page, in its order: words, tables and figures, ready for the template.

The order is that of a committee's questions: what does it say, how do the scenarios differ, how do the
indicators move, who is left behind, how do people change, where, on what assumptions, how was it made.
"""

from __future__ import annotations

from typing import Any

from twin.city.city import City
from twin.errors import CityError
from twin.facts import GRADES
from twin.indicators import READINGS, REGISTER
from twin.report import figures, making
from twin.report.areas import areas
from twin.report.people import people
from twin.report.reading import Missing, Reading
from twin.report.tables import Tables
from twin.report.verdict import verdict
from twin.report.words import Words
from twin.results import Results
from twin.results.census import GROUPS
from twin.scenarios import library
from twin.units import MONTHS_A_YEAR, month_number, month_start
from twin.vision import Vision

SECTIONS = ("scenarios", "indicators", "groups", "people", "maps", "facts", "made")


def page(results: Results, lang: str) -> dict[str, Any]:
    """Everything the template prints, by section."""
    return Page(results, lang).whole()


class Page:
    """One results folder in one language.

    Attributes
    ----------
    titles : scenario titles by id, the first the one others are compared with
    indicators : short names by slug of all indicators the program knows; ``held``, of those in the results;
        ``by_age``, of those counted by age group
    city : the city kept with the results, or None
    wards : ward names by code; the codes themselves when there is no city
    """

    def __init__(self, results: Results, lang: str) -> None:
        self.made, self.lang = results.made, lang
        self.words = Words(lang, one_run=len(results.seeds) == 1)
        self.vision, self.facts = Vision.read(), results.facts
        self.reading = Reading(results, self.vision)
        self.titles = {s["id"]: s["title"][lang] for s in self.made["scenarios"]}
        self.tables = Tables(self.reading, self.words, self.titles)
        self.city = _city(results)
        self.indicators = {i.slug: self.vision.indicator(n).short[lang] for n, i in sorted(REGISTER.items())}
        self.held = {slug: name for slug, name in self.indicators.items() if slug in self.reading.names}
        of_persons = {i.slug for i in REGISTER.values() if i.by_group}
        self.by_age = {slug: name for slug, name in self.held.items() if slug in of_persons}
        self.start_day = month_start(self.made["scenarios"][0]["first_month"])

    def own(self, names: Any) -> tuple[str, ...]:
        """Names of a level of the city in the page's language."""
        return names.name_ja if self.lang == "ja" else names.name_en

    @property
    def wards(self) -> dict[str, str]:
        """Ward names by code."""
        if self.city is not None:
            return dict(zip(self.city.wards.code, self.own(self.city.wards), strict=True))
        return {code: code for code in self.reading.wards}

    def whole(self) -> dict[str, Any]:
        """All sections, and what several of them need."""
        return {
            "say": self.words,
            "sections": SECTIONS,
            "fewest": round(self.reading.rule.sample),
            "last_years": self.reading.last.years,
            "first_title": self.titles[self.reading.first],
            "start_day": self.words.month(self.start_day, with_day=True),
            "head": self.head(),
            "scenarios": self.scenarios(),
            "indicators": [self.indicator(slug) for slug in self.indicators],
            "not_yet": [i.short[self.lang] for i in self.vision.indicators if i.number not in REGISTER],
            "groups": self.groups(),
            "people": people(self),
            "maps": areas(self),
            "facts": making.assumptions(self.facts, self.start_day, self.words),
            "fitted": making.fitted(self.facts, self.words),
            "made": self.making(),
        }

    # -- what it says, and how the scenarios differ ----------------------------------------------

    def head(self) -> dict[str, Any]:
        """Question, verdict, what must be said on the first page, and notes on this very run."""
        made, words = self.made, self.words
        return {
            "city": made["city"]["name_ja" if self.lang == "ja" else "name_en"],
            "questions": [(s["title"][self.lang], s["question"][self.lang]) for s in made["scenarios"]],
            "verdict": verdict(self.reading, words, self.titles, self.held),
            "mind": self.mind(),
            "warnings": making.warnings(made, self.reading, words),
        }

    def mind(self) -> list[str]:
        """The nine things every report says on its first page, as far as they are true today."""
        made, words, facts = self.made, self.words, self.facts.values()
        counts = {grade: sum(fact.grade == grade for fact in facts) for grade in GRADES}
        identity = {
            "when": made["when"], "version": made["program"]["machitwin"],
            "commit": made["program"]["commit"][:10], "facts": made["facts"][:10],
        }  # fmt: skip
        values: dict[str, dict[str, Any]] = {
            "model": {},
            "fitted": {"count": sum(bool(fact.fitted) for fact in facts)},
            "assumed": counts,
            "ranges": {"seeds": len(made["seeds"])},
            "definitions": {},
            "left_out": {},
            "subjective": {},
            "identity": identity,
            "use": {},
        }
        return [words(f"mind.{key}", **value) for key, value in values.items()]

    def scenarios(self) -> list[dict[str, str]]:
        """Each scenario in words."""
        return [
            {"title": s["title"][self.lang], "said": s["explained"][self.lang]}
            for s in self.made["scenarios"]
        ]

    # -- indicators, and by age and ward ---------------------------------------------------------

    def indicator(self, slug: str) -> dict[str, Any]:
        """One indicator: what it is, its fan, its table; or why it is not available."""
        number = int(slug.removeprefix("indicator_"))
        entry, named, words = REGISTER[number], self.vision.indicator(number), self.words
        ja = self.lang == "ja"
        about, base = (entry.about_ja, entry.base_ja) if ja else (entry.about, entry.base)
        kind = words(f"indicator.{entry.kind}")
        found: dict[str, Any] = {
            "title": words("indicator.title", number=number, name=named.name[self.lang]),
            "about": words("indicator.about", kind=kind, about=about[0].upper() + about[1:], base=base),
        }
        if slug not in self.held:
            return found | {"missing": words.reason(Missing("not_counted"))}
        unit = words("figure.percent", base=base)
        return found | {
            "fan": self.fan(slug, named.short[self.lang], unit, 100.0, share=True),
            "tables": [
                self.tables.indicator(name, words("table.of", what=what))
                for name, what in ((slug, named.short[self.lang]), *self._readings(number))
            ],
        }

    def _readings(self, number: int) -> list[tuple[str, str]]:
        """What else a number may be read as: slug and meaning."""
        return [
            (other.slug, other.about_ja if self.lang == "ja" else other.about)
            for other in READINGS.values()
            if other.number == number
        ]

    def fan(self, series: str, what: str, unit: str, factor: float, share: bool) -> dict[str, Any]:
        """A fan of all scenarios with its legend and what its axis counts."""
        reading, words = self.reading, self.words
        strands = [
            figures.Strand(place, reading.results.band(series, scenario, reading.city))
            for place, scenario in enumerate(self.titles)
        ]
        must = {reading.start.years, *(mark.years for mark in self.vision.milestones)}
        moments = sorted(reading.moments, key=lambda moment: moment.years not in must)
        marks = [(m.day, words.moment(m).both if m.years else words.moment(m).main) for m in moments]
        alt = words("figure.fan_alt", what=what, scenarios=words("verdict.and").join(self.titles.values()))
        keys = [
            figures.Key(title, *figures.strand(place)) for place, title in enumerate(self.titles.values())
        ]
        drawn = figures.fan(f"fan-{series}", alt, strands, marks, factor, share)
        return {"figure": drawn, "legend": keys, "unit": words("figure.unit", unit=unit)}

    def groups(self) -> dict[str, Any]:
        """By age group, the gap between old and young, and by ward."""
        reading, words, tables, held, by_age = self.reading, self.words, self.tables, self.held, self.by_age
        first = self.titles[reading.first]
        panels = [
            (name, self._by_age(slug, reading.start), self._by_age(slug, reading.last))
            for slug, name in by_age.items()
        ]
        alt = words(
            "figure.ages_alt", what=words("verdict.and").join(by_age.values()), years=reading.last.years
        )
        axes = {"age": words("figure.age"), "share": "%"}
        gaps = [tables.gap(slug, words("table.gap", what=name)) for slug, name in by_age.items()]
        by_ward = [words("table.by_ward", what=name, title=first) for name in held.values()]
        return {
            "figure": figures.ages("ages", alt, panels, GROUPS, axes) if panels else None,
            "gaps": gaps,
            "wards": [tables.wards(slug, said, self.wards) for slug, said in zip(held, by_ward, strict=True)],
            "missing": "" if panels else words.reason(Missing("not_counted")),
        }

    def _by_age(self, slug: str, moment):
        return [self.reading.at(slug, self.reading.first, moment, group=group) for group in GROUPS]

    # -- how it was made -------------------------------------------------------------------------

    def making(self) -> dict[str, Any]:
        """The record, the command, the fit to the census."""
        end = self.reading.end
        months = month_number(end) + 1 - month_number(self.start_day)
        return {
            "record": making.record(self.made, months / MONTHS_A_YEAR, self.words),
            "command": making.command(self.made, library()),
            "fit": self.made["fit"].get(self.lang, ""),
        }


def _city(results: Results) -> City | None:
    """The city kept with the results; None when there is none that can be read."""
    try:
        return City.open(results.folder / "city")
    except CityError:
        return None
