"""Why not me, and the guided questions: every answer on the page is the policy's."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.registry import policy
from renshe.portals.resident.benefits import benefits
from renshe.portals.resident.guides import guides
from renshe.portals.resident.views import rights
from tests.factories import a_person, a_resident, an_id, signed_in
from tests.portals.test_resident_pension import PLACE, TODAY, today, worker  # noqa: F401

pytestmark = pytest.mark.django_db
JOBLESS = {
    "date": "2026-11-01", "by_own_will": "false", "paid_months": "30", "registered": "true", "re_employed": "false", "ends": "none",
}
INJURED = {
    "injured": "2026-11-01", "work_caused": "true", "excluded": "none", "list_received": "2020-01-01", "applicant": "employer",
    "applied": "2026-11-10", "outcome": "alive", "own_wage": "6000", "hospital_days": "10", "grade": "4", "stays": "true",
    "given_work": "false", "needs_care": "false",
}


def page(account, path: str, answers: dict[str, str] | None = None) -> tuple[int, str]:
    response = signed_in(account).get(path, answers or {})
    return response.status_code, re.sub(r"\s+", " ", response.content.decode())


def test_every_fact_question_and_output_is_one_of_a_policy():
    for benefit in benefits().values():
        assert benefit.facts.keys() <= policy(benefit.policy).inputs.keys()
        assert any(rule.is_condition for rule in policy(benefit.policy).rules), benefit.policy
    for guide in guides().values():
        known = set().union(*(policy(part.policy).inputs for part in guide.parts))
        for question in guide.questions:
            named = [name for option in question.options for name in option.sets] or [question.name]
            assert set(named) <= known or question.name == "outcome", question.name
        for part in guide.parts:
            assert set(part.shows) <= set(policy(part.policy).outputs)
            assert part.takes.keys() | part.facts.keys() <= policy(part.policy).inputs.keys()


def test_a_worker_sees_what_is_lacking_and_from_when(worker):  # noqa: F811
    _, account = worker
    status, text = page(account, "/me/benefits")
    assert status == 200 and "还没有到退休年月" in text
    law = evaluate(
        policy("employee_pension"), {"group": "male", "birth": "1975-03", "now": "2026-11", "months": 126}, on=TODAY, place=PLACE
    )
    for one in law.unmet:
        assert escape(one.text) in text and escape(one.then) in text and one.when_words in text
    assert "已经重新就业，失业保险金从就业的次月起停发" in text  # the register knows of the work


def test_who_has_met_everything_is_told_first():
    _, account = a_resident(a_person(number=an_id(born="1960-01-01")))
    text = page(account, "/me/benefits/resident_pension", {"years": "16", "other_pension": "false"})[1]
    assert "您可以享受" in text
    text = page(account, "/me/benefits/resident_pension", {"years": "3", "other_pension": "false"})[1]
    assert "现在还不能" in text and "3" in text
    listed = page(account, "/me/benefits")[1]
    assert listed.index("您现在可以享受") < listed.index("要看您的情况")


def test_what_befalls_others_is_not_promised():
    _, account = a_resident()
    text = page(account, "/me/benefits/injury_survivors")[1]
    assert "您可以享受" not in text


def test_a_benefit_asks_only_for_what_is_not_known_and_says_a_wrong_answer(worker):  # noqa: F811
    _, account = worker
    status, text = page(account, "/me/benefits/skill_subsidy")
    assert status == 200 and 'name="certified"' in text and 'name="paid_months"' not in text
    status, text = page(account, "/me/benefits/skill_subsidy", {"certified": "上个月"})
    assert status == 422 and "不是月份" in text
    assert page(account, "/me/benefits/nothing")[0] == 404


def test_the_questions_come_one_by_one_with_own_facts_filled_in(worker):  # noqa: F811
    _, account = worker
    status, text = page(account, "/me/guides/unemployment", {"date": "2026-11-01", "by_own_will": "false"})
    assert status == 200 and "第 3 问" in text and 'name="paid_months" value="126"' in text
    assert '<input type="hidden" name="by_own_will" value="false">' in text
    status, text = page(account, "/me/guides/unemployment", {"date": "昨天"})
    assert status == 422 and "不是日期" in text and "第 1 问" in text
    assert "第 2 问" in page(account, "/me/guides/unemployment", {**JOBLESS, "back": "by_own_will"})[1]


def test_the_unemployed_learn_whether_how_long_and_how_much():
    _, account = a_resident()
    status, text = page(account, "/me/guides/unemployment", JOBLESS)
    months = evaluate(policy("unemployment_months"), {"date": "2026-11-01", "paid_months": 30}, on=TODAY, place=PLACE)
    amount = evaluate(
        policy("unemployment_amount"), {"date": "2026-11-01", "months": months.outputs["months"]}, on=TODAY, place=PLACE
    )
    assert status == 200 and f"<dd>{months.outputs['months']}个月</dd>" in text
    assert f">{float(amount.outputs['amount']):,.2f}元</dd>" in text and f">{float(amount.outputs['total']):,.2f}元</dd>" in text
    assert f"{amount.version[:12]}" in text
    text = page(account, "/me/guides/unemployment", {**JOBLESS, "by_own_will": "true"})[1]
    assert "条件没有都达到" in text and "是本人提出离职的" in text


def test_the_injured_learn_who_pays_and_what():
    _, account = a_resident()
    status, text = page(account, "/me/guides/injury", INJURED)
    law = evaluate(policy("injury_benefit"), {"grade": 4, "own_wage": "6000", "stays": True}, on=TODAY, place=PLACE)
    assert status == 200 and f"{float(law.outputs['disability_grant']):,.2f}元" in text
    assert f"{float(law.outputs['monthly_allowance']):,.2f}元" in text and "护理费" not in text
    dead = {**INJURED, "outcome": "dead", "survivors": "配偶、子女", "death_year": "2026"}
    text = page(account, "/me/guides/injury", dead)[1]
    law = evaluate(
        policy("injury_death"), {"own_wage": "6000", "survivors": ["spouse", "child"], "death_year": 2026}, on=TODAY, place=PLACE
    )
    assert f"{float(law.outputs['death_grant']):,.2f}元" in text and f"{float(law.outputs['survivors_total']):,.2f}元" in text
    assert "住了几天医院" not in text
    text = page(account, "/me/guides/injury", {**INJURED, "work_caused": "false"})[1]
    assert "条件没有都达到" in text


@pytest.mark.parametrize(("guide", "answers"), [("unemployment", JOBLESS), ("injury", INJURED)])
def test_a_guided_calculation_on_paper_can_be_reckoned_again_by_anybody(worker, guide, answers, monkeypatch):  # noqa: F811
    _, account = worker
    addresses: list[str] = []
    drawn = rights.typeset
    monkeypatch.setattr(rights, "typeset", lambda *paper, codes: addresses.extend(codes.values()) or drawn(*paper, codes=codes))
    paper = signed_in(account).get(f"/me/guides/{guide}/paper.pdf", answers)
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF-") and len(paper.content) > 5000
    assert addresses
    for address in addresses:
        code = address.split("?c=")[1]
        page = Client().get("/open/estimate", {"c": code}).content.decode()
        assert "对得上" in page and account.name not in page, page
        assert "不是本平台开具" in Client().get("/open/estimate", {"c": code[:-2] + "xx"}).content.decode()
    unfinished = dict(list(answers.items())[:1])
    assert signed_in(account).get(f"/me/guides/{guide}/paper.pdf", unfinished).status_code == 302
