"""Judgements of labour contracts: pure."""

import datetime

from renshe.apps.relations.terms import ContractKind, Refusal
from renshe.kernel.common.verdict import YES, Reason, Verdict


def judge_contract(
    kind: ContractKind, starts_on: datetime.date, ends_on: datetime.date | None, *, is_employee: bool
) -> Verdict:
    """Whether a contract may be put on record as declared."""
    if is_employee and kind is ContractKind.AGREEMENT:
        return _no(Refusal.NEEDS_CONTRACT, "劳动合同用工应当订立书面劳动合同，不能只签用工协议",
                   "劳动合同法 第十条", "contract_kind", "请选择劳动合同的类型")
    if not is_employee and kind is not ContractKind.AGREEMENT:
        return _no(Refusal.NOT_EMPLOYED, "超龄用工和实习不订立劳动合同", "劳动合同法 第四十四条",
                   "contract_kind", "合同类型请选择“用工协议（非劳动合同）”")
    if kind is ContractKind.FIXED_TERM and ends_on is None:
        return _no(Refusal.NO_END, "固定期限劳动合同应当写明终止日期", "劳动合同法 第十三条",
                   "contract_ends_on", "请填写合同终止日")
    if kind is ContractKind.OPEN_ENDED and ends_on is not None:
        return _no(Refusal.HAS_END, "无固定期限劳动合同没有终止日期", "劳动合同法 第十四条",
                   "contract_ends_on", "请清空合同终止日，或改选固定期限")
    if ends_on is not None and ends_on <= starts_on:
        return _no(Refusal.ENDS_EARLY, "合同终止日应晚于用工之日", "劳动合同法 第十三条",
                   "contract_ends_on", "请核对合同起止日期")
    return YES


def _no(code: Refusal, text: str, article: str, field: str, then: str) -> Verdict:
    return Verdict((Reason(code, text, article=article, then=then, field=field),))
