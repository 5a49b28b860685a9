"""The words of the card."""

from renshe.kernel.common.terms import Terms


class CardState(Terms):
    """States of a card; AAZ502 codes where there are any."""

    APPLIED = "applied", "已申领，制卡中"
    ACTIVE = "1", "正常"
    LOST_TEMPORARILY = "4", "临时挂失"
    LOST = "2", "正式挂失"
    CANCELLED = "9", "注销"
