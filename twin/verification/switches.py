"""V-45: every coupling's switch moves what hangs on it and nothing else, and off is as if it were not there."""

from __future__ import annotations

from collections.abc import Mapping

from twin.facts import Facts
from twin.run.plan import couplings
from twin.verification.case import Check, case
from twin.verification.engine import city_model, fingerprint
from twin.verification.worlds import with_values

_MONTHS = 7  # over an April, so that rows are compacted and ties renewed once
_LONG = 42  # of the small start: until services are live and linked and areas' city OSs federated
# columns and flows a switch may move, by part of their name; counts and surveys move with everything
_COUNTED = ("ledger/counts", "ledger/notes", "starts_")
_FIRMS = ("businesses", "firms", "staff", "citizens.work.", ".spread")
_MINDS = (
    "adoption", "card", "felt", "training", "class_", "online", "window_minutes", "trust", "environment", "awareness",
    ".spread",
)  # fmt: skip
_SPREAD = ("services_", "links_in_use", "architects", "areas_", "people_step", "postponed", "uses_", "yen_")
_BY_PROCESS = {
    "adoption": _MINDS, "card": _MINDS, "training": _MINDS, "trust": _MINDS, "felt": (*_MINDS, "citizens.work."),
    "environment": ("environment",), "awareness": ("awareness",), "work": ("citizens.work.",), "businesses": _FIRMS,
    "city_hall": ("online", "window_minutes"), "spread": (*_SPREAD, *_MINDS, "citizens.work.", "online", "window_minutes"),
}  # fmt: skip
_WIDER = {"city_hall.notices": _MINDS}  # by what people hear
# who comes and where they live, or who works where: from there everything moves
_EVERYTHING = ("demography.housing_shocks", "businesses.turnover")
# a small start that is quick: everybody can pay, nothing fails, everything is linked at once
_QUICK = {
    "spread.budget": 2e10, "spread.base": 1.0, "spread.trial_months": 3.0, "spread.trial_odds": 20.0, "spread.signal": 1.0,
    "spread.architects": 20.0, "spread.city_os": 1.0, "spread.os_months": 1.0, "spread.os_outages": 2.0, "spread.link_rate": 5.0,
    "spread.federation": 1.0, "spread.federation_rate": 5.0,
}  # fmt: skip
# facts at rest in the baseline, or too slow for a few hundred businesses, that must act for a switch to show
_ACTIVE = {
    "adoption.crowd": {"adoption.crowd": 0.3}, "businesses.labour": {"firms.start": 0.5},
    "businesses.subsidy": {"firms.subsidy": 0.5, "firms.start": 0.5},
    "businesses.city_os": {"firms.city_os": 0.5}, "environment.price": {"environment.price": 1.5},
}  # fmt: skip
# facts without which a mechanism is absent: nought, where no other value is named
_ABSENT: dict[str, Mapping[str, float]] = {
    "adoption.peers": dict.fromkeys(
        ("adoption.peers", "adoption.hear_peers", "adoption.stop_peers", "card.peers"), 0.0
    ),
    "adoption.at_home": {"adoption.at_home": 1.0}, "adoption.quality": {"adoption.quality_effect": 0.0},
    "adoption.benefit": {"adoption.stop_benefit": 0.0}, "adoption.trust": {"adoption.trust_effect": 0.0},
    "adoption.school": {"adoption.school_pulse": 0.0}, "businesses.peers": {"firms.industry_peers": 0.0},
    "businesses.partners": {"firms.partners": 0.0}, "businesses.labour": {"firms.shortage_effect": 0.0},
    "businesses.subsidy": {"firms.subsidy": 0.0}, "businesses.city_os": {"firms.city_os": 0.0},
    "training.classes": {"training.seats": 0.0}, "trust.use": {"trust.gain": 0.0},
    "trust.incidents": {"trust.incidents_country": 0.0, "trust.incidents_city": 0.0},
    "environment.price": {"environment.price_effect": 0.0},
    "awareness.services": {"awareness.known": 0.0, "awareness.used": 0.0},
    "city_hall.notices": {"procedures.notice_rate": 0.0}, "city_hall.skills": {"procedures.eased": 0.0},
    "city_hall.card": {"procedures.card": 0.0}, "demography.housing_shocks": {"demography.housing.projects": 0.0},
    "spread.quality": {"spread.quality_maturity": 0.0}, "spread.outages": {"spread.os_outages": 0.0},
    "spread.rotation": {"spread.rotation_loss": 0.0},
}  # fmt: skip
# no fact alone stands for these: growth of the city's businesses, ageing that feeling knows too, a card's last day,
# residents who bear on services, services that bear on residents
_NO_FACT = ("businesses.turnover", "adoption.ability_loss", "card.expiry", "spread.citizens", "spread.supply")


