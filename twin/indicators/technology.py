"""Indicators 2, 4 and 12: connected device, internet services, My Number card."""

from __future__ import annotations

from twin.indicators.indicator import Answer, counted, indicator
from twin.results.census import Census


@indicator(
    2, "objective",
    base="residents aged 6 and over", base_ja="6歳以上の住民",
    about="share with a device of their own that connects to the internet",
    about_ja="インターネットに接続できる自分の機器を持つ人の割合",
)  # fmt: skip
def connected_device(census: Census) -> Answer:
    """Owners of a connected device among residents aged 6 and over."""
    return counted(census, "device", "6+")


@indicator(
    4, "objective",
    base="residents aged 6 and over", base_ja="6歳以上の住民",
    about="share who use internet services",
    about_ja="インターネットを使ったサービスを利用している人の割合",
)  # fmt: skip
def internet_services(census: Census) -> Answer:
    """Users of internet services among residents aged 6 and over."""
    return counted(census, "net", "6+")


@indicator(
    12, "objective",
    base="all residents", base_ja="全住民",
    about="share holding a card now (held, not ever issued)",
    about_ja="現在マイナンバーカードを保有している人の割合（累計交付ではなく保有）",
)  # fmt: skip
def my_number_card(census: Census) -> Answer:
    """Residents holding a My Number card among all residents."""
    return counted(census, "card", "all")
