"""The small city: employers, people, accounts, and a year of hires done through the same journeys as everybody's."""

import datetime
import random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from renshe.apps.card import actions as card
from renshe.apps.card.models import Card
from renshe.city.employers import employer_name, employers, industries
from renshe.city.identity import uscc
from renshe.city.people import people
from renshe.city.shape import city
from renshe.journeys.hire import HIRE
from renshe.kernel.access.actor import actor_of
from renshe.kernel.access.models import Account, Post
from renshe.kernel.access.terms import Role
from renshe.kernel.cases.terms import Channel
from renshe.kernel.store.deed import deed
from renshe.kernel.subjects import actions as subjects
from renshe.kernel.subjects.models import Mandate, Mandating, Organisation, Person

CITY = "330800"
SINCE = datetime.date(2024, 1, 1)
PASSWORD = "renshe-demo-2026"  # of demonstration accounts only
OFFICERS = (
    ("clerk", "周慧", Role.CLERK, "参保经办岗"), ("reviewer", "郑明远", Role.REVIEWER, "参保复核岗"),
    ("auditor", "吴敏", Role.AUDITOR, "内部审计岗"), ("operator", "沈浩", Role.OPERATOR, "运行管理岗"),
    ("leader", "方远", Role.LEADER, "局领导"),
)
CHUNK = 250


def build(count: int, seed: int) -> dict[str, int]:
    """Make the city once; a city that is there stays as it is. Returns what was made."""
    if Organisation.objects.exists():
        return {}
    subjects.load_places(settings.CITY / "divisions.csv")
    owners = _employers(seed)
    hired = _hire(owners, count, seed)
    _accounts()
    for one in Card.objects.order_by("id")[: count // 2]:
        card.issue(one)
    return {"单位": len(owners), "参保人员": hired}


def _account(username: str, name: str, role: Role, title: str, division: str = CITY) -> Account:
    account = Account.objects.create(username=username, name=name, password=make_password(PASSWORD))
    Post.objects.create(account=account, role=role, title=title, division=division, valid_from=SINCE)
    return account


def _employers(seed: int) -> list[tuple[Organisation, Account]]:
    found, every, lines = [], employers(city(2000, seed)), industries()
    with deed():
        for number in range(12):
            _, code, _, _, risk = lines[every.trade[number]]
            organisation = Organisation.objects.create(
                name=employer_name(number, every.trade[number]), uscc=uscc(number + 1), kind="10",
                division=str(every.county[number]), industry=code, risk_class=risk, injury_float="1.0",
                made_at=timezone.now(),
            )
            suffix = "" if number == 0 else str(number + 1)
            account = _account(f"hr{suffix}", f"{'林陈徐方汪叶'[number % 6]}经办", Role.EMPLOYER, "人事专员", organisation.division)
            Mandate.objects.create(
                account=account, kind=Mandating.STAFF, organisation=organisation, valid_from=SINCE
            )
            found.append((organisation, account))
    return found


def _hire(owners: list[tuple[Organisation, Account]], count: int, seed: int) -> int:
    """Everybody is hired through the journey; a few so late that officers must look."""
    dice, everybody, today, done = random.Random(seed), people(count, seed), timezone.localdate(), 0
    share = [max(1, count // (2 ** (number + 1))) for number in range(len(owners))]
    for (organisation, account), size in zip(owners, share, strict=True):
        group, everybody = everybody[:size], everybody[size:]
        entries = []
        for one in group:
            late = dice.random() < 0.03
            hired = today - datetime.timedelta(days=dice.randrange(40, 80) if late else dice.randrange(0, 28))
            declaration, faults = HIRE.declaration.parse({
                "name": one.name, "citizen_id": one.citizen_id, "phone": one.phone, "hired_on": hired.isoformat(),
                "kind": "employee", "wage": str(dice.randrange(38, 160) * 100), "contract_kind": "1",
                "post": "management" if one.female and dice.random() < 0.4 else "other",
                "position": dice.choice(("操作工", "技术员", "会计", "仓管员", "质检员", "司机")),
                "contract_ends_on": hired.replace(year=hired.year + 3, day=min(hired.day, 28)).isoformat(),
            })
            if declaration is None:
                raise ValueError(faults)
            entries.append((None, declaration))
        for start in range(0, len(entries), CHUNK):
            settled = HIRE.settle(
                entries[start : start + CHUNK], organisation=organisation, actor=actor_of(account), channel=Channel.FORM
            )
            done += len([one for one in settled if one.case_number])
    return done


def _accounts() -> None:
    """The demonstration accounts, printed on the sign-in page in demonstration mode."""
    with deed():
        for username, name, role, title in OFFICERS:
            _account(username, name, role, title)
        person = Person.objects.filter(deceased_on=None).order_by("id").first()
        if person is None:
            raise LookupError("no persons in the city")
        resident = _account("resident", person.name, Role.RESIDENT, "")
        Mandate.objects.create(account=resident, kind=Mandating.SELF, person=person, valid_from=SINCE)
