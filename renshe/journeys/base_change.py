"""缴费基数变更：a new wage from a month on."""

from pydantic import Field

from renshe.apps.insurance import offers as insurance
from renshe.kernel.cases.declaration import Amount, CitizenId, Date, Declaration
from renshe.kernel.cases.journey import Journey


class BaseChange(Declaration):
    """What an employer declares of a changed wage. Alias at the borders: AAC040."""

    name: str = Field(title="姓名", description="与登记一致", examples=["张小明"], min_length=1, max_length=60)
    citizen_id: CitizenId = Field(
        title="公民身份号码", description="18位，末位可以是X", examples=["11010519491231002X"]
    )
    wage: Amount = Field(title="月工资（元）", description="税前；缴费基数由此按上下限确定", examples=["7200"], le=10_000_000_00)
    valid_from: Date = Field(title="变更月份", description="从哪个月起，填该月任一天", examples=["2026-11-01"])


BASE_CHANGE = Journey(
    key="base_change", label="缴费基数变更", basis="社会保险法 第六十条；社会保险经办条例 第六条", limit_days=10,
    declaration=BaseChange, steps=(insurance.REBASE,), new_persons=False,
    title=lambda item: "您的缴费基数已变更",
)
