"""Cases with known answers, put to the real processes: what stands behind ``twin verify``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

from twin import messages
from twin.errors import InputError, nearest
from twin.verification.case import CASES, Check, Verdict

__all__ = ["CASES", "Check", "Verdict", "register", "run_cases"]


def register() -> None:
    """Read every module with cases, so that :data:`CASES` is whole."""
    from twin.verification import city_hall, diffusion, engine, history, measures, people  # noqa: F401


def run_cases(only: Sequence[str], lang: str, as_json: bool, say: Callable[[str], None]) -> list[Verdict]:
    """Run the named cases, or all; print each verdict as it comes, or all at the end as JSON."""
    register()
    for name in only:
        if name not in CASES:
            raise InputError("verify.unknown", found=name, near=nearest(name, CASES) or ", ".join(CASES))
    verdicts = []
    for name in sorted(only or CASES):
        verdict = verdict_of(name)
        verdicts.append(verdict)
        if not as_json:
            _print(verdict, lang, say)
    if as_json:
        say(json.dumps([_plain(v) for v in verdicts], ensure_ascii=False, indent=1))
    else:
        held = sum(v.holds for v in verdicts)
        say(messages.text("verify.sum", lang, held=held, asked=len(verdicts)))
    return verdicts


def verdict_of(name: str) -> Verdict:
    """Run one case."""
    begun = time.perf_counter()
    checks = tuple(CASES[name].ask())
    return Verdict(name, CASES[name].title, checks, round(time.perf_counter() - begun, 2))


def _print(verdict: Verdict, lang: str, say: Callable[[str], None]) -> None:
    word = messages.text("verify.holds" if verdict.holds else "verify.fails", lang)
    say(f"{word} {verdict.id:<6} {verdict.title[lang]}  ({verdict.seconds:.1f} s)")
    for check in verdict.checks:
        tolerance = "=" if check.tolerance is None else f"± {check.tolerance:.2g}"
        mark = " " if check.holds else "!"
        say(f"   {mark} {check.what}: {_short(check.expected)} {tolerance} → {_short(check.got)}")


def _short(value: object) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _plain(verdict: Verdict) -> dict:
    checks = [
        {**asdict(c), "expected": _short(c.expected), "got": _short(c.got), "holds": c.holds}
        for c in verdict.checks
    ]
    return {
        "id": verdict.id,
        "title": verdict.title,
        "holds": verdict.holds,
        "seconds": verdict.seconds,
        "checks": checks,
    }
