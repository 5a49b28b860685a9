"""The public names of the policies of contributions, unemployment, work injury and wages: what integrators rely on."""

import pytest

from renshe.kernel.policy.publish import evaluated
from renshe.kernel.policy.registry import policy

PLACE = "330800"
NAMES = {
    "contribution": (
        "year place wage base",
        "base pension_person pension_unit pension_flexible unemployment_person unemployment_unit",
    ),
    "contribution_limits": ("average_wage year", "floor cap"),
    "late_fee": ("owed days", "late_fee"),
    "assessed_premium": ("last_month_premium", "assessed"),
    "injury_premium": ("payroll risk_class float_factor", "rate premium"),
    "unemployment_months": ("paid_months date place", "months statutory_cap"),
    "unemployment_carry": ("new_statutory_months unused_months", "months"),
    "unemployment_amount": ("date place min_wage share", "amount"),
    "injury_benefit": (
        "grade own_wage average_wage stays years_to_statutory",
        "own_wage_used disability_grant medical_grant employment_grant monthly_allowance payer",
    ),
    "injury_regraded": ("own_wage average_wage grades", "disability_grants medical_grant employment_grant"),
    "injury_care": ("average_wage", "full most part"),
    "injury_death": (
        "death_year average_wage national_income grade own_wage survivors", "death_grant funeral spouse",
    ),
    "injury_survivors": (
        "own_wage survivors", "spouse child parent orphan_child lonely_parent uncapped total",
    ),
    "minimum_wage": ("date tier place", "month hour"),
}
ASKED = [
    ("contribution", {"year": 2025, "place": "quzhou", "wage": "6500"}, {
        "base": "6500.00", "pension_person": "520.00", "pension_unit": "1040.00", "pension_flexible": "1300.00",
        "unemployment_person": "32.50", "unemployment_unit": "32.50",
    }),
    ("contribution", {"year": 2025, "place": "330802", "base": "5000"}, {"base": "5000.00", "pension_person": "400.00"}),
    ("contribution_limits", {"average_wage": "8433", "year": 2025}, {"cap": "25299.00"}),
    ("contribution_limits", {"average_wage": "8310", "year": 2025}, {"floor": "4986.00"}),
    ("late_fee", {"owed": "10000", "days": 30}, {"late_fee": "150.00"}),
    ("assessed_premium", {"last_month_premium": "1000.00"}, {"assessed": "1100.00"}),
    ("injury_premium", {"payroll": "100000", "risk_class": 6, "float_factor": "1.2"}, {"rate": "0.0156", "premium": "1560.00"}),
    ("unemployment_months", {"paid_months": 64, "date": "2026-03-01", "place": "zhejiang"}, {"months": 11, "statutory_cap": 18}),
    ("unemployment_months", {"paid_months": 64, "date": "2022-07-31", "place": "quzhou"}, {"months": 8, "statutory_cap": 18}),
    ("unemployment_carry", {"new_statutory_months": 18, "unused_months": 10}, {"months": 24}),
    ("unemployment_amount", {"date": "2026-03-01", "place": "quzhou"}, {"amount": "1962.00"}),
    ("unemployment_amount", {"min_wage": "2010", "share": "0.9"}, {"amount": "1809.00"}),
    ("injury_benefit", {
        "grade": 7, "own_wage": "6000", "average_wage": "8433", "stays": False, "years_to_statutory": 3,
    }, {
        "own_wage_used": "6000.00", "disability_grant": "78000.00", "medical_grant": "84330.00",
        "employment_grant": "50598.00", "monthly_allowance": "0.00", "payer": "none",
    }),
    ("injury_benefit", {"grade": 1, "own_wage": "6000", "average_wage": "8433"}, {
        "disability_grant": "162000.00", "monthly_allowance": "5400.00", "payer": "fund", "medical_grant": "0.00",
    }),
    ("injury_regraded", {"own_wage": "6000", "average_wage": "8433", "grades": [9, 7]}, {
        "disability_grants": ["54000.00", "78000.00"], "medical_grant": "84330.00", "employment_grant": "84330.00",
    }),
    ("injury_care", {"average_wage": "8433"}, {"full": "4216.50", "most": "3373.20", "part": "2529.90"}),
    ("injury_death", {"death_year": 2026, "average_wage": "8433", "national_income": "56502"}, {
        "death_grant": "1130040.00", "funeral": "50598.00",
    }),
    ("injury_death", {"grade": 1, "own_wage": "6000", "survivors": ["spouse"], "average_wage": "8433"}, {
        "death_grant": "0.00", "funeral": "50598.00", "spouse": "2400.00",
    }),
    ("injury_survivors", {"own_wage": "6000", "survivors": ["spouse", "child", "orphan_child"]}, {
        "spouse": "2400.00", "child": "1800.00", "orphan_child": "2400.00", "uncapped": "6600.00", "total": "6000.00",
    }),
    ("minimum_wage", {"date": "2025-12-31", "tier": 1}, {"month": "2490.00", "hour": "24.00"}),
    ("minimum_wage", {"date": "2026-01-01", "place": "quzhou"}, {"month": "2180.00", "hour": "21.00"}),
]


@pytest.mark.parametrize("name", NAMES)
def test_public_names_are_kept(name: str) -> None:
    inputs, outputs = (words.split() for words in NAMES[name])
    found = policy(name)
    assert {one for one in inputs if one != "place"} <= found.inputs.keys() | found.parameters.keys()
    assert set(outputs) <= set(found.outputs)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "inputs", "outputs"), ASKED)
def test_a_program_gets_the_promised_shapes(name: str, inputs: dict, outputs: dict) -> None:
    answer = evaluated({"policy": name, "on": "2026-11-24", "inputs": inputs}, place=PLACE)
    assert {key: answer["outputs"].get(key) for key in outputs} == outputs
    assert answer["steps"] and answer["version"]
