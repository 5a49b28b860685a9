"""Until when a pensioner counts as certified. Silence of the data alone never stops a pension: it starts a visit."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, when
from renshe.kernel.policy.engine.units import Count, Month, Months

CYCLE = "人社厅发〔2018〕107号"
HOW = "社会保险经办条例 第二十六条"


@rule("认证有效至", unit=Month, article=CYCLE)
def valid_through(last_proof, cycle_months):
    return last_proof + cycle_months


@condition(
    "资格认证有效", article=f"{HOW}；{CYCLE}",
    unmet="最近一次认证已超过认证周期",
    then="请用手机刷脸认证，或请单位、社区协助，行动不便的可以预约上门；不会仅因没有数据就停发",
)
def certified(month, valid_through, proof_of_life):
    return proof_of_life | (month <= valid_through)


@rule("超过认证周期的月数", unit=Months, article=CYCLE)
def months_overdue(month, valid_through, proof_of_life):
    return when(proof_of_life, 0, greatest(0, month - valid_through))


@rule("丧失资格须告知的工作日数", unit=Count, article="社会保险经办条例 第二十五条")
def report_within(report_working_days):
    return report_working_days


RULES = (valid_through, certified, months_overdue, report_within)
