"""The people of a census day and their ties: made once, kept in a file, shared by many runs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin import messages
from twin.agents import Businesses, Citizens, Households
from twin.chance import Chance
from twin.network.moments import moments, printed
from twin.network.ties import Ties, make_ties
from twin.population import synthesise
from twin.results.store import load_arrays, save_arrays
from twin.state import State
from twin.units import month_number

if TYPE_CHECKING:
    from twin.city.city import City
    from twin.facts import Facts
    from twin.scenarios import Scenario


@dataclass(frozen=True)
class Beginning:
    """Citizens, households, businesses, ties, and how well they meet census and contact survey.

    They depend on the city, the census, the population seed and the fraction alone. A scenario's
    changes act later, so scenarios begin with the same people.
    """

    citizens: Citizens
    households: Households
    businesses: Businesses
    ties: Ties
    fit: dict[str, str]

    def save(self, path: Path, about: dict[str, Any]) -> None:
        """Keep the beginning in a file with what it is a beginning of."""
        state = State([self.citizens, self.households, self.businesses])
        ties = {f"ties/{name}": array for name, array in self.ties.memory().items()}
        fit = {f"fit/{lang}": np.array(text) for lang, text in self.fit.items()}
        save_arrays(path, {f"state/{k}": v for k, v in state.arrays().items()} | ties | fit, about)

    @classmethod
    def load(cls, path: Path, about: dict[str, Any]) -> Beginning:
        """Take a beginning from a file; each call gives fresh arrays to live with."""
        arrays = load_arrays(path, about)
        part = lambda name: {k.removeprefix(name): v for k, v in arrays.items() if k.startswith(name)}  # noqa: E731
        tables = (Citizens(), Households(), Businesses())
        State(tables).restore(part("state/"))
        ties = Ties()
        ties.remember(part("ties/"))
        return cls(*tables, ties, {lang: str(text) for lang, text in part("fit/").items()})


def begin(city: City, scenario: Scenario, facts: Facts, fraction: float) -> Beginning:
    """Make the people of a scenario's census day and their ties."""
    chance, month = Chance(scenario.population_seed), month_number(scenario.census)
    people = synthesise(city, facts, chance, scenario.census, fraction)
    ties = make_ties(people.citizens, city, facts, chance, month)
    found = moments(ties, people.citizens, city, month)
    fit = {
        lang: people.fit.text(lang) + "\n\n" + printed(found, facts, month, lang)
        for lang in messages.LANGUAGES
    }
    return Beginning(people.citizens, people.households, people.businesses, ties, fit)


def about_beginning(city: City, scenario: Scenario, facts: Facts, fraction: float) -> dict[str, Any]:
    """What a beginning is a beginning of; equal for runs that may share it."""
    return {
        "city": city.sha256, "census": str(scenario.census), "population_seed": scenario.population_seed,
        "fraction": fraction, "facts": facts.sha256(),
    }  # fmt: skip


def beginning_file(folder: Path, about: dict[str, Any]) -> Path:
    """Where a beginning lies while runs need it."""
    name = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]
    return folder / "beginnings" / f"{name}.npz"
