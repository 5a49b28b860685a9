"""The key of the blind indexes changes while people are looked up, hired and killed processes leave off in between."""

import os
import subprocess
import sys

import pytest

from renshe.journeys.hire import HIRE
from renshe.kernel.access.terms import Role
from renshe.kernel.cases.terms import Channel
from renshe.kernel.common.verdict import Refused
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.privacy import keys, reindexing, rotation, sealing
from renshe.kernel.privacy.models import Resealing
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import citizen_id, persons_by_citizen_id, search_persons
from tests.factories import a_hire, a_person, acting, an_employer, an_officer, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ring(settings, tmp_path):
    """A keyring of its own."""
    settings.VAR = tmp_path
    keys.forget()
    yield tmp_path
    keys.forget()


def aged(path, seconds):
    os.utime(path, (path.stat().st_mtime - seconds,) * 2)


def settled(version):
    """Every process has read the new key, and what began before is done."""
    aged(keys._file(version, keys.INDEX), keys.SETTLE_SECONDS + keys.DEED_SECONDS + 1)
    keys.forget()


def test_both_versions_are_found_while_indexes_follow(ring, monkeypatch):
    monkeypatch.setattr(rotation, "CHUNK", 2)
    people = {citizen_id(one): one.pk for one in (a_person() for _ in range(5))}
    assert reindexing.begin(by=1) == 2
    aged(keys._file(2, keys.INDEX), -3600)  # a slow machine is not to overtake it
    assert keys.leading(keys.INDEX) == 1, "not every process has read it yet"
    assert rotation.advance() is None
    early = a_person()
    assert "." not in early.citizen_id_index
    aged(keys._file(2, keys.INDEX), 3600)
    settled(2)
    assert keys.leading(keys.INDEX) == 2
    late = a_person()
    assert late.citizen_id_index.startswith("2.") and len(late.citizen_id_index) == 64
    people |= {citizen_id(one): one.pk for one in (early, late)}
    steps = 0
    while job := rotation.advance():
        steps += 1
        assert {number: one.pk for number, one in persons_by_citizen_id(people).items()} == people
        officer = acting(an_officer(Role.CLERK))
        assert all(search_persons(number, officer).get().pk == pk for number, pk in people.items())
    assert steps == 4 and Resealing.objects.get().done == 5 and job is None
    assert reindexing.held(1) == 0 and reindexing.held(2) == 7
    assert all(one.citizen_id_index == sealing.blind("person.citizen_id", citizen_id(one)) for one in Person.objects.all())
    assert Leaf.objects.filter(kind="privacy.index_key").count() == 1


def test_a_hire_in_between_meets_the_person_who_is_there(ring):
    organisation, hr = an_employer()
    known = a_person(name="张小明")
    reindexing.begin(by=1)
    settled(2)
    declaration, _ = HIRE.declaration.parse(a_hire(citizen_id=citizen_id(known)))
    HIRE.settle([(None, declaration)], organisation=organisation, actor=acting(hr), channel=Channel.FORM)
    assert Person.objects.count() == 1


def test_an_old_key_goes_when_nothing_needs_it(ring):
    a_person()
    for version in (2, 3):
        assert reindexing.begin(by=1) == version
        settled(version)
        if version == 2:
            with pytest.raises(Refused, match="正在使用"):
                reindexing.retire(2, by=1)
        while rotation.advance():
            pass
    aged(keys._file(3, keys.INDEX), -keys.DEED_SECONDS)
    with pytest.raises(Refused, match="正在办的事还可能由第2版生成索引"):
        reindexing.retire(2, by=1)
    settled(3)
    straggler = a_person()
    second = sealing._blind(2, "person.citizen_id", citizen_id(straggler).encode())
    Person.objects.filter(pk=straggler.pk).update(citizen_id_index=second)
    with pytest.raises(Refused, match="还有1个索引"):
        reindexing.retire(2, by=1)
    while rotation.advance():
        pass
    reindexing.retire(2, by=1)
    assert set(keys.ring(keys.INDEX)) == {1, 3} and not keys._file(2, keys.INDEX).exists()
    assert persons_by_citizen_id([citizen_id(straggler)])
    assert Leaf.objects.filter(kind="privacy.index_key_destroyed").count() == 1


def test_two_files_of_one_person_are_named_not_lost(ring):
    person = a_person()
    number = citizen_id(person)
    reindexing.begin(by=1)
    settled(2)
    a_person(number=number)  # written at the very moment of the change
    while rotation.advance():
        pass
    assert reindexing.held(1) == 1 and str(person.pk) in Leaf.objects.get(kind="privacy.index_twice").record
    with pytest.raises(Refused, match="还有1个索引"):
        reindexing.retire(1, by=1)


def test_it_goes_on_after_a_kill(ring, settings):
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        address = settings.DATABASES["default"]
        database = f"postgres://{address['USER']}:{address['PASSWORD']}@{address['HOST'].replace('/', '%2F')}:{address['PORT']}/{address['NAME']}"
    else:
        database = f"sqlite:///{settings.DATABASES['default']['TEST']['NAME']}"
    people = {citizen_id(one) for one in (a_person() for _ in range(30))}
    reindexing.begin(by=1)
    settled(2)
    code = (
        "import os,signal,django; django.setup()\n"
        "from renshe.kernel.privacy import reindexing, rotation\n"
        "rotation.CHUNK=7\n"
        "print(rotation.advance().done, flush=True)\n"
        "keep, seen = reindexing._index, []\n"
        "def dies(*one):\n"
        "    seen.append(1)\n"
        "    if len(seen)==4: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return keep(*one)\n"
        "reindexing._index=dies\n"
        "rotation.advance()\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "renshe.config.settings", "RENSHE_VAR": str(ring), "DATABASE_URL": database},
    )
    assert killed.returncode == -9 and killed.stdout.strip() == "7", killed.stderr
    assert Resealing.objects.get().done == 7 and reindexing.held(2) == 7
    assert set(persons_by_citizen_id(people)) == people, "both halves are found"
    while rotation.advance():
        pass
    assert reindexing.held(1) == 0 and set(persons_by_citizen_id(people)) == people


def test_the_operator_does_it_on_a_page(ring):
    operator = signed_in(an_officer(Role.OPERATOR))
    a_person()
    assert operator.post("/desk/keys", {"deed": "begin_index"}).status_code == 302
    aged(keys._file(2, keys.INDEX), -3600)
    assert "秒后启用" in operator.get("/desk/keys").content.decode()
    aged(keys._file(2, keys.INDEX), 3600)
    settled(2)
    while rotation.advance():
        pass
    page = operator.get("/desk/keys").content.decode()
    assert "person.citizen_id_index" in page and "1 / 1" in page
    refused = operator.post("/desk/keys", {"deed": "retire_index", "version": "2"})
    assert refused.status_code == 422 and "正在使用" in refused.content.decode()
