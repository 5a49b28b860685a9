"""The demonstration city: the synthetic city in the records, its accounts, and hires of today done through the journey."""

import datetime
import random
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db.models import Count
from django.utils import timezone

from renshe.apps.card import actions as card
from renshe.apps.card.models import Card
from renshe.apps.card.terms import CardState
from renshe.apps.insurance.models import Enrolment
from renshe.city import plan, records
from renshe.city.columns import Progress
from renshe.city.people import Someone, people
from renshe.city.shape import City
from renshe.journeys.hire import HIRE
from renshe.kernel.access.actor import actor_of
from renshe.kernel.access.models import Account, Post
from renshe.kernel.access.terms import Role
from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import Channel
from renshe.kernel.store.deed import deed
from renshe.kernel.subjects.models import Mandate, Mandating, Organisation, Person
from renshe.kernel.subjects.queries import persons_by_citizen_id

CITY = "330800"
SINCE = datetime.date(2024, 1, 1)
PASSWORD = "renshe-demo-2026"  # of demonstration accounts only
OFFICERS = (
    ("clerk", "周慧", Role.CLERK, "参保经办岗"), ("reviewer", "郑明远", Role.REVIEWER, "参保复核岗"),
    ("auditor", "吴敏", Role.AUDITOR, "内部审计岗"), ("operator", "沈浩", Role.OPERATOR, "运行管理岗"),
    ("leader", "方远", Role.LEADER, "局领导"),
    ("planner", "陆远帆", Role.PLANNER, "规划编制岗"), ("planner2", "钱知秋", Role.PLANNER, "规划负责人"),
)
OWNERS = 12  # employers with an account
NEWCOMERS = 120  # people hired of late, shared out by halves


def build(city: City, progress: Progress = lambda done, of: None) -> dict[str, int]:
    """Make the city once; a city that is there stays as it is. Returns what was made."""
    made = records.build(city, progress)
    if not made:
        return {}
    password = make_password(PASSWORD)
    owners = _owners(password)
    hired = _hire(owners, city.seed)
    _accounts(owners[0][0], password)
    for one in Card.objects.filter(state=CardState.APPLIED).order_by("id")[: hired // 2]:
        card.issue(one)
    return {**made, "新办增员": hired, "规划指标": plan.build(city.seed)}


def _account(username: str, name: str, role: Role, title: str, password: str, division: str = CITY) -> Account:
    account = Account.objects.create(username=username, name=name, password=password)
    Post.objects.create(account=account, role=role, title=title, division=division, valid_from=SINCE)
    return account


def _owners(password: str) -> list[tuple[Organisation, Account]]:
    """The largest employers, each with the account of its HR officer."""
    sizes = Enrolment.objects.filter(until=None, organisation__kind="10").values("organisation").annotate(size=Count("pk"))
    largest = [row["organisation"] for row in sizes.order_by("-size", "organisation")[:OWNERS]]
    found, organisations = [], Organisation.objects.in_bulk(largest)
    with deed():
        for number, identifier in enumerate(largest):
            organisation, suffix = organisations[identifier], "" if number == 0 else str(number + 1)
            account = _account(
                f"hr{suffix}", f"{'林陈徐方汪叶'[number % 6]}经办", Role.EMPLOYER, "人事专员", password, organisation.division
            )
            Mandate.objects.create(account=account, kind=Mandating.STAFF, organisation=organisation, valid_from=SINCE)
            found.append((organisation, account))
    return found


def _hire(owners: list[tuple[Organisation, Account]], seed: int) -> int:
    """Newcomers are hired through the journey; a few so late that officers must look."""
    chance, done = random.Random(seed), 0
    crowd = people(NEWCOMERS * 2, seed)
    known = persons_by_citizen_id(one.citizen_id for one in crowd)
    everybody = [one for one in crowd if one.citizen_id not in known][:NEWCOMERS]
    for number, (organisation, account) in enumerate(owners):
        size = max(1, NEWCOMERS // 2 ** (number + 1))
        group, everybody = everybody[:size], everybody[size:]
        settled = HIRE.settle(
            list(_declared(group, chance)), organisation=organisation, actor=actor_of(account), channel=Channel.FORM
        )
        done += len([one for one in settled if one.case_number])
    return done


def _declared(group: list[Someone], chance: random.Random) -> Iterable[tuple[None, object]]:
    today = timezone.localdate()
    for number, one in enumerate(group):
        late = number % 30 == 7
        hired = today - datetime.timedelta(days=chance.randrange(40, 80) if late else chance.randrange(0, 28))
        declaration, faults = HIRE.declaration.parse({
            "name": one.name, "citizen_id": one.citizen_id, "phone": one.phone, "hired_on": hired.isoformat(),
            "kind": "employee", "wage": str(chance.randrange(38, 160) * 100), "contract_kind": "1",
            "post": "management" if one.female and chance.random() < 0.4 else "other",
            "position": chance.choice(("操作工", "技术员", "会计", "仓管员", "质检员", "司机")),
            "contract_ends_on": hired.replace(year=hired.year + 3, day=min(hired.day, 28)).isoformat(),
        })
        if declaration is None:
            raise ValueError(faults)
        yield None, declaration


def _accounts(organisation: Organisation, password: str) -> None:
    """The demonstration accounts, printed on the sign-in page in demonstration mode.

    One resident was hired of late and has a notice and a receipt; the other has paid for longer than anybody.
    """
    case = Case.objects.filter(organisation=organisation, kind=HIRE.key, state="decided").order_by("id").first()
    if case is None or case.person_id is None:
        raise LookupError("nobody was hired")
    with deed():
        for username, name, role, title in OFFICERS:
            _account(username, name, role, title, password)
        longest = Enrolment.objects.filter(until=None).select_related("person").order_by("since", "id").first()
        for username, person in (("resident", Person.objects.get(pk=case.person_id)), ("resident2", longest and longest.person)):
            if person is not None:
                resident = _account(username, person.name, Role.RESIDENT, "", password)
                Mandate.objects.create(account=resident, kind=Mandating.SELF, person=person, valid_from=SINCE)
