"""What is paid each month for one person: the base, the premium of each scheme, and what each class of payer pays."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, least, when
from renshe.kernel.policy.engine.units import Fen

BASE = "浙江省职工基本养老保险条例 第九条"
PENSION = "社会保险法 第十二条"
UNEMPLOYMENT = "社会保险法 第四十四条"
MEDICAL = "浙江省医疗保障条例 第十九条"
FLEXIBLE = "国务院关于完善企业职工基本养老保险制度的决定（国发〔2005〕38号） 第六条"
CIVIL = "国务院关于机关事业单位工作人员养老保险制度改革的决定（国发〔2015〕2号）"
ANNUITY = "机关事业单位职业年金办法（国办发〔2015〕18号） 第四条"
PAYERS = "社会保险法 第十条、第十二条、第三十三条、第四十四条；失业保险条例 第二条"
TO_FEN = "half_up"


@rule("缴费基数", unit=Fen, article=BASE)
def base(wage, base_floor, base_cap):
    return least(greatest(wage, base_floor), base_cap)


@condition(
    "缴费基数在上下限之间", article=BASE,
    unmet="缴费基数低于当年下限或高于当年上限", then="请按下限或上限更正；不知道当年上下限的，填工资即可，由系统按规定取值",
)
def base_in_limits(base, base_floor, base_cap):
    return (base >= base_floor) & (base <= base_cap)


@rule("基本养老保险单位缴费", unit=Fen, article=PENSION, round=TO_FEN)
def pension_unit(base, pension_rate_unit):
    return base * pension_rate_unit


@rule("基本养老保险个人缴费", unit=Fen, article=PENSION, round=TO_FEN)
def pension_person(base, pension_rate_person):
    return base * pension_rate_person


@rule("失业保险单位缴费", unit=Fen, article=UNEMPLOYMENT, round=TO_FEN)
def unemployment_unit(base, unemployment_rate_unit):
    return base * unemployment_rate_unit


@rule("失业保险个人缴费", unit=Fen, article=UNEMPLOYMENT, round=TO_FEN)
def unemployment_person(base, unemployment_rate_person):
    return base * unemployment_rate_person


@rule("职工医保（含生育）单位缴费", unit=Fen, article=MEDICAL, round=TO_FEN)
def medical_unit(base, medical_rate_unit):
    return base * medical_rate_unit


@rule("职工医保个人缴费", unit=Fen, article=MEDICAL, round=TO_FEN)
def medical_person(base, medical_rate_person):
    return base * medical_rate_person


@rule("灵活就业人员缴费基数", unit=Fen, article=f"{FLEXIBLE}；国办发〔2019〕13号", round=TO_FEN)
def flexible_base(base, base_floor, base_floor_share, flexible_base_min_share):
    return greatest(base, base_floor * flexible_base_min_share / base_floor_share)


@rule("灵活就业人员养老缴费", unit=Fen, article=FLEXIBLE, round=TO_FEN)
def pension_flexible(flexible_base, flexible_pension_rate):
    return flexible_base * flexible_pension_rate


@rule("机关事业单位养老保险单位缴费", unit=Fen, article=CIVIL, round=TO_FEN)
def civil_pension_unit(base, civil_rate_unit):
    return base * civil_rate_unit


@rule("机关事业单位养老保险个人缴费", unit=Fen, article=CIVIL, round=TO_FEN)
def civil_pension_person(base, civil_rate_person):
    return base * civil_rate_person


@rule("职业年金单位缴费", unit=Fen, article=ANNUITY, round=TO_FEN)
def annuity_unit(base, unit_rate):
    return base * unit_rate


@rule("职业年金个人缴费", unit=Fen, article=ANNUITY, round=TO_FEN)
def annuity_person(base, person_rate):
    return base * person_rate


@rule("个人每月缴纳（养老、失业、职业年金，不含医疗）", unit=Fen, article=PAYERS)
def person_pays(
    payer, pension_person, unemployment_person, civil_pension_person, annuity_person, pension_flexible,
):
    civil = civil_pension_person + annuity_person
    by_oneself = when((payer == "flexible") | (payer == "individual_business"), pension_flexible, 0)
    in_service = when(payer == "institution", civil + unemployment_person, when(payer == "civil_service", civil, by_oneself))
    return when(payer == "employee", pension_person + unemployment_person, in_service)


@rule("单位每月缴纳（养老、失业、职业年金，不含医疗、工伤）", unit=Fen, article=PAYERS)
def unit_pays(payer, pension_unit, unemployment_unit, civil_pension_unit, annuity_unit):
    civil = civil_pension_unit + annuity_unit
    in_service = when(payer == "institution", civil + unemployment_unit, when(payer == "civil_service", civil, 0))
    return when(payer == "employee", pension_unit + unemployment_unit, in_service)


@rule("每月记入基本养老保险个人账户", unit=Fen, article=FLEXIBLE, round=TO_FEN)
def account_credit(payer, base, flexible_base, account_credit_share):
    by_oneself = (payer == "flexible") | (payer == "individual_business")
    return when(payer == "single_injury", 0, when(by_oneself, flexible_base, base) * account_credit_share)


RULES = (
    base, base_in_limits, pension_unit, pension_person, unemployment_unit, unemployment_person, medical_unit,
    medical_person, flexible_base, pension_flexible, civil_pension_unit, civil_pension_person, annuity_unit,
    annuity_person, person_pays, unit_pays, account_credit,
)
