"""What came back from a wave, and the estimates made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from twin.chance import Chance
from twin.facts import Facts
from twin.survey.answer import DONT_KNOW, NOT_HEARD, answers
from twin.survey.estimate import Share, estimated, weights
from twin.survey.question import questions
from twin.survey.wave import Wave


@dataclass(frozen=True)
class Estimate:
    """What the survey says on one question, of everybody or of a group.

    Attributes
    ----------
    question : its id
    sent, returned : people (or firms) asked, and sheets that came back
    dont_know : share of the sheets of the question's base without an answer to it; nan without sheets
    raw, weighted : share of the answers that count, as they came and brought up to the people
    covered : share of the question's base that the survey could have asked at all
    """

    question: str
    sent: int
    returned: int
    dont_know: float
    raw: Share
    weighted: Share
    covered: float

    @property
    def response_rate(self) -> float:
        """Sheets that came back, of those sent; nan when none was sent."""
        return self.returned / self.sent if self.sent else float("nan")

    def printed(self, step: float) -> Estimate:
        """The estimate as it is published: shares rounded to ``step``."""

        def near(value: float) -> float:
            return round(np.rint(value / step) * step, 9)

        def shares(share: Share) -> Share:
            return replace(share, value=near(share.value), low=near(share.low), high=near(share.high))

        return replace(
            self, dont_know=near(self.dont_know), raw=shares(self.raw), weighted=shares(self.weighted)
        )


@dataclass(frozen=True, eq=False)
class Responses:
    """A wave after the last day for sending back. Arrays have one entry for each of those asked.

    Attributes
    ----------
    wave : the survey
    row : rows of those asked in the arrays of residents or companies (i8)
    returned : yes/no, the sheet came back
    web : yes/no, answered on the web
    weight : post-stratification weight, mean 1 over the sheets, 0 without one
    size : what each counts for when sizes are weighed: 1, or the persons engaged
    levels : by question, the number of the answer, DONT_KNOW, or NOT_HEARD (no sheet, or not in the base)
    counted_from : by question, the least answer that counts
    covered : by question, the share of the base that could have been asked
    rounding : step to which published shares are rounded
    """

    wave: Wave
    row: np.ndarray
    returned: np.ndarray
    web: np.ndarray
    weight: np.ndarray
    size: np.ndarray
    levels: Mapping[str, np.ndarray]
    counted_from: Mapping[str, int]
    covered: Mapping[str, float]
    rounding: float

    def estimate(
        self, question: str, *, where: np.ndarray | None = None, counted_from: int | None = None,
        by_size: bool = False,
    ) -> Estimate:  # fmt: skip
        """Estimate of one question.

        Parameters
        ----------
        where : yes/no for each of those asked, to speak of a ward or an age only
        counted_from : another least answer that counts (2: acceptance without conditions)
        by_size : weigh firms by their persons engaged
        """
        if question not in self.levels:
            raise self.wave.problem("not_asked", question=question, asked=", ".join(self.levels))
        group = np.ones(len(self.row), dtype=bool) if where is None else where
        level = self.levels[question]
        heard = group & (level >= 0)
        in_base = group & (level != NOT_HEARD)
        least = self.counted_from[question] if counted_from is None else counted_from
        yes, size = level[heard] >= least, self.size[heard] if by_size else np.ones(heard.sum())
        unsure = (level[in_base] == DONT_KNOW).mean() if in_base.any() else float("nan")
        return Estimate(
            question=question,
            sent=int(group.sum()),
            returned=int((group & self.returned).sum()),
            dont_know=float(unsure),
            raw=estimated(yes, size),
            weighted=estimated(yes, size * self.weight[heard]),
            covered=self.covered[question],
        )

    def published(self) -> list[Estimate]:
        """Every question's estimate of everybody, rounded as surveys print it."""
        return [self.estimate(question).printed(self.rounding) for question in self.levels]


@dataclass(frozen=True, eq=False)
class Asked:
    """Those asked and what became of their sheets, before any answer is heard.

    Attributes
    ----------
    row, id : of those asked, in the arrays of residents or companies
    returned, web, size : as in :class:`Responses`
    cell : weighting cell, a position in ``people`` counted row by row
    people : people by weighting cell, (strata, classes)
    """

    row: np.ndarray
    id: np.ndarray
    returned: np.ndarray
    web: np.ndarray
    size: np.ndarray
    cell: np.ndarray
    people: np.ndarray


def hear(
    wave: Wave, asked: Asked, states: Mapping[str, np.ndarray], base: Mapping[str, np.ndarray],
    reachable: np.ndarray, facts: Facts, chance: Chance,
) -> Responses:  # fmt: skip
    """Hear the answers on the sheets that came back and weigh them.

    Parameters
    ----------
    states, base : by question id, the state and the membership of everybody
    reachable : yes/no for everybody, could have been asked
    """
    levels = {}
    for question in wave.asked:
        given = np.full(len(asked.row), NOT_HEARD, np.int8)
        here = asked.returned & base[question.id][asked.row]
        state = states[question.id][asked.row[here]].astype(float)
        given[here] = answers(question, wave, asked.id[here], state, asked.web[here], facts, chance)
        levels[question.id] = given
    smallest = int(facts.number("survey.smallest_class", wave.day))
    weight = np.zeros(len(asked.row))
    weight[asked.returned] = weights(asked.cell[asked.returned], asked.people, smallest)
    wording = facts.table("survey.wording", wave.day)
    return Responses(
        wave=wave, row=asked.row, returned=asked.returned, web=asked.web, weight=weight, size=asked.size,
        levels=levels,
        counted_from={id: int(wording.get(id, len(questions()[id].answers) - 1)) for id in wave.questions},
        covered={id: _share(reachable, base[id]) for id in wave.questions},
        rounding=facts.number("survey.rounding", wave.day),
    )  # fmt: skip


def _share(inside: np.ndarray, base: np.ndarray) -> float:
    return float(inside[base].mean()) if base.any() else float("nan")
