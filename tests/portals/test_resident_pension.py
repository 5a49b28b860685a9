"""A resident's months and pension: what the pages say is what the policies say."""

import datetime
import io
import re
from fractions import Fraction
from itertools import pairwise

import openpyxl
import pytest
from django.test import Client

from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment
from renshe.apps.insurance.queries import months_of_person
from renshe.apps.insurance.terms import HireKind, Scheme
from renshe.kernel.cases.models import Case
from renshe.kernel.common.identifiers import birth_on
from renshe.kernel.common.money import yuan_label
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.units import Fen
from renshe.kernel.policy.registry import policy
from renshe.portals import estimates
from renshe.portals.resident import facts, history, wishes
from renshe.portals.resident.pension import Prospect, grown
from tests.factories import a_person, a_resident, an_employer, an_id, signed_in

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 24)
PLACE = "330800"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *given: TODAY)


def a_spell(person, organisation, case, since: str, until: str | None, base_fen: int, schemes=(Scheme.PENSION, Scheme.UNEMPLOYMENT)):
    """An enrolment as the register keeps it."""
    first, last = datetime.date.fromisoformat(since), until and datetime.date.fromisoformat(until)
    spell = Enrolment.objects.create(
        person=person, organisation=organisation, kind=HireKind.EMPLOYEE, hired_on=first, since=first, until=last, case=case
    )
    for scheme in schemes:
        Coverage.objects.create(enrolment=spell, person=person, scheme=scheme, since=first, until=last)
    BasePeriod.objects.create(
        enrolment=spell, valid_from=first, valid_until=last, wage_fen=base_fen, base_fen=base_fen, case=case
    )
    return spell


@pytest.fixture
def worker():
    """Somebody of fifty-one who was out of work for five months in 2020."""
    organisation, hr = an_employer()
    person = a_person(number=an_id(born="1975-03-10"))
    case = Case.objects.create(
        number="330802-160101-0000000001", kind="hire", organisation=organisation, person=person, division="330802",
        declared=b"", findings=[], state="decided", channel="form", applicant=hr,
        opened_at=datetime.datetime(2016, 1, 1, tzinfo=datetime.UTC),
    )
    a_spell(person, organisation, case, "2016-01-01", "2020-03-15", 450000)
    a_spell(person, organisation, case, "2020-09-01", None, 700000)
    return a_resident(person)


def page(account, path: str) -> tuple[int, str]:
    response = signed_in(account).get(path)
    return response.status_code, re.sub(r"\s+", " ", response.content.decode())


