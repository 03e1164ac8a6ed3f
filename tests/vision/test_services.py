"""The service catalogue is whole, wrong entries are explained, and the picture shows every link."""

import dataclasses
import re
import shutil
from pathlib import Path

import networkx as nx
import pytest

from twin import messages
from twin.errors import InputError, ManyProblems
from twin.facts import GRADES
from twin.vision import Vision, services
from twin.vision.panels import panels
from twin.vision.table import service_rows, users

PACKAGED = Path(services.__file__).parent
M = 10**6


@pytest.fixture(scope="module")
def vision():
    return Vision.read()


@pytest.fixture(scope="module")
def catalogue(vision):
    return vision.catalogue


@pytest.fixture
def folder(tmp_path):
    """A copy of the vision's files to spoil."""
    return shutil.copytree(
        PACKAGED, tmp_path / "vision", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )


def spoil(folder, name, old, new):
    path = folder / "catalogue" / name
    text = path.read_text(encoding="utf-8")
    assert old in text, "the test no longer fits the file"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def without(vision, keep):
    """The vision with only the services ``keep`` says yes to."""
    left = tuple(service for service in vision.catalogue.services if keep(service))
    return dataclasses.replace(vision, catalogue=dataclasses.replace(vision.catalogue, services=left))


def test_nothing_hangs_loose(vision, catalogue):
    """Counted on the tree itself, not by the catalogue's own check."""
    graph = vision.tree()
    kinds = nx.get_node_attributes(graph, "kind")
    named = {kind: {node for node in graph if kinds[node] == kind} for kind in set(kinds.values())}
    assert len(named["service"]) == len(catalogue.services) == 40
    for target in named["target"]:
        assert named["service"] & set(graph.successors(target)), target
    for service in named["service"]:
        assert set(graph.predecessors(service)) <= named["target"], service
        assert set(graph.predecessors(service)), service
        assert set(graph.successors(service)) <= named["indicator"] | named["cell"], service
        assert set(graph.successors(service)), service
    for indicator in named["indicator"]:
        assert len(named["service"] & set(graph.predecessors(indicator))) >= 2, indicator
    for cell in named["cell"]:
        assert named["service"] & set(graph.predecessors(cell)), cell


def test_what_tells_of_a_state_is_moved_by_a_service_that_serves_it(vision, catalogue):
    for target in vision.targets:
        serving = catalogue.serving(target.id)
        assert set(target.indicators) <= {n for service in serving for n in service.indicators}, target.id
        assert set(target.cells) <= {cell for service in serving for cell in service.cells}, target.id


def test_every_group_and_every_word_is_used(catalogue):
    words, used = catalogue.words, catalogue.services
    assert list(words.groups) == ["device", "net", "egov", "learning", "alerts", "maas", "health", "card"]
    assert set(words.groups) == {s.group for s in used if s.group}
    assert set(words.needs) == {need for s in used for need in s.needs}
    assert set(words.runners) == {runner for s in used for runner in s.run_by}
    assert set(words.kinds) == {kind for s in used for kind in s.users.kinds}
    assert set(words.conditions) == {s.users.condition for s in used if s.users.condition}
    assert set(words.units) == {s.cost.per for s in used}


def test_services_are_at_home_in_the_smart_they_serve_first(catalogue):
    assert [s.id for s in catalogue.services if s.targets[0].partition(".")[0] != s.smart] == []


def test_a_service_on_the_city_os_links_data(catalogue):
    assert [s.id for s in catalogue.services if "city_os" in s.needs and "data.year5" not in s.cells] == []


def test_grades_are_those_of_facts():
    assert services.GRADES == GRADES


@pytest.mark.parametrize(
    ("name", "field", "low", "high"),
    [
        ("device_classes", "per_user", 4 * 3_000, 4 * 8_000),
        ("digital_helpers", "yearly", 5 * M, 7 * M),
        ("device_subsidy", "per_user", 20_000, 30_000),
        ("publicity", "yearly", 10 * M, 50 * M),
        ("online_procedures", "setup", 5 * M, 30 * M),
        ("city_os", "setup", 200 * M, 600 * M),
        ("maas_app", "setup", 50 * M, 100 * M),
        ("area_teams", "yearly", 15 * M, 25 * M),
        ("on_demand_transport", "yearly", 6_000 * 3_500, 6_000 * 5_500),
        ("shelter_power", "setup", 20 * M, 40 * M),
        ("disaster_alerts", "yearly", 5 * M, 20 * M),
    ],
)
def test_costs_lie_within_the_priors_of_the_model_notes(catalogue, name, field, low, high):
    assert low <= getattr(catalogue.service(name).cost, field) <= high


