"""The embedded city: it opens, passes its checks, is what its recipe makes, and errors help."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twin.city.build import build_embedded
from twin.city.check import CHECKS, check, streets_connected
from twin.city.city import City, embedded_folder
from twin.city.folder import HEADERS, sha256
from twin.errors import CityError
from twin.facts import Facts


@pytest.fixture(scope="module")
def city():
    return City.embedded()


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(embedded_folder(), tmp_path / "city"))


def test_contract(city):
    assert (len(city.wards.code), len(city.towns.code), len(city.areas.code)) == (6, 500, 60)
    assert (city.stations.ward >= 0).sum() == 47
    assert "幕張豊砂" in city.stations.name_ja
    assert city.tier == "embedded"
    for table in (city.wards, city.areas, city.towns, city.stations, city.places):
        assert list(table.code) == sorted(set(table.code))
    assert city.towns.ward.dtype == np.uint8
    assert city.towns.area.dtype == np.uint8
    with pytest.raises(ValueError, match="read-only"):
        city.towns.people[0] = 1.0


def test_all_checks_pass(city):
    assert [finding.text("en") for finding in check(city) if not finding.good] == []


def test_people_are_the_census_ward_by_ward(city):
    people = np.bincount(city.towns.ward, city.towns.people)
    assert np.allclose(people, [211736, 177328, 160582, 146940, 129421, 148944], atol=8)
    assert city.towns.people.min() > 0


def test_every_line_starts_and_ends_where_it_should(city):
    ends = {
        name: (city.stations.name_ja[stops[0]], city.stations.name_ja[stops[-1]])
        for name, stops in zip(city.lines.name_ja, city.lines.stations, strict=True)
    }
    assert ends["千葉都市モノレール1号線"] == ("千葉みなと", "県庁前")
    assert ends["千葉都市モノレール2号線"] == ("千葉", "千城台")
    assert ends["京成千葉線"] == ("京成津田沼", "千葉中央")
    assert ends["JR外房線"] == ("千葉", "大網")


def test_building_again_gives_the_same_bytes(tmp_path):
    pytest.importorskip("pymetis")
    build_embedded(tmp_path / "again")
    ours, again = embedded_folder(), tmp_path / "again"
    names = sorted(p.relative_to(ours).as_posix() for p in ours.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(again).as_posix() for p in again.rglob("*") if p.is_file())
    assert [n for n in names if (ours / n).read_bytes() != (again / n).read_bytes()] == []


def test_the_hash_sees_every_file(copy, city):
    assert sha256(copy) == city.sha256
    (copy / "base" / "few_homes.csv").write_text("code,name_ja\n", "utf-8")
    assert sha256(copy) != city.sha256


def test_a_folder_that_is_no_city_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CityError, match="thesis") as error:
        build_embedded(tmp_path)
    assert error.value.exit_code == 2
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_boundaries_are_in_row_order_and_metres(city):
    towns = city.boundaries("towns")
    assert tuple(towns.code) == city.towns.code
    assert towns.crs.to_epsg() == 6677
    assert np.allclose(np.sqrt(towns.area / np.pi), city.towns.radius, atol=1.0)
    with pytest.raises(CityError, match="parks"):
        city.boundaries("parks")


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("towns.csv", "12101002,", "12101001,", "12101001"),  # a code twice
        ("towns.csv", ",12101A", ",12199A", "12199A"),  # an area that does not exist
        ("areas.csv", "code,name_ja", "name_ja,code", "header"),
        (
            "stations.csv",
            "S02,幕張本郷,Makuhari-Hongo,12102,",
            "S02,幕張本郷,Makuhari-Hongo,12102,x",
            "number",
        ),
        ("streets.csv", "first,second\n", "", None),
        ("lines.csv", "S01 ", "S99 ", "S99"),
        ("city.toml", 'tier = "embedded"', 'tier = "guessed"', "guessed"),
        ("city.toml", "people_on", "people_upon", "people_on"),
        ("city.toml", "[notice]", "[notice", "TOML"),
    ],
)
def test_a_damaged_file_is_named(copy, file, old, new, says):
    if says is None:
        (copy / file).unlink()
        says = file
    else:
        text = (copy / file).read_text("utf-8")
        assert old in text
        (copy / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CityError, match=says) as error:
        City.open(copy)
    assert error.value.text("ja") != error.value.text("en")


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("length", "0", "0 m long"),
        ("lanes", "0", "0 lanes"),
        ("lanes", "1.5", "1.5 lanes"),
        ("lanes", "256", "256 lanes"),
        ("capacity", "-600", "capacity of -600"),
        ("speed", "0", "speed of 0"),
        ("level", "4", "level 4"),
        ("second", None, "back to itself"),
    ],
)
def test_a_street_that_cannot_be_is_refused(copy, column, value, says):
    lines = (copy / "streets.csv").read_text("utf-8").splitlines()
    fields = lines[4].split(",")
    fields[HEADERS["streets.csv"].index(column)] = fields[0] if value is None else value
    lines[4] = ",".join(fields)
    (copy / "streets.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(CityError, match=rf"streets.csv:5.*{says}") as error:
        City.open(copy)
    assert error.value.exit_code == 2
    assert not error.value.text("ja").endswith(error.value.text("en"))


def test_people_who_cannot_reach_the_rest_are_counted(city):
    s, towns = city.streets, city.towns
    island = s.nearest(towns.x[:1], towns.y[:1])[0]  # every street of one crossing is closed
    open_ = np.flatnonzero((s.begin != island) & (s.end != island) & (s.begin < s.end))
    measures = {name: getattr(s, name)[open_] for name in ("length", "lanes", "capacity", "speed", "level")}
    ends = [[s.node[row] for row in at[open_]] for at in (s.begin, s.end)]
    cut = replace(city, streets=type(s).of(s.node, s.x, s.y, *ends, **measures))
    finding = streets_connected(cut, Facts.read())
    off = s.nearest(towns.x, towns.y) == island
    assert not finding.good
    assert f"{len(s.node)} / 2 / {towns.people[off].sum():,.0f} (12101001" in finding.found


def test_nan_in_a_table_is_refused(copy):
    lines = (copy / "towns.csv").read_text("utf-8").splitlines()
    fields = lines[7].split(",")
    fields[HEADERS["towns.csv"].index("people")] = "nan"
    lines[7] = ",".join(fields)
    (copy / "towns.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(CityError, match=r"towns.csv:8.*people"):
        City.open(copy)


def _spoiled(city, **changes):
    table, _, column = next(iter(changes)).partition("__")
    held = getattr(city, table)
    values = np.array(getattr(held, column), copy=True)
    values[0] = changes[f"{table}__{column}"]
    return replace(city, **{table: replace(held, **{column: values})})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("towns_in_wards", {"towns__x": 60_000.0}),
        ("towns_in_wards", {"towns__ward": 5}),
        ("areas_size", {"towns__people": 90_000.0}),
        ("people_add_up", {"towns__people": 90_000.0}),
        ("towns_have_size", {"towns__radius": 0.0}),
        ("stations_in_city", {"stations__ward": 0}),
        ("lines_run", {"stations__x": 90_000.0}),
        ("streets_sound", {"streets__length": 0.0}),
        ("streets_sound", {"streets__capacity": -5.0}),
        ("places_in_wards", {"places__capacity": -1.0}),
    ],
)
def test_checks_see_what_is_wrong(city, name, change):
    one = {each.__name__: each for each in CHECKS}[name]
    assert one(city, Facts.read()).good
    assert not one(_spoiled(city, **change), Facts.read()).good


def test_every_check_has_its_rule_in_both_languages(city):
    for finding in check(city):
        assert finding.text("ja") != finding.text("en")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("in_place", "[140.", "[141."),
        ("outlines_valid", None, None),
    ],
)
def test_checks_of_outlines(copy, name, old, new):
    path = copy / "wards.geojson"
    text = path.read_text("utf-8")
    if old is None:
        import json

        wards = json.loads(text)
        ring = wards["features"][2]["geometry"]["coordinates"][0]
        ring[1], ring[5] = ring[5], ring[1]  # a ring that crosses itself
        text = json.dumps(wards)
    else:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    one = {each.__name__: each for each in CHECKS}[name]
    assert not one(City.open(copy), Facts.read()).good
