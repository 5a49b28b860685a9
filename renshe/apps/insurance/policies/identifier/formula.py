"""Whether a number that names somebody or something is well formed, and if not, why.

The area digits are never a reason: people keep the number they were first given, also of a county that is no more.
"""

from renshe.kernel.common.identifiers import (
    card_identifier_fault,
    citizen_id_fault,
    normalise,
    old_citizen_id,
    org_code_fault,
    uscc_fault,
)
from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import applied
from renshe.kernel.policy.engine.units import Text

STANDARDS = "社会保险法 第五十八条；GB 11643—1999；GB 32100—2015；GB 11714—1997"
SOUND = "格式正确，校验码相符"


def person_fault(number: str) -> str:
    """An old number of fifteen digits is shown as the new one, which is to be checked against the card."""
    if len(number) == 15 and number.isascii() and number.isdigit():
        return f"十五位旧号码，现行号码应为{old_citizen_id(number)}，请对照证件"
    return citizen_id_fault(number)


FAULTS = {
    "citizen_id": person_fault, "social_security_number": person_fault, "uscc": uscc_fault, "org_code": org_code_fault,
    "card_number": org_code_fault, "card_identifier": card_identifier_fault,
}


def checked(kind: str, value: str) -> str:
    """What is wrong with a number of a kind, or that it is sound."""
    return FAULTS[kind](normalise(value)) or SOUND


@rule("核对结果", unit=Text, article=STANDARDS)
def reason(kind, value):
    return applied("按国家标准逐位核对", checked, kind, value)


@condition("号码正确", article=STANDARDS, unmet="号码不符合编码规则", then="请对照证件或证照逐位核对后重新填写")
def valid(reason):
    return reason == SOUND


RULES = (reason, valid)
