"""The words of sharing."""

from renshe.kernel.common.terms import Terms


class AgreementState(Terms):
    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "有效"
    REFUSED = "refused", "未批准"
    ENDED = "ended", "已终止"


class Population(Terms):
    """Of whom an agreement speaks, within its division."""

    RESIDENTS = "residents", "居住在辖区内的人"
    INSURED = "insured", "在保的人"


class SharingRefusal(Terms):
    """Why data is not handed over, or an agreement not made."""

    INCOMPLETE = "incomplete", "填写不完整"
    NO_COLUMN = "no_column", "没有可共享的字段"
    BAD_DAYS = "bad_days", "起止日不正确"
    WRONG_STATE = "wrong_state", "状态不符"
    OUT_OF_TIME = "out_of_time", "不在协议期内"
    OTHER_PURPOSE = "other_purpose", "超出约定用途"
    TOO_MANY = "too_many", "一次查询过多"
    BAD_NUMBER = "bad_number", "公民身份号码不正确"
