"""Made-up residents and plain facts for the tests of surveys."""

from datetime import date

import numpy as np

from twin.chance import Chance
from twin.facts import Facts
from twin.survey import Residents, Wave, questions
from twin.verification.worlds import with_values

DAY = date(2026, 10, 1)
CITIZENS = tuple(id for id, q in questions().items() if not q.of_firms)


def town(people: int = 20_000, **other) -> Residents:
    """A town of six wards; who is what is settled by draws that hang on the id."""
    chance, id = Chance(99), np.arange(people, dtype=np.uint64) + np.uint64(1000)

    def u(what):
        return chance.uniform(what, 0, id)

    columns = {
        "id": id, "age": (u("age") * 95).astype(int), "sex": (u("sex") < 0.52).astype(int),
        "ward": chance.choice("ward", 0, id, [4, 3, 3, 2, 2, 2]), "ability": chance.normal("ability", 0, id),
        "employed": u("work") < 0.5, "learner": u("learn") < 0.2, "online": u("online") < 0.8,
        "interest": u("interest"),
    }  # fmt: skip
    return Residents(**{**columns, **other}, wards=6)


def part(residents: Residents, rows) -> Residents:
    """The residents in some rows, in that order."""
    names = ("id", "age", "sex", "ward", "ability", "employed", "learner", "online", "interest")
    return Residents(**{name: getattr(residents, name)[rows] for name in names}, wards=residents.wards)


def wave(n: int = 1000, instrument: str = "mail", asked=("indicator_01",), name: str = "test") -> Wave:
    return Wave(name, DAY, instrument, n, tuple(asked))


def changed(**values) -> Facts:
    """Packaged facts with some survey facts replaced; dots of a name are written as two underscores."""
    facts = Facts.read()
    said = {f"survey.{name.replace('__', '.')}": value for name, value in values.items()}
    assert set(said) <= set(facts)
    return with_values(facts, said)


def plain(**values) -> Facts:
    """Facts in which answers are the state itself, all sheets come back, and nobody is unsure."""

    def all_questions(value):
        return dict.fromkeys(questions(), value)

    instruments = dict.fromkeys(("mail", "web", "mixed"), 0.0)
    usual = {
        "response__share": {"18": 1.0}, "response__women": 0.0, "firms__share": 1.0, "panel__share": 1.0,
        "panel__interest": 0.0, "response__instrument": instruments,
        "response__interest": {**instruments, "companies": 0.0}, "answer__cut": all_questions(0.5),
        "answer__sigma": all_questions(0.01), "answer__acquiescence": all_questions(0.0),
        "answer__web": all_questions(0.0), "answer__dont_know": all_questions(0.0),
    }  # fmt: skip
    return changed(**{**usual, **values})
