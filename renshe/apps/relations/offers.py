"""What labour relations give the platform: steps of journeys, and indicators."""

import polars as pl

from renshe.apps.relations import indicators
from renshe.apps.relations.actions import End, File
from renshe.kernel.sweeps.facts import MONTHLY, Reading, Swept

FILE = File()
END = End()
INDICATORS = indicators.INDICATORS
READINGS = (Reading("paid_month", "wage", ("minimum_wage",)), Reading("date", "", ("minimum_wage",)))
SWEPT = (
    Swept(
        "minimum_wage", "在世、有现申报工资的人", pl.col("died_month").is_null() & pl.col("wage").is_not_null(), ("died_month", "wage"),
        "month_gap", MONTHLY,
    ),
)
