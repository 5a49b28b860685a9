"""What the journeys give the platform: kinds of case and of roster, indicators."""

from renshe.journeys import indicators
from renshe.journeys.base_change import BASE_CHANGE
from renshe.journeys.hire import HIRE
from renshe.journeys.leave import LEAVE
from renshe.kernel.cases import actions, kinds
from renshe.kernel.cases.journey import Journey
from renshe.kernel.cases.models import Case
from renshe.kernel.privacy import masks
from renshe.kernel.rosters import kinds as rosters

JOURNEYS: dict[str, Journey] = {journey.key: journey for journey in (HIRE, LEAVE, BASE_CHANGE)}
INDICATORS = indicators.INDICATORS
EFFECT = "准予后立即写入参保、合同和社保卡记录，并通知单位和本人。"
REFUSALS = {
    "not_true": "申报内容与事实不符",
    "no_proof": "缺少必要的证明材料",
    "wrong_identity": "身份信息不能核实",
    "not_due": "依法不应由本单位参保",
}


def present(case: Case) -> kinds.Lines:
    """The declaration of a case as titled lines, with the citizen ID masked."""
    declaration, _ = JOURNEYS[case.kind].declaration.parse(actions.declared(case))
    if declaration is None:
        return []
    lines = []
    for name, field in type(declaration).model_fields.items():
        value = getattr(declaration, name)
        if name == "citizen_id":
            value = case.person.citizen_id_mask if case.person else ""
        elif name == "phone":
            value = masks.phone(value)
        elif hasattr(value, "label"):
            value = value.label
        elif name == "wage":
            value = declaration.model_dump(mode="json")[name] + "元"
        if value not in ("", None):
            lines.append((field.title or name, str(value)))
    return lines


def register() -> None:
    """Make the journeys known as kinds of case and of roster."""
    for journey in JOURNEYS.values():
        kinds.register(journey.kind(present, REFUSALS, effect=EFFECT))
        rosters.register(rosters.RosterKind(journey.key, journey.label, journey.declaration, journey.settle))
