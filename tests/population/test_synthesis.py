"""The synthetic people against the census and against common sense: a home, a place, a parent for all."""

from dataclasses import replace
from datetime import date

import numba
import numpy as np
import pytest

from tests.toy_city import toy_city
from twin.agents.citizens import Day, Role
from twin.chance import Chance
from twin.errors import MarginError
from twin.facts import Change, Facts
from twin.population import People, synthesise
from twin.population.ages import band_totals, people_by_age, single_years
from twin.population.attributes import ability, working_day
from twin.population.places import town_totals
from twin.state import State
from twin.units import MONTHS_A_YEAR, month_number

CENSUS = date(2020, 10, 1)
EARLIER = date(2015, 10, 1)
CITY = toy_city()
FACTS = Facts.read()


@pytest.fixture(scope="module")
def everyone() -> People:
    return synthesise(CITY, FACTS, Chance(1), CENSUS)


@pytest.fixture(scope="module")
def sample() -> People:
    return synthesise(CITY, FACTS, Chance(1), CENSUS, 0.02)


def ages(people: People, day: date = CENSUS) -> np.ndarray:
    return (month_number(day) - people.citizens.born.astype(int)) // MONTHS_A_YEAR


def members(people: People, role: Role) -> np.ndarray:
    citizens = people.citizens
    return np.bincount(citizens.household[citizens.role == role], minlength=people.households.rows)


def consistent(people: People, day: date = CENSUS) -> None:
    """What must hold in every synthesis, whatever the fraction."""
    citizens, households, businesses = people.citizens, people.households, people.businesses
    State([citizens, households, businesses]).check()
    assert (citizens.id == np.arange(citizens.rows)).all()
    assert citizens.here.all()
    assert (citizens.town == households.town[citizens.household]).all()
    assert (citizens.area == CITY.towns.area[citizens.town]).all()
    assert (businesses.area == CITY.towns.area[businesses.town]).all()
    size = np.bincount(citizens.household, minlength=households.rows)
    assert (size > 0).all()
    general = ~households.institution
    assert (members(people, Role.HEAD)[general] == 1).all()
    assert (members(people, Role.HEAD)[~general] == 0).all()
    assert (members(people, Role.INMATE)[general] == 0).all()
    assert (members(people, Role.PARTNER) <= 1).all()
    age = ages(people, day)
    head_age = np.zeros(households.rows)
    head_age[citizens.household[citizens.role == Role.HEAD]] = age[citizens.role == Role.HEAD]
    assert head_age[general].min() >= 15
    works = citizens.day == Day.WORK_IN_CITY
    assert (works == (citizens.work >= 0)).all()
    placed = np.bincount(citizens.work[works], minlength=businesses.rows)
    assert (placed <= businesses.employees).all()


def test_wards_and_sexes_are_the_census(everyone):
    citizens = everyone.citizens
    assert citizens.rows == 974_951
    ward = CITY.towns.ward[citizens.town]
    assert np.bincount(ward).tolist() == [211_736, 177_328, 160_582, 146_940, 129_421, 148_944]
    men = np.bincount(ward[citizens.sex == 0])
    assert men.tolist() == [105_766, 87_280, 80_345, 73_000, 63_121, 71_734]


def test_age_groups_are_the_census(everyone):
    age = ages(everyone)
    assert (age < 15).sum() == 111_605
    assert ((age >= 15) & (age < 65)).sum() == 602_063
    assert (age >= 65).sum() == 261_283
    assert (age >= 75).sum() == round(130_246 * 261_283 / 249_963)
    assert (age >= 100).sum() > 100
    assert age.mean() + 0.5 == pytest.approx(47.0, abs=0.2)  # published mean age, not fitted


