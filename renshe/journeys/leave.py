"""减员：one declaration ends the insurance and the contract of a person who leaves."""

from pydantic import Field

from renshe.apps.insurance import offers as insurance
from renshe.apps.insurance.terms import LeaveReason
from renshe.apps.relations import offers as relations
from renshe.kernel.cases.declaration import CitizenId, Date, Declaration, choice
from renshe.kernel.cases.journey import Journey


class Leave(Declaration):
    """What an employer declares of a person leaving. Alias at the borders: AAE160 for the reason."""

    name: str = Field(title="姓名", description="与登记一致", examples=["张小明"], min_length=1, max_length=60)
    citizen_id: CitizenId = Field(
        title="公民身份号码", description="18位，末位可以是X", examples=["11010519491231002X"]
    )
    left_on: Date = Field(title="离职日", description="解除或终止劳动关系的那一天", examples=["2026-11-20"])
    reason: choice(LeaveReason) = Field(  # type: ignore[valid-type]
        title="停保原因", description="按实际情况选择", examples=["解除或终止劳动合同"]
    )


LEAVE = Journey(
    key="leave", label="职工停保（减员）", basis="社会保险法 第五十八条；社会保险经办条例 第六条", limit_days=10,
    declaration=Leave, steps=(insurance.STOP, relations.END), new_persons=False,
    title=lambda item: "您的社会保险已停保",
)
