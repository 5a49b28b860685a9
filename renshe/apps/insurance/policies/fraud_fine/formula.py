"""What follows when benefits were obtained by fraud: money back, fine, police, credit list, the reporter's reward."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import greatest, least, when
from renshe.kernel.policy.engine.units import Bool, Fen, Text

FRAUD = "社会保险法 第八十七条、第八十八条"
CRIME = "刑法 第二百六十六条；全国人大常委会2014年4月24日关于该条的解释"
REWARD = "社会保险基金监督举报奖励暂行办法（人社部发〔2022〕45号）"


@rule("应退回", unit=Fen, article=f"{FRAUD}；社会保险经办条例 第四十六条")
def repay(amount):
    return amount


@rule("罚款下限", unit=Fen, article=FRAUD, round="half_up")
def fine_min(amount, fraud_fine_least):
    return amount * fraud_fine_least


@rule("罚款上限", unit=Fen, article=FRAUD, round="half_up")
def fine_max(amount, fraud_fine_most):
    return amount * fraud_fine_most


@rule("应移送公安机关", unit=Bool, article=CRIME)
def to_police(amount, crime_large):
    return amount >= crime_large


@rule("诈骗数额档次", unit=Text, article=CRIME)
def crime_grade(amount, crime_large, crime_huge, crime_very_huge):
    return when(
        amount >= crime_very_huge, "数额特别巨大",
        when(amount >= crime_huge, "数额巨大", when(amount >= crime_large, "数额较大", "未达到数额较大")),
    )


@rule("列入社会保险严重失信名单", unit=Bool, article="社会保险领域严重失信人名单管理暂行办法（人社部规〔2019〕2号）")
def bad_credit(amount, bad_credit_amount):
    return amount >= bad_credit_amount


@rule("举报人奖励", unit=Fen, article=REWARD, round="half_up")
def reporter_reward(recovered, reward_share, reward_least, reward_most):
    return least(greatest(recovered * reward_share, reward_least), reward_most)


RULES = (repay, fine_min, fine_max, to_police, crime_grade, bad_credit, reporter_reward)
