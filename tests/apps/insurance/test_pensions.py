"""Pensions against an independent reckoning in plain fractions, and the public names that others rely on."""

import datetime
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renshe.kernel.policy.engine.evaluate import Evaluation, evaluate
from renshe.kernel.policy.registry import policies, policy

TODAY = datetime.date(2026, 11, 24)
QUZHOU = "330800"
CONTRACT = {  # what the open contract promises of each policy
    "retirement_age": ("group birth", "statutory_age retire_month delay_months"),
    "retirement_range": ("group birth", "earliest earliest_age statutory latest latest_age"),
    "retirement_min_years": (
        "year group birth paid_months", "min_months statutory_age retire_month eligible short_months"
    ),
    "payout_months": ("retire_age", "payout_months"),
    "employee_pension": (
        "base avg_index years months account_balance payout_months retire_age index_to_1997 years_to_1997",
        "basic account transitional adjustment subsidy total",
    ),
    "resident_pension": ("basic_standard account_balance length_pension years", "account total"),
    "survivor_benefit": ("annual_urban_income status paid_months pension_years", "funeral grant_months grant"),
    "account_interest": ("balance years", "balance"),
    "overpaid_after_death": ("death paid_through monthly", "overpaid_months overpaid fine_min fine_max"),
    "identifier": ("kind value", "valid reason"),
    "overpaid_while_working": ("benefit_months new_job amount", "overlap_months overpaid"),
}
ENTITLEMENTS = {  # benefits whose conditions answer "why not me"
    "employee_pension", "resident_pension", "resident_contribution", "survivor_benefit", "invalidity",
    "occupational_annuity", "enterprise_annuity", "personal_pension", "land_expropriated", "pension_adjustment",
    "civil_service_pension", "benefit_certification", "resident_death", "lowest_pension",
}


def judge(name: str, inputs: dict, on: datetime.date = TODAY) -> Evaluation:
    return evaluate(policy(name), inputs, on=on, place=QUZHOU)


def half_up(value: Fraction, places: int = 2) -> Fraction:
    return Fraction(floor(value * 10**places + Fraction(1, 2)), 10**places)


@pytest.mark.parametrize("name", CONTRACT)
def test_public_names_are_those_of_the_contract(name: str) -> None:
    inputs, outputs = CONTRACT[name]
    one = policies()[name]
    assert set(inputs.split()) <= set(one.inputs) | set(one.parameters)
    assert set(outputs.split()) <= {one.called(output) for output in one.outputs}


@pytest.mark.parametrize("name", sorted(ENTITLEMENTS))
def test_every_benefit_says_why_not_and_what_to_do(name: str) -> None:
    conditions = [one for one in policy(name).rules if one.is_condition]
    assert conditions and all(one.unmet and one.then and one.article for one in conditions)


def months_later(birth: int, group: str) -> int:
    """The months of delay, counted one birth month at a time."""
    start, step, most = {"male": (1965, 4, 36), "female55": (1970, 4, 36), "female50": (1975, 2, 60)}[group]
    delay = 0
    for counted, _ in enumerate(range(start * 12, birth + 1)):
        if counted % step == 0:
            delay = min(delay + 1, most)
    return delay


@pytest.mark.parametrize(("group", "age"), [("male", 60), ("female55", 55), ("female50", 50)])
def test_retirement_month_of_everyone_born_in_thirty_years(group: str, age: int) -> None:
    for birth in range(1960 * 12, 1990 * 12):
        found = judge("retirement_range", {"group": group, "birth": f"{birth // 12}-{birth % 12 + 1:02d}"}).results
        retire = birth + age * 12 + months_later(birth, group)
        assert found["statutory"] == retire
        assert found["earliest"] == max(birth + age * 12, retire - 36) and found["latest"] == retire + 36


