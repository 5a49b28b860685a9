"""The words of the development index."""

from renshe.kernel.common.terms import Terms


class Dimension(Terms):
    """The five dimensions the plan names, in its order."""

    PERFORMANCE = "performance", "业务绩效"
    EXCELLENCE = "excellence", "争先创优"
    DIGITAL = "digital", "数字赋能"
    WARMTH = "warmth", "暖心服务"
    OPENNESS = "openness", "阳光活力"


class Doubt(Terms):
    """What makes a figure worth a second look before it is believed."""

    JUMP = "jump", "期末突增"
    DENOMINATOR = "denominator", "分母缩小"
    ENTERED = "entered", "填报与记录不一致"
    RESTATED = "restated", "结账后改数"
    FEW = "few", "样本太少"
    MISSING = "missing", "别处有数而本处没有"


class Sureness(Terms):
    """Where a weight or a goalpost comes from."""

    DOCUMENT = "document", "有文件"
    CONVENTION = "convention", "平台约定，待文件"
    ENTERED = "entered", "录入并复核"


class WeightFault(Terms):
    """Why a weight may not be entered, confirmed or withdrawn."""

    UNKNOWN_DIMENSION = "unknown_dimension", "没有这一维度"
    BAD_VALUE = "bad_value", "权重不对"
    NO_DOCUMENT = "no_document", "没有依据文件"
    WITHDRAWN = "withdrawn", "已撤回"
