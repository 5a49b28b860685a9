"""Premiums and arrears as pages show them."""

from dataclasses import dataclass

from django.utils import timezone

from renshe.apps.insurance.queries import PERSON, UNIT, Arrears, Premium, arrears
from renshe.apps.insurance.rules import LATE
from renshe.apps.insurance.terms import Scheme
from renshe.journeys.hire import HIRE
from renshe.kernel.cases.actions import declared
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.rules import OPEN
from renshe.kernel.common.money import yuan_label
from renshe.kernel.policy.engine.explain import Step


@dataclass(frozen=True)
class Shown:
    """One premium with its amount in words people read."""

    scheme: Scheme
    payer: str
    amount_fen: int | None
    amount: str
    missing: str
    steps: tuple[Step, ...]


def shown(premiums: list[Premium]) -> list[Shown]:
    """Premiums ready for `parts/premiums.html`."""
    return [
        Shown(one.scheme, one.payer, one.amount_fen, yuan_label(one.amount_fen or 0), one.missing, one.steps)
        for one in premiums
    ]


@dataclass(frozen=True)
class MonthOwed:
    """One month of arrears in words people read."""

    label: str
    amount: str
    days: int
    late_fee: str
    premiums: list[Shown]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Owed:
    """Arrears ready for `parts/arrears.html`."""

    months: list[MonthOwed]
    unit: str
    person: str
    late_fee: str
    total: str
    earlier: int
    assumed: str
    missing: tuple[str, ...]


def owed(due: Arrears) -> Owed:
    """Arrears summed up by payer, with each month's reckoning."""
    unit, person = (sum(one.owed_fen(payer) for one in due.months) for payer in (UNIT, PERSON))
    late_fee = sum(one.late_fee_fen for one in due.months)
    return Owed(
        [
            MonthOwed(
                f"{one.month.year}年{one.month.month}月", yuan_label(one.owed_fen(UNIT) + one.owed_fen(PERSON)), one.days,
                yuan_label(one.late_fee_fen), shown(list(one.premiums)), one.steps,
            ) for one in due.months
        ],
        yuan_label(unit), yuan_label(person), yuan_label(late_fee), yuan_label(unit + person + late_fee),
        due.earlier, due.assumed, due.missing,
    )


def owed_of(case: Case) -> Owed | None:
    """The arrears of a hire that was declared late and is not yet settled; None where nothing is owed."""
    late = case.kind == HIRE.key and case.state in OPEN and any(one["code"] == LATE for one in case.findings)
    if not late or case.organisation is None:
        return None
    declaration, _ = HIRE.declaration.parse(declared(case))
    return owed(arrears(case.organisation, declaration, timezone.localdate())) if declaration else None
