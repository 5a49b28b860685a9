"""The demonstration city's plan: a digest with the real goals, its figures marked as made up."""

from decimal import Decimal

import pytest
from django.conf import settings

from renshe.apps.planning import queries
from renshe.apps.planning.models import Plan
from renshe.apps.planning.reader.plan import read
from renshe.apps.planning.terms import Conflict, ExtractKind, Light
from renshe.city import plan as city_plan
from renshe.kernel.access.models import Account
from renshe.kernel.access.terms import Role
from renshe.kernel.indicators.models import Figure
from tests.factories import WHOLE_CITY, an_officer


def test_the_digest_holds_the_plans_figures():
    reading = read((settings.CITY / "plan.md").read_bytes(), "plan.md")
    goals = {one.number: one.target.number for one in reading.of(ExtractKind.INDICATOR)}
    assert len(goals) == 19 and goals["6"] == 62 and goals["7"] == Decimal("16.50") and goals["19"] == 80
    assert [len(reading.of(kind)) for kind in (ExtractKind.ACHIEVEMENT, ExtractKind.BOX, ExtractKind.PROJECT, ExtractKind.TASK)] == [14, 10, 8, 3]
    assert len(reading.of(ExtractKind.PROMISE)) >= 60 and not reading.of(ExtractKind.UNREAD)
    assert {one.kind for one in reading.contradictions} == set(Conflict)


@pytest.mark.django_db
def test_the_city_carries_its_plan_out_with_figures_that_say_they_are_made_up():
    for username in ("planner", "planner2"):
        account = an_officer(Role.PLANNER)
        Account.objects.filter(pk=account.pk).update(username=username)
    assert city_plan.build(7) == 19 and city_plan.build(7) == 0
    plan = Plan.objects.get()
    rows = queries.watch(queries.targets(plan), queries.day_of(plan, "2024-Q4"), plan.division, reader=WHOLE_CITY)
    assert len(rows) == 19 and {one.light for one in rows} >= {Light.GREEN, Light.RED}
    assert all(one.last is not None for one in rows)
    assert set(Figure.objects.values_list("document", flat=True)) == {city_plan.DOCUMENT}
    assert any(one.outlook().value is not None for one in rows)
    counties = queries.by_county(next(one.target for one in rows if one.target.number == "6"), queries.day_of(plan), reader=WHOLE_CITY)
    assert len(counties) == 6 and all(found is not None for _, _, found in counties)