def test_payout_months_fall_with_every_month_of_age() -> None:
    found = [
        Fraction(judge("payout_months", {"retire_age": f"{age // 12}y{age % 12}m"}).outputs["payout_months"])
        for age in range(480, 841)
    ]
    assert all(later < earlier for earlier, later in pairwise(found))
    assert all(found[age - 480] == whole for age, whole in ((480, 233), (564, 208), (720, 139), (840, 56)))


index = st.integers(0, 30000).map(lambda number: Fraction(number, 10000))
yuan = st.integers(0, 10**8).map(lambda fen: Fraction(fen, 100))


def text(value: Fraction, places: int = 4) -> str:
    return f"{floor(value * 10**places) // 10**places}.{floor(value * 10**places) % 10**places:0{places}d}"


@settings(max_examples=150, deadline=None)
@given(st.integers(100, 2000000), index, st.integers(1, 600), yuan, st.integers(480, 840), index, st.integers(0, 300))
def test_employee_pension_equals_a_plain_reckoning(
    base_fen: int, avg: Fraction, months: int, balance: Fraction, age: int, early_index: Fraction, early_months: int
) -> None:
    table = {  # the annex, and the straight line between two birthdays
        40: 233, 41: 230, 42: 226, 43: 223, 44: 220, 45: 216, 46: 212, 47: 208, 48: 204, 49: 199, 50: 195, 51: 190,
        52: 185, 53: 180, 54: 175, 55: 170, 56: 164, 57: 158, 58: 152, 59: 145, 60: 139, 61: 132, 62: 125, 63: 117,
        64: 109, 65: 101, 66: 93, 67: 84, 68: 75, 69: 65, 70: 56, 71: 0,
    }
    base = Fraction(base_fen, 100)
    early_years = half_up(Fraction(early_months, 12))
    whole, over = divmod(age, 12)
    divisor = half_up(table[whole] - Fraction((table[whole] - table[whole + 1]) * over, 12), 1)
    years = half_up(Fraction(months, 12))
    basic = half_up(base * (1 + avg) / 2 * years / 100)
    account = half_up(balance / divisor)
    transitional = half_up(base * early_index * early_years * 14 / 1000)
    adjustment = half_up(480 + 3 * avg * years)
    total = Fraction(ceil((basic + account + transitional + adjustment + 150) * 10), 10)
    found = judge("employee_pension", {
        "base": text(base, 2), "avg_index": text(avg), "months": months, "account_balance": text(balance, 2),
        "retire_age": f"{whole}y{over}m", "index_to_1997": text(early_index), "years_to_1997": text(early_years, 2),
    }).outputs
    reckoned = {"basic": basic, "account": account, "transitional": transitional, "adjustment": adjustment,
                "total": total, "payout_months": divisor, "years": years}
    assert {name: Fraction(found[name]) for name in reckoned} == reckoned


RATES = {2016: 831, 2017: 712, 2018: 829, 2019: 761, 2020: 604, 2021: 669, 2022: 612, 2023: 397, 2024: 262, 2025: 150}


@settings(max_examples=80, deadline=None)
@given(yuan, st.integers(2016, 2025), st.integers(0, 10))
def test_account_interest_equals_a_plain_reckoning(balance: Fraction, first: int, count: int) -> None:
    years = [year for year in range(first, first + count) if year <= 2025]
    held = balance
    for year in years:
        held = half_up(held * (1 + Fraction(RATES[year], 10000)))
    found = judge("account_interest", {"balance": text(balance, 2), "years": years}).outputs
    assert Fraction(found["balance"]) == held and Fraction(found["interest"]) == held - balance