@pytest.mark.parametrize(("name", "low", "high"), [("city_os", 0.15, 0.20), ("maas_app", 0.2, 0.2)])
def test_running_cost_is_the_share_of_set_up_the_model_notes_give(catalogue, name, low, high):
    cost = catalogue.service(name).cost
    assert low <= cost.yearly / cost.setup <= high


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("living.toml", 'targets = ["living.health"]', "targets = []", "no target state"),
        ("living.toml", 'targets = ["living.health"]', 'targets = ["living.helth"]', "living.health"),
        ("town.toml", "indicators = [1, 5]", "indicators = [1, 15]", "15"),
        ("town.toml", "indicators = [1, 5]", "indicators = [0, 5]", "'0'"),
        ("town.toml", "indicators = [1, 5]", "indicators = [5, 5]", "twice"),
        ("town.toml", 'cells = ["data.year5"]', 'cells = ["data.year6"]', "data.year5"),
        ("living.toml", 'needs = ["device", "net"]', 'needs = ["devise", "net"]', "device"),
        ("town.toml", 'group = "maas"', 'group = "mass"', "maas"),
        ("town.toml", 'group = "maas"\n', "", "needs a group"),
        ("working.toml", 'needs = ["net", "staff"]', 'group = "net"\nneeds = ["net", "staff"]', "has none"),
        ("living.toml", 'run_by = ["medical"]', 'run_by = ["medicine"]', "medical"),
        ("living.toml", 'run_by = ["medical"]', "run_by = []", "'run_by' is empty"),
        ("living.toml", 'condition = "living_alone"', 'condition = "alone"', "living_alone"),
        ("working.toml", 'kinds = ["firms"]', 'kinds = ["firm"]', "firms"),
        ("living.toml", 'per = "area"', 'per = "aera"', "area"),
        ("living.toml", 'grade = "assumed"', 'grade = "asumed"', "assumed"),
        ("living.toml", "effort = 0.35", "effort = 1.2", "at most 1"),
        ("living.toml", "benefit = 0.6", "benefit = -0.1", "at least 0"),
        ("living.toml", "benefit = 0.6", "benefit = nan", "a number"),
        ("living.toml", "benefit = 0.6", 'benefit = "0.6"', "a number"),
        ("living.toml", "benefit = 0.6", "benefit = true", "a number"),
        ("living.toml", "benefit = 0.6\n", "", "'benefit' is missing"),
        ("living.toml", "benefit = 0.6", "benefit = 0.6\nbenfit = 0.6", "Nearest: benefit"),
        ("living.toml", "yearly = 2_000_000", "yearly = -2_000_000", "at least 0"),
        ("living.toml", "yearly = 2_000_000", "yearly = 0.5", "a whole number"),
        ("living.toml", "yearly = 2_000_000", "yaerly = 2_000_000", "Nearest: yearly"),
        ("living.toml", "ages = [15, 110]", "ages = [110, 15]", "youngest"),
        ("living.toml", "ages = [15, 110]", "ages = [15, 200]", "at most 110"),
        ("living.toml", "ages = [15, 110]", "ages = [15]", "youngest"),
        ("living.toml", "ages = [15, 110]", "ages = [15, 20, 25]", "youngest"),
        ("living.toml", 'id = "online_shopping"', 'id = "Online shopping"', "small letters"),
        ("living.toml", 'id = "online_shopping"', 'id = "remote_care"', "already stands in living.toml"),
        ("town.toml", 'id = "self_driving"', 'id = "telework"', "already stands in working.toml"),
        ("living.toml", ', en = "Remote medical care" }', " }", "both languages"),
        ("living.toml", 'en = "Remote medical care"', 'en = " "', "both languages"),
        ("living.toml", 'indicators = [2, 5]\ncells = ["use.now"]', "", "moves no indicator"),
        ("living.toml", 'targets = ["living.health"]', 'targets = "living.health"', "a list"),
        ("living.toml", "[[service]]", "[[service]", "readable as TOML"),
        ("living.toml", "[[service]]", "[[servise]]", "servise"),
        ("words.toml", "[units]", "[unit]", "unit"),
    ],
)
def test_a_wrong_entry_is_explained_in_both_languages(folder, file, old, new, said):
    spoil(folder, file, old, new)
    with pytest.raises(InputError) as caught:
        Vision.read(folder)
    english, japanese = caught.value.text("en"), caught.value.text("ja")
    assert file in english
    assert said in english
    assert any("ぁ" <= c <= "ヿ" for c in japanese)
    assert not re.search(r"\{[a-z_]*\}", english + japanese), "a placeholder is left"
    assert caught.value.exit_code == 2


