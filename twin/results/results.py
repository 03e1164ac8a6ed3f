"""Results: reading a sealed folder, bands over seeds, differences paired by seed.

results = Results.open(Path("results/first"))
results.band("indicator_04", "baseline")
results.difference("indicator_04", "ageing_faster", "baseline")
"""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.errors import ResultsError, nearest
from twin.facts import Facts
from twin.results.store import check_complete, run_file

if TYPE_CHECKING:
    import pandas as pd

LOW, MID, HIGH = 0.1, 0.5, 0.9


class Results:
    """One sealed folder of results.

    Attributes
    ----------
    folder : where it is
    files : names of the files it is sealed with
    made : how it was made (versions, hashes, seeds, scenarios, seconds)
    """

    def __init__(self, folder: Path, files: Collection[str], made: dict[str, Any]) -> None:
        self.folder, self.files, self.made = folder, files, made

    @classmethod
    def open(cls, folder: Path) -> Results:
        """Open a folder that :func:`twin.run.run` sealed."""
        files = check_complete(folder)
        return cls(folder, files, json.loads((folder / "made.json").read_text(encoding="utf-8")))

    @property
    def scenarios(self) -> list[str]:
        """Scenario ids in the order they were asked for; the first is what others are compared with."""
        return [scenario["id"] for scenario in self.made["scenarios"]]

    @property
    def seeds(self) -> list[int]:
        """Seeds every scenario was run with."""
        return list(self.made["seeds"])

    @cached_property
    def facts(self) -> Facts:
        """The numbers the run began with, before any scenario's changes."""
        facts = Facts.read(self.folder / "facts")
        if facts.sha256() != self.made["facts"]:
            raise ResultsError("store.changed", where=str(self.folder), file="facts/")
        return facts

    @cached_property
    def table(self) -> pd.DataFrame:
        """The long table of the recorded runs; texts are categories, dates are timestamps."""
        import pandas as pd

        runs = ((name, seed) for name in self.scenarios for seed in self.seeds)
        parts = [self.run(*run) for run in sorted(runs, key=lambda run: run_file(self.folder, *run))]
        whole = pd.concat(parts, ignore_index=True)
        for column in ("scenario", "indicator", "kind", "area", "group"):
            whole[column] = whole[column].astype("category")
        whole["date"] = pd.to_datetime(whole["date"])
        return whole

    def run(self, scenario: str, seed: int, names: Collection[str] | None = None) -> pd.DataFrame:
        """The long table of one recorded run as it lies on disk, or the rows of some names only."""
        import pandas as pd

        wanted = None if names is None else [("indicator", "in", list(names))]
        return pd.read_parquet(self._sealed(run_file(self.folder, scenario, seed)), filters=wanted)

    def _sealed(self, path: Path) -> Path:
        """The path; stop when the folder was not sealed with it."""
        name = path.relative_to(self.folder).as_posix()
        if name not in self.files:
            raise ResultsError("store.changed", where=str(self.folder), file=name)
        return path

    @cached_property
    def _held(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            self.table[["indicator", "scenario"]].drop_duplicates().itertuples(index=False, name=None)
        )

    def holds(self, indicator: str, scenario: str) -> bool:
        """Whether a scenario counted it; one whose processes do not, has no rows of it."""
        return (indicator, scenario) in self._held

    def values(self, indicator: str, scenario: str, area: str = "12100", group: str = "all") -> pd.DataFrame:
        """One column per seed, one row per month."""
        found = self.table[
            (self.table.indicator == indicator) & (self.table.scenario == scenario)
            & (self.table.area == area) & (self.table.group == group)
        ]  # fmt: skip
        if found.empty:
            near = nearest(indicator, self.table.indicator.cat.categories)
            raise ResultsError("store.no_indicator", indicator=f"{indicator} / {area} / {group}", near=near)
        return found.pivot_table(index="date", columns="seed", values="value", observed=True)

    def band(self, indicator: str, scenario: str, area: str = "12100", group: str = "all") -> pd.DataFrame:
        """The 10, 50 and 90 per cent points over seeds by month: columns low, mid, high."""
        return band(self.values(indicator, scenario, area, group))

    def difference(
        self, indicator: str, scenario: str, base: str, area: str = "12100", group: str = "all"
    ) -> pd.DataFrame:
        """Scenario minus base, seed by seed first, then the band: columns low, mid, high."""
        return band(self.values(indicator, scenario, area, group) - self.values(indicator, base, area, group))

    def at(self, indicator: str, scenario: str, month: str, group: str = "all") -> pd.Series:
        """Median over seeds by area code in one month ("2042-03")."""
        when = self.table.date.dt.strftime("%Y-%m") == month
        found = self.table[
            when
            & (self.table.indicator == indicator)
            & (self.table.scenario == scenario)
            & (self.table.group == group)
        ]
        return found.groupby("area", observed=True)["value"].median()


def band(values: pd.DataFrame) -> pd.DataFrame:
    """The 10, 50 and 90 per cent points over seeds (columns) by row: columns low, mid, high."""
    points = values.quantile([LOW, MID, HIGH], axis=1).T
    points.columns = ["low", "mid", "high"]
    return points
