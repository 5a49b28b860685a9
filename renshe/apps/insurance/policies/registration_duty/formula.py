"""By when a hire must be declared, and how late it is."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest
from renshe.kernel.policy.engine.units import Day, Days

ARTICLE = "社会保险法 第五十八条"


@rule("最迟申报日", unit=Day, article=ARTICLE)
def due(hired, register_days):
    return hired + register_days


@rule("逾期天数", unit=Days, article=ARTICLE)
def late_days(declared, due):
    return greatest(0, declared - due)


@condition(
    "在用工之日起三十日内申报", article=ARTICLE,
    unmet="申报时已超过用工之日起三十日，应补缴的社会保险费和滞纳金须由经办人员核定",
    then="已转经办人员核定，无须重复申报；核定后会通知补缴金额",
)
def in_time(late_days):
    return late_days == 0


@rule("工伤保险生效日", unit=Day, article="浙江省工伤保险条例 第十一条")
def injury_from(declared, injury_wait_days):
    return declared + injury_wait_days


RULES = (due, late_days, in_time, injury_from)
