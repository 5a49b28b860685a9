"""Whether an injury may be recognised as a work injury, by when to apply, and whether fund or employer pays."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Bool, Day, Text

APPLY = "工伤保险条例 第十七条"
EXCLUDED = "工伤保险条例 第十六条"
COVER = "浙江省工伤保险条例 第十一条"


@condition(
    "属于工伤情形", article="工伤保险条例 第十四条、第十五条；浙江省工伤保险条例 第十八条",
    unmet="不属于应当认定或视同工伤的情形", then="请补充事发时间、地点、原因的证据；仍有不同意见的，可申请行政复议或诉讼",
)
def is_work_injury(work_caused):
    return work_caused


@condition(
    "不是故意犯罪造成", article=EXCLUDED, unmet="因故意犯罪造成的伤亡，不认定为工伤", then="对事实有不同意见的，请提交司法文书",
)
def not_crime(crime):
    return ~crime


@condition(
    "不是醉酒或吸毒造成", article=EXCLUDED, unmet="因醉酒或者吸毒造成的伤亡，不认定为工伤", then="对事实有不同意见的，请提交检验报告",
)
def not_drunk(drunk):
    return ~drunk


@condition(
    "不是自残或自杀", article=EXCLUDED, unmet="自残或者自杀，不认定为工伤", then="对事实有不同意见的，请提交公安机关的结论",
)
def not_self_harm(self_harm):
    return ~self_harm


@rule("最迟申请日", unit=Day, article=APPLY)
def last_day(injured, applicant, employer_report_days, person_report_days):
    return injured + when(applicant == "employer", employer_report_days, person_report_days)


@condition(
    "在申请期限内", article=APPLY,
    unmet="申请工伤认定已超过期限", then="单位超期的，职工、近亲属或工会可在受伤之日起一年内直接申请；因不可抗力耽误的请提交证明",
)
def in_time(applied, last_day):
    return applied <= last_day


@rule("可以受理并认定", unit=Bool, article=f"{EXCLUDED}；{APPLY}")
def recognisable(is_work_injury, not_crime, not_drunk, not_self_harm, in_time):
    return is_work_injury & not_crime & not_drunk & not_self_harm & in_time


@rule("工伤保险生效日", unit=Day, article=COVER)
def cover_from(list_received, injury_wait_days):
    return list_received + injury_wait_days


@condition(
    "受伤时工伤保险已生效", article=f"{COVER}、第三十三条",
    unmet="受伤时工伤保险还没有生效，待遇由用人单位支付", then="请用人单位按工伤保险的项目和标准支付；参保生效后新发生的费用由基金支付",
)
def insured_then(injured, cover_from):
    return injured >= cover_from


@rule("单位在三十日内申请", unit=Bool, article="浙江省工伤保险条例 第十三条")
def employer_in_time(applied, injured, employer_report_days):
    return applied - injured <= employer_report_days


@rule(
    "申请以前的费用由谁支付", unit=Text, article="浙江省工伤保险条例 第十三条、第三十三条",
    choices={"fund": "工伤保险基金", "employer": "用人单位"},
)
def payer(insured_then, employer_in_time):
    return when(insured_then & employer_in_time, "fund", "employer")


RULES = (
    is_work_injury, not_crime, not_drunk, not_self_harm, last_day, in_time, recognisable, cover_from, insured_then,
    employer_in_time, payer,
)
