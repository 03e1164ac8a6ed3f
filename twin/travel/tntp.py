"""Reader of the text files of "Transportation Networks for Research": network, trips, flows, nodes (TNTP).

A file begins with lines ``<NAME> value`` up to ``<END OF METADATA>``; ``~`` begins a comment, ``;`` ends a row.
Nodes and zones are numbered from 1 in files and from 0 here. Zones are the first nodes; those below the first
through node begin and end trips only. Lengths, speeds and tolls are read past: minutes alone decide.

The collection is for research and not a part of the project. :func:`files` says where its files would lie beside
it; whoever asks for them looks first whether they are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.errors import InputError, Problems
from twin.travel.roads import Roads, Trips

FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "tntp"
COLUMNS = ("begin", "end", "capacity", "length", "free", "b", "power")  # and speed, toll, type, not read
TOTAL_OFF = (
    0.01  # part by which trips may miss the total their file names: totals are rounded, lost rows are not
)


def files(name: str, *kinds: str) -> tuple[Path, ...]:
    """Where the files of one network lie, if they are there.

    >>> [path.name for path in files("SiouxFalls", "net", "trips")]
    ['SiouxFalls_net.tntp', 'SiouxFalls_trips.tntp']
    """
    return tuple(FOLDER / f"{name}_{kind}.tntp" for kind in kinds)


@dataclass(frozen=True)
class Network:
    """Roads of a file and how many of their first nodes are zones."""

    roads: Roads
    zones: int


def read_network(path: Path) -> Network:
    """Network of a ``*_net.tntp`` file; minutes are ``free * (1 + b * (flow / capacity) ** power)``.

    Raises
    ------
    InputError : metadata are missing, a row cannot be read, a link leads to a node the file does not have, or
        has a negative capacity, time or power; all that is found in one pass
    """
    about, rows = _parts(path)
    zones, nodes, through, links = (
        _whole(path, about, name) for name in ("NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE", "NUMBER OF LINKS")
    )  # fmt: skip
    if zones > nodes:
        raise InputError("tntp.zones", where=str(path), zones=zones, nodes=nodes)
    table, problems = np.zeros((len(rows), len(COLUMNS))), Problems()
    for row, (line, text) in enumerate(rows):
        values = text.split()[: len(COLUMNS)]
        try:
            table[row] = [float(value) for value in values]
        except ValueError:
            problems.append(
                InputError("tntp.row", where=f"{path}:{line}", columns=", ".join(COLUMNS), found=text)
            )
        else:
            problems += _wrong(f"{path}:{line}", table[row], nodes)
    if len(rows) != links:
        problems.append(InputError("tntp.links", where=str(path), wanted=links, found=len(rows)))
    problems.stop_if_any()
    table = table[np.argsort(table[:, 0], kind="stable")]
    begin, end, capacity, _, free, b, power = table.T
    roads = Roads.between(
        begin.astype(int) - 1, end.astype(int) - 1, nodes=nodes, free=free, rise=free * b, capacity=capacity,
        power=power, through=through - 1,
    )  # fmt: skip
    return Network(roads, zones)


def _wrong(where: str, row: np.ndarray, nodes: int) -> list[InputError]:
    """What is wrong with one link."""
    begin, end, capacity, _, free, b, power = row
    link = f"{begin:g} - {end:g}"
    bad = {
        "tntp.node": next((node for node in (begin, end) if node not in range(1, nodes + 1)), None),
        "tntp.loop": begin if begin == end else None,
        "tntp.capacity": None if 0 < capacity < np.inf else capacity,
        "tntp.free": None if 0 <= free < np.inf else free,
        "tntp.b": None if 0 <= b < np.inf else b,
        "tntp.power": None if power == 0 or 1 <= power < np.inf else power,
    }
    return [
        InputError(key, where=where, link=link, found=f"{value:g}", nodes=nodes)
        for key, value in bad.items()
        if value is not None
    ]


def read_trips(path: Path, network: Network) -> Trips:
    """Trips of a ``*_trips.tntp`` file between the zones of a network; those within a zone are left out.

    Raises
    ------
    InputError : metadata are missing or name other zones, a row cannot be read, a zone is unknown, trips are
        negative, or their sum is not the total the file names
    """
    about, rows = _parts(path)
    zones = _whole(path, about, "NUMBER OF ZONES")
    if zones != network.zones:
        raise InputError("tntp.other_zones", where=str(path), found=zones, wanted=network.zones)
    table, origin, problems = np.zeros((zones, zones)), 0, Problems()
    for line, text in rows:
        where = f"{path}:{line}"
        if text.startswith("Origin"):
            origin = _zone(where, text.removeprefix("Origin"), zones, problems)
            continue
        for part in filter(str.strip, text.split(";")):
            zone, _, vehicles = part.partition(":")
            destination = _zone(where, zone, zones, problems)
            number = _number(vehicles)
            if not number >= 0:
                problems.append(InputError("tntp.trips", where=where, found=part.strip()))
            elif origin and destination:
                table[origin - 1, destination - 1] = number
    problems.stop_if_any()
    total = _number(about.get("TOTAL OD FLOW", "nan"))
    if abs(table.sum() - total) > TOTAL_OFF * total:
        raise InputError("tntp.total", where=str(path), found=f"{table.sum():,.1f}", wanted=f"{total:,.1f}")
    return Trips.of(table)


def read_flows(path: Path, network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Flow and minutes of each section of a network from a ``*_flow.tntp`` file.

    Raises
    ------
    InputError : a row cannot be read, or links of the file and of the network are not the same
    """
    roads, problems = network.roads, Problems()
    section = {pair: e for e, pair in enumerate(zip(roads.begin.tolist(), roads.end.tolist(), strict=True))}
    found = np.full((2, len(roads.end)), np.nan)
    for line, text in enumerate(_lines(path)[1:], start=2):
        values = [_number(value) for value in text.replace(";", " ").split()]
        if not values:
            continue
        row = section.get((values[0] - 1, values[1] - 1), -1) if len(values) == 4 else -1
        if row < 0 or not np.isfinite(values).all():
            problems.append(InputError("tntp.flow", where=f"{path}:{line}", found=text.strip()))
        else:
            found[:, row] = values[2:]
    for e in np.flatnonzero(np.isnan(found[0]))[:1]:
        link = f"{roads.begin[e] + 1} - {roads.end[e] + 1}"
        problems.append(InputError("tntp.no_flow", where=str(path), link=link))
    problems.stop_if_any()
    return found[0], found[1]


