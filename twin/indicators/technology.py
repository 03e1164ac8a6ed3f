"""Indicators 2, 4, 8 and 12: connected device, internet services, learning, My Number card."""

from __future__ import annotations

from twin.indicators.indicator import Answer, among, indicator
from twin.results.census import Census


@indicator(
    2, "objective", "device",
    base="residents aged 6 and over", base_ja="6歳以上の住民",
    about="share with a device of their own that connects to the internet",
    about_ja="インターネットに接続できる自分の機器を持つ人の割合",
)  # fmt: skip
def connected_device(census: Census) -> Answer:
    """Owners of a connected device among residents aged 6 and over."""
    return among(census, "device", "6+")


@indicator(
    4, "objective", "net",
    base="residents aged 6 and over", base_ja="6歳以上の住民",
    about="share who use internet services",
    about_ja="インターネットを使ったサービスを利用している人の割合",
)  # fmt: skip
def internet_services(census: Census) -> Answer:
    """Users of internet services among residents aged 6 and over."""
    return among(census, "net", "6+")


@indicator(
    8, "objective", "learning",
    base="residents aged 6 and over", base_ja="6歳以上の住民",
    about="share who learn or train with technology, at school, at work or on their own",
    about_ja="学校・職場・個人での学習や研修に技術を使っている人の割合",
)  # fmt: skip
def learning_with_technology(census: Census) -> Answer:
    """Users of technology for learning among residents aged 6 and over."""
    return among(census, "learning", "6+")


@indicator(
    12, "objective", "card",
    base="all residents", base_ja="全住民",
    about="share holding a card now (held, not ever issued)",
    about_ja="現在マイナンバーカードを保有している人の割合（累計交付ではなく保有）",
)  # fmt: skip
def my_number_card(census: Census) -> Answer:
    """Residents holding a My Number card among all residents."""
    return among(census, "card", "all")
