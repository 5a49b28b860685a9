"""What of insurance a person may ask to have put right: when a spell began and ended, the wage declared, a month paid."""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from renshe.apps.insurance import actions, queries
from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment, MonthCorrection
from renshe.apps.insurance.terms import Scheme
from renshe.kernel.access.actor import Actor
from renshe.kernel.cases.corrections import Correctable, Held
from renshe.kernel.cases.declaration import read_amount, read_date
from renshe.kernel.cases.models import Case
from renshe.kernel.common import calendar
from renshe.kernel.common.money import yuan, yuan_label
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.policy.engine.units import BadInput, Month
from renshe.kernel.subjects.models import Person

UNPAID = "没有缴费"


def _spell(person: Person, ref: str) -> Enrolment:
    """A spell of this person. Raises LookupError."""
    found = Enrolment.objects.select_related("organisation").filter(person=person, pk=int(ref)).first() if ref.isdecimal() and len(ref) < 19 else None
    if found is None:
        raise LookupError("没有这一段参保")
    return found


def _base(person: Person, ref: str) -> BasePeriod:
    """A base of this person. Raises LookupError."""
    rows = BasePeriod.objects.select_related("enrolment__organisation").filter(enrolment__person=person)
    found = rows.filter(pk=int(ref)).first() if ref.isdecimal() and len(ref) < 19 else None
    if found is None:
        raise LookupError("没有这一段缴费基数")
    return found


def _month(ref: str) -> int:
    """Months since year 0. Raises LookupError."""
    try:
        return int(Month.read(ref))
    except BadInput as fault:
        raise LookupError(str(fault)) from None


def _starts(person: Person) -> Sequence[Held]:
    return [
        Held(str(one.pk), f"{one.organisation.name} · 从哪个月起参保", f"{one.since:%Y年%m月}")
        for one in queries.enrolments_of_person(person.pk)
    ]


def _ends(person: Person) -> Sequence[Held]:
    return [
        Held(str(one.pk), f"{one.organisation.name} · 到哪个月停保", f"{one.until:%Y年%m月}起停保")
        for one in queries.enrolments_of_person(person.pk) if one.until
    ]


def _wages(person: Person) -> Sequence[Held]:
    return [
        Held(str(one.pk), f"{spell.organisation.name} · {one.valid_from:%Y年%m月}起的工资", f"{yuan_label(one.wage_fen)} 元")
        for spell in queries.enrolments_of_person(person.pk) for one in spell.base_history
    ]


def _read_start(person: Person, ref: str, text: str) -> str:
    spell, month = _spell(person, ref), calendar.month_start(read_date(text))
    ends = [spell.until, BasePeriod.objects.filter(enrolment=spell).order_by("valid_from").first().valid_until]  # type: ignore[union-attr]
    if month > timezone.localdate() or any(day and month >= day for day in ends):
        raise ValueError("不能晚于这段参保的下一次变动")
    return month.isoformat()


def _read_end(person: Person, ref: str, text: str) -> str:
    spell, month = _spell(person, ref), calendar.month_start(read_date(text))
    last = BasePeriod.objects.filter(enrolment=spell).order_by("-valid_from").first()
    if month <= spell.since or (last and month <= last.valid_from):
        raise ValueError("不能早于这段参保的上一次变动")
    return month.isoformat()


def _read_wage(person: Person, ref: str, text: str) -> str:
    return yuan(read_amount(text))


def _set_wage(person: Person, ref: str, right: str, case: Case, actor: Actor) -> None:
    base, wage = _base(person, ref), read_amount(right)
    law = queries.hire_law(timezone.localdate(), base.valid_from, base.enrolment.organisation.division)
    found = law.contribution.run(wage=wage).get("base")
    if found is None:
        raise Refused(Reason("law_unknown", law.missing_base, article="浙江省职工基本养老保险条例 第九条",
                             then="请先由管理员录入这一年的缴费基数上下限", field="right"))
    actions.set_wage(base, wage, int(found))


def _paid(person: Person, ref: str) -> str:
    month = _month(ref)
    found = next((one for one in queries.months_of_person(person.pk, Scheme.PENSION, timezone.localdate()) if one.month == month), None)
    return f"{yuan(found.base_fen)}" if found else UNPAID


def _read_month(person: Person, ref: str, text: str) -> str:
    if _month(ref) > _month(f"{timezone.localdate():%Y-%m}"):
        raise ValueError("这个月还没有到")
    return UNPAID if text.strip() in ("0", UNPAID) else yuan(read_amount(text))


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


CORRECTABLE = (
    Correctable(
        "enrolment_since", "参保起始月", ((Enrolment, "since"), (Coverage, "since")), True, _starts,
        lambda person, ref: _spell(person, ref).since.isoformat(), _read_start,
        lambda person, ref, right, case, actor: actions.move_start(_spell(person, ref), _day(right)),
        "从哪个月起算，选那个月的任一天。请附劳动合同、工资流水或工作证", date=True,
    ),
    Correctable(
        "enrolment_until", "停保月", ((Enrolment, "until"), (Coverage, "until")), True, _ends,
        lambda person, ref: f"{_spell(person, ref).until or ''}", _read_end,
        lambda person, ref, right, case, actor: actions.move_end(_spell(person, ref), _day(right)),
        "从哪个月起停保，选那个月的任一天。请附离职证明", date=True,
    ),
    Correctable(
        "wage", "申报工资", ((BasePeriod, "wage_fen"), (BasePeriod, "base_fen")), True, _wages,
        lambda person, ref: yuan(_base(person, ref).wage_fen), _read_wage, _set_wage,
        "税前月工资；缴费基数由此按上下限重新确定。请附工资流水", "6500", masked=lambda text: "（金额不公开）",
    ),
    Correctable(
        "month", "某个月的缴费", ((MonthCorrection, "base_fen"),), True, lambda person: [], _paid, _read_month,
        lambda person, ref, right, case, actor: actions.set_month(
            person.pk, Scheme.PENSION, _month(ref), 0 if right == UNPAID else read_amount(right), case.pk
        ),
        "这个月养老保险的缴费基数（元）；没有缴的写 0。请附工资流水或缴费凭证", "4500", asks="哪个月（如 2019-03）",
        masked=lambda text: "（金额不公开）",
    ),
)
