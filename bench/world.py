"""One city of people with ties for all competitors: same people, same start, same parameters.

The adoption comparison lives without demography, so that nobody comes or goes and every competitor can
prepare its contact lists once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from twin.chance import Chance
from twin.city.city import City
from twin.facts import Facts
from twin.kernels.hazards import USES, appeal_plain
from twin.model import CityTwin
from twin.network.ties import make_ties
from twin.population import synthesise
from twin.processes.adoption import Adoption
from twin.processes.rates import Rates, rates_of
from twin.scenarios import Scenario
from twin.units import month_number

REAL_PEOPLE = 974_951  # 総務省「令和2年国勢調査」, Chiba City
TEN_THOUSAND = 10_000 / REAL_PEOPLE
MONTHS = 240
MARKS = (60, 120, 240)  # months after which shares are compared


@dataclass(frozen=True)
class Start:
    """What a competitor is given.

    Attributes
    ----------
    month : number of the first month
    born (i2), area (u1), household (i4) : (people,)
    stage (u1), appeal (f4) : (people, technologies)
    threshold : (people,) u2, ten-thousandths
    first, other, weight : CSR of everyone a citizen listens to, the household included, tenths
    rates : one per month
    """

    month: int
    born: np.ndarray
    area: np.ndarray
    household: np.ndarray
    stage: np.ndarray
    appeal: np.ndarray
    threshold: np.ndarray
    first: np.ndarray
    other: np.ndarray
    weight: np.ndarray
    rates: list[Rates]


class World:
    """A city about to live its first month, adoption alone; can be begun again and again."""

    def __init__(self, fraction: float) -> None:
        city, facts = City.embedded(), Facts.read()
        scenario = Scenario.read("baseline", facts)
        chance = Chance(scenario.population_seed)
        people = synthesise(city, facts, chance, scenario.census, fraction)
        ties = make_ties(people.citizens, city, facts, chance, month_number(scenario.census))
        self.adoption = Adoption()
        self.model = CityTwin(
            city, people, ties, scenario.facts(facts), [self.adoption],
            census=scenario.census, seed=1, fraction=fraction,
        )  # fmt: skip
        self.model.start()
        self._memory = _copied(self.model.memory())

    @property
    def people(self) -> int:
        """Number of citizens."""
        return self.model.citizens.rows

    def begin(self, seed: int, threads: int = 1) -> CityTwin:
        """The model back at its start, with the randomness of ``seed`` from here on."""
        self.model.remember(_copied(self._memory))
        self.model.chance = Chance(seed)
        numba.set_num_threads(threads)
        return self.model

    def live(self, months: int) -> None:
        """The adoption process itself, month after month, nothing else of the model."""
        model, adoption = self.model, self.adoption
        for _ in range(months):
            with model.state.writing(adoption.name, adoption.may_write()):
                adoption.step(model)
            model.month += 1

    def shares(self) -> np.ndarray:
        """Share of citizens using each technology."""
        return (self.adoption.stage == USES).mean(axis=0)

    def start(self, months: int = MONTHS) -> Start:
        """The same start for a competitor, with the rates of the coming months."""
        model = self.begin(seed=1)
        first, other, weight = model.ties.network(model.citizens)
        rates = []
        for _ in range(months):
            rates.append(rates_of(model, self.adoption.first))
            model.month += 1
        model = self.begin(seed=1)
        citizens, adoption = model.citizens, self.adoption
        columns = (citizens.born, citizens.area, citizens.household, adoption.stage)
        return Start(
            model.month, *(column.copy() for column in columns), _appeal(model, adoption), adoption.threshold.copy(),
            first, other, weight, rates,
        )  # fmt: skip


def _appeal(model: CityTwin, adoption: Adoption) -> np.ndarray:
    """Personal factor on starting each technology, (people, technologies) f4."""
    people, rate = model.citizens, rates_of(model, adoption.first).rate
    each = [
        appeal_plain(row, people.ability, people.trust, (adoption.refuses >> k) & 1)
        for k, row in enumerate(rate)
    ]
    return np.stack(each, axis=1).astype(np.float32)


def _copied(memory: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: np.array(array) for name, array in memory.items()}
