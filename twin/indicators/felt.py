"""Indicators 5, 9 and 10: what residents feel of technology in daily life, in learning and for safety.

Each is true of a person whose felt benefit reaches the cut of the survey's question
(``survey.answer.cut``); what the survey would show of it is another matter (``docs/survey.md``).
"""

from __future__ import annotations

from twin.indicators.indicator import Answer, among, indicator
from twin.results.census import Census


@indicator(
    5, "subjective", "convenient",
    base="residents aged 18 and over", base_ja="18歳以上の住民",
    about="share whose felt benefit of internet, city, mobility and health services reaches the survey's cut",
    about_ja="ネット・行政・移動・健康サービスから感じる恩恵が、アンケートで「はい」となる水準に達する人の割合",
)  # fmt: skip
def convenience(census: Census) -> Answer:
    """Those who feel life more convenient among residents aged 18 and over."""
    return among(census, "convenient", "18+")


@indicator(
    9, "subjective", "learning_better", "learner",
    base="pupils and students, and users of technology for learning", base_ja="児童・生徒・学生と、学習に技術を使う人",
    about="share whose felt benefit of technology in learning reaches the survey's cut",
    about_ja="学習で技術から感じる恩恵が、アンケートで「はい」となる水準に達する人の割合",
)  # fmt: skip
def better_learning(census: Census) -> Answer:
    """Those who feel that learning became better among learners of all ages."""
    return census.users("learning_better"), census.users("learner")


@indicator(
    10, "subjective", "informed",
    base="residents aged 18 and over", base_ja="18歳以上の住民",
    about="share for whom safety information, broadcast to all included, is worth the survey's cut",
    about_ja="放送などで誰にでも届くものを含む安全情報の価値が、アンケートで「はい」となる水準に達する人の割合",
)  # fmt: skip
def safety_information(census: Census) -> Answer:
    """Those satisfied with information on safety among residents aged 18 and over."""
    return among(census, "informed", "18+")
