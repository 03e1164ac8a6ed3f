"""Indicators 2, 4 and 12: connected device, internet services, My Number card."""

from __future__ import annotations

import numpy as np

from twin.indicators.indicator import Answer, indicator
from twin.results.census import GROUPS, Census, groups_in


@indicator(
    2, "objective",
    base="residents aged 6 and over", base_ja="6歳以上の住民",
    about="share with a device of their own that connects to the internet",
    about_ja="インターネットに接続できる自分の機器を持つ人の割合",
)  # fmt: skip
def connected_device(census: Census) -> Answer:
    """Owners of a connected device among residents aged 6 and over."""
    return _of(census, "device", "6+")


@indicator(
    4, "objective",
    base="residents aged 6 and over", base_ja="6歳以上の住民",
    about="share who use internet services",
    about_ja="インターネットを使ったサービスを利用している人の割合",
)  # fmt: skip
def internet_services(census: Census) -> Answer:
    """Users of internet services among residents aged 6 and over."""
    return _of(census, "net", "6+")


@indicator(
    12, "objective",
    base="all residents", base_ja="全住民",
    about="share holding a card now (held, not ever issued)",
    about_ja="現在マイナンバーカードを保有している人の割合（累計交付ではなく保有）",
)  # fmt: skip
def my_number_card(census: Census) -> Answer:
    """Residents holding a My Number card among all residents."""
    return _of(census, "card", "all")


def _of(census: Census, quantity: str, base: str) -> Answer:
    """Users of a quantity and people, both within the base groups only."""
    inside = np.zeros(len(GROUPS), np.int64)
    inside[groups_in(base)] = 1
    return census.users(quantity) * inside, census.people * inside
