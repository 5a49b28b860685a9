"""The second pillar of enterprises: what a plan may pay, how unequally, and how soon it belongs to the worker."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Fen

SET_UP = "企业年金办法 第六条、第七条"
LIMIT = "企业年金办法 第十五条"
GAP = "企业年金办法 第十八条"
VEST = "企业年金办法 第十九条"


@condition(
    "已参加基本养老保险", article=SET_UP,
    unmet="企业和职工没有依法参加基本养老保险并履行缴费义务", then="请先补齐基本养老保险缴费，再建立企业年金",
)
def may_set_up(in_basic_pension):
    return in_basic_pension


@condition(
    "方案经集体协商", article=SET_UP,
    unmet="企业年金方案没有经集体协商确定", then="请与职工方集体协商，方案经职工代表大会或全体职工讨论通过后报备",
)
def has_plan(agreed):
    return agreed


@rule("企业缴费上限", unit=Fen, article=LIMIT, round="down")
def unit_most(total_wages, unit_rate_most):
    return total_wages * unit_rate_most


@condition("企业缴费不超限", article=LIMIT, unmet="企业缴费超过职工工资总额的规定比例", then="请降低企业缴费")
def unit_within(unit_paid, unit_most):
    return unit_paid <= unit_most


@rule("企业与职工缴费合计上限", unit=Fen, article=LIMIT, round="down")
def both_most(total_wages, both_rate_most):
    return total_wages * both_rate_most


@condition(
    "合计缴费不超限", article=LIMIT,
    unmet="企业和职工个人缴费合计超过职工工资总额的规定比例", then="请降低企业或职工个人缴费",
)
def both_within(unit_paid, person_paid, both_most):
    return unit_paid + person_paid <= both_most


@condition(
    "分配差距合规", article=GAP,
    unmet="企业缴费分配给个人的最高额超过平均额的规定倍数", then="请调整分配办法，缩小差距",
)
def gap_within(highest_share, average_share, gap_most):
    return highest_share <= average_share * gap_most


@condition(
    "归属期限合规", article=VEST,
    unmet="方案规定的完全归属期限过长", then="请缩短归属期限；职工达到法定退休年龄、完全丧失劳动能力等情形应立即归属",
)
def vesting_within(vesting_months, vesting_most):
    return vesting_months <= vesting_most


RULES = (may_set_up, has_plan, unit_most, unit_within, both_most, both_within, gap_within, vesting_within)
