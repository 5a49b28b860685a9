"""Figures in force, their daily trail, entries with their document, and how fresh each indicator is."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models

from renshe.kernel.indicators.terms import Origin
from renshe.kernel.store import ids


class Told(models.Model):
    """A value, and what is told of it to those who may not see the records behind it.

    `step` is the step it was told by, empty while that is not worked out; without `low` and `high` nothing is told.
    """

    value = models.DecimalField("数值", max_digits=24, decimal_places=6)
    numerator = models.DecimalField("分子", max_digits=24, decimal_places=6, null=True)
    denominator = models.DecimalField("分母", max_digits=24, decimal_places=6, null=True)
    low = models.DecimalField("公布下限", max_digits=24, decimal_places=6, null=True)
    high = models.DecimalField("公布上限", max_digits=24, decimal_places=6, null=True)
    step = models.PositiveIntegerField("公布步长", null=True)
    is_rough = False

    class Meta:
        abstract = True

    def roughly(self) -> Self:
        """The same without what an outsider may not know: the middle of its step, no parts."""
        assert self.low is not None and self.high is not None
        self.value, self.numerator, self.denominator, self.is_rough = (self.low + self.high) / Decimal(2), None, None, True
        return self


class Figure(Told):
    """What an indicator reads for a division and a period. The value is exact; a share keeps both its parts."""

    data_classes = {
        1: "id indicator division period low high step origin source document computed_at closed",
        2: "value numerator denominator",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    indicator = models.CharField("指标", max_length=80)
    division = models.CharField("区划", max_length=12)
    period = models.CharField("统计期", max_length=7)
    origin = models.CharField("来源方式", max_length=10, choices=Origin.choices())
    source = models.CharField("来源", max_length=300)
    document = models.CharField("依据文件", max_length=200, blank=True)
    computed_at = models.DateTimeField("得出时间")
    closed = models.BooleanField("已结账", default=False)

    class Meta:
        verbose_name = "指标数值"
        constraints = [models.UniqueConstraint(fields=["indicator", "division", "period"], name="figure_once")]
        indexes = [models.Index(fields=["division", "indicator", "-period"], name="figure_latest")]


class Trail(Told):
    """What a figure last read on a day: the course of a period not yet over, and the evidence of sudden jumps."""

    data_classes = {1: "id indicator division day low high step", 2: "value numerator denominator"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    indicator = models.CharField("指标", max_length=80)
    division = models.CharField("区划", max_length=12)
    day = models.DateField("日期")

    class Meta:
        verbose_name = "指标逐日轨迹"
        constraints = [models.UniqueConstraint(fields=["indicator", "division", "day"], name="trail_once")]


class FigureEntry(models.Model):
    """A figure an officer enters with its document. It stands once somebody else confirmed it."""

    data_classes = {
        1: "id indicator division period value document",
        2: "entered_by entered_at confirmed_by confirmed_at withdrawn_at",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    indicator = models.CharField("指标", max_length=80)
    division = models.CharField("区划", max_length=12)
    period = models.CharField("统计期", max_length=7)
    value = models.DecimalField("数值", max_digits=24, decimal_places=6)
    document = models.CharField("依据文件", max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    entered_at = models.DateTimeField("填报时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="复核人"
    )
    confirmed_at = models.DateTimeField("复核时间", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "指标填报"
        indexes = [models.Index(fields=["indicator", "division", "period"], name="entry_of_figure")]


class Freshness(models.Model):
    """Up to which ledger entry and which day an indicator was computed, and what that cost."""

    data_classes = {1: "indicator position frames day at took_ms fault"}

    indicator = models.CharField("指标", max_length=80, primary_key=True)
    position = models.BigIntegerField("账本位置")
    frames = models.CharField("列式数据版本", max_length=200, blank=True, default="")
    day = models.DateField("统计日")
    at = models.DateTimeField("更新时间")
    took_ms = models.PositiveIntegerField("用时（毫秒）")
    fault = models.CharField("失败原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "指标更新情况"
