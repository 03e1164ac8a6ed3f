"""The baseline's indicators over the whole horizon: no sudden steps, none at its end stop, proxies met."""

from datetime import date

import numpy as np
import pytest
from scipy.special import expit

from twin.agents.citizens import Day
from twin.indicators import READINGS, REGISTER
from twin.kernels.hazards import USES
from twin.processes.rates import LEARNING, NET
from twin.units import month_number
from twin.verification.engine import city_model

FRACTION = 0.02
END = month_number(date(2042, 4, 1))
INDICATORS = {indicator.slug: indicator for indicator in (*REGISTER.values(), *READINGS.values())}


def said_yes(model, question, rows):
    """Share of some people whom the survey in the model hears say yes, were they all asked."""
    process = next(p for p in model.processes if p.name == "felt")
    cut, leaning, sigma = (
        model.entry(f"survey.answer.{name}", question) for name in ("cut", "acquiescence", "sigma")
    )
    return expit((process.answers(model)[question][rows] - cut + leaning) / sigma).mean()


@pytest.fixture(scope="module")
def lived():
    """The city month by month to the end of year 20, and what was said on the dates of the proxies."""
    model, said = city_model(fraction=FRACTION), {}
    while model.month < END:
        model.step()
        people, day = model.citizens, model.day
        if day in (date(2020, 11, 1), date(2023, 3, 1), date(2024, 7, 1)):
            age = (model.month - people.born.astype(int)) // 12
            uses = people.array("adoption.stage") == USES
            at_school = people.day == Day.SCHOOL
            pupils = people.here & at_school & (age >= 12) & (age <= 15) & uses[:, LEARNING]
            online = people.here & (age >= 15) & (age < 80) & uses[:, NET]
            said[day.year] = {
                "pupils": said_yes(model, "indicator_09", pupils),
                "online": said_yes(model, "indicator_05", online),
            }
    return model, said


def series(model, indicator):
    answers = [indicator.answer(census) for census in model.ledger.censuses()]
    counted, asked = (np.array([answer[side].sum() for answer in answers], float) for side in (0, 1))
    return counted / asked


@pytest.mark.parametrize("slug", INDICATORS)
def test_no_step_of_ten_points_in_a_month_and_no_end_stop(lived, slug):
    found = series(lived[0], INDICATORS[slug])
    assert np.abs(np.diff(found)).max() < 0.10
    assert found.min() > 0.02
    assert found.max() < 0.98


@pytest.mark.parametrize(
    ("year", "who", "proxy"),
    [(2020, "pupils", 0.36), (2024, "pupils", 0.75), (2023, "online", 0.70)],  # docs/felt.md
)
def test_felt_answers_meet_the_proxies_they_were_fitted_to(lived, year, who, proxy):
    assert lived[1][year][who] == pytest.approx(proxy, abs=0.04)


def test_everybody_keeps_one_standard_for_life(lived):
    model = lived[0]
    people = model.citizens
    asks = model.chance.normal("felt: standard", 0, people.id[people.here])
    standard = people.array("felt.standard")[people.here]
    assert standard == pytest.approx(model.fact("felt.standards") * asks, abs=1e-6)
    assert standard.std() == pytest.approx(model.fact("felt.standards"), rel=0.03)
