"""The month of the demography process, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from twin.kernels import demography as kernel
from twin.processes.demography import newcomers, union
from twin.processes.demography.occupation import change_occupations
from twin.processes.demography.places import Places, pull_of_wards
from twin.processes.demography.rates import NEVER_TOGETHER, Event, monthly_chances, ward_table
from twin.processes.demography.touched import Touched
from twin.processes.process import Process

if TYPE_CHECKING:
    from twin.model import CityTwin

_PERSONAL = ("id", "here", "born", "sex", "household", "role", "town", "area", "day", "work", "ability",
             "trust", "income")  # fmt: skip
_BY_WARD = (Event.LEAVES_WITH_ALL, Event.LEAVES_ALONE)  # chances that a ward's factor multiplies
_COLUMN_OF = np.array([0 if event in _BY_WARD else -1 for event in Event])
_FIELD_OF = np.array([next(f for f, row in enumerate(NEVER_TOGETHER) if event in row) for event in Event])
_READS = {
    "demography.deaths": "at_65 steepness background first_year improvement level",
    "demography.births": "total_fertility mean_age age_spread sex_ratio without_union",
    "demography.departures": "household alone level ward",
    "demography.arrivals": "registered between_wards decline level households age_single age_family men_alone"
    " second_child",
    "demography": "season",
    "demography.housing": "projects size months",
    "demography.moves": "household level reach",
    "demography.households": "adult_age leave_home unions open_to_union age_gap age_gap_spread widest_gap"
    " separations with_mother care leave_institution",
    "demography.school": "starts",
    "demography.work": "turnover",
    "people.family": "age_gap_spread",
    "people.ability": "cohort higher_education education_effect spread",
    "people.day": "school men_at_work women_at_work outside_men outside_women",
}


class Demography(Process):
    """People are born, age, die, come, go, move, live together and apart.

    The order of a month: deaths, births, leaving the city, moves inside, dwellings of their own,
    separations, unions, care, new heads; then births and arrivals take their rows; then school and
    work. Every draw hangs on a citizen's id, a purpose and the month.
    """

    name = "demography"
    facts = tuple(f"{group}.{name}" for group, names in _READS.items() for name in names.split())
    writes = (
        *(f"citizens.{column}" for column in _PERSONAL),
        *(f"households.{column}" for column in ("id", "town", "institution")),
    )
    couplings: ClassVar[tuple[str, ...]] = ("demography.housing_shocks",)

    def start(self, model: CityTwin) -> None:
        """Note the scale of ability, on which newcomers are placed."""
        self.ability = newcomers.ability_scale(model, model.citizens.born[model.citizens.here])

    def step(self, model: CityTwin) -> None:
        """Live one month."""
        rows, what = self.events(model)
        pull = pull_of_wards(model)
        places = Places(model.city, pull, model.fact("demography.moves.reach"))
        touched = Touched(model, places, rows, what)
        for change in (touched.die, touched.bear, touched.leave_city, touched.move, touched.leave_home,
                       touched.separate, lambda: union.unite(touched), touched.take_into_care,
                       touched.settle, touched.write):  # fmt: skip
            change()
        newcomers.add_births(model, touched, self.ability)
        arrived = newcomers.add_arrivals(model, places, pull, self.ability)
        change_occupations(model, rows, what, arrived)

    def events(self, model: Any) -> tuple[np.ndarray, np.ndarray]:
        """Rows of citizens with an event this month and the events as bits."""
        people, areas = model.citizens, model.city.areas
        key = lambda purpose: model.chance.key(purpose, model.month)  # noqa: E731
        keys = np.array([key(event.purpose) for event in Event])
        factor = ward_table(model, "demography.departures.ward", model.city.wards.code)[areas.ward][:, None]
        share = monthly_chances(model, model.month)
        bits, masks = kernel.sieves(share, factor, _COLUMN_OF, _FIELD_OF)
        return kernel.happen(
            key("demography: look"), keys, share, bits, masks, _FIELD_OF, factor, _COLUMN_OF, people.id,
            people.here, people.born, model.month, people.sex, people.role, people.day, people.area,
        )  # fmt: skip

    def memory(self) -> dict[str, np.ndarray]:
        """The scale of ability."""
        return {"ability": np.array(self.ability)}

    def remember(self, memory: dict[str, np.ndarray]) -> None:
        """Take the scale of ability back."""
        self.ability = float(memory["ability"][0]), float(memory["ability"][1])
