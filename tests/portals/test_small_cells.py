"""Nobody is found in a figure: two cities that differ only inside the steps of their cells look the same to an outsider, page by page."""

import io
import json
import re
from dataclasses import replace

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from renshe.apps.planning.models import Target
from renshe.apps.planning.queries import published
from renshe.kernel.access.terms import Role
from renshe.kernel.indicators import actions, queries, registry
from renshe.kernel.indicators.declaration import Indicator, Parts
from renshe.kernel.indicators.models import Figure, Trail
from renshe.kernel.indicators.territory import territory
from tests.apps.planning.factories import a_plan_published
from tests.factories import WHOLE_CITY, an_officer, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
OWN, OTHER = "330881", "330802"
CELLS = {  # what each county counts, and of how many: in its own county as it is, elsewhere somewhere on the step
    "330802": ((3, 5), (7, 9)), "330803": ((12, 18), (17, 19)), "330822": ((1, 41), (0, 47)), "330824": ((200, 250), (209, 257)),
    "330825": ((0, 0), (6, 8)), "330881": ((4, 16), (4, 16)), "330800": ((2, 2), (0, 9)),
}
MOVING = re.compile(r'\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?|csrfmiddlewaretoken" value="\w+"|stamp=[\d.]+|\d+ 毫秒|"csrf":"\w+"|X-CSRFToken[^}]*|data-left="\d+"|\?at=\d+')


def world(which):
    """Every computed indicator counts what CELLS say."""
    def compute(one: Indicator):
        def parts(period):
            found = {}
            for code, cell in CELLS.items():
                part, whole = (number * grain for number, grain in zip(cell[which], one.grain, strict=True))
                if one.rest_is_told:
                    whole += part
                if one.is_share and not whole:
                    continue
                found[code] = Parts(part, whole) if one.is_share else Parts(part)
            return found
        return parts
    return compute


@pytest.fixture
def city(monkeypatch):
    """Sets the city to one of the two, every indicator computed without looking at records."""
    offered = dict(registry._offered())
    monkeypatch.setattr(registry, "_offered", lambda: offered)

    def become(which):
        compute = world(which)
        for key, one in registry._offered().items():
            if one.compute is not None:
                offered[key] = replace(one, compute=compute(one), frames=(), period=None)
        Figure.objects.all().delete()
        Trail.objects.all().delete()
        actions.refresh(everything=True)

    return become


def an_address_for_all():
    """Every page and operation that shows figures, for each division, its exports too."""
    pages = ["/cockpit/", "/cockpit/wall", "/cockpit/figures?size=200", "/cockpit/figures?export=1", "/cockpit/index", "/cockpit/index?export=1",
             "/cockpit/plan", "/api/v1/indicators", "/api/v1/development-index"]
    keys = ["employment.staff", "employment.jobless_rate", "service.in_time", "service.closed", "insurance.average_base", "fund.bases"]
    pages += [f"/cockpit/figures/{key}" for key in keys] + [f"/api/v1/indicators/{key}" for key in keys]
    plan = published().first()
    pages += [f"/open/plans/{plan.pk}", f"/open/plans/{plan.pk}?export=1", f"/api/v1/plans/{plan.pk}", f"/cockpit/?map={keys[0]}", f"/desk/plans/{plan.pk}"]
    targets = Target.objects.filter(plan=plan, key__in=keys).values_list("pk", flat=True)
    assert targets
    pages += [f"/desk/plans/targets/{key}" for key in targets]
    places = (territory().city, OTHER, "330825")
    return [f"{page}{'&' if '?' in page else '?'}division={place}" for page in pages for place in places]


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.content.decode()[:300])
    if "spreadsheet" in answer.headers["Content-Type"]:
        sheets = openpyxl.load_workbook(io.BytesIO(answer.content))
        return str([[cell.value for cell in row] for sheet in sheets for row in sheet])
    if answer.headers["Content-Type"].startswith("application/json"):
        said = json.loads(answer.content, object_hook=lambda one: {key: value for key, value in one.items() if key != "computed_at"})
        return json.dumps(said, ensure_ascii=False)
    return MOVING.sub("", answer.content.decode())


