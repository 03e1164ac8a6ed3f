"""Citizens take up technologies - a device, the internet, services on it, the card - and give them up.

Each citizen goes through unaware -> aware -> has access -> uses <-> stopped, one stage a month at
most. What others do enters additively (Bass), what the person is enters as a factor:

    rate of starting = availability x fit x (p + q s + q2 s [s >= threshold]) + pulse(age)

with s the weighted share of users among the citizen's ties. ``fit`` grows with ability, trust and the
quality of what is on offer (:mod:`twin.processes.offer`), falls with age over 65, and grows when someone
at home uses it. Felt benefit keeps users. See ``docs/adoption.md``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from scipy.special import betaincinv, ndtr

from twin.errors import StateError
from twin.kernels import adoption as kernel
from twin.kernels.hazards import OLDEST, UNAWARE, USES
from twin.kernels.sieve import sieve
from twin.network.circles import LABELS
from twin.processes.incidents import failure
from twin.processes.offer import Offer, offer_of, supply
from twin.processes.process import Process, not_met
from twin.processes.rates import AGES, CARD, EGOV, TECHNOLOGIES, Rates, place_of, rates_of
from twin.processes.reference import Reference, shares_at_start, stage_of
from twin.state import Column

if TYPE_CHECKING:
    from twin.model import CityTwin

_QUANTILES = 4096
_STEPS = 8  # to a log point of stopping, in the sieve
_NEW = 5  # stage of a row no month of adoption has seen yet
_PER_TECHNOLOGY = (
    "hear", "hear_peers", "hear_place", "forget", "get", "alone", "peers", "crowd", "at_home", "again",
    "stop", "stop_ageing", "stop_peers", "ability_effect", "early", "start_stopped", "start_unaware",
    "trust_effect", "stop_benefit", "quality_effect",
)  # fmt: skip


class Adoption(Process):
    """Hearing of, getting, starting, stopping and returning to technologies."""

    name = "adoption"
    facts: ClassVar[tuple[str, ...]] = (
        *(f"adoption.{word}" for word in _PER_TECHNOLOGY),
        *(f"adoption.{word}_{name}" for name in TECHNOLOGIES if name != "card" for word in ("share", "interest")),
        "adoption.threshold", "adoption.ability_loss", "adoption.ability_match", "adoption.reference_same_age",
        "adoption.publicity_effect", "adoption.school_pulse", "services.live", "services.met", "services.market",
        "services.market_quality", "services.market_effort", "ties.weight", "card.hazard", "card.peers", "card.refusal",
        "card.return_factor", "card.share_japan", "card.share_chiba", "card.share_japan_total",
        "procedures.notice_rate",
    )  # fmt: skip
    couplings: ClassVar[tuple[str, ...]] = (
        "adoption.peers", "adoption.crowd", "adoption.at_home", "adoption.ability_loss", "adoption.stop",
        "adoption.quality", "adoption.benefit", "adoption.trust", "adoption.school", "card.hazard",
    )  # fmt: skip
    levers: ClassVar[dict[str, tuple[int, ...]]] = {
        "adoption.again[device]": (2,), "adoption.again[net]": (4,), "services.live[publicity]": (8, 14),
        "services.live[school_devices]": (8,), "services.live[push_notices]": (14,), "card.hazard": (12,),
    }  # fmt: skip

    # fmt: off
    stage     = Column("u1", "stage", "0 unaware, 1 aware, 2 has access, 3 uses, 4 stopped; 5 not yet met", low=0, high=5, start=_NEW, each=TECHNOLOGIES)
    since     = Column("i2", "month number", "month in which the stage began, 0 when it was brought along", each=TECHNOLOGIES)
    refuses   = Column("u1", "technologies", "technologies the citizen never takes up, as bits in their order")
    threshold = Column("u2", "ten-thousandths", "share of users around a citizen that makes a crowd", high=10_000)
    # fmt: on

    _period = -1
    _supplied = b""
    _sieved: tuple = ()

    def start(self, model: CityTwin) -> None:
        """Give everyone the state of their age at the census and set up the country outside."""
        using = _using(model)
        old = (AGES >= 65).astype(float)
        stopped = np.array([model.entry("adoption.start_stopped", t) for t in TECHNOLOGIES])[:, None] * old
        unaware = np.array([model.entry("adoption.start_unaware", t) for t in TECHNOLOGIES])
        eager = np.ones(len(TECHNOLOGIES))
        eager[CARD] -= model.fact("card.refusal")
        self.first = offer_of(model, TECHNOLOGIES)
        shares = shares_at_start(using, stopped, unaware)
        self.reference = Reference(shares, model.fact("adoption.reference_same_age"), eager)
        here = model.citizens.here
        self.ability_by_birth = _ability_by_birth(model.citizens.born[here], model.citizens.ability[here])
        self._meet(model, np.flatnonzero(self.stage[:, 0] == _NEW))

    def step(self, model: CityTwin) -> None:
        """Meet the newcomers, then let everyone live the month."""
        new = not_met(self.stage[:, 0], _NEW)
        self._meet(model, np.arange(new.start, new.stop))
        rates = self._rates(model)
        failed = failure(model)
        people, ties = model.citizens, model.ties
        if ties.rows < people.rows:
            raise StateError("ties.rows", known=people.rows, given=ties.rows)
        seen = kernel.public(people.here, self.stage)
        home = kernel.at_home(seen, people.household, model.households.rows, len(TECHNOLOGIES))
        keys = np.array([model.chance.key(f"adoption: {t}", model.month) for t in TECHNOLOGIES])
        able = _able(model)
        lived = kernel.live_month(
            self._sieve(rates, failed, able, people.trust), model.chance.key("adoption: leading bytes", model.month), keys, model.month, people.id, people.here,
            people.born, people.household, people.area, able, people.trust, _benefit(model), self.stage,
            self.refuses, self.threshold, seen, home, ties.start, ties.other, ties.layer, _weights(model), rates.rate, rates.shaken(failed).curve, rates.place,
        )  # fmt: skip
        self._note(model, lived)
        # elsewhere only what happens in the whole country shakes
        self.reference.step(rates.shaken(failure(model, city=False)))

    def _rates(self, model: CityTwin) -> Rates:
        """The month's rates, read anew when a fact changes; by place also when an area's own services do."""
        own = supply(model)
        supplied = b"".join(part.tobytes() for service in own.values() for part in service)
        if self._period != model.period:
            self._period, self._supplied, self._read = model.period, supplied, rates_of(model, self.first)
        elif self._supplied != supplied:
            offer = offer_of(model, TECHNOLOGIES)
            self._supplied, self._read = (
                supplied,
                replace(self._read, place=place_of(model, offer), offer=offer),
            )
        return self._read

    def _sieve(self, rates: Rates, failed: np.ndarray, able: np.ndarray, trust: np.ndarray) -> np.ndarray:
        """The sieve's table, made anew when rates change, incidents fade, or somebody leaves its range."""
        bounds = (np.floor(able.min(initial=0)), np.ceil(able.max(initial=0)), np.ceil(trust.max(initial=0)))
        most = np.ceil(failed * _STEPS) / _STEPS  # no less than what incidents add
        place = np.ceil(rates.place.max(axis=1) * _STEPS) / _STEPS  # nor than what areas' services make of it
        asked = (self._period, bounds, tuple(most), tuple(place))
        if self._sieved != asked:
            self._sieved = asked
            curve = rates.shaken(most).curve
            self._table = sieve(rates.rate, curve, place[:, None], *map(float, bounds))
        return self._table

    def _note(self, model: CityTwin, lived: kernel.Lived) -> None:
        """Date the stages that began and count who started."""
        stage, since, area = self.stage, self.since, model.citizens.area
        moved = np.flatnonzero(lived.changed)
        changed, looked_at = lived.changed[moved], lived.rows[moved]
        for k, technology in enumerate(TECHNOLOGIES):
            rows = looked_at[(changed >> k) & 1 == 1]
            since[rows, k] = model.month
            model.count(f"starts_{technology}", area[rows[stage[rows, k] == USES]])

    def _meet(self, model: CityTwin, rows: np.ndarray) -> None:
        """Give rows the technology states of their age and cohort, ability deciding who within it."""
        if not len(rows):
            return
        people, chance = model.citizens, model.chance
        ids, born, ability = people.id[rows], people.born[rows], people.ability[rows]
        age = np.clip((model.month - born.astype(int)) // 12, 0, OLDEST)
        match = model.fact("adoption.ability_match")
        above = _standing(self.ability_by_birth, born, ability)
        draw = chance.normal("adoption: state on arrival", 0, ids)
        rank = ndtr(match * above + np.sqrt(1 - match**2) * draw)
        card_rank = chance.uniform("adoption: card on arrival", 0, ids)
        for k in range(len(TECHNOLOGIES)):
            own = card_rank if k == CARD else rank
            self.stage[rows, k] = stage_of(self.reference.shares[k, age], own)
        # the same rank that puts holders at the top puts those who refuse at the bottom
        self.refuses[rows] = (card_rank < model.fact("card.refusal")) << CARD
        self.since[rows] = 0  # unknown: the state was brought along
        shape = model.table("adoption.threshold")
        quantile = _beta_quantiles(shape["alpha"], shape["beta"])
        at = chance.uniform("adoption: threshold", 0, ids) * (len(quantile) - 1)
        self.threshold[rows] = np.rint(np.interp(at, np.arange(len(quantile)), quantile) * 10_000)

    def mark(self, model: CityTwin) -> dict[str, np.ndarray]:
        """Who knows the city's online services, and who uses them with a card."""
        egov = self.stage[:, EGOV]
        known = (egov > UNAWARE) & (egov < _NEW)
        return {
            "aware_egov": known,
            "egov_card": (egov == USES) & (self.stage[:, CARD] == USES),
        }  # fmt: skip

    def memory(self) -> dict[str, Any]:
        """The country outside, the ability of birth cohorts, and what was on offer at the start."""
        return {
            "reference": self.reference.shares, "eager": self.reference.eager,
            "same_age": np.float64(self.reference.same_age), "ability": self.ability_by_birth,
            "first_quality": self.first.quality, "first_effort": self.first.effort,
        }  # fmt: skip

    def remember(self, memory: dict[str, Any]) -> None:
        """Take back what :meth:`memory` gave."""
        self.reference = Reference(memory["reference"], float(memory["same_age"]), memory["eager"])
        self.ability_by_birth = memory["ability"]
        self.first = Offer(
            {}, np.empty((0, 0)), memory["first_quality"], np.empty((0, 0)), memory["first_effort"]
        )  # fmt: skip


def _using(model: CityTwin) -> np.ndarray:
    """Share using each technology by age when the run starts, (technologies, 121)."""
    city_to_japan = model.fact("card.share_chiba") / max(model.fact("card.share_japan_total"), 1e-9)
    card = np.minimum(model.curve("card.share_japan", AGES) * city_to_japan, 1 - model.fact("card.refusal"))
    return np.stack([*(model.curve(f"adoption.share_{name}", AGES) for name in TECHNOLOGIES[:CARD]), card])


def _able(model: CityTwin) -> np.ndarray:
    """Ability of every citizen, what was learned in classes included (f4)."""
    people = model.citizens
    return (
        people.ability + people.array("training.gain")
        if "training.gain" in people.columns
        else people.ability
    )


def _benefit(model: CityTwin) -> np.ndarray:
    """Benefit everybody feels of each technology (citizens, technologies) f4; no rows where none is felt."""
    people = model.citizens
    felt = "felt.benefit" in people.columns and model.on("adoption.benefit")
    return people.array("felt.benefit") if felt else np.empty((0, len(TECHNOLOGIES)), np.float32)


def _weights(model: CityTwin) -> np.ndarray:
    weight = model.table("ties.weight")
    return np.array([weight[label] for label in LABELS], np.int64)


@lru_cache(maxsize=4)
def _beta_quantiles(alpha: float, beta: float) -> np.ndarray:
    """Quantiles of a beta distribution at even steps."""
    return betaincinv(alpha, beta, np.linspace(0, 1, _QUANTILES + 1))


_FIRST_YEAR, _YEARS = 1880, 200


def _birth_year(born: np.ndarray) -> np.ndarray:
    return np.clip(1900 + born.astype(int) // 12 - _FIRST_YEAR, 0, _YEARS - 1)


def _ability_by_birth(born: np.ndarray, ability: np.ndarray) -> np.ndarray:
    """Mean and spread of ability by year of birth, (2, 200); years without people get the whole's."""
    year = _birth_year(born)
    people = np.bincount(year, minlength=_YEARS)
    mean = np.bincount(year, ability, _YEARS) / np.maximum(people, 1)
    square = np.bincount(year, ability.astype(float) ** 2, _YEARS) / np.maximum(people, 1)
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    few = (people < 30) | (spread < 1e-3)
    return np.stack([np.where(few, ability.mean(), mean), np.where(few, max(ability.std(), 1e-3), spread)])


def _standing(by_birth: np.ndarray, born: np.ndarray, ability: np.ndarray) -> np.ndarray:
    """How many standard deviations above their own birth year people are."""
    year = _birth_year(born)
    return (ability - by_birth[0, year]) / by_birth[1, year]
