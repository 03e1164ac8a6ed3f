"""The page's tables as data: heads, rows, and cells that know when a value is not available."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from twin.report.reading import Missing, Moment, Reading, Spread, spread
from twin.report.words import Said, Words

AGES = {"aged_0": "0-14", "aged_65": "65+", "aged_75": "75+"}
FLOWS = ("births", "deaths", "arrivals", "departures")


@dataclass(frozen=True)
class Cell:
    """A table's cell: text, what stands smaller below it, and whether it says that a value is missing."""

    text: str
    below: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Table:
    """A table: the first cell of every row is the row's head.

    Attributes
    ----------
    kind : class in the style sheet
    note : said below the table
    """

    caption: str
    head: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    kind: str = "numbers"
    note: str = ""


Say = Callable[[Spread | Missing], Said]


@dataclass(frozen=True)
class Tables:
    """Builds the tables of numbers in one language.

    Attributes
    ----------
    titles : scenario titles by id
    """

    reading: Reading
    words: Words
    titles: dict[str, str]

    @property
    def heads(self) -> list[Cell]:
        """A column head for every moment."""
        return [self.when(moment) for moment in self.reading.moments]

    def when(self, moment: Moment) -> Cell:
        """A moment as a column head."""
        said = self.words.moment(moment)
        return Cell(said.main, said.beside)

    def cell(self, value: Spread | Missing, say: Say) -> Cell:
        """A value with its range, or why there is none."""
        said = say(value)
        return Cell(said.main, said.beside, isinstance(value, Missing))

    def line(self, value: object, say: Callable[..., Said]) -> Cell:
        """A value with its range on one line, for dense tables; a range too narrow to show is left out."""
        return Cell(say(value).line, missing=isinstance(value, Missing))

    def people(self, caption: str) -> Table:
        """Residents, scenario by scenario."""
        reading, words, real = self.reading, self.words, self._real
        return self._scenarios(
            caption, lambda s, m: real(reading.at("people", s, m)), words.people,
            lambda s, m: real(reading.difference("people", s, m)), words.more_people,
        )  # fmt: skip

    def _scenarios(
        self, caption: str, at: Callable, say: Say, difference: Callable, say_difference: Say
    ) -> Table:
        reading, moments = self.reading, self.reading.moments
        rows = [[Cell(self.titles[reading.first]), *(self.cell(at(reading.first, m), say) for m in moments)]]
        for other in reading.others:
            rows.append([Cell(self.titles[other]), *(self.cell(at(other, m), say) for m in moments)])
            lead = Cell(
                self.words("table.difference", title=self.titles[other], first=self.titles[reading.first])
            )
            rows.append([lead, *(self.cell(difference(other, m), say_difference) for m in moments)])
        return Table(caption, [Cell(""), *self.heads], rows)

    def composition(self, caption: str) -> Table:
        """The first scenario's households, ages and yearly flows."""
        reading, words, real = self.reading, self.words, self._real
        first = reading.first
        rows = [self._row("households", lambda m: real(reading.at("households", first, m)), words.people)]
        for age, group in AGES.items():
            rows.append(self._row(age, lambda m, g=group: spread(self._part(g, m)), words.share))
        for flow in FLOWS:
            yearly = lambda m, f=flow: real(spread(reading.fiscal_year(f, first, m)))  # noqa: E731
            rows.append(self._row(flow, yearly, words.people))
        return Table(caption, [Cell(""), *self.heads], rows, note=words("people.flows_note"))

    def _row(self, label: str, value: Callable, say: Say) -> list[Cell]:
        """One row about the people: its name, and its value at every moment."""
        return [
            Cell(self.words(f"people.{label}")),
            *(self.cell(value(m), say) for m in self.reading.moments),
        ]

    def _part(self, group: str, moment: Moment):
        """Share of an age group among all residents, one number per seed."""
        reading = self.reading
        part, whole = (reading.seeds("people", reading.first, moment, group=g) for g in (group, "all"))
        if isinstance(part, Missing) or isinstance(whole, Missing):
            return part if isinstance(part, Missing) else whole
        return part / whole

    def wards(self, name: str, caption: str, names: dict[str, str]) -> Table:
        """Wards at every moment in the first scenario, and each other scenario's difference at the last."""
        reading, words, people = self.reading, self.words, name == "people"
        scale: Callable = self._real if people else (lambda value: value)
        say, say_more = (words.people, words.more_people) if people else (words.share, words.points)
        last, first = reading.last, reading.first
        rows = [
            [
                Cell(ward),
                *(self.cell(scale(reading.at(name, first, m, code)), say) for m in reading.moments),
                *(
                    self.cell(scale(reading.difference(name, s, last, code)), say_more)
                    for s in reading.others
                ),
            ]
            for code, ward in names.items()
        ]
        when = self.when(last)
        more = [Cell(words("table.more_in", title=self.titles[s]), when.text) for s in reading.others]
        return Table(caption, [Cell(words("table.ward")), *self.heads, *more], rows, kind="numbers wards")

    def areas(self, slugs: dict[str, str], places: Sequence[tuple[str, str, str]], caption: str) -> Table:
        """Every area by number: name, ward, people, and each indicator at the start and the last moment.

        Parameters
        ----------
        slugs : names of indicators by slug
        places : code, name and ward of every area
        """
        reading, words = self.reading, self.words
        times = (reading.start, reading.last)
        head = [Cell(words("table.number")), Cell(words("table.area")), Cell(words("table.ward"))]
        for what in (words("people.residents"), *slugs.values()):
            head += [Cell(what, self.when(moment).text) for moment in times]
        rows = []
        for number, (code, name, ward) in enumerate(places, start=1):
            row = [Cell(str(number)), Cell(name), Cell(ward)]
            row += [
                self.cell(self._real(reading.at("people", reading.first, m, code)), words.people)
                for m in times
            ]
            row += [
                self.cell(reading.at(slug, reading.first, m, code), words.share)
                for slug in slugs
                for m in times
            ]
            rows.append(row)
        return Table(caption, head, rows, kind="numbers small")

    def _real(self, value: Spread | Missing) -> Spread | Missing:
        """Simulated people scaled up to real ones."""
        return value if isinstance(value, Missing) else value.times(1 / self.reading.fraction)