def test_the_months_of_two_spells_and_the_gap_between(worker):
    person, account = worker
    months = months_of_person(person.pk, Scheme.PENSION, TODAY)
    assert (months[0].month, months[-1].month) == (2016 * 12, 2026 * 12 + 10)
    rows = [{"month": f"{one.month // 12}-{one.month % 12 + 1:02d}", "base": one.base_fen // 100} for one in months]
    law = evaluate(policy("contribution_index"), {"rows": rows}, on=TODAY, place=PLACE)
    assert law.outputs["gap_months"] == 5 == sum(one.months for one in history.breaks(months, 2026 * 12 + 10))
    assert law.outputs["paid_months"] == len(months)
    status, text = page(account, "/me/contributions")
    assert status == 200 and "2020年4月至2020年8月，5个月没有缴费记录" in text and "10年" in text
    assert text.count('<td class="gap"') == 5 and text.count('<td class="paid"') == len(months)


def test_a_spell_that_ended_is_a_gap_that_goes_on(worker):
    person, _ = worker
    Coverage.objects.filter(person=person, until=None).update(until=datetime.date(2026, 6, 1))
    months = months_of_person(person.pk, Scheme.PENSION, TODAY)
    assert history.breaks(months, 2026 * 12 + 10)[0].words == "2026年6月至2026年10月，5个月没有缴费记录，到现在还没有接上"


def test_the_list_is_filtered_by_year_and_exported(worker):
    _, account = worker
    answer = signed_in(account).post("/exports", {"list": "resident:contributions", "query": "year=2020"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 2 + 7 and rows[2][:3] == ("2020-12", "职工基本养老保险", "7000.00")


def test_somebody_who_was_never_insured_is_told_what_to_do():
    _, account = a_resident()
    status, text = page(account, "/me/contributions")
    assert status == 200 and "还没有职工基本养老保险的记录" in text and "12333" in text


def prospect_of(person, **query: str) -> Prospect:
    life = facts.life(person, "", TODAY)
    return Prospect(life, wishes.asked(life, query).wish)


def test_the_pension_is_what_the_policy_says_of_the_assumed_figures(worker):
    person, account = worker
    chosen = 2036 * 12 + 5
    prospect = prospect_of(person, chosen=str(chosen), base="7000", years="20", growth="2", interest="2", spread="0.5")
    middle = prospect.scenarios[1]
    base = grown(843300, Fraction(2, 100), 11)
    assert middle.inputs["base"] == f"{base // 100}.{base % 100:02d}"
    assert middle.inputs["months"] == (2036 * 12 + 5 - 2016 * 12 + 1) - 5
    assert middle.pension.outputs["total"] == evaluate(
        policy("employee_pension"), middle.inputs, on=datetime.date(2036, 6, 1), place=PLACE
    ).outputs["total"]
    low, _, high = (one.total_fen for one in prospect.scenarios)
    assert low < middle.total_fen < high
    _, text = page(account, f"/me/pension?chosen={chosen}&base=7000&years=20&growth=2&interest=2&spread=0.5")
    assert f"{middle.total_fen / 100:,.2f} <small>元</small>" in text and f"{low / 100:,.2f} 到 {high / 100:,.2f} 元" in text
    assert "假设，未经核对" in text  # the interest of years to come is nobody's law
    assert f"政策版本 <span class=\"mono\">{middle.pension.version[:12]}</span>" in text


def test_the_account_of_the_years_gone_by_is_that_of_the_published_interest(worker):
    person, _ = worker
    prospect = prospect_of(person, chosen=str(2036 * 12 + 5))
    past = [row for row in prospect.months(2025 * 12 + 11, 0, Fraction(0)) if row[0] < 2026 * 12]
    rows = [{"month": f"{month // 12}-{month % 12 + 1:02d}", "base": base // 100} for month, base in past]
    law = evaluate(policy("account_interest"), {"years": list(range(2016, 2026)), "rows": rows}, on=TODAY, place=PLACE)
    assert prospect.scenarios[1].accounts[0].outputs["balance"] == law.outputs["balance"]


def test_retiring_later_brings_more_and_stopping_early_brings_less(worker):
    person, _ = worker
    spans = facts.retirement(facts.life(person, "", TODAY))
    course = prospect_of(person).growing(spans["earliest"], spans["latest"])
    assert [row[1] for row in course] == sorted(row[1] for row in course) and len(course) > 10
    chosen = str(spans["statutory"])
    paying, stopping = (prospect_of(person, chosen=chosen, years=years).scenarios[1].total_fen for years in ("12", "0"))
    assert stopping < paying


def test_what_is_no_number_is_said_and_what_is_out_of_range_is_brought_back(worker):
    person, account = worker
    status, text = page(account, "/me/pension?growth=很多")
    assert status == 422 and "工资每年增长：“很多”不是数字，应如 1.5" in text
    assert prospect_of(person, chosen="99999", base="1").wish.chosen == facts.retirement(facts.life(person, "", TODAY))["latest"]
    assert page(account, "/me/pension?growth=99")[0] == 422


def test_the_paper_carries_a_code_that_reckons_again_and_a_changed_code_is_told(worker):
    person, account = worker
    response = signed_in(account).get("/me/pension.pdf")
    assert response.status_code == 200 and response.content.startswith(b"%PDF")
    middle = prospect_of(person).scenarios[1]
    one = estimates.Estimate(
        "employee_pension", middle.pension.version[:12], "2026-11-24", f"{middle.chosen // 12}-{middle.chosen % 12 + 1:02d}-01", PLACE,
        middle.inputs, {"total": middle.pension.outputs["total"]}, "1.00", "2.00",
    )
    code = estimates.code(one)
    assert person.name not in code and "对得上" in Client().get("/open/estimate", {"c": code}).content.decode()
    forged = Client().get("/open/estimate", {"c": code[:-3] + "abc"})
    assert forged.status_code == 404 and "不是本平台开具的" in forged.content.decode()
    wrong = estimates.code(estimates.Estimate(**{**vars(one), "outputs": {"total": "9999.00"}}))
    assert "数字对不上" in Client().get("/open/estimate", {"c": wrong}).content.decode()
    older = estimates.code(estimates.Estimate(**{**vars(one), "version": "000000000000"}))
    assert "政策后来变了" in Client().get("/open/estimate", {"c": older}).content.decode()


def test_nobody_elses_pension_is_shown():
    assert Client().get("/me/pension").status_code == 302
    assert birth_on(an_id(born="1975-03-10")) == datetime.date(1975, 3, 10)


def test_the_account_is_shown_year_by_year_and_ends_where_the_pension_begins(worker):
    """Each year stands on the one before; the last holds what the pension is reckoned from; long reckonings open step by step."""
    person, account = worker
    life = facts.life(person, "", TODAY)
    prospect = Prospect(life, wishes.asked(life, {}).wish)
    reckoned = prospect.scenarios[1]
    years = prospect.yearly(reckoned)
    assert [one.year for one in years] == list(range(2016, reckoned.chosen // 12 + 1))
    assert all(one.opening + one.credited + one.interest == one.closing for one in years)
    assert all(one.closing == after.opening for one, after in pairwise(years))
    assert Fen.write(years[-1].closing) == reckoned.inputs["account_balance"] == reckoned.accounts[-1].outputs["balance"]
    _, text = page(account, "/me/pension")
    table = re.search(r"aria-label=\"个人账户逐年\".*?</table>", text)[0]
    assert table.count("<tr>") == len(years) + 1 and yuan_label(years[-1].closing) in table
    assert text.count('class="step"') >= 20
