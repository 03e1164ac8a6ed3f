"""How results were made: versions, hashes, seeds, scenarios, seconds. Never a host or user name."""

from __future__ import annotations

import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.results.census import GROUPS
from twin.units import month_number

if TYPE_CHECKING:
    from twin.city.city import City
    from twin.facts import Facts
    from twin.run.plan import Plan

_LIBRARIES = ("mesa", "numpy", "scipy", "numba", "pandas", "pyarrow", "networkx", "shapely")


def made(
    plan: Plan, city: City, facts: Facts, fit: dict[str, str], seconds: dict[str, dict[str, float]],
    whole: float, threads: int,
) -> dict[str, Any]:  # fmt: skip
    """The record that goes with results; ``seconds`` are by run and process, ``whole`` in all."""
    return {
        "program": {"machitwin": _version("machitwin"), "commit": _commit()},
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "platform": {
            "python": platform.python_version(), "system": platform.system(), "machine": platform.machine(),
        },
        "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "city": {"name_ja": city.name_ja, "name_en": city.name_en, "tier": city.tier, "sha256": city.sha256},
        "facts": facts.sha256(),
        "scenarios": [
            {
                "id": s.id, "title": s.title, "question": s.question, "sha256": s.sha256(),
                "census": str(s.census), "start": str(s.start), "first_month": month_number(s.start),
                "processes": list(s.processes), "off": sorted(s.off),
                "explained": {lang: s.explain(facts, lang) for lang in ("ja", "en")},
                "warnings": [{lang: w.text(lang) for lang in ("ja", "en")} for w in s.warnings],
            }
            for s in plan.scenarios
        ],
        "seeds": list(plan.seeds), "fraction": plan.fraction, "years": plan.years, "threads": threads,
        "age_groups": list(GROUPS), "step": "1 month", "fit": fit,
        "seconds": {
            "whole": round(whole, 2),
            "runs": {run: {name: round(t, 2) for name, t in parts.items()} for run, parts in seconds.items()},
        },
    }  # fmt: skip


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _commit() -> str:
    """The source's commit when run from its own checkout; a mark when files differ from it."""
    here = Path(__file__).resolve().parents[1]
    if not (here.parent / ".git").exists():
        return "unknown"  # installed: a repository further up would not be this program's
    try:
        ask = {"cwd": here, "capture_output": True, "text": True, "timeout": 10, "check": True}
        commit = subprocess.run(["git", "rev-parse", "HEAD"], **ask).stdout.strip()  # type: ignore[call-overload]
        status = ["git", "status", "--porcelain", "."]
        changed = subprocess.run(status, **ask).stdout.strip()  # type: ignore[call-overload]
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return commit + ("+changes" if changed else "")
