"""What is to be run: scenarios, seeds, city, years; and how a model of it begins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.errors import within
from twin.model import CityTwin
from twin.processes import Process
from twin.processes.adoption import Adoption
from twin.processes.awareness import Awareness
from twin.processes.businesses import BusinessLife, Work
from twin.processes.card import Card
from twin.processes.city_hall import CityHall
from twin.processes.demography import Demography
from twin.processes.environment import Environment
from twin.processes.felt import Felt
from twin.processes.mobility import Mobility
from twin.processes.spread import Spread
from twin.processes.ties import TiesUpkeep
from twin.processes.training import Training
from twin.processes.trust import Trust
from twin.scenarios import Scenario
from twin.units import MONTHS_A_YEAR, month_number

if TYPE_CHECKING:
    from twin.city.city import City
    from twin.facts import Facts
    from twin.run.beginning import Beginning

PROCESSES: dict[str, type[Process]] = {
    p.name: p
    for p in (
        Demography, TiesUpkeep, BusinessLife, Training, Spread, Adoption, Mobility, Card, Felt, Trust, Environment, Awareness,
        Work, CityHall,
    )
}  # fmt: skip

NEEDS = {
    "adoption": ("ties",),
    "card": ("adoption",),
    "felt": ("adoption",),
    "environment": ("adoption",),
    "awareness": ("adoption",),
    "training": ("adoption",),
    "work": ("businesses",),
    "city_hall": ("adoption",),
    "spread": ("adoption",),
    "mobility": ("adoption",),
}  # whose columns or ties a process works on
# newcomers have ties before they are asked what they hear; feelings follow what they are about
ORDER = (
    "demography",
    "ties",
    "spread",
    "adoption",
    "mobility",
    "felt",
    "trust",
    "environment",
    "awareness",
    "work",
    "city_hall",
)


def couplings() -> tuple[str, ...]:
    """Every coupling a scenario may switch off."""
    return tuple(name for process in PROCESSES.values() for name in process.couplings)


@dataclass(frozen=True)
class Plan:
    """One call of ``twin run``.

    Attributes
    ----------
    scenarios : the first is the one others are compared with
    seeds : randomness of the runs; every scenario lives with every seed
    city : folder of the city, or None for the embedded one
    fraction : simulated people per real person
    years : years after each scenario's start; None for what the scenarios say
    """

    scenarios: tuple[Scenario, ...]
    seeds: tuple[int, ...]
    city: Path | None
    fraction: float
    years: int | None

    def tasks(self) -> list[tuple[Scenario, int]]:
        """Every scenario with every seed, seeds first so that pairs end together."""
        return [(scenario, seed) for seed in self.seeds for scenario in self.scenarios]

    def months(self, scenario: Scenario) -> int:
        """Months from the census to the end of the last year."""
        warm_up = month_number(scenario.start) - month_number(scenario.census)
        return warm_up + (self.years or scenario.years) * MONTHS_A_YEAR

    def check(self, city: City, facts: Facts) -> None:
        """Stop when a scenario asks something of the city that cannot be."""
        for scenario in self.scenarios:
            check_fits(scenario, city, facts)

    def same(self, city: City, facts: Facts) -> dict[str, Any]:
        """What must agree for results in a folder to be continued."""
        return {
            "scenarios": [s.sha256() for s in self.scenarios], "seeds": list(self.seeds),
            "city": city.sha256, "facts": facts.sha256(), "fraction": self.fraction, "years": self.years,
        }  # fmt: skip


def check_fits(scenario: Scenario, city: City, facts: Facts) -> None:
    """Stop when a scenario asks something of the city that cannot be; facts are those before its changes."""
    changed = scenario.facts(facts)
    with within(scenario.id):
        for name in scenario.processes:
            PROCESSES[name].check(changed, city)


def model_of(
    city: City, beginning: Beginning, scenario: Scenario, facts: Facts, seed: int, fraction: float
) -> CityTwin:
    """A model ready to live its first month; it takes the beginning over."""
    return CityTwin(
        city, beginning, beginning.ties, scenario.facts(facts),
        [PROCESSES[name]() for name in scenario.processes], census=scenario.census, seed=seed,
        fraction=fraction, off=frozenset(scenario.off),
    )  # fmt: skip
