"""What residents ask for themselves, on their phones, and the officers' side of it: looked at by a real browser."""

import pytest

from renshe.kernel.access.models import Account
from renshe.kernel.subjects.models import Person
from renshe.kernel.subjects.queries import citizen_id
from tests.browser.test_pages import DESKTOP, PHONE, Visit, browser, chromium, city, pytestmark
from tests.factories import a_person

__all__ = ["browser", "chromium", "city", "pytestmark"]
PHOTO = {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0" + b"0" * 2000}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_name_is_put_right_from_the_phone_to_the_register(browser, city, width):
    resident, clerk, reviewer = (Visit(browser, city, width, name) for name in ("resident", "clerk", "reviewer"))
    page = resident.open("/me/requests")
    resident.follow("text=登记错了，我要更正")
    resident.check("corrections")
    resident.follow(page.locator("a.big", has_text="姓名").first)
    resident.check("correction")
    resident.follow("text=提交")
    resident.check("correction refused")
    page.fill("#right", "张晓明")
    page.fill("#reason", "身份证上是晓字")
    page.set_input_files("#files", PHOTO)
    resident.follow("main form button[type=submit]")
    resident.check("request received")
    number = page.inner_text(".lead .mono")

    desk = clerk.open("/desk/?party=person")
    clerk.follow(desk.locator("td a.mono", has_text=number))
    clerk.follow("text=受理，由我承办")
    clerk.check("correction at the desk")
    desk.fill("#n1", "身份证照片一致")
    clerk.follow("text=提交复核")
    desk = reviewer.open(f"/desk/cases/{number}")
    desk.fill("#n2", "与身份证一致，予以更正")
    reviewer.check("correction proposed")
    reviewer.follow("text=准予并立即办结")
    reviewer.check("correction decided")
    assert Person.objects.filter(name="张晓明").count() == 1
    resident.open(f"/me/requests/{number}")
    page.wait_for_selector("text=改前、改后")
    resident.check("request decided")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_decision_is_explained_reviewed_and_data_deleted(browser, city, width):
    resident, reviewer = Visit(browser, city, width, "resident"), Visit(browser, city, width, "reviewer")
    page = resident.open("/me/decisions")
    resident.follow(page.locator(".card li a").last)
    for one in page.locator("details > summary").all():
        one.click()
    resident.check("decision")
    resident.follow("text=要一份说明")
    resident.check("explanation")
    resident.follow("text=请人再看一遍 >> nth=-1")
    resident.check("review form")
    page.fill("#reason", "合同上写的工资不是这个数")
    resident.follow("main form button[type=submit]")
    resident.check("review asked")
    number = page.inner_text(".lead .mono")
    desk = reviewer.open(f"/desk/cases/{number}")
    reviewer.follow("text=受理，由我承办")
    reviewer.check("review at the desk")
    desk.check("text=维持原来的结论")
    desk.fill("#n8", "核对了合同，基数无误")
    reviewer.follow("text=准予并办结")
    resident.open(f"/me/requests/{number}")
    page.wait_for_selector("text=人工复核的结论")
    resident.check("review decided")

    resident.open("/me/erasure")
    page.check("input[value=insurance]")
    resident.follow("main form button[type=submit]")
    resident.check("erasure asked")
    resident.open("/me/requests")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_an_operator_notes_who_an_officer_is_and_whose_relative(browser, city, width):
    own, brother = a_person(name="周慧"), a_person(name="周平")
    operator = Visit(browser, city, width, "operator")
    page = operator.open(f"/desk/accounts/{Account.objects.get(username='clerk').pk}")
    page.fill("#ci", citizen_id(own))
    operator.follow("button[value=link]")
    page.fill("#ki", citizen_id(brother))
    page.select_option("#kr", "sibling")
    page.fill("#ks", "2026年度回避申报表")
    operator.follow("button[value=kin]")
    page.wait_for_selector("text=兄弟姐妹 · 2026年度回避申报表")
    operator.check("account with relatives")
