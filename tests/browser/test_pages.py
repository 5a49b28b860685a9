"""Every page as people see it: a real browser, phone and desktop width, no WCAG 2.2 AA violation, no error, no overflow."""

import datetime
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from renshe.apps.insurance.offers import standing
from renshe.city import columns as city_columns
from renshe.city import demo
from renshe.city.shape import city as city_of
from renshe.journeys.hire import HIRE
from renshe.kernel.access.actor import actor_of
from renshe.kernel.access.models import Account
from renshe.kernel.access.terms import Role
from renshe.kernel.cases.terms import Channel
from renshe.kernel.frames import folding
from renshe.kernel.indicators import actions as indicators
from renshe.kernel.indicators.models import Freshness
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger import note
from renshe.kernel.ledger.models import Witness
from renshe.kernel.rosters import actions as rosters
from renshe.kernel.rosters import queries
from renshe.kernel.rosters.models import Roster
from renshe.kernel.subjects.queries import organisation_of
from renshe.kernel.sweeps import actions as sweeps
from renshe.kernel.sweeps import running
from tests.factories import a_hire, a_person, an_id, an_officer, days_ago

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PHONE, DESKTOP = 390, 1440
PATIENCE = 120_000  # milliseconds: how long a slow machine may take over anything
PAGES = {
    "": ["/", "/login", "/login/second", "/open/ledger", "/open/policies", "/open/estimate", "/open/policies/contribution?wage=6500", "/open/verify",
         "/open/policies/retirement_age?group=male&birth=1976-09",
         "/open/policies/injury_regraded?own_wage=6000&grades=9,7", "/open/policies/unemployment_right?paid_months=9&registered=false",
         "/open/verify/330802-260101-0000000000"],
    "resident": ["/me/", "/me/insurance", "/me/contributions", "/me/contributions?year=2026", "/me/pension", "/me/benefits", "/me/benefits/unemployment_right",
                 "/me/guides/unemployment", "/me/guides/injury?injured=2026-11-02", "/me/inbox", "/me/readings", "/me/data", "/desk/", "/account",
                 "/me/requests", "/me/corrections", "/me/corrections/phone", "/me/corrections/month", "/me/decisions",
                 "/me/decisions/benefit/unemployment_right?registered=false", "/me/erasure", "/me/consents"],
    "hr": ["/employer/", "/employer/declare/hire", "/employer/declare/leave", "/employer/declare/base_change",
           "/employer/staff", "/employer/cases", "/employer/rosters", "/employer/inbox"],
    "clerk": ["/desk/", "/desk/?show=closed", "/desk/persons", "/desk/inbox", "/exports"], "operator": ["/desk/values", "/desk/accounts", "/desk/keys", "/desk/sharing/new"],
    "auditor": ["/desk/audit", "/desk/overrides", "/desk/data", "/desk/alerts", "/desk/alerts/guarded", "/desk/sharing"],
    "leader": ["/cockpit/", "/cockpit/wall?live=0", "/cockpit/figures", "/cockpit/figures/employment.staff",
               "/cockpit/figures/relations.contracted?division=330803", "/cockpit/figures/service.open/rows",
               "/cockpit/index?division=330802", "/cockpit/plan"],
    "reviewer": ["/cockpit/entries"],
    "county": ["/cockpit/?division=330881", "/cockpit/figures/employment.staff?division=330881", "/cockpit/figures/employment.staff?division=330802"],
}
PAGES[""] += ["/open/ledger/checkpoints", "/open/ledger/entries/0", "/open/ledger/consistency?old=2"]
PAGES["operator"] += ["/desk/sweeps", "/desk/whatif?policy=contribution", "/desk/ledger", "/desk/disks"]
pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.xdist_group("browser"),
]
if not Path(CHROMIUM).exists() and not os.environ.get("RENSHE_ALLOW_NO_BROWSER"):
    pytest.fail(f"{CHROMIUM} is missing: install Debian's chromium, or set RENSHE_ALLOW_NO_BROWSER=1", pytrace=False)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE)
        yield started
        started.close()


