"""Each indicator counts whom its definition says, and is of the kind the vision prints."""

import numpy as np
import pytest

from twin.indicators import READINGS, REGISTER, measures
from twin.results.census import BROAD, GROUPS, QUANTITIES, Census, groups_in
from twin.results.ledger import Ledger, Places
from twin.vision import Vision
from twin.vision.vision import KINDS

PERSONS = {
    2: ("device", "6+"), 4: ("net", "6+"), 5: ("convenient", "18+"), 8: ("learning", "6+"),
    9: ("learning_better", None), 10: ("informed", "18+"), 12: ("card", "all"), 14: ("aware_egov", "18+"),
}  # fmt: skip


@pytest.fixture(scope="module")
def census():
    numbers = np.arange(2 * len(GROUPS) * len(QUANTITIES)).reshape(2, len(GROUPS), len(QUANTITIES))
    counts = numbers * 7919 % 83
    counts[:, :, 0] = 100 + numbers[:, :, 0] % 11
    flows = {"filed_a": [50, 30], "online_a": [20, 30], "procedures": [50, 30], "procedures_online": [20, 30]}
    return Census(1500, counts, {name: np.array(numbers) for name, numbers in flows.items()})


@pytest.mark.parametrize("number", PERSONS)
def test_persons_are_counted_within_their_base(census, number):
    quantity, base = PERSONS[number]
    counted, asked = REGISTER[number].answer(census)
    column = census.counts[:, :, QUANTITIES.index(quantity)]
    if base is None:
        np.testing.assert_array_equal(counted, column)
        np.testing.assert_array_equal(asked, census.counts[:, :, QUANTITIES.index("learner")])
        return
    inside = groups_in(base)
    outside = np.ones(len(GROUPS), bool)
    outside[inside] = False
    np.testing.assert_array_equal(counted[:, inside], column[:, inside])
    np.testing.assert_array_equal(asked[:, inside], census.people[:, inside])
    assert counted[:, outside].sum() == asked[:, outside].sum() == 0


def test_kinds_are_those_the_vision_prints():
    vision = Vision.read()
    for entry in (*REGISTER.values(), *READINGS.values()):
        assert entry.kind == KINDS[vision.indicator(entry.number).kind], entry.slug


def test_answers_are_by_group_or_by_area_as_declared(census):
    for entry in (*REGISTER.values(), *READINGS.values()):
        shape = census.people.shape if entry.by_group else census.people.shape[:1]
        assert [side.shape for side in entry.answer(census)] == [shape] * 2, entry.slug


class Asked(Census):
    """A census that remembers what it was asked for."""

    def users(self, quantity):
        self.names.add(quantity)
        return super().users(quantity)


def test_needs_are_what_the_answer_is_made_of(census):
    class Flows(dict):
        def get(self, name, default=None):
            asked.names.add(name)
            return super().get(name, default)

    for entry in (*REGISTER.values(), *READINGS.values()):
        asked = Asked(census.month, census.counts, Flows(census.flows))
        object.__setattr__(asked, "names", set())
        entry.answer(asked)
        # shares by type go through every type there is; the sum of all types stands for them
        names = {name for name in asked.names if not name.startswith(("filed_", "online_"))}
        assert (names or {"procedures"}) == set(entry.needs), entry.slug


def test_what_is_not_counted_is_left_out_not_nought(census):
    counted = {name for entry in REGISTER.values() for name in entry.needs} - {"convenient", "device"}
    left = {slug for slug, _, _ in measures()} - {slug for slug, _, _ in measures(counted)}
    assert left == {"indicator_02", "indicator_05", "indicator_07_staff"}
    ledger = Ledger(2)
    ledger.close(census, 100)
    places = Places("city", ["ward"], ["one", "two"], np.array([0, 0]))
    table = ledger.table({"scenario": "s", "draw": 0, "seed": 1}, places, measures(counted), counted)
    assert {"indicator_04", "net_users"} <= set(table.indicator)
    assert not {"indicator_02", "indicator_05", "device_owners"} & set(table.indicator)


def test_the_ledger_divides_what_is_added_up_for_both_forms(census):
    ledger = Ledger(2)
    for name, by_area in census.flows.items():
        ledger.tally(name, by_area)
    ledger.close(census, 100)
    places = Places("city", ["ward"], ["one", "two"], np.array([0, 0]))
    table = ledger.table({"scenario": "s", "draw": 0, "seed": 1}, places, measures())
    value = table.set_index(["indicator", "area", "group"]).value
    assert value["indicator_13", "city", "all"] == 50 / 80
    assert value["indicator_13", "one", "all"] == 20 / 50
    assert set(table[table.indicator == "indicator_13"].group) == {"all"}
    young, old = (groups_in(name) for name in ("0-74", "75+"))
    better, learners = REGISTER[9].answer(census)
    for name, ages in (("0-74", young), ("75+", old)):
        wanted = better[:, ages].sum() / learners[:, ages].sum()
        assert value["indicator_09", "city", name] == wanted
    assert list(range(*young.indices(99))) + list(range(*old.indices(99))) == list(range(len(GROUPS)))
    assert "0-74" in BROAD
