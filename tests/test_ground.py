"""The ground floors: errors, units, chance, state, facts."""

import pickle
from datetime import date

import numpy as np
import pytest

from twin import units
from twin.chance import Chance
from twin.errors import FactError, ManyProblems, Problems, ScenarioError, StateError, TwinError
from twin.facts import Change, Facts
from twin.state import Column, State, Table


class Homes(Table):
    name = "homes"
    rooms = Column("u1", "rooms", "rooms of the home", low=1, high=9, start=1)


class People(Table):
    name = "people"
    home = Column("i4", "home row", "where one lives", low=-1, start=-1, refers="homes")
    age = Column("u1", "years", "age", low=0, high=120)
    uses = Column("?", "yes/no", "uses what", each=("a", "b"))


@pytest.fixture
def state():
    homes, people = Homes(), People()
    state = State([homes, people])
    with state.writing_all():
        homes.append(3)
        rows = people.append(4)
        people.home[rows] = [0, 1, 1, 2]
        people.age[rows] = [10, 20, 30, 40]
    return state


class TestState:
    def test_columns_are_read_only_outside_writing(self, state):
        with pytest.raises(ValueError, match="read-only"):
            state["people.age"][0] = 5

    def test_a_whole_column_is_not_assigned(self, state):
        with pytest.raises(StateError, match="write into it"):
            state.tables["people"].age = np.zeros(4)

    def test_only_declared_columns_open(self, state):
        with state.writing("x", {"people.age"}):
            state["people.age"][0] = 5
            with pytest.raises(ValueError, match="read-only"):
                state["people.home"][0] = 0
        with pytest.raises(StateError), state.writing("x", {"people.agee"}):
            pass

    def test_compacting_mends_references(self, state):
        with state.writing_all():
            state.compact("homes", np.array([1, 2]))
        assert state["people.home"].tolist() == [-1, 0, 0, 1]
        state.compact("people", np.array([3, 1]))
        assert state["people.age"].tolist() == [40, 20]
        assert state["people.home"].tolist() == [1, 0]

    def test_a_value_out_of_range_is_named(self, state):
        with state.writing_all():
            state["people.age"][2] = 200
        with pytest.raises(StateError, match=r"people\.age.*row 2 = 200"):
            state.check()

    def test_growing_keeps_what_was_there(self, state):
        people = state.tables["people"]
        with state.writing_all():
            people.append(10_000)
        assert people.age[:4].tolist() == [10, 20, 30, 40]
        assert people.uses.shape == (10_004, 2)

    def test_saved_and_restored(self, state):
        kept = {name: array.copy() for name, array in state.arrays().items()}
        with state.writing_all():
            state.tables["people"].append(5)
            state["people.age"][:] = 1
        state.restore(kept)
        assert state["people.age"].tolist() == [10, 20, 30, 40]


class TestChance:
    def test_a_draw_hangs_on_seed_purpose_step_and_id_alone(self):
        chance = Chance(3)
        many = chance.uniform("a", 1, np.arange(100_000))
        assert chance.uniform("a", 1, [99_999])[0] == many[-1]
        assert chance.uniform("a", 2, [5])[0] != many[5]
        assert chance.uniform("b", 1, [5])[0] != many[5]
        assert Chance(4).uniform("a", 1, [5])[0] != many[5]

    def test_below_is_the_uniform_draw_against_its_limit(self):
        ids, level = np.arange(50_000, dtype=np.uint64), np.arange(50_000) % 3
        rows, draw = Chance(3).below("a", 1, ids, [0.0, 0.25, 1.0], level)
        whole = Chance(3).uniform("a", 1, ids)
        assert (rows == np.flatnonzero(whole < np.array([0.0, 0.25, 1.0])[level])).all()
        assert (draw == whole[rows]).all()

    def test_few_and_many_ids_give_the_same_bits(self):
        ids = np.arange(50_000, dtype=np.uint64)
        whole = Chance(1).uniform("x", 0, ids)
        assert (
            np.concatenate([Chance(1).uniform("x", 0, part) for part in np.split(ids, 50)]) == whole
        ).all()
        order = Chance(1).order("x", 0, ids)
        assert (Chance(1).order("x", 0, ids[:10]) == order[:10]).all()

    def test_normal_and_choice(self):
        chance, ids = Chance(9), np.arange(200_000)
        normal = chance.normal("n", 0, ids)
        assert abs(normal.mean()) < 0.01
        assert abs(normal.std() - 1) < 0.01
        counts = np.bincount(chance.choice("c", 0, ids, [1, 0, 3]), minlength=3) / len(ids)
        assert counts[1] == 0
        assert abs(counts[2] - 0.75) < 0.005

    def test_new_ids_do_not_hang_on_the_seed(self):
        assert (Chance(1).new_ids("birth", 5, [7, 8]) == Chance(2).new_ids("birth", 5, [7, 8])).all()
        assert (
            len(set(Chance(1).new_ids("arrival", 5, np.zeros(1000, int), np.arange(1000)).tolist())) == 1000
        )