def test_households_are_the_census(everyone):
    households, size = everyone.households, np.bincount(everyone.citizens.household)
    general = ~households.institution
    assert general.sum() == 445_814
    assert size[general].sum() == 953_587
    assert size[general].mean() == pytest.approx(2.139, abs=5e-4)
    assert (size[general] == 1).sum() == 175_696
    assert households.institution.sum() == 2_168
    assert size[households.institution].sum() == 21_364
    lonely = (size == 1)[everyone.citizens.household] & general[everyone.citizens.household]
    assert (lonely & (ages(everyone) >= 65)).sum() == 48_326


def test_families_are_the_census_and_reported(everyone):
    rows = {row.what: row for row in everyone.fit.rows if row.where == ""}
    assert rows["nuclear"].got == 246_749
    assert rows["elderly_couple"].got == 51_250
    assert rows["parents_apart"].got < 0.002 * (everyone.citizens.role == Role.CHILD).sum()
    assert abs(rows["birth_age"].miss) < 1.5


def test_everything_is_consistent(everyone, sample):
    consistent(everyone)
    consistent(sample)


@pytest.mark.parametrize("fraction", [0.1, 0.005, 0.001, 0.0002])
@pytest.mark.parametrize("day", [CENSUS, EARLIER])
def test_any_fraction_scales_the_counts_and_stays_consistent(fraction, day):
    people = synthesise(CITY, FACTS, Chance(2), day, fraction)
    total = sum(FACTS.table("people.ward.total", day).values())
    assert people.citizens.rows == round(total * fraction)
    assert (~people.households.institution).sum() == round(
        FACTS.number("people.households.general", day) * fraction
    )
    assert not people.fit.missed()
    consistent(people, day)


def test_the_earlier_census_holds_its_own_totals():
    people = synthesise(CITY, FACTS, Chance(1), EARLIER, 1.0)
    ward = CITY.towns.ward[people.citizens.town]
    assert np.bincount(ward).tolist() == [205_070, 179_200, 160_968, 151_078, 126_848, 148_718]
    size = np.bincount(people.citizens.household)[~people.households.institution]
    assert (len(size), size.sum(), (size == 1).sum()) == (416_827, 953_753, 140_014)
    age = ages(people, EARLIER)
    known = FACTS.table("people.age.counted", EARLIER)
    assert (age < 15).sum() > known["0-14"]  # some of those of unknown age are children
    assert (age >= 65).sum() > known["65+"]
    consistent(people, EARLIER)


def test_towns_follow_their_weights(everyone):
    by_ward = np.bincount(CITY.towns.ward[everyone.citizens.town])
    wanted = town_totals(CITY, by_ward)
    assert (np.bincount(everyone.citizens.town) == wanted).all()
    weight = CITY.towns.people / np.bincount(CITY.towns.ward, weights=CITY.towns.people)[CITY.towns.ward]
    assert np.abs(wanted - weight * by_ward[CITY.towns.ward]).max() < 1


def test_couples_and_children_have_plausible_ages(everyone):
    citizens, age = everyone.citizens, ages(everyone)
    head, partner = (np.full(everyone.households.rows, -1) for _ in range(2))
    head[citizens.household[citizens.role == Role.HEAD]] = age[citizens.role == Role.HEAD]
    partner[citizens.household[citizens.role == Role.PARTNER]] = age[citizens.role == Role.PARTNER]
    gap = (head - partner)[partner >= 0]
    assert 0.5 < gap.mean() < 3.5
    assert np.abs(gap).max() <= 25
    child = citizens.role == Role.CHILD
    parent = np.where(partner >= 0, partner, head)[citizens.household[child]]
    apart = parent - age[child]
    assert apart.min() >= 13
    assert apart.max() <= 56
    assert (child | (citizens.role == Role.INMATE))[age < 15].all()


def test_establishments_are_the_economic_census(everyone):
    businesses = everyone.businesses
    assert businesses.rows == 27_826
    assert businesses.employees.sum() == 411_172
    assert len(np.unique(businesses.industry)) == 17
    assert businesses.employees.min() >= 1
    letters = sorted(FACTS.table("businesses.employees", CENSUS))
    retail = businesses.industry == letters.index("I")
    assert retail.sum() == 6_671
    assert businesses.employees[retail].sum() == 89_104


