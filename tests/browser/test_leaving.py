"""When a session ends by itself the screen says so in time and is then cleared; nothing comes back by going back."""

import time

import pytest
from django.contrib.sessions.backends.db import SessionStore

from renshe.city import demo
from renshe.kernel.access import visits
from renshe.kernel.access.models import Account, Visit
from renshe.kernel.access.terms import VisitEnd
from tests.browser.test_pages import DESKTOP, PHONE, browser, chromium, pytestmark
from tests.browser.test_pages import Visit as Screen
from tests.factories import a_resident

__all__ = ["browser", "chromium", "pytestmark"]
IDLE = 30 * 60


@pytest.fixture
def resident(live_server, settings):
    settings.RENSHE_ADDRESS = live_server.url
    person, account = a_resident()
    account.set_password(demo.PASSWORD)
    account.save()
    return person, account, live_server.url


def at(browser, resident, width):
    """Somebody signed in, before a clock that can be put forward."""
    _, account, address = resident
    screen = Screen(browser, address, width)
    screen.page.clock.install()
    screen.page.goto(f"{address}/login")
    screen.page.fill("#u", account.username)
    screen.page.fill("#p", demo.PASSWORD)
    screen.follow("main button[type=submit]")
    return screen, screen.page


def idle_for(account: Account, seconds: int, began: int = 0) -> None:
    """As if the server had last heard of the account so long ago."""
    session = SessionStore(Visit.objects.filter(account=account, ended_at=None).latest("id").session_key)
    session[visits.SEEN] = int(time.time()) - seconds
    if began:
        session[visits.BEGAN] = int(time.time()) - began
    session.save()


def seen(account: Account) -> float:
    """Seconds since the server last counted the account as busy."""
    return time.time() - SessionStore(Visit.objects.filter(account=account, ended_at=None).latest("id").session_key)[visits.SEEN]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_an_idle_screen_warns_can_be_kept_and_is_cleared_in_the_end(browser, resident, width, monkeypatch):
    monkeypatch.setattr(visits, "WARNED", 600)  # time enough for a slow machine between the warning and the end
    person, account, _ = resident
    screen, page = at(browser, resident, width)
    screen.open("/me/")
    screen.open("/me/corrections/phone")
    page.locator("main input:visible").first.fill("13900000001")
    idle_for(account, IDLE - 550)
    page.clock.fast_forward((IDLE - 500) * 1000)
    page.wait_for_selector("#leaving[open]")
    screen.check("leaving warned")
    said = page.inner_text("#leaving")
    assert "后自动退出" in said and "没有操作" in said and "不会保留" in said and "重新登录一次" not in said
    assert page.evaluate("document.activeElement.innerText") == "继续使用"
    page.keyboard.press("Enter")
    page.wait_for_selector("#leaving", state="hidden")
    assert seen(account) < 500 and page.locator("main input:visible").first.input_value() == "13900000001"
    idle_for(account, IDLE + 60)
    page.clock.fast_forward((IDLE + 10) * 1000)
    page.wait_for_url("**/login?ended=1&next=%2Fme%2Fcorrections%2Fphone")
    screen.check("leaving ended")
    assert "会回到刚才的页面" in page.inner_text("main") and person.name not in page.content()
    page.go_back()
    page.wait_for_load_state()
    assert "/login" in page.url and person.name not in page.content()
    page.fill("#p", demo.PASSWORD)
    page.fill("#u", account.username)
    screen.follow("main button[type=submit]")
    assert page.url.endswith("/me/")  # back at the page that was asked for


def test_who_types_is_not_idle_and_who_was_ended_from_elsewhere_sees_nothing_more(browser, resident):
    _, account, _ = resident
    screen, page = at(browser, resident, PHONE)
    screen.open("/me/corrections/phone")
    idle_for(account, IDLE - 300)
    page.locator("main input:visible").first.press_sequentially("139")
    page.clock.fast_forward(90 * 1000)
    deadline = time.time() + 120
    while seen(account) > 60 and time.time() < deadline:
        page.wait_for_timeout(100)
    assert seen(account) < 60  # a long form is written without a word to the server
    visits.end_all(account, VisitEnd.REVOKED)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # somebody comes back to the tab
    page.wait_for_url("**/login?ended=1**")
    page.go_back()
    page.wait_for_load_state()
    assert "/login" in page.url


def test_the_longest_time_is_said_in_time_and_cannot_be_put_off(browser, resident):
    _, account, _ = resident
    screen, page = at(browser, resident, PHONE)
    idle_for(account, 5, began=8 * 3600 - 250)
    screen.open("/me/")
    page.clock.fast_forward(2000)
    page.wait_for_selector("#leaving[open]")
    screen.check("leaving at last")
    assert "分钟后自动退出" in page.inner_text("#leaving") and "重新登录一次" in page.inner_text("#leaving")
    page.click("text=知道了")
    page.wait_for_selector("#leaving", state="hidden")
    page.clock.fast_forward(5000)
    assert page.locator("#leaving[open]").count() == 0  # not said twice
    idle_for(account, 5, began=8 * 3600 + 5)
    page.clock.fast_forward(300 * 1000)
    page.wait_for_url("**/login?ended=1**")
