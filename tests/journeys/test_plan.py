"""A plan's life by HTTP: brought, reviewed beside its text, published by another, reported, assessed, evaluated."""

import io
import re

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renshe.apps.planning.models import Assessment, Contradiction, Extract, Milestone, Office, Plan
from renshe.apps.planning.terms import ExtractKind
from renshe.kernel.access.terms import Role
from renshe.kernel.indicators.models import FigureEntry
from renshe.kernel.ledger.models import Leaf
from tests.apps.planning.factories import YUNXI, a_plan_published
from tests.apps.planning.fictional import shipu
from tests.factories import an_officer, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def text(response) -> str:
    return response.content.decode()


def brought(client: Client, data: bytes, name: str):
    return client.post("/desk/plans/", {"plan": SimpleUploadedFile(name, data)})


def test_two_planners_bring_review_and_publish_a_plan():
    one, other, clerk = an_officer(Role.PLANNER, name="甲"), an_officer(Role.PLANNER, name="乙"), an_officer(Role.CLERK, name="丙")
    first, second = signed_in(one), signed_in(other)
    answer = brought(first, shipu(), "石浦.docx")
    plan = Plan.objects.get()
    review = f"/desk/plans/{plan.pk}/review"
    assert answer.status_code == 302 and answer.headers["Location"] == review
    again = shipu(saved=1)  # saved anew: other bytes, the same words
    assert again != shipu() and brought(second, again, "改名.docx").headers["Location"] == f"{review}?same=1"
    assert "没有重复导入" in text(second.get(f"{review}?same=1")) and Plan.objects.count() == 1
    page = text(first.get(f"{review}?kind=indicator"))
    assert "社会保障卡申领率" in page and 'class="read promise"' in page and "待审" in page
    indicator = plan.extracts.get(kind=ExtractKind.INDICATOR, number="2")
    wrong = first.post(review, {"deed": "judge", "extract": indicator.pk, "state": "corrected", "goal": "七点五"})
    assert wrong.status_code == 422 and "不是数字" in text(wrong)
    first.post(review, {"deed": "judge", "extract": indicator.pk, "state": "corrected", "goal": "7.8"})
    assert first.post(review, {"deed": "close"}).status_code == 422  # much is undecided
    missed = {"deed": "add", "kind": "promise", "subject": "送岗位", "number": "9000", "unit": "个", "quote": "没有这句话"}
    assert "找不到" in text(first.post(f"{review}?kind=promise", missed))
    assert first.post(f"{review}?kind=promise", {**missed, "quote": "每年为企业送岗位不少于9000个"}).status_code == 302
    first.post("/desk/plans/offices", {"name": "就业中心", "division": "330800", "username": clerk.username})
    office = Office.objects.get()
    for kind in ExtractKind:
        first.post(review, {"deed": "keep_rest", "kind": kind})
        first.post(review, {"deed": "assign_rest", "kind": kind, "office": office.pk})
    for conflict in Contradiction.objects.filter(plan=plan):
        readings = list(conflict.extracts.order_by("position"))
        answer = first.post(f"/desk/plans/{plan.pk}/contradictions", {"contradiction": conflict.pk, "resolution": "one", "chosen": "", "reason": ""})
        assert answer.status_code == 422
        first.post(f"/desk/plans/{plan.pk}/contradictions", {
            "contradiction": conflict.pk, "resolution": "one", "chosen": readings[0].pk, "reason": "以正文为准"})
    assert first.post(review, {"deed": "close"}).status_code == 302
    refused = first.post(review, {"deed": "publish"})
    assert refused.status_code == 422 and "复核人不能发布自己复核的规划" in text(refused)
    assert second.post(review, {"deed": "publish"}).headers["Location"] == f"/desk/plans/{plan.pk}"
    board = text(second.get(f"/desk/plans/{plan.pk}"))
    assert "7.8" in board and "就业中心" in board and "暂无数据" in board
    assert first.post(review, {"deed": "judge", "extract": indicator.pk, "state": "kept"}).status_code == 422  # closed for good
    assert "已发布" in text(signed_in(clerk).get("/desk/inbox"))
    kinds = set(Leaf.objects.values_list("kind", flat=True))
    assert {"planning.take_in", "planning.judge", "planning.decide", "planning.close_review", "planning.publish"} <= kinds


