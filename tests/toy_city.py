"""A toy city for tests: six wards with the real codes, three areas each, four towns each.

Wards lie on a circle of 6 km around a centre, areas around their ward, towns around their area, so
that distances are those of a city. Nothing of it is measured.

>>> from tests.toy_city import toy_city
>>> city = toy_city()
>>> len(city.wards.code), len(city.areas.code), len(city.towns.code)
(6, 18, 72)
"""

from __future__ import annotations

import hashlib

import numpy as np

from twin.city.city import Areas, City, Towns, Wards

WARDS = (
    ("12101", "中央区", "Chuo"),
    ("12102", "花見川区", "Hanamigawa"),
    ("12103", "稲毛区", "Inage"),
    ("12104", "若葉区", "Wakaba"),
    ("12105", "緑区", "Midori"),
    ("12106", "美浜区", "Mihama"),
)
AREAS_A_WARD = 3
TOWNS_AN_AREA = 4


def toy_city() -> City:
    """The toy city, the same on every call."""
    wards = Wards(*(tuple(column) for column in zip(*WARDS, strict=True)))
    ward_x, ward_y = _around(np.zeros(1), np.zeros(1), len(WARDS), 6000.0)
    area_x, area_y = _around(ward_x, ward_y, AREAS_A_WARD, 2200.0)
    town_x, town_y = _around(area_x, area_y, TOWNS_AN_AREA, 800.0)
    area_ward = np.repeat(np.arange(len(WARDS)), AREAS_A_WARD).astype("u1")
    town_area = np.repeat(np.arange(len(area_ward)), TOWNS_AN_AREA).astype("u1")
    area_names = [(f"{WARDS[w][0]}-{i % AREAS_A_WARD + 1}", w, i) for i, w in enumerate(area_ward)]
    areas = Areas(
        code=tuple(code for code, _, _ in area_names),
        name_ja=tuple(f"{WARDS[w][1]}第{i % AREAS_A_WARD + 1}" for _, w, i in area_names),
        name_en=tuple(f"{WARDS[w][2]} {i % AREAS_A_WARD + 1}" for _, w, i in area_names),
        ward=area_ward, x=area_x, y=area_y,
    )  # fmt: skip
    number = np.arange(len(town_area)) % TOWNS_AN_AREA + 1
    towns = Towns(
        code=tuple(f"{areas.code[a]}-{n}" for a, n in zip(town_area, number, strict=True)),
        name_ja=tuple(f"{areas.name_ja[a]}{n}丁目" for a, n in zip(town_area, number, strict=True)),
        name_en=tuple(f"{areas.name_en[a]}-{n}" for a, n in zip(town_area, number, strict=True)),
        ward=area_ward[town_area], area=town_area, x=town_x, y=town_y,
        people=1.0 + 0.5 * (np.arange(len(town_area)) % 7),
        radius=np.full(len(town_area), 450.0),
    )  # fmt: skip
    sha256 = hashlib.sha256(repr((areas, towns)).encode()).hexdigest()
    return City("おもちゃ市", "Toy City", "12100", "embedded", wards, areas, towns, sha256)


def _around(x: np.ndarray, y: np.ndarray, count: int, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """``count`` points on a circle around each given point, in order."""
    angle = 2 * np.pi * np.arange(count) / count
    return (
        (x[:, None] + radius * np.cos(angle)).ravel(),
        (y[:, None] + radius * np.sin(angle)).ravel(),
    )
