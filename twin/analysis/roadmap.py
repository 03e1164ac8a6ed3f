"""The roadmap over many runs: each cell's probability, which condition fails, how long it takes, what hangs on what.

    roadmap = Roadmap(runs)                          # runs of one scenario, see twin.analysis.runs
    outcome = roadmap.outcome("A10")
    outcome.probability.value, outcome.word, outcome.parts[0].probability
    roadmap.curve("a10.people")                      # probability against the threshold
    roadmap.given("D5", "A10")                       # P(A10 | D5)

A cell is evaluated at the end of its column's fiscal year. One with a condition that no run can tell is not
evaluated; how often its other conditions held together is then the most its probability could be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from twin.analysis.cells import CELLS, Cell, Condition
from twin.analysis.log import NotLogged
from twin.analysis.measures import Limits
from twin.analysis.outcome import Chain, Outcome, Part, Run
from twin.analysis.probability import Difference, Probability, difference, probability
from twin.analysis.times import Waiting, waiting
from twin.errors import InputError, nearest
from twin.facts import Facts
from twin.units import MONTHS_A_YEAR, fiscal_year_end, month_number
from twin.vision import Vision

FEW = 10  # draws, or seeds: with fewer, none of all of them leaves more open than the word unlikely
POINTS = 21  # thresholds on a curve
COUNTED = (
    "services",
    "areas",
    "wards",
    "links",
    "months",
    "step",
)  # units of thresholds that are whole numbers
CHAINS = (
    ("P5", "P10"), ("P10", "P20"), ("A5", "A10"), ("A10", "A20"), ("D5", "D10"), ("D5", "A10"), ("A5", "P10"), ("D10", "A10"),
)  # fmt: skip
_PREFIX = "roadmap."


class Roadmap:
    """The nine cells over the runs of one scenario.

    Parameters
    ----------
    runs : at least one, all of the same months
    limits : thresholds in place of the facts', by the condition's name; each within its fact's range
    """

    def __init__(self, runs: Sequence[Run], limits: Limits | None = None) -> None:
        if not runs:
            raise InputError("roadmap.no_runs")
        if len({(run.log.months[0], len(run.log.months)) for run in runs}) > 1:
            raise InputError("roadmap.lengths")
        self.runs, self.vision = tuple(runs), Vision.read()
        self.start = month_number(date(self.vision.year_0, 4, 1))
        self.facts = Facts.read()
        self.limits = {**_limits(self.facts, self.vision), **_checked(self.facts, limits or {})}
        draws = np.array([run.draw for run in runs])
        seeds = np.array([run.seed for run in runs])
        self.unit = draws if len(set(draws.tolist())) > 1 else seeds
        self.of_draws = self.unit is draws
        self._kept: dict[tuple, np.ndarray | NotLogged] = {}

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All nine, in the document's order."""
        return tuple(self.outcome(cell.id) for cell in CELLS)

    def outcome(self, name: str) -> Outcome:
        """One cell."""
        cell = cell_of(name)
        parts = tuple(self._part(cell, condition) for condition in cell.conditions)
        missing = next((part for part in parts if part.reason and not part.told), None)
        known = [
            c for c, part in zip(cell.conditions, parts, strict=True) if not part.reason and not part.told
        ]
        held = self._held(known, self._mark(cell)) if known else None
        chance = probability(held, self.unit) if held is not None else None
        whole = missing is None
        return Outcome(
            cell.id, cell.row, cell.years, self.vision.mark(cell.years).fiscal_year, _text(self.vision, cell), cell.marks,
            probability=chance if whole else None, word=self.word(chance) if whole and chance else "",
            at_most=None if whole else chance, reason="" if missing is None else missing.reason,
            missing="" if missing is None else missing.missing,
            waiting=self._waiting(cell) if whole else None, parts=parts,
        )  # fmt: skip

    def word(self, chance: Probability) -> str:
        """likely, even or unlikely; few where the runs are too few to say."""
        words = self.facts.table("roadmap.words", self.vision.mark(5).last_month)
        if chance.units < FEW:
            return "few"
        if chance.value >= words["likely"]:
            return "likely"
        return "unlikely" if chance.value < words["unlikely"] else "even"

    def held(self, name: str) -> np.ndarray | None:
        """Whether a cell holds at the end of its column, (runs,) yes/no; None where it is not evaluated."""
        cell = cell_of(name)
        if any(isinstance(self._at(c, self._mark(cell)), NotLogged) for c in cell.needed):
            return None
        return self._held(cell.needed, self._mark(cell))

    def given(self, given: str, then: str) -> Chain:
        """Two cells together, and the second where the first holds."""
        first, second = self.held(given), self.held(then)
        if first is None or second is None:
            return Chain(given, then, None, None)
        where = probability(second[first], self.unit[first]) if first.any() else None
        return Chain(given, then, probability(first & second, self.unit), where)

    @property
    def chains(self) -> tuple[Chain, ...]:
        """The chains the document's arrows suggest."""
        return tuple(self.given(*pair) for pair in CHAINS)

    def curve(self, condition: str, points: int = POINTS) -> list[tuple[float, Probability]]:
        """The cell's probability as one threshold moves over its range, the others held; empty if not evaluated."""
        cell, fact = _cell_with(condition), self.facts[_PREFIX + condition]
        if self.held(cell.id) is None:
            return []
        grid = np.linspace(fact.low, fact.high, points)
        if fact.unit in COUNTED:
            grid = np.arange(np.ceil(fact.low), fact.high + 1)
        found = []
        for at in np.union1d(grid, self.limits[condition]).tolist():  # the threshold in use is on every curve
            held = self._held(cell.needed, self._mark(cell), {**self.limits, condition: at})
            found.append((at, probability(held, self.unit)))
        return found

    def against(self, other: Roadmap) -> dict[str, Difference | None]:
        """Each cell's probability less the other scenario's, over pairs of draw and seed; None where not evaluated."""
        mine, theirs = ({(r.draw, r.seed): n for n, r in enumerate(m.runs)} for m in (self, other))
        pairs = sorted(mine.keys() & theirs.keys())
        if not pairs:
            raise InputError("roadmap.no_pairs")
        here, there = np.array([mine[p] for p in pairs]), np.array([theirs[p] for p in pairs])
        found: dict[str, Difference | None] = {}
        for cell in CELLS:
            a, b = self.held(cell.id), other.held(cell.id)
            found[cell.id] = (
                None if a is None or b is None else difference(a[here], b[there], self.unit[here])
            )
        return found

    # -- numbers --------------------------------------------------------------------------------

    def _mark(self, cell: Cell) -> int:
        """Month at whose end a cell is evaluated."""
        return fiscal_year_end(self.vision.mark(cell.years).fiscal_year)

    def _numbers(self, condition: Condition, limits: Limits) -> np.ndarray | NotLogged:
        """A condition's number in every run at the end of every month, (runs, months), or why there is none."""
        key = (condition.name, *(limits[name] for name in condition.asks))
        if key not in self._kept:
            try:
                self._kept[key] = np.stack([condition.measure(run.log, limits) for run in self.runs])
            except NotLogged as missing:
                self._kept[key] = missing
        return self._kept[key]

    def _at(self, condition: Condition, month: int, limits: Limits | None = None) -> np.ndarray | NotLogged:
        """A condition's number in every run at the end of a month, (runs,)."""
        found, months = self._numbers(condition, limits or self.limits), self.runs[0].log.months
        if isinstance(found, NotLogged):
            return found
        if not months[0] + MONTHS_A_YEAR - 1 <= month <= months[-1]:
            return NotLogged("after_end" if month > months[-1] else "before_begin")
        return found[:, month - months[0]]

    def _holding(self, conditions: Sequence[Condition], limits: Limits | None = None) -> np.ndarray:
        """Where and when all of some conditions hold, (runs, months) yes/no."""
        limits, held = limits or self.limits, np.ones((len(self.runs), len(self.runs[0].log.months)), bool)
        for condition in conditions:
            numbers = self._numbers(condition, limits)
            if isinstance(numbers, NotLogged):
                raise numbers
            held &= condition.holds(numbers, limits[condition.name])
        return held

    def _held(self, conditions: Sequence[Condition], month: int, limits: Limits | None = None) -> np.ndarray:
        """Where they hold at the end of a month, (runs,)."""
        return self._holding(conditions, limits)[:, month - self.runs[0].log.months[0]]

    def _part(self, cell: Cell, condition: Condition) -> Part:
        limit, numbers = self.limits[condition.name], self._at(condition, self._mark(cell))
        about = (condition.name, limit, condition.most, condition.told)
        if isinstance(numbers, NotLogged):
            return Part(*about, None, reason=numbers.reason, missing=numbers.name)
        holds, whole = condition.holds(numbers, limit), self.held(cell.id)
        failing = np.zeros(len(holds), bool) if whole is None else ~whole
        failed = float((~holds)[failing].mean()) if failing.any() else float("nan")
        known = numbers[~np.isnan(numbers)]
        middle = float(np.median(known)) if len(known) else float("nan")
        return Part(*about, probability(holds, self.unit), middle, failed)

    def _waiting(self, cell: Cell) -> Waiting:
        """Years from the start of year 0 until the cell first holds."""
        months = self.runs[0].log.months
        held = self._holding(cell.needed) & (months >= self.start)
        reached = held.any(axis=1)
        month = np.where(reached, months[held.argmax(axis=1)], months[-1])
        return waiting((month + 1 - self.start) / MONTHS_A_YEAR, np.asarray(reached))