def test_a_file_that_is_no_plan_gets_words_and_nothing_is_kept():
    client = signed_in(an_officer(Role.PLANNER))
    for data, name, words in ((b"%PDF-1.4", "a.pdf", "PDF"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "另存为"), (b"hello", "a.md", "起止年份")):
        answer = brought(client, data, name)
        assert answer.status_code == 422 and words in text(answer)
    assert client.post("/desk/plans/", {}).status_code == 422 and not Plan.objects.exists()


def test_an_owner_reports_another_confirms_and_the_light_changes():
    owner, stranger, planner = an_officer(Role.CLERK), an_officer(Role.CLERK), an_officer(Role.PLANNER)
    plan = a_plan_published(contact=owner)
    target = plan.targets.get(name="工伤保险参保人数")
    address = f"/desk/plans/targets/{target.pk}"
    entry = {"deed": "report", "division": "330800", "period": "2026-Q1", "value": "41.2", "document": "季报1号"}
    assert "工伤保险参保人数" in text(signed_in(owner).get("/desk/plans/duties"))
    assert signed_in(stranger).post(address, entry).status_code == 422
    assert signed_in(owner).post(address, {**entry, "value": "很多"}).status_code == 422
    assert signed_in(owner).post(address, entry).status_code == 302
    number = FigureEntry.objects.get().pk
    assert signed_in(owner).post(address, {"deed": "confirm", "entry": number}).status_code == 422
    assert signed_in(planner).post(address, {"deed": "confirm", "entry": number}).status_code == 302
    page = text(signed_in(planner).get(f"{address}?on=2026-Q1"))
    assert "滞后" in page and "季报1号" in page and "只有1期数据" in page and "<svg class=\"chart\"" in page
    assert "季报1号" in text(Client().get(f"/open/plans/{plan.pk}"))
    found = Client().get(f"/api/v1/plans/{plan.pk}").json()
    row = next(one for one in found["targets"] if one["name"] == "工伤保险参保人数")
    assert row["figures"] == [{"period": "2026-Q1", "value": "41.2", "expected": row["figures"][0]["expected"], "origin": "entered", "document": "季报1号", "exact": True}]
    assert signed_in(owner).post(address, {"deed": "define", "definition": "x"}).status_code == 422  # planners define


def test_a_planner_defines_schedules_and_splits_by_page():
    planner = signed_in(an_officer(Role.PLANNER))
    plan = a_plan_published()
    target = plan.targets.get(name="工伤保险参保人数")
    address = f"/desk/plans/targets/{target.pk}"
    given = {"deed": "define", "definition": "期末参加工伤保险的人数", "formula": "期末时点数", "source": "参保登记", "key": "insurance.injury",
             "divisor": "10000", "frequency": "quarterly", "points": "12.5", "office": ""}
    assert planner.post(address, {**given, "divisor": "-1"}).status_code == 422
    assert planner.post(address, given).status_code == 302
    assert "平台记录：工伤保险参保人数" in text(planner.get(address)) and "数字背后的记录" in text(planner.get(address))
    assert planner.post(address, {"deed": "plot", "year2026": "44", "document": ""}).status_code == 422
    planner.post(address, {"deed": "plot", "year2026": "44", "document": "年度计划"})
    planner.post(address, {"deed": "share", "goal330802": "30", "goal330803": "16", "document": "分解方案"})
    county = text(planner.get(f"{address}?division=330802"))
    assert "柯城区" in county and "30" in county
    assert "没有分解任务" in text(planner.get(f"{address}?division=330822"))
    assert planner.post(address, {"deed": "share", "goal330802": "1", "document": "少了"}).status_code == 422