def test_two_cities_that_differ_inside_their_steps_look_the_same_to_who_may_not_see_the_rows(city):
    plan = a_plan_published()
    target = plan.targets.order_by("position").first()
    Target.objects.filter(pk=target.pk).update(key="employment.staff", divisor=1)
    outsider, insider = signed_in(an_officer(Role.PLANNER, division=OWN)), signed_in(an_officer(Role.PLANNER))
    seen = []
    for which in (0, 1):
        city(which)
        addresses = an_address_for_all()
        read(outsider, addresses[0])
        seen.append([(address, read(outsider, address)) for address in addresses])
        seen.append([(address, read(insider, address)) for address in addresses])
    first, whole, second, other = seen
    for one, two in zip(first, second, strict=True):
        assert one == two
    assert sum(one != two for one, two in zip(whole, other, strict=True)) > len(whole) / 3, "the city's own officer sees the difference"


def test_the_own_county_is_exact_and_marked_and_the_others_say_what_they_are(city):
    city(0)
    officer = signed_in(an_officer(Role.LEADER, division=OWN))
    own, other = (officer.get(f"/cockpit/figures/employment.staff?division={place}").content.decode() for place in (OWN, OTHER))
    assert "<b>4<small>" in own and "人数少" in own and "不得公布" in own
    for page in ("/cockpit/", "/cockpit/wall", "/cockpit/figures?q=参保用工人数"):
        assert "带＊的人数少" in (home := officer.get(page).content.decode()) and "人＊" in home, page
    book = openpyxl.load_workbook(io.BytesIO(officer.get("/cockpit/figures?q=参保用工人数&export=1").content)).active
    assert book["C2"].value == "4" and "不得公布" in book["J2"].value
    assert "<b>少于10<small>" in other and "按10取整" in other and "看全部明细" not in other and "&quot;said&quot;:[&quot;少于10&quot;]" in other
    wide = officer.get("/cockpit/figures/employment.staff?division=330800").content.decode()
    assert "<b>约" in wide or "—" in wide
    answer = officer.get(f"/api/v1/indicators/employment.staff?division={OTHER}").json()["latest"]
    assert (answer["exact"], answer["low"], answer["high"], answer["numerator"]) == (False, "0", "9", None)
    mine = officer.get(f"/api/v1/indicators/employment.staff?division={OWN}").json()["latest"]
    assert mine["value"] == "4" and mine["small"] and not answer["small"]
    exact = queries.latest("", ["employment.staff"], reader=WHOLE_CITY)["employment.staff"]
    assert exact.value == sum(cell[0][0] for cell in CELLS.values()) and not exact.is_rough


def test_what_was_stored_before_is_told_only_once_its_steps_are_known(city):
    city(0)
    Figure.objects.update(low=None, high=None, step=None)
    outsider = signed_in(an_officer(Role.LEADER, division=OWN))
    assert outsider.get(f"/api/v1/indicators/employment.staff?division={OTHER}").json()["latest"] is None
    actions.refresh()
    told = outsider.get(f"/api/v1/indicators/employment.staff?division={OTHER}").json()["latest"]
    assert (told["low"], told["high"]) == ("0", "9")
    row = Figure.objects.get(indicator="service.in_time", division="330800", period=f"{timezone.localdate():%Y-%m}")
    assert row.step == 10 and row.low <= row.value <= row.high


def test_an_officer_of_the_plan_without_the_cockpit_reads_steps_and_no_rows(city):
    plan = a_plan_published()
    target = plan.targets.order_by("position").first()
    Target.objects.filter(pk=target.pk).update(key="employment.staff", divisor=1)
    city(0)
    page = signed_in(an_officer(Role.CLERK)).get(f"/desk/plans/targets/{target.pk}").content.decode()
    assert "明细只给管辖的人看" in page
    assert not re.search(r"(?<!\d)222(?!\d)", re.sub(r"<[^>]+>", " ", page))  # alone and told: addresses hold such digits by chance
    assert "约" in Client().get(f"/open/plans/{plan.pk}").content.decode()
