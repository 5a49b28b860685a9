"""Who may be insured in what by an employer."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Bool

SINGLE = "浙江省用人单位招用不符合确立劳动关系情形的特定人员参加工伤保险办法（试行）"


@condition(
    "参保人在世", article="社会保险法 第五十八条",
    unmet="登记的信息显示该人员已死亡", then="请核对身份号码；信息有误的，请到窗口更正",
)
def alive(deceased):
    return ~deceased


@condition(
    "年满最低就业年龄", article="劳动法 第十五条",
    unmet="用工之日未满十六周岁，禁止招用", then="请核对身份号码和用工之日；文艺、体育等特殊招用须另行审批",
)
def old_enough(age_years, least_age):
    return age_years >= least_age


@condition(
    "未到法定退休年龄", article="社会保险法 第十条；国务院关于渐进式延迟法定退休年龄的办法 第一条",
    unmet="用工时已达到法定退休年龄，不能按劳动合同用工参保",
    then="用工形式请改选“超龄用工”，可单独参加工伤保险",
)
def before_retirement(kind, hired_month, retire_month):
    return (kind != "employee") | (hired_month < retire_month)


@condition(
    "确已超龄", article=SINGLE,
    unmet="尚未达到法定退休年龄，不能按超龄用工只参加工伤保险",
    then="用工形式请改选“劳动合同用工”，参加各项社会保险",
)
def after_retirement(kind, hired_month, retire_month):
    return (kind != "overage") | (hired_month >= retire_month)


@rule("参加职工基本养老保险", unit=Bool, article="社会保险法 第十条")
def pension(kind):
    return kind == "employee"


@rule("参加失业保险", unit=Bool, article="社会保险法 第四十四条")
def unemployment(kind):
    return kind == "employee"


@rule("参加职工基本医疗保险", unit=Bool, article="社会保险法 第二十三条")
def medical(kind):
    return kind == "employee"


@rule("参加工伤保险", unit=Bool, article=f"社会保险法 第三十三条；{SINGLE}")
def injury(kind):
    return (kind == "employee") | (kind == "overage") | (kind == "intern")


RULES = (alive, old_enough, before_retirement, after_retirement, pension, unemployment, medical, injury)
