"""Use elsewhere: who works in another area uses its services there, once the areas' city OSs are linked.

    guests of service j in b = elsewhere x met x worth x sum over a of residents of a who work in b and use its technology

only between federated areas, and only of services linked there: a user of one area's city OS is known to the other's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.kernels.adoption import public
from twin.processes.spread.services import SPREADING
from twin.results.census import TECHNOLOGIES

if TYPE_CHECKING:
    from twin.model import CityTwin

_CARRY = np.unique(SPREADING.technology[SPREADING.technology >= 0])  # technologies that carry a service


def working_elsewhere(model: CityTwin) -> np.ndarray:
    """Residents who work in another area of the city, (home, work, technologies), users of each; of the whole city.

    By person where citizens are simulated. Without them, who is counted as employed and does not leave the city
    works where people live, as many in each area as its residents, and uses technology as they do; where nobody
    was counted as employed, nobody works elsewhere.
    """
    people, areas = model.citizens, len(model.areas)
    if not people.here.any() or "adoption.stage" not in people.columns:
        return _as_residents_are(model)
    rows = np.flatnonzero(people.here & (people.work >= 0))
    home, work = people.area[rows].astype(np.int64), model.businesses.area[people.work[rows]].astype(np.int64)
    leaves = home != work
    rows, cell = rows[leaves], (home * areas + work)[leaves]
    uses = public(people.here, people.array("adoption.stage"))[rows]
    found = np.zeros((areas, areas, len(TECHNOLOGIES)))
    for t in _CARRY:
        users = np.bincount(cell[(uses >> t & 1).astype(bool)], minlength=areas * areas)
        found[:, :, t] = users.reshape(areas, areas) / model.fraction
    return found


def _as_residents_are(model: CityTwin) -> np.ndarray:
    census = model.census
    people = census.people.sum(axis=1)
    leave = np.mean([model.fact(f"people.day.outside_{who}") for who in ("men", "women")])
    works = census.users("employed").sum(axis=1) * (1 - leave) / model.fraction
    into = np.outer(works, people / max(people.sum(), 1))
    np.fill_diagonal(into, 0.0)
    users = np.zeros((len(people), len(TECHNOLOGIES)))
    for t in _CARRY:
        users[:, t] = census.users(TECHNOLOGIES[t]).sum(axis=1) / np.maximum(people, 1)
    return into[:, :, None] * users[:, None, :]


def coming(federated: np.ndarray, working: np.ndarray) -> np.ndarray:
    """Users of each service's technology who come to work from one federated area to another, (areas, services).

    Nought where an area is not federated and for services that no technology of residents carries.
    """
    users = np.einsum("a,abt->bt", federated.astype(float), working) * federated[:, None]
    return np.where(SPREADING.technology < 0, 0.0, users[:, np.maximum(SPREADING.technology, 0)])
