"""The roadmap as a tidy table: one row for every number, for other programs to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.analysis.cells import CELLS
from twin.analysis.roadmap import Roadmap
from twin.errors import InputError
from twin.results.store import write_atomically

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "scenario",
    "what",
    "cell",
    "part",
    "at",
    "value",
    "low",
    "high",
    "held",
    "runs",
    "units",
    "word",
    "note",
)
SUFFIXES = (".csv", ".json")


def tidy(roadmaps: Mapping[str, Roadmap]) -> pd.DataFrame:
    """All numbers of some scenarios; ``what`` says which kind a row is.

    cell: its probability at the end of fiscal year ``at`` (at_most: of the evaluated conditions alone). condition: how
    often one holds, ``at`` its threshold. number: the median of its number. waiting: years until half of the runs
    have come so far. joint, conditional: of ``cell`` and ``part``. curve: probability of the cell with
    threshold ``at``. difference: to the first scenario.
    """
    import pandas as pd

    first = next(iter(roadmaps.values()))
    rows = [{"scenario": name, **row} for name, roadmap in roadmaps.items() for row in _rows(roadmap)]
    for name, roadmap in list(roadmaps.items())[1:]:
        for cell, found in roadmap.against(first).items():
            if found is not None:
                about = {
                    "value": found.value,
                    "low": found.low,
                    "high": found.high,
                    "held": found.moved,
                    "runs": found.pairs,
                }
                rows.append({"scenario": name, "what": "difference", "cell": cell, **about})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def write(roadmaps: Mapping[str, Roadmap], path: Path) -> None:
    """Write the tidy table as CSV or JSON.

    Raises
    ------
    InputError
        The file is named as neither.
    """
    check_suffix(path)
    table = tidy(roadmaps)
    if path.suffix == ".csv":
        content = table.to_csv(index=False)
    else:
        content = json.dumps(json.loads(table.to_json(orient="records")), ensure_ascii=False, indent=1) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, lambda file: file.write(content.encode()))


def check_suffix(path: Path) -> None:
    """Stop unless a file is named as one of the kinds that are written."""
    if path.suffix not in SUFFIXES:
        raise InputError("roadmap.suffix", where=str(path), found=path.suffix)


def _rows(roadmap: Roadmap) -> Iterator[dict[str, Any]]:
    for outcome in roadmap.outcomes:
        cell = {"cell": outcome.id}
        note = f"{outcome.reason} {outcome.missing}".strip() or ", ".join(outcome.marks)
        yield {
            "what": "cell",
            **cell,
            "at": outcome.fiscal_year,
            "word": outcome.word,
            "note": note,
            **_chance(outcome.probability),
        }
        if outcome.at_most is not None:
            yield {"what": "at_most", **cell, "at": outcome.fiscal_year, **_chance(outcome.at_most)}
        for part in outcome.parts:
            note = f"{part.reason} {part.missing}".strip() or ("told only" if part.told else "")
            yield {
                "what": "condition",
                **cell,
                "part": part.name,
                "at": part.limit,
                "note": note,
                **_chance(part.probability),
            }
            yield {"what": "number", **cell, "part": part.name, "value": part.middle}
        if (wait := outcome.waiting) is not None:
            yield {
                "what": "waiting", **cell, "value": wait.middle, "low": wait.low, "high": wait.high, "held": wait.reached,
                "runs": wait.runs,
            }  # fmt: skip
    for chain in roadmap.chains:
        for what in ("joint", "conditional"):
            if (chance := getattr(chain, what)) is not None:
                yield {"what": what, "cell": chain.then, "part": chain.given, **_chance(chance)}
    for condition in (c for cell in CELLS for c in cell.needed):
        for at, chance in roadmap.curve(condition.name):
            name = condition.name.partition(".")[0].upper()
            yield {"what": "curve", "cell": name, "part": condition.name, "at": at, **_chance(chance)}


def _chance(found: Any) -> dict[str, Any]:
    return {} if found is None else asdict(found)