@case(
    "V-45",
    "結びつきを一つ切っても、無関係な部分は同じ",
    "Switching one coupling off leaves what does not depend on it",
)
def one_switch() -> list[Check]:
    """Whatever a switch may not move is the same to the bit: people, homes and ties above all."""
    plain, checks = _lived(), []
    for switch in _of_the_baseline():
        active = _active(switch)
        whole = _lived(active, months=_months(switch)) if active else plain
        without = _lived(active, off=(switch,), months=_months(switch))
        checks.append(
            Check(
                "something differs without {switch}",
                True,
                fingerprint(whole) != fingerprint(without),
                named={"switch": switch},
            )
        )
        if switch in _EVERYTHING:
            continue
        moves = (*_WIDER.get(switch, _BY_PROCESS[switch.partition(".")[0]]), *_COUNTED)
        keep = lambda name, moves=moves: not any(word in name for word in moves)  # noqa: E731
        checks.append(
            Check(
                "untouched by {switch}",
                fingerprint(whole, keep),
                fingerprint(without, keep),
                named={"switch": switch},
            )
        )
    return checks


@case(
    "V-45b",
    "結びつきを切るのは、そのしくみがないのと同じ",
    "A coupling switched off is as if its mechanism were absent",
    long=True,
)
def as_if_absent() -> list[Check]:
    """With a switch off the whole memory is that of a run whose facts leave the mechanism out."""
    checks = []
    for switch in _of_the_baseline():
        if switch not in _NO_FACT:
            off = _lived(_active(switch), off=(switch,), months=_months(switch))
            absent = _lived({**_active(switch), **_ABSENT.get(switch, {switch: 0.0})}, months=_months(switch))
            checks.append(
                Check("without {switch}", fingerprint(absent), fingerprint(off), named={"switch": switch})
            )
    return checks


def _of_the_baseline() -> tuple[str, ...]:
    """Getting around is in no list of the baseline; V-45d asks its switches."""
    return tuple(switch for switch in couplings() if not switch.startswith("mobility."))


def _lived(values: Mapping[str, float] | None = None, off: tuple[str, ...] = (), months: int = _MONTHS):
    return city_model(months=months, facts=_put(Facts.read(), values or {}), off=off)


def _active(switch: str) -> dict[str, float]:
    """Facts replaced so that the switch has something to switch off."""
    return dict(_QUICK if _of_spread(switch) else _ACTIVE.get(switch, {}))


def _months(switch: str) -> int:
    return _LONG if _of_spread(switch) else _MONTHS


def _of_spread(switch: str) -> bool:
    return switch.startswith("spread.")


def _put(facts: Facts, values: Mapping[str, float]) -> Facts:
    """Facts with one number, in every entry where the fact is a table."""
    return with_values(
        facts, {key: _filled(facts[key].values[-1][1], value) for key, value in values.items()}
    )


def _filled(like: object, value: float) -> object:
    return dict.fromkeys(like, value) if isinstance(like, dict) else value
