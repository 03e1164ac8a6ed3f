"""T-01 to T-05: road users settle where theory and published solutions say they do.

Totals are vehicles times minutes. Published solutions of Sioux Falls and Anaheim come from "Transportation
Networks for Research"; their cases are asked only where the files lie beside the project.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.travel import Roads, Trips, system_optimum, user_equilibrium
from twin.travel.tntp import files, read_flows, read_network, read_trips
from twin.verification.case import Check, case

GAP, FINE = 1e-6, 1e-12  # the gap that is asked for, and one at which only rounding is left


def _roads(*sections: Sequence[float]) -> Roads:
    """Sections (from, to, free, rise, capacity, power) in the order of the nodes they leave."""
    begin, end, free, rise, capacity, power = np.array(sections, float).T
    return Roads.between(
        begin, end, nodes=int(max(begin.max(), end.max())) + 1,
        free=free, rise=rise, capacity=capacity, power=power,
    )  # fmt: skip


def _trips(origin: int, destination: int, vehicles: float) -> Trips:
    return Trips(np.array([origin], "i4"), np.array([destination], "i4"), np.array([vehicles]))


@case(
    "T-01", "ブライスの逆説：橋を架けると全員が遅くなる", "Braess's paradox: a bridge makes everybody later"
)
def braess() -> list[Check]:
    """Six vehicles from 0 to 1; without and with a road between the two middle nodes."""
    sides = [(0, 2, 0, 10, 1, 1), (0, 3, 50, 1, 1, 1), (2, 1, 50, 1, 1, 1)]
    without, bridged = (
        _roads(*sides, *middle, (3, 1, 0, 10, 1, 1)) for middle in ((), ((2, 3, 10, 1, 1, 1),))
    )
    six = _trips(0, 1, 6)
    return [
        Check("minutes of all without the bridge", 498.0, user_equilibrium(without, six, FINE).total, 1e-6),
        Check("minutes of all with the bridge", 552.0, user_equilibrium(bridged, six, FINE).total, 1e-6),
        Check(
            "fewest minutes possible with the bridge", 498.0, system_optimum(bridged, six, FINE).total, 1e-6
        ),
    ]


@case("T-02", "ピグーの道路：無秩序の代償は4/3", "Pigou's roads: the price of anarchy is 4/3")
def pigou() -> list[Check]:
    """A road of one minute beside one that takes as many minutes as its flow; one vehicle."""
    roads, one = _roads((0, 1, 1, 0, 1, 1), (0, 1, 0, 1, 1, 1)), _trips(0, 1, 1)
    selfish, best = user_equilibrium(roads, one, FINE), system_optimum(roads, one, FINE)
    return [
        Check("everybody on the road that fills up", 1.0, float(selfish.flow[1]), 1e-9),
        Check("half of them when minutes are fewest", 0.5, float(best.flow[1]), 1e-9),
        Check("price of anarchy", 4 / 3, selfish.total / best.total, 1e-9),
    ]


@case("T-03", "2本の経路を手計算と比べる", "Two routes by hand")
def by_hand() -> list[Check]:
    """10 + x/100 against 15 + x/200 minutes; then two roads with a power of four, one twice as wide."""
    straight = _roads((0, 1, 10, 1, 100, 1), (0, 1, 15, 1, 200, 1))
    many, few = (user_equilibrium(straight, _trips(0, 1, vehicles), FINE) for vehicles in (1000, 300))
    steep = _roads((0, 1, 10, 1.5, 400, 4), (0, 1, 10, 1.5, 800, 4))
    wide = user_equilibrium(steep, _trips(0, 1, 1200), FINE)
    return [
        Check(
            "vehicles on the shorter road, of {trips}", 2000 / 3, float(many.flow[0]), 1e-6, {"trips": 1000}
        ),
        Check("minutes on road {road}", 50 / 3, float(many.minutes[0]), 1e-8, {"road": 1}),
        Check("minutes on road {road}", 50 / 3, float(many.minutes[1]), 1e-8, {"road": 2}),
        Check("vehicles on the shorter road, of {trips}", 300.0, float(few.flow[0]), 1e-9, {"trips": 300}),
        Check("vehicles on the road twice as wide", 800.0, float(wide.flow[1]), 1e-4),
        Check("minutes on road {road}", 11.5, float(wide.minutes[1]), 1e-6, {"road": 2}),
    ]


@case(
    "T-04",
    "スーフォールズの利用者均衡（公開された解）",
    "User equilibrium of Sioux Falls (published solution)",
    needs=files("SiouxFalls", "net", "trips", "flow"),
)
def sioux_falls() -> list[Check]:
    """The usual gap, then everything to the digits that are published."""
    net, trips, flows = files("SiouxFalls", "net", "trips", "flow")
    network = read_network(net)
    wanted = read_trips(trips, network)
    usual, fine = (user_equilibrium(network.roads, wanted, gap) for gap in (GAP, FINE))
    law, x = network.roads.law, fine.flow
    potential = (law.free * x + law.rise * x * (x / law.capacity) ** law.power / (law.power + 1)).sum()
    best = system_optimum(network.roads, wanted, FINE)
    apart = float(np.abs(fine.flow - read_flows(flows, network)[0]).max())
    return [
        Check("minutes of all", 7_480_225.0, usual.total, 1e-4 * 7_480_225.0),
        Check("relative gap is reached", True, usual.gap <= GAP),
        Check("minutes of all, to the last digit", 7_480_225.345, fine.total, 0.005),
        Check("objective of Beckmann", 4_231_335.287, float(potential), 0.005),
        Check("fewest minutes possible", 7_194_256.053, best.total, 0.005),
        Check("largest distance from a published flow, vehicles", 0.0, apart, 1e-3),
    ]


@case(
    "T-05",
    "アナハイムの利用者均衡（公開された交通量）",
    "User equilibrium of Anaheim (published flows)",
    needs=files("Anaheim", "net", "trips", "flow"),
)
def anaheim() -> list[Check]:
    """A network whose zones no way may cross."""
    net, trips, flows = files("Anaheim", "net", "trips", "flow")
    network = read_network(net)
    found = user_equilibrium(network.roads, read_trips(trips, network), FINE)
    flow, minutes = read_flows(flows, network)
    return [
        Check("minutes of all", float((flow * minutes).sum()), found.total, 0.005),
        Check("largest distance from a published flow, vehicles", 0.0, float(np.abs(found.flow - flow).max()), 1e-2),
        Check("largest distance from published minutes", 0.0, float(np.abs(found.minutes - minutes).max()), 1e-6),
    ]  # fmt: skip
