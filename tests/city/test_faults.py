"""What was planted can be found from the columns alone, and what only looks like a fault is there to mislead."""

import polars as pl
import pytest

from renshe.city.faults import answers, kinds, score
from renshe.kernel.frames import reading

PENSIONS = "pensions"


def dead_paid() -> pl.LazyFrame:
    both = reading.scan(PENSIONS).join(reading.scan("persons").select("person", "died_month"), on="person")
    return both.filter(pl.col("paid_until") > pl.col("died_month")).select("person")


def jailed_paid() -> pl.LazyFrame:
    both = reading.scan(PENSIONS).join(reading.scan("custody"), on="person", suffix="_custody")
    return both.filter(pl.col("paid_until") >= pl.col("since_custody"), pl.col("suspended_from").is_null()).select("person")


def double_insured() -> pl.LazyFrame:
    running = reading.scan("spells").filter(pl.col("until").is_null(), pl.col("pension"), pl.col("employer").is_not_null())
    return running.group_by("person").agg(pl.col("employer").n_unique()).filter(pl.col("employer") > 1).select("person")


def shared_account() -> pl.LazyFrame:
    both = reading.scan(PENSIONS).join(reading.scan("persons").select("person", "household"), on="person")
    shared = both.group_by("account").agg(pl.col("household").n_unique(), pl.col("person"))
    return shared.filter(pl.col("household") > 1).explode("person").select("person")


def bent_birthday() -> pl.LazyFrame:
    both = reading.scan(PENSIONS).join(reading.scan("persons").select("person", "birth_month"), on="person")
    return both.filter(pl.col("birth_month") - pl.col("filed_birth_month") > 1).select("person")


def unpaid_site() -> pl.LazyFrame:
    last = reading.scan("attendance").select(pl.col("month").max()).collect().item()
    # A month is paid in the next one or the one after: only older months count.
    old = reading.scan("attendance").filter(pl.col("month") <= last - 2, pl.col("due") > 0, pl.col("paid") == 0)
    return old.select("site").unique()


def ghost_worker() -> pl.LazyFrame:
    days = reading.scan("attendance").group_by("person").agg(pl.col("gate_days").sum(), pl.col("claimed_days").sum())
    return days.filter(pl.col("gate_days") == 0, pl.col("claimed_days") > 0).select("person")


def no_contract() -> pl.LazyFrame:
    running = reading.scan("spells").filter(pl.col("until").is_null(), pl.col("contract").is_not_null(), pl.col("pension"))
    staff = running.group_by("employer").agg(pl.col("contract").any(), pl.len())
    return staff.filter(~pl.col("contract")).select("employer")


DETECTORS = (dead_paid, jailed_paid, double_insured, shared_account, bent_birthday, unpaid_site, ghost_worker, no_contract)


def test_there_is_a_detector_for_every_kind(built, settings):
    assert [one.__name__ for one in DETECTORS] == list(kinds(settings.CITY))
    assert set(answers()["kind"]) == set(kinds(settings.CITY))


@pytest.mark.parametrize("detect", DETECTORS, ids=lambda one: one.__name__)
def test_the_planted_are_found_among_the_innocent(built, detect):
    found = detect().collect().to_series().to_list()
    scored = score(detect.__name__, found)
    if detect is no_contract:
        # Employers without staff lack nothing yet, and of small ones some lack contracts by chance.
        staffed = set(reading.whole("employers").filter(pl.col("employees") > 0)["employer"])
        assert set(answers("no_contract")["number"]) & staffed <= set(found)
        return
    assert scored.planted > 0 and scored.recall == 1, scored
    assert scored.precision == 1, (scored, set(found) - set(answers(detect.__name__)["number"]))


def test_rates_are_as_stated(built):
    pensions = reading.whole(PENSIONS)
    dead = reading.whole("persons").filter(pl.col("died_month").is_not_null())["person"]
    pool = pensions.filter(pl.col("person").is_in(dead.implode())).height
    assert answers("dead_paid").height == pytest.approx(pool * 0.02, rel=0.35)
    retired = pensions.filter(pl.col("scheme") == "employee").height
    assert answers("bent_birthday").height == pytest.approx(retired * 0.003, rel=0.35)


def test_innocent_look_alikes_are_there(built):
    pensions = reading.whole(PENSIONS)
    assert pensions["account"].n_unique() < pensions.height - answers("shared_account").height, "couples who share an account"
    lunar = reading.scan(PENSIONS).join(reading.scan("persons"), on="person").filter(
        pl.col("birth_month") - pl.col("filed_birth_month") == 1).collect()
    assert lunar.height > 0
    assert reading.whole("spells").filter(~pl.col("pension")).height > 0, "lawful second jobs"
    assert reading.scan("attendance").filter(pl.col("gate_days") < pl.col("claimed_days"), pl.col("gate_days") > 0).collect().height > 0
