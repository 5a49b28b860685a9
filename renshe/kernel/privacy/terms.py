"""The words of taking data out."""

from renshe.kernel.common.terms import Terms

SHARED_OUT = "共享："  # how the log of readings names what another department got
EXPORTED = "导出："  # how the log of readings names a list taken out


class ExportState(Terms):
    WAITING = "waiting", "待批准"
    APPROVED = "approved", "可以取走"
    REFUSED = "refused", "不同意"
    TAKEN = "taken", "已取走"


class ExportRefusal(Terms):
    """Why a list may not be taken out."""

    NO_REASON = "no_reason", "没有写明用途"
    NOT_APPROVED = "not_approved", "尚未批准"
    OUT_OF_TIME = "out_of_time", "批准已过期"
    GROWN = "grown", "列表比申请时长了"
