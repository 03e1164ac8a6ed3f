"""The goals, what was found, and the table at the end: met or not met, never a failure.

>>> findings = Findings()
>>> findings.put("Time of a full-size run", 12.0, "s", goal="<= 15")
>>> findings.put("Bytes a citizen", 205.0, "bytes")
>>> [row[3] for row in findings.rows]
['met', '']
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Findings:
    """Rows of the closing table: what, how much, the goal, whether it was met."""

    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def put(self, what: str, value: float, unit: str = "", goal: str = "", note: str = "") -> None:
        """Write down a figure; ``goal`` is ``"<= 30"`` or ``">= 7"``, empty where there is none."""
        verdict = ""
        if goal:
            sign, bound = goal.split()
            good = value <= float(bound) if sign == "<=" else value >= float(bound)
            verdict = "met" if good else "NOT met"
        shown = f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
        self.rows.append((what, f"{shown} {unit}".strip(), goal, verdict, note))

    def text(self) -> str:
        """The table as lines of text."""
        table = [("what", "found", "goal", "", ""), *self.rows]
        wide = [max(len(row[i]) for row in table) for i in range(4)]
        return "\n".join(
            f"{what:<{wide[0]}}  {found:>{wide[1]}}  {goal:>{wide[2]}}  {verdict:<{wide[3]}}  {note}".rstrip()
            for what, found, goal, verdict, note in table
        )


FINDINGS = Findings()