class TestUnits:
    def test_months_and_fiscal_years(self):
        march = units.month_number(date(2027, 3, 31))
        assert units.fiscal_year(march) == 2026
        assert units.fiscal_year(march + 1) == 2027
        assert units.fiscal_year_end(2026) == march
        assert units.month_start(march) == date(2027, 3, 1)

    def test_shares_and_rates_are_inverse(self):
        for rate in (0.0, 0.01, 2.0):
            assert units.rate_of_share(units.share_per_step(rate, 1 / 12), 1 / 12) == pytest.approx(rate)


class TestFacts:
    def test_dated_values_and_changes(self):
        facts, key = Facts.read(), "demography.births.total_fertility"
        before = facts.number(key, date(2030, 1, 1))
        changed = facts.changed([Change(key, 1.05, since=date(2025, 4, 1), until=date(2028, 4, 1))])
        assert changed.number(key, date(2025, 3, 31)) == facts.number(key, date(2025, 3, 31))
        assert changed.number(key, date(2025, 4, 1)) == 1.05
        assert changed.number(key, date(2030, 1, 1)) == before
        assert changed.sha256() != facts.sha256()
        assert changed.period(date(2025, 3, 31)) < changed.period(date(2025, 4, 1))

    def test_one_entry_of_a_table(self):
        facts = Facts.read().changed([Change("adoption.stop", 0.02, date(2025, 4, 1), label="net")])
        table = facts.table("adoption.stop", date(2026, 1, 1))
        assert table["net"] == 0.02
        assert table["device"] == Facts.read().table("adoption.stop", date(2026, 1, 1))["device"]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (Change("adoption.stopp", 0.02, date(2025, 4, 1)), "adoption.stop"),
            (Change("adoption.ability_loss", 7.0, date(2025, 4, 1)), "outside"),
            (Change("adoption.ability_loss", float("nan"), date(2025, 4, 1)), "finite"),
            (Change("adoption.ability_loss", {"a": 1.0}, date(2025, 4, 1)), "one number"),
            (Change("adoption.stop", 0.02, date(2025, 4, 1)), "table"),
            (Change("adoption.stop", 0.02, date(2025, 4, 1), label="phone"), "phone"),
        ],
    )
    def test_a_wrong_change_is_help(self, change, said):
        with pytest.raises(FactError, match=said):
            Facts.read().changed([change])

    @pytest.mark.parametrize("field", ["unit", "about", "about_ja", "source", "grade", "range"])
    def test_an_incomplete_fact_stops(self, field, tmp_path):
        entry = {
            "unit": '"x"', "about": '"x"', "about_ja": '"x"', "source": '"x"', "grade": '"assumed"',
            "range": "[0, 1]", "value": "0.5",
        }  # fmt: skip
        del entry[field]
        text = "[a]\n" + "\n".join(f"{k} = {v}" for k, v in entry.items())
        (tmp_path / "made.toml").write_text(text, encoding="utf-8")
        with pytest.raises(FactError):
            Facts.read(tmp_path)


class TestErrors:
    def test_problems_are_collected_and_counted(self):
        problems = Problems(ScenarioError("scenario.good", id=str(n)) for n in range(60))
        with pytest.raises(ManyProblems) as many:
            problems.stop_if_any()
        assert "60" in many.value.text("en")
        assert "10" in many.value.text("ja").splitlines()[-1]

    def test_errors_travel_between_processes(self):
        error = pickle.loads(pickle.dumps(ScenarioError("scenario.good", where="a.toml", id="x")))
        assert isinstance(error, TwinError)
        assert error.both() == ScenarioError("scenario.good", where="a.toml", id="x").both()