def test_all_wrong_entries_are_told_at_once(folder):
    spoil(folder, "living.toml", "effort = 0.35", "effort = 1.2")
    spoil(folder, "living.toml", "yearly = 10_000_000", "yearly = -1")
    spoil(folder, "town.toml", "benefit = 0.4", "benefit = 4")
    with pytest.raises(ManyProblems) as caught:
        Vision.read(folder)
    said = caught.value.text("en")
    assert all(name in said for name in ("online_shopping", "remote_care", "crime_and_accident_map"))


def test_a_target_state_without_a_service_is_refused(vision):
    for target in vision.targets:
        with pytest.raises(InputError, match=f"serves target state '{target.id}'"):
            without(vision, lambda service, lost=target.id: lost not in service.targets).check()


def test_an_indicator_with_one_mover_is_refused(vision):
    for indicator in vision.indicators:
        kept = vision.catalogue.moving(indicator.number)[0]

        def keep(service, number=indicator.number, kept=kept):
            return service is kept or number not in service.indicators

        with pytest.raises(InputError, match=rf"Only 1 service\(s\) move indicator {indicator.number};"):
            without(vision, keep).check()


def test_a_roadmap_cell_without_a_service_is_refused(vision):
    for cell in vision.cells:
        with pytest.raises(InputError, match=f"roadmap cell '{cell.id}'"):
            without(vision, lambda service, lost=cell.id: lost not in service.cells).check()


def test_a_wrong_name_gets_the_nearest(catalogue):
    with pytest.raises(InputError, match="watching_over"):
        catalogue.service("watching_ovr")
    with pytest.raises(InputError, match="alerts"):
        catalogue.of("alert")


def test_who_can_use_a_service_is_said_in_words(vision, catalogue):
    assert users(vision, catalogue.service("watching_over"), "ja") == "住民（65歳以上・一人暮らし）"
    said = users(vision, catalogue.service("telework"), "en")
    assert said == "residents (aged 18 to 74, employed), firms"
    assert users(vision, catalogue.service("digital_advice"), "en") == "firms"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_table_has_a_row_for_each_service(vision, lang):
    head, rows = service_rows(vision, lang)
    assert [len(row) for row in rows] == [len(head)] * len(vision.catalogue.services)
    assert messages.text("services.group_head", lang) in head


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_panels_show_every_service_and_every_link(vision, lang):
    """A service stands in the panel of each smart it serves, with all it can move."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    for page in panels(vision, lang):
        page(axes)
    written = [text.get_text() for text in axes.texts]
    marks = {shape: [line for line in axes.lines if line.get_marker() == shape] for shape in "os"}
    points = {shape: sum(len(line.get_xdata()) for line in lines) for shape, lines in marks.items()}
    curves = [patch for patch in axes.patches if type(patch).__name__ == "PathPatch"]
    plt.close(figure)

    shown = [
        service
        for smart in vision.smarts
        for service in vision.catalogue.services
        if any(vision.target(name).smart == smart.id for name in service.targets)
    ]
    for service in vision.catalogue.services:
        assert written.count(service.name[lang]) == shown.count(service), service.id
    assert len(curves) == sum(len(service.targets) for service in vision.catalogue.services)
    assert points == {"o": sum(len(s.indicators) for s in shown), "s": sum(len(s.cells) for s in shown)}
