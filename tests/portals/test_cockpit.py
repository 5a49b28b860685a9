"""The leaders' door: the wall and the calm page, each number down to its rows, figures entered by two."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from renshe.kernel.access.terms import Role
from renshe.kernel.indicators import registry
from renshe.kernel.indicators.models import FigureEntry, Freshness
from renshe.kernel.indicators.territory import territory
from renshe.portals.cockpit.territory_map import BadMap, plane, shaded
from tests.apps.planning.factories import a_plan_published
from tests.factories import an_officer, signed_in
from tests.kernel.indicators.test_indicators import hire, moved

pytestmark = pytest.mark.django_db(transaction=True)
MASKED = "张*明"


@pytest.fixture
def leader():
    hire(3)
    hire(2, division="330881")
    moved()
    return signed_in(an_officer(Role.LEADER))


def text(response):
    assert response.status_code == 200, response.content.decode()[:500]
    return response.content.decode()


def test_a_number_on_the_wall_opens_to_its_rows_in_two_clicks(leader):
    wall = text(leader.get("/cockpit/wall"))
    figure = "/cockpit/figures/employment.staff?division=330800"
    assert figure in wall and "还没有数据" in wall and "龙游县" in wall and "张小明" not in wall
    page = text(leader.get(figure))
    rows = "/cockpit/figures/employment.staff/rows?division=330800&amp;period="
    assert "参保登记" in page and rows in page and "看表格" in page
    address = rows.replace("&amp;", "&") + page.split(rows, 1)[1].split('"', 1)[0]
    listed = text(leader.get(address))
    assert listed.count(MASKED) == 5 and "330899" not in listed
    book = openpyxl.load_workbook(io.BytesIO(leader.get(address + "&export=1").content)).active
    assert book.max_row == 6 and book["A2"].value == MASKED


def test_the_wall_asks_again_and_is_told_only_when_something_moved(leader):
    stamp = text(leader.get("/cockpit/wall")).split("stamp=", 1)[1].split('"', 1)[0]
    with CaptureQueriesContext(connection) as queries:
        assert leader.get(f"/cockpit/wall/live?stamp={stamp}").status_code == 204
    assert len(queries) <= 5
    hire(1)
    assert leader.get(f"/cockpit/wall/live?stamp={stamp}").status_code == 204, "nothing is computed on request"
    moved()
    fragment = text(leader.get(f"/cockpit/wall/live?stamp={stamp}"))
    assert ">6<small>" in fragment and "hx-get" in fragment and "<html" not in fragment
    assert "hx-get" not in text(leader.get("/cockpit/wall?live=0"))


def test_the_page_says_what_could_not_be_computed_and_what_a_field_waits_for(leader):
    Freshness.objects.filter(pk="card.held").update(fault="OperationalError")
    page = text(leader.get("/cockpit/"))
    assert "没有更新成功" in page and "社会保障卡持卡" in page and "基金收支还没有在平台上办理" in page


def test_a_county_leader_starts_at_home_and_sees_no_other_countys_rows(leader):
    county = signed_in(an_officer(Role.LEADER, division="330881"))
    assert "江山市 · " in text(county.get("/cockpit/"))
    page = text(county.get("/cockpit/figures/employment.staff?division=330802"))
    assert MASKED not in page and "看全部明细" not in page
    assert county.get("/cockpit/figures/employment.staff/rows?division=330802").status_code == 403
    assert text(county.get("/cockpit/figures/employment.staff/rows")).count(MASKED) == 2


@pytest.mark.parametrize("path", ["figures/no.such", "figures/employment.staff?division=110000", "figures/employment.staff?period=2026",
                                  "figures/employment.staff?period=soon", "figures/no.such/rows"])
def test_what_is_not_there_is_said_plainly(leader, path):
    assert leader.get(f"/cockpit/{path}").status_code == 404


def test_the_list_of_indicators_is_searched_filtered_and_exported(leader):
    assert "社会保障卡持卡" in text(leader.get("/cockpit/figures?q=社会保障卡"))
    assert "劳动合同签订率" not in text(leader.get("/cockpit/figures?theme=service"))
    book = openpyxl.load_workbook(io.BytesIO(leader.get("/cockpit/figures?export=1").content)).active
    assert {"劳动合同签订率", "参保用工人数"} <= {row[1].value for row in book.iter_rows(min_row=2)}


def test_a_figure_is_entered_by_one_and_confirmed_by_another(leader):
    operator, reviewer = signed_in(an_officer(Role.OPERATOR)), signed_in(an_officer(Role.REVIEWER))
    assert leader.get("/cockpit/entries").status_code == 403
    given = {"indicator": "employment.staff", "division": "330800", "period": "2026-10", "value": "40", "document": "衢人社〔2026〕9号"}
    assert operator.post("/cockpit/entries", {**given, "value": "许多"}).status_code == 422
    assert operator.post("/cockpit/entries", given).status_code == 302
    number = FigureEntry.objects.get().pk
    assert operator.post("/cockpit/entries", {"deed": "confirm", "entry": number}).status_code == 422
    assert reviewer.post("/cockpit/entries", {"deed": "confirm", "entry": number}).status_code == 302
    assert "衢人社〔2026〕9号" in text(reviewer.get("/cockpit/entries?q=参保用工"))
    book = openpyxl.load_workbook(io.BytesIO(reviewer.get("/cockpit/entries?export=1").content)).active
    assert [cell.value for cell in book[2]][-1] == "已复核"
    assert reviewer.post("/cockpit/entries", {"deed": "withdraw", "entry": number}).status_code == 302
    assert operator.post("/cockpit/entries", {"deed": "confirm", "entry": "x"}).status_code == 422


def test_every_county_is_on_the_map_and_a_city_without_one_gets_tiles(settings, tmp_path):
    assert {shape.code for shape in plane().shapes} == set(territory().counties)
    assert [area.shade for area in shaded({"330802": 10, "330881": 1}, {})].count(-1) == 4
    divisions = "code,name,parent,level\n120000,甲市,,prefecture\n120001,乙县,120000,county\n120002,丙县,120000,county\n"
    (tmp_path / "divisions.csv").write_text(divisions, encoding="utf-8")
    settings.CITY = tmp_path
    assert [shape.name for shape in plane().shapes] == ["乙县", "丙县"] and "方格" in plane().note
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "divisions.csv").write_text(divisions, encoding="utf-8")
    (elsewhere / "map.yaml").write_text("label: 甲\nnote: 自绘\nsize: [9, 9]\npoints: {a: [0, 0]}\nareas: {'120001': {label: [1, 1], ring: [a]}}", encoding="utf-8")
    settings.CITY = elsewhere
    with pytest.raises(BadMap, match="120002"):
        plane()


def test_a_published_plan_shows_its_lights_and_each_target_opens_to_its_figure(leader):
    assert "还没有发布的规划" in text(leader.get("/cockpit/plan"))
    plan = a_plan_published()
    page = text(leader.get("/cockpit/plan"))
    assert plan.title in page and "暂无数据" in page
    target = plan.targets.order_by("position").first()
    registry._added.clear()  # as in a process that has not asked for the plan yet
    figure = text(leader.get(f"/cockpit/figures/{target.key}"))
    assert target.name in figure and "填报" in figure
    assert plan.title in text(leader.get("/cockpit/wall")) and plan.title in text(leader.get("/cockpit/"))
    assert "没有分解的指标" in text(leader.get("/cockpit/plan?division=330881"))
    assert target.key in {one["key"] for one in leader.get("/api/v1/indicators").json()}
