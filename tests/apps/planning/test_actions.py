"""From a document to a plan being watched: who may do what, what follows, what is recorded."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from renshe.apps.planning import queries
from renshe.apps.planning.actions import plans, targets, works
from renshe.apps.planning.models import Extract, Milestone, Plan, Reminder, Target
from renshe.apps.planning.terms import (
    ExtractKind,
    ExtractState,
    Light,
    PlanState,
    Resolution,
    SheetKind,
    WorkKind,
    WorkState,
)
from renshe.kernel.access.terms import Role
from renshe.kernel.common.verdict import Refused
from renshe.kernel.indicators import actions as indicators
from renshe.kernel.indicators import registry
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.notices.models import Notice
from tests.apps.planning.factories import YUNXI, a_plan_published, a_plan_read, a_plan_reviewed
from tests.factories import WHOLE_CITY, acting, an_officer

pytestmark = pytest.mark.django_db


def recorded(kind: str) -> int:
    return Leaf.objects.filter(kind=kind).count()


def refusal(raised) -> str:
    return "；".join(reason.text for reason in raised.value.reasons)


def test_the_same_file_is_taken_in_once():
    planner = an_officer(Role.PLANNER)
    first = a_plan_read(planner)
    again, new = plans.take_in(YUNXI.read_bytes(), "another-name.md", division="330800", account=planner)
    assert again == first and not new and Plan.objects.count() == 1
    assert recorded("planning.take_in") == 1
    assert Extract.objects.filter(plan=first).count() == len(set(Extract.objects.filter(plan=first).values_list("position", flat=True)))
    for one in Extract.objects.filter(plan=first):
        assert first.text[one.start : one.end] == one.quote


@pytest.mark.parametrize(("data", "name", "words"), [
    (b"%PDF-", "a.pdf", "PDF"), ("某市规划\n\n一、目标\n\n努力工作。".encode(), "a.txt", "起止年份"),
    ("某市“十五五”规划\n\n一、目标\n\n努力工作。".encode(), "a.txt", "没有读出"),
])
def test_what_is_no_plan_is_refused_and_nothing_kept(data, name, words):
    with pytest.raises(Refused) as raised:
        plans.take_in(data, name, division="330800", account=an_officer(Role.PLANNER))
    assert words in refusal(raised) and not Plan.objects.exists()


def test_an_officer_corrects_merges_and_drops():
    planner = an_officer(Role.PLANNER)
    plan, actor = a_plan_read(planner), acting(planner)
    indicator = plan.extracts.get(kind=ExtractKind.INDICATOR, number="4")
    changed = plans.judge(indicator.pk, ExtractState.CORRECTED, actor=actor, given={"goal": "96.5", "unit": "万人"})
    assert changed.state == ExtractState.CORRECTED and changed.correction == {"goal": "96.5"} and changed.said["goal"] == "96.5"
    same = plans.judge(indicator.pk, ExtractState.CORRECTED, actor=actor, given={"goal": "95"})
    assert same.state == ExtractState.KEPT and same.correction == {}
    with pytest.raises(Refused) as raised:
        plans.judge(indicator.pk, ExtractState.CORRECTED, actor=actor, given={"goal": "九十五"})
    assert "不是数字" in refusal(raised)
    one, other = plan.extracts.filter(kind=ExtractKind.PROMISE)[:2]
    assert plans.judge(one.pk, ExtractState.MERGED, actor=actor, into=other.pk).merged_into == other
    with pytest.raises(Refused):
        plans.judge(one.pk, ExtractState.MERGED, actor=actor, into=one.pk)
    assert plans.judge(other.pk, ExtractState.DROPPED, actor=actor).state == ExtractState.DROPPED


def test_what_the_reader_missed_is_added_by_hand_with_its_own_words():
    planner = an_officer(Role.PLANNER)
    plan, actor = a_plan_read(planner), acting(planner)
    given = {"subject": "五个县（市、区）都建成市场", "number": "5", "unit": "个", "scale": "1", "bound": "at_least", "timing": "term_end"}
    with pytest.raises(Refused, match="找不到"):
        plans.add(plan.pk, ExtractKind.PROMISE, given, "原文没有这句", actor=actor)
    with pytest.raises(Refused, match="请填目标数"):
        plans.add(plan.pk, ExtractKind.PROMISE, {**given, "number": ""}, "家门口就业", actor=actor)
    made = plans.add(plan.pk, ExtractKind.PROMISE, given, "家门口就业", actor=actor)
    assert plan.text[made.start : made.end] == "家门口就业" and made.path == ["第三章任务", "第一节稳住就业"]
    assert "家门口就业" in YUNXI.read_text("utf-8").splitlines()[made.line - 1]
    indicator = plans.add(plan.pk, ExtractKind.INDICATOR, {"name": "零工驿站", "unit": "个", "goal": "45", "sense": "level"}, "建成零工驿站45个", actor=actor)
    assert indicator.said["goal"] == "45" and recorded("planning.add") == 2


def test_a_review_is_closed_only_when_everything_is_decided():
    planner = an_officer(Role.PLANNER)
    plan, actor = a_plan_read(planner), acting(planner)
    with pytest.raises(Refused) as raised:
        plans.close_review(plan.pk, actor=actor)
    assert "没有审" in refusal(raised) and "不一致" in refusal(raised) and "责任单位" in refusal(raised)
    one = queries.contradictions(plan).first()
    with pytest.raises(Refused, match="以哪一处为准"):
        plans.decide(one.pk, Resolution.ONE, actor=actor)


def test_who_reviews_may_not_publish():
    reviewer, _publisher = an_officer(Role.PLANNER), an_officer(Role.PLANNER)
    plan, _ = a_plan_reviewed(reviewer)
    with pytest.raises(Refused) as raised:
        plans.publish(plan.pk, actor=acting(reviewer))
    assert "复核人不能发布自己复核的规划" in refusal(raised)
    with pytest.raises(IntegrityError):  # the database holds it too
        Plan.objects.filter(pk=plan.pk).update(published_by=reviewer)


def test_publishing_makes_targets_works_and_milestones():
    plan = a_plan_published()
    assert plan.state == PlanState.PUBLISHED and recorded("planning.publish") == 1
    rows = {one.name: one for one in queries.targets(plan)}
    assert len(rows) == 8 and sum(one.points for one in rows.values()) == Decimal(70)
    assert rows["新就业形态人员"].part_of == rows["工伤保险参保人数"]
    assert registry.indicator(rows["工伤保险参保人数"].key).unit == "万人"
    works_ = {one.name: one for one in queries.works(plan)}
    fairs = works_["组织专场招聘120场以上"]
    assert [(step.due_on.year, step.goal) for step in fairs.steps] == [(year, 120) for year in range(2026, 2031)]
    stations = works_["零工驿站45个"]
    assert [step.due_on for step in stations.steps] == [datetime.date(2028, 12, 31)]
    project = works_["零工市场改造"]
    assert project.kind == WorkKind.PROJECT and [step.due_on.year for step in project.steps] == [2028, 2028]
    plans.publish(plan.pk, actor=acting(an_officer(Role.PLANNER)))  # safe to repeat
    assert recorded("planning.publish") == 1


def test_of_readings_one_of_which_was_chosen_only_that_is_watched():
    reviewer = an_officer(Role.PLANNER)
    plan, _ = a_plan_reviewed(reviewer)
    plans.send_back(plan.pk, actor=acting(reviewer))
    one = next(one for one in queries.contradictions(plan) if len(one.readings) > 1)
    chosen = next(extract for extract in one.readings if extract.kind == ExtractKind.INDICATOR)
    plans.decide(one.pk, Resolution.ONE, chosen=chosen.pk, reason="以指标表为准", actor=acting(reviewer))
    plans.close_review(plan.pk, actor=acting(reviewer))
    plans.publish(plan.pk, actor=acting(an_officer(Role.PLANNER)))
    assert not plan.works.filter(name__contains="争议案件调解成功率").exists()
    assert plan.targets.filter(name="劳动人事争议调解成功率").exists()


def test_a_new_version_takes_the_place_of_the_old():
    old = a_plan_published()
    reviewer = an_officer(Role.PLANNER)
    changed = YUNXI.read_bytes().replace("不少于120场".encode(), "不少于150场".encode())
    new, fresh = plans.take_in(changed, "修订.md", division="330800", account=reviewer)
    assert fresh and new != old
    for kind in ExtractKind:
        plans.keep_rest(new.pk, kind, actor=acting(reviewer))
    office = queries.offices().first()
    plans.assign(list(new.extracts.values_list("pk", flat=True)), office, actor=acting(reviewer))
    for one in queries.contradictions(new):
        plans.decide(one.pk, Resolution.KEEP_BOTH, actor=acting(reviewer))
    plans.close_review(new.pk, actor=acting(reviewer))
    plans.publish(new.pk, actor=acting(an_officer(Role.PLANNER)))
    assert [one.state for one in (Plan.objects.get(pk=old.pk), Plan.objects.get(pk=new.pk))] == [PlanState.SUPERSEDED, PlanState.PUBLISHED]


def a_target(plan: Plan, name: str) -> Target:
    return queries.targets(plan).get(name=name)


def test_figures_need_the_owner_a_document_and_a_second_officer():
    contact, planner = an_officer(Role.CLERK), an_officer(Role.PLANNER)
    plan = a_plan_published(contact=contact)
    target = a_target(plan, "工伤保险参保人数")
    entry = {"division": "330800", "period": "2026-Q1", "value": "41.5", "document": "季报1号"}
    with pytest.raises(Refused):
        targets.report(target.pk, **entry, actor=acting(an_officer(Role.CLERK)))
    with pytest.raises(Refused):
        targets.report(target.pk, **{**entry, "document": " "}, actor=acting(contact))
    made = targets.report(target.pk, **entry, actor=acting(contact))
    on = datetime.date(2026, 3, 31)
    assert queries.watch([target], on, "330800", reader=WHOLE_CITY)[0].light is Light.NONE
    with pytest.raises(Refused):
        indicators.confirm(made.pk, actor=acting(contact))
    indicators.confirm(made.pk, actor=acting(planner))
    one = queries.watch([target], on, "330800", reader=WHOLE_CITY)[0]
    assert one.last.value == Decimal("41.5") and one.last.figure.document == "季报1号"
    assert one.light is Light.GREEN and one.expected < Decimal("41.5")  # 90 of 1826 days, 4.8 to gain: 0.24


def test_a_target_reads_the_platforms_own_records():
    plan = a_plan_published()
    target = a_target(plan, "工伤保险参保人数")
    targets.define(target.pk, key="insurance.injury", divisor=Decimal(10_000), source="参保登记", actor=acting(an_officer(Role.PLANNER)))
    indicators.refresh(keys=["insurance.injury"])
    target = a_target(plan, "工伤保险参保人数")
    one = queries.watch([target], queries.day_of(plan), "330800", reader=WHOLE_CITY)[0]
    assert one.last is not None and one.last.figure.origin == "computed"
    assert queries.declare(target).rows is not None  # opens to its rows


def test_schedules_and_splits_change_the_course():
    plan, planner = a_plan_published(), acting(an_officer(Role.PLANNER))
    target = a_target(plan, "工伤保险参保人数")
    with pytest.raises(Refused):
        targets.plot(target.pk, {datetime.date(2026, 12, 31): Decimal(44)}, "", actor=planner)
    targets.plot(target.pk, {datetime.date(2026, 12, 31): Decimal(44)}, "年度计划", actor=planner)
    course = queries.course_of(a_target(plan, "工伤保险参保人数"))
    assert course.yearly_goal(2026) == 44 and course.yearly_goal(2028) == 45
    with pytest.raises(Refused, match="少于全市目标"):
        targets.share_out(target.pk, {"330802": (Decimal(20), Decimal(22))}, "分解方案", actor=planner)
    targets.share_out(target.pk, {"330802": (Decimal(20), Decimal(23)), "330803": (Decimal(21), Decimal(23))}, "分解方案", actor=planner)
    rows = queries.by_county(a_target(plan, "工伤保险参保人数"), datetime.date(2026, 12, 31), reader=WHOLE_CITY)
    assert [(code, found is not None) for code, _, found in rows][:3] == [("330802", True), ("330803", True), ("330822", False)]
    assert rows[0][2].course.yearly_goal(2026) == 22  # half of the city's schedule


def test_a_milestone_needs_evidence_and_the_number_it_asks_for():
    contact = an_officer(Role.CLERK)
    plan = a_plan_published(contact=contact)
    work = queries.works(plan).get(name="组织专场招聘120场以上")
    step, today = work.steps[0], datetime.date(2026, 11, 1)
    for wrong in ({"evidence": " "}, {"reached": ""}, {"reached": "很多"}, {"done_on": datetime.date(2999, 1, 1)}):
        with pytest.raises(Refused):
            works.reach(step.pk, **{"done_on": today, "evidence": "通报3号", "reached": "131", **wrong}, actor=acting(contact))
    with pytest.raises(Refused):
        works.reach(step.pk, done_on=today, evidence="通报3号", reached="131", actor=acting(an_officer(Role.CLERK)))
    done = works.reach(step.pk, done_on=today, evidence="通报3号", reached="131", actor=acting(contact))
    assert done.reached == 131 and recorded("planning.reach") == 1
    with pytest.raises(Refused):
        works.move_milestone(step.pk, today, "推迟", actor=acting(contact))
    work = queries.works(plan).get(pk=work.pk)
    assert queries.work_state(work, datetime.date(2027, 6, 1)) is WorkState.GOING
    assert queries.work_state(work, datetime.date(2028, 6, 1)) is WorkState.LATE


def test_owners_are_reminded_once_a_week_however_often_it_runs():
    contact = an_officer(Role.CLERK)
    plan = a_plan_published(contact=contact)
    Notice.objects.all().delete()
    near = datetime.date(2026, 12, 20)
    told = works.remind(near)
    due = Milestone.objects.filter(work__plan=plan, due_on=datetime.date(2026, 12, 31)).count()
    assert told == due > 5 and Notice.objects.filter(account=contact).count() == 1
    assert works.remind(near) == 0 and works.remind(near + datetime.timedelta(hours=1)) == 0
    assert Reminder.objects.count() == due
    late = works.remind(datetime.date(2027, 1, 4))
    assert late == due and "逾期" in Notice.objects.filter(account=contact).latest("id").title
    call_command("plan", "remind", "--on", "2027-01-04")
    assert Reminder.objects.count() == 2 * due


def test_a_sheet_is_issued_once_and_stays_as_it_was():
    plan, planner = a_plan_published(), acting(an_officer(Role.PLANNER))
    content = {"title": "一", "rows": [["1"]]}
    first = works.issue(plan, SheetKind.YEAR, "2026", "330800", content, actor=planner)
    assert works.issue(plan, SheetKind.YEAR, "2026", "330800", content, actor=planner) == first
    other = works.issue(plan, SheetKind.YEAR, "2026", "330800", {**content, "rows": [["2"]]}, actor=planner)
    assert other != first and recorded("planning.issue") == 2


def test_the_command_takes_in_and_lists_what_it_could_not_read(tmp_path, capsys):
    an_officer(Role.PLANNER)
    planner = an_officer(Role.PLANNER)
    file = tmp_path / "plan.md"
    file.write_bytes(YUNXI.read_bytes() + "\n\n每年提供9辟服务。\n".encode())
    call_command("plan", "import", str(file), "--by", planner.username, "--unread", str(tmp_path / "unread.csv"))
    out = capsys.readouterr().out
    assert "主要指标8" in out and "没有读懂：第" in out and "数字9没有认出单位" in (tmp_path / "unread.csv").read_text("utf-8-sig")
    call_command("plan", "import", str(file), "--by", planner.username)
    assert "以前读过" in capsys.readouterr().out
    with pytest.raises(CommandError, match="没有“nobody”"):
        call_command("plan", "import", str(file), "--by", "nobody")
    with pytest.raises(CommandError, match="打不开"):
        call_command("plan", "import", str(tmp_path / "absent.md"), "--by", planner.username)