@pytest.fixture
def browser(chromium, live_server) -> Iterator[Browser]:
    """Every screen is closed before the records are cleared away: pages that ask again and again would meet the next test's."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def city(live_server, settings):
    settings.RENSHE_ADDRESS = live_server.url
    demo.build(city_of(300, 5))
    county = an_officer(Role.LEADER, division="330802", name="县局领导")
    county.username = "county"
    county.set_password(demo.PASSWORD)
    county.save()
    watched()
    indicators.refresh()
    return live_server.url


def watched() -> None:
    """Witnesses of every standing: at work, silent, never seen, and one that raises the alarm."""
    for name, label in (("court", "市中级人民法院"), ("union", "市总工会"), ("bank", "合作银行"), ("city", "联盟城市")):
        ledger.register_witness(label=label, key=note.key_text(name, note.COSIGNATURE, bytes(32)), address="https://w.example", by="1")
    size, now = ledger.sequence().size, timezone.now()
    for name, changes in (
        ("court", {"size": size, "seen_at": now}), ("union", {"size": size // 2, "seen_at": now - datetime.timedelta(days=2), "fault": "连不上见证节点：超时"}),
        ("city", {"size": size // 3, "seen_at": now, "alarm": True, "fault": f"见证节点指出：现在的账本不是从它见过的{size // 3}条追加而来"}),
    ):
        Witness.objects.filter(key__startswith=f"{name}+").update(asked_at=now, **changes)


class Visit:
    """A person at a screen: signs in, opens pages, and every page opened is checked."""

    def __init__(self, browser: Browser, address: str, width: int, username: str = "") -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900})
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.address, self.width, self.faults = address, width, []
        self.page.on("console", lambda one: self.faults.append(one.text) if one.type == "error" and "status of 4" not in one.text else None)
        self.page.on("pageerror", lambda one: self.faults.append(str(one)))
        self.page.on("request", lambda one: None if one.url.startswith((address, "data:")) else self.faults.append(one.url))
        if username:
            self.page.goto(f"{address}/login")
            self.page.fill("#u", username)
            self.page.fill("#p", demo.PASSWORD)
            self.follow("main button[type=submit]")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.check(path)
        return self.page

    def follow(self, link: str | Locator) -> Page:
        """Clicks what leads to another page and waits for that page: a click alone returns while the old one is still leaving."""
        with self.page.expect_navigation():
            (self.page.locator(link) if isinstance(link, str) else link).click()
        return self.page

    def check(self, where: str) -> None:
        self.page.wait_for_load_state()
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, f"{where} is {wide} px wide at {self.width}"
        assert self.page.locator("h1").count() == 1, where
        broken = self.page.evaluate("[...document.images].filter(one => one.complete && !one.naturalWidth).map(one => one.alt)")
        assert broken == [], (where, broken)
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, f"{where} at {self.width}: {found.generate_report()}"
        assert not self.faults, (where, self.faults)
        if folder := os.environ.get("SCREENSHOTS"):
            name = where.strip("/").replace("/", "_").split("?")[0] or "front"
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}_{self.width}.png", full_page=True)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_page_is_accessible_and_fits(browser, city, width):
    for username, paths in PAGES.items():
        visit = Visit(browser, city, width, username)
        for path in paths:
            visit.open(path)
        for path in {"hr": ["/employer/staff", "/employer/cases"], "clerk": ["/desk/"], "": ["/open/ledger"]}.get(username, []):
            visit.follow(visit.open(path).locator("td a").first)
            visit.check(f"{path} detail")
            for one in visit.page.locator("details.why").all():
                one.locator("> summary").click()
            visit.check(f"{path} detail opened")
        visit.context.close()


def test_an_officer_drafts_a_formula_and_sees_what_it_comes_to(browser, city, settings, tmp_path):
    """Written wrong it says where, before anything is sent; then side by side, known persons, the city; all of it on a phone too."""
    settings.FRAMES, settings.ANSWERS = tmp_path / "frames", tmp_path / "answers"
    city_columns.build(city_of(400, 2), processes=1)
    folding.fold()
    standing.fold(datetime.date(2026, 11, 24))
    running.run(running.prepared(datetime.date(2026, 11, 24)))
    visit = Visit(browser, city, DESKTOP, "operator")
    page = visit.open("/desk/whatif?policy=contribution")
    page.fill("#ti", "按九成缴费")
    page.select_option("#ou", "pension_person")
    page.fill("#vf", "2027-01-01")
    visit.follow("text=下一步：改什么")
    visit.check("whatif draft empty")
    draft = page.url.removeprefix(city)
    visit.follow("a[href$='/formula/base']")
    law = page.input_value("#text")
    page.fill("#text", law.rstrip() + " * 0.9\n")
    page.wait_for_selector("#judged .alert-error mark")
    assert "第2行" in page.inner_text("#judged") and page.evaluate("document.activeElement.id") == "text"
    visit.check("whatif formula refused")
    page.fill("#text", law.rstrip() + " * 9 // 10\n")
    page.wait_for_selector("#judged .alert-success")
    assert "个结果会变" in page.inner_text("#judged") and page.locator("#judged td.come").count() == 1
    visit.check("whatif formula judged")
    visit.follow("text=存入草案")
    visit.check("whatif draft")
    visit.follow("button:has-text('全市试算')")
    page.wait_for_selector("progress")

    def work() -> None:
        sweeps.weigh_waiting()
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    page.wait_for_selector("text=每年要多少钱")
    worker.join()
    page.wait_for_selector(".canvas canvas")
    visit.check("whatif result")
    phone = Visit(browser, city, PHONE, "operator")
    for name, path in (("result", ""), ("formula", "/formula/base"), ("value", "/value/pension_rate_person")):
        phone.open(f"{draft}{path}")
        phone.check(f"whatif {name} phone")
    pension = sweeps.propose(
        title="计发月数", policy="employee_pension", output="total", place="330800", valid_from="2027-01-01",
        actor=actor_of(Account.objects.get(username="operator")),
    )
    for one in (visit, phone):
        one.open(f"/desk/whatif/{pension.pk}/table/months_at_age")
        one.open(f"/desk/whatif/{pension.pk}")
        one.check("whatif draft pension")


def test_large_type_fits_a_phone(browser, city):
    visit = Visit(browser, city, PHONE, "resident")
    visit.open("/me/")
    visit.follow("text=大字版")
    assert visit.page.locator("html.large-type").count() == 1
    for path in ("/me/", "/me/insurance", "/me/contributions", "/me/pension", "/me/benefits", "/me/guides/injury"):
        visit.open(path)


def test_a_slider_answers_at_once_and_without_leaving_the_page(browser, city):
    visit = Visit(browser, city, PHONE, "resident")
    page = visit.open("/me/pension")
    before = page.inner_text("#answer .figure")
    page.focus("#s-chosen")
    page.keyboard.press("End")
    page.wait_for_function("text => document.querySelector('#answer .figure').innerText !== text", arg=before)
    assert page.inner_text("#o-chosen") in page.inner_text("#answer .told")
    assert page.evaluate("document.activeElement.id") == "s-chosen"
    for one in page.locator("details").all():
        one.locator("> summary").click()
    visit.check("pension opened")


def test_a_name_is_searched_for_without_standing_in_the_address(browser, city):
    visit = Visit(browser, city, PHONE, "hr")
    page = visit.open("/employer/staff")
    name = page.locator("td a").first.inner_text()
    page.fill("#q", name)
    visit.follow("text=查找")
    visit.check("staff found")
    assert "words=" in page.url and "show=open" in page.url and "%" not in page.url
    assert page.input_value("#q") == name and {one.inner_text() for one in page.locator("td a").all()} == {name}
    visit.follow(page.locator("td a").first)
    page.go_back()
    assert page.input_value("#q") == name


def test_hr_hires_one_person_and_opens_the_explanation(browser, city):
    visit = Visit(browser, city, DESKTOP, "hr")
    page = visit.open("/employer/declare/hire")
    page.fill("#f-name", "何晓梅")
    page.fill("#f-citizen_id", "330899199005010017"[:17])
    page.fill("#f-hired_on", days_ago(2))
    page.fill("#f-wage", "6500")
    page.select_option("#f-contract_kind", "1")
    page.click("button[data-once]")
    page.wait_for_selector("text=没有办成")
    visit.check("refused form")
    assert page.locator("#f-citizen_id[aria-invalid=true]").count() == 1
    page.fill("#f-citizen_id", an_id(born="1991-03-02"))
    page.fill("#f-contract_ends_on", "2029-11-20")
    page.click("button[data-once]")
    page.wait_for_selector("text=已办结")
    page.locator("details.why summary").first.click()
    assert page.locator("details.why[open] >> text=社会保险法 第十二条").count() >= 1
    visit.check("settled case")
    ledger.sequence()
    with page.expect_download() as download:
        page.click("text=证明文件")
    assert download.value.path()


def test_hr_uploads_a_roster_and_watches_it_done(browser, city, tmp_path):
    visit = Visit(browser, city, DESKTOP, "hr2")
    page = visit.open("/employer/rosters")
    with page.expect_download() as download:
        page.click("text=职工参保（增员）模板.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    for number in range(30):
        citizen = an_id(born=str(datetime.date(1985, 1, 1) + datetime.timedelta(days=number)))
        book["名册"].append(["张小明", citizen if number % 10 else "1", "", days_ago(1), "", "6500", "", "", "固定期限", "2029-01-01"])
    book.save(tmp_path / "名册.xlsx")
    page.set_input_files("#file", tmp_path / "名册.xlsx")
    page.click("button[data-once]")
    page.wait_for_selector("progress")
    visit.check("roster waiting")

    def work() -> None:
        for roster_id in queries.unattended():
            rosters.settle(roster_id)
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    page.wait_for_selector("text=下载结果工作簿")
    worker.join()
    visit.check("roster done")
    assert Roster.objects.get().accepted == 27
    assert page.locator("text=应为18位，现为1位").count() == 3


def test_two_officers_settle_a_late_hire(browser, city):
    clerk, reviewer = Visit(browser, city, DESKTOP, "clerk"), Visit(browser, city, PHONE, "reviewer")
    page = clerk.open("/desk/?show=unheld")
    clerk.follow(page.locator("td a").first)
    clerk.follow("text=受理，由我承办")
    page.locator("summary", has_text="中止办理").click()
    page.fill("#n6", "等待劳动关系仲裁")
    clerk.follow("text=中止并停表")
    page.wait_for_selector("text=恢复后期限顺延")
    clerk.check("case suspended")
    page.fill("#n7", "仲裁裁决已生效")
    clerk.follow(page.locator("button", has_text="恢复办理"))
    page.fill("#n1", "工资表已核")
    clerk.follow("text=提交复核")
    clerk.check("case proposed")
    address = page.url.removeprefix(city)
    other = reviewer.open(address)
    other.fill("#n2", "同意")
    reviewer.follow("text=准予并立即办结")
    other.wait_for_selector("text=已办结")
    reviewer.check("case decided")


def test_an_officer_makes_a_passkey_and_signs_in_with_it(browser, city, settings):
    settings.RENSHE_SECOND_FACTOR = "officers"
    visit = Visit(browser, city, PHONE, "clerk")
    page = visit.page
    devtools = visit.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }})
    page.wait_for_selector("text=还差一步才能开始工作")
    visit.follow("text=登记动态口令")
    page.wait_for_selector("img.qr")
    visit.check("account waiting for a code")
    page.fill("#l", "窗口三号机")
    page.click("[data-passkey=create]")
    page.wait_for_selector("text=窗口三号机")
    visit.open("/desk/")
    visit.follow("text=退出")
    page.goto(f"{city}/login?next=/desk/inbox")
    page.click("[data-passkey=get]")
    page.wait_for_url("**/desk/inbox")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_two_officers_choose_the_name(browser, city, width):
    actor = actor_of(Account.objects.get(username="hr"))
    person = a_person(name="张晓明", number=(number := an_id()))
    declaration, _ = HIRE.declaration.parse(a_hire(name="张小明", citizen_id=number))
    settled = HIRE.settle([(None, declaration)], organisation=organisation_of(actor), actor=actor, channel=Channel.FORM)[0]
    clerk, reviewer = Visit(browser, city, width, "clerk"), Visit(browser, city, width, "reviewer")
    page = clerk.open(f"/desk/cases/{settled.case_number}")
    clerk.follow("text=受理，由我承办")
    page.check("text=按身份证件改为“张小明”")
    page.fill("#n1", "身份证已核")
    clerk.check("name to decide")
    clerk.follow("text=提交复核")
    page = reviewer.open(f"/desk/cases/{settled.case_number}")
    page.fill("#n2", "同意")
    reviewer.check("name proposed")
    reviewer.follow("text=准予并立即办结")
    page.wait_for_selector("text=前为“张晓明”")
    reviewer.check("name decided")
    person.refresh_from_db()
    assert person.name == "张小明"


def test_the_wall_moves_when_cases_move_and_every_chart_is_drawn(browser, city):
    visit = Visit(browser, city, 1920, "leader")
    page = visit.open("/cockpit/wall")
    before = int(page.locator(".service-pane .strip b").first.inner_text().split()[0].rstrip("件").replace(",", ""))

    def work() -> None:
        actor = actor_of(Account.objects.get(username="hr"))
        entries = [(None, HIRE.declaration.parse(a_hire())[0]) for _ in range(2)]
        HIRE.settle(entries, organisation=organisation_of(actor), actor=actor, channel=Channel.FORM)
        ledger.sequence()
        Freshness.objects.update(took_ms=0)
        indicators.refresh()
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    page.wait_for_selector(f".service-pane .strip b:has-text('{before + 2:,}件')")
    visit.check("wall moved")
    page = visit.open("/cockpit/figures/employment.staff")
    page.wait_for_selector(".canvas canvas")
    assert page.locator(".canvas canvas").count() == page.locator(".canvas").count() >= 1
    page.locator(".as-table summary").first.click()
    assert page.locator(".as-table table").first.is_visible()
