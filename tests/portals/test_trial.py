"""The trial calculation of a policy as a person fills it in: what is left out stays out, lists are written as lists."""

import pytest

from renshe.kernel.policy.registry import policies
from renshe.portals.open.views.policies import TOPICS

pytestmark = pytest.mark.django_db


def page(client, name: str, **filled: str):
    answer = client.get(f"/open/policies/{name}", filled)
    return answer.status_code, answer.content.decode()


def test_what_is_not_filled_in_is_not_judged(client) -> None:
    status, text = page(client, "unemployment_right", paid_months="9", registered="", re_employed="")
    assert status == 200 and "每月连续缴费，到" in text
    assert text.count('class="alert alert-warning"') == 1  # only the months were given, so only they are judged


def test_several_injuries_are_written_with_commas(client) -> None:
    status, text = page(client, "injury_regraded", own_wage="6000", grades="9，7", on="2026-11-24")
    assert status == 200 and "54,000.00元、78,000.00元" in text and "84,330.00元" in text


def test_survivors_are_written_in_chinese(client) -> None:
    status, text = page(client, "injury_survivors", own_wage="6000", survivors="配偶 子女 子女 父母或其他供养亲属")
    assert status == 200 and "7,800.00元" in text and "6,000.00元" in text


def test_records_are_pasted_from_a_worksheet(client) -> None:
    status, text = page(client, "contribution_index", rows="2024-01\t8020\n2024-02\t8310\n")
    assert status == 200 and "怎样算出来的" in text


def test_a_line_with_a_column_missing_is_named(client) -> None:
    status, text = page(client, "contribution_index", rows="2024-01 8020\n2024-02")
    assert status == 422 and "第2行：有1项，应为2项（缴费月份、缴费基数）" in text
    assert "2024-01 8020" in text  # nothing filled in is lost


def test_the_day_decides_the_law(client) -> None:
    assert "50.00元" in page(client, "late_fee", owed="10000", days="10", on="2026-11-24")[1]
    assert "200.00元" in page(client, "late_fee", owed="10000", days="10", on="2010-06-01")[1]
    status, text = page(client, "late_fee", owed="10000", days="10", on="昨天")
    assert status == 422 and "测算日期" in text


def test_a_choice_in_a_table_reads_in_chinese(client) -> None:
    assert "<td>家政服务人员</td>" in page(client, "single_injury_cover")[1]


def test_the_form_says_what_is_assumed(client) -> None:
    text = page(client, "injury_benefit")[1]
    assert "不填按5计" in text and "不填则由其他各项推算" in text


def test_every_policy_stands_under_a_heading(client) -> None:
    assert {one.topic for one in policies().values()} <= set(TOPICS)
    text = client.get("/open/policies").content.decode()
    assert [topic for topic in TOPICS if f"<h2>{topic}</h2>" in text] == list(TOPICS)
    found = client.get("/open/policies", {"q": "工伤"}).content.decode()
    assert "<h2>工伤保险</h2>" in found and "<h2>养老保险</h2>" not in found
    assert "没有查到" in client.get("/open/policies", {"q": "星际旅行"}).content.decode()