def test_milestones_are_reported_with_evidence_moved_with_reason_and_stopped():
    owner, planner = an_officer(Role.CLERK), an_officer(Role.PLANNER)
    plan = a_plan_published(contact=owner)
    work = plan.works.get(name="组织专场招聘120场以上")
    step = Milestone.objects.filter(work=work).earliest("due_on")
    address = f"/desk/plans/works/{work.pk}"
    assert signed_in(owner).post(address, {"deed": "reach", "milestone": step.pk, "done_on": "2026-11-01", "evidence": "", "reached": "130"}).status_code == 422
    assert signed_in(owner).post(address, {"deed": "reach", "milestone": step.pk, "done_on": "2026-11-01", "evidence": "通报9号", "reached": "130"}).status_code == 302
    assert "通报9号" in text(signed_in(owner).get(address))
    last = Milestone.objects.filter(work=work).latest("due_on")
    assert signed_in(owner).post(address, {"deed": "move", "milestone": last.pk, "due_on": "2031-01-31", "reason": "顺延"}).status_code == 422
    assert signed_in(planner).post(address, {"deed": "move", "milestone": last.pk, "due_on": "2031-01-31", "reason": ""}).status_code == 422
    assert signed_in(planner).post(address, {"deed": "move", "milestone": last.pk, "due_on": "2031-01-31", "reason": "顺延"}).status_code == 302
    signed_in(planner).post(address, {"deed": "add", "name": "中期小结", "due_on": "2028-06-30"})
    assert "中期小结" in text(signed_in(planner).get(address))
    signed_in(planner).post(address, {"deed": "stop", "reason": "政策调整"})
    assert "政策调整" in text(signed_in(planner).get(address))
    listed = text(signed_in(planner).get(f"/desk/plans/{plan.pk}/works?q=专场"))
    assert "已终止" in listed
    book = openpyxl.load_workbook(io.BytesIO(signed_in(planner).get(f"/desk/plans/{plan.pk}/works?export=1").content))
    assert any("通报9号" in str(row) for row in book.active.iter_rows(values_only=True))


def test_sheets_and_evaluations_come_as_office_files_with_every_figure_traceable():
    planner, other = an_officer(Role.PLANNER), an_officer(Role.PLANNER)
    plan = a_plan_published(contact=planner)
    target = plan.targets.get(name="工伤保险参保人数")
    signed_in(planner).post(f"/desk/plans/targets/{target.pk}", {"deed": "report", "division": "330800", "period": "2026-Q3", "value": "44", "document": "三季度报表"})
    signed_in(other).post(f"/desk/plans/targets/{target.pk}", {"deed": "confirm", "entry": FigureEntry.objects.get().pk})
    client, address = signed_in(planner), f"/desk/plans/{plan.pk}/sheet?kind=quarter&period=2026-Q3"
    page = text(client.get(address))
    assert "三季度报表" in page and "达到进度" in page
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}&export=1").content))
    rows = list(book["指标"].iter_rows(values_only=True))
    assert "季度监测考核表" in rows[0][0] and any(row[1] == "工伤保险参保人数" and row[7] == "44" and row[11] == "三季度报表" for row in rows)
    client.post(address, {})
    client.post(address, {})
    assert Assessment.objects.count() == 1
    yearly = text(client.get(f"/desk/plans/{plan.pk}/sheet?kind=year&period=2026"))
    assert "总分" in yearly and "本年未报" in yearly
    report = f"/desk/plans/{plan.pk}/evaluation?review=midterm&on=2026"
    word = docx.Document(io.BytesIO(client.get(f"{report}&form=word").content))
    said = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "中期评估报告（初稿）" in said and "监测指标8个" in said
    cells = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    mark = re.fullmatch(r"44\[(\d+)\]", next(row[6] for row in cells if row[1] == "工伤保险参保人数"))
    sources = {row.cells[0].text: [cell.text for cell in row.cells] for row in word.tables[-1].rows}
    assert mark and "三季度报表" in sources[mark[1]][3] and f"/desk/plans/targets/{target.pk}" in sources[mark[1]][4]
    used = {number for row in cells for cell in row for number in re.findall(r"\[(\d+)\]", cell)}
    assert used <= set(sources)
    pdf = client.get(f"{report}&form=pdf").content
    assert pdf.startswith(b"%PDF-") and len(pdf) > 20_000


def test_the_text_shows_what_was_read_and_exports_it():
    planner = signed_in(an_officer(Role.PLANNER))
    brought(planner, YUNXI.read_bytes(), "yunxi.md")
    plan = Plan.objects.get()
    page = text(planner.get(f"/desk/plans/{plan.pk}/review?kind=promise"))
    for one in Extract.objects.filter(plan=plan, kind=ExtractKind.PROMISE)[:50]:
        assert f'id="i{one.pk}"' in page and f'id="t{one.pk}"' in page
    assert planner.get(f"/desk/plans/{plan.pk}/file").content == YUNXI.read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(planner.get(f"/desk/plans/{plan.pk}/review?kind=promise&export=1").content))
    assert book.active.max_row == Extract.objects.filter(plan=plan, kind=ExtractKind.PROMISE).count() + 1
    assert Client().get(f"/open/plans/{plan.pk}").status_code == 404  # not yet published
    assert Client().get(f"/api/v1/plans/{plan.pk}").status_code == 404
