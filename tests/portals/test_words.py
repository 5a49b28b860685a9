"""What is typed into search fields and questions never stands readable in an address."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client

from renshe.journeys.hire import HIRE
from renshe.kernel.access.terms import Role
from renshe.kernel.cases.terms import Channel
from renshe.kernel.privacy.models import Export
from renshe.portals import words
from renshe.portals.open.api import api
from tests.factories import a_hire, a_resident, acting, an_employer, an_officer, signed_in
from tests.portals.test_taking_out import cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer():
    """An employer of three, with its HR officer."""
    organisation, hr = an_employer()
    entries = [(None, HIRE.declaration.parse(a_hire(name=name))[0]) for name in ("张小明", "张小红", "李大海")]
    HIRE.settle(entries, organisation=organisation, actor=acting(hr), channel=Channel.FORM)
    return organisation, hr


def asked(client: Client, page: str, **fields: str) -> str:
    """Fills in a page's form; the address it leads to."""
    answer = client.post("/ask", {"_to": page, **fields})
    assert answer.status_code == 303
    return answer.headers["Location"]


def sealed_only(address: str) -> bool:
    """Whether an address carries nothing but what is sealed."""
    return set(parse_qs(urlsplit(address).query, keep_blank_values=True)) == {"words"}


def test_a_name_is_searched_for_paged_and_exported_without_standing_in_an_address(employer, monkeypatch):
    monkeypatch.setattr("renshe.portals.listing.PAGE", 1)
    hr = signed_in(employer[1])
    address = asked(hr, "/employer/staff", q="张小", show="open", scheme="", _plain="show scheme")
    assert "张" not in address and quote("张") not in address and "show=open" in address and "q=" not in address
    page = hr.get(address).content.decode()
    assert "张小" in page and "李大海" not in page and 'value="张小"' in page and "共 2 条" in page
    query = urlsplit(address).query
    assert f"{query.replace('&', '&amp;')}&amp;page=2" in page  # the next page takes the sealed word along
    second = hr.get(f"{address}&page=2").content.decode()
    assert "第 2 / 2 页" in second and "李大海" not in second
    rows = cells(hr.post("/exports", {"list": "employer:staff", "query": query}))
    assert {row[0] for row in rows[2:]} == {"张小明", "张小红"}
    assert "张" not in Export.objects.get().query
    assert asked(hr, "/employer/staff", q="", show="left", _plain="show scheme") == "/employer/staff?show=left"


def test_an_address_opens_its_words_for_the_account_that_typed_them_only(employer):
    _, hr = employer
    address = asked(signed_in(hr), "/employer/staff", q="李大海", show="open", _plain="show")
    other = signed_in(an_employer()[1])
    answer = other.get(address)
    assert answer.status_code == 302 and answer.headers["Location"] == "/employer/staff?show=open"
    assert words.UNREADABLE in other.get(answer.headers["Location"]).content.decode()
    visitor = Client().get(address)
    assert "/login?next=" in Client().get(visitor.headers["Location"]).headers["Location"]
    word = parse_qs(urlsplit(address).query)["words"][0]
    altered = word[:30] + ("A" if word[30] != "A" else "B") + word[31:]
    for spoilt in (word[:-4], altered, "%", "", "甲"):
        assert signed_in(hr).get("/employer/staff", {"words": spoilt}).status_code == 302
    refused = other.post("/exports", {"list": "employer:staff", "query": urlsplit(address).query})
    assert refused.status_code == 422 and "重新查找" in refused.content.decode()  # never the whole list instead
    long = signed_in(hr).post("/exports", {"list": "employer:staff", "query": "words=" + "A" * 500})
    assert long.status_code == 422 and not Export.objects.exists()


def test_answers_about_oneself_do_not_stand_in_addresses_either():
    resident = signed_in(a_resident()[1])
    address = asked(resident, "/me/benefits/unemployment_right", registered="false")
    assert sealed_only(address)
    page = resident.get(address).content.decode()
    assert '<option value="false" selected>' in page
    assert set(re.findall(r'href="/me/decisions[^"?]*\??([^"=]*)', page)) == {"words"}
    guide = asked(resident, "/me/guides/injury", injured="2026-11-02")
    assert sealed_only(guide) and 'name="injured" value="2026-11-02"' in resident.get(guide).content.decode()
    wish = asked(resident, "/me/pension", group="male", growth="3")
    assert sealed_only(wish) and f"pension.pdf?{urlsplit(wish).query}" in resident.get(wish).content.decode()


def test_a_trial_by_a_visitor_may_be_passed_on():
    address = asked(Client(), "/open/policies/contribution", wage="6500")
    assert sealed_only(address)
    page = Client().get(address).content.decode()
    assert 'value="6500"' in page and "520" in page  # the eight of a hundred it comes to
    leader = signed_in(an_officer(Role.LEADER))
    assert 'value="6500"' in leader.get(address).content.decode()


def test_what_is_too_long_for_an_address_is_said_and_other_places_are_refused(employer):
    hr = signed_in(employer[1])
    assert asked(hr, "/employer/staff", q="张" * 2000, show="open", _plain="show") == "/employer/staff?show=open"
    assert "太长" in hr.get("/employer/staff").content.decode()
    for elsewhere in ("", "//example.org/", "https://example.org/employer/staff", "/nowhere", "/api/v1/staff"):
        assert hr.post("/ask", {"_to": elsewhere, "q": "张"}).status_code == 404, elsewhere
    assert asked(Client(), "/employer/staff", q="张小明") == "/employer/staff"  # the session is over: nothing is sealed for nobody


CODES = {"division", "period", "kind", "state", "holder", "show", "on"}  # chosen from lists; nobody's


def test_programs_put_no_words_into_addresses():
    loose = [
        (path, one["name"]) for path, methods in api.get_openapi_schema()["paths"].items() for operation in methods.values()
        for one in operation.get("parameters", []) if one["in"] == "query" and one["schema"].get("type") != "integer" and one["name"] not in CODES
    ]
    assert loose == []
