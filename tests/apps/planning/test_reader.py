"""Reading plans: the seed plan whole, two fictional ones of other layouts, and any text at all."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renshe.apps.planning.reader import numbers, source
from renshe.apps.planning.reader.plan import read
from renshe.apps.planning.terms import Bound, Conflict, ExtractKind, Nature, Timing, Wording
from renshe.kernel.indicators.terms import Sense
from tests.apps.planning.fictional import shipu

YUNXI = (Path(__file__).parent / "yunxi.md").read_bytes()


@pytest.fixture(scope="module")
def seed_reading(seed):
    return read(seed, "plan.txt")


@pytest.fixture(scope="module")
def yunxi():
    return read(YUNXI, "yunxi.md")


@pytest.fixture(scope="module")
def stone():
    return read(shipu(), "shipu.docx")


def promised(reading, *words, number):
    """The promises whose subject holds the words and whose number is this."""
    return [
        one for one in reading.of(ExtractKind.PROMISE)
        if all(word in one.subject for word in words) and one.number == Decimal(str(number))
    ]


def test_the_seed_plan_is_read_whole(seed_reading):
    counts = {kind: len(seed_reading.of(kind)) for kind in ExtractKind}
    assert (seed_reading.first_year, seed_reading.last_year) == (2021, 2025)
    assert seed_reading.document_number.endswith("〔2021〕27号")
    assert counts[ExtractKind.INDICATOR] == 19 and counts[ExtractKind.ACHIEVEMENT] == 14
    assert counts[ExtractKind.BOX] == 10 and counts[ExtractKind.PROJECT] == 8 and counts[ExtractKind.TASK] == 3
    assert counts[ExtractKind.PROMISE] >= 60
    assert counts[ExtractKind.UNREAD] == 0
    printed = [one for one in seed_reading.of(ExtractKind.PROMISE) if one.wording is Wording.PRINTED]
    assert len(printed) >= 55


INDICATORS = (  # number, base, target, sense: table 2 of the seed plan
    ("1", "2", "2", Sense.YEARLY), ("2", None, "5.5", Sense.CEILING), ("3", None, "20", Sense.CUMULATIVE),
    ("4", "202", "204", Sense.LEVEL), ("5", "36", "39", Sense.LEVEL), ("6", "47", "62", Sense.LEVEL),
    ("7", "14.81", "16.50", Sense.LEVEL), ("8", "1.02", "1.24", Sense.LEVEL), ("9", None, "1.7", Sense.CUMULATIVE),
    ("10", "8", "10", Sense.YEARLY), ("11", "37", "40", Sense.LEVEL), ("12", "11.6", "14", Sense.LEVEL),
    ("13", None, "6", Sense.CUMULATIVE), ("14", None, "3", Sense.CUMULATIVE), ("15", "78", "80", Sense.FLOOR),
    ("16", "95", "96", Sense.FLOOR), ("17", "98", "99", Sense.FLOOR), ("18", "273", "278", Sense.LEVEL),
    ("19", "50", "80", Sense.FLOOR),
)


def test_the_seed_plans_indicators(seed_reading):
    read_as = [
        (one.number, one.base.number and str(one.base.number), str(one.target.number), one.sense)
        for one in seed_reading.of(ExtractKind.INDICATOR)
    ]
    assert read_as == list(INDICATORS)
    assert all(one.nature is Nature.EXPECTED and one.target_year == 2025 for one in seed_reading.of(ExtractKind.INDICATOR))
    groups = list(dict.fromkeys(one.group for one in seed_reading.of(ExtractKind.INDICATOR)))
    assert groups == ["公共就业", "社会保障", "人事人才", "劳动关系", "公共服务"]
    parts = {one.number: one.part_of for one in seed_reading.of(ExtractKind.INDICATOR) if one.part_of}
    assert set(parts) == {"8", "14", "19"}


def test_the_seed_plans_former_achievements(seed_reading):
    done = {one.number: one.done.printed for one in seed_reading.of(ExtractKind.ACHIEVEMENT)}
    assert done["1"] == "25.22" and done["4"] == "99" and done["12"] == "98" and done["14"] == "98"
    ratio = next(one for one in seed_reading.of(ExtractKind.ACHIEVEMENT) if one.number == "10")
    assert ratio.target.number is None and ratio.target.printed.startswith("8")


@pytest.mark.parametrize(("words", "number", "unit", "bound", "timing"), [
    (("城镇新增就业",), 2, "人次", Bound.AT_LEAST, Timing.YEARLY), (("失业人员再就业",), 1, "人", Bound.EXACT, Timing.YEARLY),
    (("调查失业率",), "5.5", "%", Bound.AT_MOST, Timing.YEARLY), (("登记失业率",), "3.5", "%", Bound.AT_MOST, Timing.YEARLY),
    (("高校毕业生", "就业率"), 95, "%", Bound.AT_LEAST, Timing.YEARLY), (("技能劳动者",), 26, "%", Bound.ABOUT, Timing.TERM_END),
    (("人力资源服务机构",), 250, "家", Bound.AT_LEAST, Timing.TERM_END), (("最低工资标准",), 3, "档", Bound.AT_LEAST, Timing.TERM_END),
    (("未就业率",), 5, "%", Bound.AT_MOST, Timing.YEARLY), (("市级见习示范基地",), 5, "家", Bound.EXACT, Timing.EVERY_YEARS),
    (("见习", "基地"), 100, "家", Bound.EXACT, Timing.TERM_TOTAL), (("毕业生参加就业见习",), 600, "名", Bound.AT_LEAST, Timing.YEARLY),
    (("公益性岗位",), 12000, "个", Bound.EXACT, Timing.TERM_TOTAL), (("高质量就业社区",), 520, "家", Bound.EXACT, Timing.UNSAID),
    (("国家级创业孵化",), 1, "家", Bound.EXACT, Timing.TERM_END), (("省级创业孵化",), 7, "家", Bound.EXACT, Timing.TERM_END),
    (("入园企业",), 40, "家", Bound.AT_LEAST, Timing.TERM_END), (("产值",), 50, "元", Bound.AT_LEAST, Timing.TERM_TOTAL),
    (("税收",), 1, "元", Bound.AT_LEAST, Timing.TERM_END), (("岗位培训",), 1, "次", Bound.AT_LEAST, Timing.EVERY_YEARS),
    (("博士后科研工作站",), 80, "家", Bound.AT_LEAST, Timing.TERM_END), (("技能大师工作室",), 15, "家", Bound.EXACT, Timing.YEARLY),
    (("仲裁", "结案率"), 96, "%", Bound.AT_LEAST, Timing.YEARLY), (("仲裁", "结案率"), 98, "%", Bound.AT_LEAST, Timing.YEARLY),
    (("基层化解率",), 80, "%", Bound.AT_LEAST, Timing.UNSAID), (("补贴类", "培训"), 10, "人次", Bound.EXACT, Timing.UNSAID),
    (("杰出技能人才",), 15, "名", Bound.EXACT, Timing.UNSAID), (("拔尖技能人才",), 100, "名", Bound.EXACT, Timing.UNSAID),
    (("调解员业务培训",), 2, "次", Bound.EXACT, Timing.YEARLY), (("不发生", "撤销"), 0, "起", Bound.AT_MOST, Timing.UNSAID),
    (("企业调解员",), 1, "名", Bound.AT_LEAST, Timing.UNSAID), (("仲裁案件调解率",), 85, "%", Bound.AT_LEAST, Timing.UNSAID),
])
def test_the_seed_plans_promises(seed_reading, words, number, unit, bound, timing):
    found = promised(seed_reading, *words, number=number)
    assert any((one.unit, one.bound, one.timing) == (unit, bound, timing) for one in found), found


def test_names_and_looks_back_are_no_promises(seed_reading):
    subjects = [one.subject for one in seed_reading.of(ExtractKind.PROMISE)]
    assert not [one for one in subjects if "115" in one or "返乡农民创业基地" in one or "1+3" in one]
    assert not promised(seed_reading, "大学生创业园", number=9)  # built before the plan


def test_the_seed_plans_contradictions_stand_side_by_side(seed_reading):
    def numbers_of(one):
        items = [seed_reading.found[at][1] for at in one.readings]
        return {str((item.target if hasattr(item, "target") else item).number) for item in items}

    by_subject = {one.subject: (one.kind, numbers_of(one)) for one in seed_reading.contradictions}
    assert by_subject["劳动人事争议仲裁结案率"] == (Conflict.NUMBER, {"96", "98"})
    assert by_subject["劳动人事争议调解成功率"] == (Conflict.NUMBER, {"80", "85"})
    assert by_subject["职业技能培训人次"] == (Conflict.SCOPE, {"4", "20", "10"})
    assert by_subject["城镇调查失业率"] == (Conflict.BOUND, {"5.5"})
    assert by_subject["城镇新增就业人数"][0] is Conflict.BASE_MET
    assert any(kind is Conflict.PERIOD and "技能大师工作室" in subject for subject, (kind, _) in by_subject.items())
    assert any(kind is Conflict.NAME and "115人才工程" in subject for subject, (kind, _) in by_subject.items())
    assert len(seed_reading.contradictions) == 7


def test_the_seed_plans_projects_and_tasks(seed_reading):
    entries = {one.number: (len(one.measures), len(one.steps), len(one.goals)) for one in seed_reading.of(ExtractKind.PROJECT)}
    assert entries == {"1": (3, 5, 1), "2": (4, 4, 1), "3": (7, 5, 2), "4": (6, 1, 4), "5": (3, 3, 3), "6": (5, 4, 3), "7": (1, 1, 1), "8": (3, 5, 5)}
    assert [len(one.tasks) for one in seed_reading.of(ExtractKind.TASK)] == [8, 5, 5]
    assert [len(one.actions) for one in seed_reading.of(ExtractKind.BOX)] == [7, 3, 4, 3, 4, 7, 5, 3, 8, 6]


def test_every_place_points_at_its_words(seed, seed_reading, yunxi, stone):
    for reading in (seed_reading, yunxi, stone):
        for _, one in reading.found:
            assert reading.text[one.place.start : one.place.end] == one.place.quote
    lines = seed.decode().splitlines()
    for one in seed_reading.of(ExtractKind.PROMISE):  # and the line of the file holds the beginning
        assert source.clean(one.place.quote)[:6] in source.clean(lines[one.place.line - 1]), one


def test_a_plan_of_another_city_in_markdown(yunxi):
    assert (yunxi.title, yunxi.first_year, yunxi.last_year) == ("云溪市人力资源和社会保障事业发展规划（2026—2030年）", 2026, 2030)
    rows = {one.name: one for one in yunxi.of(ExtractKind.INDICATOR)}
    assert len(rows) == 8 and not yunxi.of(ExtractKind.UNREAD)
    assert rows["城镇新增就业"].sense is Sense.CUMULATIVE  # brackets mark sums of the term
    assert rows["新就业形态人员"].part_of == "工伤保险参保人数" and rows["新就业形态人员"].number == "5-1"
    assert rows["工伤保险参保人数"].nature is Nature.BINDING and rows["工伤保险参保人数"].owner == "工伤保险处"
    assert rows["城镇调查失业率"].target.bound is Bound.AT_MOST and rows["城镇调查失业率"].group == "就业"
    assert [(one.title, [action.text for action in one.actions]) for one in yunxi.of(ExtractKind.BOX)] == [
        ("就业服务行动", ["驿站", "见习"]), ("技能强市行动", ["平台", "竞赛"]),
    ]
    project = yunxi.of(ExtractKind.PROJECT)[1]
    assert (project.name, project.owner, project.period) == ("公共实训中心", "职业能力处", "2026—2029年")
    assert [len(one.tasks) for one in yunxi.of(ExtractKind.TASK)] == [2, 3]
    assert promised(yunxi, "零工驿站", number=45)[0].timing is Timing.BY_YEAR
    assert promised(yunxi, "帮扶就业困难人员", number="2.4")[0].amount == 24000
    assert not promised(yunxi, "公共实训基地", number=12)  # the past five years
    assert [one.subject for one in yunxi.contradictions if one.kind is Conflict.NUMBER] == ["劳动人事争议调解成功率"]


def test_a_plan_of_another_county_in_word(stone):
    rows = stone.of(ExtractKind.INDICATOR)
    assert [(one.number, one.group, one.target.bound) for one in rows] == [
        ("1", "参保", Bound.EXACT), ("2", "参保", Bound.EXACT), ("3", "服务", Bound.AT_LEAST), ("4", "服务", Bound.AT_MOST),
    ]
    assert rows[3].sense is Sense.CEILING
    assert [action.text for action in stone.of(ExtractKind.BOX)[0].actions] == ["扶持", "场所"]
    assert promised(stone, "创业担保贷款", number="1.5")[0].amount == 150_000_000
    assert stone.of(ExtractKind.PROJECT)[0].owner == "就业中心"
    assert [one.words for one in stone.of(ExtractKind.UNREAD)] == ["图中另有说明12项"]
    assert [one.subject for one in stone.contradictions if one.kind is Conflict.NUMBER] == ["社会保障卡申领率"]


@pytest.mark.parametrize(("data", "name", "words"), [
    (b"", "a.txt", "空的"), (b"%PDF-1.7 ...", "a.pdf", "PDF"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "另存为"),
    (b"PK\x03\x04 broken", "a.docx", "损坏"), (b"words", "a.exe", "只收"), (b" \n \n#\n", "a.md", "没有文字"),
])
def test_a_file_that_cannot_be_read_says_what_to_do(data, name, words):
    with pytest.raises(source.Unreadable, match=words):
        read(data, name)


def test_old_chinese_codings_are_read():
    reading = read("某县规划\n\n一、目标\n\n每年培训300人次以上。".encode("gb18030"), "a.txt")
    assert promised(reading, "培训", number=300)


@pytest.mark.parametrize(("printed", "number", "bound"), [
    ("≥98", "98", Bound.AT_LEAST), ("<4", "4", Bound.AT_MOST), ("5.5左右", "5.5", Bound.ABOUT), ("不超过3", "3", Bound.AT_MOST),
    ("98以上", "98", Bound.AT_LEAST), ("１２,０００", "12000", Bound.EXACT), ("〔31〕", "31", Bound.EXACT), ("——", None, Bound.EXACT),
    ("8: 27: 65", None, Bound.EXACT), ("待定", None, Bound.EXACT),
])
def test_values_as_printed(printed, number, bound):
    value = numbers.value(printed)
    assert value.number == (None if number is None else Decimal(number)) and value.bound is bound


LETTERS = st.sampled_from("一二三四五（）()专栏附件表12345678.0%万亿人家年到每、。；，：|#>*\t\n “”《》十五末期间指标目标基数项目名称主要内容序号属性")


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.text(LETTERS, max_size=400), st.text(max_size=200)), st.sampled_from(["a.txt", "a.md"]))
def test_any_text_is_read_or_refused_and_places_hold(text, name):
    try:
        reading = read(text.encode("utf-8", "surrogatepass"), name)
    except source.Unreadable:
        return
    for _, one in reading.found:
        assert reading.text[one.place.start : one.place.end] == one.place.quote
    assert "\x00" not in reading.text


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 99_999), st.sampled_from(["", "万"]), st.sampled_from(["家", "人次", "个", "名", "%"]),
    st.sampled_from(["每年", "到“十四五”末，", "累计"]), st.sampled_from(["", "以上", "左右", "以下"]),
)
def test_a_promise_written_is_a_promise_read(number, scale, unit, lead, tail):
    text = f"某市规划\n\n一、任务\n\n{lead}新建服务网点{number}{scale if unit != '%' else ''}{unit}{tail}。"
    found = read(text.encode(), "a.txt").of(ExtractKind.PROMISE)
    assert [one.number for one in found] == [number]
    assert found[0].unit == unit and re.search("新建服务网点", found[0].subject)
    assert found[0].bound is {"": Bound.EXACT, "以上": Bound.AT_LEAST, "左右": Bound.ABOUT, "以下": Bound.AT_MOST}[tail]
