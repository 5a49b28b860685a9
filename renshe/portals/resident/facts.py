"""What the platform knows of the signed-in resident that policies ask for."""

import datetime
from dataclasses import dataclass

from renshe.apps.insurance import queries as insurance
from renshe.apps.insurance.queries import InsuredMonth
from renshe.apps.insurance.terms import Scheme
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