@settings(max_examples=60, deadline=None)
@given(
    yuan, st.integers(2016, 2024),
    st.dictionaries(st.integers(2016 * 12, 2025 * 12 + 11), st.integers(100000, 3000000), max_size=30),
)
def test_an_account_rolled_forward_from_months_equals_a_plain_reckoning(
    balance: Fraction, first: int, paid: dict[int, int]
) -> None:
    held, credited = balance, Fraction(0)
    for year in range(first, 2026):
        rate = Fraction(RATES[year], 10000)
        this = sum((half_up(Fraction(paid[month] * 8, 10000)) for month in paid if month // 12 == year), Fraction(0))
        held = half_up(held * (1 + rate)) + this + half_up(this * rate * Fraction(5415, 10000))
        credited += this
    rows = [{"month": f"{month // 12}-{month % 12 + 1:02d}", "base": text(Fraction(paid[month], 100), 2)} for month in paid]
    found = judge("account_interest", {"balance": text(balance, 2), "years": list(range(first, 2026)), "rows": rows}).outputs
    assert Fraction(found["balance"]) == held and Fraction(found["credited"]) == credited
    assert found["rows_inside"] is all(month // 12 >= first for month in paid)


WAGES = {2020: "6594.42", 2021: "7436.67", 2022: "8020", 2023: "8310", 2024: "8433"}


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.integers(2021 * 12, 2025 * 12 + 11), st.integers(100000, 3000000), min_size=1, max_size=24))
def test_average_index_equals_a_plain_reckoning(paid: dict[int, int]) -> None:
    months = sorted(paid)
    each = [min(Fraction(paid[month], 100) / Fraction(WAGES[month // 12 - 1]), Fraction(3)) for month in months]
    rows = [
        {"month": f"{month // 12}-{month % 12 + 1:02d}", "base": text(Fraction(paid[month], 100), 2)} for month in months
    ]
    found = judge("contribution_index", {"rows": rows}).outputs
    assert Fraction(found["avg_index"]) == half_up(sum(each, Fraction(0)) / len(each), 4)
    assert found["paid_months"] == len(months) and found["gap_months"] == months[-1] - months[0] + 1 - len(months)


@given(st.integers(0, 600), st.integers(0, 40))
def test_a_grant_never_falls_with_more_years_paid_nor_under_the_least(months: int, drawn: int) -> None:
    def grant(paid: int) -> int:
        return judge(
            "survivor_benefit",
            {"annual_urban_income": "78251", "status": "retired", "paid_months": paid, "pension_years": drawn},
        ).outputs["grant_months"]

    assert 9 <= grant(months) <= grant(months + 1) <= 24


@pytest.mark.parametrize(("name", "inputs", "unmet"), [
    ("employee_pension", {"group": "male", "birth": "1966-07", "months": 170}, ["eligible", "of_age"]),
    ("retirement_range", {"group": "male", "birth": "1976-09", "chosen": "2036-08"}, ["not_too_early"]),
    ("resident_pension", {"birth": "1966-12", "claim": "2026-11", "years": 14, "other_pension": True},
     ["enough_years", "no_other_pension", "of_age"]),
    ("invalidity", {"group": "male", "birth": "1964-12", "claim": "2026-12", "full_loss": False, "paid_months": 10},
     ["before_statutory_age", "eligible", "unable_to_work"]),
])
def test_why_not_me_names_every_condition_that_is_not_met(name: str, inputs: dict, unmet: list[str]) -> None:
    found = judge(name, inputs).unmet
    assert sorted(one.name for one in found) == unmet
    assert all(one.text and one.then for one in found)


@pytest.mark.parametrize(("name", "inputs", "output", "document"), [
    ("resident_pension", {"account_balance": "10000", "years": 15}, "total", "衢州市人力社保局"),
    ("resident_contribution", {"payment": "500", "back_payment": False}, "subsidy", "衢州市"),
    ("land_expropriated", {"on_list": True}, "premium", "衢州市"),
    ("pension_adjustment", {"pension": "4000", "paid_months": 360, "year": 2025}, "rise", "浙江省人力社保厅"),
    ("account_interest", {"balance": "100", "years": [2026]}, "balance", "记账利率"),
    ("survivor_benefit", {"status": "working", "paid_months": 200}, "grant", "浙江省统计局"),
])
def test_what_the_law_leaves_open_names_the_document(name: str, inputs: dict, output: str, document: str) -> None:
    found = judge(name, inputs)
    assert output not in found.outputs and document in str(found.missing[output])


def test_no_pension_base_of_2019_is_made_up() -> None:
    inputs = {"avg_index": "1", "years": "30", "account_balance": "100000", "payout_months": "139"}
    assert "basic" in judge("employee_pension", inputs, datetime.date(2019, 6, 1)).missing
    assert judge("employee_pension", inputs, datetime.date(2018, 6, 1)).outputs["base"] == "5091.58"


def test_why_not_me_says_have_need_and_when() -> None:
    found = {one.name: one for one in judge(
        "employee_pension", {"group": "male", "birth": "1966-07", "months": 170, "avg_index": "1"}
    ).unmet}
    years, age = found["eligible"], found["of_age"]
    assert years.have == "累计缴费月数：170个月" and years.need == "累计缴费月数不小于180个月"
    assert years.when_words == "每月连续缴费，到2027年09月"
    assert age.have == "申领年月：2026年11月" and age.need == "申领年月不小于2026年12月"
    assert age.when_words == "到2026年12月" and age.as_json()["when"] == "2026-12"


def test_a_year_of_age_and_a_year_paid_are_waited_for_separately() -> None:
    found = {one.name: one for one in judge(
        "resident_pension", {"birth": "1967-03", "claim": "2026-11", "years": 13, "other_pension": True}
    ).unmet}
    assert found["of_age"].when_words == "到2027年03月"
    assert found["enough_years"].when_words == "每年缴费，到2028年11月"
    assert found["no_other_pension"].when is None and found["no_other_pension"].need.endswith("应为否")


def test_a_condition_without_facts_asks_for_them() -> None:
    found = {one.name: one for one in judge("resident_pension", {"account_balance": "10000", "years": 15}).conditions}
    assert found["of_age"].holds is None and found["of_age"].asks == ("出生年月",)
    assert found["enough_years"].holds is True


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), st.integers(1960 * 12, 1995 * 12))
def test_when_is_the_first_month_at_which_the_years_are_enough(paid: int, birth: int) -> None:
    def eligible(months: int) -> dict:
        inputs = {"group": "male", "birth": f"{birth // 12}-{birth % 12 + 1:02d}", "paid_months": months}
        return {one.name: one for one in judge("retirement_min_years", inputs).conditions}["eligible"]

    found = eligible(paid)
    if not found.holds:
        later = found.when - (2026 * 12 + 10)
        assert eligible(paid + later).holds and not eligible(paid + later - 1).holds


@given(st.sampled_from(["11010519491231002X", "440524188001010014"]), st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_a_citizen_id_is_always_found(number: str, place: int, digit: str) -> None:
    changed = number[:place] + digit + number[place + 1:]
    assert judge("identifier", {"kind": "citizen_id", "value": changed}).outputs["valid"] is (changed == number)


@given(st.text(max_size=40), st.sampled_from(["citizen_id", "uscc", "org_code", "card_number", "card_identifier"]))
def test_any_text_gets_an_answer_with_a_reason(value: str, kind: str) -> None:
    found = judge("identifier", {"kind": kind, "value": value}).outputs
    assert found["reason"] and isinstance(found["valid"], bool)


def test_the_explanation_reads_part_by_part_and_ends_with_the_sum() -> None:
    found = judge("employee_pension", {
        "base": "8433", "avg_index": "1", "months": 360, "account_balance": "138000", "retire_age": "60y5m",
    })
    steps = [step.name for step in found.steps]
    assert steps[:3] == ["paid_months", "years", "basic"] and steps.index("payout_months") < steps.index("account")
    assert [name for name in steps if name in found.outputs][-1] == "total"
