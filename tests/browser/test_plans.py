"""Plans as planners, owners and everybody see them: in a real browser, phone and desktop, no WCAG 2.2 AA violation."""

import pytest

from renshe.apps.planning.actions import plans
from renshe.apps.planning.models import Plan, Target, Work
from renshe.city import demo
from renshe.city import plan as city_plan
from renshe.kernel.access.models import Account, Post
from renshe.kernel.access.terms import Role
from tests.apps.planning.factories import YUNXI
from tests.browser.test_pages import DESKTOP, PHONE, Visit, browser, chromium, pytestmark

__all__ = ["browser", "chromium", "pytestmark"]


@pytest.fixture
def planned(live_server, settings):
    """A city with nothing but officers, its plan carried out, and another plan waiting for review."""
    settings.RENSHE_ADDRESS = live_server.url
    password = demo.make_password(demo.PASSWORD)
    for username, name, role, title in demo.OFFICERS:
        account = Account.objects.create(username=username, name=name, password=password)
        Post.objects.create(account=account, role=role, title=title, division=demo.CITY, valid_from=demo.SINCE)
    city_plan.build(5)
    plans.take_in(YUNXI.read_bytes(), "yunxi.md", division=demo.CITY, account=Account.objects.get(username="planner"))
    return live_server.url


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_page_of_a_plan_is_accessible_and_fits(browser, planned, width):
    plan, waiting = Plan.objects.get(state="published"), Plan.objects.get(state="read")
    target, work = Target.objects.get(number="6"), Work.objects.filter(kind="project").latest("position")
    planner = Visit(browser, planned, width, "planner")
    for path in (
        "/desk/plans/", "/desk/plans/offices", f"/desk/plans/{plan.pk}", f"/desk/plans/{plan.pk}?division=330822&on=2023-Q4",
        f"/desk/plans/targets/{target.pk}?on=2023-Q4", f"/desk/plans/{plan.pk}/works?show=late", f"/desk/plans/works/{work.pk}",
        f"/desk/plans/{plan.pk}/sheet?kind=year&period=2024", f"/desk/plans/{plan.pk}/evaluation?review=midterm&on=2023",
        f"/desk/plans/{waiting.pk}/review?kind=promise", f"/desk/plans/{waiting.pk}/contradictions",
    ):
        page = planner.open(path)
        if "targets" in path or "works/" in path or "review" in path:
            for one in page.locator("details.why").all()[:12]:
                one.locator("summary").click()
            planner.check(f"{path.split('?')[0]} opened")
    planner.context.close()
    for username, path in (("clerk", "/desk/plans/duties"), ("", "/open/plans"), ("", f"/open/plans/{plan.pk}")):
        visit = Visit(browser, planned, width, username)
        visit.open(path)
        visit.context.close()


def test_a_click_in_the_text_leads_to_what_was_read_and_back(browser, planned):
    waiting = Plan.objects.get(state="read")
    visit = Visit(browser, planned, DESKTOP, "planner")
    page = visit.open(f"/desk/plans/{waiting.pk}/review?kind=indicator")
    page.locator(".paper a.read.promise").first.click()
    page.wait_for_url("**kind=promise#i*")
    assert page.locator(".extract:target h3").inner_text().startswith("公共服务事项一次办成率")
    page.locator(".extract:target .where a").click()
    page.wait_for_selector(".paper :target", state="attached")
    assert page.locator(".paper :target").count() == 1
    page.locator("article.extract").first.locator("button:has-text('确认')").click()
    page.wait_for_selector(".extract:target .tag.good")
    assert Account.objects.filter(posts__role=Role.PLANNER).count() == 2
