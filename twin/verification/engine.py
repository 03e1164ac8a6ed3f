"""V-40 to V-48: scale, threads, restart, seeds, switches, zero policies, more output."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from twin.agents.citizens import Day
from twin.facts import Change, Facts
from twin.model import CityTwin
from twin.results.store import load_arrays, save_arrays
from twin.run.beginning import Beginning, about_beginning, begin
from twin.run.command import known
from twin.run.plan import model_of
from twin.scenarios import Scenario
from twin.verification.case import Check, Z, case
from twin.verification.worlds import city, poisson_graphs, probe_facts, users, world

_FRACTION = 0.005
MONTHS = 14  # over an April, so that rows are compacted and ties renewed once


@cache
def baseline() -> Scenario:
    """The packaged baseline scenario."""
    return Scenario.read("baseline", Facts.read(), known())


@cache
def _folder() -> TemporaryDirectory:
    return TemporaryDirectory()


def beginning(fraction: float = _FRACTION) -> Beginning:
    """Fresh people and ties of a small whole city, made once."""
    facts = Facts.read()
    about = about_beginning(city(), baseline(), facts, fraction)
    path = Path(_folder().name) / f"{fraction}.npz"
    if not path.is_file():
        begin(city(), baseline(), facts, fraction).save(path, about)
    return Beginning.load(path, about)


def city_model(
    seed: int = 1, off: Iterable[str] = (), changes: Iterable[Change] = (), fraction: float = _FRACTION,
    facts: Facts | None = None, months: int = 0,
) -> CityTwin:  # fmt: skip
    """The baseline of a small whole city after some months, with switches off, changes or other facts."""
    scenario = replace(baseline(), off=tuple(off))
    facts = (facts or Facts.read()).changed(changes)
    model = model_of(city(), beginning(fraction), scenario, facts, seed, fraction)
    model.start()
    model.live(months)
    return model


def fingerprint(model: CityTwin, keep: Callable[[str], bool] = lambda name: True) -> str:
    """Hash of a run's whole memory, or of the parts whose names ``keep`` likes."""
    digest = hashlib.sha256()
    for name, array in sorted(model.memory().items()):
        if keep(name):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _lived(months: int = MONTHS, **asked) -> CityTwin:
    return city_model(months=months, **asked)


@case(
    "V-40",
    "縮尺を変えても平均は同じ、ばらつきは人数に反比例",
    "Means do not depend on scale, spread falls with people",
)
def scale() -> list[Check]:
    """Take-up at three sizes with the same number of ties a person, 200 worlds each."""
    facts = probe_facts(alone=0.03, peers=0.38)
    copies, checks, spread = 200, [], {}
    means = {}
    for people in (250, 1000, 4000):
        model = world(copies * people, facts, graph=poisson_graphs(copies, people, 8.0))
        model.live(96)
        shares = users(model).reshape(copies, people).mean(axis=1)
        means[people], spread[people] = shares.mean(), shares.var(ddof=1) * people
    sd = (spread[4000] / 250 / copies) ** 0.5
    checks.append(
        Check("mean at {people} people against 4,000", means[4000], means[250], Z * sd, {"people": "250"})
    )
    checks.append(
        Check(
            "mean at {people} people against 4,000", means[4000], means[1000], Z * sd / 2, {"people": "1,000"}
        )
    )
    noise = Z * (2 / copies) ** 0.5  # of a variance estimated from 200 worlds, relative
    checks += [
        Check(
            "variance x people, {people} against 4,000",
            1.0,
            spread[n] / spread[4000],
            max(0.2, noise * 1.5),
            {"people": f"{n:,}"},
        )
        for n in (250, 1000)
    ]
    return checks


@case("V-40b", "都市全体でも縮尺によらない", "The whole city at three scales", long=True)
def scale_of_the_city() -> list[Check]:
    """Users of internet services among all after 18 months at three fractions."""
    shares, people = {}, {}
    for fraction in (0.005, 0.02, 0.1):
        model = _lived(18, fraction=fraction)
        people[fraction] = int(model.census.people.sum())
        shares[fraction] = float(model.census.users("net").sum() / people[fraction])
    best = shares[0.1]
    return [
        Check(
            "share at fraction {fraction}",
            best,
            shares[f],
            Z * (best * (1 - best) / people[f]) ** 0.5 * 1.5,
            {"fraction": f},
        )
        for f in (0.005, 0.02)
    ]


@case("V-42", "スレッド数によらない", "The number of threads does not matter")
def threads() -> list[Check]:
    """One, two and four threads give the same bytes, each in a process of its own."""
    found = {count: _fingerprint_elsewhere(count) for count in (1, 2, 4)}
    return [
        Check("{count} threads", found[1], digest, named={"count": count}) for count, digest in found.items()
    ]


