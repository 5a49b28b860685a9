"""参保“一件事”：one declaration of a hire insures the person, files the contract and applies for the card."""

from pydantic import Field

from renshe.apps.card import offers as card
from renshe.apps.insurance import offers as insurance
from renshe.apps.insurance.terms import HireKind, WorkPost
from renshe.apps.relations import offers as relations
from renshe.apps.relations.terms import ContractKind
from renshe.kernel.cases.declaration import Amount, CitizenId, Date, Declaration, Mobile, choice
from renshe.kernel.cases.journey import Journey


class Hire(Declaration):
    """What an employer declares of a person hired. Aliases at the borders: AAC002, AAC003, AAC040, AAC067."""

    name: str = Field(title="姓名", description="与身份证件一致", examples=["张小明"], min_length=1, max_length=60)
    citizen_id: CitizenId = Field(
        title="公民身份号码", description="18位，末位可以是X", examples=["11010519491231002X"]
    )
    phone: Mobile = Field("", title="手机号码", description="用于通知本人，可不填", examples=["13800000000"])
    hired_on: Date = Field(
        title="用工之日", description="实际开始上班的那一天；应在三十日内申报", examples=["2026-11-20"]
    )
    kind: choice(HireKind) = Field(  # type: ignore[valid-type]
        HireKind.EMPLOYEE, title="用工形式", description="超龄用工和实习只参加工伤保险", examples=["劳动合同用工"]
    )
    wage: Amount = Field(title="月工资（元）", description="税前；缴费基数由此按上下限确定", examples=["6500"], le=10_000_000_00)
    post: choice(WorkPost) = Field(  # type: ignore[valid-type]
        WorkPost.OTHER, title="岗位类别", description="女职工的退休年龄与此有关", examples=["其他岗位"]
    )
    position: str = Field("", title="岗位名称", description="实际从事的工作，可不填", examples=["装配工"], max_length=60)
    contract_kind: choice(ContractKind) = Field(  # type: ignore[valid-type]
        title="合同类型", description="超龄用工和实习请选“用工协议（非劳动合同）”", examples=["固定期限"]
    )
    contract_ends_on: Date | None = Field(
        None, title="合同终止日", description="固定期限合同必填", examples=["2029-11-19"]
    )


HIRE = Journey(
    key="hire", label="职工参保（增员）", basis="社会保险法 第五十八条；社会保险经办条例 第六条", limit_days=10,
    declaration=Hire, steps=(insurance.ENROL, relations.FILE, card.APPLY), new_persons=True,
    title=lambda item: "您已参加社会保险",
)
