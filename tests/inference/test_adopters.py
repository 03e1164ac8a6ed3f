"""Reading who named whom, and choosing among people."""

import numpy as np
import pytest

from tests.inference.people import tiny
from twin.errors import InputError
from twin.inference import SOURCES, curve, files, read

PEOPLE = "city,id,toa\n1,1,1\n1,7,18\n2,1,3\n"
TIES = "city,ego,alter,kind\n1,7,1,friend\n1,7,1,friend\n1,7,7,friend\n1,7,99,advice\n2,1,7,friend\n1,1,7,advice\n"


def write(folder, people=PEOPLE, ties=TIES):
    for path, text in zip(files("doctors", folder), (people, ties), strict=True):
        path.write_text(text, "utf-8")
    return folder


def test_reads_people_and_ties(tmp_path):
    people = read("doctors", write(tmp_path))
    assert people.kinds == ("friend", "advice")
    assert people.place.tolist() == [1, 1, 2]
    assert people.began.tolist() == [1, 18, 3]
    assert people.start.tolist() == [0, 1, 3, 4]  # the tie told twice and the tie to oneself are gone
    assert people.other.tolist() == [1, 0, -1, -1]  # a stranger; number 7 of another city
    assert people.layer.tolist() == [2, 1, 2, 1]
    assert people.weight("advice").tolist() == [0, 0, 1]
    assert people.weight().tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("people", "ties", "where", "found"),
    [
        ("city,id\n1,1\n", TIES, "doctors_people.csv", "toa"),
        (PEOPLE + "1,7,2\n", TIES, "doctors_people.csv:5", "id 7"),
        (PEOPLE + "1,8,19\n", TIES, "doctors_people.csv:5", "toa 19"),
        (PEOPLE + "1,8,soon\n", TIES, "doctors_people.csv:5", "toa soon"),
        (PEOPLE + "1,8,2.5\n", TIES, "doctors_people.csv:5", "toa 2.5"),
        (PEOPLE, TIES + "2,7,1,friend\n", "doctors_ties.csv:8", "ego 7"),
    ],
)
def test_bad_files_are_told_with_their_place(tmp_path, people, ties, where, found):
    with pytest.raises(InputError) as told:
        read("doctors", write(tmp_path, people, ties))
    for lang in ("ja", "en"):
        assert told.value.text(lang).startswith(where + ":")
        assert found in told.value.text(lang)


def test_some_of_the_people_keep_their_ties_among_themselves():
    some = tiny().only(np.array([True, False, True]))
    assert some.start.tolist() == [0, 2, 3]
    assert some.other.tolist() == [-1, 1, 0]
    assert some.layer.tolist() == [1, 2, 2]
    assert some.began.tolist() == [1, 4]


def test_copies_know_nothing_of_each_other():
    two = tiny().copies(2)
    assert two.start.tolist() == [0, 2, 4, 5, 7, 9, 10]
    assert two.other.tolist() == [1, 2, 0, -1, 0, 4, 5, 3, -1, 3]
    assert two.layer.tolist() == tiny().layer.tolist() * 2


def test_everybody_listens_to_all_others_of_the_place(tmp_path):
    all_of_them = read("doctors", write(tmp_path)).everybody()
    assert all_of_them.start.tolist() == [0, 1, 2, 2]
    assert all_of_them.other.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("name", "people", "named", "last"), [("doctors", 125, 912, 109), ("korean_villages", 647, 5875, 435)]
)
def test_the_real_files(name, people, named, last):
    if not all(path.is_file() for path in files(name)):
        pytest.skip("the people and ties are not beside the project")
    real = read(name)
    assert (len(real), len(real.other), len(real.kinds)) == (people, named, 3)
    assert curve(real.began, SOURCES[name].steps)[-1] == last