def test_workers_work_nearer_than_chance_would_have_it(everyone):
    citizens, x, y = everyone.citizens, CITY.areas.x, CITY.areas.y
    work = citizens.work >= 0
    home, place = citizens.area[work], everyone.businesses.area[citizens.work[work]]
    mixed = place[np.argsort(Chance(9).order("test", 0, np.arange(len(place))))]
    far = [np.hypot(x[home] - x[p], y[home] - y[p]).mean() for p in (place, mixed)]
    assert far[0] < 0.8 * far[1]
    assert 0.5 < work.sum() / 411_172 < 0.9  # the rest come from outside the city


def test_ability_is_standardised_and_rises_with_later_cohorts(everyone):
    citizens, age = everyone.citizens, ages(everyone)
    assert citizens.ability.mean() == pytest.approx(0, abs=0.01)
    assert citizens.ability.std() == pytest.approx(1, abs=0.01)
    means = [citizens.ability[(age >= low) & (age < low + 10)].mean() for low in range(20, 90, 10)]
    assert (np.diff(means) < 0).all()
    assert citizens.trust.mean() == pytest.approx(0, abs=0.01)
    assert citizens.trust.std() == pytest.approx(1, abs=0.01)


def test_income_is_shared_by_the_household_in_fifths(everyone):
    citizens = everyone.citizens
    first = np.unique(citizens.household, return_index=True)[1]
    assert (citizens.income == citizens.income[first][citizens.household]).all()
    shares = np.bincount(citizens.income[first], minlength=6)[1:] / everyone.households.rows
    np.testing.assert_allclose(shares, 0.2, atol=1e-4)


def test_the_working_day_follows_age(everyone):
    age, day = ages(everyone), everyone.citizens.day
    assert (day[(age >= 6) & (age < 15)] == Day.SCHOOL).all()
    assert (day[age < 6] == Day.HOME).all()
    assert (day[age >= 95] == Day.HOME).all()
    prime = (age >= 35) & (age < 50)
    assert (day[prime] != Day.HOME).mean() == pytest.approx(0.85, abs=0.04)


def test_the_same_seed_gives_the_same_people_and_another_seed_others(sample):
    again = synthesise(CITY, FACTS, Chance(1), CENSUS, 0.02)
    other = synthesise(CITY, FACTS, Chance(5), CENSUS, 0.02)
    tables = lambda p: State([p.citizens, p.households, p.businesses]).arrays()  # noqa: E731
    first, second = tables(sample), tables(again)
    assert all((first[key] == second[key]).all() for key in first)
    assert (sample.citizens.born != other.citizens.born).any()
    assert not other.fit.missed()


def test_the_number_of_threads_does_not_matter(sample):
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        alone = synthesise(CITY, FACTS, Chance(1), CENSUS, 0.02)
    finally:
        numba.set_num_threads(before)
    for key, values in State([sample.citizens]).arrays().items():
        assert (values == State([alone.citizens]).arrays()[key]).all()


def test_a_sample_has_the_shape_of_the_city(everyone, sample):
    """Means of a sample lie within sampling error of the city's (V-40 for the people themselves)."""
    count = sample.citizens.rows
    for name in ("ability", "trust", "income"):
        small, large = getattr(sample.citizens, name), getattr(everyone.citizens, name)
        # income is shared by household, so its effective sample is smaller
        assert abs(small.mean() - large.mean()) < 5 * large.std() / np.sqrt(count / 2)
    assert np.abs(ages(sample).mean() - ages(everyone).mean()) < 0.1
    for value in Day:
        share = (everyone.citizens.day == value).mean()
        assert abs((sample.citizens.day == value).mean() - share) < 5 * np.sqrt(share / count)


