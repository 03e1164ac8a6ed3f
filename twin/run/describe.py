"""``twin describe``: the model's columns, numbers, processes, services and levers as Markdown tables, from the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from twin import messages
from twin.agents import Areas, Businesses, Citizens, Households
from twin.facts import Facts
from twin.processes import Process
from twin.run.plan import PROCESSES
from twin.scenarios.words import axis_words, unit_words
from twin.state import State, Table
from twin.vision import Service, Vision
from twin.vision.table import kind, told_by, users


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    head = list(head)
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def describe_state(lang: str) -> str:
    """Every column: table, name, type, unit, range, meaning, bytes a row."""
    tables: dict[str, Table] = {t.name: t for t in (Citizens(), Households(), Businesses(), Areas())}
    for process in PROCESSES.values():
        process().attach(tables)
    rows = State(tables.values()).describe()
    for row in rows:
        row["about"] = messages.text(f"column.{row['table']}.{row['column']}", lang)
        row["unit"] = messages.text(f"column_unit.{row['unit']}", lang)
    a_citizen = sum(int(row["bytes"]) for row in rows if row["table"] == "citizens")
    head = messages.text("describe.state", lang).split("|")
    size = messages.text("describe.bytes", lang, bytes=a_citizen)
    return table(head, [row.values() for row in rows]) + "\n\n" + size


def describe_facts(lang: str) -> str:
    """Every number: key, value now, unit, range, grade, meaning, source."""
    head = messages.text("describe.facts", lang).split("|")
    rows = []
    for fact in Facts.read().values():
        latest = fact.values[-1][1]
        value = (
            f"{len(latest)} x {axis_words(fact.axis, lang)}" if isinstance(latest, dict) else f"{latest:g}"
        )
        dated = f" ({len(fact.values)})" if len(fact.values) > 1 else ""
        grade = messages.text(f"describe.grade.{fact.grade}", lang)
        span = f"{fact.low:g} .. {fact.high:g}"
        unit, told = unit_words(fact.unit, lang), (fact.told(what, lang) for what in ("about", "source"))
        rows.append((fact.key, value + dated, unit, span, grade, *told))
    return table(head, rows)


def describe_processes(lang: str) -> str:
    """Every process: what it is, the facts it reads, what it writes, its switches."""
    parts = []
    for name, process in PROCESSES.items():
        about = messages.text(f"process.{name}", lang)
        parts.append(f"## {name}\n\n{about}\n")
        parts.append(messages.text("describe.reads", lang, facts=", ".join(process.facts)))
        parts.append(
            messages.text("describe.writes", lang, columns=", ".join(sorted(_columns(process))) or "–")
        )
        for switch in process.couplings:
            what = messages.text(f"coupling.{switch}", lang)
            parts.append(messages.text("describe.switch", lang, name=switch, about=what))
        parts.append("")
    return "\n".join(parts)


def describe_services(lang: str) -> str:
    """Every service of the catalogue: what it is, users, needs, effort, benefit, cost, what it can move."""
    vision = Vision.read()
    head = messages.text("describe.services", lang).split("|")
    rows = [
        (
            service.id,
            service.name[lang],
            service.about[lang],
            users(vision, service, lang),
            ", ".join(vision.catalogue.words.needs[need][lang] for need in service.needs),
            f"{service.effort:g}",
            f"{service.benefit:g}",
            _cost(vision, service, lang),
            messages.text(f"describe.grade.{service.cost.grade}", lang),
            service.cost.source[lang],
            told_by(vision, service, lang),
        )
        for service in vision.catalogue.services
    ]
    return table(head, rows) + "\n\n" + messages.text("describe.effort", lang)


def describe_indicators(lang: str) -> str:
    """Every indicator: number, name, kind, way, and the levers that raise it in the model, by process."""
    vision = Vision.read()
    rows = []
    for indicator in vision.indicators:
        found = (f"{process}: {', '.join(levers)}" for process, levers in levers_of(indicator.number).items())
        rows.append(
            (
                indicator.number,
                indicator.name[lang],
                kind(indicator, lang),
                indicator.obtained[lang],
                "; ".join(found),
            )
        )
    head = messages.text("describe.indicators", lang).split("|")
    return table(head, rows) + "\n\n" + messages.text("describe.levers", lang)


def levers_of(number: int) -> dict[str, list[str]]:
    """Levers that raise an indicator, by the process that says so."""
    found = {
        name: [lever for lever, numbers in process.levers.items() if number in numbers]
        for name, process in PROCESSES.items()
    }
    return {name: levers for name, levers in found.items() if levers}


def _cost(vision: Vision, service: Service, lang: str) -> str:
    cost, parts = service.cost, []
    if cost.setup or cost.yearly:
        unit = vision.catalogue.words.units[cost.per][lang]
        parts.append(messages.text("describe.cost", lang, unit=unit, setup=cost.setup, yearly=cost.yearly))
    if cost.per_user or cost.per_user_yearly:
        each = {"setup": cost.per_user, "yearly": cost.per_user_yearly}
        parts.append(messages.text("describe.cost_user", lang, **each))
    return "; ".join(parts)


def _columns(process: type[Process]) -> frozenset[str]:
    return process().may_write()


DESCRIBE: dict[str, Callable[[str], str]] = {
    "state": describe_state,
    "facts": describe_facts,
    "processes": describe_processes,
    "services": describe_services,
    "indicators": describe_indicators,
}
