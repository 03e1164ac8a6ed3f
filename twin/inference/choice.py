"""Tastes from choices: multinomial and nested logit by maximum likelihood.

Utilities are linear, V = x beta; beta and the theta of any nest are fitted together. The slope of the
log-likelihood is worked out by hand, situation by situation, which also gives standard errors that stay
right when the model is not quite (the sandwich). See ``docs/mode_choice.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from twin.errors import InputError
from twin.travel.choice import Nests, multinomial, nested

SWISSMETRO = Path(__file__).resolve().parents[2] / ".." / "shared" / "choice" / "swissmetro.dat"
_LEAST_THETA = 0.02  # below it utilities over theta say nothing but who is best
_FLAT = 1e-7  # curvature a choice, below which the data say nothing; attributes are at most 1 there
_STEP = 1e-5  # of a parameter, for the curvature by differences of slopes


class Choices(NamedTuple):
    """Situations in which somebody chose; alternatives first.

    x : (alternatives, situations, tastes) f8, what the utility is linear in
    available : (alternatives, situations) yes/no
    chosen : (situations,) i8
    names : what each taste is of
    person : (situations,) i8, who chose, where one person chose several times; else empty
    """

    x: np.ndarray
    available: np.ndarray
    chosen: np.ndarray
    names: tuple[str, ...]
    person: np.ndarray = np.empty(0, np.int64)


@dataclass(frozen=True)
class ChoiceFit:
    """Tastes that make the choices most likely.

    Attributes
    ----------
    names : of the parameters: tastes, then thetas of nests by number
    value, error, robust : (parameters,) f8: value, standard error from the curvature, and from the sandwich
        (by person where persons chose several times); no number for a theta that ran against a bound
    loglik, loglik_zero : log-likelihood at the values, and with all tastes 0 and thetas 1
    """

    names: tuple[str, ...]
    value: np.ndarray
    error: np.ndarray
    robust: np.ndarray
    loglik: float
    loglik_zero: float

    def __getitem__(self, name: str) -> float:
        return float(self.value[self.names.index(name)])

    @property
    def rho_squared(self) -> float:
        """Share of the log-likelihood at 0 that the tastes explain (McFadden)."""
        return 1 - self.loglik / self.loglik_zero


def fit_choice(choices: Choices, nests: Nests | None = None, free: Sequence[int] = ()) -> ChoiceFit:
    """Maximum likelihood over the tastes, and over theta of the nests named in ``free``.

    Parameters
    ----------
    nests : none for multinomial logit; the theta of nests not free stays as it is

    Raises
    ------
    InputError
        Somebody chose what was not available, the data do not tell a taste, or no maximum was found.
    """
    nests = nests or multinomial(len(choices.x))
    _check(choices)
    tastes, situations = choices.x.shape[2], choices.x.shape[1]
    scale = np.abs(choices.x).max(axis=(0, 1))
    scaled = choices._replace(x=choices.x / scale)  # yen beside minutes beside yes/no: let all be of one size

    def down(values: np.ndarray) -> tuple[float, np.ndarray]:
        told, slope = loglik_and_slope(scaled, values, nests, free)
        return -told.sum() / situations, -slope.sum(axis=0) / situations

    first = np.append(np.zeros(tastes), np.full(len(free), 0.7))
    bounds = [(None, None)] * tastes + [(_LEAST_THETA, 1.0)] * len(free)
    found = minimize(
        down, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000}
    )  # fmt: skip
    inside = np.append(np.ones(tastes, bool), (found.x[tastes:] > _LEAST_THETA) & (found.x[tastes:] < 1))
    if not np.isfinite(found.x).all() or np.abs(found.jac[inside]).max(initial=0.0) > 1e-5:
        raise InputError("inference.no_maximum", slope=float(np.abs(found.jac[inside]).max(initial=0.0)))
    error, robust = (np.full(len(first), np.nan) for _ in range(2))
    error[inside], robust[inside] = _errors(scaled, found.x, nests, free, inside)
    size = np.append(scale, np.ones(len(free)))
    zero = choices.available.sum(axis=0)
    return ChoiceFit(
        (*choices.names, *(f"theta {nest}" for nest in free)),
        found.x / size, error / size, robust / size, float(-found.fun * situations), float(-np.log(zero).sum()),
    )  # fmt: skip


def loglik_and_slope(
    choices: Choices, values: np.ndarray, nests: Nests, free: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Log-likelihood of each situation (situations,) and its slope in each parameter (situations, parameters)."""
    tastes, rows = choices.x.shape[2], np.arange(len(choices.chosen))
    theta = nests.theta.astype(float).copy()
    theta[list(free)] = values[tastes:]
    v = choices.x @ values[:tastes]
    found = nested(v, Nests(nests.of, theta), choices.available)
    mine = nests.of[choices.chosen]
    at = choices.chosen, rows
    # of V: 1 for the chosen, less the chances in its nest by how far theta is from 1, less all chances
    within = np.where(nests.of[:, None] == mine, found.within, 0.0)
    pull = (1 - 1 / theta[mine]) * within - found.share
    pull[at] += 1 / theta[mine]
    slope = np.einsum("as,ask->sk", pull, choices.x)
    mean = np.stack(
        [(np.where(choices.available, v, 0.0) * found.within)[m].sum(axis=0) for m in nests.members()]
    )
    inner = found.inner[mine, rows]
    told = (v[at] - inner) / theta[mine] + inner - found.logsum
    by_theta = []
    for nest in free:
        spread = np.where(np.isneginf(found.inner[nest]), 0.0, found.inner[nest] - mean[nest]) / theta[nest]
        own = (mean[nest] - v[at]) / theta[nest] ** 2 + spread
        by_theta.append(np.where(mine == nest, own, 0.0) - found.nest[nest] * spread)
    return told, np.column_stack([slope, *by_theta])


