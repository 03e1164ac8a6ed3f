"""How well the synthetic people meet what is known: target against result, worst cells per ward.

Everything is counted again from the finished tables, not taken from the fitting. Rows marked exact are
a gate: one missed total stops the synthesis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from twin import messages
from twin.errors import MarginError

WORST = 3


@dataclass(frozen=True)
class FitRow:
    """One total: what it counts, where, what was wanted, what came out.

    Attributes
    ----------
    what : name of a message under ``people.fit`` (or an industry's letter, or an age band)
    where : ward code, town code, or empty for the city
    exact : the total must be met; otherwise it is a target to come close to
    cell : belongs to the worst-cells list of its ward only
    """

    what: str
    where: str
    target: float
    got: float
    exact: bool = False
    ward: str = ""
    cell: bool = False

    @property
    def miss(self) -> float:
        """Result less target."""
        return self.got - self.target

    @property
    def relative(self) -> float:
        """Size of the miss as a share of the target."""
        return abs(self.miss) / max(abs(self.target), 1.0)


@dataclass
class FitReport:
    """All totals of one synthesis.

    Attributes
    ----------
    rows : every total compared
    names : ward and town names by code, for people (``{"ja": ..., "en": ...}``)
    """

    day: date
    fraction: float
    rows: list[FitRow] = field(default_factory=list)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def missed(self) -> list[FitRow]:
        """Rows that should be exact and are not."""
        return [row for row in self.rows if row.exact and row.miss != 0]

    def worst(self, ward: str, count: int = WORST) -> list[FitRow]:
        """The cells of a ward furthest from their target, relative to the target."""
        return sorted((r for r in self.rows if r.ward == ward), key=lambda r: -r.relative)[:count]

    def wards(self) -> list[str]:
        """Ward codes in the report, in order."""
        return sorted({row.ward for row in self.rows if row.ward})

    def stop_if_missed(self) -> None:
        """Raise at the first exact total that is not met."""
        for row in self.missed():
            raise MarginError(
                "people.missed", name={lang: self._what(row, lang) for lang in messages.LANGUAGES},
                where=row.where, target=f"{row.target:,.0f}", got=f"{row.got:,.0f}",
            )  # fmt: skip

    def text(self, lang: str = "ja") -> str:
        """The report as text in one language."""
        return "\n".join(self._lines(lang))

    def _lines(self, lang: str) -> Iterator[str]:
        def said(key: str, **values: object) -> str:
            return messages.text(f"people.fit.{key}", lang, **values)

        yield said("title", day=self.day.isoformat(), fraction=f"{self.fraction:g}")
        exact = [row for row in self.rows if row.exact]
        yield f"\n{said('head_exact')} — {said('columns')}"
        yield from (self._row(row, lang) for row in exact)
        if not self.missed():
            yield said("all_exact", count=len(exact))
        yield f"\n{said('head_close')} — {said('columns')}"
        yield from (self._row(row, lang) for row in self.rows if not row.exact and not row.cell)
        yield f"\n{said('head_worst')} — {said('columns')}"
        for ward in self.wards():
            yield from (self._row(row, lang) for row in self.worst(ward))

    def _row(self, row: FitRow, lang: str) -> str:
        place = self.names.get(row.where, {}).get(lang) or row.where or messages.text("people.fit.city", lang)
        digits = 0 if float(row.target).is_integer() and float(row.got).is_integer() else 2
        share = f" ({row.relative:.2%})" if row.target else ""
        return (
            f"  {self._what(row, lang)} | {place} | {row.target:,.{digits}f} | {row.got:,.{digits}f} | "
            f"{row.miss:+,.{digits}f}{share}"
        )

    @staticmethod
    def _what(row: FitRow, lang: str) -> str:
        """Words of a row: ``key``, ``age:0-14``, ``men:0-14`` or ``establishments:I``."""
        key, _, detail = row.what.partition(":")
        if not detail:
            return messages.text(f"people.fit.{key}", lang)
        if key in ("establishments", "employees"):
            industry = messages.text(f"people.industry.{detail}", lang)
            return f"{messages.text(f'people.fit.{key}', lang)}: {industry}"
        if key == "age":
            return messages.text("people.fit.age", lang, band=detail)
        return f"{messages.text(f'people.fit.{key}', lang)} {detail}"
