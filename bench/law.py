"""`python -m bench.law`: one exact pension from a history of 144 months, beside openfisca-core on the same figures."""

import datetime
import json
import os
import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from bench import fisca  # noqa: E402
from renshe.kernel.policy.engine.account import explained, lines, rates  # noqa: E402
from renshe.kernel.policy.engine.compile import compiled  # noqa: E402
from renshe.kernel.policy.engine.evaluate import evaluate  # noqa: E402
from renshe.kernel.policy.engine.explain import explain  # noqa: E402
from renshe.kernel.policy.engine.units import Fen, Month  # noqa: E402
from renshe.kernel.policy.registry import policy  # noqa: E402

ON, PLACE = datetime.date(2025, 12, 31), "330802"
MONTHS = 144
RATE = Fraction(6, 100)  # the rates of 2014 and 2015 are not known, so both sides take one assumed rate for all years
PAYOUT = Fraction(139)
GIVEN = (("account_interest_rate", RATE),)
NONE = Fraction(0)

INDEX = policy("contribution_index").law(ON, PLACE)
ACCOUNT = policy("account_interest").law(ON, PLACE, (), GIVEN)
PENSION = policy("employee_pension").law(ON, PLACE)
KNOWN = frozenset({"avg_index", "months", "account_balance", "payout_months", "index_to_1997", "years_to_1997"})
of_index = compiled(INDEX, frozenset({"rows", "deemed_months", "deemed_index"})).run
of_pension = compiled(PENSION, KNOWN).run
of_account = rates(ACCOUNT)


def judged(rows: list[tuple[int, int]]) -> tuple[dict[str, Any], list[Any], dict[str, Any], dict[str, Any]]:
    """Index, account and pension of one person, every value kept: index results, account lines, pension facts, results."""
    index = of_index(rows=rows, deemed_months=0, deemed_index=NONE)
    account = lines(of_account, rows, fisca.LAST)
    facts = {
        "avg_index": index["avg_index"], "months": index["paid_months"], "account_balance": account[-1].closing,
        "payout_months": PAYOUT, "index_to_1997": NONE, "years_to_1997": NONE,
    }
    return index, account, facts, of_pension(**facts)


def told(rows: list[tuple[int, int]]) -> int:
    """The same with every step in words; how many steps there are."""
    index, account, facts, results = judged(rows)
    given = {"rows": rows, "deemed_months": 0, "deemed_index": NONE}
    steps = [*explain(INDEX, given, index), *explained(ACCOUNT, account), *explain(PENSION, facts, results)]
    return len(steps)


def the_law() -> dict[str, dict[str, float]]:
    """The figures of our policies as OpenFisca takes them."""
    def value(name: str) -> dict[str, float]:
        found = PENSION.values[name]
        return {"2000-01-01": float(Fraction(found.value) / (100 if isinstance(found.value, int) else 1))}

    wages = {day.isoformat(): one.value / 100 for day, one in INDEX.timelines["reference_wage"] if one}
    return {
        "average_wage": wages, "share": {"2000-01-01": float(ACCOUNT.values["account_share"].value)},
        "rate": {"2000-01-01": float(RATE)}, "weight": {"2000-01-01": float(ACCOUNT.values["in_year_weight"].value)},
        "base": value("pension_base"), "rate_per_year": value("rate_per_year"), "payout_months": {"2000-01-01": float(PAYOUT)},
        "adjustment_start": value("adjustment_start"), "adjustment_factor": value("adjustment_factor"),
        "subsidy": value("pension_subsidy"),
    }


def histories(persons: int) -> Any:
    """Monthly bases in fen, rising by the year, some months at the floor."""
    chance = np.random.default_rng(7)
    start = chance.integers(300_000, 900_000, (persons, 1))
    rise = 1 + chance.integers(0, 90, (persons, MONTHS // 12)).cumsum(axis=1) / 1000
    return np.repeat((start * rise).astype(np.int64), 12, axis=1)


def rows_of(bases: Any) -> list[tuple[int, int]]:
    return [(fisca.FIRST * 12 + month, int(base)) for month, base in enumerate(bases)]


def cross_check(persons: int) -> dict[str, float]:
    """Our pensions beside OpenFisca's, which reckons in binary floats of 32 bits: sums, and the largest difference."""
    bases = histories(persons)
    theirs = fisca.simulation(fisca.country(the_law()), (bases / 100).astype(np.float32)).calculate("pension", str(fisca.LAST))
    ours = np.array([judged(rows_of(one))[3]["total"] for one in bases]) / 100
    apart = np.abs(ours - theirs)
    return {
        "persons": persons, "ours_sum_yuan": round(float(ours.sum()), 2), "theirs_sum_yuan": round(float(theirs.sum()), 2),
        "sums_apart": float(f"{abs(ours.sum() - theirs.sum()) / ours.sum():.1e}"), "largest_apart_yuan": round(float(apart.max()), 2),
    }


def from_text(rows: list[tuple[int, int]]) -> Callable[[], object]:
    """The same from the text of a request to the text of an answer, through the public evaluation."""
    asked = {
        "rows": [{"month": Month.write(month), "base": Fen.write(base)} for month, base in rows],
    }

    def work() -> object:
        index = evaluate(policy("contribution_index"), asked, on=ON, place=PLACE)
        held = lines(of_account, index.inputs["rows"], fisca.LAST)[-1].closing
        return evaluate(policy("employee_pension"), {
            "avg_index": index.outputs["avg_index"], "months": index.outputs["paid_months"],
            "account_balance": Fen.write(held or 0), "payout_months": "139",
        }, on=ON, place=PLACE).outputs

    return work


def timed(work: Callable[[], object], number: int, rounds: int = 9) -> tuple[float, float]:
    """The median and the best of rounds, in microseconds of CPU a call."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(number):
            work()
        found.append((time.process_time() - start) / number * 1e6)
    return statistics.median(found), min(found)


def bench_law(persons: int = 2000) -> dict[str, Any]:
    """One pension from 144 months, exact; the same told in steps; OpenFisca beside it; whether the sums agree."""
    rows, made, bases = rows_of(histories(1)[0]), fisca.country(the_law()), (histories(1) / 100).astype(np.float32)
    told(rows)
    ours, ours_best = timed(lambda: judged(rows), 200)
    steps, steps_best = timed(lambda: told(rows), 50)
    text, _ = timed(from_text(rows), 20)
    theirs, theirs_best = timed(lambda: fisca.simulation(made, bases).calculate("pension", str(fisca.LAST)), 3)
    return {
        "months": MONTHS, "exact_us": round(ours, 1), "exact_best_us": round(ours_best, 1),
        "with_explanation_us": round(steps, 1), "with_explanation_best_us": round(steps_best, 1), "steps": told(rows),
        "from_text_to_text_us": round(text, 1), "openfisca_us": round(theirs), "openfisca_best_us": round(theirs_best), "times_faster": round(theirs / ours),
        "cross_check": cross_check(persons),
    }


if __name__ == "__main__":
    print(json.dumps(bench_law(), indent=1))
