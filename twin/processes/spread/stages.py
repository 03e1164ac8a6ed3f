"""How far an area and the city have come: STEP0 to STEP3, and point, line, plane.

STEP1: a service is live. STEP2: several are, with data links in use. STEP3: a service that was copied from
here is still live elsewhere after a year. A step is reached or lost by a logged event only.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

TRIAL, LIVE, ENDED = 1, 2, 3  # of a service in an area; 0 is never begun
POINT, LINE, PLANE = "point", "line", "plane"


def steps(live: np.ndarray, links: np.ndarray, copied: np.ndarray, rule: Mapping[str, float]) -> np.ndarray:
    """Step of each area, 0 to 3.

    Parameters
    ----------
    live : (areas,) number of live services
    links : (areas,) links in use
    copied : (areas,) copies of the area's services that are live elsewhere for long enough
    rule : ``spread.steps``
    """
    step = (live >= 1).astype(np.uint8)
    step[(live >= rule["live"]) & (links >= rule["links"])] = 2
    step[(step == 2) & (copied >= 1)] = 3
    return step


def copies(origin: np.ndarray, live: np.ndarray, age: np.ndarray, months: float) -> np.ndarray:
    """Lasting copies of each area's services elsewhere, (areas,) i8.

    ``origin`` (areas, services) is the row of the area copied from, -1 none; ``age`` months since live.
    """
    lasting = (origin >= 0) & live & (age >= months)
    return np.bincount(origin[lasting], minlength=len(origin))


def largest_piece(adjacent: np.ndarray, linked: np.ndarray, people: np.ndarray) -> float:
    """Share of residents in the largest piece of neighbouring areas that share a linked service.

    ``adjacent`` (areas, areas) yes/no, ``linked`` (areas, services) yes/no.
    """
    share_one = (linked.astype(np.int32) @ linked.T.astype(np.int32)) > 0
    _, piece = connected_components(csr_array(adjacent & share_one), directed=False)
    inside = np.bincount(piece, np.where(linked.any(axis=1), people, 0.0))
    return float(inside.max() / people.sum()) if people.sum() > 0 else 0.0


def extent(share: float, rule: Mapping[str, float]) -> str:
    """Point, line or plane by the share of residents in the largest piece."""
    return POINT if share < rule["line"] else PLANE if share >= rule["plane"] else LINE
