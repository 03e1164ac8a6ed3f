"""What goes on the page, in its order: words, tables and figures, ready for the template.

The order is that of a committee's questions: what does it say, how do the scenarios differ, how do the
indicators move, does feeling keep up with fact, who is left behind, how do people change, where, on what assumptions, how was it made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twin.analysis import Roadmap, runs_of
from twin.city.city import City
from twin.errors import CityError
from twin.facts import GRADES
from twin.indicators import REGISTER
from twin.report import figures, making
from twin.report.areas import areas
from twin.report.gaps import gaps
from twin.report.groups import groups
from twin.report.indicators import indicators
from twin.report.mobility import mobility
from twin.report.people import people
from twin.report.reading import Reading
from twin.report.roadmap import in_short, roadmap
from twin.report.spread import spread
from twin.report.surveys import Surveys
from twin.report.tables import Tables
from twin.report.trips import Trips, scenarios_with_trips
from twin.report.verdict import verdict
from twin.report.words import Words
from twin.report.yearly import COUNTED, Yearly
from twin.results import Results
from twin.scenarios import library
from twin.units import MONTHS_A_YEAR, month_number, month_start
from twin.vision import Vision

SECTIONS = (
    "scenarios",
    "roadmap",
    "spread",
    "mobility",
    "indicators",
    "gaps",
    "groups",
    "people",
    "maps",
    "facts",
    "made",
)

OF_SPREAD = ("roadmap", "spread")  # sections of runs that lived with the spread of services


def page(results: Results, lang: str) -> dict[str, Any]:
    """Everything the template prints, by section."""
    return Page(results, lang).whole()


class Page:
    """One results folder in one language.

    Attributes
    ----------
    titles : scenario titles by id, the first the one others are compared with
    indicators : short names by slug of all the vision's indicators; ``held``, of those in the results;
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
        self.surveys = Surveys(self.reading)
        self.indicators = {f"indicator_{i.number:02d}": i.short[lang] for i in self.vision.indicators}
        self.held = {slug: name for slug, name in self.indicators.items() if slug in self.reading.names}
        of_persons = {i.slug for i in REGISTER.values() if i.by_group}
        self.by_age = {slug: name for slug, name in self.held.items() if slug in of_persons}
        self.start_day = month_start(self.made["scenarios"][0]["first_month"])
        spreading = [name for name in self.titles if results.holds(COUNTED, name)]
        self.lived = Yearly(self.reading, spreading[0], runs_of(results, spreading[0])) if spreading else None
        self.road = Roadmap(self.lived.runs) if self.lived else None
        moving = scenarios_with_trips(results)
        self.trips = Trips(self.reading, moving) if moving else None
        absent = (() if self.lived else OF_SPREAD) + (() if self.trips else ("mobility",))
        self.sections = [name for name in SECTIONS if name not in absent]

    def own(self, names: Any) -> tuple[str, ...]:
        """Names of a level of the city in the page's language."""
        return names.name_ja if self.lang == "ja" else names.name_en

    @property
    def wards(self) -> dict[str, str]:
        """Ward names by code."""
        if self.city is not None:
            return dict(zip(self.city.wards.code, self.own(self.city.wards), strict=True))
        return {code: code for code in self.reading.wards}

    def title_of(self, section: str) -> str:
        """A section's heading with its number."""
        return self.words(
            "section.numbered", number=self.number(section), title=self.words(f"section.{section}")
        )

    def number(self, section: str) -> int:
        """Which number a section bears."""
        return self.sections.index(section) + 1

    def whole(self) -> dict[str, Any]:
        """All sections, and what several of them need."""
        return {
            "say": self.words,
            "sections": self.sections,
            "title_of": self.title_of,
            "fewest": round(self.reading.rule.sample),
            "last_years": self.reading.last.years,
            "first_title": self.titles[self.reading.first],
            "start_day": self.words.month(self.start_day, with_day=True),
            "head": self.head(),
            "scenarios": self.scenarios(),
            "roadmap": roadmap(self, self.road) if self.road else None,
            "spread": spread(self, self.lived) if self.lived else None,
            "mobility": mobility(self, self.trips) if self.trips else None,
            "indicators": indicators(self),
            "gaps": gaps(self),
            "groups": groups(self),
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
            "verdict": [*verdict(self.reading, words, self.titles, self.held), *self.foretold()],
            "mind": self.mind(),
            "warnings": making.warnings(made, self.reading, words),
        }

    def foretold(self) -> list[str]:
        """What the verdict says of the roadmap, where there is one."""
        return [in_short(self, self.road)] if self.road else []

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
            "fitted": {"count": sum(bool(fact.fitted) for fact in facts), "section": self.number("facts")},
            "assumed": counts | {"section": self.number("facts")},
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

    # -- what several sections draw ----------------------------------------------------------------

    def fan(
        self, series: str, what: str, unit: str, factor: float, share: bool, width: float = figures.WIDTH,
        surveys: Sequence[tuple[str, Sequence[figures.Survey]]] = (), area: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """A fan of all scenarios that count it, with its legend and what its axis counts.

        ``surveys`` are drawn over it, each with its name; ``area`` is the place, the city when none is named.
        """
        reading, words = self.reading, self.words
        strands = [
            figures.Strand(place, reading.results.band(series, scenario, area or reading.city))
            for place, scenario in enumerate(self.titles)
            if reading.results.holds(series, scenario)
        ]
        must = {reading.start.years, *(mark.years for mark in self.vision.milestones)}
        moments = sorted(reading.moments, key=lambda moment: moment.years not in must)
        narrow = width < figures.WIDTH
        said = [words.moment(m).both if m.years and not narrow else words.moment(m).main for m in moments]
        marks = [(m.day, label) for m, label in zip(moments, said, strict=True)]
        alt = words("figure.fan_alt", what=what, scenarios=words("verdict.and").join(self.titles.values()))
        titles = list(self.titles.values())
        keys = [figures.Key(titles[one.place], *figures.strand(one.place)) for one in strands]
        keys += [
            figures.Key(named, figures.INK, dot=figures.SURVEYS[found[0].place]) for named, found in surveys
        ]
        every = [one for _, found in surveys for one in found]
        drawn = figures.fan(f"fan-{series}", alt, strands, marks, factor, share, every, width)
        return {"figure": drawn, "legend": keys, "unit": words("figure.unit", unit=unit)}

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
