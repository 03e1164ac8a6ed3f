"""Trust, incidents and acceptance: cuts, levels, what a leak and safeguards do, what they leave alone."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.processes.paired import AFTER, differences, interval, live, share
from twin.facts import Change, Facts
from twin.kernels.hazards import ACCESS, STOPPED
from twin.processes.adoption import Adoption
from twin.processes.incidents import REMEMBERED, failure, incidents
from twin.processes.rates import CARD, DEVICE, EGOV, HEALTH, MAAS, TECHNOLOGIES
from twin.results.census import GROUPS
from twin.run.beginning import begin
from twin.run.plan import model_of
from twin.units import month_number
from twin.verification.engine import baseline, city_model
from twin.verification.worlds import city, with_values

LEAK = Change("trust.leak", 5.0, since=AFTER, until=date(2020, 12, 1))
NO_INCIDENTS = {"trust.incidents_country": 0.0, "trust.incidents_city": 0.0}


def quiet() -> Facts:
    return with_values(Facts.read(), NO_INCIDENTS)


def test_shares_at_the_start_are_the_published_ones():
    model = city_model()
    for mark in ("accepts", "accepts_freely"):
        adults = model.census.people[:, GROUPS.index("18-19") :].sum()
        assert share(model, mark) == pytest.approx(model.fact(f"trust.{mark}"), abs=1.5 / adults)


def test_levels_are_ordered_and_are_the_marks_and_the_answers():
    model = city_model(months=12)
    trust = next(p for p in model.processes if p.name == "trust")
    levels, marks = trust.levels(model), trust.mark(model)
    assert set(np.unique(levels)) == {0, 1, 2}
    assert (np.diff(levels[np.argsort(model.citizens.trust)].astype(int)) >= 0).all()
    assert (marks["accepts"] == (levels >= 1)).all()
    assert (marks["accepts_freely"] == (levels == 2)).all()
    assert (trust.answers(model)["indicator_03"] == levels).all()


def test_without_its_couplings_trust_is_as_if_nobody_followed_it():
    off = ("trust.use", "trust.incidents")
    followed = city_model(off=off, months=14)
    scenario = replace(baseline(), processes=tuple(p for p in baseline().processes if p != "trust"))
    without = model_of(city(), begin(city(), scenario, Facts.read(), 0.005), scenario, Facts.read(), 1, 0.005)
    without.start()
    without.live(14)
    for column, values in without.state.arrays().items():
        assert np.array_equal(values, followed.state.arrays()[column]), column


def test_trust_is_what_the_page_says():
    """Own level, good use, incidents: by hand for everybody who lives on, month by month."""
    model = city_model(changes=[LEAK])
    for _ in range(3):
        before, base = model.citizens.trust.astype(float), model.citizens.array("trust.base").astype(float)
        rows, month = len(before), model.month
        model.step()
        benefit = model.citizens.array("felt.benefit")[:rows].astype(float)
        use = sum(benefit[:, TECHNOLOGIES.index(name)] for name in ("egov", "maas", "health"))
        happened = incidents(model, month)[-1]
        wanted = before + 0.04 * use - 0.2 * happened - 0.04 * (before - base)
        np.testing.assert_allclose(model.citizens.trust[:rows], wanted, atol=1e-5)
        assert happened >= (5 if month == month_number(AFTER) else 0)


def test_people_at_rest_stay_where_they_are():
    """Whoever neither uses such services nor hears of incidents keeps the own level for ever."""
    model = city_model(facts=quiet(), months=10)
    rest = (model.citizens.array("adoption.stage")[:, [EGOV, MAAS, HEALTH]] <= ACCESS).all(axis=1)
    assert rest.sum() > 100
    assert np.array_equal(model.citizens.trust[rest], model.citizens.array("trust.base")[rest])
    assert (model.citizens.trust >= model.citizens.array("trust.base")).all()


def test_number_of_incidents_follows_its_rate():
    model = city_model()
    counts = np.concatenate([incidents(replace_seed(model, seed), model.month) for seed in range(300)])
    rate = 0.2 + 0.15 * (1 - 0.7 * 0.2)  # safeguards before the census
    years = len(counts) / 12
    assert counts.sum() == pytest.approx(rate * years, abs=4.5 * (rate * years) ** 0.5)
    assert (counts == np.rint(counts)).all()


def replace_seed(model, seed):
    model.chance.seed = seed
    return model


def test_safeguards_only_take_incidents_away():
    plain, safe = city_model(), city_model(changes=[live("data_safeguards", 1.0)])
    last, total = plain.month + REMEMBERED, []
    for seed in range(200):
        a, b = (incidents(replace_seed(m, seed), last) for m in (plain, safe))
        assert (b <= a).all()
        country = [incidents(replace_seed(m, seed), last, city=False) for m in (plain, safe)]
        assert np.array_equal(*country)
        total.append((a.sum(), b.sum()))
    with_half, with_all = np.sum(total, axis=0)
    assert with_all < 0.9 * with_half


def test_safeguards_keep_acceptance_up_where_they_prevent_an_incident():
    months, safe = 18, [live("data_safeguards", 1.0)]
    a, b = city_model(), city_model(changes=safe)

    def prevented(seed):
        found = [incidents(replace_seed(m, seed), m.month + months - 1)[-months:].sum() for m in (a, b)]
        return found[0] > found[1]

    seed = next(seed for seed in range(1, 200) if prevented(seed))
    plain, kept = (city_model(seed=seed, changes=c, months=months) for c in ((), safe))
    assert share(kept, "accepts") > share(plain, "accepts") + 0.02


def test_failure_is_nought_without_incidents_and_fades():
    assert (failure(city_model(facts=quiet())) == 0).all()
    assert (failure(city_model(changes=[LEAK], off=("trust.incidents",), months=2)) == 0).all()
    model = city_model(facts=quiet(), changes=[LEAK])
    seen = []
    for _ in range(14):
        seen.append(failure(model)[EGOV])
        model.step()
    assert seen[0] == 0  # before the leak
    assert seen[1] == pytest.approx(5 * 0.4)
    assert seen[7] == pytest.approx(seen[1] / 2)
    assert (np.diff(seen[1:]) < 0).all()
    assert failure(model)[DEVICE] == failure(model)[CARD] == 0
    assert (failure(model, city=False) == 0).all()  # nobody elsewhere heard of it


def test_a_leak_lowers_acceptance_and_raises_stopping():
    low, high = interval(differences([LEAK], lambda model: share(model, "accepts"), months=8))
    assert high < -0.10
    assert low > -0.40
    stopped = lambda model: (stages(model)[:, [EGOV, HEALTH]] == STOPPED).sum()  # noqa: E731
    more = differences([LEAK], stopped, months=12, off=("adoption.trust",))
    assert interval(more)[0] > 0


def stages(model):
    return model.citizens.array("adoption.stage")[model.citizens.here]


def test_the_sieve_knows_of_incidents(monkeypatch):
    """Looking at everybody's whole draw gives the same month as the sieve, made before the leak, does."""
    sieved = city_model(changes=[LEAK], months=6)
    makes = Adoption._sieve
    monkeypatch.setattr(Adoption, "_sieve", lambda *asked: np.full_like(makes(*asked), 255))
    looked = city_model(changes=[LEAK], months=6)
    assert np.array_equal(stages(sieved), stages(looked))


