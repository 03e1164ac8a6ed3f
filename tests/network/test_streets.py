"""Streets: minutes of the quickest ways, and parts that cannot reach each other."""

import numpy as np
import pytest

from twin.city.city import City
from twin.network.streets import Streets


def row_of_streets(*ends):
    """Crossings a to e in a row, 500 m apart; each street takes a minute at 30 km/h."""
    first, second = zip(*ends, strict=True)
    n = len(ends)
    return Streets.of(
        "abcde", np.arange(5) * 500.0, np.zeros(5), first, second, length=[500.0] * n, lanes=[1] * n,
        capacity=[500.0] * n, speed=[30.0] * n, level=[3] * n,
    )  # fmt: skip


def test_minutes_add_up_and_what_cannot_be_reached_is_infinite():
    streets = row_of_streets("ab", "bc", "de")
    assert streets.minutes_from(np.array([0, 3])).tolist() == [
        [0, 1, 2, np.inf, np.inf],
        [np.inf, np.inf, np.inf, 0, 1],
    ]
    assert len(set(streets.piece()[:3])) == 1
    assert len(set(streets.piece())) == 2


def test_a_street_without_length_still_takes_a_tenth_of_a_second():
    streets = row_of_streets("ab")
    short = Streets(**{**vars(streets), "length": np.zeros(2)})
    assert short.minutes_from(np.array([0]))[0, 1] == pytest.approx(1 / 600)


def test_minutes_in_the_city_are_those_of_scipy():
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    streets = City.embedded().streets
    size = len(streets.node)
    from_all = dijkstra(
        csr_array((streets.minutes, streets.end, streets.start), shape=(size, size)), indices=[0, 99]
    )
    assert np.allclose(streets.minutes_from(np.array([0, 99])), from_all, atol=0.1)
    assert 20 < from_all.max() < 120
