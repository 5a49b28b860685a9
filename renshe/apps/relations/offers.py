"""What labour relations give the platform: steps of journeys, and indicators."""

import polars as pl

from renshe.apps.relations import indicators
from renshe.apps.relations.actions import End, File
from renshe.apps.relations.models import LabourContract
from renshe.kernel.cases.erasures import Erasable
from renshe.kernel.sweeps.facts import MONTHLY, Reading, Swept

FILE = File()
END = End()
INDICATORS = indicators.INDICATORS
ERASABLE = (
    Erasable(
        "contracts", "劳动合同备案", (LabourContract,), lambda pk: LabourContract.objects.filter(person_id=pk).count(),
        "备案档案的保管期限表尚未取得，取得以前不删除", "个人信息保护法 第四十七条第二款",
        used=lambda pk: LabourContract.objects.filter(person_id=pk, ended_on=None).exists(),
    ),
)
READINGS = (Reading("paid_month", "wage", ("minimum_wage",)), Reading("date", "", ("minimum_wage",)))
SWEPT = (
    Swept(
        "minimum_wage", "在世、有现申报工资的人", pl.col("died_month").is_null() & pl.col("wage").is_not_null(), ("died_month", "wage"),
        "month_gap", MONTHLY,
    ),
)
