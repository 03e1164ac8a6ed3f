"""Indicators 1, 3 and 11: what people have heard of, what they accept, what they do for the environment."""

from __future__ import annotations

from twin.indicators.indicator import Answer, among, indicator
from twin.results.census import Census


@indicator(
    1, "objective", "aware_city",
    base="residents aged 18 and over", base_ja="18歳以上の住民",
    about="share who have heard of the smart city",
    about_ja="スマートシティという言葉を聞いたことがある人の割合",
)  # fmt: skip
def aware_of_smart_city(census: Census) -> Answer:
    """Those aware of the smart city among residents aged 18 and over."""
    return among(census, "aware_city", "18+")


@indicator(
    3, "subjective", "accepts",
    base="residents aged 18 and over", base_ja="18歳以上の住民",
    about="share who accept collection and use of data, at least under conditions",
    about_ja="データの収集・活用を、少なくとも条件つきで受け入れる人の割合",
)  # fmt: skip
def accepts_data_use(census: Census) -> Answer:
    """Those who accept use of data at least under conditions among residents aged 18 and over."""
    return among(census, "accepts", "18+")


@indicator(
    11, "objective", "green",
    base="residents aged 18 and over", base_ja="18歳以上の住民",
    about="share who do at least three of five acts for the environment",
    about_ja="5つの環境配慮行動のうち3つ以上をする人の割合",
)  # fmt: skip
def acts_for_environment(census: Census) -> Answer:
    """Those who act for the environment among residents aged 18 and over."""
    return among(census, "green", "18+")
