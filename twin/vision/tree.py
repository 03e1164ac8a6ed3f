"""The logic tree: what hangs on what.

    vision ─ has ─> smart ─ has ─> target state ─ told by ─> indicator, roadmap cell
                          │                     └ served by ─> service ─ moves ─> indicator
                          └ measured by ─> indicator                   └ contributes to ─> roadmap cell
    vision ─ measured by ─> overall indicator
    vision ─ has ─> roadmap row ─ has ─> cell;    vision ─ has ─> statement of the 20-year picture

Nodes are strings: ``"vision"``, a smart's, target's, cell's or statement's own id, ``"indicator.4"``,
``"service.remote_care"``, ``"roadmap.use"``. Each node carries ``kind``, ``ja`` and ``en``; each edge carries ``kind`` and ``ours``,
true where the link is this project's reading and not the document's.

>>> from twin.vision import Vision
>>> found = tree(Vision.read())
>>> sorted(found.successors("town.disaster"))
['indicator.10', 'service.disaster_alerts', 'service.shelter_power']
>>> sorted(found.successors("service.disaster_alerts"))
['data.year5', 'indicator.10', 'use.now']
"""

from __future__ import annotations

import networkx as nx

from twin.vision.vision import OVERALL, Vision, Words


def tree(vision: Vision) -> nx.DiGraph:
    """The vision as a directed graph without cycles, rooted at ``"vision"``."""
    graph = nx.DiGraph()
    _node(graph, "vision", "vision", vision.name)
    _add_indicators(graph, vision)
    _add_roadmap(graph, vision)
    for smart in vision.smarts:
        _node(graph, smart.id, "smart", smart.name)
        graph.add_edge("vision", smart.id, kind="has", ours=False)
        for target in smart.targets:
            _node(graph, target.id, "target", target.short)
            graph.nodes[target.id]["not_modelled"] = target.not_modelled
            graph.add_edge(smart.id, target.id, kind="has", ours=False)
            for told in [f"indicator.{number}" for number in target.indicators] + list(target.cells):
                graph.add_edge(target.id, told, kind="told by", ours=True)
    _add_services(graph, vision)
    return graph


def _node(graph: nx.DiGraph, name: str, kind: str, words: Words) -> None:
    graph.add_node(name, kind=kind, **words)


def _add_indicators(graph: nx.DiGraph, vision: Vision) -> None:
    for indicator in vision.indicators:
        name = f"indicator.{indicator.number}"
        _node(graph, name, "indicator", indicator.name)
        holder = "vision" if indicator.smart == OVERALL else indicator.smart
        graph.add_edge(holder, name, kind="measured by", ours=False)


def _add_roadmap(graph: nx.DiGraph, vision: Vision) -> None:
    for row, words in vision.rows.items():
        _node(graph, f"roadmap.{row}", "roadmap row", words)
        graph.add_edge("vision", f"roadmap.{row}", kind="has", ours=False)
    for cell in vision.cells:
        joined = {lang: " / ".join(bullet[lang] for bullet in cell.bullets) for lang in ("ja", "en")}
        _node(graph, cell.id, "cell", joined)
        graph.add_edge(f"roadmap.{cell.row}", cell.id, kind="has", ours=False)
    for statement in vision.statements:
        _node(graph, statement.id, "statement", statement.text)
        graph.add_edge("vision", statement.id, kind="has", ours=False)


def _add_services(graph: nx.DiGraph, vision: Vision) -> None:
    for service in vision.catalogue.services:
        name = f"service.{service.id}"
        _node(graph, name, "service", service.name)
        graph.add_edges_from(((target, name) for target in service.targets), kind="served by", ours=True)
        moved = (f"indicator.{number}" for number in service.indicators)
        graph.add_edges_from(((name, indicator) for indicator in moved), kind="moves", ours=True)
        graph.add_edges_from(((name, cell) for cell in service.cells), kind="contributes to", ours=True)
