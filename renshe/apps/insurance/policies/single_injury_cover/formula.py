"""Who may be insured for work injury alone, without a labour relation, and what the employer pays."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Bool

ARTICLE = "浙江省用人单位招用不符合确立劳动关系情形的特定人员参加工伤保险办法（试行）"
PILOT = "浙人社发〔2018〕85号"


@condition(
    "属于可以单独参保的人员类别", article=f"{ARTICLE}；{PILOT}",
    unmet="当时这类人员还不能单独参加工伤保险", then="2023年7月1日起七类特定人员都可以参加；此前可为其投保商业意外伤害保险",
)
def class_listed(class_open, person_class):
    return class_open[person_class]


@condition(
    "没有劳动关系", article=ARTICLE,
    unmet="与用人单位有劳动关系，应当参加各项社会保险，不能只参加工伤保险", then="请用人单位按“劳动合同用工”办理参保",
)
def no_labour_relation(labour_relation):
    return ~labour_relation


@condition(
    "年满十六周岁", article=PILOT,
    unmet="未满十六周岁，不能参保", then="请核对出生日期；未满十六周岁的不得安排实习或用工",
)
def old_enough(age_years, single_least_age):
    return age_years >= single_least_age


@rule("可以单独参加工伤保险", unit=Bool, article=f"{ARTICLE}；{PILOT}")
def may_join(class_listed, no_labour_relation, old_enough):
    return class_listed & no_labour_relation & old_enough


RULES = (class_listed, no_labour_relation, old_enough, may_join)
