"""Indicators 13 and 14: procedures done online, and awareness of the city's online services.

Indicator 13 has two readings that differ widely, because a few types make up most of the volume: by
volume, every procedure counts the same; by type, every type does. The first is the indicator, as the
city counts it.
"""

from __future__ import annotations

import numpy as np

from twin.indicators.indicator import Answer, among, flow, indicator
from twin.results.census import Census


@indicator(
    13, "objective", "procedures_online", "procedures", by_group=False,
    base="procedures filed in the month", base_ja="その月に行われた手続",
    about="share filed online, every procedure counting the same (by volume)",
    about_ja="オンラインで行われた手続の割合（1件を1と数える件数ベース）",
)  # fmt: skip
def online_procedures(census: Census) -> Answer:
    """Procedures filed online among all procedures filed in the month, by area."""
    return flow(census, "procedures_online"), flow(census, "procedures")


@indicator(
    13, "objective", "procedures", reading="types", by_group=False,
    base="types of procedure", base_ja="手続の種類",
    about="share filed online, every type of procedure counting the same (by type)",
    about_ja="オンラインで行われた手続の割合（1種類を1と数える種類ベース）",
)  # fmt: skip
def online_types(census: Census) -> Answer:
    """Mean over types of the share filed online, by area.

    Each procedure has the weight 1 / (procedures of its type in the city this month). City-wide the
    asked are then the types with any procedure and the counted the sum of their shares filed online;
    a ward or area mixes its own shares by its part of each type.
    """
    nothing = np.zeros(len(census.people))
    counted, asked = nothing.copy(), nothing.copy()
    for name in census.flows:
        if name.startswith("filed_") and (whole := census.flows[name].sum()):
            counted += flow(census, name.replace("filed_", "online_")) / whole
            asked += census.flows[name] / whole
    return counted, asked


@indicator(
    14, "objective", "aware_egov",
    base="residents aged 18 and over", base_ja="18歳以上の住民",
    about="share who know of the services the city offers online",
    about_ja="市がオンラインで提供するサービスを知っている人の割合",
)  # fmt: skip
def awareness_of_online_services(census: Census) -> Answer:
    """Those who know of the city's online services among residents aged 18 and over."""
    return among(census, "aware_egov", "18+")