def _fingerprint_elsewhere(threads: int) -> str:
    """The fingerprint a fresh process with so many threads gives; more threads than cores is fine."""
    ask = "import numba, sys; from twin.verification import engine as e; numba.set_num_threads(int(sys.argv[1]));"
    ask += "print(e.fingerprint(e.city_model(months=e.MONTHS)), numba.get_num_threads())"
    environment = {**os.environ, "NUMBA_NUM_THREADS": str(threads)}
    call = [sys.executable, "-c", ask, str(threads)]
    said = subprocess.run(call, env=environment, capture_output=True, text=True, check=True).stdout.split()
    return said[0] if said[1] == str(threads) else f"ran on {said[1]} threads"


@case("V-43", "毎月中断して再開しても同じ", "Restarting after every month changes nothing")
def restart() -> list[Check]:
    """Each month: save, forget, load into a new model, go on."""
    straight = fingerprint(_lived())
    model, path = city_model(), Path(_folder().name) / "restart.npz"
    for _ in range(MONTHS):
        model.step()
        save_arrays(path, model.memory(), {"case": "V-43"})
        model = city_model()
        model.remember(load_arrays(path, {"case": "V-43"}))
    return [Check("whole memory", straight, fingerprint(model))]


@case("V-44", "同じ種は同じ結果、別の種は別の結果", "Same seed same result, other seed other result")
def seeds() -> list[Check]:
    """Twice seed 1, once seed 2."""
    first, again, other = (fingerprint(_lived(seed=seed)) for seed in (1, 1, 2))
    return [Check("seed 1 twice", first, again), Check("seed 2 differs", True, first != other)]


@case("V-46", "大きさゼロの施策は何も変えない", "A policy of size zero changes nothing")
def zero_policy() -> list[Check]:
    """A change that sets every rate of starting to what it is."""
    facts, day = Facts.read(), baseline().start
    change = Change("adoption.alone", dict(facts.table("adoption.alone", day)), since=baseline().census)
    return [Check("whole memory", fingerprint(_lived()), fingerprint(_lived(changes=[change])))]


@case("V-48", "見るだけでは変わらない", "Looking changes nothing")
def more_output() -> list[Check]:
    """Selecting, grouping and asking areas every month."""
    watched = city_model()
    for _ in range(MONTHS):
        watched.step()
        watched.select(lambda c: c.sex == 1).agg("income", np.mean)
        watched.areas.agg("people", sum)
        [len(part) for _, part in watched.select().groupby("area")]
    return [Check("whole memory", fingerprint(_lived()), fingerprint(watched))]


@case(
    "V-44b",
    "一人増えても、その人に触れない人は変わらない",
    "One more person changes only what touches that person",
)
def one_more_person() -> list[Check]:
    """A newcomer in October: over the April in which all circles are renewed, the others stay."""
    plain, crowded = city_model(), city_model()
    newcomer = 2**62 + 1
    with crowded.state.writing_all():
        home = crowded.households.append(1)
        crowded.households.id[home], crowded.households.town[home] = 2**62, crowded.citizens.town[0]
        row = crowded.citizens.append(1)
        people = crowded.citizens
        people.id[row], people.here[row], people.born[row] = newcomer, True, 480
        people.household[row], people.day[row] = home.start, Day.HOME  # old enough to take nobody's job
        people.town[row], people.area[row] = people.town[0], people.area[0]
    for model in (plain, crowded):
        model.live(MONTHS)
    lives = [_lives(model, newcomer) for model in (plain, crowded)]
    circles = [_circles(model, newcomer) for model in (plain, crowded)]
    touched = {i for i, ties in circles[1].items() if newcomer in ties}
    changed = {i for i, ties in circles[0].items() if ties != circles[1][i]}
    return [
        Check("others who are born, move, work or die differently", 0, _different(*lives)),
        Check("others whose circle differs without the newcomer in it", 0, len(changed - touched)),
        Check("the newcomer is listened to by someone", True, len(touched) > 0),
        Check("the newcomer lives", True, newcomer in crowded.citizens.id[crowded.citizens.here]),
    ]


def _lives(model: CityTwin, newcomer: int) -> dict[str, dict[int, object]]:
    """Every column but row numbers, technology and the trust it earns, by citizen, the newcomer left out."""
    people = model.citizens
    keep = people.id != newcomer
    names = [n for n in people.columns if "." not in n and n not in ("household", "trust")]
    return {
        n: dict(zip(people.id[keep].tolist(), people.array(n)[keep].tolist(), strict=True)) for n in names
    }


def _different(a: dict[str, dict], b: dict[str, dict]) -> int:
    return sum(a[name] != b[name] for name in a)


def _circles(model: CityTwin, newcomer: int) -> dict[int, list[int]]:
    """Whom each citizen but the newcomer listens to, as ids; -1 for nobody."""
    ids = model.citizens.id
    start, other = model.ties.start, model.ties.other
    names = np.where(other >= 0, ids[other], 0)
    rows = [i for i in np.flatnonzero(model.citizens.here) if ids[i] != newcomer]
    return {int(ids[i]): names[start[i] : start[i + 1]].tolist() for i in rows if i < len(start) - 1}