def test_a_leak_leaves_device_card_and_people_alone():
    plain, leaked = city_model(months=8), city_model(changes=[LEAK], months=8)
    for column in ("id", "household", "area", "born"):
        assert np.array_equal(plain.citizens.array(column), leaked.citizens.array(column))
    for k in (DEVICE, CARD):
        assert np.array_equal(*(m.citizens.array("adoption.stage")[:, k] for m in (plain, leaked)))


def test_better_services_raise_trust():
    better = [
        live(name, 1.0) for name in ("remote_care", "health_records", "online_procedures", "push_notices")
    ]
    found = differences(better, lambda model: model.citizens.trust[model.citizens.here].mean(), months=24)
    assert interval(found)[0] > 0


def test_newcomers_meet_the_mood_of_the_country():
    """With many incidents behind them, those who arrive trust less than they would by themselves."""
    facts = with_values(Facts.read(), {"trust.incidents_country": 1.0, "trust.incidents_city": 0.0})
    model = city_model(facts=facts, off=("trust.use",))
    model.live(2)
    old = model.citizens.rows
    model.step()
    shift = (model.citizens.trust - model.citizens.array("trust.base"))[[0, old]]
    assert (shift < 0).all()
    assert shift[1] == pytest.approx(shift[0], abs=1e-2)
