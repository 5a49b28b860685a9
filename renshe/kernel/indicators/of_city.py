"""The indicators of the columnar city, by field of work. They have figures once the city's tables are there."""

from typing import Any

import polars as pl

from renshe.kernel.frames import reading
from renshe.kernel.frames.catalogue import table as declared
from renshe.kernel.indicators import of_frames
from renshe.kernel.indicators.declaration import Indicator
from renshe.kernel.indicators.of_frames import (
    WAN_YUAN,
    counted,
    listed,
    month_of,
    placed,
    ratio,
    shared,
    speaks_of,
    summed,
)
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.terms import Frequency, Sense, Theme

IN_WORK = ("enterprise", "institution", "civil", "flexible", "gig", "gig_resident", "site_worker")
PERSON = {"person": "人员序号", "birth_month": "出生年月", "status": "状态", "scheme": "养老制度"}
MOST_WAN, MOST_FEN = 4, 4_000_000  # no base, pension or site wage of a month is more: a record stays inside a tenth of a step
SENIOR, HIGHLY_SKILLED = ("1", "2"), ("1", "2", "3")


def persons(condition: pl.Expr) -> of_frames.Source:
    """Persons of whom something is so."""
    return lambda period: reading.scan("persons").filter(condition)


def talents(condition: pl.Expr) -> of_frames.Source:
    """Talents of whom something is so, with the county they live in."""
    return lambda period: placed("talents", "talent", "title", "skill", "year").filter(condition)


def disputes(kind: str) -> of_frames.Source:
    """Disputes of a kind opened within the year up to the end of the period."""
    return lambda period: reading.scan("disputes").filter(
        pl.col("kind") == kind, pl.col("opened_month") <= month_of(period), pl.col("opened_month") > month_of(period) - of_frames.MONTHS
    )


def paid_in(period: Period) -> pl.LazyFrame:
    """Contributions of the month."""
    base = reading.scan("contributions").filter(pl.col("month") == month_of(period))
    return base.join(reading.scan("persons", ["person", "county"]), on="person")


def pensions_due(period: Period) -> pl.LazyFrame:
    """Pensions that run in the month and are not suspended."""
    month = month_of(period)
    held = (pl.col("suspended_from") <= month) & (pl.col("suspended_until").is_null() | (pl.col("suspended_until") > month))
    return placed("pensions", "scheme", "since", "paid_until", "amount", "suspended_from", "suspended_until").filter(
        pl.col("since") <= month, pl.col("paid_until") >= month, ~held.fill_null(False)
    )


def taken_on(period: Period) -> pl.LazyFrame:
    """Spells that count as new urban employment and began within the year."""
    year = period.first.year * of_frames.MONTHS
    return placed("spells", "start", "new_employment", "wage").filter(
        pl.col("new_employment"), pl.col("start") >= year, pl.col("start") <= month_of(period)
    )


def site_wages(period: Period) -> pl.LazyFrame:
    """Wages of site workers for the year up to the end of the period, by the county of the site."""
    sites = reading.scan("sites", ["site", "county"])
    months = pl.col("month").is_between(month_of(period) - of_frames.MONTHS + 1, month_of(period))
    return reading.scan("attendance").filter(months).join(sites, on="site")


def _one(key: str, label: str, unit: str, theme: Theme, definition: str, tables: tuple[str, ...], *, dated: bool = False, **more: Any) -> Indicator:
    frequency = more.pop("frequency", Frequency.MONTHLY)
    names = "、".join(declared(table).label for table in tables)
    return Indicator(
        key, label, unit, theme, definition, f"列式全市数据：{names}", frequency=frequency, frames=tables, period=speaks_of(frequency),
        dated=dated, **more,
    )


def _persons(key: str, label: str, theme: Theme, definition: str, condition: pl.Expr, rank: int, **more: Any) -> Indicator:
    source = persons(condition)
    return _one(key, label, "人", theme, definition, ("persons", "contributions"), compute=counted(source),
                rows=listed(source, PERSON, ("birth_month",)), rank=rank, **more)


def _talents(key: str, label: str, definition: str, condition: pl.Expr, rank: int) -> Indicator:
    source = talents(condition)
    rows = listed(source, {"person": "人员序号", "talent": "类别", "title": "职称级别", "skill": "技能等级", "year": "取得年份"})
    return _one(key, label, "人", Theme.TALENT, definition, ("talents", "persons", "contributions"), compute=counted(source), rows=rows, rank=rank)


def _disputes(key: str, label: str, definition: str, kind: str, done: pl.Expr, rank: int) -> Indicator:
    source = disputes(kind)
    rows = listed(source, {"dispute": "案件序号", "employer": "单位序号", "opened_month": "受理", "closed_month": "办结", "settled": "调解成功"},
                  ("opened_month", "closed_month"))
    return _one(key, label, "%", Theme.RELATIONS, definition, ("disputes", "contributions"), compute=shared(source, done), rows=rows, rank=rank,
                per=100, places=1, is_share=True, sense=Sense.FLOOR)


