"""Why not me: every right of unemployment, injury and subsidies says what one has, what is needed, and when."""

import datetime

import pytest

from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.registry import policy

TODAY = datetime.date(2026, 11, 24)
PLACE = "330802"
JOBLESS = {
    "paid_months": 9, "by_own_will": False, "registered": True, "re_employed": False, "drawing_pension": False,
    "enlisted": False, "emigrated": False, "imprisoned": False, "refused_offers": False,
}
RIGHTS = (
    "unemployment_right", "unemployment_months", "unemployment_amount", "injury_right", "injury_care", "injury_hospital",
    "injury_uninsured", "injury_survivors", "gig_injury_cover", "single_injury_cover", "job_stability_return",
    "skill_subsidy", "price_subsidy", "resident_contribution", "nonpayment_fine", "minimum_wage",
)


@pytest.mark.parametrize("name", RIGHTS)
def test_every_condition_is_a_plain_sentence_and_a_next_step(name: str) -> None:
    conditions = [rule for rule in policy(name).rules if rule.is_condition]
    assert conditions
    for rule in conditions:
        assert len(rule.unmet) >= 8 and len(rule.then) >= 8 and rule.article
        assert not rule.unmet.endswith("。") and not any("a" <= letter.lower() <= "z" for letter in rule.unmet)


@pytest.mark.parametrize(("name", "inputs", "have", "need", "when"), [
    ("unemployment_right", JOBLESS, "9个月", "12个月", "2027-02"),
    ("unemployment_right", {**JOBLESS, "paid_months": 36, "registered": False}, "否", "应为是", ""),
    ("skill_subsidy", {"paid_months": 3}, "3个月", "12个月", "2027-08"),
    ("job_stability_return", {
        "size": "small", "premiums": "36000", "paid_months": 24, "headcount": 200, "laid_off": 12,
    }, "6%", "5.5%", ""),
    ("single_injury_cover", {"person_class": "intern", "age_years": 15, "labour_relation": False}, "15", "16", "2027-11"),
    ("injury_uninsured", {"grade": 6}, "6", "4", ""),
    ("minimum_wage", {"paid_month": "2000"}, "2,000.00元", "2,180.00元", ""),
    ("injury_right", {"injured": "2026-09-01", "applied": "2026-10-02", "applicant": "employer"}, "10月02日", "10月01日", ""),
])
def test_what_one_has_what_is_needed_and_when(name: str, inputs: dict, have: str, need: str, when: str) -> None:
    unmet = evaluate(policy(name), inputs, on=TODAY, place=PLACE).unmet
    assert len(unmet) == 1
    told = unmet[0].as_json()
    assert have in told["have"] and need in told["need"] and told["when"] == when


def test_the_month_named_is_the_first_in_which_the_right_is_there() -> None:
    named = evaluate(policy("unemployment_right"), JOBLESS, on=TODAY, place=PLACE).unmet[0]
    months = named.when - (TODAY.year * 12 + TODAY.month - 1)
    for waited, entitled in ((months - 1, False), (months, True)):
        inputs = {**JOBLESS, "paid_months": JOBLESS["paid_months"] + waited}
        assert evaluate(policy("unemployment_right"), inputs, on=TODAY, place=PLACE).outputs["entitled"] is entitled
