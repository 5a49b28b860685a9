"""The pension of a civil servant by the new way: the parts of the employee pension, with years served before October 2014
as deemed years. Zhejiang's coefficient and index tables were not found; who retired in the ten years of transition is
compared with the old way in `civil_service_transition`.
"""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Fen

ARTICLE = "国务院关于机关事业单位工作人员养老保险制度改革的决定（国发〔2015〕2号）"


@condition(
    "属于参保范围", article=ARTICLE,
    unmet="不属于编制内参加机关事业单位养老保险的人员", then="编外人员参加企业职工基本养老保险，请看企业职工基本养老金",
)
def covered(in_scheme):
    return in_scheme


@rule("过渡性养老金", unit=Fen, article=ARTICLE, round="half_up")
def civil_transitional(base, deemed_index, deemed_years, civil_transitional_rate):
    return when(deemed_years > 0, base * deemed_index * deemed_years * civil_transitional_rate, 0)


@rule("按新办法每月基本养老金", unit=Fen, article=ARTICLE)
def civil_total(basic, account, civil_transitional):
    return basic + account + civil_transitional


RULES = (covered, civil_transitional, civil_total)
