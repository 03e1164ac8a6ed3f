"""The vision as tables: target states, services and indicators, for the terminal and for pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import messages
from twin.vision.services import OLDEST, RESIDENTS, Service
from twin.vision.vision import OVERALL, Cell, Indicator, Target, Vision

if TYPE_CHECKING:
    from rich.console import Group

Rows = list[list[str]]


def as_table(vision: Vision, lang: str = "ja", style: str = "markdown") -> str | Group:
    """Target states, services and indicators as three tables.

    Parameters
    ----------
    lang : "ja" or "en"
    style : "markdown" gives text; "rich" gives something a rich console prints
    """
    parts = [
        (messages.text("vision.targets", lang), *target_rows(vision, lang)),
        (messages.text("services.services", lang), *service_rows(vision, lang)),
        (messages.text("vision.indicators", lang), *indicator_rows(vision, lang)),
    ]
    return _rich(parts) if style == "rich" else "\n".join(_markdown(*part) for part in parts)


def target_rows(vision: Vision, lang: str) -> tuple[list[str], Rows]:
    """Heading and one row per target state: smart, state, direction, told by, not modelled."""
    columns = ("smart", "target", "direction", "told_by", "outside")
    rows = [
        [
            smart.name[lang],
            target.state[lang],
            target.direction[lang],
            told_by(vision, target, lang),
            (target.not_modelled or {}).get(lang, ""),
        ]
        for smart in vision.smarts
        for target in smart.targets
    ]
    return [messages.text(f"vision.{column}", lang) for column in columns], rows


def service_rows(vision: Vision, lang: str) -> tuple[list[str], Rows]:
    """Heading and one row per service: smart, name, states served, group, users, needs, runners, what it can move."""
    columns = ("vision.smart", "services.service", "services.serves", "services.group_head", "services.users_head",
               "services.needs_head", "services.run_by_head", "services.moves_head")  # fmt: skip
    words, smarts = vision.catalogue.words, {smart.id: smart.name for smart in vision.smarts}
    between = _between(lang)
    rows = [
        [
            smarts[s.smart][lang],
            s.name[lang],
            "; ".join(vision.target(name).short[lang] for name in s.targets),
            words.groups[s.group][lang] if s.group else "",
            users(vision, s, lang),
            between.join(words.needs[need][lang] for need in s.needs),
            between.join(words.runners[runner][lang] for runner in s.run_by),
            told_by(vision, s, lang),
        ]
        for s in vision.catalogue.services
    ]
    return [messages.text(column, lang) for column in columns], rows


def users(vision: Vision, service: Service, lang: str) -> str:
    """Who can use a service, in words: "residents (65 or over, living alone), firms"."""
    words, (low, high) = vision.catalogue.words, service.users.ages
    limits = []
    if (low, high) != (0, OLDEST):
        key = "services.ages_from" if high == OLDEST else "services.ages_between"
        limits.append(messages.text(key, lang, low=low, high=high))
    if service.users.condition:
        limits.append(words.conditions[service.users.condition][lang])
    kinds = {kind: words.kinds[kind][lang] for kind in service.users.kinds}
    if limits and RESIDENTS in kinds:
        said = _between(lang).join(limits)
        kinds[RESIDENTS] += f"（{said}）" if lang == "ja" else f" ({said})"
    return _between(lang).join(kinds.values())


def indicator_rows(vision: Vision, lang: str) -> tuple[list[str], Rows]:
    """Heading and one row per indicator: number, name, smart, kind as printed, way of obtaining."""
    columns = ("number", "indicator", "smart", "kind", "way")
    smarts = {smart.id: smart.name for smart in vision.smarts} | {OVERALL: vision.overall}
    rows = [
        [str(i.number), i.name[lang], smarts[i.smart][lang], kind(i, lang), i.obtained[lang]]
        for i in vision.indicators
    ]
    return [messages.text(f"vision.{column}", lang) for column in columns], rows


def kind(indicator: Indicator, lang: str) -> str:
    """主 or 客, in English S or O."""
    return messages.text(f"vision.{'subjective' if indicator.subjective else 'objective'}", lang)


def told_by(vision: Vision, target: Target | Service, lang: str) -> str:
    """The indicators and roadmap cells that tell of a target state, or that a service moves, in words."""
    said = []
    if target.indicators:
        numbers = ", ".join(str(number) for number in target.indicators)
        said.append(messages.text("vision.indicator_tag", lang, numbers=numbers))
    said += cell_words(vision, [vision.cell(name) for name in target.cells], lang)
    return "; ".join(said)


def cell_words(vision: Vision, cells: list[Cell], lang: str) -> list[str]:
    """Cells in words, those of one roadmap row together: "Trials of technology: now, in 5 years"."""
    between = _between(lang)
    rows: dict[str, list[str]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(vision.columns[cell.column][lang])
    return [f"{vision.rows[row][lang]}: {between.join(columns)}" for row, columns in rows.items()]


def _between(lang: str) -> str:
    return "・" if lang == "ja" else ", "


def _markdown(title: str, heading: list[str], rows: Rows) -> str:
    lines = [f"## {title}", "", _line(heading), _line(["---"] * len(heading)), *map(_line, rows), ""]
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _rich(parts: list[tuple[str, list[str], Rows]]) -> Group:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    tables = []
    for title, heading, rows in parts:
        table = Table(title=Text(title), show_lines=True)
        for column in heading:
            table.add_column(Text(column), overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        tables.append(table)
    return Group(*tables)