STATUS, IN = pl.col("status"), pl.col("scheme").is_not_null()
LABOUR = persons(STATUS.is_in([*IN_WORK, "jobless"]))
STATUTORY = persons(pl.col("statutory"))
CLOSED = pl.col("closed_month").is_not_null()
INDICATORS = (
    _one("employment.new", "城镇新增就业", "人", Theme.EMPLOYMENT, "当年起至期末开始、计入城镇新增就业的就业经历数。",
         ("spells", "persons", "contributions"), frequency=Frequency.YEARLY, sense=Sense.YEARLY, dated=True, compute=counted(taken_on),
         rows=listed(taken_on, {"person": "人员序号", "start": "开始", "wage": "月工资（分）"}, ("start",)), rank=4),
    _persons("employment.at_work", "从业人员", Theme.EMPLOYMENT, "期末在业的人数：企业、事业和机关单位，灵活就业，新就业形态，工地。", STATUS.is_in(IN_WORK), 1),
    _persons("employment.jobless", "登记失业人员", Theme.EMPLOYMENT, "期末登记失业的人数。", STATUS == "jobless", 3, sense=Sense.CEILING),
    _one("employment.jobless_rate", "登记失业率", "%", Theme.EMPLOYMENT, "期末登记失业人数占在业与登记失业人数之和的比例。",
         ("persons", "contributions"), compute=shared(LABOUR, STATUS == "jobless"), rows=listed(LABOUR, PERSON, ("birth_month",)),
         per=100, places=2, is_share=True, rest_is_told=True, sense=Sense.CEILING, rank=2),
    _persons("insurance.covered", "基本养老保险参保", Theme.INSURANCE, "期末参加职工或城乡居民基本养老保险的人数。", IN, 1),
    _one("insurance.coverage", "养老保险参保率", "%", Theme.INSURANCE, "期末法定应参加养老保险人员中已参保的占比。",
         ("persons", "contributions"), compute=shared(STATUTORY, IN), rows=listed(STATUTORY, PERSON, ("birth_month",)), per=100, places=1,
         is_share=True, sense=Sense.FLOOR, rank=2),
    _persons("insurance.jobless_covered", "失业保险参保（全市）", Theme.INSURANCE, "期末参加失业保险的人数。", pl.col("unemployment"), 3),
    _persons("insurance.injury_covered", "工伤保险参保（全市）", Theme.INSURANCE, "期末参加工伤保险的人数。", pl.col("injury"), 4),
    _talents("talent.professionals", "专业技术人才", "期末专业技术人才总量。", pl.col("talent") == "professional", 1),
    _talents("talent.senior", "高级职称人才", "期末具有正高、副高级职称的人数。", pl.col("title").is_in(SENIOR), 2),
    _talents("talent.skilled", "技能人才", "期末持有技能等级的人数。", pl.col("skill").is_not_null(), 3),
    _talents("talent.highly_skilled", "高技能人才", "期末高级工、技师、高级技师人数。", pl.col("skill").is_in(HIGHLY_SKILLED), 4),
    _disputes("relations.mediated", "劳动争议调解成功率", "近十二个月受理的调解案件中调解成功的占比。", "mediation", pl.col("settled"), 1),
    _disputes("relations.arbitrated", "仲裁结案率", "近十二个月受理的仲裁案件中已结案的占比。", "arbitration", CLOSED, 2),
    _disputes("relations.inspected", "监察举报投诉结案率", "近十二个月受理的举报投诉中已结案的占比。", "inspection", CLOSED, 3),
    _one("relations.site_wages", "工地工资足额发放率", "%", Theme.RELATIONS, "近十二个月工地应发工资中实发的占比。", ("attendance", "sites", "contributions"),
         compute=ratio(site_wages, "paid", "due"), grain=(MOST_FEN, MOST_FEN), per=100, places=1, is_share=True, sense=Sense.FLOOR, rank=4,
         rows=listed(site_wages, {"person": "人员序号", "site": "项目序号", "month": "月份", "due": "应发（分）", "paid": "实发（分）"}, ("month",))),
    _one("fund.bases", "职工养老缴费基数", "万元/月", Theme.FUND, "当月缴费基数合计。基金收支以财务账为准，此数只说明征缴的基础。",
         ("contributions", "persons"), compute=summed(paid_in, "base", WAN_YUAN), grain=(MOST_WAN, 1), dated=True, rank=1,
         rows=listed(paid_in, {"person": "人员序号", "month": "月份", "base": "基数（分）"}, ("month",))),
    _one("fund.payers", "职工养老缴费人数", "人", Theme.FUND, "当月缴费的人数。", ("contributions", "persons"), compute=counted(paid_in), dated=True, rank=2,
         rows=listed(paid_in, {"person": "人员序号", "month": "月份", "base": "基数（分）"}, ("month",))),
    _one("fund.pensions", "应发养老金", "万元/月", Theme.FUND, "当月应发的职工和城乡居民养老金合计，不含暂停发放的。",
         ("pensions", "persons", "contributions"), compute=summed(pensions_due, "amount", WAN_YUAN), grain=(MOST_WAN, 1), rank=3,
         rows=listed(pensions_due, {"person": "人员序号", "scheme": "制度", "since": "起", "amount": "月养老金（分）"}, ("since",))),
    _one("fund.pensioners", "领取养老金人数", "人", Theme.FUND, "当月应发养老金的人数。", ("pensions", "persons", "contributions"),
         compute=counted(pensions_due), rank=4,
         rows=listed(pensions_due, {"person": "人员序号", "scheme": "制度", "since": "起", "amount": "月养老金（分）"}, ("since",))),
)
