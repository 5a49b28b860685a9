"""Somebody for the tests, in the language of the trade."""

import datetime
import itertools
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from renshe.city.employers import uscc
from renshe.city.people import citizen_id
from renshe.kernel.access.actor import Actor, actor_of
from renshe.kernel.access.models import Account, Post
from renshe.kernel.access.terms import Permission, Role
from renshe.kernel.subjects.actions import person_row
from renshe.kernel.subjects.models import Mandate, Mandating, Organisation, Person

PASSWORD = "correct-horse-battery"
_count = itertools.count(1)
LONG_AGO = datetime.date(2020, 1, 1)
WHOLE_CITY = Actor(0, "全市", division="330800", permissions=frozenset({Permission.COCKPIT}))  # reads every figure exactly


def an_id(*, born: str = "1990-05-01", female: bool = False) -> str:
    """A fresh citizen ID of nobody."""
    return citizen_id(datetime.date.fromisoformat(born), next(_count) * 2 + (0 if female else 1))


def an_account(role: Role, *, division: str = "330800", name: str = "测试员") -> Account:
    """An account holding one post."""
    account = Account.objects.create(username=f"u{next(_count)}", name=name, password=make_password(PASSWORD))
    Post.objects.create(account=account, role=role, title=role.label, division=division, valid_from=LONG_AGO)
    return account


def an_officer(role: Role = Role.CLERK, **traits: Any) -> Account:
    """Somebody at the desk."""
    return an_account(role, **traits)


def an_organisation(**traits: Any) -> Organisation:
    """An employer in 柯城区, industry risk class 4."""
    number = next(_count)
    given = {
        "name": f"第{number}测试有限公司", "uscc": uscc(number), "kind": "10", "division": "330802", "industry": "C34",
        "risk_class": 4, "injury_float": "1.0", "made_at": timezone.now(), **traits,
    }
    return Organisation.objects.create(**given)


def an_employer(**traits: Any) -> tuple[Organisation, Account]:
    """An employer and its HR officer."""
    organisation = an_organisation(**traits)
    account = an_account(Role.EMPLOYER, name="人事王")
    Mandate.objects.create(account=account, kind=Mandating.STAFF, organisation=organisation, valid_from=LONG_AGO)
    return organisation, account


def a_person(*, name: str = "张小明", number: str = "", division: str = "330802", **traits: Any) -> Person:
    """Somebody in the register."""
    row = person_row(name=name, citizen_id=number or an_id(), phone="", division=division, at=timezone.now())
    return Person.objects.create(**{**row, **traits})


def a_resident(person: Person | None = None) -> tuple[Person, Account]:
    """A person with an account."""
    person = person or a_person()
    account = an_account(Role.RESIDENT, name=person.name)
    Mandate.objects.create(account=account, kind=Mandating.SELF, person=person, valid_from=LONG_AGO)
    return person, account


def acting(account: Account) -> Actor:
    """The account as actor."""
    return actor_of(account)


def signed_in(account: Account) -> Client:
    """A browser in which the account has signed in."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def days_ago(days: int) -> str:
    """A day as people write it."""
    return (timezone.localdate() - datetime.timedelta(days=days)).isoformat()


def a_hire(**changes: Any) -> dict[str, Any]:
    """What a form or an API call says of an ordinary hire."""
    return {
        "name": "张小明", "citizen_id": an_id(), "phone": "13800000000", "hired_on": days_ago(3), "kind": "employee",
        "wage": "6500", "post": "other", "position": "装配工", "contract_kind": "1",
        "contract_ends_on": days_ago(-1095), **changes,
    }
