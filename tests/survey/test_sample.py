"""Who is asked: how many from where, chance alike for all, and nobody touched by one citizen more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.survey.towns import part, plain, town, wave
from twin.chance import Chance
from twin.facts import Facts
from twin.survey import SurveyError, ask_residents
from twin.survey.sample import allocation, draw


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=8), st.floats(0, 1), st.integers(0, 3))
def test_allocation_adds_up_and_stays_within_one_of_proportion(people, part_asked, spread):
    n = round(part_asked * sum(people))
    given_places = allocation(n, people)
    assert given_places.sum() == n
    assert (given_places <= people).all()
    if sum(people):
        assert np.abs(given_places - n * np.array(people) / sum(people)).max() < 1 + 1e-6
    dense = allocation(n, people, weight=10.0 ** (spread * np.arange(len(people))))
    assert dense.sum() == n
    assert ((dense >= 0) & (dense <= people)).all()


def test_dense_strata_are_asked_whole_and_the_rest_share():
    assert allocation(60, [100, 10, 5], weight=[1, 5, 100]).tolist() == [45, 10, 5]


def drawn(residents, n, seed=1):
    return draw(wave(n), residents.id, residents.ward, residents.wards, Chance(seed))


def test_without_replacement_and_in_proportion_to_wards():
    residents = town()
    rows = drawn(residents, 1500)
    assert len(set(rows.tolist())) == 1500
    wanted = 1500 * np.bincount(residents.ward) / len(residents.id)
    assert np.abs(np.bincount(residents.ward[rows], minlength=6) - wanted).max() <= 1


def test_the_order_of_rows_does_not_matter():
    residents = town(3000)
    order = np.argsort(Chance(5).order("shuffle", 0, residents.id))
    mixed = part(residents, order)
    assert mixed.id[drawn(mixed, 400)].tolist() == residents.id[drawn(residents, 400)].tolist()


def test_one_citizen_more_moves_at_most_a_place_in_each_stratum():
    residents = town(3000)
    before = set(residents.id[drawn(residents, 400)].tolist())
    changes = []
    for left_out in range(0, 3000, 100):
        fewer = part(residents, np.delete(np.arange(3000), left_out))
        changes.append(len(before - set(fewer.id[drawn(fewer, 400)].tolist())))
    assert max(changes) <= 3
    assert min(changes) == 0  # most often nobody is touched
    assert np.median(changes) == 0


def test_everybody_of_a_ward_has_the_same_chance():
    residents = town(600)
    often = np.zeros(600)
    for seed in range(400):
        often[drawn(residents, 150, seed)] += 1
    places = allocation(150, np.bincount(residents.ward))
    for ward in range(6):
        inside = often[residents.ward == ward]
        assert inside.sum() == 400 * places[ward]
        share = places[ward] / len(inside)
        z = (inside - 400 * share) / np.sqrt(400 * share * (1 - share))
        assert np.abs(z).max() < 4.5
        assert z.std() == pytest.approx(1, abs=0.25)


def test_waves_ask_different_people_and_a_wave_the_same_again():
    residents, facts, states = town(3000), plain(), {"indicator_01": np.ones(3000)}
    rows = [
        ask_residents(wave(300, name=name), residents, states, facts, Chance(1)).row
        for name in ("2025", "2025", "2026")
    ]
    assert rows[0].tolist() == rows[1].tolist()
    assert len(set(rows[0].tolist()) & set(rows[2].tolist())) < 80  # 30 by chance


def test_more_than_the_frame_is_refused_in_both_languages():
    residents = town(3000)
    adults = int((residents.age >= 18).sum())
    facts, states = plain(), {"indicator_01": np.ones(3000)}
    assert ask_residents(wave(adults), residents, states, facts, Chance(1)).row.size == adults
    with pytest.raises(SurveyError) as error:
        ask_residents(wave(adults + 1), residents, states, facts, Chance(1))
    assert error.value.exit_code == 2
    for lang in ("ja", "en"):
        assert str(adults) in error.value.text(lang)
        assert str(adults + 1) in error.value.text(lang)


def test_those_asked_in_both_answer_alike_whoever_else_lives_there():
    residents = town(3000)
    felt = Chance(3).uniform("felt", 0, residents.id)
    fewer, kept = part(residents, np.arange(1, 3000)), felt[1:]
    heard = []
    for people, state in ((residents, felt), (fewer, kept)):
        about = wave(400, "mixed", ("indicator_05",))
        back = ask_residents(about, people, {"indicator_05": state}, Facts.read(), Chance(1))
        heard.append(
            dict(zip(people.id[back.row].tolist(), back.levels["indicator_05"].tolist(), strict=True))
        )
    both = heard[0].keys() & heard[1].keys()
    assert len(both) >= 397
    assert all(heard[0][id] == heard[1][id] for id in both)
