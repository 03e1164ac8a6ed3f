"""Whom a survey may ask, as plain arrays: residents and companies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from twin.errors import Problems
from twin.survey.question import Question
from twin.survey.wave import SurveyError

# first age of each weighting class; the classes a register and a sheet both know
AGE_STARTS = (0, 18, 30, 40, 50, 65, 75)
AGE_CLASSES = ("0-17", "18-29", "30-39", "40-49", "50-64", "65-74", "75+")


@dataclass(frozen=True, eq=False)
class Residents:
    """Residents of a city, one entry each; all arrays have one length.

    Attributes
    ----------
    id : u8, stable name; draws hang on it
    age : whole years
    sex : 0 male, 1 female
    ward : ward row, 0 to wards - 1
    ability : standard deviations, with digital things, ageing included
    employed, learner : yes/no
    online : yes/no, uses the internet
    interest : 0 to 1, how much the survey's subject interests them
    wards : number of wards

    Raises
    ------
    SurveyError
        arrays of different lengths, an interest outside 0 to 1, an unknown ward
    """

    id: np.ndarray
    age: np.ndarray
    sex: np.ndarray
    ward: np.ndarray
    ability: np.ndarray
    employed: np.ndarray
    learner: np.ndarray
    online: np.ndarray
    interest: np.ndarray
    wards: int

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together."""
        problems = _lengths(self)
        if len(self.ward) and not 0 <= self.ward.min() <= self.ward.max() < self.wards:
            odd = self.ward.max() if self.ward.max() >= self.wards else self.ward.min()
            problems.append(SurveyError("survey.ward", found=int(odd), wards=self.wards))
        problems.stop_if_any()

    @property
    def age_class(self) -> np.ndarray:
        """Row of the weighting class of each resident."""
        return np.searchsorted(AGE_STARTS, self.age, side="right") - 1

    def base(self, question: Question) -> np.ndarray:
        """Who belongs to a question's base, yes/no."""
        if question.base == "employed":
            return self.employed.astype(bool)
        if question.base == "learners":
            return self.learner.astype(bool)
        return self.age >= int(question.base.removesuffix("+"))


@dataclass(frozen=True, eq=False)
class Companies:
    """Companies of a city, one entry each; all arrays have one length.

    Attributes
    ----------
    id : u8, stable name; draws hang on it
    employees : persons engaged, 1 or more
    interest : 0 to 1, how much the survey's subject interests them

    Raises
    ------
    SurveyError
        arrays of different lengths, an interest outside 0 to 1, a company of nobody
    """

    id: np.ndarray
    employees: np.ndarray
    interest: np.ndarray

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together."""
        problems = _lengths(self)
        if (self.employees < 1).any():
            row = int(np.argmax(self.employees < 1))
            problems.append(SurveyError("survey.employees", row=row, found=int(self.employees[row])))
        problems.stop_if_any()


def by_class(table: Mapping[str, float], values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Class row of each value, and the table's number of each class; labels are the first of a class.

    >>> by_class({"18": 0.25, "40": 0.42}, np.array([18, 39, 40]))
    (array([0, 0, 1]), array([0.25, 0.42]))
    """
    starts = sorted(table, key=float)
    row = np.searchsorted([float(first) for first in starts], values, side="right") - 1
    return np.maximum(row, 0), np.array([table[first] for first in starts])


def _lengths(people: Residents | Companies) -> Problems:
    """Problems of length, and of an interest that is no share."""
    problems = Problems()
    for field in fields(people):
        array = getattr(people, field.name)
        if isinstance(array, np.ndarray) and array.shape != people.id.shape:
            wanted = len(people.id)
            problems.append(SurveyError("survey.length", what=field.name, found=len(array), wanted=wanted))
    odd = ~((people.interest >= 0) & (people.interest <= 1))
    if odd.any():
        found = float(people.interest[np.argmax(odd)])
        problems.append(SurveyError("survey.share", what="interest", found=found))
    return problems
