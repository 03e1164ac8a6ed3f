"""A warning: something the user should know that does not stop the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from twin import messages


@dataclass(frozen=True)
class Remark:
    """A message of the table with its values; recorded in the results, shown in the report.

    >>> Remark("scenario.bom", "a.toml").text("en").startswith("a.toml: ")
    True
    """

    key: str
    where: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The remark in one language, with the place in front."""
        said = messages.text(self.key, lang, **self.values)
        return f"{self.where}: {said}" if self.where else said
