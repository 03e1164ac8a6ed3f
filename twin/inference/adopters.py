"""People who named each other, and when each of them took something up.

Two classic data sets lie beside the project, not in it: the doctors of Coleman, Katz and Menzel (1966) and
the women of Rogers and Kincaid (1981), as published with the R package netdiffuseR. :func:`files` says where they
would be; whoever asks for them looks first whether they are there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from twin.errors import InputError

FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "facts" / "diffusion"


class Source(NamedTuple):
    """A pair of files: the column that names the place, and how many steps were watched."""

    place: str
    steps: int


SOURCES = {"doctors": Source("city", 17), "korean_villages": Source("village", 10)}


@dataclass(frozen=True)
class Adopters:
    """People of some places, whom each named, and when each took the thing up.

    Attributes
    ----------
    place : (people,) number of each one's place
    began : (people,) step in which each took it up, 1 to ``steps``; ``steps + 1`` when not by the end
    steps : number of steps watched (months of the doctors, periods of the villages)
    start : (people + 1,) i8, first tie of each
    other : (ties,) i4, row of the person named, -1 for somebody who was not interviewed
    layer : (ties,) u1, kind of the tie: 1 for the first of ``kinds``, and so on
    kinds : names of the kinds of ties
    """

    place: np.ndarray
    began: np.ndarray
    steps: int
    start: np.ndarray
    other: np.ndarray
    layer: np.ndarray
    kinds: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.began)

    @property
    def places(self) -> np.ndarray:
        """Numbers of the places, rising."""
        return np.unique(self.place)

    def weight(self, *kinds: str) -> np.ndarray:
        """Weights by layer that listen to ties of some kinds alone, or to all (i8); no households here."""
        return np.array([0, *(not kinds or kind in kinds for kind in self.kinds)], np.int64)

    def only(self, chosen: np.ndarray) -> Adopters:
        """Some of the people (yes/no for each); ties to the others become ties to nobody."""
        row = np.append(np.where(chosen, np.cumsum(chosen) - 1, -1), -1).astype(np.int32)
        kept = np.repeat(chosen, np.diff(self.start))
        return replace(
            self,
            place=self.place[chosen],
            began=self.began[chosen],
            start=_starts(np.diff(self.start)[chosen]),
            other=row[self.other[kept]],
            layer=self.layer[kept],
        )

    def copies(self, worlds: int) -> Adopters:
        """The same people and ties in so many worlds that know nothing of each other, world by world."""
        world = np.arange(worlds)[:, None]
        return replace(
            self,
            place=np.tile(self.place, worlds),
            began=np.tile(self.began, worlds),
            start=np.append(0, (self.start[1:] + self.start[-1] * world).ravel()),
            other=np.where(self.other >= 0, self.other + len(self) * world, -1).astype(np.int32).ravel(),
            layer=np.tile(self.layer, worlds),
        )

    def everybody(self) -> Adopters:
        """The same people when each listens to all others of the place instead: no network at all."""
        ego, alter = np.nonzero(self.place[:, None] == self.place)
        ego, alter = ego[ego != alter], alter[ego != alter]
        return replace(
            self,
            start=_starts(np.bincount(ego, minlength=len(self))),
            other=alter.astype(np.int32),
            layer=np.ones(len(alter), np.uint8),
            kinds=("everybody",),
        )


def files(name: str, folder: Path = FOLDER) -> tuple[Path, Path]:
    """Where the people and the ties of one of ``SOURCES`` would be."""
    return folder / f"{name}_people.csv", folder / f"{name}_ties.csv"


def read(name: str, folder: Path = FOLDER) -> Adopters:
    """One of ``SOURCES``.

    Ties to oneself and ties told twice are left out.

    Raises
    ------
    InputError
        A file lacks a column, a person stands twice, a tie starts at nobody, or a step is impossible.
    """
    source = SOURCES[name]
    people_file, ties_file = files(name, folder)
    people = _table(people_file, [source.place, "id", "toa"])
    ties = _table(ties_file, [source.place, "ego", "alter", "kind"])
    _refuse(people_file, people, people.duplicated([source.place, "id"]), "inference.twice")
    began = pd.to_numeric(people["toa"], errors="coerce")
    _refuse(people_file, people, ~began.isin(range(1, source.steps + 2)), "inference.step", last=source.steps + 1)  # fmt: skip
    row = pd.Series(np.arange(len(people)), pd.MultiIndex.from_frame(people[[source.place, "id"]]))
    ego, alter = (
        row.reindex(pd.MultiIndex.from_frame(ties[[source.place, end]])).fillna(-1).to_numpy(int)
        for end in ("ego", "alter")
    )
    _refuse(ties_file, ties, ego < 0, "inference.nobody")
    kinds = tuple(dict.fromkeys(ties["kind"]))
    twice = ties.duplicated([source.place, "ego", "alter", "kind"]).to_numpy()
    kept = np.flatnonzero(~twice & (ego != alter))
    kept = kept[np.argsort(ego[kept], kind="stable")]
    return Adopters(
        place=people[source.place].to_numpy(int),
        began=began.to_numpy(int),
        steps=source.steps,
        start=_starts(np.bincount(ego[kept], minlength=len(people))),
        other=alter[kept].astype(np.int32),
        layer=(pd.Categorical(ties["kind"], kinds).codes[kept] + 1).astype(np.uint8),
        kinds=kinds,
    )


def _table(path: Path, columns: list[str]) -> pd.DataFrame:
    table = pd.read_csv(path)
    missing = [column for column in columns if column not in table]
    if missing:
        raise InputError("inference.columns", where=path.name, found=", ".join(missing))
    return table


def _refuse(path: Path, table: pd.DataFrame, wrong: np.ndarray | pd.Series, key: str, **rule: object) -> None:
    """Stop at the first wrong row."""
    rows = np.flatnonzero(wrong)
    if len(rows):
        found = ", ".join(f"{name} {value}" for name, value in table.iloc[rows[0]].items())
        raise InputError(key, where=f"{path.name}:{rows[0] + 2}", found=found, **rule)


def _starts(degree: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
