"""Numbers, units, dates and names as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from twin import messages

# fmt: off
_MONTHS = (  # not the calendar module's, which follow the machine's locale
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on


def amount(value: object, unit: str, lang: str) -> str:
    """A number with its unit; a share is shown as a percentage too.

    >>> amount(0.3, "share", "en"), amount(1200.0, "persons", "ja")
    ('0.3 (30 %)', '1,200人')
    """
    if not isinstance(value, int | float):
        return "-"
    whole = abs(value) >= 1000 and value == round(value)
    number = f"{value:,.0f}" if whole else f"{value:,.6g}"
    if unit.startswith("share"):
        return f"{number} ({value * 100:.4g} %)"
    said = unit_words(unit, lang)
    return f"{number}{'' if said and not said[0].isascii() else ' '}{said}".rstrip()


def unit_words(unit: str, lang: str) -> str:
    """A unit in words; as it is where the table of messages has none."""
    return _known(f"unit.{unit}", unit, lang)


def axis_words(axis: str, lang: str) -> str:
    """What a table of a fact goes by, in words."""
    return _known(f"axis.{axis}", axis, lang)


def _known(key: str, otherwise: str, lang: str) -> str:
    known = messages.table().get(key)
    return known[lang] if known else otherwise


def label_words(label: str, axis: str, lang: str) -> str:
    """An entry's name with what it is: "age 65"; the bare label where the kind has no word here.

    >>> label_words("65", "age", "en"), label_words("65", "age", "ja"), label_words("net", "technology", "en")
    ('age 65', '65歳', 'internet services')
    """
    known = messages.table().get(f"scenario.label.{axis}.{label}") or messages.table().get(
        f"scenario.axis.{axis}"
    )
    return known[lang].format(label=label) if known else label


def day_words(day: date, lang: str, with_day: bool = True) -> str:
    """A date in words: 2025年4月1日, or 1 April 2025.

    >>> day_words(date(2025, 4, 1), "en"), day_words(date(2025, 4, 1), "ja", with_day=False)
    ('1 April 2025', '2025年4月')
    """
    if lang == "ja":
        return f"{day.year}年{day.month}月" + (f"{day.day}日" if with_day else "")
    month = _MONTHS[day.month - 1]
    return f"{day.day} {month} {day.year}" if with_day else f"{month} {day.year}"


def named(names: Iterable[str], lang: str) -> str:
    """Processes or couplings in words, each with the name it has in a scenario file."""
    table, said = messages.table(), []
    for name in names:
        known = table.get(f"process_name.{name}") or table.get(f"coupling.{name}")
        said.append(
            messages.text("scenario.explain.named", lang, name=name, word=known[lang]) if known else name
        )
    return messages.text("scenario.explain.list_joint", lang).join(said)
