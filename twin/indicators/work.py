"""Indicators 6 and 7: felt change of work, and companies that work on productivity by technology.

Indicator 7 has two readings that differ by a factor of two to three, because large companies are ahead:
by company, as the companies' survey counts, and by the people engaged in them.
"""

from __future__ import annotations

from twin.indicators.indicator import Answer, flow, indicator
from twin.results.census import Census


@indicator(
    6, "subjective", "work_changed", "employed",
    base="residents with work", base_ja="働いている住民",
    about="share who feel that technology changed the way they work",
    about_ja="テクノロジーの恩恵によって働き方が変わったと感じる人の割合",
)  # fmt: skip
def changed_work(census: Census) -> Answer:
    """Those who feel a change among residents with work."""
    return census.users("work_changed"), census.users("employed")


@indicator(
    7, "objective", "firms_digital", "firms", by_group=False,
    base="private establishments, each decides as a firm", base_ja="民営事業所（1つずつ企業とみなす）",
    about="share at digital stage 1 or above, each counting the same",
    about_ja="テクノロジーで生産性や付加価値の向上に取り組む（デジタル化の段階1以上の）事業所の割合",
)  # fmt: skip
def digital_companies(census: Census) -> Answer:
    """Establishments that work on it among all, by area."""
    return flow(census, "firms_digital"), flow(census, "firms")


@indicator(
    7, "objective", "staff_digital", "staff", reading="staff", by_group=False,
    base="people engaged in private establishments", base_ja="民営事業所の従業者",
    about="share engaged where technology is used to raise productivity, each person counting the same",
    about_ja="テクノロジーで生産性や付加価値の向上に取り組む事業所で働く人の割合",
)  # fmt: skip
def staff_of_digital_companies(census: Census) -> Answer:
    """People engaged in establishments that work on it among all engaged, by area."""
    return flow(census, "staff_digital"), flow(census, "staff")
