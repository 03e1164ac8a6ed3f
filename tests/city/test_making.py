"""The steps of the recipe on small made-up ground: cells, people, areas, streets, map."""

from datetime import date

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.city import cells as shapes
from twin.city.areas import group, name_of
from twin.city.city import City
from twin.city.people import expected_people
from twin.city.roads import gabriel, lattice, relative_neighbours
from twin.city.show import show
from twin.errors import CityError
from twin.facts import Facts
from twin.network.streets import Streets

DAY = date(2020, 10, 1)


def _grid(side=6, step=100.0):
    x, y = (grid.ravel() for grid in np.meshgrid(np.arange(side) * step, np.arange(side) * step))
    return x, y


def test_voronoi_of_a_grid_is_its_squares():
    x, y = _grid()
    cells = shapes.on_grid(shapes.voronoi_cells(x, y, shapely.box(-50, -50, 550, 550)))
    assert np.allclose(shapely.area(cells), 100.0**2)
    assert shapely.contains_xy(cells, x, y).all()
    first, _, length = shapes.shared_borders(cells)
    assert len(first) == 60  # 2 * 6 * 5 sides, no corners
    assert np.allclose(length, 100.0, atol=0.2)


def test_the_sea_is_cut_so_that_the_area_is_the_official_one():
    x, y = _grid()
    cells = shapes.voronoi_cells(x, y, shapely.box(-2000, -2000, 2500, 2500))
    ward = np.zeros(len(x), int)
    cut, reach = shapes.cut_at_sea(cells, x, y, ward, {0: 1.5e6})
    assert shapely.area(cut).sum() == pytest.approx(1.5e6, rel=1e-3)
    assert set(reach) == {0}


def test_people_of_a_ward_add_up_and_few_live_in_the_harbour():
    facts, ward = Facts.read(), np.array([0, 0, 0, 1])
    people = expected_people(
        facts, DAY, np.array([3000.0, 500.0]), ward=ward, area=np.full(4, 2e5),
        station_distance=np.array([100.0, 3000.0, 100.0, 0.0]), few_homes=np.arange(4) == 2,
    )  # fmt: skip
    assert np.bincount(ward, people) == pytest.approx([3000, 500])
    assert people[0] > people[1] > people[2] > 0


def test_groups_are_whole_and_even():
    pytest.importorskip("pymetis")
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(8, 8))
    ends = np.array(graph.edges).T
    part = group(np.full(64, 100.0), (*ends, np.full(len(ends[0]), 100.0)), 4, 1.1)
    assert sorted(np.bincount(part)) == pytest.approx([16] * 4, abs=2)
    assert all(nx.is_connected(graph.subgraph(np.flatnonzero(part == row).tolist())) for row in range(4))


def test_an_area_is_named_after_its_station_then_its_largest_town():
    towns = [
        ("磯辺一丁目", "Isobe 1-chome"),
        ("磯辺二丁目", "Isobe 2-chome"),
        ("高浜一丁目", "Takahama 1-chome"),
    ]
    people = np.array([100.0, 90.0, 150.0])
    assert name_of(towns, people, [("検見川浜", "Kemigawahama")], set()) == ("検見川浜", "Kemigawahama")
    assert name_of(towns, people, [("検見川浜", "Kemigawahama")], {"検見川浜"}) == ("磯辺", "Isobe")
    assert name_of(towns, people, [], {"磯辺", "高浜"}) == towns[0]


def test_lattice_gives_about_the_crossings_asked_for():
    cell = shapely.box(0, 0, 1000, 700)
    points = lattice(cell, 430.0, 310.0, 24)
    assert 18 <= len(points) <= 30
    assert points[0] == pytest.approx([430.0, 310.0])
    assert shapely.contains_xy(cell, *points.T).all()


def test_a_lattice_has_no_diagonals():
    pairs = relative_neighbours(np.column_stack(_grid()))
    assert len(pairs) == 60


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=5, max_size=40, unique=True))
def test_neighbour_graphs_follow_their_definition_and_hold_together(places):
    points = np.array(places, float) * 37.0 + np.arange(len(places))[:, None] * [0.013, 0.029]
    if np.linalg.matrix_rank(points - points[0], tol=1.0) < 2:
        return
    near, circle = relative_neighbours(points), gabriel(points)
    assert {tuple(p) for p in near.tolist()} <= {tuple(p) for p in circle.tolist()}
    apart = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    for a, b in near:
        both = np.maximum(apart[a], apart[b])
        both[[a, b]] = np.inf
        assert both.min() >= apart[a, b] * (1 - 2e-4)
    graph = nx.Graph(near.tolist())
    assert len(graph) == len(points)
    assert nx.is_connected(graph)


def test_streets_are_csr_both_ways():
    streets = Streets.of(
        ("a", "b", "c"), np.array([0.0, 100.0, 100.0]), np.array([0.0, 0.0, 50.0]), ["a", "c"], ["b", "b"],
        length=[110.0, 55.0], lanes=[2, 1], capacity=[800, 300], speed=[60, 30], level=[0, 3],
    )  # fmt: skip
    assert streets.start.tolist() == [0, 1, 3, 4]
    assert streets.end.tolist() == [1, 0, 2, 1]
    assert streets.length.tolist() == [110.0, 110.0, 55.0, 55.0]
    assert streets.minutes.tolist() == pytest.approx([0.11, 0.11, 0.11, 0.11])
    assert len(set(streets.piece())) == 1
    assert streets.nearest(np.array([90.0]), np.array([45.0])).tolist() == [2]
    with pytest.raises(ValueError, match="read-only"):
        streets.length[0] = 1.0


def test_two_islands_are_two_pieces():
    streets = Streets.of(
        ("a", "b", "c", "d"), np.arange(4.0), np.zeros(4), ["a", "c"], ["b", "d"],
        length=[1, 1], lanes=[1, 1], capacity=[1, 1], speed=[1, 1], level=[3, 3],
    )  # fmt: skip
    assert len(set(streets.piece())) == 2
    assert len(set(Streets.none().piece())) == 0


def test_the_map_is_drawn_the_same_twice_and_says_it_is_approximate(tmp_path):
    city = City.embedded()
    first, second = (show(city, tmp_path / f"{n}.svg", "en").read_bytes() for n in ("a", "b"))
    assert first == second
    picture = show(city, tmp_path / "map.png")
    assert picture.read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(CityError, match=r"\.jpg"):
        show(city, tmp_path / "map.jpg")
