"""The official city from real extracts, and what its readers refuse."""

import json
from pathlib import Path

import numpy as np
import pytest

from twin.city.check import check
from twin.city.official import build_official
from twin.city.sources.layer import read_layer
from twin.city.sources.towns import town_name
from twin.city.sources.wards import read_wards
from twin.errors import CityError, InputError

SOURCE = Path(__file__).resolve().parents[2] / ".." / "shared" / "geodata"
SQUARE = [[140.1, 35.6], [140.2, 35.6], [140.2, 35.7], [140.1, 35.7], [140.1, 35.6]]
POLYGON = ("Polygon", "MultiPolygon")


def test_official_city_passes_the_same_checks(tmp_path):
    if not SOURCE.is_dir():
        pytest.skip("official extracts are not beside the project")
    pytest.importorskip("pymetis")
    city = build_official(SOURCE, tmp_path / "official")
    assert [finding.text("en") for finding in check(city) if not finding.good] == []
    assert city.towns.people.sum() == 971_882
    assert len(city.towns.code) == 497
    assert np.nansum(city.places.capacity) > 0
    assert {"shelter", "junior high school", "ward office"} <= set(city.places.kind)


def _layer(path, geometry, crs=None, **properties):
    feature = {"type": "Feature", "properties": {"name": "丙", **properties}, "geometry": geometry}
    collection = {"type": "FeatureCollection", "features": [feature]}
    if crs:
        collection["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(collection), "utf-8")
    return path


def _polygon(ring):
    return {"type": "Polygon", "coordinates": [ring]}


def _swapped(ring):
    return [[y, x] for x, y in ring]


@pytest.mark.parametrize(
    ("geometry", "key"),
    [
        (_polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]), "city_source.invalid"),
        (_polygon([[140.1, 35.6], [140.2, 35.6], [140.1, 35.6], [140.1, 35.6]]), "city_source.invalid"),
        (_polygon(_swapped(SQUARE)), "city_source.swapped"),
        (_polygon([[x - 20, y] for x, y in SQUARE]), "city_source.elsewhere"),
        (_polygon([[x, y + 1e5] for x, y in SQUARE]), "city_source.elsewhere"),
        (_polygon(SQUARE[:4]), "city_source.unreadable"),  # not closed
        (_polygon(SQUARE[:2]), "city_source.unreadable"),
        (None, "city_source.no_shape"),
        ({"type": "Point", "coordinates": [140.1, 35.6]}, "city_source.kind"),
        ({"type": "LineString", "coordinates": SQUARE}, "city_source.kind"),
    ],
)
def test_a_broken_shape_is_refused_by_name(tmp_path, geometry, key):
    path = _layer(tmp_path / "a.geojson", geometry)
    with pytest.raises(CityError) as error:
        read_layer(path, ["name"], POLYGON, "name")
    assert error.value.key == key
    assert ("a.geojson" if key == "city_source.unreadable" else "丙") in error.value.where


def test_a_hole_outside_its_shell_is_refused(tmp_path):
    hole = [[140.3, 35.6], [140.31, 35.6], [140.31, 35.61], [140.3, 35.6]]
    path = _layer(tmp_path / "a.geojson", {"type": "Polygon", "coordinates": [SQUARE, hole]})
    with pytest.raises(CityError, match="Hole"):
        read_layer(path, ["name"], POLYGON, "name")


def test_columns_are_found_whatever_their_capitals_and_heights_dropped(tmp_path):
    path = _layer(tmp_path / "a.geojson", _polygon([[*point, 3.0] for point in SQUARE]), NAME_JA="x")
    rows = read_layer(path, ["name_ja"], POLYGON)
    assert not rows.has_z.any()
    assert rows.name_ja.iloc[0] == "x"
    with pytest.raises(CityError, match="pop2015"):
        read_layer(path, ["pop2015"], POLYGON)


@pytest.mark.parametrize("text", ["", "not geodata", '{"type":"FeatureCollection","features":[]}'])
def test_a_file_without_features_is_refused(tmp_path, text):
    path = tmp_path / "a.geojson"
    path.write_text(text, "utf-8")
    with pytest.raises(CityError):
        read_layer(path, ["name"], POLYGON)


def test_missing_files_and_wards_are_named(tmp_path):
    with pytest.raises(CityError, match="no such folder"):
        build_official(tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(InputError, match="wards"):
        build_official(tmp_path, tmp_path / "out")
    _layer(tmp_path / "N03.geojson", _polygon(SQUARE), N03_007="12101")
    with pytest.raises(CityError, match="12102"):
        read_wards(tmp_path, ["12101", "12102"])
    assert not (tmp_path / "out").exists()


def test_wards_are_joined_by_code(tmp_path):
    shapes = [_polygon([[x + d, y] for x, y in SQUARE]) for d in (0.0, 0.1, 0.3)]
    features = [
        {"type": "Feature", "properties": {"N03_007": code}, "geometry": shape}
        for code, shape in zip(("12101", "12101", None), shapes, strict=True)
    ]
    (tmp_path / "N03.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (ward,) = read_wards(tmp_path, ["12101"])
    assert ward.geom_type == "Polygon"
    assert ward.bounds[2] - ward.bounds[0] > 18_000


@pytest.mark.parametrize(
    ("census", "address"),
    [
        ("中央１丁目", "中央一丁目"),
        ("磯辺１０丁目", "磯辺十丁目"),
        ("高浜21丁目", "高浜二十一丁目"),
        ("都町", "都町"),
    ],
)
def test_town_names_as_addresses_write_them(census, address):
    assert town_name(census) == address