@pytest.mark.parametrize(
    ("fact", "value", "label", "words"),
    [
        ("people.households.single", 500_000, None, ("single", "500,000", "445,814")),
        ("people.households.nuclear", 300_000, None, ("single + nuclear", "475,696", "445,814")),
        ("people.households.elderly_single", 180_000, None, ("elderly_single", "180,000", "175,696")),
        ("people.households.members", 980_000, None, ("members", "980,000", "974,951")),
        ("people.age.counted", 300_000, "75+", ("75+", "300,000", "249,963")),
        ("people.age.counted", 800_000, "15-64", ("people.age.counted", "1,160,892", "974,951")),
        ("businesses.establishments", 40_000, "M", ("[M]", "40,000", "33,702")),
    ],
)
def test_contradictory_totals_stop_and_name_both(fact, value, label, words):
    changed = FACTS.changed([Change(fact, value, CENSUS, label=label)])
    with pytest.raises(MarginError) as error:
        synthesise(CITY, changed, Chance(1), CENSUS, 0.01)
    for lang in ("ja", "en"):
        assert all(word in error.value.text(lang) for word in words)


@pytest.mark.parametrize("fraction", [0, -0.5, 1.01, float("nan")])
def test_impossible_fractions_stop(fraction):
    with pytest.raises(MarginError):
        synthesise(CITY, FACTS, Chance(1), CENSUS, fraction)


def test_a_city_with_other_wards_stops():
    wards = replace(CITY.wards, code=("1", *CITY.wards.code[1:]))
    with pytest.raises(MarginError, match="12101"):
        synthesise(replace(CITY, wards=wards), FACTS, Chance(1), CENSUS, 0.01)


def test_report_speaks_both_languages_and_lists_worst_cells(sample):
    for lang, word in (("ja", "単独世帯"), ("en", "one-person households")):
        text = sample.fit.text(lang)
        assert word in text
        assert "{" not in text
    assert len(sample.fit.wards()) == 6
    for ward in sample.fit.wards():
        worst = sample.fit.worst(ward)
        assert len(worst) == 3
        assert worst[0].relative >= worst[-1].relative


def test_a_missed_total_is_a_gate(sample):
    wrong = replace(sample.fit.rows[0], got=sample.fit.rows[0].got + 1)
    with pytest.raises(MarginError, match=f"{wrong.got:,}"):
        replace(sample.fit, rows=[wrong]).stop_if_missed()


def test_single_years_are_smooth_and_keep_the_five_year_groups():
    years = single_years(FACTS, CENSUS)
    japan = FACTS.table("people.age.japan", CENSUS)
    total = sum(japan.values())
    for start in range(0, 100, 5):
        assert years[start : start + 5].sum() * total == pytest.approx(japan[str(start)], rel=1e-6)
    assert (years > 0).all()
    assert np.abs(np.diff(years)).max() < 0.2 * years.max()


def test_unknown_ages_are_shared_as_the_census_shares_them():
    np.testing.assert_allclose(band_totals(FACTS, CENSUS, 974_951)[:2], [111_605, 602_063])
    assert band_totals(FACTS, EARLIER, 971_882).sum() == pytest.approx(971_882)


def test_ages_of_wards_lean_the_way_the_seed_says():
    people = people_by_age(CITY.wards.code, FACTS, CENSUS, Chance(1))
    old = people[:, :, 65:].sum(axis=(1, 2)) / people.sum(axis=(1, 2))
    assert old.argmax() == 3  # Wakaba
    assert old.argmin() == 4  # Midori


def test_newcomers_can_use_the_same_rules_by_id():
    born = np.array([month_number(date(1990, 4, 1))] * 3)
    ids = np.array([5, 2**63 + 7, 5], dtype="u8")
    drawn = ability(born, ids, FACTS, Chance(1))
    assert drawn[0] == drawn[2] != drawn[1]
    where = working_day(
        np.array([8, 40, 8]), np.zeros(3, int), np.zeros(3, int), ids, FACTS, CENSUS, Chance(1)
    )
    assert where[0] == Day.SCHOOL
