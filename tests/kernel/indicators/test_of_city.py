"""Figures of the columnar city: there once its tables are, right to the row, followed when a table changes."""

import polars as pl
import pytest

from renshe.city import columns
from renshe.city.shape import city
from renshe.kernel.access.terms import Role
from renshe.kernel.frames import reading, writing
from renshe.kernel.indicators import actions, queries
from renshe.kernel.indicators.models import Figure, Freshness
from renshe.kernel.indicators.of_city import INDICATORS
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.indicators.terms import Theme
from renshe.kernel.indicators.territory import territory
from tests.factories import WHOLE_CITY, an_officer, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
CITY = "330800"


@pytest.fixture
def frames(settings, tmp_path):
    settings.FRAMES = tmp_path
    columns.build(city(1500, 3, "2026-10"), lambda done, of: None)


def test_without_tables_there_is_no_figure_and_not_nought(settings, tmp_path):
    settings.FRAMES = tmp_path
    assert not {one.key for one in INDICATORS} & set(actions.refresh())
    leader = signed_in(an_officer(Role.LEADER))
    assert "没有可以统计的记录" in leader.get("/cockpit/figures/insurance.covered").content.decode()
    assert leader.get("/cockpit/figures/insurance.covered/rows").status_code == 200


def test_every_figure_is_its_rows_in_every_county_and_every_field_has_one(frames):
    actions.refresh()
    assert not {key: one.fault for key, one in queries.freshness().items() if one.fault}
    board = queries.board(reader=WHOLE_CITY)
    assert {one.theme for one in INDICATORS} == set(Theme) - {Theme.PLAN, Theme.SERVICE}
    for one in INDICATORS:
        figure = board[one.key, CITY]
        if one.unit in ("人", "%") and one.key != "relations.site_wages":
            rows = one.rows.find(CITY, one.period())
            assert rows.count() == (figure.denominator if one.is_share else figure.value), one.key
            assert all(len(one.rows.cells(row)) == len(one.rows.titles) for row in rows[:3])
        if not one.is_share:
            assert figure.value == sum(board[one.key, code].value for code in territory().counties), one.key
    alone = reading.scan("persons").filter(pl.col("scheme").is_not_null(), pl.col("county") == 330881).select(pl.len()).collect().item()
    assert board["insurance.covered", "330881"].value == alone > 0
    assert board["fund.bases", CITY].period == "2026-10" and board["employment.new", CITY].period == "2026"


def test_a_table_replaced_moves_its_figures_and_no_others(frames):
    actions.refresh()
    Freshness.objects.update(took_ms=0)
    assert actions.refresh() == []
    before = Figure.objects.get(indicator="talent.skilled", division=CITY).value
    kept = reading.whole("talents").filter(pl.col("skill").is_null())
    writing.write("talents", kept)
    moved = set(actions.refresh())
    assert moved == {key for key, one in indicators().items() if "talents" in one.frames}
    assert Figure.objects.get(indicator="talent.skilled", division=CITY).value == 0 < before


def test_a_leader_opens_a_figure_of_the_columns_to_its_rows(frames):
    actions.refresh()
    leader = signed_in(an_officer(Role.LEADER))
    assert "专业技术人才" in leader.get("/cockpit/wall").content.decode()
    page = leader.get("/cockpit/figures/talent.professionals").content.decode()
    assert "列式全市数据：人才与技能" in page and "2026年10月" in page
    rows = leader.get("/cockpit/figures/talent.professionals/rows?division=330803&period=2026-10").content.decode()
    assert "professional" in rows and "衢江区" in rows and "柯城区</td>" not in rows
    assert leader.get("/api/v1/indicators/talent.professionals/rows?period=2026-10").json()["count"] > 10
