"""What is paid each month for one person: the base, and the premium of each payer."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import greatest, least
from renshe.kernel.policy.engine.units import Fen

PENSION = "社会保险法 第十二条"
UNEMPLOYMENT = "社会保险法 第四十四条"
MEDICAL = "浙江省医疗保障条例 第十九条"
TO_FEN = "half_up"


@rule("缴费基数", unit=Fen, article="浙江省职工基本养老保险条例 第九条")
def base(wage, base_floor, base_cap):
    return least(greatest(wage, base_floor), base_cap)


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


@rule("灵活就业人员养老缴费", unit=Fen, article="国务院关于完善企业职工基本养老保险制度的决定 第六条", round=TO_FEN)
def pension_flexible(base, flexible_pension_rate):
    return base * flexible_pension_rate


RULES = (
    base, pension_unit, pension_person, unemployment_unit, unemployment_person, medical_unit, medical_person,
    pension_flexible,
)
