"""What the platform knows of the signed-in resident that policies ask for."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from renshe.apps.insurance import queries as insurance
from renshe.apps.insurance.queries import InsuredMonth
from renshe.apps.insurance.terms import Scheme
from renshe.kernel.common import calendar
from renshe.kernel.common.money import yuan
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.units import Month, month_index
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policy
from renshe.kernel.subjects.models import Person, Sex

PLACE = "330800"
GROUPS = {"male": "男职工", "female55": "管理技术岗位女职工", "female50": "其他岗位女职工"}


@dataclass(frozen=True)
class Life:
    """One person's facts: `rows` are the months insured for the pension, oldest first; months since year 0."""

    group: str
    birth: int
    rows: tuple[InsuredMonth, ...]
    on: datetime.date
    place: str

    @property
    def now(self) -> int:
        return month_index(self.on)

    @property
    def base_fen(self) -> int:
        """The newest contribution base on record; 0 where there is none."""
        return next((one.base_fen for one in reversed(self.rows) if one.base_fen), 0)


def groups(person: Person) -> dict[str, str]:
    """The retirement groups a person may belong to."""
    return {key: label for key, label in GROUPS.items() if key.startswith("male" if person.sex == Sex.MALE else "female")}


def life(person: Person, group: str, on: datetime.date) -> Life:
    """What is known of a person for the pension. `group` counts only if it is one of theirs.

    Else the group of other posts is taken, unless its last month of retirement is past: who still works then held the other.
    """
    rows, birth = tuple(insurance.months_of_person(person.pk, Scheme.PENSION, on)), month_index(person.birth_on)
    own = [group] if group in groups(person) else list(groups(person))[::-1]
    lives = [Life(one, birth, rows, on, PLACE) for one in own]
    return next((one for one in lives if retirement(one)["latest"] >= one.now), lives[-1])


def retirement(one: Life) -> dict[str, int]:
    """Months of the statutory, the earliest and the latest retirement."""
    found = evaluate(
        policy("retirement_range"), {"group": one.group, "birth": Month.write(one.birth)}, on=one.on, place=one.place,
        entered=entered(one.place),
    )
    return {name: int(found.results[name]) for name in ("earliest", "statutory", "latest")}  # type: ignore[arg-type]


def known(person: Person, one: Life) -> dict[str, str]:
    """What is known of a person, by the words benefits.yaml and guides.yaml use for it; what is not known is left out."""
    unemployment = insurance.months_of_person(person.pk, Scheme.UNEMPLOYMENT, one.on)
    spells = list(insurance.enrolments_of_person(person.pk))
    at_work = [spell for spell in spells if spell.until is None]
    statutory = retirement(one)["statutory"]
    left = statutory - one.now
    recent = [row.base_fen for row in one.rows[-12:] if row.base_fen]
    insured = [timezone.localdate(spell.case.opened_at) for spell in at_work if any(cover.scheme == Scheme.INJURY for cover in spell.schemes)]
    found = {
        "group": one.group, "birth": Month.write(one.birth), "month": Month.write(one.now), "today": one.on.isoformat(),
        "year": str(one.on.year), "age_years": str(calendar.full_years(person.birth_on, one.on)),
        "unemployment_months": str(len(unemployment)), "employed": _yes(bool(at_work)),
        "in_staff_scheme": _yes(any(cover.scheme == Scheme.PENSION and cover.until is None for spell in spells for cover in spell.schemes)),
        "pension_months": str(len(one.rows)), "months_to_statutory": str(max(left, 0)), "years_to_statutory": str(max(left, 0) // 12),
        "statutory_month": Month.write(statutory), "deceased": _yes(person.deceased_on is not None), "as_employee": "employee",
    }
    if one.rows:
        found["in_basic_pension"] = _yes(True)
    if recent:
        found["average_base"] = yuan(sum(recent) // len(recent))
    if insured:
        found["insured_on"] = min(insured).isoformat()
    return {name: str(value) for name, value in found.items()}


def _yes(holds: bool) -> str:
    return "true" if holds else "false"