def read_nodes(path: Path, network: Network) -> np.ndarray:
    """Place of each node, (nodes, 2), in the units of a ``*_node.tntp`` file; nan where it has none.

    Raises
    ------
    InputError : a row cannot be read, or names a node the network does not have
    """
    places, problems = np.full((len(network.roads.start) - 1, 2), np.nan), Problems()
    for line, text in enumerate(_lines(path)[1:], start=2):
        values = [_number(value) for value in text.replace(";", " ").split()]
        if not values:
            continue
        if len(values) != 3 or not np.isfinite(values).all() or values[0] not in range(1, len(places) + 1):
            problems.append(
                InputError("tntp.place", where=f"{path}:{line}", found=text.strip(), nodes=len(places))
            )
        else:
            places[int(values[0]) - 1] = values[1:]
    problems.stop_if_any()
    return places


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise InputError("tntp.no_file", where=str(path))
    try:
        return path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError("tntp.not_text", where=str(path)) from error


def _parts(path: Path) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """Metadata by name, and the rows after them with their line numbers."""
    about: dict[str, str] = {}
    lines = _lines(path)
    for number, line in enumerate(lines, start=1):
        if line.strip() == "<END OF METADATA>":
            rows = [
                (n, text.strip().rstrip(";").strip())
                for n, text in enumerate(lines[number:], start=number + 1)
            ]
            return about, [(n, text) for n, text in rows if text and not text.startswith("~")]
        if said := re.match(r"<(.+?)>(.*)", line.strip()):
            about[said[1].strip()] = said[2].strip()
    raise InputError("tntp.no_metadata", where=str(path))


def _whole(path: Path, about: dict[str, str], name: str) -> int:
    """A count of the metadata, 1 or more."""
    if name not in about:
        raise InputError("tntp.no_key", where=str(path), name=name)
    if not re.fullmatch(r"0*[1-9]\d*", about[name]):
        raise InputError("tntp.count", where=str(path), name=name, found=about[name])
    return int(about[name])


def _zone(where: str, text: str, zones: int, problems: Problems) -> int:
    """A zone of the file, 0 where there is no such zone."""
    number = _number(text)
    if number in range(1, zones + 1):
        return int(number)
    problems.append(InputError("tntp.zone", where=where, found=text.strip(), zones=zones))
    return 0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan
