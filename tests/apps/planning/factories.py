"""Plans for the tests: 云溪's, read, reviewed, published."""

from pathlib import Path

from renshe.apps.planning import queries
from renshe.apps.planning.actions import plans
from renshe.apps.planning.models import Office, Plan
from renshe.apps.planning.terms import ExtractKind, Resolution
from renshe.kernel.access.models import Account
from renshe.kernel.access.terms import Role
from tests.factories import acting, an_officer

YUNXI = Path(__file__).parent / "yunxi.md"


def a_plan_read(by: Account | None = None, *, data: bytes = b"", name: str = "yunxi.md") -> Plan:
    """A plan as taken in: nothing judged yet."""
    by = by or an_officer(Role.PLANNER, name="规划甲")
    return plans.take_in(data or YUNXI.read_bytes(), name, division="330800", account=by)[0]


def a_plan_reviewed(by: Account, *, contact: Account | None = None) -> tuple[Plan, Office]:
    """Everything kept, one office owns it all, contradictions stand side by side."""
    plan, actor = a_plan_read(by), acting(by)
    office = plans.name_office("就业处", "330800", contact, actor=actor)
    for kind in ExtractKind:
        plans.keep_rest(plan.pk, kind, actor=actor)
    plans.assign(list(queries.extracts(plan).values_list("pk", flat=True)), office, actor=actor)
    for one in queries.contradictions(plan):
        plans.decide(one.pk, Resolution.KEEP_BOTH, actor=actor)
    return plans.close_review(plan.pk, actor=actor), office


def a_plan_published(*, contact: Account | None = None) -> Plan:
    """A plan being watched."""
    plan, _ = a_plan_reviewed(an_officer(Role.PLANNER, name="规划甲"), contact=contact)
    return plans.publish(plan.pk, actor=acting(an_officer(Role.PLANNER, name="规划乙")))