def cell_of(name: str) -> Cell:
    """A cell by its id.

    Raises
    ------
    InputError
        There is no such cell.
    """
    for cell in CELLS:
        if cell.id == name.upper():
            return cell
    raise InputError("roadmap.no_cell", found=name, known=", ".join(cell.id for cell in CELLS))


def _cell_with(condition: str) -> Cell:
    """The cell a threshold belongs to."""
    return cell_of(condition.partition(".")[0])


def _limits(facts: Facts, vision: Vision) -> dict[str, float]:
    """Every threshold, at the end of its cell's column."""
    found = {}
    for key in facts:
        if key.startswith(_PREFIX) and not facts[key].axis:
            name = key.removeprefix(_PREFIX)
            found[name] = facts.number(key, vision.mark(_cell_with(name).years).last_month)
    return found


def _checked(facts: Facts, limits: Limits) -> dict[str, float]:
    """Thresholds somebody asks for in place of the facts'."""
    for name, value in limits.items():
        if _PREFIX + name not in facts:
            known = [
                key.removeprefix(_PREFIX) for key in facts if key.startswith(_PREFIX) and not facts[key].axis
            ]
            raise InputError("roadmap.no_limit", found=name, near=nearest(name, known) or ", ".join(known))
        facts[_PREFIX + name].check(value)
    return dict(limits)


def _text(vision: Vision, cell: Cell) -> tuple[Mapping[str, str], ...]:
    statements = {statement.id: statement.text for statement in vision.statements}
    return (statements[cell.text],) if cell.text in statements else vision.cell(cell.text).bullets
