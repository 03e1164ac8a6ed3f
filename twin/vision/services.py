"""The service catalogue: what is done, for whom, with what, at what cost, and what it can move.

The vision names target states and directions but no services. The catalogue is this project's: each
entry serves target states and can move indicators or contribute to roadmap cells, so that nothing in
the vision is without a means. Entries stand in ``catalogue/<smart>.toml``, the words for groups,
needs and so on in ``catalogue/words.toml``.

>>> from twin.vision import Vision
>>> catalogue = Vision.read().catalogue
>>> catalogue.service("on_demand_transport").group
'maas'
>>> [service.id for service in catalogue.serving("town.disaster")]
['disaster_alerts', 'shelter_power']
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import Problems, TwinError
from twin.vision.entry import (
    OLDEST,
    STRICT,
    Ages,
    BothWords,
    Id,
    Names,
    Numbers,
    Share,
    Text,
    Yen,
    read_entry,
    read_toml,
)  # fmt: skip
from twin.vision.words import VisionError, find, unknown

if TYPE_CHECKING:
    from twin.vision.vision import Vision

GRADES = ("published", "estimated", "assumed")  # as of facts
RESIDENTS = "residents"
FEWEST = 2  # services that must move each indicator


@dataclass(frozen=True)
class Users:
    """Who can use a service.

    Attributes
    ----------
    kinds : residents, visitors, firms, groups (NPOs, neighbourhood associations), administration
    ages : youngest and oldest, both included; of people only
    condition : what a resident must be besides, "" for nothing
    """

    __pydantic_config__ = STRICT
    kinds: Names
    ages: Ages = (0, OLDEST)
    condition: str = ""


@dataclass(frozen=True)
class Cost:
    """What a service costs the public purse; what firms and users pay themselves is not in it.

    Attributes
    ----------
    per : what ``setup`` and ``yearly`` are for: the whole city, an area, a site, a post, a group of procedures
    setup, yearly : yen for each of these, once and every year
    per_user, per_user_yearly : yen for each user, once and every year
    grade : of the weakest part: published, estimated or assumed
    source : where the figures are from, or that they are a guess
    """

    __pydantic_config__ = STRICT
    per: Text
    grade: Text
    source: BothWords
    setup: Yen = 0
    yearly: Yen = 0
    per_user: Yen = 0
    per_user_yearly: Yen = 0


@dataclass(frozen=True)
class Service:
    """One service or measure.

    Attributes
    ----------
    id : short English name
    smart : the smart it is at home in; the name of its file
    name, about : its name, and one line on what it is
    targets : ids of the target states it serves
    users : who can use it
    group : the group of technology whose funnel carries it; "" when no resident uses it
    needs : what a user must have, or what must be in place: device, net, card, staff, city_os
    after : the services without which it cannot begin in an area
    run_by : who runs it
    effort : friction for a user of ability 0: the share of its benefit lost to the trouble of using it
    benefit : quality where it is fully available and costs no trouble
    cost : unit costs
    indicators, cells : what it can move, and the roadmap cells it contributes to
    """

    __pydantic_config__ = STRICT
    id: Id
    smart: Text
    name: BothWords
    about: BothWords
    targets: Names
    users: Users
    run_by: Names
    effort: Share
    benefit: Share
    cost: Cost
    group: str = ""
    needs: Names = ()
    after: Names = ()
    indicators: Numbers = ()
    cells: Names = ()

    @property
    def where(self) -> str:
        """File and entry, for messages."""
        return f"{self.smart}.toml {self.id}"


@dataclass(frozen=True)
class Vocabulary:
    """The names an entry may use, each in both languages."""

    __pydantic_config__ = STRICT
    groups: dict[str, BothWords]
    needs: dict[str, BothWords]
    runners: dict[str, BothWords]
    kinds: dict[str, BothWords]
    conditions: dict[str, BothWords]
    units: dict[str, BothWords]


@dataclass(frozen=True)
class _File:
    __pydantic_config__ = STRICT
    service: list[dict]


@dataclass(frozen=True)
class Catalogue:
    """All services, in the order of smarts and of the files."""

    words: Vocabulary
    services: tuple[Service, ...]

    @classmethod
    def read(cls, folder: Path, smarts: Collection[str]) -> Catalogue:
        """Read ``<smart>.toml`` for each smart; :meth:`check` then says whether it fits a vision.

        Raises
        ------
        VisionError, ManyProblems
            Every entry whose shape or values are wrong, with file and entry.
        """
        words = read_entry(Vocabulary, read_toml(folder / "words.toml"), "words.toml")
        services, problems = [], Problems()
        for smart in smarts:
            file = f"{smart}.toml"
            for place, table in enumerate(read_entry(_File, read_toml(folder / file), file).service, 1):
                try:
                    where = f"{file} {table.get('id', f'[[service]] {place}')}"
                    services.append(read_entry(Service, {**table, "smart": smart}, where))
                except TwinError as problem:
                    problems += getattr(problem, "problems", [problem])
        problems.stop_if_any()
        return cls(words, tuple(services))

    def service(self, name: str) -> Service:
        """A service by its id."""
        return find(name, {service.id: service for service in self.services})

    def of(self, group: str) -> tuple[Service, ...]:
        """The services a group's funnel carries."""
        find(group, self.words.groups)
        return tuple(service for service in self.services if service.group == group)

    def serving(self, target: str) -> tuple[Service, ...]:
        """The services that serve a target state."""
        return tuple(service for service in self.services if target in service.targets)

    def moving(self, number: int) -> tuple[Service, ...]:
        """The services that can move an indicator."""
        return tuple(service for service in self.services if number in service.indicators)

    def contributing(self, cell: str) -> tuple[Service, ...]:
        """The services that contribute to a roadmap cell."""
        return tuple(service for service in self.services if cell in service.cells)

    def check(self, vision: Vision) -> None:
        """Stop when an entry names what does not exist, or when anything hangs loose."""
        Problems([*self._twice(), *self._unknown(vision), *self._wrong()]).stop_if_any()
        Problems(self._loose(vision)).stop_if_any()
        Problems(self._out_of_order()).stop_if_any()

    def _twice(self) -> Iterator[VisionError]:
        first: dict[str, Service] = {}
        for service in self.services:
            if first.setdefault(service.id, service) is not service:
                other = f"{first[service.id].smart}.toml"
                yield VisionError("services.twice", where=service.where, name=service.id, first=other)

    def _unknown(self, vision: Vision) -> Iterator[VisionError]:
        """Names that point nowhere."""
        words = self.words
        targets = [target.id for target in vision.targets]
        numbers = [indicator.number for indicator in vision.indicators]
        cells = [cell.id for cell in vision.cells]
        for service in self.services:
            named: list[tuple[str, tuple, Collection]] = [
                ("targets", service.targets, targets),
                ("group", (service.group,), words.groups),
                ("needs", service.needs, words.needs),
                ("run_by", service.run_by, words.runners),
                ("users.kinds", service.users.kinds, words.kinds),
                ("users.condition", (service.users.condition,), words.conditions),
                ("cost.per", (service.cost.per,), words.units),
                ("cost.grade", (service.cost.grade,), GRADES),
                ("indicators", service.indicators, numbers),
                ("cells", service.cells, cells),
            ]
            for key, names, known in named:
                where = f"{service.where}.{key}"
                wrong = (name for name in names if name not in known and name != "")  # "" stands for none
                yield from (unknown(name, known, where) for name in wrong)
                if len(set(names)) < len(names):
                    yield VisionError("services.repeated", where=where, key=key)

    def _wrong(self) -> Iterator[VisionError]:
        """Entries that serve, move or reach nothing."""
        for service in self.services:
            where = service.where
            if not service.targets:
                yield VisionError("services.no_target", where=where)
            if not service.indicators and not service.cells:
                yield VisionError("services.moves_nothing", where=where)
            for key, names in (("users.kinds", service.users.kinds), ("run_by", service.run_by)):
                if not names:
                    yield VisionError("services.nobody", where=where, key=key)
            if (RESIDENTS in service.users.kinds) != bool(service.group):
                groups = ", ".join(self.words.groups)
                yield VisionError("services.group", where=where, group=service.group or '""', groups=groups)

    def _out_of_order(self) -> Iterator[VisionError]:
        """Services that build on what the catalogue does not have."""
        known = [service.id for service in self.services]
        for service in self.services:
            missing = (name for name in service.after if name not in known)
            yield from (unknown(name, known, f"{service.where}.after") for name in missing)

    def _loose(self, vision: Vision) -> Iterator[VisionError]:
        """Parts of the vision without a means."""
        for target in vision.targets:
            if not self.serving(target.id):
                yield VisionError("services.unserved", target=target.id)
        for indicator in vision.indicators:
            count = len(self.moving(indicator.number))
            if count < FEWEST:
                yield VisionError("services.too_few", number=indicator.number, count=count, least=FEWEST)
        for cell in vision.cells:
            if not self.contributing(cell.id):
                yield VisionError("services.unreached", cell=cell.id)
