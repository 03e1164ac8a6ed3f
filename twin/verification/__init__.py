"""Cases with known answers, put to the real processes: what stands behind ``twin verify``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence

from twin import messages
from twin.errors import InputError
from twin.verification.case import CASES, Check, Verdict

__all__ = ["CASES", "Check", "Verdict", "register", "run_cases"]


def register() -> None:
    """Read every module with cases, so that :data:`CASES` is whole."""
    from twin.verification import (  # noqa: F401
        choice,
        city_hall,
        diffusion,
        engine,
        firms,
        history,
        measures,
        mobility,
        nation,
        on_demand,
        people,
        real_diffusion,
        roads,
        spread,
        switches,
    )


def run_cases(only: Sequence[str], lang: str, as_json: bool, say: Callable[[str], None]) -> list[Verdict]:
    """Run the named cases, or all; print each verdict as it comes, or all at the end as JSON."""
    register()
    for name in only:
        if name not in CASES:
            raise InputError("verify.unknown", found=name, known=", ".join(sorted(CASES)))
    verdicts = []
    for name in sorted(only or CASES):
        verdict = verdict_of(name)
        verdicts.append(verdict)
        if not as_json:
            _print(verdict, lang, say)
    if as_json:
        say(json.dumps([_plain(v) for v in verdicts], ensure_ascii=False, indent=1))
    else:
        held, skipped = sum(v.holds for v in verdicts), sum(v.skipped for v in verdicts)
        say(messages.text("verify.sum", lang, held=held, asked=len(verdicts) - skipped))
        if skipped:
            say(messages.text("verify.sum_skipped", lang, skipped=skipped))
    return verdicts


def verdict_of(name: str) -> Verdict:
    """Run one case, unless files it needs are not there."""
    begun, case = time.perf_counter(), CASES[name]
    missing = tuple(path.name for path in case.needs if not path.is_file())
    checks = () if missing else tuple(case.ask())
    return Verdict(name, case.title, checks, round(time.perf_counter() - begun, 2), missing)


def _print(verdict: Verdict, lang: str, say: Callable[[str], None]) -> None:
    if verdict.skipped:
        files = ", ".join(verdict.missing)
        say(messages.text("verify.skipped", lang, id=f"{verdict.id:<6}", title=verdict.title, files=files))
        return
    word = messages.text("verify.holds" if verdict.holds else "verify.fails", lang)
    say(f"{word} {verdict.id:<6} {verdict.title[lang]}  ({verdict.seconds:.1f} s)")
    for check in verdict.checks:
        tolerance = "=" if check.tolerance is None else f"± {check.tolerance:.2g}"
        mark = " " if check.holds else "!"
        answers = f"{_short(check.expected, lang)} {tolerance} → {_short(check.got, lang)}"
        say(f"   {mark} {check.told(lang)}: {answers}")


def _short(value: object, lang: str) -> str:
    if isinstance(value, bool):
        return messages.text("verify.yes" if value else "verify.no", lang)
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _plain(verdict: Verdict) -> dict:
    checks = [
        {
            "what": {lang: c.told(lang) for lang in messages.LANGUAGES},
            "expected": _short(c.expected, "en"), "got": _short(c.got, "en"),
            "tolerance": c.tolerance, "holds": c.holds,
        }
        for c in verdict.checks
    ]  # fmt: skip
    return {
        "id": verdict.id,
        "title": verdict.title,
        "holds": None if verdict.skipped else verdict.holds,
        "skipped": verdict.skipped,
        "missing": verdict.missing,
        "seconds": verdict.seconds,
        "checks": checks,
    }
