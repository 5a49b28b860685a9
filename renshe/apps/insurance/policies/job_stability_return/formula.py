"""What part of last year's unemployment premiums is given back to an employer that laid off few people."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Bool, Fen, Ratio

ARTICLE = "人社部发〔2023〕19号；人社部发〔2024〕40号；国办发〔2025〕25号"


@condition(
    "足额缴费满十二个月", article=ARTICLE,
    unmet="单位足额缴纳失业保险费未满十二个月", then="缴满十二个月后的下一年度可以享受；有欠费的请先补缴",
)
def paid_enough(paid_months, least_paid_months_unit):
    return paid_months >= least_paid_months_unit


@rule("裁员率", unit=Ratio, article=ARTICLE)
def layoff_rate(laid_off, headcount):
    return laid_off / headcount


@rule("适用的裁员率上限", unit=Ratio, article=ARTICLE)
def layoff_limit(headcount, tiny_headcount, layoff_rate_most, layoff_rate_most_tiny):
    return when(headcount <= tiny_headcount, layoff_rate_most_tiny, layoff_rate_most)


@condition(
    "裁员率不超过上限", article=ARTICLE,
    unmet="上年度裁员率超过上限", then="本年度不能返还；本年少裁员或不裁员，下一年度仍可享受。裁员人数有误的，请提交离职原因的证明核减",
)
def few_layoffs(layoff_rate, layoff_limit):
    return layoff_rate <= layoff_limit


@rule("可以享受稳岗返还", unit=Bool, article=ARTICLE)
def qualifies(paid_enough, few_layoffs):
    return paid_enough & few_layoffs


@rule("返还比例上限", unit=Ratio, article=ARTICLE)
def refund_share(size, refund_share_large, refund_share_small):
    return when(size == "large", refund_share_large, refund_share_small)


@rule("最多可返还", unit=Fen, article=ARTICLE, round="half_up")
def refund(premiums, refund_share, qualifies):
    return when(qualifies, premiums * refund_share, 0)


RULES = (paid_enough, layoff_rate, layoff_limit, few_layoffs, qualifies, refund_share, refund)
