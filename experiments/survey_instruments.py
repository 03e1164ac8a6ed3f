"""What a survey by mail, by web panel or by both would show of April 2022, beside the model's own truth.

Prints a Markdown table of indicators 2 and 4: share among residents of 18 and over, and as each
instrument would estimate it, averaged over many surveys. ``docs/survey.md`` shows its output.
Interest in the subject is not modelled yet: whoever uses the internet is taken as fully interested.

    python experiments/survey_instruments.py --fraction 0.2 --surveys 100
"""

import argparse

import numpy as np

from twin.agents.citizens import Day
from twin.chance import Chance
from twin.facts import Facts
from twin.kernels.adoption import USES
from twin.run.describe import table
from twin.survey import Residents, Wave, ask_residents
from twin.units import MONTHS_A_YEAR, month_start
from twin.verification.engine import city_model

ASKED = ("indicator_02", "indicator_04")
HEAD = ("instrument", "question", "truth, 18+", "raw", "weighted", "95 % interval, mean half", "answers", "response",
        "design effect", "on the web")  # fmt: skip


def residents_of(model) -> tuple[Residents, dict[str, np.ndarray]]:
    """The model's residents as plain arrays, and their states for the two questions."""
    people = model.citizens
    here = np.flatnonzero(people.here)
    age = (model.month - people.born[here].astype(int)) // MONTHS_A_YEAR
    device, net = (people.array("adoption.stage")[here, t] == USES for t in (0, 1))
    loss = model.facts.number("adoption.ability_loss", month_start(model.month))
    areas = model.city.areas.ward
    residents = Residents(
        id=people.id[here], age=age, sex=people.sex[here], ward=areas[people.area[here]],
        ability=people.ability[here] - loss * np.maximum(0, age - 65) / 10,
        employed=np.isin(people.day[here], (Day.WORK_IN_CITY, Day.WORK_OUTSIDE)),
        learner=people.day[here] == Day.SCHOOL, online=net, interest=net.astype(float),
        wards=int(areas.max()) + 1,
    )  # fmt: skip
    return residents, {"indicator_02": device.astype(float), "indicator_04": net.astype(float)}


def rows(residents: Residents, states: dict, facts: Facts, day, n: int, surveys: int) -> list[tuple]:
    """Means over surveys that differ in their name only."""
    chance, adult, found = Chance(1), residents.age >= facts.number("survey.youngest", day), []
    for instrument in ("mail", "web", "mixed"):
        waves = [Wave(f"survey {k}", day, instrument, n, ASKED) for k in range(surveys)]
        back = [ask_residents(wave, residents, states, facts, chance) for wave in waves]
        for question in ASKED:
            seen = [responses.estimate(question) for responses in back]

            def mean(what, seen=seen) -> float:
                return float(np.mean([what(one) for one in seen]))

            found.append((
                instrument, question, f"{states[question][adult].mean():.1%}", f"{mean(lambda e: e.raw.value):.1%}",
                f"{mean(lambda e: e.weighted.value):.1%}",
                f"{50 * mean(lambda e: e.weighted.high - e.weighted.low):.1f} points",
                f"{mean(lambda e: e.raw.n):,.0f}", f"{mean(lambda e: e.response_rate):.1%}",
                f"{mean(lambda e: e.weighted.deff):.2f}",
                f"{np.mean([r.web.sum() / r.returned.sum() for r in back]):.1%}",
            ))  # fmt: skip
    return found


def main() -> None:
    """Make the city of April 2022 and survey it."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--fraction", type=float, default=0.2)
    ask.add_argument("--n", type=int, default=3000)
    ask.add_argument("--surveys", type=int, default=100)
    args = ask.parse_args()
    model = city_model(fraction=args.fraction, months=18)  # from the census of October 2020
    facts, day = model.facts, month_start(model.month)
    residents, states = residents_of(model)
    print(
        f"{day}: {len(residents.id):,} residents simulated, {args.n:,} asked, {args.surveys} surveys each\n"
    )
    print(table(HEAD, rows(residents, states, facts, day, args.n, args.surveys)))


if __name__ == "__main__":
    main()
