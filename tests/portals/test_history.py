"""What a resident reads of months paid before the register: the columnar city's payment records, theirs and nobody else's."""

import datetime

import polars as pl
import pytest
from django.core.management import call_command

from renshe.apps.insurance.models import Enrolment
from renshe.apps.insurance.queries import months_of_person
from renshe.apps.insurance.terms import Scheme
from renshe.kernel.frames import manifest, reading, writing
from renshe.kernel.subjects.models import Person
from tests.factories import a_resident, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def city(settings, tmp_path, monkeypatch):
    settings.FRAMES, settings.ANSWERS = tmp_path / "frames", tmp_path / "answers"
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *given: TODAY)
    call_command("city", "build", "--people", "300", "--seed", "4")
    return reading.whole("persons", ["person", "id", "died_month"]).filter(pl.col("died_month").is_null())


def paid(number: int) -> pl.DataFrame:
    return reading.whole("contributions").filter(pl.col("person") == number)


def a_payer(city, *, on_register: bool) -> tuple[int, Person]:
    """Somebody with payment records, who has (or has not) an enrolment that goes on."""
    counts = reading.whole("contributions").group_by("person").len().filter(pl.col("len") > 24)
    for number, identifier in city.join(counts, on="person").select("person", "id").sort("person").iter_rows():
        if Enrolment.objects.filter(person_id=identifier, until=None).exists() == on_register:
            return number, Person.objects.get(pk=identifier)
    raise AssertionError("nobody like that in this city")


def test_every_month_paid_is_shown_with_its_base_and_where_it_is_known_from(city):
    number, person = a_payer(city, on_register=False)
    rows = paid(number)
    months = months_of_person(person.pk, Scheme.PENSION, TODAY)
    assert {one.month for one in months} >= set(rows["month"])
    spells = Enrolment.objects.filter(person=person).exists()
    known = {one.month: one for one in months}
    for month, base in rows.select("month", "base").iter_rows():
        assert known[month].paid and (known[month].base_fen == base or spells)
    client = signed_in(a_resident(person)[1])
    page = client.get("/me/contributions").content.decode()
    last = rows["month"].max()
    assert f"{last // 12}年{last % 12 + 1:02d}月" in page and "缴费记录" in page


def test_the_register_wins_where_it_knows_a_month(city):
    number, person = a_payer(city, on_register=True)
    months = {one.month: one for one in months_of_person(person.pk, Scheme.PENSION, TODAY)}
    running = Enrolment.objects.filter(person=person, until=None).order_by("since").last()
    month = running.since.year * 12 + running.since.month - 1
    assert months[month].employer == running.organisation.name and months[month].paid
    later = TODAY.year * 12 + TODAY.month - 1
    assert months[later].employer and not months[later].paid, "this month is insured, its payment not yet on record"
    assert not any(one.month > later for one in months.values())
    assert number in city["person"]


def test_months_appended_since_are_read_too_and_other_schemes_have_none(city):
    number, person = a_payer(city, on_register=False)
    upto = manifest.manifest("contributions").upto
    before = len(months_of_person(person.pk, Scheme.PENSION, TODAY))
    writing.append_month("contributions", upto + 1, pl.DataFrame(
        {"person": [number], "month": [upto + 1], "base": [512_300]}, schema=dict(reading.whole("contributions").schema)))
    after = months_of_person(person.pk, Scheme.PENSION, TODAY)
    assert len(after) == before + 1 and (after[-1].month, after[-1].base_fen) == (upto + 1, 512_300)
    injured = months_of_person(person.pk, Scheme.INJURY, TODAY)
    assert not any(one.paid for one in injured)


def test_each_reads_their_own_months_and_a_newcomer_has_none(city):
    """Every person of the city with records reads exactly those; somebody registered since reads none."""
    months = reading.whole("contributions").group_by("person").agg(pl.col("month"))
    for number, identifier, own in city.join(months, on="person").select("person", "id", "month").head(25).iter_rows():
        found = {one.month for one in months_of_person(identifier, Scheme.PENSION, TODAY) if one.paid}
        assert found == set(own), number
    newcomer, account = a_resident()
    assert months_of_person(newcomer.pk, Scheme.PENSION, TODAY) == []
    assert "缴费记录" not in signed_in(account).get("/me/contributions").content.decode()