def _errors(
    choices: Choices, best: np.ndarray, nests: Nests, free: Sequence[int], inside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Standard errors of the parameters that are inside their bounds: from the curvature, and the sandwich."""
    curved = []
    for k in np.flatnonzero(inside):
        step = np.zeros(len(best))
        step[k] = _STEP
        up, down = (
            loglik_and_slope(choices, best + sign * step, nests, free)[1].sum(axis=0) for sign in (1, -1)
        )
        curved.append((down - up)[inside] / (2 * _STEP))
    information = np.array(curved)
    information = (information + information.T) / 2
    if np.linalg.eigvalsh(information).min() < _FLAT * len(choices.chosen):
        raise InputError("inference.not_told_apart", names=", ".join(choices.names))
    spread = np.linalg.inv(information)
    score = loglik_and_slope(choices, best, nests, free)[1][:, inside]
    if choices.person.size:
        _, person = np.unique(choices.person, return_inverse=True)
        score = np.stack([np.bincount(person, column) for column in score.T], axis=1)
    sandwich = spread @ (score.T @ score) @ spread
    return np.sqrt(np.diag(spread)), np.sqrt(np.diag(sandwich))


def _check(choices: Choices) -> None:
    rows = np.arange(len(choices.chosen))
    wrong = np.flatnonzero(~choices.available[choices.chosen, rows])
    if len(wrong):
        raise InputError("inference.not_available", count=len(wrong), row=int(wrong[0]))
    same = (np.abs(choices.x - choices.x[:1]).max(axis=(0, 1)) == 0) | ~np.isfinite(choices.x).all(
        axis=(0, 1)
    )
    if same.any():
        names = [name for name, flat in zip(choices.names, same, strict=True) if flat]
        raise InputError("inference.not_told_apart", names=", ".join(names))


def swissmetro(path: Path = SWISSMETRO) -> Choices:
    """Stated choices between train, Swissmetro and car (Bierlaire, Axhausen & Abay 2001), the usual sample.

    Commuters and business trips, 6,768 choices; minutes and francs in hundreds, season tickets free.
    """
    table = pd.read_csv(path, sep="\t")
    table = table[table["PURPOSE"].isin((1, 3)) & (table["CHOICE"] != 0)]
    one, none = np.ones(len(table)), np.zeros(len(table))
    pays = (table["GA"] == 0).to_numpy(float)
    modes, stated = ("TRAIN", "SM", "CAR"), (table["SP"] != 0).to_numpy()
    cost = [table[f"{mode}_CO"].to_numpy() / 100 * (one if mode == "CAR" else pays) for mode in modes]
    time = [table[f"{mode}_TT"].to_numpy() / 100 for mode in modes]
    constants = [(none, one), (none, none), (one, none)]  # car, train
    x = np.stack([np.column_stack([*c, t, y]) for c, t, y in zip(constants, time, cost, strict=True)])
    free = np.stack([table["TRAIN_AV"] * stated, table["SM_AV"], table["CAR_AV"] * stated]).astype(bool)
    names = ("car", "train", "time", "cost")
    return Choices(x, free, table["CHOICE"].to_numpy() - 1, names, table["ID"].to_numpy())
