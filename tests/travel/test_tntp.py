"""TNTP files: what is read, and what is refused with a word on where and why."""

import numpy as np
import pytest

from twin.errors import InputError
from twin.travel import user_equilibrium
from twin.travel.tntp import files, read_flows, read_network, read_nodes, read_trips

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 4\t
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 5
<ORIGINAL HEADER>~ \tinit term ;
<END OF METADATA>

~\tinit_node\tterm_node\tcapacity\tlength\tfree\tb\tpower\tspeed\ttoll\tlink_type\t;
\t3\t2\t10\t1\t2.5\t0.15\t4\t0\t0\t1\t;
\t1\t3\t10\t1\t2\t0.15\t4\t0\t0\t1\t;
\t1\t4\t20\t1\t1\t0\t0\t0\t0\t1\t;
\t4\t1\t20\t1\t1\t0\t0\t0\t0\t1\t;
\t4\t2\t20\t1\t9\t0.15\t4\t0\t0\t1;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 7.0
<END OF METADATA>

Origin  1
    1 :    1.0;     2 :    6.0;
Origin  2
    1 :    0.0;     2 :    0.0;
"""
FLOW = "From \tTo \tVolume \tCost \n1 \t3 \t6 \t2.1 \n1 \t4 \t0 \t1 \n3 \t2 \t6 \t2.6 \n4 \t1 \t0 \t1 \n4 \t2 \t0 \t9 \n"


@pytest.fixture
def folder(tmp_path):
    for name, text in (("net", NET), ("trips", TRIPS), ("flow", FLOW)):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_a_network_is_read_in_the_order_of_nodes_and_zones_are_not_crossed(folder):
    network = read_network(folder / "net")
    roads = network.roads
    assert (network.zones, roads.through) == (2, 2)
    assert list(zip(roads.begin.tolist(), roads.end.tolist(), strict=True)) == [
        (0, 2),
        (0, 3),
        (2, 1),
        (3, 0),
        (3, 1),
    ]
    assert roads.law.capacity.tolist() == [10, 20, 10, 20, 20]
    assert roads.law.rise == pytest.approx([0.3, 0, 0.375, 0, 1.35])
    assert roads.minutes([10, 0, 0, 0, 0])[0] == pytest.approx(2.3)
    trips = read_trips(folder / "trips", network)
    assert (trips.origin.tolist(), trips.destination.tolist(), trips.vehicles.tolist()) == ([0], [1], [6])
    assert user_equilibrium(roads, trips, 1e-9).flow.tolist() == [6, 0, 6, 0, 0]
    flow, minutes = read_flows(folder / "flow", network)
    assert (flow.tolist(), minutes.tolist()) == ([6, 0, 6, 0, 0], [2.1, 1, 2.6, 1, 9])


def test_places_of_nodes(folder):
    (folder / "node").write_text("Node\tX\tY\t;\n1\t-96.5\t43\t;\n4\t2\t3\t;\n", "utf-8")
    places = read_nodes(folder / "node", read_network(folder / "net"))
    assert places[[0, 3]].tolist() == [[-96.5, 43], [2, 3]]
    assert np.isnan(places[1:3]).all()
    (folder / "node").write_text("Node\tX\tY\t;\n5\t1\t2\t;\n", "utf-8")
    with pytest.raises(InputError, match=r"node:2.*1 to 4"):
        read_nodes(folder / "node", read_network(folder / "net"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<NUMBER OF ZONES> 2\n", "", "NUMBER OF ZONES"),
        ("<NUMBER OF ZONES> 2", "<NUMBER OF ZONES> two", "two"),
        ("<NUMBER OF ZONES> 2", "<NUMBER OF ZONES> 9", "9 zones but 4 nodes"),
        ("<FIRST THRU NODE> 3\n", "", "FIRST THRU NODE"),
        ("<END OF METADATA>", "", "END OF METADATA"),
        ("<NUMBER OF LINKS> 5", "<NUMBER OF LINKS> 6", "says 6 but there are 5"),
        ("\t3\t2\t10", "\t3\t7\t10", r"net:9.*node 7; nodes run from 1 to 4"),
        ("\t3\t2\t10", "\t3\t2.5\t10", r"node 2.5"),
        ("\t3\t2\t10", "\t3\t0\t10", r"node 0"),
        ("\t3\t2\t10", "\t3\t3\t10", r"back to itself"),
        ("\t3\t2\t10", "\t3\t2\t-10", r"net:9.*capacity of -10"),
        ("\t3\t2\t10", "\t3\t2\t0", r"capacity of 0"),
        ("\t3\t2\t10", "\t3\t2\tnan", r"capacity of nan"),
        ("\t3\t2\t10", "\t3\t2\tmany", r"net:9.*many"),
        ("\t10\t1\t2\t0.15", "\t10\t1\t-2\t0.15", "free-flow time of -2"),
        ("2.5\t0.15\t4", "2.5\t-0.15\t4", "B = -0.15"),
        ("2.5\t0.15\t4", "2.5\t0.15\t0.4", "power of 0.4"),
        ("\t1\t4\t20\t1\t1\t0\t0\t0\t0\t1\t;", "\t1\t4\t20\t;", r"net:11"),
    ],
)
def test_a_network_that_cannot_be_is_refused(folder, old, new, says):
    assert old in NET
    (folder / "net").write_text(NET.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match=says) as error:
        read_network(folder / "net")
    assert error.value.exit_code == 2
    assert error.value.text("ja") != error.value.text("en")


def test_all_that_is_wrong_is_said_in_one_pass(folder):
    (folder / "net").write_text(
        NET.replace("\t3\t2\t10", "\t3\t7\t-1").replace("\t4\t2\t20", "\t4\t2\tx"), "utf-8"
    )
    with pytest.raises(InputError, match="3 problems"):
        read_network(folder / "net")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<NUMBER OF ZONES> 2", "<NUMBER OF ZONES> 3", "3 zones, the network has 2"),
        ("2 :    6.0", "3 :    6.0", r"trips:6.*zone '3'; zones run from 1 to 2"),
        ("Origin  2", "Origin  5", r"trips:7.*'5'"),
        ("Origin  1\n", "", r"add up to"),
        ("6.0;", "-6.0;", r"2 :    -6.0"),
        ("6.0;", "many;", r"many"),
        ("6.0;", "4.0;", r"add up to 5.0 but <TOTAL OD FLOW> says 7.0"),
        ("<TOTAL OD FLOW> 7.0\n", "", "TOTAL OD FLOW"),
    ],
)
def test_trips_that_cannot_be_are_refused(folder, old, new, says):
    assert old in TRIPS
    (folder / "trips").write_text(TRIPS.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match=says):
        read_trips(folder / "trips", read_network(folder / "net"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1 \t4", "2 \t4", "flow:3"),
        ("1 \t4 \t0 \t1 \n", "", "no flow for link 1 - 4"),
        ("2.6", "x", "flow:4"),
    ],
)
def test_flows_that_do_not_belong_to_the_network_are_refused(folder, old, new, says):
    assert old in FLOW
    (folder / "flow").write_text(FLOW.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match=says):
        read_flows(folder / "flow", read_network(folder / "net"))


def test_a_file_that_is_not_there_or_no_text(folder):
    with pytest.raises(InputError, match="no such file"):
        read_network(folder / "nothing")
    (folder / "net").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        read_network(folder / "net")


def test_the_collection_as_it_is():
    """Sizes of the published networks, and their flows by our law of minutes."""
    for name, zones, nodes, links, pairs in (
        ("SiouxFalls", 24, 24, 76, 528),
        ("Anaheim", 38, 416, 914, 1406),
    ):
        net, trips, flows = files(name, "net", "trips", "flow")
        if not net.is_file():
            pytest.skip(f"not beside the project: {net.name}")
        network = read_network(net)
        assert (network.zones, len(network.roads.start) - 1, len(network.roads.end)) == (zones, nodes, links)
        assert len(read_trips(trips, network).vehicles) == pairs
        flow, minutes = read_flows(flows, network)
        assert np.allclose(network.roads.minutes(flow), minutes, rtol=1e-9)
    assert np.isfinite(
        read_nodes(*files("SiouxFalls", "node"), read_network(*files("SiouxFalls", "net")))
    ).all()
