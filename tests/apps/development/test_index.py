"""The development index: points that add up, an order that says how firm it is, figures that are doubted in time."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from renshe.apps.development import actions, queries, rules
from renshe.apps.development.rules import Measure, Scheme
from renshe.apps.development.terms import Dimension, Doubt, Sureness
from renshe.kernel.access.terms import Role
from renshe.kernel.cases import actions as cases
from renshe.kernel.cases.models import Case
from renshe.kernel.common.verdict import Refused
from renshe.kernel.indicators import actions as indicators
from renshe.kernel.indicators.models import Figure, Trail
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.registry import indicators as known
from renshe.kernel.indicators.terms import Frequency
from renshe.kernel.ledger import actions as ledger
from tests.factories import WHOLE_CITY, acting, an_officer, signed_in
from tests.kernel.indicators.test_indicators import hire, moved

VALUES = st.decimals(-50, 150, places=2)
FIVE = st.lists(st.integers(1, 50), min_size=5, max_size=5)


def scheme(weights=(20, 20, 20, 20, 20)):
    measures = {one: (Measure(f"{one}.a", Fraction(60), Decimal(0), Decimal(100)), Measure(f"{one}.b", Fraction(40), Decimal(10), Decimal(0))) for one in Dimension}
    return Scheme(dict(zip(Dimension, map(Fraction, weights), strict=True)), measures)


def everywhere(a, b=0):
    return {f"{one}.{letter}": Decimal(value) for one in Dimension for letter, value in (("a", a), ("b", b))}


@given(VALUES, VALUES)
def test_points_run_from_nought_to_a_hundred_and_never_fall_as_the_figure_gets_better(one, other):
    low, high = sorted((one, other))
    assert 0 <= rules.points(low, Decimal(0), Decimal(100)) <= rules.points(high, Decimal(0), Decimal(100)) <= 100
    assert rules.points(low, Decimal(10), Decimal(0)) >= rules.points(high, Decimal(10), Decimal(0))


@given(FIVE, st.integers(0, 100), st.integers(2, 9))
def test_only_the_proportion_of_weights_counts_and_equal_points_give_that_total(weights, value, times):
    values = {key: Decimal(value) if key.endswith("a") else Decimal(100 - value) / 10 for key in everywhere(0)}
    one, more = rules.composite(scheme(weights), values), rules.composite(scheme([weight * times for weight in weights]), values)
    assert one.total == more.total == value and one.covered == 1


def test_what_has_no_figure_is_neither_nought_nor_guessed():
    values = everywhere(80)
    del values["warmth.a"], values["warmth.b"], values["digital.b"]
    found = rules.composite(scheme(), values)
    by_name = {row.dimension: row.points for row in found.dimensions}
    assert by_name[Dimension.WARMTH] is None and by_name[Dimension.DIGITAL] == 80 and by_name[Dimension.PERFORMANCE] == 88
    assert found.covered == Fraction(4, 5) and found.total == (88 * 3 + 80) / Fraction(4)
    assert rules.composite(scheme(), {}).total is None and rules.ranks({"a": None, "b": Fraction(1), "c": Fraction(1)}) == {"b": 1, "c": 1}


def test_an_order_that_hangs_on_the_weights_is_shown_to_hang_on_them():
    digital, warm = everywhere(50, 5), everywhere(50, 5)
    digital["digital.a"], warm["warmth.a"] = Decimal(90), Decimal(91)
    scores = {"甲": rules.composite(scheme(), digital), "乙": rules.composite(scheme(), warm)}
    up = next(one for one in rules.swings(scheme(), scores) if one.dimension is Dimension.DIGITAL and one.by > 0)
    assert up.moved == {"甲": (2, 1), "乙": (1, 2)}
    spreads = rules.spreads(scheme(), scores, tries=200)
    assert (spreads["甲"].best, spreads["甲"].worst) == (1, 2) and Fraction(2, 5) < spreads["甲"].kept < Fraction(3, 5)
    assert spreads == rules.spreads(scheme(), scores, tries=200), "the same draw every time"
    firm = {"甲": rules.composite(scheme(), everywhere(90)), "乙": rules.composite(scheme(), everywhere(10))}
    assert all(not one.moved for one in rules.swings(scheme(), firm)) and rules.spreads(scheme(), firm, tries=50)["甲"].kept == 1


def test_a_rush_at_the_end_is_seen_and_steady_work_is_not():
    assert not rules.jumps_at_the_end([Decimal(one) for one in range(30)])
    assert rules.jumps_at_the_end([Decimal(one) for one in [*range(10), 10, 10, 40]])
    assert not rules.jumps_at_the_end([Decimal(0), Decimal(90)]) and not rules.jumps_at_the_end([Decimal(5)] * 20)


def test_a_share_that_rises_because_fewer_are_counted_is_seen():
    pair = lambda part, whole: (Decimal(part), Decimal(whole))  # noqa: E731
    assert rules.shrinks(pair(80, 100), pair(79, 82), more_is_better=True)
    assert not rules.shrinks(pair(80, 100), pair(90, 101), more_is_better=True)
    assert not rules.shrinks(pair(80, 100), pair(40, 60), more_is_better=True), "a share that fell gained nothing"
    assert rules.shrinks(pair(10, 100), pair(1, 50), more_is_better=False)


@pytest.fixture
def month(transactional_db):
    hire(12)
    hire(2, division="330881")
    for case in Case.objects.filter(division="330802")[:6]:
        cases.rate(case, 5, "", actor=acting(an_officer()))
    moved()
    return Period.of(timezone.localdate(), Frequency.MONTHLY)


def kinds(period):
    return {(one.kind, one.key, one.division) for one in queries.doubts(queries.index(period, reader=WHOLE_CITY), reader=WHOLE_CITY)}


def test_the_index_of_a_month_is_traceable_and_its_doubts_are_named(month):
    found = queries.index(month, reader=WHOLE_CITY)
    assert found.counties["330802"].total is not None and found.counties["330825"].total is None
    assert found.ranks["330802"] == 1 and found.declared.weights[Dimension.WARMTH].sureness is Sureness.CONVENTION
    scored = {one.measure.key: one for row in found.counties["330802"].dimensions for one in row.measures}
    assert scored["service.rated_share"].value == 50 and scored["service.rated_share"].points == 100
    assert all(one.measure.key in known() for row in found.city.dimensions for one in row.measures)
    doubts = kinds(month)
    assert (Doubt.FEW, "relations.contracted", "330881") in doubts and (Doubt.FEW, "relations.contracted", "330802") not in doubts
    assert (Doubt.MISSING, "service.well_rated", "330881") in doubts


def test_a_rush_a_shrunken_base_a_differing_entry_and_a_restatement_are_doubted(month):
    Trail.objects.filter(indicator="service.in_time", division="330802").delete()
    for number in range(10):
        day = month.first + datetime.timedelta(days=number)
        Trail.objects.create(indicator="service.in_time", division="330802", day=day, value=Decimal(70 if number < 9 else 100))
    Figure.objects.create(indicator="service.in_time", division="330802", period=month.earlier().name, value=90, numerator=90,
                          denominator=100, origin="computed", source="", computed_at=timezone.now(), closed=True)
    entry = indicators.enter(indicator="service.in_time", division="330802", period=month.name, value="60", document="通报", actor=acting(an_officer(Role.OPERATOR)))
    indicators.confirm(entry.pk, actor=acting(an_officer(Role.REVIEWER)))
    ledger.record("indicators.restate", "", {"indicator": "service.in_time", "period": "2026-09", "before": {"330802": "1"}, "figures": {"330802": "2"}})
    assert {kind for kind, key, code in kinds(month) if key == "service.in_time" and code == "330802"} >= {
        Doubt.JUMP, Doubt.DENOMINATOR, Doubt.ENTERED, Doubt.RESTATED,
    }


def test_a_weight_counts_from_its_day_once_another_officer_confirmed_it(month):
    operator, reviewer = signed_in(an_officer(Role.OPERATOR)), signed_in(an_officer(Role.REVIEWER))
    given_ = {"deed": "enter", "dimension": "warmth", "value": "40", "valid_from": month.first.isoformat(), "document": "衢人社〔2026〕3号"}
    for wrong in ({"value": "101"}, {"value": "高"}, {"document": ""}, {"dimension": "luck"}, {"valid_from": "soon"}):
        assert operator.post("/cockpit/index", {**given_, **wrong}).status_code == 422
    assert operator.post("/cockpit/index", given_).status_code == 302
    number = queries.entries()[0].pk
    assert operator.post("/cockpit/index", {"deed": "confirm", "entry": number}).status_code == 422
    assert queries.index(month, reader=WHOLE_CITY).declared.scheme.weights[Dimension.WARMTH] == 20
    assert reviewer.post("/cockpit/index", {"deed": "confirm", "entry": number}).status_code == 302
    assert queries.index(month, reader=WHOLE_CITY).declared.scheme.weights[Dimension.WARMTH] == 40
    assert queries.index(month.earlier(), reader=WHOLE_CITY).declared.scheme.weights[Dimension.WARMTH] == 20, "earlier months keep their weights"
    assert signed_in(an_officer(Role.LEADER)).post("/cockpit/index", given_).status_code == 422
    actions.withdraw(number, actor=acting(an_officer(Role.OPERATOR)))
    with pytest.raises(Refused, match="已撤回"):
        actions.confirm(number, actor=acting(an_officer(Role.REVIEWER)))
    assert queries.index(month, reader=WHOLE_CITY).declared.scheme.weights[Dimension.WARMTH] == 20


def test_leaders_read_it_by_page_and_programs_by_api(month):
    leader = signed_in(an_officer(Role.LEADER))
    page = leader.get("/cockpit/index?division=330802").content.decode()
    assert "平台约定，待文件" in page and "柯城区：每一分从哪里来" in page and "待填报" in page and "样本太少" in page
    assert "这是试算" in leader.get("/cockpit/index?w_warmth=60&w_digital=x").content.decode()
    assert leader.get("/cockpit/index?export=1").content[:2] == b"PK"
    assert leader.get("/cockpit/index?period=2026").status_code == leader.get("/cockpit/index?period=2999-01").status_code == 404
    answer = leader.get("/api/v1/development-index").json()
    first = next(one for one in answer["counties"] if one["division"] == "330802")
    assert first["rank"] == 1 and answer["weights"]["warmth"]["sureness"] == "平台约定，待文件" and answer["doubts"]
    measure = next(one for row in first["dimensions"] for one in row["measures"] if one["indicator"] == "relations.contracted")
    rows = leader.get(f"/api/v1/indicators/{measure['indicator']}/rows?division=330802").json()
    assert rows["count"] == 12 and len(rows["rows"][0]) == len(rows["titles"])
    assert leader.get("/api/v1/indicators/employment.staff?division=330881").json()["latest"]["value"] == "2"
    assert {one["key"] for one in leader.get("/api/v1/indicators").json()} == set(known())
    assert signed_in(an_officer(Role.CLERK)).get("/api/v1/indicators").status_code == 403
    assert leader.get("/api/v1/indicators/no.such").status_code == 404
    assert signed_in(an_officer(Role.LEADER, division="330881")).get("/api/v1/indicators/employment.staff/rows?division=330802").status_code == 403
