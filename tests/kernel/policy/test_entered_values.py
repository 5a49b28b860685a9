"""A value of law that the folder leaves empty: entered with its document, confirmed by another officer."""

import datetime

import pytest

from renshe.kernel.access.terms import Role
from renshe.kernel.common.verdict import Refused
from renshe.kernel.policy import actions, queries
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.values import DatedValue
from renshe.kernel.policy.registry import policy
from tests.factories import acting, an_officer

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def fresh():
    queries.forget()
    yield
    queries.forget()


def enter(actor, **changes):
    given = {"parameter": "medical_rate_unit", "place": "330800", "valid_from": datetime.date(2026, 1, 1),
             "value": "0.07", "document": "衢医保发〔2025〕1号", "article": "第三条", **changes}
    return actions.enter(actor=actor, **given)


def medical(place="330802"):
    found = evaluate(policy("contribution"), {"wage": "6500"}, on=TODAY, place=place, entered=queries.entered(place))
    return found.outputs.get("medical_unit")


def test_it_applies_only_once_a_second_officer_confirmed_it():
    operator, reviewer = acting(an_officer(Role.OPERATOR)), acting(an_officer(Role.REVIEWER))
    entry = enter(operator)
    queries.forget()
    assert medical() is None
    with pytest.raises(Refused, match="不能复核自己"):
        actions.confirm(entry.pk, actor=operator)
    actions.confirm(entry.pk, actor=reviewer)
    assert medical() == "455.00"
    assert medical("330100") is None  # another city's value it is not
    actions.withdraw(entry.pk, actor=operator)
    assert medical() is None


@pytest.mark.parametrize("changes", [{"value": "百分之七"}, {"document": " "}, {"parameter": "no_such"}])
def test_nonsense_is_refused(changes):
    with pytest.raises(Refused):
        enter(acting(an_officer(Role.OPERATOR)), **changes)


def test_a_value_that_several_policies_stand_on_is_asked_for_once():
    asked = [one.parameter.name for one in queries.unknown(TODAY, "330800")]
    unsure = {parameter.name: titles for titles, parameter, _ in queries.uncertain(TODAY, "330800")}
    assert len(asked) == len(set(asked)) and "subsistence" in asked
    assert len(queries.uncertain(TODAY, "330800")) == len(unsure)
    assert "工伤伤残待遇" in unsure["injury_average_wage"] and "工伤生活护理费" in unsure["injury_average_wage"]


def test_a_new_minimum_wage_is_entered_and_what_hangs_on_it_follows():
    today = datetime.date(2028, 1, 1)
    raised = DatedValue(2_400_00, today, None, "浙江省人民政府通知（示例）", "entered", place="330000")
    found = evaluate(policy("unemployment_amount"), {"months": 1}, on=today, place="330802", entered=(("month_tier_3", raised),))
    assert found.outputs["amount"] == "2160.00"


def test_a_figure_of_a_year_is_asked_for_when_that_year_begins():
    def asked(on: datetime.date) -> set[str]:
        return {one.parameter.name for one in queries.unknown(on, "330800")}

    assert "national_income" not in asked(TODAY)  # a death in 2026 counts by the income of 2025, which is known
    assert "national_income" in asked(datetime.date(2027, 1, 1))
