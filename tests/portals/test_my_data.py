"""A resident looks at everything held about them and takes it away."""

import re

import pytest

from renshe.journeys.hire import HIRE
from renshe.kernel.cases.terms import Channel
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.privacy.actions import log_readings
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import citizen_id
from tests.factories import a_hire, a_person, a_resident, acting, an_employer, an_officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    organisation, hr = an_employer()
    for name in ("邵文君", "别的人"):
        HIRE.settle([(None, HIRE.declaration.parse(a_hire(name=name, wage="6537"))[0])], organisation=organisation,
                    actor=acting(hr), channel=Channel.FORM)
    person, account = a_resident(Person.objects.get(name="邵文君"))
    log_readings(acting(an_officer(name="周慧")), [person.pk], purpose="稽核", what="参保记录")
    return person, signed_in(account)


def test_everything_is_there_and_nothing_of_anybody_else(resident):
    person, client = resident
    data = {one["表"]: one for one in client.post("/me/data/copy").json()["数据"]}
    own = data["个人"]["记录"]
    assert len(own) == 1 and citizen_id(person) in own[0].values() and "13800000000" in own[0].values()
    assert {"办件", "办件事件", "参保登记", "险种参保", "缴费基数", "劳动合同备案", "社会保障卡", "通知", "查阅记录"} <= set(data)
    assert "653700" in data["缴费基数"]["记录"][0].values() and '"wage":"6537.00"' in str(data["办件"]["记录"])
    assert data["查阅记录"]["记录"][0]["查阅人"] == "周慧"
    whole = client.post("/me/data/copy").content.decode()
    assert "别的人" not in whole and person.citizen_id_index not in whole
    assert Leaf.objects.filter(kind="data_copy.settle").count() == 2


def test_what_is_withheld_says_why(resident):
    data = {one["表"]: one for one in resident[1].post("/me/data/copy").json()["数据"]}
    assert "审计" in data["查阅预警"]["不提供的理由"] and "记录" not in data["特别保护名单"]
    page = resident[1].get("/me/data").content.decode()
    assert "不在这里的" in page and "邵文君" in page and "13800000000" in page and citizen_id(resident[0]) in page and f">{resident[0].pk}<" not in page
    assert "没有这一类" in resident[1].get("/me/data?q=不存在的").content.decode()


def test_only_ones_own(resident):
    stranger = signed_in(a_resident(a_person(name="路人甲"))[1])
    assert "邵文君" not in stranger.post("/me/data/copy").content.decode()
    assert stranger.get("/me/data/copy").status_code == 405


def test_the_page_speaks_words_and_the_file_keeps_what_is_stored(resident):
    """A person of seventy reads no codes: every value in words, yuan instead of fen, and nothing in braces."""
    page = resident[1].get("/me/data").content.decode()
    held = re.sub(r"<[^>]+>", " ", page[page.index("<dl"):])
    assert "职工参保（增员）" in held and "系统即时办结" in held and "6,537.00元" in held and "用工之日：" in held
    assert not re.search(r"[{}\[\]]|653700|（密文）|（分）|（掩码）", held)
    assert {"hire", "settle", "decided", "submitted"}.isdisjoint(held.split())
