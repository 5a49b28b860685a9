"""The words of labour relations."""

from renshe.kernel.common.terms import Terms


class ContractKind(Terms):
    """Kinds of contract (劳动合同法 第十二条至第十五条); codes as in contract-type."""

    FIXED_TERM = "1", "固定期限"
    OPEN_ENDED = "2", "无固定期限"
    TASK = "3", "以完成一定工作任务为期限"
    AGREEMENT = "9", "用工协议（非劳动合同）"


class Refusal(Terms):
    """Why a contract is not put on record as declared."""

    NEEDS_CONTRACT = "needs_contract", "应订立劳动合同"
    NOT_EMPLOYED = "not_employed", "不属劳动合同"
    NO_END = "no_end", "缺终止日"
    HAS_END = "has_end", "不应有终止日"
    ENDS_EARLY = "ends_early", "终止日过早"
