"""What an insured worker gets from the unemployment fund for a new skill certificate."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Bool, Fen

ARTICLE = "浙江省失业保险支持参保职工提升职业技能实施办法（浙人社发〔2017〕81号）"


@condition(
    "累计缴费达到年限", article=ARTICLE,
    unmet="累计缴纳失业保险费的月数还不够", then="继续缴费，缴够月数后在证书核发起十二个月内申领",
)
def paid_enough(paid_months, subsidy_least_months):
    return paid_months >= subsidy_least_months


@condition(
    "证书核发后十二个月内申领", article=ARTICLE,
    unmet="证书核发已超过十二个月", then="这本证书不能再申领；取得更高等级的证书后可以申领",
)
def in_time(applied, certified, claim_months):
    return applied - certified <= claim_months


@condition(
    "当年次数未用完", article=ARTICLE,
    unmet="当年享受的次数已达到上限", then="请在下一年申领，注意不要超过证书核发后十二个月",
)
def times_left(times_this_year, times_most):
    return times_this_year < times_most


@condition(
    "同一职业同一等级首次申领", article=ARTICLE,
    unmet="同一职业同一等级的证书只能享受一次", then="取得更高等级或其他职业的证书后可以再申领",
)
def first_of_level(level_claimed):
    return ~level_claimed


@condition(
    "上浮比例不超过上限", article=ARTICLE, unmet="填写的上浮比例超过上限", then="请按本市公布的紧缺急需职业（工种）目录填写",
)
def uplift_allowed(uplift, uplift_most):
    return uplift <= uplift_most


@rule("可以申领", unit=Bool, article=ARTICLE)
def qualifies(paid_enough, in_time, times_left, first_of_level):
    return paid_enough & in_time & times_left & first_of_level


@rule("补贴标准", unit=Fen, article=ARTICLE)
def standard(level, standard_junior, standard_middle, standard_senior):
    return when(level == "junior", standard_junior, when(level == "middle", standard_middle, standard_senior))


@rule("补贴金额", unit=Fen, article=ARTICLE, round="half_up")
def amount(standard, uplift):
    return standard * (1 + uplift)


@rule("技师、高级技师补贴金额", unit=Fen, article="技能提升补贴扩大到技师的通知")
def technician_amount(technician_standard):
    return technician_standard


RULES = (paid_enough, in_time, times_left, first_of_level, uplift_allowed, qualifies, standard, amount, technician_amount)
