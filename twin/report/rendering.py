"""From what goes on the page to one HTML text: template, style sheet, font. Everything is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_FONT_GOES_HERE = "FONT-GOES-HERE"


def render(page: dict[str, Any], lang: str) -> str:
    """The whole page as HTML that needs nothing from outside."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from twin.report.fonts import FAMILY, embedded

    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(here), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    style = (here / "style.css").read_text(encoding="utf-8").replace("FAMILY", FAMILY)
    html = environment.get_template("template.html.j2").render(
        **page, lang=lang, style=Markup(style), font=Markup(_FONT_GOES_HERE), family=FAMILY
    )
    return html.replace(_FONT_GOES_HERE, embedded(set(html)))
