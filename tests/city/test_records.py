"""The city in the records: whole, consistent with the law's tables and with the columns beside, and left alone once there."""

import json

import polars as pl
import pytest
from django.core.management import call_command

from renshe.apps.card.models import Card
from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment
from renshe.apps.insurance.terms import Scheme
from renshe.apps.relations.models import LabourContract
from renshe.city import demo, records
from renshe.city.identity import nobody
from renshe.city.shape import city
from renshe.kernel.access.models import Account
from renshe.kernel.cases.models import Case
from renshe.kernel.frames import reading
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger import queries
from renshe.kernel.subjects.models import Organisation, Person
from renshe.kernel.subjects.queries import citizen_id
from renshe_verify import verify
from tests.factories import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.FRAMES, settings.ANSWERS = tmp_path / "frames", tmp_path / "answers"


def test_the_city_is_put_on_record_once(capsys):
    call_command("city", "build", "--people", "400", "--seed", "4")
    assert Person.objects.count() == city(400, 4).people
    persons, employers = reading.whole("persons"), reading.whole("employers")
    assert set(persons["id"]) == set(Person.objects.values_list("pk", flat=True))
    assert set(employers["id"]) == set(Organisation.objects.values_list("pk", flat=True))
    spells = reading.whole("spells").drop_nulls("employer")
    assert Enrolment.objects.count() == spells.height
    assert Enrolment.objects.filter(until=None).count() == spells.filter(pl.col("until").is_null()).height
    injured = Coverage.objects.filter(until=None, scheme=Scheme.INJURY).values("person").distinct().count()
    assert injured == persons["employer"].drop_nulls().len()
    assert Card.objects.count() == reading.whole("cards").filter(pl.col("state") == "1").height
    assert not Person.objects.exclude(deceased_on=None).filter(pk__in=Enrolment.objects.filter(until=None).values("person")).exists()
    for one in Person.objects.order_by("?")[:20]:
        assert nobody(citizen_id(one)) and one.citizen_id_mask[:3] == "330"
    assert all(nobody(code) for code in Organisation.objects.values_list("uscc", flat=True))
    before = Case.objects.count()
    call_command("city", "build", "--people", "400", "--seed", "5")
    assert Case.objects.count() == before and "没有改动" in capsys.readouterr().out


def test_bases_run_without_gaps_and_the_last_is_open(settings):
    records.build(city(400, 4))
    ends: dict[int, object] = {}
    for base in BasePeriod.objects.order_by("enrolment_id", "valid_from"):
        assert ends.get(base.enrolment_id) in (None, base.valid_from), base
        ends[base.enrolment_id] = base.valid_until
    for enrolment in Enrolment.objects.all():
        assert ends[enrolment.pk] == enrolment.until
    running = LabourContract.objects.filter(ended_on=None)
    assert running.exists() and not running.filter(ends_on__lt="2026-01-01").exists()


def test_the_demonstration_works_for_everybody_who_signs_in():
    demo.build(city(300, 1))
    while ledger.sequence():
        pass
    case = Case.objects.filter(kind="takeover", organisation__in=Organisation.objects.all()).order_by("id").first()
    hr = Account.objects.get(username="hr")
    own = Case.objects.get(kind="takeover", organisation=hr.mandates.get().organisation)
    client = signed_in(hr)
    assert "历史数据接续" in client.get(f"/employer/cases/{own.number}").content.decode()
    assert client.get(f"/employer/cases/{case.number}").status_code == (200 if case == own else 404)
    bundle = json.loads(client.get(f"/open/receipts/{own.number}.json").content)
    assert verify(bundle, queries.trust()).case_number == own.number
    assert client.get("/employer/staff").content.decode().count("<tr>") > 3
    assert signed_in(Account.objects.get(username="clerk")).get("/desk/").content.decode().count("<tr>") > 1
    assert "已参加社会保险" in signed_in(Account.objects.get(username="resident")).get("/me/").content.decode()
    assert not Account.objects.get(username=records.TAKER).has_usable_password()
